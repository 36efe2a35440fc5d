/* SPDX-License-Identifier: MIT */
/*
 * Contacts in JSON: a list of objects, an object with exactly one list of
 * objects, or one object a line.
 *
 * A file named .json that holds lines is read as such: its first object ends
 * and another one follows. In lines one bad line is a row with a problem, as
 * long as the next line starts an object again.
 */
#include "source/json_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "source/input.h"

/* How far the first object may reach to be told from the file's own. */
enum { LOOK_AHEAD = 128 << 10 };

static struct json_rows *
make_reader(struct input *input, struct records *records, const char *name)
{
	struct json_rows *json = mem_zalloc(sizeof(*json));

	json->records = records;
	json_text_init(&json->text, input, name);
	str_init(&json->path, RECORDS_CELL_MAX);
	str_init(&json->scratch, JSON_UNIT_MAX);
	return json;
}

static void *
rows_start(struct input *input, struct records *records, const char *name)
{
	return make_reader(input, records, name);
}

static void *
rows_start_lines(struct input *input, struct records *records, const char *name)
{
	struct json_rows *json = make_reader(input, records, name);

	json->by_line = true;
	return json;
}

static void
rows_end(void *reader)
{
	struct json_rows *json = reader;

	json_release_names(&json->columns);
	json_release_names(&json->maps);
	json_release_names(&json->roots);
	free(json->pairs);
	str_release(&json->path);
	str_release(&json->scratch);
	free(json);
}

/* ---- beside the contacts ------------------------------------------------- */

/* FNV-1a, so that a save can see that it changed nothing else. */
static void
sum_up(struct json_rows *json, size_t start, size_t end)
{
	const char *data = json->text.input->data;
	uint64_t sum = json->outside;

	for (size_t i = start; i < end; i++)
		sum = (sum ^ (unsigned char)data[i]) * UINT64_C(0x100000001B3);
	json->outside = sum;
}

/* Passes over a value whose first token was read. */
static bool
skip(struct json_rows *json, enum json_token token, struct err *err)
{
	const struct json_pull *pull = &json->text.pull;
	unsigned depth = pull->depth;

	if (token == JSON_TOKEN_OBJECT || token == JSON_TOKEN_ARRAY)
		depth--;
	sum_up(json, pull->start, pull->end);
	while (pull->depth > depth) {
		if (json_text_next(&json->text, err) == JSON_TOKEN_WRONG)
			return false;
		sum_up(json, pull->start, pull->end);
	}
	return true;
}

/* ---- contacts ------------------------------------------------------------ */

static bool
begin_record(struct json_rows *json, struct err *err)
{
	uint32_t line = json->text.mark_line.number;

	json->is_map = false;
	json->pair_count = 0;
	if (records_begin(json->records, line, err))
		return true;
	return err_prefix(err, "%s:%u", json->text.name, line);
}

static bool
read_entry(struct json_rows *json, enum json_token token, struct err *err)
{
	if (token == JSON_TOKEN_OBJECT) {
		json->is_map = true;
		return json_read_record(json, err);
	}
	records_set_problem(
	    json->records, "this entry is not a map of keys and values");
	return skip(json, token, err);
}

/* The entry whose first token was read; none when that fails. */
static enum source_unit
read_record(struct json_rows *json, enum json_token token, struct err *err)
{
	json_text_mark(&json->text);
	json->number++;
	if (!begin_record(json, err))
		return SOURCE_UNIT_FAILED;
	if (read_entry(json, token, err))
		return SOURCE_UNIT_RECORD;
	records_drop_last(json->records);
	return SOURCE_UNIT_FAILED;
}

/*
 * A line that cannot be read is a row that says so, and `err` is taken back.
 * `outside`: the sum before it, since what it leaves open may have been read
 * on into the next lines.
 */
static enum source_unit
give_up_line(struct json_rows *json, uint64_t outside, struct err *err)
{
	struct err ignored = ERR_INIT;
	struct str problem;
	size_t end;

	if (!json_text_skip_line(&json->text, &end, &ignored))
		return SOURCE_UNIT_FAILED;
	*err = (struct err)ERR_INIT;
	if (!begin_record(json, err))
		return SOURCE_UNIT_FAILED;
	str_init(&problem, 400);
	str_addf(&problem, "the line cannot be read, column %llu: ",
	    (unsigned long long)json->text.wrong_column);
	text_clean(
	    &problem, json->text.wrong_what, strlen(json->text.wrong_what));
	records_set_problem(json->records, problem.data);
	str_release(&problem);
	json->outside = outside;
	sum_up(json, json->text.mark, end);
	return SOURCE_UNIT_RECORD;
}

static enum source_unit
read_line(struct json_rows *json, struct err *err)
{
	enum source_unit unit = SOURCE_UNIT_FAILED;
	uint64_t outside = json->outside;
	enum json_token token;

	json_text_unmark(&json->text);
	json->text.wrong = false;
	token = json_text_next(&json->text, err);
	if (token == JSON_TOKEN_END)
		return SOURCE_UNIT_END;
	if (token == JSON_TOKEN_WRONG)
		json_text_mark(&json->text);
	else
		unit = read_record(json, token, err);
	return unit == SOURCE_UNIT_FAILED && json->text.wrong
		   ? give_up_line(json, outside, err)
		   : unit;
}

