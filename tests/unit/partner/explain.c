/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"
#include "base/url.h"
#include "check.h"
#include "partner/reply.h"

static void
explain(struct str *out, enum verb verb, int status, const char *body)
{
	static const struct url_policy pages = {.hosts = url_page_hosts};
	const struct transport transport = {
	    .answered = status != 0,
	    .body_started = true,
	    .complete = status != 0,
	    .status = status,
	    .retry_after_ms = 2500,
	};
	static struct reply reply;

	reply_read(&reply, verb, true, &transport, body, strlen(body), &pages);
	str_reset(out);
	reply_explain(out, &reply);
}

TEST(an_agent_is_told_what_to_do)
{
	static const struct {
		enum verb verb;
		int status;
		const char *body, *says, *advises;
	} cases[] = {
	    {VERB_CREATE, 401, "", "did not accept the key",
		"staging and production"},
	    {VERB_CREATE, 403, "", "does not let this agent",
		"agent_email is exactly the e-mail"},
	    {VERB_CREATE, 404, "{\"error\":{\"code\":\"not_found\"}}",
		"does not let this agent", "HealthSherpa login"},
	    {VERB_CREATE, 404, "", "no such address", "service.urls"},
	    {VERB_CREATE, 400,
		"{\"error\":{\"code\":\"invalid\",\"message\":\"must be a "
		"valid phone number\"}}",
		"(must be a valid phone number)", "must be 10 digits"},
	    {VERB_CREATE, 422, "{\"errors\":{\"medicare_number\":[\"bad\"]}}",
		"(medicare_number: bad)", "11 letters and digits"},
	    {VERB_UPDATE, 422, "{\"errors\":{\"external_id\":[\"differs\"]}}",
		"(external_id: differs)", "cannot be changed"},
	    {VERB_CREATE, 422, "{\"errors\":{\"shoe\":[\"big\"]}}",
		"(shoe: big)", "correct the value it names"},
	    {VERB_CREATE, 400,
		"{\"errors\":{\"external_id\":[\"can't be blank\"]}}",
		"can't be blank", "service.dialect.v2_body"},
	    {VERB_UPDATE, 400,
		"{\"error\":{\"code\":\"validation_error\","
		"\"message\":\"contact is required\"}}",
		"contact is required", "service.dialect.v2_body"},
	    {VERB_SEARCH, 422,
		"{\"error\":{\"code\":\"invalid_parameters\",\"message\":"
		"\"medicare_number, first_name, or last_name is required\"}}",
		"is required", "service.dialect.search_envelope"},
	    {VERB_CREATE, 400, "{\"errors\":{\"zip\":[\"is required\"]}}",
		"zip: is required", "5 digits"},
	    {VERB_CREATE, 413, "", "too large", "shorten"},
	    {VERB_CREATE, 302, "", "HTTP 302", "does not follow redirects"},
	    {VERB_CREATE, 407, "", "proxy", "https_proxy"},
	    {VERB_CREATE, 403, "{\"error\":\"insufficient_scope\"}",
		"does not cover contacts", "log in again"},
	    {VERB_CREATE, 401, "{\"error\":\"invalid_token\"}", "expired",
		"log in again"},
	    {VERB_CREATE, 429, "", "slow down", "for 3 s"},
	    {VERB_UPDATE, 404, "", "any more", "review"},
	    {VERB_CREATE, 500, "", "not known whether", "looks it up"},
	    {VERB_CREATE, 0, "", "not known whether", "looks it up"},
	    {VERB_SEARCH, 500, "", "no usable answer", "later"},
	    {VERB_SEARCH, 404, "{\"code\":\"not_found\"}", "nobody", ""},
	    {VERB_CREATE, 201,
		"{\"status\":\"partial_success\",\"contact\":{\"id\":\"x\"}}",
		"but not all", "on its page"},
	};
	struct str out;

	str_init(&out, 2000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		explain(&out, cases[i].verb, cases[i].status, cases[i].body);
		if (!CHECK(strstr(out.data, cases[i].says)) ||
		    !CHECK(strstr(out.data, cases[i].advises)))
			printf("#   %zu: %s\n", i, out.data);
	}
	str_release(&out);
}

TEST(who_has_a_login_hears_of_no_key)
{
	static const struct {
		int status;
		const char *body, *says, *advises;
	} cases[] = {
	    {401, "", "does not take the login", "'belay login -P maria'"},
	    {403, "", "your agency's application", "service.environment"},
	    {404,
		"{\"error\":{\"code\":\"not_found\",\"message\":\"No agent "
		"found for the authenticated user\"}}",
		"knows no agent for this login", "log in as the agent"},
	    {401, "{\"error\":\"invalid_token\"}", "expired",
		"'belay login -P maria'"},
	    {401, "{\"error\":\"login-ended\"}", "has ended",
		"'belay login -P maria', or L in the desk; what is to be sent "
		"waits"},
	    {422, "{\"errors\":{\"zip\":[\"bad\"]}}", "(zip: bad)", "5 digits"},
	};
	static const struct url_policy pages = {.hosts = url_page_hosts};
	static struct reply reply;
	struct str out;

	str_init(&out, 2000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct transport transport = {
		    .answered = true,
		    .body_started = true,
		    .complete = true,
		    .status = cases[i].status,
		    .retry_after_ms = -1,
		};

		reply_read(&reply, VERB_CREATE, false, &transport,
		    cases[i].body, strlen(cases[i].body), &pages);
		reply.has_login = true;
		str_copy(reply.profile, sizeof(reply.profile), "maria");
		str_reset(&out);
		reply_explain(&out, &reply);
		if (!CHECK(strstr(out.data, cases[i].says)) ||
		    !CHECK(strstr(out.data, cases[i].advises)) ||
		    !CHECK(!strstr(out.data, "key")) ||
		    !CHECK(!strstr(out.data, "agent_email")))
			printf("#   %zu: %s\n", i, out.data);
		reply_release(&reply);
	}
	str_release(&out);
}

TEST(every_kind_has_a_sentence_and_a_word)
{
	struct str out, clean;
	static struct reply reply;

	str_init(&out, 2000);
	str_init(&clean, 2000);
	for (int kind = 0; kind < REPLY_KIND_COUNT; kind++) {
		reply.kind = (enum reply_kind)kind;
		str_reset(&out);
		str_reset(&clean);
		reply_explain(&out, &reply);
		CHECK(out.len > 20);
		CHECK(out.data[out.len - 1] != '.');
		CHECK(!text_clean(&clean, out.data, out.len));
		CHECK(reply_kind_word(reply.kind) != NULL);
	}
	str_release(&out);
	str_release(&clean);
}

TEST(codes_of_failures_have_their_words)
{
	const char *code, *happened, *advice;
	size_t count = 0;

	for (; (code = reply_known_code(count)); count++) {
		REQUIRE(reply_explain_code(code, &happened, &advice));
		CHECK(*happened && *advice);
	}
	CHECK_INT(count, 15);
	CHECK(reply_explain_code("REFUSED", &happened, &advice));
	CHECK(!reply_explain_code("accepted", &happened, &advice));
	CHECK(!reply_explain_code("", &happened, &advice));
	CHECK(!reply_explain_code("none of them", &happened, &advice));
}
