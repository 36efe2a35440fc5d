/* SPDX-License-Identifier: MIT */
/*
 * HTML built by hand, so one rule holds it together: constants go through
 * str_add() and str_addf(), everything else through pages_escape().
 */
#include "practice/pages.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "practice/answer.h"
#include "practice/parameters.h"
#include "practice/lists.h"
#include "practice/oauth_server.h"
#include "practice/store.h"

#define TYPE_HTML "text/html; charset=utf-8"

enum { CONTACTS_SHOWN = 500 };

static const char page_style[] =
    "body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#1c2733;"
    "background:#f4f6f8}"
    "header{background:#12395b;color:#fff;padding:.7em 1.2em}"
    "header b{margin-right:1em}"
    "header span{background:#f2c14e;color:#1c2733;padding:.1em .6em;"
    "border-radius:1em;font-size:.85em}"
    "main{max-width:44em;margin:1.5em auto;padding:1.2em 1.6em;"
    "background:#fff;border:1px solid #d5dce3;border-radius:.5em}"
    "h1{font-size:1.4em;margin:.2em 0 .6em}"
    "h2{font-size:1.1em;margin:1.2em 0 .2em}"
    "label{display:block;margin:.8em 0 .2em;font-weight:600}"
    "input{font:inherit;padding:.35em .5em;width:18em;max-width:100%;"
    "border:1px solid #8a99a8;border-radius:.3em}"
    "button{font:inherit;margin-top:1.2em;padding:.45em 1.2em;border:0;"
    "border-radius:.3em;background:#12395b;color:#fff}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.3em .6em;border-bottom:1px solid #d5dce3}"
    ".note{color:#56636f;font-size:.9em}";

/* ZIP prefixes whose county the form can offer; others are typed. */
static const struct {
	const char *prefix;
	const char *counties; /* apart by '|' */
} county_table[] = {
    {"100", "New York"},
    {"331", "Miami-Dade|Broward"},
    {"606", "Cook"},
    {"770", "Harris|Fort Bend"},
    {"850", "Maricopa"},
    {"958", "Sacramento|Placer|Yolo"},
    {"968", "Honolulu"},
    {"981", "King|Snohomish"},
};

void
pages_escape(struct str *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&': str_add(out, "&amp;"); break;
		case '<': str_add(out, "&lt;"); break;
		case '>': str_add(out, "&gt;"); break;
		case '"': str_add(out, "&quot;"); break;
		case '\'': str_add(out, "&#39;"); break;
		default: str_add_char(out, *text);
		}
	}
}

static void
open_page(struct answer *answer, int status, const char *title)
{
	struct str *out = &answer->body;

	answer_start(answer, status, TYPE_HTML);
	str_add(out,
	    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	    "<meta name=\"viewport\" content=\"width=device-width\">"
	    "<title>");
	pages_escape(out, title);
	str_addf(
	    out, " - practice</title>\n<style>%s</style></head>\n", page_style);
	str_add(out,
	    "<body><header><b>Practice for Medicare</b><span>practice server: "
	    "made-up people only</span></header>\n<main><h1>");
	pages_escape(out, title);
	str_add(out, "</h1>\n");
}

static void
close_page(struct answer *answer)
{
	str_add(&answer->body, "</main></body></html>\n");
}

static void
not_found(struct answer *answer)
{
	open_page(answer, 404, "Not found");
	str_add(&answer->body,
	    "<p>There is no such page. The contact may belong to a practice "
	    "server that has ended.</p>\n");
	close_page(answer);
}

static void
login_page(const struct page_request *request, struct answer *answer)
{
	struct str *out = &answer->body;

	open_page(answer, 200, request->email ? "Logged in" : "Log in");
	if (request->email) {
		str_add(out, "<p>Logged in for practice as <b>");
		pages_escape(out, request->email);
		str_add(out, "</b>. Go back to belay, or see the <a "
			     "href=\"/contacts\">contacts</a>.</p>\n");
	} else {
		str_add(out,
		    "<form method=\"get\" action=\"/sessions/new\">"
		    "<label for=\"email\">E-mail</label>"
		    "<input id=\"email\" name=\"email\" type=\"email\" "
		    "required autocomplete=\"off\"><br>"
		    "<button>Log in</button></form>\n"
		    "<p class=\"note\">This stands for HealthSherpa's login. "
		    "No password is asked for: do not type a real one.</p>\n");
	}
	close_page(answer);
}

