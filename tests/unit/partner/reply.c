/* SPDX-License-Identifier: MIT */
#include "partner/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/url.h"
#include "check.h"

#define ID "7f3c0a52-9d1e-4b7a-8c55-0e6f1d2a3b4c"
#define PAGE "https://medicare.healthsherpa.com/clients/ada-sample"
#define ADA                                                     \
	"{\"id\":\"" ID                                         \
	"\",\"slug\":\"ada-sample\",\"external_id\":\"crm-1\"," \
	"\"first_name\":\"Ada\",\"last_name\":\"Sample\"}"

static const struct url_policy pages = {.hosts = url_page_hosts};

static struct reply reply; /* one a process: each test is its own */

static void
read_answer(enum verb verb, bool repeatable, int status, const char *body)
{
	const struct transport transport = {
	    .answered = true,
	    .body_started = true,
	    .complete = true,
	    .status = status,
	    .retry_after_ms = -1,
	};

	reply_release(&reply); /* of the answer before */
	reply_read(&reply, verb, repeatable, &transport, body,
	    body ? strlen(body) : 0, &pages);
}

struct answer {
	int status;
	enum reply_kind kind;
	const char *body; /* NULL: none */
	const char *id;   /* NULL: none */
	const char *code; /* NULL: not looked at */
	const char *field;
	const char *message;
};

#define WITH(status, body, kind, id)                     \
	{                                                \
		status, kind, body, id, NULL, NULL, NULL \
	}
#define IS(status, body, kind) WITH(status, body, kind, NULL)
#define SAYS(status, body, kind, code, field, message)         \
	{                                                      \
		status, kind, body, NULL, code, field, message \
	}

static void
check_answers(
    enum verb verb, bool repeatable, const struct answer *answers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct answer *answer = &answers[i];
		bool good;

		read_answer(verb, repeatable, answer->status, answer->body);
		good = CHECK_TEXT(
		    reply_kind_word(reply.kind), reply_kind_word(answer->kind));
		good &= CHECK_TEXT(
		    reply.contact.id, answer->id ? answer->id : "");
		if (answer->code)
			good &= CHECK_TEXT(reply.code, answer->code);
		if (answer->field)
			good &= CHECK_TEXT(reply.field, answer->field);
		if (answer->message)
			good &= CHECK_TEXT(reply.message, answer->message);
		good &= CHECK_INT(reply.http, answer->status);
		if (!good)
			printf("#   answer %zu: %d %.200s\n", i, answer->status,
			    answer->body ? answer->body : "(none)");
	}
}

#define CHECK_ANSWERS(verb, repeatable, answers) \
	check_answers(                           \
	    verb, repeatable, answers, sizeof(answers) / sizeof(*(answers)))

TEST(a_create_is_accepted_only_with_a_readable_id)
{
	static const struct answer answers[] = {
	    WITH(201, "{\"data\":{\"contact\":" ADA "}}", REPLY_ACCEPTED, ID),
	    WITH(200, "{\"data\":{\"contact\":" ADA "}}", REPLY_ACCEPTED, ID),
	    WITH(202, "{\"contact\":" ADA "}", REPLY_ACCEPTED, ID),
	    WITH(201, "{\"contact\":" ADA ",\"redirect_url\":null}",
		REPLY_ACCEPTED, ID),
	    WITH(201, "{\"data\":" ADA "}", REPLY_ACCEPTED, ID),
	    WITH(201, "{\"contact\":" ADA ",\"data\":{}}", REPLY_ACCEPTED, ID),
	    WITH(201, "{\"contact\":{\"id\":12345678901234567890}}",
		REPLY_ACCEPTED, "12345678901234567890"),
	    IS(201, NULL, REPLY_UNKNOWN),
	    IS(204, NULL, REPLY_UNKNOWN),
	    IS(201, "", REPLY_UNKNOWN),
	    IS(201, "{}", REPLY_UNKNOWN),
	    IS(201, "null", REPLY_UNKNOWN),
	    IS(201, "[]", REPLY_UNKNOWN),
	    IS(201, "[" ADA "]", REPLY_UNKNOWN),
	    IS(201, "\"" ID "\"", REPLY_UNKNOWN),
	    IS(200, "<html>Welcome to the hotel</html>", REPLY_UNKNOWN),
	    IS(201, "{\"data\":{\"contact\":" ADA "}", REPLY_UNKNOWN),
	    IS(201, "{\"data\":{\"contact\":" ADA "}} x", REPLY_UNKNOWN),
	    IS(201, "{\"data\":{\"contact\":null}}", REPLY_UNKNOWN),
	    IS(201, "{\"data\":{\"contact\":{}}}", REPLY_UNKNOWN),
	    IS(201, "{\"data\":{\"contact\":{\"id\":null}}}", REPLY_UNKNOWN),
	    IS(201, "{\"data\":{\"contact\":{\"id\":\"\"}}}", REPLY_UNKNOWN),
	    IS(201, "{\"data\":{\"contact\":{\"id\":true}}}", REPLY_UNKNOWN),
	    IS(201, "{\"data\":{\"contact\":{\"id\":{\"a\":1}}}}",
		REPLY_UNKNOWN),
	    IS(201, "{\"data\":{\"contact\":{\"id\":\"a b\"}}}", REPLY_UNKNOWN),
	    IS(201, "{\"data\":{\"contact\":{\"id\":\"a\\nb\"}}}",
		REPLY_UNKNOWN),
	    IS(201, "{\"data\":{\"contact\":{\"id\":\"..\"}}}", REPLY_UNKNOWN),
	    IS(201, "{\"data\":{\"contact\":{\"id\":\"a\\u0000b\"}}}",
		REPLY_UNKNOWN),
	    IS(201, "{\"data\":{\"contact\":{\"ID\":\"a\"}}}", REPLY_UNKNOWN),
	    IS(201, "{\"data\":{\"contact\":{\"id\":\"a\",\"id\":\"b\"}}}",
		REPLY_UNKNOWN),
	    SAYS(200, "{\"error\":{\"code\":\"odd\",\"message\":\"well\"}}",
		REPLY_UNKNOWN, "odd", "", "well"),
	};

	CHECK_ANSWERS(VERB_CREATE, true, answers);
}

