/* SPDX-License-Identifier: MIT */
/*
 * Contacts in YAML: a list of maps, or a map with exactly one list of maps.
 *
 * A key is a column, a key in a map in a record `outer.inner`; a list in a
 * record becomes one cell of JSON. Keys mostly come in the same order record
 * after record, so the next column is guessed before it is looked for.
 * libyaml reads up to the first record; from there on yaml_flat.c reads the
 * list if it can, and when it meets what it cannot, libyaml starts over.
 * Recursion is bounded by the depth that yaml.c lets through.
 */
#include "source/yaml_records.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "source/input.h"

static void *
yaml_start_whole(struct input *input, struct records *records, const char *name)
{
	struct yaml_records *yaml = mem_zalloc(sizeof(*yaml));

	yaml->input = input;
	yaml->records = records;
	yaml->name = name;
	yaml->reader = yaml_reader_new(input, name);
	yaml->whole = true;
	yaml->line_end = "\n";
	str_init(&yaml->flat.changed, YAML_ENTRY_MAX);
	str_init(&yaml->path, RECORDS_CELL_MAX);
	str_init(&yaml->json, RECORDS_CELL_MAX + 1);
	return yaml;
}

static void *
yaml_start(struct input *input, struct records *records, const char *name)
{
	struct yaml_records *yaml = yaml_start_whole(input, records, name);

	yaml->whole = !input_can_rewind(input);
	return yaml;
}

static void
forget(struct yaml_outer *outers, size_t *count)
{
	while (*count > 0)
		free(outers[--*count].path);
}

static void
yaml_end(void *reader)
{
	struct yaml_records *yaml = reader;

	forget(yaml->maps, &yaml->map_count);
	forget(yaml->roots, &yaml->root_count);
	free(yaml->maps);
	free(yaml->roots);
	free(yaml->seen);
	free(yaml->seen_key);
	free(yaml->spans);
	yaml_flat_release(&yaml->flat);
	str_release(&yaml->path);
	str_release(&yaml->json);
	yaml_reader_free(yaml->reader);
	free(yaml);
}

uint32_t
yaml_line_of(struct yaml_records *yaml, uint64_t character)
{
	struct yaml_place place;

	yaml_reader_place(yaml->reader, character, &place);
	return place.line;
}

bool
yaml_fail_twice(struct yaml_records *yaml, const struct yaml_event *key,
    const char *name, uint32_t first, struct err *err)
{
	return yaml_reader_fail(yaml->reader, key->start, err,
	    "the key '%.64s' is here twice, first in line %u; remove one", name,
	    first);
}

/* The next event; scalars and ends of flow lists and maps are remembered. */
bool
yaml_next_event(
    struct yaml_records *yaml, struct yaml_event *event, struct err *err)
{
	if (!yaml_reader_next(yaml->reader, event, err))
		return false;
	if (event->kind == YAML_EVENT_SCALAR ||
	    (event->flow && (event->kind == YAML_EVENT_LIST_END ||
				event->kind == YAML_EVENT_MAP_END))) {
		yaml->last_start = event->start;
		yaml->last_end = event->end;
		yaml->last_is_block = event->kind == YAML_EVENT_SCALAR &&
				      event->style == YAML_BLOCK;
	}
	return true;
}

bool
yaml_check_key(
    struct yaml_records *yaml, const struct yaml_event *event, struct err *err)
{
	if (event->kind == YAML_EVENT_SCALAR)
		return true;
	return yaml_reader_fail(
	    yaml->reader, event->start, err, "a key must be text");
}

/* ---- a record ----------------------------------------------------------- */

uint32_t
yaml_find_column(struct yaml_records *yaml, const char *name)
{
	uint32_t count = records_column_count(yaml->records);
	uint32_t guess = yaml->guess < count ? yaml->guess : 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t column = guess + i < count ? guess + i
						    : guess + i - count;

		if (strcmp(records_column_name(yaml->records, column), name) ==
		    0)
			return column;
	}
	return RECORDS_NONE;
}

static const struct yaml_outer *
find_outer(const struct yaml_outer *outers, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(outers[i].path, path) == 0)
			return &outers[i];
	return NULL;
}

