/* SPDX-License-Identifier: MIT */
/*
 * One contact comes back at most, and it may be somebody else: that is how
 * the service does it, and what its clients must cope with.
 */
#include "practice/api_search.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "practice/answer.h"
#include "practice/api.h"
#include "practice/store.h"
#include "practice/switches.h"

/* The parameters that were sent; NULL: not sent, or not a string. */
struct wanted {
	const char *agent;
	const char *medicare_number;
	const char *first_name;
	const char *last_name;
	const char *email;
	const char *phone;
	const char *birth_date;
};

static const char *
parameter(const struct json *params, const char *key)
{
	const char *text = json_string(json_get(params, key));

	return text && *text ? text : NULL;
}

static void
read_wanted(struct wanted *wanted, const struct json *params,
    const struct switches *switches)
{
	int key = switches->choice[SWITCH_BIRTH_DATE_KEY];

	wanted->medicare_number = parameter(params, "medicare_number");
	wanted->first_name = parameter(params, "first_name");
	wanted->last_name = parameter(params, "last_name");
	wanted->email = parameter(params, "email");
	wanted->phone = parameter(params, "phone");
	if (key != BIRTH_DATE_KEY_DATE_OF_BIRTH)
		wanted->birth_date = parameter(params, "birth_date");
	if (key != BIRTH_DATE_KEY_BIRTH_DATE && !wanted->birth_date)
		wanted->birth_date = parameter(params, "date_of_birth");
}

static bool
same_birth_date(
    const char *stored, const char *sent, const struct switches *switches)
{
	char stored_iso[11], sent_iso[11];

	if (!stored || !validate_date(stored, stored_iso))
		return false;
	if (switches->choice[SWITCH_BIRTH_DATE_FORM] == BIRTH_DATE_FORM_ISO)
		return strcmp(stored_iso, sent) == 0;
	return validate_date(sent, sent_iso) &&
	       strcmp(stored_iso, sent_iso) == 0;
}

/* A parameter that was not sent matches all. */
static bool
same_text(const char *stored, const char *sent)
{
	return !sent || (stored && str_equal_fold(stored, sent));
}

static bool
visible(const struct api *api, const struct wanted *wanted,
    const struct store_contact *contact)
{
	return str_equal_fold(contact->agent, wanted->agent) &&
	       contact->visible_at <= clock_wall(api->clock) &&
	       (contact->app ||
		   api->switches->choice[SWITCH_SCOPE] == SCOPE_ALL);
}

static bool
matches(const struct api *api, const struct wanted *wanted,
    const struct store_contact *contact)
{
	char *const *values = contact->values;

	if (!visible(api, wanted, contact))
		return false;
	if (wanted->medicare_number)
		return values[SERVICE_MEDICARE_NUMBER] &&
		       strcmp(values[SERVICE_MEDICARE_NUMBER],
			   wanted->medicare_number) == 0;
	return same_text(values[SERVICE_FIRST_NAME], wanted->first_name) &&
	       same_text(values[SERVICE_LAST_NAME], wanted->last_name) &&
	       same_text(values[SERVICE_EMAIL], wanted->email) &&
	       same_text(values[SERVICE_PHONE], wanted->phone) &&
	       (!wanted->birth_date ||
		   same_birth_date(values[SERVICE_BIRTH_DATE],
		       wanted->birth_date, api->switches));
}

static struct store_contact *
find_match(const struct api *api, const struct wanted *wanted)
{
	bool oldest = api->switches->choice[SWITCH_SEVERAL] == SEVERAL_OLDEST;
	enum service_field field = wanted->medicare_number
				       ? SERVICE_MEDICARE_NUMBER
				   : wanted->last_name ? SERVICE_LAST_NAME
						       : SERVICE_FIRST_NAME;
	const char *value = wanted->medicare_number ? wanted->medicare_number
			    : wanted->last_name     ? wanted->last_name
						    : wanted->first_name;
	struct store_contact *found = NULL, *contact;
	uint32_t cursor = 0;

	while ((contact = store_with(api->store, field, value, &cursor))) {
		if (!matches(api, wanted, contact))
			continue;
		if (!found || (contact->number < found->number) == oldest)
			found = contact;
	}
	return found;
}