TEST(a_create_refused_is_told_from_a_create_in_doubt)
{
	static const struct answer answers[] = {
	    IS(301, NULL, REPLY_REFUSED),
	    IS(302, "{\"data\":{\"contact\":" ADA "}}", REPLY_REFUSED),
	    SAYS(307, NULL, REPLY_REFUSED, "", "", "HTTP 307"),
	    SAYS(400, NULL, REPLY_REFUSED, "", "", "HTTP 400"),
	    IS(401, NULL, REPLY_UNAUTHORISED),
	    IS(402, NULL, REPLY_REFUSED),
	    SAYS(403, "<html>", REPLY_FORBIDDEN, "", "", "HTTP 403"),
	    SAYS(404,
		"{\"error\":{\"code\":\"not_found\",\"message\":\"Agent not "
		"found\"}}",
		REPLY_FORBIDDEN, "not_found", NULL, NULL),
	    IS(404, NULL, REPLY_REFUSED),
	    IS(404, "<h1>nginx</h1>", REPLY_REFUSED),
	    IS(407, NULL, REPLY_REFUSED),
	    IS(408, NULL, REPLY_UNKNOWN),
	    SAYS(409, "{\"message\":\"external_id taken\"}",
		REPLY_UNPROCESSABLE, "", "external_id", NULL),
	    IS(410, NULL, REPLY_REFUSED),
	    IS(413, NULL, REPLY_REFUSED),
	    IS(415, NULL, REPLY_REFUSED),
	    IS(422, "{\"error\":{\"code\":\"not_found\",\"message\":\"x\"}}",
		REPLY_UNPROCESSABLE),
	    IS(422,
		"{\"error\":{\"code\":\"taken\",\"message\":\"belongs to "
		"another agent\"}}",
		REPLY_UNPROCESSABLE),
	    IS(422,
		"{\"error\":{\"code\":\"invalid\",\"message\":\"agent_email "
		"is unknown\"}}",
		REPLY_FORBIDDEN),
	    IS(429, NULL, REPLY_SLOW_DOWN),
	    IS(500, NULL, REPLY_UNKNOWN),
	    IS(501, NULL, REPLY_UNKNOWN),
	    SAYS(502, "<html>bad gateway</html>", REPLY_UNKNOWN, "", "",
		"HTTP 502"),
	    SAYS(503, "{\"message\":\"maintenance\"}", REPLY_UNKNOWN, "", "",
		"maintenance"),
	    IS(504, NULL, REPLY_UNKNOWN),
	    IS(520, NULL, REPLY_UNKNOWN),
	    IS(524, NULL, REPLY_UNKNOWN),
	    IS(599, NULL, REPLY_UNKNOWN),
	    IS(999, NULL, REPLY_UNKNOWN),
	};

	CHECK_ANSWERS(VERB_CREATE, true, answers);
}

TEST(a_create_is_told_that_it_is_taken)
{
	static const struct {
		enum verb verb;
		int status;
		const char *body;
		bool taken;
	} all[] = {
	    {VERB_CREATE, 422,
		"{\"errors\":{\"external_id\":[\"has already been taken\"]}}",
		true},
	    {VERB_CREATE, 422,
		"{\"error\":{\"code\":\"duplicate_contact\",\"message\":\"no\"}"
		"}",
		true},
	    {VERB_CREATE, 422, "{\"message\":\"This contact EXISTS\"}", true},
	    {VERB_CREATE, 422,
		"{\"errors\":{\"medicare_number\":[\"must be unique\"]}}",
		true},
	    {VERB_CREATE, 409, NULL, true},
	    {VERB_CREATE, 422, NULL, false},
	    {VERB_CREATE, 422,
		"{\"errors\":{\"external_id\":[\"is too long\"]}}", false},
	    {VERB_CREATE, 422,
		"{\"errors\":{\"birth_date\":[\"is in the future already\"]}}",
		false},
	    {VERB_CREATE, 422, "{\"message\":\"zip does not exist\"}", false},
	    {VERB_CREATE, 400, "{\"message\":\"already taken\"}", false},
	    {VERB_UPDATE, 422,
		"{\"errors\":{\"external_id\":[\"has already been taken\"]}}",
		false},
	};

	for (unsigned i = 0; i < sizeof(all) / sizeof(*all); i++) {
		read_answer(all[i].verb, true, all[i].status, all[i].body);
		if (!CHECK_INT(reply.taken, all[i].taken))
			printf("#   answer %u\n", i);
	}
}

