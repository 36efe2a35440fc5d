/* SPDX-License-Identifier: MIT */
/*
 * Lists of drugs, pharmacies and providers: JSON text of maps. What an item's
 * keys and values are is not looked at, since HealthSherpa does not publish
 * them; they are passed on as they are written. Items without any value are
 * nobody's and are dropped.
 * Hazard: half a list is worse than none, since HealthSherpa takes it for the
 * whole: a list with one item that cannot be sent is left out whole.
 */
#include "book/rules.h"

#include <string.h>

#include "base/err.h"
#include "base/json.h"

/* Nothing in it, at any depth. */
static bool
is_empty(const struct json *json)
{
	const char *text = json_string(json);

	if (json_is_object(json) || json_is_array(json)) {
		for (const struct json *part = json_first(json); part;
		     part = json_next(part))
			if (!is_empty(part))
				return false;
		return true;
	}
	return json_is_null(json) || (text && str_blank(text));
}

/* The items worth sending; NULL, with a finding, when one is none. */
static struct json *
gather(const struct rules_input *input, const struct json *list,
    struct findings *findings)
{
	struct json *items = json_array();
	size_t place = 0, count = 0;

	for (const struct json *item = json_first(list); item;
	     item = json_next(item)) {
		place++;
		if (is_empty(item))
			continue;
		if (!json_is_object(item)) {
			findings_add(findings, FINDING_LIST_SHAPE, input->field,
			    "item %zu of the %s has no keys, such as name: all "
			    "%s are left out",
			    place, field_table[input->field].label,
			    field_table[input->field].label);
			json_free(items);
			return NULL;
		}
		json_append(items, json_copy(item));
		count++;
	}
	if (count <= RULES_LIST_MAX)
		return items;
	findings_add(findings, FINDING_LIST_LENGTH, input->field,
	    "%zu %s are more than %d: all are left out", count,
	    field_table[input->field].label, RULES_LIST_MAX);
	json_free(items);
	return NULL;
}

void
rules_list(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	struct err err = ERR_INIT;
	const char *label = field_table[input->field].label;
	struct json *list = json_parse(value->data, value->len, &err), *items;

	if (json_is_array(list)) {
		items = gather(input, list, findings);
		str_reset(value);
		if (json_count(items) > 0)
			json_print(value, items);
		json_free(items);
	} else {
		if (*value->data == '[')
			findings_add(findings, FINDING_LIST_SHAPE, input->field,
			    "the list of %s cannot be read: %.80s", label,
			    err.text);
		else
			findings_add(findings, FINDING_LIST_SHAPE, input->field,
			    "%s is not a list", label);
		str_reset(value);
	}
	json_free(list);
}
