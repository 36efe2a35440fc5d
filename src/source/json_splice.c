/* SPDX-License-Identifier: MIT */
/*
 * Changing values of a contact in JSON, and adding keys, in its own style.
 *
 * A new key goes behind the last pair of its object, with the comma, blanks
 * and line ends that stand before that pair and around its colon. A value
 * stays of the kind it was, where the new text allows it: a number becomes a
 * number, anything else a text.
 */
#include "source/json_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "source/input.h"

struct place {
	struct json_rows *json;
	struct splice *splice;
	struct str text;
	const char *record; /* in the window */
	/* Keys to an object without any, by its pair; to the record: the last.
	 */
	unsigned *added;
	size_t cells; /* to be changed or added */
};

static void
put(struct place *place, uint32_t start, uint32_t end)
{
	const struct input *input = place->json->text.input;
	size_t mark = place->json->text.mark;

	splice_add(place->splice, input_place(input, mark + start),
	    input_place(input, mark + end), place->text.data, place->text.len);
	str_reset(&place->text);
}

static bool
is_wide(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			return true;
	return false;
}

/* Whether the text holds an escape of a character beyond ASCII. */
static bool
escapes_wide(const char *text, size_t len)
{
	const char *end = text + len, *at = text;

	while ((at = memchr(at, '\\', (size_t)(end - at))) && end - at > 5) {
		if (at[1] == 'u' && strncmp(at + 2, "00", 2) != 0)
			return true;
		if (at[1] == 'u' && at[4] >= '8')
			return true;
		at += 2;
	}
	return false;
}

/* As the file writes characters beyond ASCII, as far as the window shows. */
static void
write_text(struct place *place, const char *text)
{
	const struct input *input = place->json->text.input;
	enum json_escape escape = JSON_ESCAPE_LEAST;

	if (is_wide(text, strlen(text)) && !is_wide(input->data, input->len) &&
	    escapes_wide(input->data, input->len))
		escape = JSON_ESCAPE_WIDE;
	json_print_text(&place->text, text, escape);
}

/* ---- replacing ----------------------------------------------------------- */

static struct json_pair *
find_pair(const struct json_rows *json, const char *column)
{
	for (size_t i = 0; i < json->pair_count; i++) {
		struct json_pair *pair = &json->pairs[i];

		if (pair->column != RECORDS_NONE &&
		    strcmp(records_column_name(json->records, pair->column),
			column) == 0)
			return pair;
	}
	return NULL;
}

static bool
stays_bare(const struct json_pair *pair, const char *text)
{
	switch (pair->kind) {
	case JSON_TOKEN_NUMBER: return json_is_number_text(text);
	case JSON_TOKEN_TRUE:
	case JSON_TOKEN_FALSE:
		return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
	default: return false;
	}
}

static void
change(
    struct place *place, const struct json_pair *pair, struct splice_cell *cell)
{
	const char *why = NULL;

	if (pair->kind == JSON_TOKEN_ARRAY)
		why = "a list is there; change it in the file";
	if (pair->cut)
		why = "the value there is longer than 64 KiB";
	if (why) {
		snprintf(cell->why, sizeof(cell->why), "%s", why);
		return;
	}
	if (stays_bare(pair, cell->text))
		str_add(&place->text, cell->text);
	else
		write_text(place, cell->text);
	put(place, pair->start, pair->end);
}

/* ---- adding -------------------------------------------------------------- */

/* An object that a key can be added to. */
struct object {
	uint32_t start;  /* behind its bracket */
	unsigned *added; /* keys to it, while it has no pair */
	uint32_t count;  /* its pairs, and the last two or NULL: */
	const struct json_pair *last, *before;
};

/* The pairs from `at` on that are on this level, or in one that is. */
static void
find_pairs(const struct json_rows *json, size_t at, unsigned level,
    struct object *object)
{
	for (; at < json->pair_count && json->pairs[at].level >= level; at++) {
		if (json->pairs[at].level != level)
			continue;
		object->before = object->last;
		object->last = &json->pairs[at];
		object->count++;
	}
}

/*
 * The object that a column belongs in: the innermost one there that its name
 * leads to, else the record. `*key` is what is left of the name.
 */