bool
yaml_add_column(struct yaml_records *yaml, const char *name, size_t len,
    uint32_t *column, struct err *err)
{
	size_t before = yaml->seen_room;

	if (!records_add_column(yaml->records, name, len, column, err))
		return false;
	yaml->seen = mem_grow(yaml->seen, &yaml->seen_room, (size_t)*column + 1,
	    sizeof(*yaml->seen));
	yaml->seen_key = mem_grow(yaml->seen_key, &yaml->seen_key_room,
	    (size_t)*column + 1, sizeof(*yaml->seen_key));
	memset(yaml->seen + before, 0,
	    (yaml->seen_room - before) * sizeof(*yaml->seen));
	return true;
}

static bool
new_column(struct yaml_records *yaml, const struct yaml_event *key,
    uint32_t *column, struct err *err)
{
	if (yaml->path.len > RECORDS_NAME_MAX)
		return yaml_reader_fail(yaml->reader, key->start, err,
		    "the key is longer than 1 KiB with those it stands in");
	return yaml_add_column(
		   yaml, yaml->path.data, yaml->path.len, column, err) ||
	       yaml_reader_fail(yaml->reader, key->start, err,
		   "more than %u different keys", RECORDS_COLUMNS_MAX);
}

/* The column of the key in `path`; false when the key is here twice. */
static bool
take_column(struct yaml_records *yaml, const struct yaml_event *key,
    uint32_t *column, struct err *err)
{
	const char *path = yaml->path.data;
	const struct yaml_outer *map = find_outer(
	    yaml->maps, yaml->map_count, path);

	if (map)
		return yaml_fail_twice(
		    yaml, key, path, yaml_line_of(yaml, map->key), err);
	*column = yaml_find_column(yaml, path);
	if (*column == RECORDS_NONE && !new_column(yaml, key, column, err))
		return false;
	if (yaml->seen[*column] == yaml->number)
		return yaml_fail_twice(yaml, key, path,
		    yaml_line_of(yaml, yaml->seen_key[*column]), err);
	yaml->seen[*column] = yaml->number;
	yaml->seen_key[*column] = key->start;
	yaml->guess = *column + 1;
	return true;
}

static void
note_span(struct yaml_records *yaml, const struct yaml_event *key,
    const struct yaml_event *value, uint32_t column, enum yaml_value kind,
    bool flow)
{
	yaml->spans = mem_grow(yaml->spans, &yaml->span_room,
	    yaml->span_count + 1, sizeof(*yaml->spans));
	yaml->spans[yaml->span_count++] = (struct yaml_span){
	    .column = column,
	    .value = kind,
	    .style = value->style,
	    .flow = flow,
	    .key = key->start,
	    .key_end = key->end,
	    .start = value->start,
	    .end = value->end,
	};
}

static void
set_problem(struct yaml_records *yaml, const char *what)
{
	struct str text;

	str_init(&text, 256);
	str_addf(&text, "%s: %s", yaml->path.data, what);
	records_set_problem(yaml->records, text.data);
	str_release(&text);
}

/* A failing put has no place yet. */
static bool
fail_put(
    struct yaml_records *yaml, const struct yaml_event *key, struct err *err)
{
	return err_prefix(
	    err, "%s:%u", yaml->name, yaml_line_of(yaml, key->start));
}

static bool
put_scalar(struct yaml_records *yaml, const struct yaml_event *key,
    const struct yaml_event *value, bool flow, struct err *err)
{
	bool null = yaml_event_is_null(value);
	size_t len = value->len;
	uint32_t column = 0;

	if (!take_column(yaml, key, &column, err))
		return false;
	note_span(yaml, key, value, column,
	    null ? YAML_VALUE_NULL : YAML_VALUE_TEXT, flow);
	if (null)
		return true;
	if (len > RECORDS_CELL_MAX) {
		set_problem(yaml, "longer than 64 KiB, cut");
		len = RECORDS_CELL_MAX;
		while (((unsigned char)value->text[len] & 0xC0) == 0x80)
			len--;
		yaml->spans[yaml->span_count - 1].value = YAML_VALUE_CUT;
	}
	return records_put(yaml->records, column, value->text, len, err) ||
	       fail_put(yaml, key, err);
}

