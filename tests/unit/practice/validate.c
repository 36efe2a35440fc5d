/* SPDX-License-Identifier: MIT */
#include "practice/validate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "practice/switches.h"

#include "check.h"

static void
validate(const char *text, bool create, const char *assignment,
    struct validate_result *result)
{
	struct err err = ERR_INIT;
	struct switches switches;
	struct json *contact = json_parse(text, strlen(text), &err);

	REQUIRE(contact != NULL);
	switches_init(&switches);
	if (assignment)
		REQUIRE(switches_set(&switches, assignment, &err));
	validate_contact(contact, create, SERVICE_API_1, &switches, result);
	/* Names are borrowed from constants, so they outlive the JSON. */
	json_free(contact);
}

/* A field alone in an update; NULL message: nothing is wrong with it. */
static const struct {
	const char *json;
	const char *message;
	int status;
} vectors[] = {
    {"{\"first_name\":\"Ada\"}", NULL, 0},
    {"{\"first_name\":\"\"}", "is too short (minimum is 1 character)", 400},
    {"{\"first_name\":5}", "must be a string", 400},
    {"{\"first_name\":null}", "can't be blank", 400},
    {"{\"last_name\":[\"x\"]}", "must be a string", 400},
    {"{\"phone\":\"9165550123\"}", NULL, 0},
    {"{\"phone\":\"(916) 555-0123\"}", "must be a valid phone number", 400},
    {"{\"phone\":\"19165550123\"}", "must be a valid phone number", 400},
    {"{\"phone\":\"916555012\"}", "must be a valid phone number", 400},
    {"{\"email\":\"a@example.com\"}", NULL, 0},
    {"{\"email\":\"a@@example.com\"}", "must be a valid email", 400},
    {"{\"email\":\"a@example\"}", "must be a valid email", 400},
    {"{\"email\":\"@example.com\"}", "must be a valid email", 400},
    {"{\"email\":\"a b@example.com\"}", "must be a valid email", 400},
    {"{\"birth_date\":\"1955-01-15\"}", NULL, 0},
    {"{\"birth_date\":\"1955/01/15\"}", NULL, 0},
    {"{\"birth_date\":\"01-15-1955\"}", NULL, 0},
    {"{\"birth_date\":\"01/15/1955\"}", NULL, 0},
    {"{\"birth_date\":\"1/15/1955\"}", "must be a valid date", 400},
    {"{\"birth_date\":\"15/01/1955\"}", "must be a valid date", 400},
    {"{\"birth_date\":\"1955-02-29\"}", "must be a valid date", 400},
    {"{\"birth_date\":\"1955-01/15\"}", "must be a valid date", 400},
    {"{\"medicare_part_a_effective_date\":\"2024-01-32\"}",
	"must be a valid date", 400},
    {"{\"sex\":\"female\"}", NULL, 0},
    {"{\"sex\":\"M\"}", NULL, 0},
    {"{\"sex\":\"Male\"}", "must be one of male, female, M, F, m, f", 400},
    {"{\"type\":\"client\"}", NULL, 0},
    {"{\"type\":\"prospect\"}", "must be one of client, lead", 400},
    {"{\"state\":\"CA\"}", NULL, 0},
    {"{\"state\":\"PR\"}", NULL, 0},
    {"{\"state\":\"ca\"}", "must be a two-letter state", 400},
    {"{\"state\":\"XX\"}", "must be a two-letter state", 400},
    {"{\"state\":\"CA CO\"}", "must be a two-letter state", 400},
    {"{\"zip\":\"95811\"}", NULL, 0},
    {"{\"zip\":\"9581\"}", "must be a 5 digit ZIP code", 400},
    {"{\"zip\":\"95811-1234\"}", "must be a 5 digit ZIP code", 400},
    {"{\"medicare_number\":\"1EG4TE5MK73\"}", NULL, 0},
    {"{\"medicare_number\":\"1SG4TE5MK73\"}", NULL, 0},
    {"{\"medicare_number\":\"1EG4-TE5-MK73\"}",
	"must be a valid Medicare number", 422},
    {"{\"medicare_number\":\"1eg4te5mk73\"}", "must be a valid Medicare number",
	422},
    {"{\"medicare_number\":\"0EG4TE5MK73\"}", "must be a valid Medicare number",
	422},
    {"{\"medicare_number\":\"1EG4TE5MK7\"}", "must be a valid Medicare number",
	422},
    {"{\"medicare_number\":\"987654321\"}", "must be a valid Medicare number",
	422},
    {"{\"medicare_number\":\"\"}", "is too short (minimum is 1 character)",
	400},
    {"{\"medicaid_eligible\":true}", NULL, 0},
    {"{\"medicaid_eligible\":\"false\"}", NULL, 0},
    {"{\"medicaid_eligible\":null}", NULL, 0},
    {"{\"extra_help\":\"yes\"}", "must be true, false or null", 400},
    {"{\"address_2\":null}", NULL, 0},
    {"{\"notes\":[\"one\",\"two\"]}", NULL, 0},
    {"{\"notes\":\"one\"}", "must be a list of strings", 400},
    {"{\"notes\":[\"\"]}", "must be a list of strings", 400},
    {"{\"made_up\":\"x\"}", NULL, 0},
    {"{\"id\":\"x\",\"slug\":\"y\"}", NULL, 0},
};