TEST(an_update_needs_no_body_and_may_be_gone)
{
	static const struct answer answers[] = {
	    IS(204, NULL, REPLY_ACCEPTED),
	    IS(200, NULL, REPLY_ACCEPTED),
	    IS(200, "{}", REPLY_ACCEPTED),
	    WITH(200, "{\"data\":{\"contact\":" ADA "}}", REPLY_ACCEPTED, ID),
	    WITH(200, "{\"contact\":" ADA "}", REPLY_ACCEPTED, ID),
	    IS(200, "{\"data\":null}", REPLY_ACCEPTED),
	    IS(200, "<html>", REPLY_RETRY),
	    IS(200, "[]", REPLY_RETRY),
	    SAYS(200, "{\"error\":{\"code\":\"odd\",\"message\":\"no\"}}",
		REPLY_REFUSED, "odd", "", "no"),
	    IS(404, NULL, REPLY_GONE),
	    IS(404,
		"{\"error\":{\"code\":\"not_found\",\"message\":\"Contact "
		"not found for this agent\"}}",
		REPLY_GONE),
	    IS(404, "{\"error\":{\"code\":\"agent_not_found\"}}",
		REPLY_FORBIDDEN),
	    IS(410, NULL, REPLY_GONE),
	    IS(422, NULL, REPLY_UNPROCESSABLE),
	    IS(408, NULL, REPLY_RETRY),
	    IS(500, NULL, REPLY_RETRY),
	    IS(429, NULL, REPLY_SLOW_DOWN),
	};
	static const struct answer with_notes[] = {
	    IS(204, NULL, REPLY_ACCEPTED),
	    IS(200, "<html>", REPLY_UNKNOWN),
	    IS(408, NULL, REPLY_UNKNOWN),
	    IS(502, NULL, REPLY_UNKNOWN),
	    IS(422, NULL, REPLY_UNPROCESSABLE),
	};

	CHECK_ANSWERS(VERB_UPDATE, true, answers);
	CHECK_ANSWERS(VERB_UPDATE, false, with_notes);
}

TEST(a_search_says_none_only_when_it_is_sure)
{
	static const struct answer answers[] = {
	    WITH(200, "{\"data\":{\"contact\":" ADA "}}", REPLY_FOUND, ID),
	    WITH(200, "{\"contact\":" ADA "}", REPLY_FOUND, ID),
	    WITH(200, "{\"data\":" ADA "}", REPLY_FOUND, ID),
	    WITH(200, ADA, REPLY_FOUND, ID),
	    WITH(201, "{\"contact\":" ADA "}", REPLY_FOUND, ID),
	    IS(200, "{\"data\":{\"contact\":null,\"redirect_url\":null}}",
		REPLY_NONE),
	    IS(200, "{\"contact\":null,\"redirect_url\":null}", REPLY_NONE),
	    IS(200, "{\"data\":{\"contact\":{}}}", REPLY_NONE),
	    IS(200, "{\"data\":{}}", REPLY_NONE),
	    IS(200, "{\"data\":null}", REPLY_NONE),
	    IS(200, "{\"data\":{\"redirect_url\":\"" PAGE "\"}}", REPLY_NONE),
	    IS(200, "{}", REPLY_NONE),
	    IS(204, NULL, REPLY_NONE),
	    SAYS(404,
		"{\"error\":{\"code\":\"not_found\",\"message\":\"none\"}}",
		REPLY_NONE, "not_found", "", "none"),
	    IS(404, "{\"error\":{\"code\":\"resource_not_found\"}}",
		REPLY_NONE),
	    IS(404, "{\"error\":\"not_found\"}", REPLY_NONE),
	    IS(404, "{\"code\":\"not_found\"}", REPLY_NONE),
	    IS(404, "{\"message\":\"Contact not found\"}", REPLY_NONE),
	    IS(404, "{\"message\":\"no contact matches\"}", REPLY_NONE),
	    IS(422, "{\"message\":\"no contact matches\"}", REPLY_NONE),
	    IS(404,
		"{\"error\":{\"code\":\"not_found\",\"message\":\"no such "
		"endpoint\"}}",
		REPLY_REFUSED),
	    IS(404, "{\"message\":\"not found\"}", REPLY_REFUSED),
	    IS(404, "{\"message\":\"no contact permission\"}", REPLY_REFUSED),
	    IS(404,
		"{\"error\":{\"code\":\"gone_fishing\",\"message\":\"contact "
		"not found\"}}",
		REPLY_REFUSED),
	    IS(404, "{\"message\":\"No matching contact\"}", REPLY_NONE),
	    IS(404,
		"{\"error\":{\"code\":\"not_found\",\"message\":\"No contact "
		"of this agent matches\"}}",
		REPLY_NONE),
	    IS(422,
		"{\"error\":{\"code\":\"resource_not_found\",\"message\":\"n"
		"\"}}",
		REPLY_NONE),
	    IS(422, "{\"error\":{\"code\":\"not_found\"}}", REPLY_NONE),
	    IS(200, "{\"error\":{\"code\":\"not_found\"}}", REPLY_NONE),
	    /* and not sure */
	    IS(200, NULL, REPLY_RETRY),
	    IS(200, "", REPLY_RETRY),
	    IS(200, "<html>", REPLY_RETRY),
	    IS(200, "[]", REPLY_RETRY),
	    IS(200, "{\"data\":[]}", REPLY_RETRY),
	    IS(200, "{\"status\":\"ok\"}", REPLY_RETRY),
	    IS(200, "{\"message\":\"try again\"}", REPLY_RETRY),
	    IS(200, "{\"data\":{\"contacts\":[" ADA "]}}", REPLY_RETRY),
	    IS(200, "{\"data\":{\"id\":\"x\"}}", REPLY_RETRY),
	    IS(200, "{\"data\":{\"contact\":{\"external_id\":\"crm-1\"}}}",
		REPLY_RETRY),
	    IS(200, "{\"data\":{\"contact\":\"none\"}}", REPLY_RETRY),
	    IS(200, "{\"data\":{\"contact\":false}}", REPLY_RETRY),
	    IS(200, "{\"data\":{\"contact\":[]}}", REPLY_RETRY),
	    IS(200, "{\"error\":{\"code\":\"odd\"}}", REPLY_REFUSED),
	    IS(404, NULL, REPLY_REFUSED),
	    IS(404, "<h1>Not found</h1>", REPLY_REFUSED),
	    IS(404, "{\"status\":404,\"error\":\"Not Found\"}", REPLY_REFUSED),
	    IS(404,
		"{\"error\":{\"code\":\"not_found\",\"message\":\"Agent not "
		"found\"}}",
		REPLY_FORBIDDEN),
	    IS(404, "{\"error\":{\"code\":\"agent_not_found\"}}",
		REPLY_FORBIDDEN),
	    IS(422, "{\"error\":{\"code\":\"bad_params\"}}",
		REPLY_UNPROCESSABLE),
	    IS(422, NULL, REPLY_UNPROCESSABLE),
	    IS(400,
		"{\"error\":{\"code\":\"invalid\",\"message\":\"birth_date, "
		"email, or phone is required\"}}",
		REPLY_REFUSED),
	    IS(503, NULL, REPLY_RETRY),
	    IS(408, NULL, REPLY_RETRY),
	    IS(401, NULL, REPLY_UNAUTHORISED),
	};

	CHECK_ANSWERS(VERB_SEARCH, true, answers);
}