static bool
put_list(struct yaml_records *yaml, const struct yaml_event *key,
    const struct yaml_event *value, bool flow, struct err *err)
{
	struct json *json;
	uint32_t column = 0;

	if (!take_column(yaml, key, &column, err))
		return false;
	note_span(yaml, key, value, column, YAML_VALUE_LIST, flow);
	json = yaml_read_json(yaml, value, err);
	if (!json)
		return false;
	str_reset(&yaml->json);
	json_print(&yaml->json, json);
	json_free(json);
	if (yaml->json.len <= RECORDS_CELL_MAX)
		return records_put_list(yaml->records, column, yaml->json.data,
			   yaml->json.len, err) ||
		       fail_put(yaml, key, err);
	set_problem(yaml, "the list is longer than 64 KiB, left out");
	return true;
}

static bool read_map(
    struct yaml_records *yaml, size_t prefix, bool flow, struct err *err);

static bool
put_map(struct yaml_records *yaml, const struct yaml_event *key,
    const struct yaml_event *value, struct err *err)
{
	const struct yaml_outer *map;
	uint32_t column = yaml_find_column(yaml, yaml->path.data);
	uint64_t first = UINT64_MAX;

	map = find_outer(yaml->maps, yaml->map_count, yaml->path.data);
	if (map)
		first = map->key;
	if (column != RECORDS_NONE && yaml->seen[column] == yaml->number)
		first = yaml->seen_key[column];
	if (first != UINT64_MAX)
		return yaml_fail_twice(
		    yaml, key, yaml->path.data, yaml_line_of(yaml, first), err);
	if (yaml->map_count == YAML_KEYS_MAX)
		return yaml_reader_fail(yaml->reader, key->start, err,
		    "more than %u maps in one contact", YAML_KEYS_MAX);
	yaml->maps = mem_grow(yaml->maps, &yaml->map_room, yaml->map_count + 1,
	    sizeof(*yaml->maps));
	yaml->maps[yaml->map_count++] = (struct yaml_outer){
	    .path = mem_strdup(yaml->path.data), .key = key->start};
	return read_map(yaml, yaml->path.len, value->flow, err);
}

static void
set_path(struct yaml_records *yaml, size_t prefix, const struct yaml_event *key)
{
	struct str *path = &yaml->path;

	if (prefix == 0) {
		str_reset(path);
	} else {
		path->data[prefix] = '\0';
		path->len = prefix;
		str_add_char(path, '.');
	}
	str_add_bytes(path, key->text, key->len);
}

static void
note_pair(struct yaml_records *yaml, const struct yaml_event *key,
    const struct yaml_event *value)
{
	yaml->pair_count++;
	yaml->pair = (struct yaml_pair){
	    .key = key->start,
	    .key_end = key->end,
	    .key_indent = key->indent,
	    .key_style = key->style,
	    .end = yaml->last_end,
	    .empty = value->kind == YAML_EVENT_SCALAR &&
		     value->style == YAML_PLAIN && value->start == value->end,
	    .block = yaml->last_is_block,
	    .last_start = yaml->last_start,
	};
}

/* The pairs of a map up to its end; `prefix` bytes of the path stay. */
static bool
read_map(struct yaml_records *yaml, size_t prefix, bool flow, struct err *err)
{
	struct yaml_event key, value;
	unsigned keys = 0;
	bool good = true;

	while (good && yaml_next_event(yaml, &key, err)) {
		if (key.kind == YAML_EVENT_MAP_END)
			return true;
		if (!yaml_check_key(yaml, &key, err))
			return false;
		if (++keys > YAML_KEYS_MAX)
			return yaml_reader_fail(yaml->reader, key.start, err,
			    "more than %u keys in one map", YAML_KEYS_MAX);
		set_path(yaml, prefix, &key);
		if (!yaml_next_event(yaml, &value, err))
			return false;
		if (value.kind == YAML_EVENT_SCALAR)
			good = put_scalar(yaml, &key, &value, flow, err);
		else if (value.kind == YAML_EVENT_LIST)
			good = put_list(yaml, &key, &value, flow, err);
		else
			good = put_map(yaml, &key, &value, err);
		if (good && prefix == 0)
			note_pair(yaml, &key, &value);
	}
	return false;
}

