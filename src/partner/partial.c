/* SPDX-License-Identifier: MIT */
/*
 * Walks whatever stands below the keys that may hold errors. On the way down it
 * gathers where it is: the list, the place in it, the key of the item; where a
 * sentence is found, all that is known of its item is noted.
 *
 * Hazard: a number on the way is an index only below a list's name, and an
 * array below it counts errors, not items, unless it has gaps.
 */
#include "partner/partial.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "partner/refusal.h"

struct spot {
	enum field list;
	unsigned place;
	const char *name; /* of the item; NULL: not known */
	char key[64];     /* of the item, "name"; "" none */
};

static const char *const message_keys[] = {
    "message", "error", "detail", "reason", "title", "description", NULL};
static const char *const path_keys[] = {
    "field", "attribute", "pointer", "path", "param", "list", NULL};
static const char *const index_keys[] = {"index", "position", "item", NULL};
static const char *const name_keys[] = {"name", "first_name", NULL};

static const struct json *
first_of(const struct json *object, const char *const *keys)
{
	const struct json *found = NULL;

	for (; *keys && !found; keys++)
		found = json_get(object, *keys);
	return found;
}

/* "drugs", "contact_drugs_attributes", "drug" */
static enum field
list_named(const char *text, size_t len)
{
	static const struct {
		const char *part;
		enum field list;
	} parts[] = {{"drug", FIELD_DRUGS}, {"pharmac", FIELD_PHARMACIES},
	    {"provider", FIELD_PROVIDERS}};
	char word[64];

	if (len >= sizeof(word))
		return FIELD_COUNT;
	memcpy(word, text, len);
	word[len] = '\0';
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (refusal_mentions(word, parts[i].part))
			return parts[i].list;
	return FIELD_COUNT;
}

static bool
read_index(const char *text, size_t len, unsigned *place)
{
	unsigned value = 0;

	if (len == 0 || len > 3)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (unsigned)(text[i] - '0');
	}
	*place = value + 1;
	return true;
}

/* One step down, or several: "drugs.1.name", "/contact/drugs/1/name". */
static void
step(struct spot *spot, const char *path)
{
	static const char between[] = "./[]";

	for (path += strspn(path, between); *path;
	     path += strspn(path, between)) {
		size_t len = strcspn(path, between);
		enum field list = spot->list == FIELD_COUNT
				      ? list_named(path, len)
				      : FIELD_COUNT;

		if (list != FIELD_COUNT) {
			spot->list = list;
		} else if (spot->list != FIELD_COUNT &&
			   (spot->place ||
			       !read_index(path, len, &spot->place)) &&
			   len < sizeof(spot->key)) {
			memcpy(spot->key, path, len);
			spot->key[len] = '\0';
		}
		path += len;
	}
}

static bool
same_item(const struct partial_item *item, const struct spot *spot)
{
	return item->list == spot->list && item->place == spot->place &&
	       (item->place || (spot->name && *item->name &&
				   strcmp(item->name, spot->name) == 0));
}

static void
add_words(struct partial_item *item, const struct spot *spot, const char *text)
{
	struct str words;

	str_init(&words, 4 * sizeof(item->message));
	if (*item->message)
		str_addf(&words, "%s, ", item->message);
	if (*spot->key && strcmp(spot->key, "base") != 0 &&
	    !refusal_mentions(text, spot->key))
		str_addf(&words, "%s ", spot->key);
	str_add(&words, text);
	refusal_clean(item->message, sizeof(item->message), words.data);
	str_release(&words);
}

