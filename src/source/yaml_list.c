/* SPDX-License-Identifier: MIT */
/*
 * A list in a record as JSON. What is in quotes is a string. Without them null,
 * true and false are what they say, and a number is one if nothing could be
 * lost by it.
 *
 * Hazard: most numbers in such lists are codes: ZIPs, NPIs, NDCs, IDs. They
 * begin with zeros, or another service wants them as text, and are longer than
 * what is counted (tablets, times a day). So only a number of up to four digits
 * that does not begin with a zero is taken for one; all others stay text.
 */
#include "source/yaml_records.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"

enum { COUNTED_DIGITS = 4 };

static size_t
count_digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* 0, 2, 1000, 0.5, 2.50; not 02, 95811, -1, 1e3, .5 */
static bool
is_counted(const char *text)
{
	size_t whole = count_digits(text), part;

	if (whole == 0 || whole > COUNTED_DIGITS || (whole > 1 && *text == '0'))
		return false;
	if (!text[whole])
		return true;
	part = text[whole] == '.' ? count_digits(text + whole + 1) : 0;
	return part > 0 && part <= COUNTED_DIGITS && !text[whole + 1 + part];
}

/* NULL: it is a string. */
static struct json *
plain_value(const struct yaml_event *event)
{
	const char *text = yaml_event_is_null(event) ? "null" : event->text;
	struct err ignored = ERR_INIT;

	if (event->style != YAML_PLAIN ||
	    (text == event->text && strcmp(text, "true") != 0 &&
		strcmp(text, "false") != 0 && !is_counted(text)))
		return NULL;
	return json_parse(text, strlen(text), &ignored);
}

static bool
read_json_items(struct yaml_records *yaml, struct json *list, struct err *err)
{
	struct yaml_event event;
	struct json *item;

	while (yaml_next_event(yaml, &event, err)) {
		if (event.kind == YAML_EVENT_LIST_END)
			return true;
		if (event.kind == YAML_EVENT_SCALAR) {
			item = plain_value(&event);
			if (item)
				json_append(list, item);
			else
				json_append_string(list, event.text);
			continue;
		}
		item = yaml_read_json(yaml, &event, err);
		if (!item)
			break;
		json_append(list, item);
	}
	return false;
}

static bool
read_json_member(struct yaml_records *yaml, struct json *map, const char *key,
    struct err *err)
{
	struct yaml_event event;
	struct json *item;

	if (!yaml_next_event(yaml, &event, err))
		return false;
	if (event.kind == YAML_EVENT_SCALAR) {
		item = plain_value(&event);
		if (!item) {
			json_add_string(map, key, event.text);
			return true;
		}
	} else {
		item = yaml_read_json(yaml, &event, err);
	}
	if (item)
		json_add(map, key, item);
	return item != NULL;
}

/* Where the members of a map start, in their order. */
struct places {
	uint64_t *at;
	size_t count, room;
};

static bool
check_json_key(struct yaml_records *yaml, const struct json *map,
    struct places *places, const struct yaml_event *event, struct err *err)
{
	const struct json *member = json_first(map);

	if (!yaml_check_key(yaml, event, err))
		return false;
	for (size_t i = 0; i < places->count; i++) {
		if (strcmp(json_key(member), event->text) == 0)
			return yaml_fail_twice(yaml, event, event->text,
			    yaml_line_of(yaml, places->at[i]), err);
		member = json_next(member);
	}
	if (places->count == YAML_KEYS_MAX)
		return yaml_reader_fail(yaml->reader, event->start, err,
		    "more than %u keys in one map", YAML_KEYS_MAX);
	places->at = mem_grow(
	    places->at, &places->room, places->count + 1, sizeof(*places->at));
	places->at[places->count++] = event->start;
	return true;
}

static bool
read_json_members(struct yaml_records *yaml, struct json *map, struct err *err)
{
	struct places places = {0};
	struct yaml_event event;
	bool good, more = true;

	do {
		good = yaml_next_event(yaml, &event, err);
		if (good && event.kind == YAML_EVENT_MAP_END) {
			more = false;
		} else if (good &&
			   check_json_key(yaml, map, &places, &event, err)) {
			char *key = mem_strndup(event.text, event.len);

			good = read_json_member(yaml, map, key, err);
			free(key);
		} else {
			good = false;
		}
	} while (good && more);
	free(places.at);
	return good;
}

/* A list or map whose first event was read. */
struct json *
yaml_read_json(
    struct yaml_records *yaml, const struct yaml_event *event, struct err *err)
{
	bool is_list = event->kind == YAML_EVENT_LIST;
	struct json *json = is_list ? json_array() : json_object();
	bool good = is_list ? read_json_items(yaml, json, err)
			    : read_json_members(yaml, json, err);

	if (good)
		return json;
	json_free(json);
	return NULL;
}