TEST(every_shape_of_error_is_read)
{
	static const struct answer answers[] = {
	    SAYS(422,
		"{\"error\":{\"code\":\"invalid\",\"message\":\"must be a "
		"valid phone number\"}}",
		REPLY_UNPROCESSABLE, "invalid", "phone",
		"must be a valid phone number"),
	    SAYS(422, "{\"error\":{\"code\":17,\"message\":\"odd\"}}",
		REPLY_UNPROCESSABLE, "17", "", "odd"),
	    SAYS(422,
		"{\"error\":{\"code\":\"c\",\"message\":[\"one\",\"two\"]}}",
		REPLY_UNPROCESSABLE, "c", "", "one; two"),
	    SAYS(422,
		"{\"error\":{\"code\":\"c\",\"message\":\"bad\",\"field\":"
		"\"contact.zip\"}}",
		REPLY_UNPROCESSABLE, "c", "zip", "bad"),
	    SAYS(422,
		"{\"error\":{\"code\":\"c\",\"message\":\"bad\",\"details\":"
		"{\"zip\":[\"too short\"]}}}",
		REPLY_UNPROCESSABLE, "c", "zip", "bad; zip: too short"),
	    SAYS(422, "{\"error\":{\"phone\":[\"is bad\"]}}",
		REPLY_UNPROCESSABLE, "", "phone", "phone: is bad"),
	    SAYS(403,
		"{\"error\":\"insufficient_scope\",\"error_description\":"
		"\"The token lacks a scope\"}",
		REPLY_FORBIDDEN, "insufficient_scope", "",
		"The token lacks a scope"),
	    SAYS(401, "{\"error\":\"invalid_token\"}", REPLY_UNAUTHORISED,
		"invalid_token", "", "HTTP 401"),
	    SAYS(400, "{\"error\":\"must be a valid phone number\"}",
		REPLY_REFUSED, "", "phone", "must be a valid phone number"),
	    SAYS(422,
		"{\"errors\":{\"phone\":[\"is invalid\",\"is short\"],"
		"\"zip\":[\"is long\"]}}",
		REPLY_UNPROCESSABLE, "", "phone",
		"phone: is invalid; phone: is short; zip: is long"),
	    SAYS(422, "{\"errors\":{\"contact\":{\"phone\":[\"is bad\"]}}}",
		REPLY_UNPROCESSABLE, "", "phone", "phone: is bad"),
	    SAYS(422, "{\"errors\":{\"phone\":\"is bad\"}}",
		REPLY_UNPROCESSABLE, "", "phone", "phone: is bad"),
	    SAYS(422, "{\"errors\":[\"Zip is bad\"]}", REPLY_UNPROCESSABLE, "",
		"zip", "Zip is bad"),
	    SAYS(422,
		"{\"errors\":[{\"code\":\"x1\",\"detail\":\"bad\",\"source\":"
		"{\"pointer\":\"/data/attributes/zip\"}}]}",
		REPLY_UNPROCESSABLE, "x1", "zip", "bad"),
	    SAYS(422, "{\"errors\":\"everything\"}", REPLY_UNPROCESSABLE, "",
		"", "everything"),
	    SAYS(422, "{\"data\":{\"errors\":[\"inside\"]}}",
		REPLY_UNPROCESSABLE, "", "", "inside"),
	    SAYS(400, "{\"message\":\"m\"}", REPLY_REFUSED, "", "", "m"),
	    SAYS(400, "{\"detail\":\"d\"}", REPLY_REFUSED, "", "", "d"),
	    SAYS(400, "{\"title\":\"t\"}", REPLY_REFUSED, "", "", "t"),
	    SAYS(400, "{\"reason\":\"r\"}", REPLY_REFUSED, "", "", "r"),
	    SAYS(400, "{\"title\":\"t\",\"detail\":\"d\"}", REPLY_REFUSED, "",
		"", "d"),
	    SAYS(400, "{\"message\":{\"a\":1}}", REPLY_REFUSED, "", "",
		"HTTP 400"),
	    SAYS(400, "{\"error\":null,\"message\":\"m\"}", REPLY_REFUSED, "",
		"", "m"),
	    SAYS(400, "{\"error\":[],\"errors\":7}", REPLY_REFUSED, "", "",
		"HTTP 400"),
	    SAYS(400, "{\"message\":\"First name is bad\"}", REPLY_REFUSED, "",
		"first_name", "First name is bad"),
	    SAYS(400, "{\"message\":\"phone or email is bad\"}", REPLY_REFUSED,
		"", "", NULL),
	    SAYS(400, "{\"message\":\"telephone is bad\"}", REPLY_REFUSED, "",
		"", NULL),
	    SAYS(400, "{\"message\":\"\\u001b[31mred\\u202e\\u0007\"}",
		REPLY_REFUSED, "", "", "\u241b[31mred\u2407"),
	    SAYS(400, "{\"error\":{\"code\":\"\\u001b]52;c\\u0007\"}}",
		REPLY_REFUSED, "\u241b]52;c\u2407", "", NULL),
	    SAYS(422, "{\"errors\":{\"\\u001bzip\":[\"x\"]}}",
		REPLY_UNPROCESSABLE, "", "\u241bzip", "\u241bzip: x"),
	    SAYS(500, "[\"a\"]", REPLY_UNKNOWN, "", "", "HTTP 500"),
	};

	CHECK_ANSWERS(VERB_CREATE, false, answers);
}

