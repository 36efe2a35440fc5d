/* SPDX-License-Identifier: MIT */
/*
 * An item is never taken apart: it is copied whole, numbers as they were
 * written. Only its name is looked for.
 */
#include "practice/lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "practice/store.h"
#include "practice/switches.h"
#include "practice/validate.h"

enum { LIST_TEXT_MAX = 8 << 20 };

static bool
is_empty(const struct json *list)
{
	return json_is_null(list) ||
	       (json_is_array(list) && json_count(list) == 0);
}

void
lists_check(const struct json *body, const struct switches *switches,
    struct validate_result *result)
{
	bool refuse = switches->choice[SWITCH_NULLS] == NULLS_REFUSE;

	for (int list = 0; list < SERVICE_LISTS; list++) {
		const char *name = validate_lists[list];
		const struct json *sent = json_get(body, name);

		if (!sent)
			continue;
		if (is_empty(sent) && refuse)
			validate_add(result, name, "can't be empty", 400);
		else if (!json_is_array(sent) && !json_is_null(sent))
			validate_add(result, name, "must be a list", 422);
		else if (json_count(sent) > LISTS_ITEMS_MAX)
			validate_add(result, name,
			    "has too many items (maximum is 50)", 422);
	}
}

static bool
has_text(const struct json *item, const char *key)
{
	return !str_blank(json_string(json_get(item, key)));
}

/* Why an item is not saved; NULL when it is. */
static const char *
item_problem(enum service_list list, const struct json *item)
{
	if (!json_is_object(item))
		return "must be an object";
	if (has_text(item, "name"))
		return NULL;
	if (list != SERVICE_PROVIDERS)
		return "name can't be blank";
	return has_text(item, "first_name") || has_text(item, "last_name")
		   ? NULL
		   : "first_name, last_name or name can't be blank";
}

static void
add_error(struct json *errors, size_t index, const char *message,
    const struct json *item)
{
	struct json *error = json_object();

	json_add_integer(error, "index", (int64_t)index);
	json_add_string(error, "message", message);
	json_add(error, "item", json_copy(item));
	json_append(errors, error);
}

/* Splits what was sent into what is saved and what is not. */
static void
sort_items(enum service_list list, const struct json *sent, bool strict,
    struct json *saved, struct json *errors)
{
	size_t index = 0;

	for (const struct json *item = json_first(sent); item;
	     item = json_next(item), index++) {
		const char *problem = strict ? item_problem(list, item) : NULL;

		if (problem)
			add_error(errors, index, problem, item);
		else
			json_append(saved, json_copy(item));
	}
}

/* Whether the list is sent at all, as the switches have it. */
static bool
is_sent(const struct json *sent, const struct switches *switches)
{
	return sent && !(is_empty(sent) &&
			   switches->choice[SWITCH_NULLS] == NULLS_IGNORE);
}

struct json *
lists_take(struct store_contact *contact, const struct json *body,
    const struct switches *switches)
{
	bool strict = switches->choice[SWITCH_VALIDATION] == VALIDATION_STRICT;
	struct json *all = json_object();

	for (int list = 0; list < SERVICE_LISTS; list++) {
		const struct json *sent = json_get(body, validate_lists[list]);
		struct json *saved, *errors;

		if (!is_sent(sent, switches))
			continue;
		saved = json_array();
		errors = json_array();
		sort_items(
		    (enum service_list)list, sent, strict, saved, errors);
		store_set_list(contact, (enum service_list)list, saved);
		if (json_count(errors) > 0)
			json_add(all, validate_lists[list], errors);
		else
			json_free(errors);
	}
	if (json_count(all) > 0)
		return all;
	json_free(all);
	return NULL;
}

static bool
same_list(const struct json *a, const struct json *b)
{
	struct str texts[2];
	bool same;

	if (json_count(a) != json_count(b))
		return false;
	if (json_count(a) == 0)
		return true;
	str_init(&texts[0], LIST_TEXT_MAX);
	str_init(&texts[1], LIST_TEXT_MAX);
	json_print(&texts[0], a);
	json_print(&texts[1], b);
	same = strcmp(texts[0].data, texts[1].data) == 0;
	str_release(&texts[0]);
	str_release(&texts[1]);
	return same;
}

bool
lists_differ(const struct store_contact *contact, const struct json *body,
    const struct switches *switches)
{
	for (int list = 0; list < SERVICE_LISTS; list++) {
		const struct json *sent = json_get(body, validate_lists[list]);

		if (is_sent(sent, switches) &&
		    !same_list(sent, contact->lists[list]))
			return true;
	}
	return false;
}

void
lists_add(struct json *object, const struct store_contact *contact)
{
	for (int list = 0; list < SERVICE_LISTS; list++)
		json_add(object, validate_lists[list],
		    contact->lists[list] ? json_copy(contact->lists[list])
					 : json_array());
}

void
lists_item_name(struct str *out, const struct json *item)
{
	static const char *const keys[] = {"name", "first_name", "last_name"};
	bool whole = has_text(item, "name");

	for (size_t i = whole ? 0 : 1; i < (whole ? 1 : 3); i++) {
		if (!has_text(item, keys[i]))
			continue;
		if (out->len)
			str_add_char(out, ' ');
		str_add(out, json_string(json_get(item, keys[i])));
	}
}