/* ---- the file ------------------------------------------------------------ */

static bool
fail_no_list(struct json_rows *json, struct err *err)
{
	return json_text_fail(&json->text, json->text.pull.start, err,
	    "no list of contacts; it starts with [, ends with ] and holds an "
	    "object for each contact, such as {\"first_name\": \"Ann\"}");
}

/* The key of the file's own object that stands in `root`. */
static bool
fail_second_list(struct json_rows *json, uint32_t root, struct err *err)
{
	const struct json_name *items = json->roots.items;

	return json_text_fail(&json->text, json->text.pull.start, err,
	    "'%.64s' is a second list of contacts, the first is '%.64s' in "
	    "line %u; keep the contacts in one",
	    items[root].text, items[json->found_root].text, json->found_line);
}

/*
 * A list starts, in the file's own object the value of the key `root`; is it
 * the one of the contacts? `*first`: the token of what is in it.
 */
static bool
enter_list(struct json_rows *json, uint32_t root, enum json_token *first,
    bool *entered, struct err *err)
{
	uint32_t line = json->text.pull.line.number;

	*entered = false;
	*first = json_text_next(&json->text, err);
	if (*first == JSON_TOKEN_WRONG)
		return false;
	if (*first == JSON_TOKEN_OBJECT) {
		if (json->found)
			return fail_second_list(json, root, err);
		json->found = *entered = true;
		json->found_line = line;
		json->found_root = root;
		json->state = JSON_IN_LIST;
		return true;
	}
	if (*first == JSON_TOKEN_ARRAY_END) {
		json->found_empty = true;
		return true;
	}
	if (!json->root_is_map)
		return fail_no_list(json, err);
	while (*first != JSON_TOKEN_ARRAY_END) {
		if (!skip(json, *first, err))
			return false;
		*first = json_text_next(&json->text, err);
		if (*first == JSON_TOKEN_WRONG)
			return false;
	}
	return true;
}

/* The key of the file's own object that was read; `*root` in `roots`. */
static bool
take_root_key(struct json_rows *json, uint32_t *root, struct err *err)
{
	const struct json_pull *pull = &json->text.pull;
	struct json_names *roots = &json->roots;
	struct str *path = &json->path;

	str_reset(path);
	json_decode(path, json->text.input->data + pull->start + 1,
	    pull->end - pull->start - 2);
	*root = json_find_name(roots, path->data, path->len);
	if (*root != RECORDS_NONE)
		return json_fail_twice(&json->text, pull->start, path->data,
		    path->len, roots->items[*root].line, err);
	if (roots->count == JSON_KEYS_MAX)
		return json_text_fail(&json->text, pull->start, err,
		    "more than %u keys in one map", JSON_KEYS_MAX);
	*root = json_add_name(roots, path->data, path->len);
	roots->items[*root].line = pull->line.number;
	sum_up(json, pull->start, pull->end);
	return true;
}

/* Goes on in the file's own object, to the list of contacts or to the end. */
static enum source_unit
read_root(struct json_rows *json, struct err *err)
{
	enum json_token token, first;
	uint32_t root;
	bool entered;

	json_text_unmark(&json->text);
	while ((token = json_text_next(&json->text, err)) == JSON_TOKEN_KEY) {
		if (!take_root_key(json, &root, err))
			return SOURCE_UNIT_FAILED;
		token = json_text_next(&json->text, err);
		if (token == JSON_TOKEN_WRONG)
			return SOURCE_UNIT_FAILED;
		if (token != JSON_TOKEN_ARRAY) {
			if (!skip(json, token, err))
				return SOURCE_UNIT_FAILED;
			continue;
		}
		if (!enter_list(json, root, &first, &entered, err))
			return SOURCE_UNIT_FAILED;
		if (entered)
			return read_record(json, first, err);
	}
	if (token == JSON_TOKEN_WRONG ||
	    (!json->found && !json->found_empty && !fail_no_list(json, err)))
		return SOURCE_UNIT_FAILED;
	json->state = JSON_AT_END;
	return SOURCE_UNIT_HEADER;
}

static enum source_unit
read_list(struct json_rows *json, struct err *err)
{
	enum json_token token;

	json_text_unmark(&json->text);
	token = json_text_next(&json->text, err);
	if (token == JSON_TOKEN_WRONG)
		return SOURCE_UNIT_FAILED;
	if (token != JSON_TOKEN_ARRAY_END)
		return read_record(json, token, err);
	json->state = json->root_is_map ? JSON_IN_ROOT : JSON_AT_END;
	return SOURCE_UNIT_HEADER;
}

