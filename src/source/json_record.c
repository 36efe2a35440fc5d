/* SPDX-License-Identifier: MIT */
/*
 * One contact of JSON: cut into pairs while it is pulled, then put into the
 * records.
 *
 * A key is a column, a key in an object in a contact `outer.inner`; a list
 * becomes one cell of JSON. Keys mostly come in the same order contact after
 * contact, so the next column is guessed before it is looked for.
 */
#include "source/json_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "source/input.h"

/* ---- names --------------------------------------------------------------- */

uint32_t
json_find_name(struct json_names *names, const char *text, size_t len)
{
	size_t at = names->guess;

	for (size_t left = names->count; left > 0; left--, at++) {
		const struct json_name *name;

		if (at >= names->count)
			at = 0;
		name = &names->items[at];
		if (name->len == len && memcmp(name->text, text, len) == 0)
			return (uint32_t)at;
	}
	return RECORDS_NONE;
}

uint32_t
json_add_name(struct json_names *names, const char *text, size_t len)
{
	names->items = mem_grow(names->items, &names->room, names->count + 1,
	    sizeof(*names->items));
	names->items[names->count] = (struct json_name){
	    .text = mem_strndup(text, len), .len = (uint32_t)len};
	return (uint32_t)names->count++;
}

void
json_release_names(struct json_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i].text);
	free(names->items);
	*names = (struct json_names){0};
}

bool
json_fail_twice(struct json_text *text, size_t at, const char *name, size_t len,
    uint32_t first, struct err *err)
{
	return json_text_fail(text, at, err,
	    "the key '%.*s' is here twice, first in line %u; remove one",
	    len < 64 ? (int)len : 64, name, first);
}

/* ---- cutting ------------------------------------------------------------- */

/* The objects that are open, from the record's own on. */
struct cut {
	size_t pairs[JSON_DEPTH_MAX + 1]; /* that hold them */
	uint32_t keys[JSON_DEPTH_MAX + 1];
	unsigned level;
};

static bool
cut_key(struct json_rows *json, struct cut *cut, struct err *err)
{
	const struct json_pull *pull = &json->text.pull;
	struct json_pair *pair;
	size_t mark = json->text.mark;

	if (++cut->keys[cut->level] > JSON_KEYS_MAX)
		return json_text_fail(&json->text, pull->start, err,
		    "more than %u keys in one map", JSON_KEYS_MAX);
	if (json->pair_count == json->pair_room)
		json->pairs = mem_grow(json->pairs, &json->pair_room,
		    json->pair_count + 1, sizeof(*json->pairs));
	pair = &json->pairs[json->pair_count++];
	pair->key = (uint32_t)(pull->start - mark);
	pair->key_end = (uint32_t)(pull->end - mark);
	pair->key_escaped = pull->escaped;
	pair->level = (uint8_t)cut->level;
	pair->cut = false;
	pair->column = pair->map = RECORDS_NONE;
	return true;
}

/* Up to the end of the list whose bracket was read. */
static bool
cut_list(struct json_rows *json, struct err *err)
{
	unsigned depth = json->text.pull.depth;
	enum json_token token;

	do {
		token = json_text_next(&json->text, err);
		if (token == JSON_TOKEN_WRONG)
			return false;
	} while (json->text.pull.depth >= depth);
	return true;
}

static bool
cut_value(struct json_rows *json, enum json_token token, struct cut *cut,
    struct err *err)
{
	const struct json_pull *pull = &json->text.pull;
	size_t at = json->pair_count - 1;
	struct json_pair *pair = &json->pairs[at];

	pair->kind = token;
	pair->escaped = pull->escaped;
	pair->start = (uint32_t)(pull->start - json->text.mark);
	if (token == JSON_TOKEN_ARRAY && !cut_list(json, err))
		return false;
	pair->end = (uint32_t)(pull->end - json->text.mark);
	if (token == JSON_TOKEN_OBJECT) {
		cut->level++;
		cut->pairs[cut->level] = at;
		cut->keys[cut->level] = 0;
	}
	return true;
}