/* A sentence about an item; more than one are joined. */
static void
note(struct partial *partial, const struct spot *spot, const char *text)
{
	struct partial_item *item;
	unsigned known = partial->count < PARTIAL_ITEMS_MAX ? partial->count
							    : PARTIAL_ITEMS_MAX;

	if (str_blank(text))
		return;
	for (unsigned i = 0; i < known; i++)
		if (same_item(&partial->items[i], spot)) {
			add_words(&partial->items[i], spot, text);
			return;
		}
	if (partial->count++ >= PARTIAL_ITEMS_MAX)
		return;
	item = &partial->items[partial->count - 1];
	item->list = spot->list;
	item->place = spot->place;
	if (spot->name)
		refusal_clean(item->name, sizeof(item->name), spot->name);
	add_words(item, spot, text);
}

static void walk(
    struct partial *partial, const struct json *json, const struct spot *from);

/* {"index": 1, "name": "..", "message": ".."}; false when it is none. */
static bool
read_item(
    struct partial *partial, const struct json *json, const struct spot *from)
{
	const struct json *words = first_of(json, message_keys);
	const char *path = json_string(first_of(json, path_keys));
	const char *index = json_scalar_text(first_of(json, index_keys));
	const struct json *errors = json_get(json, "errors");
	struct spot spot = *from;

	if (!words && !errors)
		return false;
	if (path)
		step(&spot, path);
	else if (json_string(json_get(json, "name")))
		spot.name = json_string(json_get(json, "name"));
	if (index && !spot.place && spot.list != FIELD_COUNT)
		read_index(index, strlen(index), &spot.place);
	if (json_is_object(json_get(json, "item")))
		spot.name = json_string(
		    first_of(json_get(json, "item"), name_keys));
	walk(partial, words, &spot);
	walk(partial, errors, &spot);
	return true;
}

/* With gaps it stands beside the items, one for each. */
static bool
has_gaps(const struct json *array)
{
	for (const struct json *part = json_first(array); part;
	     part = json_next(part))
		if (json_is_null(part) ||
		    ((json_is_object(part) || json_is_array(part)) &&
			json_count(part) == 0))
			return true;
	return false;
}

static void
walk(struct partial *partial, const struct json *json, const struct spot *from)
{
	bool beside = json_is_array(json) && from->list != FIELD_COUNT &&
		      !from->place && has_gaps(json);
	unsigned place = 0;

	if (json_string(json)) {
		note(partial, from, json_string(json));
		return;
	}
	if (json_is_object(json) && read_item(partial, json, from))
		return;
	for (const struct json *part = json_first(json); part;
	     part = json_next(part)) {
		struct spot spot = *from;

		place++;
		if (beside)
			spot.place = place;
		if (json_is_object(json))
			step(&spot, json_key(part));
		walk(partial, part, &spot);
	}
}

/* The contact as it was saved: an item may carry its own errors. */
static void
walk_contact(struct partial *partial, const struct json *contact)
{
	for (unsigned i = FIELD_DRUGS; i <= FIELD_PROVIDERS; i++) {
		const struct json *list = json_get(
		    contact, field_table[i].name);
		unsigned place = 0;

		for (const struct json *item = json_first(list); item;
		     item = json_next(item)) {
			struct spot spot = {.list = (enum field)i,
			    .name = json_string(first_of(item, name_keys))};

			/* what was not saved may be missing before it */
			if (!spot.name)
				spot.place = place + 1;
			place++;
			walk(partial, json_get(item, "errors"), &spot);
			walk(partial, json_get(item, "error"), &spot);
		}
	}
}

void
partial_read(struct partial *partial, const struct json *answer,
    const struct json *contact)
{
	const struct json *data = json_get(answer, "data");
	const struct spot nowhere = {.list = FIELD_COUNT};

	memset(partial, 0, sizeof(*partial));
	walk(partial, json_get(answer, "errors"), &nowhere);
	walk(partial, json_get(data, "errors"), &nowhere);
	if (contact != answer && contact != data)
		walk(partial, json_get(contact, "errors"), &nowhere);
	walk(partial, json_get(answer, "partial_success"), &nowhere);
	walk(partial, json_get(data, "partial_success"), &nowhere);
	walk_contact(partial, contact);
}