TEST(partial_success_is_seen_wherever_it_stands)
{
	static const char *const partial[] = {
	    "{\"data\":{\"status\":\"partial_success\",\"contact\":" ADA
	    ",\"errors\":[{\"message\":\"drug 2 unknown\"}]}}",
	    "{\"status\":\"partial_success\",\"data\":{\"contact\":" ADA "}}",
	    "{\"partial_success\":true,\"data\":{\"contact\":" ADA "}}",
	    "{\"data\":{\"partial_success\":{\"drugs\":[\"x\"]},"
	    "\"contact\":" ADA "}}",
	    "{\"contact\":{\"id\":\"" ID "\",\"status\":\"partial_success\"}}",
	    "{\"contact\":" ADA ",\"errors\":{\"drugs\":[\"unknown\"]}}",
	};
	static const char *const whole[] = {
	    "{\"data\":{\"status\":\"success\",\"contact\":" ADA "}}",
	    "{\"contact\":{\"id\":\"" ID "\",\"status\":\"enrolled\"}}",
	    "{\"partial_success\":false,\"data\":{\"contact\":" ADA "}}",
	    "{\"partial_success\":null,\"errors\":[],\"contact\":" ADA "}",
	};

	for (size_t i = 0; i < sizeof(partial) / sizeof(*partial); i++) {
		read_answer(VERB_CREATE, false, 201, partial[i]);
		CHECK_INT(reply.kind, REPLY_ACCEPTED);
		CHECK_INT(reply.partial, 1);
	}
	for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++) {
		read_answer(VERB_CREATE, false, 201, whole[i]);
		CHECK_INT(reply.kind, REPLY_ACCEPTED);
		CHECK_INT(reply.partial, 0);
	}
	read_answer(VERB_CREATE, false, 201, partial[0]);
	CHECK_TEXT(reply.message, "drug 2 unknown");
}

#define SAVED(errors) \
	"{\"data\":{\"status\":\"partial_success\",\"contact\":" ADA errors "}}"