/* The pairs of the record, up to its closing bracket. */
static bool
cut_record(struct json_rows *json, struct err *err)
{
	const struct json_pull *pull = &json->text.pull;
	struct cut cut = {.level = 0};

	json->pair_count = 0;
	for (;;) {
		enum json_token token = json_text_next(&json->text, err);
		bool good = true;

		if (token == JSON_TOKEN_KEY)
			good = cut_key(json, &cut, err);
		else if (token == JSON_TOKEN_WRONG)
			good = false;
		else if (token != JSON_TOKEN_OBJECT_END)
			good = cut_value(json, token, &cut, err);
		else if (cut.level == 0)
			break;
		else
			json->pairs[cut.pairs[cut.level--]].end =
			    (uint32_t)(pull->end - json->text.mark);
		if (!good)
			return false;
	}
	if (pull->end - json->text.mark > JSON_UNIT_MAX)
		return json_text_fail(&json->text, json->text.mark, err,
		    "longer than 1 MiB; is this a file of contacts?");
	return true;
}

/* ---- putting ------------------------------------------------------------- */

/* A key as the records name it. */
struct name {
	const char *text;
	size_t len;
};

/* `prefixes`: how much of the path the objects around a level have. */
static struct name
name_of(struct json_rows *json, const struct json_pair *pair, size_t *prefixes)
{
	const char *record = json->text.input->data + json->text.mark;
	const char *key = record + pair->key + 1;
	size_t len = pair->key_end - pair->key - 2;
	struct str *path = &json->path;

	if (pair->level == 0 && !pair->key_escaped &&
	    pair->kind != JSON_TOKEN_OBJECT)
		return (struct name){key, len};
	if (pair->level == 0) {
		str_reset(path);
	} else {
		path->len = prefixes[pair->level];
		path->data[path->len] = '\0';
		str_add_char(path, '.');
	}
	json_decode(path, key, len);
	if (pair->kind == JSON_TOKEN_OBJECT)
		prefixes[pair->level + 1] = path->len;
	return (struct name){path->data, path->len};
}

static bool
fail_seen(struct json_rows *json, const struct json_pair *pair,
    struct name name, const struct json_name *first, struct err *err)
{
	return json_fail_twice(&json->text, json->text.mark + pair->key,
	    name.text, name.len,
	    json_text_line(&json->text, json->text.mark + first->key), err);
}

/* Notes that this record has the name; false when it had it already. */
static bool
take_name(struct json_rows *json, const struct json_pair *pair,
    struct name name, struct json_name *taken, struct err *err)
{
	if (taken->record == json->number)
		return fail_seen(json, pair, name, taken, err);
	taken->record = json->number;
	taken->key = pair->key;
	return true;
}

/* The name may not be one of those either, in this record. */
static bool
is_free(struct json_rows *json, const struct json_pair *pair, struct name name,
    struct json_names *others, struct err *err)
{
	uint32_t other = json_find_name(others, name.text, name.len);

	if (other == RECORDS_NONE ||
	    others->items[other].record != json->number)
		return true;
	return fail_seen(json, pair, name, &others->items[other], err);
}

/* A ceiling of the whole file, not a fault of this text. */
static bool
fail_ceiling(struct json_rows *json, const struct json_pair *pair,
    struct err *err, const char *what)
{
	json_text_fail(
	    &json->text, json->text.mark + pair->key, err, "%s", what);
	json->text.wrong = false;
	return false;
}

static bool
take_column(struct json_rows *json, struct json_pair *pair, struct name name,
    struct err *err)
{
	struct json_names *columns = &json->columns;
	uint32_t column = json_find_name(columns, name.text, name.len);

	if (json->maps.count > 0 &&
	    !is_free(json, pair, name, &json->maps, err))
		return false;
	if (column == RECORDS_NONE) {
		if (!records_add_column(
			json->records, name.text, name.len, &column, err))
			return fail_ceiling(
			    json, pair, err, "more than 1024 different keys");
		json_add_name(columns, name.text, name.len);
	}
	pair->column = column;
	columns->guess = column + 1;
	return take_name(json, pair, name, &columns->items[column], err);
}