/* Somebody of the same last name who is not the one that was meant. */
static struct store_contact *
find_namesake(const struct api *api, const struct wanted *wanted,
    const struct store_contact *meant)
{
	const char *name = meant ? meant->values[SERVICE_LAST_NAME]
				 : wanted->last_name;
	struct store_contact *contact;
	uint32_t cursor = 0;

	while (name && (contact = store_with(
			    api->store, SERVICE_LAST_NAME, name, &cursor)))
		if (contact != meant && visible(api, wanted, contact) &&
		    (meant || !matches(api, wanted, contact)))
			return contact;
	return NULL;
}

static void
answer_absent(
    const struct api *api, enum service_api version, struct answer *answer)
{
	static const int of_version_2[] = {[V2_NO_MATCH_NULLS] = NO_MATCH_NULLS,
	    [V2_NO_MATCH_EMPTY] = NO_MATCH_EMPTY,
	    [V2_NO_MATCH_404] = NO_MATCH_404,
	    [V2_NO_MATCH_422] = NO_MATCH_422};
	const int *choice = api->switches->choice;

	switch (version == SERVICE_API_2
		    ? of_version_2[choice[SWITCH_V2_NO_MATCH]]
		    : choice[SWITCH_NO_MATCH]) {
	case NO_MATCH_422:
		answer_error(answer, api->switches, 422, "resource_not_found",
		    NULL, "no contact matches");
		break;
	case NO_MATCH_NULLS: answer_nobody(answer, api->switches, true); break;
	case NO_MATCH_EMPTY: answer_nobody(answer, api->switches, false); break;
	default:
		answer_error(answer, api->switches, 404, "not_found", NULL,
		    "no contact matches");
	}
}

/* A person whom the store does not have, for a script that wants one. */
static struct store_contact *
make_stranger(const struct api *api, const char *agent)
{
	struct store_contact *contact = store_new(api->store, agent, NULL);

	store_set(contact, SERVICE_EXTERNAL_ID, "someone-else", false);
	store_set(contact, SERVICE_FIRST_NAME, "Somebody", false);
	store_set(contact, SERVICE_LAST_NAME, "Else", false);
	store_set(contact, SERVICE_BIRTH_DATE, "1940-02-29", false);
	return contact;
}

static bool
enough(const struct wanted *wanted)
{
	if (wanted->medicare_number)
		return true;
	return (wanted->first_name || wanted->last_name) &&
	       (wanted->birth_date || wanted->email || wanted->phone);
}

static void
refuse_parameters(
    const struct api *api, const struct wanted *wanted, struct answer *answer)
{
	bool named = wanted->first_name || wanted->last_name;
	bool by_date = api->switches->choice[SWITCH_BIRTH_DATE_KEY] ==
		       BIRTH_DATE_KEY_DATE_OF_BIRTH;

	answer_error(answer, api->switches, 422, "invalid_parameters", NULL,
	    !named    ? "medicare_number, first_name, or last_name is required"
	    : by_date ? "date_of_birth, email, or phone is required"
		      : "birth_date, email, or phone is required");
}

void
api_search(struct api *api, const char *agent, const struct json *params,
    enum service_api version, const struct api_quirks *quirks,
    struct answer *answer)
{
	const struct answer_style style = {.base_url = api->base_url,
	    .no_id = quirks->no_id,
	    .lists = version == SERVICE_API_2,
	    .partial = quirks->partial};
	struct wanted wanted = {.agent = agent};
	struct store_contact *found, *other = NULL, *stranger = NULL;

	read_wanted(&wanted, params, api->switches);
	if (!enough(&wanted)) {
		refuse_parameters(api, &wanted, answer);
		return;
	}
	found = quirks->nobody ? NULL : find_match(api, &wanted);
	if (quirks->other_person ||
	    (found && api->switches->choice[SWITCH_SEVERAL] == SEVERAL_OTHER))
		other = find_namesake(api, &wanted, found);
	if (quirks->other_person && !other)
		other = stranger = make_stranger(api, agent);
	if (other)
		found = other;
	if (found) {
		const char *external_id = found->values[SERVICE_EXTERNAL_ID];

		answer->external_id = external_id ? mem_strdup(external_id)
						  : NULL;
		answer_contact(answer, api->switches, &style, 200, found);
	} else {
		answer_absent(api, version, answer);
	}
	store_discard(stranger);
}