/* Each shape in which an answer may say which items were not saved. */
TEST(partial_success_names_the_items)
{
	static const struct {
		const char *body;
		unsigned count;
		enum field list;
		unsigned place;
		const char *name, *message;
	} cases[] = {
	    {SAVED(",\"errors\":{\"drugs\":[{\"index\":1,\"name\":\"Zocor\","
		   "\"message\":\"name can't be blank\"}]}"),
		1, FIELD_DRUGS, 2, "Zocor", "name can't be blank"},
	    {SAVED(",\"errors\":{\"drugs\":[{\"index\":0,"
		   "\"error\":\"unknown\"}]}"),
		1, FIELD_DRUGS, 1, "", "unknown"},
	    {SAVED(",\"errors\":{\"providers\":[{\"index\":\"2\","
		   "\"errors\":{\"npi\":[\"is invalid\",\"is short\"]}}]}"),
		1, FIELD_PROVIDERS, 3, "", "npi is invalid, npi is short"},
	    {"{\"errors\":{\"drugs.1.name\":[\"can't be blank\"]},"
	     "\"contact\":" ADA "}",
		1, FIELD_DRUGS, 2, "", "name can't be blank"},
	    {"{\"errors\":{\"contact_drugs[1].name\":[\"can't be blank\"]},"
	     "\"contact\":" ADA "}",
		1, FIELD_DRUGS, 2, "", "name can't be blank"},
	    {"{\"errors\":{\"pharmacies\":{\"0\":{\"npi\":[\"is taken\"]}}},"
	     "\"contact\":" ADA "}",
		1, FIELD_PHARMACIES, 1, "", "npi is taken"},
	    {SAVED(",\"errors\":{\"drugs\":[null,{\"name\":[\"is odd\"]}]}"), 1,
		FIELD_DRUGS, 2, "", "name is odd"},
	    {"{\"errors\":{\"drugs\":[\"two of them are unknown\"]},"
	     "\"contact\":" ADA "}",
		1, FIELD_DRUGS, 0, "", "two of them are unknown"},
	    {SAVED(",\"errors\":[{\"field\":\"drugs\",\"index\":1,"
		   "\"message\":\"is odd\"}]"),
		1, FIELD_DRUGS, 2, "", "is odd"},
	    {SAVED(",\"errors\":[{\"pointer\":\"/contact/drugs/1/name\","
		   "\"detail\":\"is odd\"}]"),
		1, FIELD_DRUGS, 2, "", "name is odd"},
	    {SAVED(",\"errors\":[{\"message\":\"drug 2 unknown\"}]"), 1,
		FIELD_COUNT, 0, "", "drug 2 unknown"},
	    {"{\"data\":{\"partial_success\":{\"drugs\":[\"x\"]},"
	     "\"contact\":" ADA "}}",
		1, FIELD_DRUGS, 0, "", "x"},
	    {"{\"partial_success\":true,\"contact\":{\"id\":\"" ID
	     "\",\"drugs\":[{\"name\":\"A\"},"
	     "{\"name\":\"B\",\"errors\":[\"is odd\"]}]}}",
		1, FIELD_DRUGS, 0, "B", "is odd"},
	    {"{\"partial_success\":true,\"contact\":" ADA "}", 0, 0, 0, "", ""},
	    {SAVED(",\"errors\":{\"drugs\":[{\"index\":1,\"message\":\"a\"},"
		   "{\"index\":1,\"message\":\"b\"}],\"providers\":[\"c\"]}"),
		2, FIELD_DRUGS, 2, "", "a, b"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct partial_item *item = &reply.unsaved.items[0];

		read_answer(VERB_UPDATE, true, 200, cases[i].body);
		CHECK_INT(reply.kind, REPLY_ACCEPTED);
		CHECK_INT(reply.partial, 1);
		if (!CHECK_INT(reply.unsaved.count, cases[i].count))
			printf("# case %zu\n", i);
		if (cases[i].count == 0)
			continue;
		if (!CHECK_INT(item->list, cases[i].list) ||
		    !CHECK_INT(item->place, cases[i].place))
			printf("# case %zu\n", i);
		CHECK_TEXT(item->name, cases[i].name);
		CHECK_TEXT(item->message, cases[i].message);
	}
}

TEST(partial_success_names_no_more_items_than_there_is_room_for)
{
	struct str body;

	str_init(&body, 8192);
	str_add(&body, "{\"contact\":" ADA ",\"errors\":{");
	for (unsigned i = 0; i < 20; i++)
		str_addf(
		    &body, "%s\"drugs.%u\":[\"\\u001bodd\"]", i ? "," : "", i);
	str_add(&body, "}}");
	read_answer(VERB_CREATE, false, 201, body.data);
	CHECK_INT(reply.unsaved.count, 20);
	CHECK_INT(reply.unsaved.items[PARTIAL_ITEMS_MAX - 1].place,
	    PARTIAL_ITEMS_MAX);
	CHECK(!strchr(reply.unsaved.items[0].message, '\x1b'));
	str_release(&body);
}

TEST(a_search_brings_the_lists)
{
	read_answer(VERB_SEARCH, true, 200,
	    "{\"data\":{\"contact\":{\"id\":\"" ID
	    "\",\"drugs\":[{\"id\":7,\"name\":\"Zocor\",\"n\":2.50}],"
	    "\"pharmacies\":[],\"providers\":null}}}");
	CHECK_INT(reply.kind, REPLY_FOUND);
	CHECK_TEXT(reply.lists[FIELD_DRUGS - FIELD_DRUGS],
	    "[{\"id\":7,\"name\":\"Zocor\",\"n\":2.50}]");
	CHECK_TEXT(reply.lists[FIELD_PHARMACIES - FIELD_DRUGS], "[]");
	CHECK(!reply.lists[FIELD_PROVIDERS - FIELD_DRUGS]);
	reply_release(&reply);
	CHECK(!reply.lists[0]);
}

TEST(the_contact_is_normalised_but_its_external_id_is_not)
{
	read_answer(VERB_SEARCH, true, 200,
	    "{\"data\":{\"contact\":{\"id\":\"" ID "\",\"slug\":\"s\","
	    "\"external_id\":\" crm\\u001b-1 \",\"first_name\":\"A\\u001bda\","
	    "\"last_name\":\"Sample\",\"birth_date\":\"01/15/1955\","
	    "\"medicare_number\":\"1sg4-te5-mk73\",\"email\":\"a@b.example\","
	    "\"phone\":\"+1 (916) 555-0123\",\"status\":\"lead\"}}}");
	CHECK_INT(reply.kind, REPLY_FOUND);
	CHECK_TEXT(reply.contact.id, ID);
	CHECK_TEXT(reply.contact.slug, "s");
	CHECK_TEXT(reply.contact.external_id, " crm\033-1 ");
	CHECK(reply.contact.has_external_id);
	CHECK_TEXT(reply.contact.first_name, "A\u241bda");
	CHECK_TEXT(reply.contact.birth_date, "1955-01-15");
	CHECK_TEXT(reply.contact.medicare_number, "1SG4TE5MK73");
	CHECK_TEXT(reply.contact.email, "a@b.example");
	CHECK_TEXT(reply.contact.phone, "9165550123");

	read_answer(VERB_SEARCH, true, 200,
	    "{\"contact\":{\"id\":\"x\",\"external_id\":null,"
	    "\"date_of_birth\":\"1955-01-15T00:00:00Z\","
	    "\"phone_number\":9165550123,\"first_name\":{},"
	    "\"last_name\":[1],\"email\":true}}");
	CHECK_INT(reply.kind, REPLY_FOUND);
	CHECK(!reply.contact.has_external_id);
	CHECK_TEXT(reply.contact.birth_date, "1955-01-15");
	CHECK_TEXT(reply.contact.phone, "9165550123");
	CHECK_TEXT(reply.contact.first_name, "");
	CHECK_TEXT(reply.contact.last_name, "");
	CHECK_TEXT(reply.contact.email, "");

	read_answer(VERB_SEARCH, true, 200,
	    "{\"contact\":{\"id\":\"x\",\"external_id\":\"\"}}");
	CHECK(!reply.contact.has_external_id);
	read_answer(VERB_SEARCH, true, 200,
	    "{\"contact\":{\"id\":\"x\",\"external_id\":700900}}");
	CHECK_TEXT(reply.contact.external_id, "700900");
}

TEST(dates_are_read_in_four_spellings_and_else_not)
{
	static const struct {
		const char *text, *date;
	} dates[] = {
	    {"01-15-1955", "1955-01-15"},
	    {"01/15/1955", "1955-01-15"},
	    {"1955-01-15", "1955-01-15"},
	    {"1955/01/15", "1955-01-15"},
	    {"1/5/1955", "1955-01-05"},
	    {"1955-01-15 00:00:00", "1955-01-15"},
	    {"", ""},
	    {"15/01/1955", ""},
	    {"1955-02-29", ""},
	    {"1955-13-01", ""},
	    {"01/15-1955", ""},
	    {"01/15/55", ""},
	    {"01151955", ""},
	    {"1955-01", ""},
	    {"1955-01-15x", ""},
	    {"99999-01-15", ""},
	    {"**/**/1955", ""},
	};
	char body[256];

	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++) {
		snprintf(body, sizeof(body),
		    "{\"contact\":{\"id\":\"x\",\"birth_date\":\"%s\"}}",
		    dates[i].text);
		read_answer(VERB_SEARCH, true, 200, body);
		CHECK_TEXT(reply.contact.birth_date, dates[i].date);
	}
}