TEST(validate_values_by_kind)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		struct validate_result result;
		bool good;

		validate(vectors[i].json, false, NULL, &result);
		good = CHECK_INT(result.count, vectors[i].message ? 1 : 0);
		if (result.count && vectors[i].message) {
			good &= CHECK_TEXT(
			    result.problems[0].message, vectors[i].message);
			good &= CHECK_INT(
			    validate_status(&result), vectors[i].status);
		}
		if (!good)
			printf("# in %s\n", vectors[i].json);
	}
}

TEST(validate_create_wants_what_is_required)
{
	struct validate_result result;

	validate("{}", true, NULL, &result);
	REQUIRE(result.count == 3);
	CHECK_TEXT(result.problems[0].field, "external_id");
	CHECK_TEXT(result.problems[1].field, "first_name");
	CHECK_TEXT(result.problems[2].field, "last_name");
	CHECK_INT(validate_status(&result), 400);
	validate("{}", false, NULL, &result);
	CHECK_INT(result.count, 0);
}

TEST(validate_limits_count_characters)
{
	struct validate_result result;
	char json[1024] = "{\"first_name\":\"";

	/* 100 characters of two bytes each are not too many. */
	for (int i = 0; i < 100; i++)
		memcpy(json + strlen(json), "\xc3\xa9\0", 3);
	memcpy(json + strlen(json), "\"}", 3);
	validate(json, false, NULL, &result);
	CHECK_INT(result.count, 0);
	memcpy(json + strlen(json) - 2, "x\"}", 4);
	validate(json, false, NULL, &result);
	REQUIRE(result.count == 1);
	CHECK_TEXT(result.problems[0].message,
	    "is too long (maximum is 100 characters)");
}

TEST(validate_follows_the_switches)
{
	struct validate_result result;

	validate("{\"phone\":\"(916) 555-0123\",\"zip\":\"x\"}", false,
	    "validation=lenient", &result);
	CHECK_INT(result.count, 0);
	validate("{\"city\":null}", false, "nulls=400", &result);
	CHECK_INT(result.count, 1);
	validate("{\"address_2\":null}", false, "nulls=400", &result);
	CHECK_INT(result.count, 0);
	validate("{\"made_up\":1,\"id\":\"x\"}", false, "unknown-fields=400",
	    &result);
	REQUIRE(result.count == 1);
	CHECK_TEXT(result.problems[0].field, "made_up");
}

TEST(validate_status_prefers_400)
{
	struct validate_result result;

	validate(
	    "{\"medicare_number\":\"x\",\"zip\":\"x\"}", false, NULL, &result);
	CHECK_INT(result.count, 2);
	CHECK_INT(validate_status(&result), 400);
}

TEST(validate_date_rewrites_as_iso)
{
	char iso[11];

	CHECK(validate_date("01/15/1955", iso));
	CHECK_TEXT(iso, "1955-01-15");
	CHECK(validate_date("2024/02/29", iso));
	CHECK_TEXT(iso, "2024-02-29");
	CHECK(!validate_date("2023/02/29", iso));
	CHECK(!validate_date("20230229", iso));
}