/* Behind the end nothing may follow. */
static enum source_unit
read_end(struct json_rows *json, struct err *err)
{
	json_text_unmark(&json->text);
	return json_text_next(&json->text, err) == JSON_TOKEN_END
		   ? SOURCE_UNIT_END
		   : SOURCE_UNIT_FAILED;
}

/* Whether a text, maybe cut, starts with an object and then another one. */
static bool
holds_lines(const char *text, size_t len, bool whole)
{
	struct json_pull pull;
	enum json_token token;

	json_pull_init(&pull, text, len);
	pull.many = true;
	pull.whole = whole;
	if (json_pull_next(&pull) != JSON_TOKEN_OBJECT)
		return false;
	do
		token = json_pull_next(&pull);
	while (token > JSON_TOKEN_END && pull.depth > 0);
	return token == JSON_TOKEN_OBJECT_END && pull.end <= LOOK_AHEAD &&
	       json_pull_next(&pull) == JSON_TOKEN_OBJECT;
}

static bool
starts_list(const struct input *input)
{
	return input->data[strspn(input->data, " \t\r\n")] == '[';
}

static enum source_unit
read_start(struct json_rows *json, struct err *err)
{
	struct input *input = json->text.input;
	enum json_token first;
	bool entered;

	if (!json_text_fill(&json->text, LOOK_AHEAD, err))
		return SOURCE_UNIT_FAILED;
	if (!json->decided)
		json->lines = json->by_line ? !starts_list(input)
					    : holds_lines(input->data,
						  input->len, input->ended);
	if (json->lines) {
		json->text.pull.many = true;
		json->state = JSON_IN_LINES;
		return SOURCE_UNIT_HEADER;
	}
	json->state = JSON_AT_END;
	switch (json_text_next(&json->text, err)) {
	case JSON_TOKEN_ARRAY:
		if (!enter_list(json, 0, &first, &entered, err))
			return SOURCE_UNIT_FAILED;
		return entered ? read_record(json, first, err)
			       : SOURCE_UNIT_HEADER;
	case JSON_TOKEN_OBJECT:
		json->state = JSON_IN_ROOT;
		json->root_is_map = true;
		return read_root(json, err);
	case JSON_TOKEN_END:
		json_text_fail(&json->text, json->text.pull.start, err,
		    "the file is empty; export the contacts again");
		return SOURCE_UNIT_FAILED;
	case JSON_TOKEN_WRONG: return SOURCE_UNIT_FAILED;
	default: fail_no_list(json, err); return SOURCE_UNIT_FAILED;
	}
}

static enum source_unit
rows_next(void *reader, struct err *err)
{
	struct json_rows *json = reader;

	switch (json->state) {
	case JSON_AT_START: return read_start(json, err);
	case JSON_IN_ROOT: return read_root(json, err);
	case JSON_IN_LIST: return read_list(json, err);
	case JSON_IN_LINES: return read_line(json, err);
	case JSON_AT_END: break;
	}
	return read_end(json, err);
}

/* The first object may have grown out of what is looked at. */
static void
rows_follow(void *reader, const void *leader)
{
	struct json_rows *json = reader;
	const struct json_rows *done = leader;

	json->decided = true;
	json->lines = done->lines;
}

static uint64_t
rows_outside(const void *reader)
{
	const struct json_rows *json = reader;

	return json->outside;
}

/* ---- what it looks like -------------------------------------------------- */

static const char *
skip_blanks(const char *at, const char *end)
{
	static const char blanks[] = {' ', '\t', '\r', '\n'};

	while (at < end && memchr(blanks, *at, sizeof(blanks)))
		at++;
	return at;
}

/* Brackets, then a key in quotes or nothing: YAML has its keys plain. */
static bool
looks_like(const char *head, size_t len)
{
	const char *end = head + len, *at = skip_blanks(head, end);

	if (at < end && *at == '[') {
		at = skip_blanks(at + 1, end);
		if (at < end && *at == ']')
			return true;
	}
	if (at == end || *at != '{')
		return false;
	at = skip_blanks(at + 1, end);
	return at < end && (*at == '"' || *at == '}');
}

/* By its name only: what JSON looks like may be lines as well. */
static bool
lines_look_like(const char *head, size_t len)
{
	(void)head;
	(void)len;
	return false;
}

static const char *const json_endings[] = {".json", NULL};
static const char *const json_lines_endings[] = {".jsonl", ".ndjson", NULL};

const struct source_format json_format = {
    .name = "JSON",
    .endings = json_endings,
    .result_id = "healthsherpa_id",
    .any_encoding = true,
    .looks_like = looks_like,
    .start = rows_start,
    .next = rows_next,
    .end = rows_end,
    .splice = json_splice,
    .outside = rows_outside,
    .follow = rows_follow,
};

const struct source_format json_lines_format = {
    .name = "JSON lines",
    .endings = json_lines_endings,
    .result_id = "healthsherpa_id",
    .any_encoding = true,
    .looks_like = lines_look_like,
    .start = rows_start_lines,
    .next = rows_next,
    .end = rows_end,
    .splice = json_splice,
    .outside = rows_outside,
    .follow = rows_follow,
};