TEST(only_a_page_of_healthsherpa_becomes_a_quote_link)
{
	static const struct {
		const char *url, *kept;
	} urls[] = {
	    {PAGE, PAGE},
	    {"https://medicare-staging.healthsherpa.com/q?a=1",
		"https://medicare-staging.healthsherpa.com/q?a=1"},
	    {"http://medicare.healthsherpa.com/q", ""},
	    {"https://medicare.healthsherpa.com.example/q", ""},
	    {"https://medicare.healthsherpa.com:8443/q", ""},
	    {"https://u:p@medicare.healthsherpa.com/q", ""},
	    {"https://example.com/q", ""},
	    {"javascript:alert(1)", ""},
	    {"file:///etc/passwd", ""},
	    {"/clients/1", ""},
	    {"", ""},
	    {"https://medicare.healthsherpa.com/a b", ""},
	};
	char body[512];

	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		snprintf(body, sizeof(body),
		    "{\"data\":{\"contact\":" ADA ",\"redirect_url\":\"%s\"}}",
		    urls[i].url);
		read_answer(VERB_CREATE, false, 201, body);
		CHECK_INT(reply.kind, REPLY_ACCEPTED);
		CHECK_TEXT(reply.quote_url, urls[i].kept);
	}
	read_answer(VERB_CREATE, false, 201,
	    "{\"redirect_url\":\"" PAGE "\",\"data\":{\"contact\":" ADA "}}");
	CHECK_TEXT(reply.quote_url, PAGE);
	read_answer(VERB_CREATE, false, 201,
	    "{\"redirect_url\":[\"" PAGE "\"],\"contact\":" ADA "}");
	CHECK_TEXT(reply.quote_url, "");
}

TEST(hostile_answers_end_as_doubt)
{
	static char body[(3u << 20) + 64];
	size_t size = sizeof(body) - 64;
	int len;

	memset(body, '[', size);
	body[size] = '\0';
	read_answer(VERB_CREATE, false, 201, body);
	CHECK_INT(reply.kind, REPLY_UNKNOWN);
	read_answer(VERB_SEARCH, true, 200, body);
	CHECK_INT(reply.kind, REPLY_RETRY);

	/* a very long ID, name and message */
	len = snprintf(body, 64, "{\"contact\":{\"id\":\"");
	memset(body + len, 'a', size - (size_t)len);
	memcpy(body + size - 3, "\"}}", 4);
	read_answer(VERB_CREATE, false, 201, body);
	CHECK_INT(reply.kind, REPLY_UNKNOWN);
	len = snprintf(
	    body, 64, "{\"contact\":{\"id\":\"x\",\"first_name\":\"");
	memset(body + len, 'a', size - (size_t)len);
	memcpy(body + size - 3, "\"}}", 4);
	read_answer(VERB_CREATE, false, 201, body);
	CHECK_INT(reply.kind, REPLY_ACCEPTED);
	CHECK_INT(strlen(reply.contact.first_name), 511);
	len = snprintf(body, 64, "{\"message\":\"");
	memset(body + len, 'm', size - (size_t)len);
	memcpy(body + size - 2, "\"}", 3);
	read_answer(VERB_CREATE, false, 400, body);
	CHECK_INT(reply.kind, REPLY_REFUSED);
	CHECK_INT(strlen(reply.message), 511);

	/* NUL, bad UTF-8, no NUL at the end */
	{
		static const char raw[] = "{\"contact\":{\"id\":\"x\"}}\0{}";
		const struct transport transport = {.answered = true,
		    .body_started = true,
		    .complete = true,
		    .status = 201,
		    .retry_after_ms = -1};
		char *exact;

		reply_read(&reply, VERB_CREATE, false, &transport, raw,
		    sizeof(raw) - 1, &pages);
		CHECK_INT(reply.kind, REPLY_UNKNOWN);
		exact = malloc(22);
		REQUIRE(exact != NULL);
		memcpy(exact, raw, 22);
		reply_read(
		    &reply, VERB_CREATE, false, &transport, exact, 22, &pages);
		free(exact);
		CHECK_INT(reply.kind, REPLY_ACCEPTED);
	}
	read_answer(VERB_CREATE, false, 201,
	    "{\"contact\":{\"id\":\"x\",\"first_name\":\"\xc0\xaf\"}}");
	CHECK_INT(reply.kind, REPLY_UNKNOWN);
}