static struct object
find_object(struct place *place, const char *column, const char **key)
{
	const struct json_rows *json = place->json;
	struct object object = {
	    .start = 1, .added = &place->added[json->pair_count]};
	size_t best = json->pair_count, best_len = 0;

	for (size_t i = 0; i < json->pair_count; i++) {
		const struct json_name *map;

		if (json->pairs[i].map == RECORDS_NONE)
			continue;
		map = &json->maps.items[json->pairs[i].map];
		if (map->len >= best_len &&
		    strncmp(map->text, column, map->len) == 0 &&
		    column[map->len] == '.') {
			best = i;
			best_len = map->len + 1;
		}
	}
	*key = column + best_len;
	if (best == json->pair_count) {
		find_pairs(json, 0, 0, &object);
		return object;
	}
	object.start = json->pairs[best].start + 1;
	object.added = &place->added[best];
	find_pairs(json, best + 1, json->pairs[best].level + 1u, &object);
	return object;
}

/* What stands between two pairs: comma, blanks, line ends. */
static void
write_separator(struct place *place, const struct object *object)
{
	const struct json_pair *last = object->last;
	const char *record = place->record;
	uint32_t from = object->before ? object->before->end : object->start;
	const char *gap = record + from;
	size_t len = last->key - from;

	if (!object->before) {
		str_add_char(&place->text, ',');
		/* `{"a": 1}` has its blanks behind colon and comma alone */
		if (len == 0 && strchr(record + last->key_end, ':')[1] == ' ')
			gap = " ", len = 1;
	}
	str_add_bytes(&place->text, gap, len);
}

/* Colon and blanks as around the last one, if they are on one line. */
static void
write_colon(struct place *place, const struct json_pair *last)
{
	const char *gap = place->record + last->key_end;
	size_t len = last->start - last->key_end;

	if (memchr(gap, '\n', len) || memchr(gap, '\r', len))
		str_add(&place->text, ": ");
	else
		str_add_bytes(&place->text, gap, len);
}

static void
add_to(struct place *place, const struct object *object, const char *key,
    const char *text)
{
	const struct json_pair *last = object->last;
	uint32_t at = last ? last->end : object->start;

	if (last)
		write_separator(place, object);
	else if ((*object->added)++ > 0)
		str_add(&place->text, ", ");
	write_text(place, key);
	if (last)
		write_colon(place, last);
	else
		str_add(&place->text, ": ");
	write_text(place, text);
	put(place, at, at);
}

static bool
holds_map(const struct json_rows *json, const char *column)
{
	for (size_t i = 0; i < json->pair_count; i++)
		if (json->pairs[i].map != RECORDS_NONE &&
		    strcmp(json->maps.items[json->pairs[i].map].text, column) ==
			0)
			return true;
	return false;
}

static void
add(struct place *place, struct splice_cell *cell)
{
	const char *why = NULL, *key;
	struct object object;

	if (!place->json->is_map)
		why = "the entry is not a map of keys and values";
	else if (strlen(cell->column) > RECORDS_NAME_MAX)
		why = "the name of the column is too long for a key";
	else if (holds_map(place->json, cell->column))
		why = "a map is there; change its keys instead";
	if (!why) {
		object = find_object(place, cell->column, &key);
		/* all that come with this save might go there */
		if (object.count + place->cells > JSON_KEYS_MAX)
			why = "the map has too many keys already";
	}
	if (why) {
		snprintf(cell->why, sizeof(cell->why), "%s", why);
		return;
	}
	add_to(place, &object, key, cell->text);
}

void
json_splice(void *reader, struct splice_job *job, struct splice *splice)
{
	struct json_rows *json = reader;
	struct place place = {
	    .json = json, .splice = splice, .cells = job->cell_count};

	if (job->cell_count == 0)
		return;
	place.record = json->text.input->data + json->text.mark;
	place.added = mem_zalloc((json->pair_count + 1) * sizeof(*place.added));
	str_init(&place.text, 1 << 20);
	for (size_t i = 0; i < job->cell_count; i++) {
		const struct json_pair *pair = find_pair(
		    json, job->cells[i].column);

		if (pair)
			change(&place, pair, &job->cells[i]);
		else
			add(&place, &job->cells[i]);
	}
	splice_limit(
	    splice, job, json->text.pull.end - json->text.mark, JSON_UNIT_MAX);
	str_release(&place.text);
	free(place.added);
}
