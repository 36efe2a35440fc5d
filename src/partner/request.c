/* SPDX-License-Identifier: MIT */
/*
 * Request bodies are built as a JSON tree and printed on one line.
 * Hazard: an empty string is refused by the service (minimum length 1) and
 * could wipe a value, so "" counts as "not sent" everywhere.
 */
#include "partner/request.h"

#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "partner/dialect.h"

static bool
filled(const struct field_values *values, enum field field)
{
	return values->text[field] && *values->text[field];
}

static void
add_notes(struct json *contact, const char *name, const char *text)
{
	struct json *notes = json_array();

	json_append_string(notes, text);
	json_add(contact, name, notes);
}

static void
add_field(struct json *contact, enum field field, const char *text)
{
	const struct field_info *info = &field_table[field];

	switch (info->kind) {
	case FIELD_KIND_BOOLEAN:
		json_add_bool(contact, info->name, strcmp(text, "true") == 0);
		break;
	case FIELD_KIND_NOTES: add_notes(contact, info->name, text); break;
	case FIELD_KIND_LIST:
		/* Text that is no JSON is left out: a list would be replaced.
		 */
		(void)json_add_raw(contact, info->name, text);
		break;
	default: json_add_string(contact, info->name, text); break;
	}
}

/* {"agent_email": .., "<key>": inner}, or inner's members flat. */
static void
print_wrapped(struct str *out, const struct dialect *dialect,
    const char *agent_email, const char *key, struct json *inner)
{
	struct json *body = inner;

	if (key) {
		body = json_object();
		if (dialect->agent_email_in_body && agent_email)
			json_add_string(body, "agent_email", agent_email);
		json_add(body, key, inner);
	} else if (dialect->agent_email_in_body && agent_email) {
		json_add_string(body, "agent_email", agent_email);
	}
	json_print(out, body);
	json_free(body);
}

void
request_create(struct str *out, const struct dialect *dialect,
    const char *agent_email, const struct field_values *values)
{
	struct json *contact = json_object();

	for (int i = 0; i < FIELD_COUNT; i++)
		if (filled(values, (enum field)i) &&
		    (field_table[i].flags & dialect->field_flag) &&
		    !(field_table[i].flags & FIELD_BESIDE))
			add_field(contact, (enum field)i, values->text[i]);
	print_wrapped(out, dialect, agent_email, dialect->contact_key, contact);
}

void
request_update(struct str *out, const struct dialect *dialect,
    const char *agent_email, const struct field_values *values)
{
	request_create(out, dialect, agent_email, values);
}

static const struct {
	const char *words;
	enum field field; /* FIELD_BIRTH_DATE's key is given by the caller */
	bool needs_name;
} selectors[SELECTOR_COUNT] = {
    [SELECTOR_MEDICARE_NUMBER] = {"Medicare number", FIELD_MEDICARE_NUMBER,
	false},
    [SELECTOR_BIRTH_DATE] = {"name and birth date", FIELD_BIRTH_DATE, true},
    [SELECTOR_EMAIL] = {"name and e-mail", FIELD_EMAIL, true},
    [SELECTOR_PHONE] = {"name and phone", FIELD_PHONE, true},
};

const char *
selector_words(enum selector selector)
{
	return selectors[selector].words;
}

bool
selector_possible(enum selector selector, const struct field_values *values)
{
	return filled(values, selectors[selector].field) &&
	       (!selectors[selector].needs_name ||
		   filled(values, FIELD_LAST_NAME));
}

enum selector
selector_from(unsigned from, const struct field_values *values)
{
	while (from < SELECTOR_COUNT &&
	       !selector_possible((enum selector)from, values))
		from++;
	return (enum selector)from;
}

void
request_search(struct str *out, const struct dialect *dialect,
    const char *agent_email, enum selector selector,
    const struct field_values *values, const char *birth_date_key)
{
	struct json *params = json_object();
	enum field field = selectors[selector].field;
	const char *key = field == FIELD_BIRTH_DATE ? birth_date_key
						    : field_table[field].name;

	if (selectors[selector].needs_name)
		json_add_string(params, field_table[FIELD_LAST_NAME].name,
		    values->text[FIELD_LAST_NAME]);
	json_add_string(params, key, values->text[field]);
	print_wrapped(out, dialect, agent_email, dialect->search_key, params);
}