TEST(the_transport_decides_where_there_is_no_whole_answer)
{
	static const struct {
		struct transport transport;
		enum reply_kind create, search, update, update_with_notes;
	} cases[] = {
	    /* nothing left us */
	    {{.unreachable = true, .retry_after_ms = -1, .problem = "no net"},
		REPLY_NOT_SENT, REPLY_NOT_SENT, REPLY_NOT_SENT, REPLY_NOT_SENT},
	    {{.retry_after_ms = -1}, REPLY_NOT_SENT, REPLY_NOT_SENT,
		REPLY_NOT_SENT, REPLY_NOT_SENT},
	    /* the body was on its way */
	    {{.body_started = true, .retry_after_ms = -1}, REPLY_UNKNOWN,
		REPLY_RETRY, REPLY_RETRY, REPLY_UNKNOWN},
	    {{.body_started = true, .unreachable = true, .retry_after_ms = -1},
		REPLY_UNKNOWN, REPLY_RETRY, REPLY_RETRY, REPLY_UNKNOWN},
	    /* a status, but the answer broke off */
	    {{.body_started = true,
		 .answered = true,
		 .status = 201,
		 .retry_after_ms = -1},
		REPLY_UNKNOWN, REPLY_RETRY, REPLY_RETRY, REPLY_UNKNOWN},
	    {{.body_started = true,
		 .answered = true,
		 .status = 204,
		 .retry_after_ms = -1},
		REPLY_UNKNOWN, REPLY_RETRY, REPLY_RETRY, REPLY_UNKNOWN},
	    {{.body_started = true,
		 .answered = true,
		 .status = 404,
		 .retry_after_ms = -1},
		REPLY_REFUSED, REPLY_RETRY, REPLY_GONE, REPLY_GONE},
	    {{.body_started = true,
		 .answered = true,
		 .status = 422,
		 .retry_after_ms = -1},
		REPLY_UNPROCESSABLE, REPLY_RETRY, REPLY_UNPROCESSABLE,
		REPLY_UNPROCESSABLE},
	    {{.body_started = true,
		 .answered = true,
		 .status = 503,
		 .retry_after_ms = 7000},
		REPLY_UNKNOWN, REPLY_RETRY, REPLY_RETRY, REPLY_UNKNOWN},
	    {{.answered = true, .status = 413, .retry_after_ms = -1},
		REPLY_REFUSED, REPLY_REFUSED, REPLY_REFUSED, REPLY_REFUSED},
	};
	/* A whole contact in a body that is not whole proves nothing. */
	static const char body[] = "{\"contact\":" ADA "}";

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct transport *transport = &cases[i].transport;

		reply_read(&reply, VERB_CREATE, true, transport, body,
		    sizeof(body) - 1, &pages);
		CHECK_TEXT(reply_kind_word(reply.kind),
		    reply_kind_word(cases[i].create));
		CHECK_INT(reply.retry_after_ms, transport->retry_after_ms);
		CHECK(*reply.message != '\0');
		reply_read(&reply, VERB_SEARCH, false, transport, body,
		    sizeof(body) - 1, &pages);
		CHECK_TEXT(reply_kind_word(reply.kind),
		    reply_kind_word(cases[i].search));
		reply_read(
		    &reply, VERB_UPDATE, true, transport, NULL, 0, &pages);
		CHECK_TEXT(reply_kind_word(reply.kind),
		    reply_kind_word(cases[i].update));
		reply_read(
		    &reply, VERB_UPDATE, false, transport, NULL, 0, &pages);
		CHECK_TEXT(reply_kind_word(reply.kind),
		    reply_kind_word(cases[i].update_with_notes));
	}
	reply_read(
	    &reply, VERB_CREATE, false, &cases[0].transport, NULL, 0, &pages);
	CHECK_TEXT(reply.message, "no net");
}

TEST(ids_that_would_change_a_path_are_none)
{
	char longest[160];

	memset(longest, 'a', sizeof(longest));
	longest[127] = '\0';
	CHECK(remote_id_valid(ID));
	CHECK(remote_id_valid("..."));
	CHECK(remote_id_valid(longest));
	longest[127] = 'a';
	longest[128] = '\0';
	CHECK(!remote_id_valid(longest));
	CHECK(!remote_id_valid(""));
	CHECK(!remote_id_valid("."));
	CHECK(!remote_id_valid(".."));
	CHECK(!remote_id_valid("a b"));
	CHECK(!remote_id_valid("a\x7f"));
	CHECK(!remote_id_valid("\xc3\xa9"));
}