/* ---- the file ----------------------------------------------------------- */

/* FNV-1a, so that a save can see that it changed nothing else. */
static void
sum_up(struct yaml_records *yaml, const struct yaml_event *event)
{
	uint64_t sum = yaml->outside ^ event->kind;

	sum *= UINT64_C(0x100000001B3);
	if (event->kind == YAML_EVENT_SCALAR)
		for (size_t i = 0; i < event->len; i++)
			sum = (sum ^ (unsigned char)event->text[i]) *
			      UINT64_C(0x100000001B3);
	yaml->outside = sum;
}

/* Passes over a value whose first event was read. */
static bool
skip(struct yaml_records *yaml, const struct yaml_event *first, struct err *err)
{
	struct yaml_event event = *first;
	unsigned depth = 0;

	for (;;) {
		sum_up(yaml, &event);
		if (event.kind == YAML_EVENT_LIST ||
		    event.kind == YAML_EVENT_MAP)
			depth++;
		if (event.kind == YAML_EVENT_LIST_END ||
		    event.kind == YAML_EVENT_MAP_END)
			depth--;
		if (depth == 0)
			return true;
		if (!yaml_next_event(yaml, &event, err))
			return false;
	}
}

void
yaml_note_line_end(struct yaml_records *yaml, uint64_t byte)
{
	const char *start = yaml->input->data;
	const char *at = start + (byte - yaml->input->offset);

	while (at > start && at[-1] != '\n' && at[-1] != '\r')
		at--;
	if (at == start)
		return;
	if (at[-1] == '\r')
		yaml->line_end = "\r";
	else
		yaml->line_end = at - 1 > start && at[-2] == '\r' ? "\r\n"
								  : "\n";
}

/* What stands before a record is no longer needed. */
static void
release_before(struct yaml_records *yaml, const struct yaml_event *first,
    struct yaml_place *place)
{
	yaml_reader_place(yaml->reader, first->start, place);
	yaml_note_line_end(yaml, place->byte);
	yaml_reader_release(yaml->reader, first->start);
}

bool
yaml_begin_record(
    struct yaml_records *yaml, uint32_t line, uint32_t indent, struct err *err)
{
	yaml->span_count = yaml->pair_count = 0;
	yaml->in_bytes = false;
	yaml->guess = 0;
	yaml->number++;
	yaml->record_indent = indent;
	forget(yaml->maps, &yaml->map_count);
	return records_begin(yaml->records, line, err);
}

bool
yaml_read_record(
    struct yaml_records *yaml, const struct yaml_event *first, struct err *err)
{
	struct yaml_place place;

	yaml->record = *first;
	yaml->is_map = first->kind == YAML_EVENT_MAP;
	release_before(yaml, first, &place);
	if (!yaml_begin_record(yaml, place.line, first->indent, err))
		return err_prefix(err, "%s:%u", yaml->name, place.line);
	if (yaml->is_map)
		return read_map(yaml, 0, first->flow, err);
	records_set_problem(
	    yaml->records, "this entry is not a map of keys and values");
	return skip(yaml, first, err);
}

/* After a restart a record was delivered already; entries are summed anew. */
static enum source_unit
pass_over(
    struct yaml_records *yaml, const struct yaml_event *first, struct err *err)
{
	uint64_t outside = yaml->outside;
	struct yaml_place place;

	yaml->to_skip--;
	release_before(yaml, first, &place);
	if (!skip(yaml, first, err))
		return SOURCE_UNIT_FAILED;
	if (first->kind == YAML_EVENT_MAP)
		yaml->outside = outside;
	return SOURCE_UNIT_HEADER;
}

static enum source_unit
read_record(
    struct yaml_records *yaml, const struct yaml_event *first, struct err *err)
{
	if (yaml->to_skip > 0)
		return pass_over(yaml, first, err);
	if (!yaml_read_record(yaml, first, err))
		return SOURCE_UNIT_FAILED;
	yaml->delivered++;
	return SOURCE_UNIT_RECORD;
}

