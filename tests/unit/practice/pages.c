/* SPDX-License-Identifier: MIT */
#include "practice/pages.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "practice/answer.h"
#include "practice/store.h"

#include "check.h"

static struct store *
store_of_one(struct store_contact **contact)
{
	struct err err = ERR_INIT;
	struct store *store = store_open(NULL, 1, &err);

	*contact = store_new(store, "agent@example.com", NULL);
	store_set(*contact, SERVICE_EXTERNAL_ID, "a&b", false);
	store_set(
	    *contact, SERVICE_FIRST_NAME, "<script>alert('x')</script>", false);
	store_set(*contact, SERVICE_LAST_NAME, "O\"Brien", false);
	store_set(*contact, SERVICE_ZIP, "95811", false);
	REQUIRE(store_save(store, *contact, &err));
	return store;
}

static void
get(const struct store *store, struct page_request request, int status,
    struct answer *answer)
{
	answer_init(answer);
	pages_answer(store, &request, answer);
	CHECK_INT(answer->status, status);
	CHECK(!answer->body.cut);
}

static bool
shows(const struct answer *answer, const char *text)
{
	return strstr(answer->body.data, text) != NULL;
}

TEST(pages_escape_what_could_be_markup)
{
	struct str out;

	str_init(&out, 256);
	pages_escape(&out, "a<b>&\"c'é");
	CHECK_TEXT(out.data, "a&lt;b&gt;&amp;&quot;c&#39;é");
	str_release(&out);
}

TEST(pages_quote_prefills_the_zip_and_asks_for_the_county)
{
	struct store_contact *contact;
	struct store *store = store_of_one(&contact);
	struct answer answer;
	struct str path;

	str_init(&path, 128);
	str_addf(&path, "/quote/%s", contact->slug);
	get(store, (struct page_request){.path = path.data}, 200, &answer);
	CHECK(shows(&answer, "value=\"95811\""));
	CHECK(shows(&answer, "name=\"county\" required"));
	CHECK(shows(&answer, "<option value=\"Sacramento\">"));
	CHECK(shows(&answer, "Quote for &lt;script&gt;alert(&#39;x&#39;)"));
	CHECK(shows(&answer, "O&quot;Brien"));
	CHECK(!shows(&answer, "<script"));
	answer_release(&answer);

	get(store,
	    (struct page_request){
		.path = path.data, .zip = "\"><b>", .county = "<i>Yolo"},
	    200, &answer);
	CHECK(shows(&answer, "&lt;i&gt;Yolo"));
	CHECK(shows(&answer, "&quot;&gt;&lt;b&gt;"));
	CHECK(shows(&answer, "Practice Advantage HMO"));
	CHECK(!shows(&answer, "<i>"));
	answer_release(&answer);
	str_release(&path);
	store_close(store);
}

TEST(pages_login_contacts_and_the_rest)
{
	struct store_contact *contact;
	struct store *store = store_of_one(&contact);
	struct answer answer;

	get(store, (struct page_request){.path = "/sessions/new"}, 200,
	    &answer);
	CHECK(shows(&answer, "name=\"email\""));
	CHECK(!shows(&answer, "type=\"password\""));
	answer_release(&answer);
	get(store,
	    (struct page_request){.path = "/sessions/new", .email = "<a@b>"},
	    200, &answer);
	CHECK(shows(&answer, "&lt;a@b&gt;"));
	answer_release(&answer);
	get(store, (struct page_request){.path = "/contacts"}, 200, &answer);
	CHECK(shows(&answer, "<td>a&amp;b</td>"));
	CHECK(shows(&answer, contact->slug));
	answer_release(&answer);
	get(store, (struct page_request){.path = "/"}, 302, &answer);
	CHECK_TEXT(answer.location, "/sessions/new");
	answer_release(&answer);
	get(store, (struct page_request){.path = "/quote/none"}, 404, &answer);
	answer_release(&answer);
	get(store, (struct page_request){.path = "/etc/passwd"}, 404, &answer);
	answer_release(&answer);
	store_close(store);
}