static void
add_hidden(struct str *out, const char *name, const char *value)
{
	str_addf(out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
	pages_escape(out, value);
	str_add(out, "\">");
}

void
pages_consent(const struct parameters *form, const char *agent_email,
    struct answer *answer)
{
	struct str *out = &answer->body;

	open_page(answer, 200, "Allow access");
	str_add(out, "<p>The application <b id=\"client\">");
	pages_escape(out, parameters_get(form, "client_id"));
	str_add(out, "</b> asks for access to your contacts: it wants to "
		     "search, create and update them (<code id=\"scope\">");
	pages_escape(out, parameters_get(form, "scope"));
	str_add(out, "</code>). The answer goes to <code>");
	pages_escape(out, parameters_get(form, "redirect_uri"));
	str_add(out, "</code>.</p>\n<form method=\"post\" "
		     "action=\"/oauth/authorize\">");
	for (size_t i = 0; oauth_parameters[i]; i++)
		if (parameters_get(form, oauth_parameters[i]))
			add_hidden(out, oauth_parameters[i],
			    parameters_get(form, oauth_parameters[i]));
	str_add(out, "<label for=\"agent_email\">Agent's e-mail</label>"
		     "<input id=\"agent_email\" name=\"agent_email\" "
		     "type=\"email\" required autocomplete=\"off\" value=\"");
	pages_escape(out, agent_email);
	str_add(out, "\"><br><button id=\"allow\" name=\"decision\" "
		     "value=\"allow\">Allow</button> "
		     "<button id=\"deny\" name=\"decision\" value=\"deny\" "
		     "formnovalidate>Deny</button></form>\n"
		     "<p class=\"note\">This stands for HealthSherpa's consent "
		     "page: whoever is named here is the agent whose contacts "
		     "the application sees.</p>\n");
	close_page(answer);
}

void
pages_refused(const char *problem, struct answer *answer)
{
	open_page(answer, 400, "Access cannot be given");
	str_add(&answer->body, "<p id=\"error\">");
	pages_escape(&answer->body, problem);
	str_add(&answer->body,
	    "</p>\n<p>Nothing was allowed. Begin again in belay; if this "
	    "comes back, compare its config with the practice server's "
	    "options.</p>\n");
	close_page(answer);
}

static void
add_cell(struct str *out, const char *text)
{
	str_add(out, "<td>");
	pages_escape(out, text ? text : "");
	str_add(out, "</td>");
}

static void
add_name(struct str *out, const struct store_contact *contact)
{
	const char *first = contact->values[SERVICE_FIRST_NAME];
	const char *last = contact->values[SERVICE_LAST_NAME];

	pages_escape(out, first ? first : "");
	str_add_char(out, ' ');
	pages_escape(out, last ? last : "");
}

static void
contacts_page(const struct store *store, struct answer *answer)
{
	struct str *out = &answer->body;
	size_t count = store_count(store);

	open_page(answer, 200, "Contacts");
	str_addf(out,
	    "<p>%zu contacts.</p>\n<table><tr><th>Name</th>"
	    "<th>CRM ID</th><th>State</th><th>ZIP</th><th>Drugs</th>"
	    "<th>Pharmacies</th><th>Providers</th><th></th></tr>\n",
	    count);
	for (size_t i = 0; i < count && i < CONTACTS_SHOWN; i++) {
		const struct store_contact *contact = store_at(
		    store, count - 1 - i);

		str_add(out, "<tr><td>");
		add_name(out, contact);
		str_add(out, "</td>");
		add_cell(out, contact->values[SERVICE_EXTERNAL_ID]);
		add_cell(out, contact->values[SERVICE_STATE]);
		add_cell(out, contact->values[SERVICE_ZIP]);
		for (int list = 0; list < SERVICE_LISTS; list++)
			str_addf(out, "<td>%zu</td>",
			    json_count(contact->lists[list]));
		str_addf(out, "<td><a href=\"/quote/%s\">quote</a></td></tr>\n",
		    contact->slug);
	}
	str_add(out, "</table>\n");
	close_page(answer);
}

/* The counties of a ZIP as options, if it is one of the table's. */
static void
add_counties(struct str *out, const char *zip)
{
	const char *counties = NULL;

	for (size_t i = 0; i < sizeof(county_table) / sizeof(*county_table);
	     i++)
		if (strncmp(county_table[i].prefix, zip, 3) == 0)
			counties = county_table[i].counties;
	if (!counties)
		return;
	str_add(out, "<datalist id=\"counties\">");
	while (*counties) {
		size_t len = strcspn(counties, "|");

		str_addf(out, "<option value=\"%.*s\">", (int)len, counties);
		counties += len + (counties[len] == '|');
	}
	str_add(out, "</datalist>");
}

static void
add_quote_form(struct str *out, const char *zip)
{
	str_add(out, "<form method=\"get\"><label for=\"zip\">ZIP code</label>"
		     "<input id=\"zip\" name=\"zip\" inputmode=\"numeric\" "
		     "pattern=\"[0-9]{5}\" required value=\"");
	pages_escape(out, zip);
	str_add(out, "\"><label for=\"county\">County (please confirm)</label>"
		     "<input id=\"county\" name=\"county\" required "
		     "list=\"counties\">");
	add_counties(out, zip);
	str_add(out, "<br><button>See plans</button></form>\n");
}

static void
add_plans(struct str *out, const struct page_request *request)
{
	static const char *const plans[][2] = {
	    {"Practice Advantage HMO", "$0.00"},
	    {"Practice Advantage PPO", "$24.00"},
	    {"Practice Rx", "$12.50"},
	};

	str_add(out, "<p>ZIP <b>");
	pages_escape(out, request->zip ? request->zip : "");
	str_add(out, "</b>, county <b>");
	pages_escape(out, request->county);
	str_add(out, "</b></p>\n<table><tr><th>Plan</th><th>Premium a month"
		     "</th></tr>\n");
	for (size_t i = 0; i < sizeof(plans) / sizeof(*plans); i++)
		str_addf(out, "<tr><td>%s</td><td>%s</td></tr>\n", plans[i][0],
		    plans[i][1]);
	str_add(out, "</table>\n<p class=\"note\">Made-up plans: this is where "
		     "HealthSherpa's quotes would stand.</p>\n");
}

/* What the contact takes and whom it sees, by name. */
static void
add_lists(struct str *out, const struct store_contact *contact)
{
	static const char *const titles[] = {[SERVICE_DRUGS] = "Drugs",
	    [SERVICE_PHARMACIES] = "Pharmacies",
	    [SERVICE_PROVIDERS] = "Providers"};

	for (int list = 0; list < SERVICE_LISTS; list++) {
		const struct json *item = json_first(contact->lists[list]);

		if (!item)
			continue;
		str_addf(out, "<h2>%s</h2>\n<ul>", titles[list]);
		for (; item; item = json_next(item)) {
			struct str name;

			str_init(&name, 1024);
			lists_item_name(&name, item);
			str_add(out, "<li>");
			pages_escape(out, name.data);
			str_add(out, "</li>");
			str_release(&name);
		}
		str_add(out, "</ul>\n");
	}
}

static void
quote_page(const struct store *store, const struct page_request *request,
    const char *slug, struct answer *answer)
{
	const struct store_contact *contact = store_by_slug(store, slug);
	struct str *out = &answer->body;
	struct str title;

	if (!contact) {
		not_found(answer);
		return;
	}
	str_init(&title, 1024);
	/* open_page() escapes the title as a whole. */
	str_addf(&title, "Quote for %s %s",
	    contact->values[SERVICE_FIRST_NAME]
		? contact->values[SERVICE_FIRST_NAME]
		: "",
	    contact->values[SERVICE_LAST_NAME]
		? contact->values[SERVICE_LAST_NAME]
		: "");
	open_page(answer, 200, title.data);
	str_release(&title);
	if (request->county && *request->county)
		add_plans(out, request);
	else
		add_quote_form(out, contact->values[SERVICE_ZIP]
					? contact->values[SERVICE_ZIP]
					: "");
	add_lists(out, contact);
	close_page(answer);
}

void
pages_answer(const struct store *store, const struct page_request *request,
    struct answer *answer)
{
	static const char quote[] = "/quote/";

	if (strcmp(request->path, "/") == 0) {
		answer_start(answer, 302, NULL);
		str_copy(answer->location, sizeof(answer->location),
		    "/sessions/new");
	} else if (strcmp(request->path, "/sessions/new") == 0) {
		login_page(request, answer);
	} else if (strcmp(request->path, "/contacts") == 0) {
		contacts_page(store, answer);
	} else if (str_starts(request->path, quote)) {
		quote_page(
		    store, request, request->path + sizeof(quote) - 1, answer);
	} else {
		not_found(answer);
	}
}