/*
 * libyaml reads the file from its start. The records that were delivered are
 * the same, and each is passed over as a unit, so that slices stay short.
 */
static enum source_unit
restart(struct yaml_records *yaml, struct err *err)
{
	if (!input_rewind(yaml->input, err)) {
		err_prefix(err, "%s", yaml->name);
		return SOURCE_UNIT_FAILED;
	}
	yaml_reader_free(yaml->reader);
	yaml->reader = yaml_reader_new(yaml->input, yaml->name);
	yaml->whole = true;
	yaml->to_skip = yaml->delivered;
	yaml->state = YAML_AT_START;
	yaml->root_is_map = yaml->found = yaml->found_empty = false;
	yaml->outside = 0;
	forget(yaml->roots, &yaml->root_count);
	return SOURCE_UNIT_HEADER;
}

static enum source_unit
next_flat(struct yaml_records *yaml, struct err *err)
{
	enum source_unit unit = yaml_flat_next(yaml);

	if (unit == SOURCE_UNIT_FAILED)
		return restart(yaml, err);
	if (unit == SOURCE_UNIT_RECORD)
		yaml->delivered++;
	return unit;
}

/* The first record, whose first event was read. */
static enum source_unit
read_first(
    struct yaml_records *yaml, const struct yaml_event *first, struct err *err)
{
	if (yaml->whole || !yaml_flat_enter(yaml, first))
		return read_record(yaml, first, err);
	yaml->state = YAML_IN_FLAT_LIST;
	return next_flat(yaml, err);
}

static bool
fail_no_list(
    struct yaml_records *yaml, const struct yaml_event *event, struct err *err)
{
	return yaml_reader_fail(yaml->reader, event->start, err,
	    "no list of contacts; each contact starts with '- ' and has its "
	    "keys below, such as 'first_name: Ann'");
}

/* A list starts; is it the one of the contacts? `*first`: what is in it. */
static bool
enter_list(struct yaml_records *yaml, const struct yaml_event *list,
    struct yaml_event *first, bool *entered, struct err *err)
{
	uint32_t line = yaml_line_of(yaml, list->start);

	*entered = false;
	if (!yaml_next_event(yaml, first, err))
		return false;
	if (first->kind == YAML_EVENT_MAP) {
		if (yaml->found)
			return yaml_reader_fail(yaml->reader, first->start, err,
			    "a second list of maps, the first is in line %u; "
			    "keep the contacts in one",
			    yaml->found_line);
		yaml->found = *entered = true;
		yaml->found_line = line;
		yaml->state = YAML_IN_LIST;
		return true;
	}
	if (first->kind == YAML_EVENT_LIST_END) {
		yaml->found_empty = true;
		return true;
	}
	if (!yaml->root_is_map)
		return fail_no_list(yaml, list, err);
	while (first->kind != YAML_EVENT_LIST_END)
		if (!skip(yaml, first, err) ||
		    !yaml_next_event(yaml, first, err))
			return false;
	return true;
}

static bool
take_root_key(
    struct yaml_records *yaml, const struct yaml_event *key, struct err *err)
{
	const struct yaml_outer *before;

	if (!yaml_check_key(yaml, key, err))
		return false;
	before = find_outer(yaml->roots, yaml->root_count, key->text);
	if (before)
		return yaml_fail_twice(yaml, key, key->text, before->line, err);
	if (yaml->root_count == YAML_KEYS_MAX)
		return yaml_reader_fail(yaml->reader, key->start, err,
		    "more than %u keys in one map", YAML_KEYS_MAX);
	yaml->roots = mem_grow(yaml->roots, &yaml->root_room,
	    yaml->root_count + 1, sizeof(*yaml->roots));
	yaml->roots[yaml->root_count++] = (struct yaml_outer){
	    .path = mem_strndup(key->text, key->len),
	    .line = yaml_line_of(yaml, key->start)};
	sum_up(yaml, key);
	return true;
}

