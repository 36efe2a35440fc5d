/* SPDX-License-Identifier: MIT */
#include "partner/request.h"

#include "base/str.h"
#include "check.h"
#include "partner/dialect.h"

#define EMAIL "agent@example.com"

static const struct field_values ada = {{
    [FIELD_EXTERNAL_ID] = "crm-1042",
    [FIELD_FIRST_NAME] = "Ada \"A\"",
    [FIELD_LAST_NAME] = "Sample",
    [FIELD_EMAIL] = "",
    [FIELD_PHONE] = "9165550123",
    [FIELD_BIRTH_DATE] = "1955-01-15",
    [FIELD_ZIP] = "02134",
    [FIELD_MEDICARE_NUMBER] = "1SG4TE5MK73",
    [FIELD_MEDICAID_ELIGIBLE] = "false",
    [FIELD_EXTRA_HELP] = "true",
    [FIELD_NOTES] = "likes\nmornings",
}};

static struct dialect
dialect_for(enum service_version version)
{
	const struct config config = {.version = version};

	return dialect_of(&config);
}

static void
check_create(enum service_version version, const struct field_values *values,
    const char *should)
{
	struct dialect dialect = dialect_for(version);
	struct str out;

	str_init(&out, 4096);
	request_create(&out, &dialect, EMAIL, values);
	CHECK_TEXT(out.data, should);
	str_release(&out);
}

TEST(a_create_sends_what_has_a_value)
{
	check_create(SERVICE_V1, &ada,
	    "{\"agent_email\":\"" EMAIL "\",\"contact\":{"
	    "\"external_id\":\"crm-1042\",\"first_name\":\"Ada \\\"A\\\"\","
	    "\"last_name\":\"Sample\",\"phone\":\"9165550123\","
	    "\"birth_date\":\"1955-01-15\",\"zip\":\"02134\","
	    "\"medicare_number\":\"1SG4TE5MK73\","
	    "\"medicaid_eligible\":false,\"extra_help\":true,"
	    "\"notes\":[\"likes\\nmornings\"]}}");
}

TEST(v2_names_no_agent_and_takes_lists)
{
	const struct field_values values = {{
	    [FIELD_LAST_NAME] = "Sample",
	    [FIELD_DRUGS] = "[{\"name\":\"Aspirin\",\"ndc\":\"1\"}]",
	    [FIELD_PROVIDERS] = "not json",
	}};

	check_create(SERVICE_V2, &values,
	    "{\"contact\":{\"last_name\":\"Sample\","
	    "\"drugs\":[{\"name\":\"Aspirin\",\"ndc\":\"1\"}]}}");
	check_create(SERVICE_V1, &values,
	    "{\"agent_email\":\"" EMAIL "\",\"contact\":{"
	    "\"last_name\":\"Sample\"}}");
}

TEST(a_flat_body_is_a_matter_of_the_config)
{
	const struct field_values values = {{[FIELD_ZIP] = "02134"}};
	struct config config = {.flat_body = true, .version = SERVICE_V2};
	struct dialect flat = dialect_of(&config);
	struct str out;

	str_init(&out, 4096);
	request_update(&out, &flat, EMAIL, &values);
	CHECK_TEXT(out.data, "{\"zip\":\"02134\"}");
	/* of v1 the wrapped form is known */
	config.version = SERVICE_V1;
	flat = dialect_of(&config);
	str_reset(&out);
	request_update(&out, &flat, EMAIL, &values);
	CHECK_TEXT(out.data,
	    "{\"agent_email\":\"" EMAIL "\",\"contact\":{\"zip\":\"02134\"}}");
	str_release(&out);
}

TEST(a_flat_search_is_a_matter_of_the_config)
{
	struct config config = {.flat_search = true, .version = SERVICE_V1};
	struct dialect flat = dialect_of(&config);
	struct str out;

	str_init(&out, 4096);
	request_search(
	    &out, &flat, EMAIL, SELECTOR_MEDICARE_NUMBER, &ada, "birth_date");
	CHECK_TEXT(out.data, "{\"medicare_number\":\"1SG4TE5MK73\","
			     "\"agent_email\":\"" EMAIL "\"}");
	str_release(&out);
}

static void
check_search(enum service_version version, enum selector selector,
    const char *key, const char *should)
{
	struct dialect dialect = dialect_for(version);
	struct str out;

	str_init(&out, 4096);
	request_search(&out, &dialect, EMAIL, selector, &ada, key);
	CHECK_TEXT(out.data, should);
	str_release(&out);
}

TEST(each_selector_asks_for_its_fields)
{
	check_search(SERVICE_V1, SELECTOR_MEDICARE_NUMBER, "birth_date",
	    "{\"agent_email\":\"" EMAIL "\",\"params\":{"
	    "\"medicare_number\":\"1SG4TE5MK73\"}}");
	check_search(SERVICE_V1, SELECTOR_BIRTH_DATE, "birth_date",
	    "{\"agent_email\":\"" EMAIL "\",\"params\":{"
	    "\"last_name\":\"Sample\",\"birth_date\":\"1955-01-15\"}}");
	check_search(SERVICE_V2, SELECTOR_BIRTH_DATE, "date_of_birth",
	    "{\"params\":{\"last_name\":\"Sample\","
	    "\"date_of_birth\":\"1955-01-15\"}}");
	check_search(SERVICE_V2, SELECTOR_PHONE, "birth_date",
	    "{\"params\":{\"last_name\":\"Sample\",\"phone\":\"9165550123\"}}");
}

TEST(a_selector_needs_its_fields)
{
	const struct field_values nameless = {{
	    [FIELD_BIRTH_DATE] = "1955-01-15",
	    [FIELD_PHONE] = "9165550123",
	}};

	CHECK(selector_possible(SELECTOR_MEDICARE_NUMBER, &ada));
	CHECK(selector_possible(SELECTOR_BIRTH_DATE, &ada));
	CHECK(!selector_possible(SELECTOR_EMAIL, &ada));
	CHECK(selector_possible(SELECTOR_PHONE, &ada));
	for (int i = 0; i < SELECTOR_COUNT; i++) {
		CHECK(!selector_possible((enum selector)i, &nameless));
		CHECK(selector_words((enum selector)i) != NULL);
	}
}