static bool
take_map(struct json_rows *json, struct json_pair *pair, struct name name,
    struct err *err)
{
	struct json_names *maps = &json->maps;
	uint32_t map = json_find_name(maps, name.text, name.len);

	if (!is_free(json, pair, name, &json->columns, err))
		return false;
	if (map == RECORDS_NONE && maps->count == RECORDS_COLUMNS_MAX)
		return fail_ceiling(
		    json, pair, err, "more than 1024 different maps");
	if (map == RECORDS_NONE)
		map = json_add_name(maps, name.text, name.len);
	pair->map = map;
	maps->guess = map + 1;
	return take_name(json, pair, name, &maps->items[map], err);
}

static void
set_problem(
    struct json_rows *json, const struct json_pair *pair, const char *what)
{
	struct str text;

	str_init(&text, 256);
	str_addf(&text, "%s: %s",
	    records_column_name(json->records, pair->column), what);
	records_set_problem(json->records, text.data);
	str_release(&text);
}

/* A failing put has no place yet. */
static bool
fail_put(struct json_rows *json, const struct json_pair *pair, struct err *err)
{
	return err_prefix(err, "%s:%u", json->text.name,
	    json_text_line(&json->text, json->text.mark + pair->key));
}

static bool
put_list(struct json_rows *json, const struct json_pair *pair, struct err *err)
{
	size_t at = json->text.mark + pair->start, bad;
	struct err why = ERR_INIT;
	struct json *list = json_parse_part(
	    json->text.input->data + at, pair->end - pair->start, &bad, &why);

	if (!list)
		return json_text_fail(
		    &json->text, at + bad, err, "%s", why.text);
	str_reset(&json->scratch);
	json_print(&json->scratch, list);
	json_free(list);
	if (json->scratch.len <= RECORDS_CELL_MAX)
		return records_put_list(json->records, pair->column,
			   json->scratch.data, json->scratch.len, err) ||
		       fail_put(json, pair, err);
	set_problem(json, pair, "the list is longer than 64 KiB, left out");
	return true;
}

static bool
put_text(struct json_rows *json, struct json_pair *pair, struct err *err)
{
	bool quotes = pair->kind == JSON_TOKEN_STRING;
	size_t at = json->text.mark + pair->start + quotes;
	const char *text = json->text.input->data + at;
	size_t len = pair->end - pair->start - 2 * quotes;

	if (quotes && pair->escaped) {
		str_reset(&json->scratch);
		json_decode(&json->scratch, text, len);
		text = json->scratch.data;
		len = json->scratch.len;
	}
	if (len > RECORDS_CELL_MAX) {
		set_problem(json, pair, "longer than 64 KiB, cut");
		len = RECORDS_CELL_MAX;
		while (((unsigned char)text[len] & 0xC0) == 0x80)
			len--;
		pair->cut = true;
	}
	return records_put(json->records, pair->column, text, len, err) ||
	       fail_put(json, pair, err);
}

static bool
put_pair(struct json_rows *json, struct json_pair *pair, size_t *prefixes,
    struct err *err)
{
	struct name name = name_of(json, pair, prefixes);

	if (name.len > RECORDS_NAME_MAX)
		return json_text_fail(&json->text, json->text.mark + pair->key,
		    err,
		    "the key is longer than 1 KiB with those it stands in");
	if (pair->kind == JSON_TOKEN_OBJECT)
		return take_map(json, pair, name, err);
	if (!take_column(json, pair, name, err))
		return false;
	if (pair->kind == JSON_TOKEN_NULL)
		return true;
	return pair->kind == JSON_TOKEN_ARRAY ? put_list(json, pair, err)
					      : put_text(json, pair, err);
}

bool
json_read_record(struct json_rows *json, struct err *err)
{
	size_t prefixes[JSON_DEPTH_MAX + 1] = {0};

	if (!cut_record(json, err))
		return false;
	json->columns.guess = 0;
	for (size_t i = 0; i < json->pair_count; i++)
		if (!put_pair(json, &json->pairs[i], prefixes, err))
			return false;
	return true;
}