/* Goes on in the file's own map, to the list of contacts or to the end. */
static enum source_unit
read_root(struct yaml_records *yaml, struct err *err)
{
	struct yaml_event event, first;
	bool entered;

	while (yaml_next_event(yaml, &event, err)) {
		if (event.kind == YAML_EVENT_MAP_END) {
			if (!yaml->found && !yaml->found_empty &&
			    !fail_no_list(yaml, &event, err))
				break;
			yaml->state = YAML_AT_END;
			return SOURCE_UNIT_HEADER;
		}
		if (!take_root_key(yaml, &event, err) ||
		    !yaml_next_event(yaml, &event, err))
			break;
		if (event.kind != YAML_EVENT_LIST) {
			if (!skip(yaml, &event, err))
				break;
			continue;
		}
		if (!enter_list(yaml, &event, &first, &entered, err))
			break;
		if (entered)
			return read_first(yaml, &first, err);
	}
	return SOURCE_UNIT_FAILED;
}

static enum source_unit
read_start(struct yaml_records *yaml, struct err *err)
{
	struct yaml_event event, first;
	bool entered;

	if (!yaml_next_event(yaml, &event, err))
		return SOURCE_UNIT_FAILED;
	yaml->state = YAML_AT_END;
	switch (event.kind) {
	case YAML_EVENT_NOTHING: return SOURCE_UNIT_HEADER;
	case YAML_EVENT_LIST:
		if (!enter_list(yaml, &event, &first, &entered, err))
			return SOURCE_UNIT_FAILED;
		return entered ? read_first(yaml, &first, err)
			       : SOURCE_UNIT_HEADER;
	case YAML_EVENT_MAP:
		yaml->state = YAML_IN_ROOT;
		yaml->root_is_map = true;
		return read_root(yaml, err);
	default: fail_no_list(yaml, &event, err); return SOURCE_UNIT_FAILED;
	}
}

static enum source_unit
yaml_next(void *reader, struct err *err)
{
	struct yaml_records *yaml = reader;
	struct yaml_event event;

	switch (yaml->state) {
	case YAML_AT_START: return read_start(yaml, err);
	case YAML_IN_ROOT: return read_root(yaml, err);
	case YAML_IN_FLAT_LIST: return next_flat(yaml, err);
	case YAML_IN_LIST:
		if (!yaml_next_event(yaml, &event, err))
			return SOURCE_UNIT_FAILED;
		if (event.kind != YAML_EVENT_LIST_END)
			return read_record(yaml, &event, err);
		yaml->state = yaml->root_is_map ? YAML_IN_ROOT : YAML_AT_END;
		return SOURCE_UNIT_HEADER;
	default: break;
	}
	return yaml_next_event(yaml, &event, err) ? SOURCE_UNIT_END
						  : SOURCE_UNIT_FAILED;
}

static uint64_t
yaml_outside(const void *reader)
{
	const struct yaml_records *yaml = reader;

	return yaml->outside;
}

/* A line of the head that only YAML starts with. */
static bool
yaml_looks_like(const char *head, size_t len)
{
	const char *at = head, *end = head + len;

	for (; at < end; at++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *colon;

		if (!stop)
			stop = end;
		if (*at == '#' || *at == '\n' || *at == '\r') {
			at = stop;
			continue;
		}
		if (*at == '[' || *at == '{' || strncmp(at, "- ", 2) == 0 ||
		    strncmp(at, "---", 3) == 0)
			return true;
		colon = memchr(at, ':', (size_t)(stop - at));
		return colon && !memchr(at, ',', (size_t)(stop - at)) &&
		       (colon + 1 == end || strchr(" \r\n", colon[1]));
	}
	return false;
}

static const char *const endings[] = {".yaml", ".yml", NULL};

const struct source_format yaml_format = {
    .name = "YAML",
    .endings = endings,
    .result_id = "healthsherpa_id",
    .looks_like = yaml_looks_like,
    .start = yaml_start,
    .next = yaml_next,
    .end = yaml_end,
    .splice = yaml_splice,
    .prove = yaml_prove,
    .outside = yaml_outside,
};

const struct source_format yaml_whole_format = {
    .name = "YAML",
    .endings = endings,
    .result_id = "healthsherpa_id",
    .looks_like = yaml_looks_like,
    .start = yaml_start_whole,
    .next = yaml_next,
    .end = yaml_end,
    .splice = yaml_splice,
    .prove = yaml_prove,
    .outside = yaml_outside,
};
