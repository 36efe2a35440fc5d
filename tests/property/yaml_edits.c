/* SPDX-License-Identifier: MIT */
/*
 * Made-up configs with comments in every place, and random changes of single
 * entries, one after the other. A model of the document, which knows nothing of
 * YAML, says what each entry must be afterwards; every comment must still be
 * there, once, and every line that is not the entry's as it was.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "property.h"
#include "source/yaml_edit.h"
#include "source/yaml_tree.h"

/* more keys than there are names */
enum {
	ITEMS_MAX = 16,
	DEPTH_MAX = 4,
	CHANGES = 6,
	ROOM = 4 << 20,
	MARK_SIZE = 16
};

/* ---- the model ------------------------------------------------------------
 */

struct model {
	enum { TEXT, NOTHING, LIST, MAP } kind;
	char *text;
	unsigned count;
	char *keys[ITEMS_MAX];
	struct model *items[ITEMS_MAX];
};

static struct model *
model_new(int kind, const char *text)
{
	struct model *model = mem_zalloc(sizeof(*model));

	model->kind = kind;
	if (text)
		model->text = mem_strdup(text);
	return model;
}

static void
model_free(struct model *model)
{
	if (!model)
		return;
	for (unsigned i = 0; i < model->count; i++) {
		free(model->keys[i]);
		model_free(model->items[i]);
	}
	free(model->text);
	free(model);
}

static struct model *
model_add(struct model *to, const char *key, struct model *item)
{
	to->keys[to->count] = key ? mem_strdup(key) : NULL;
	to->items[to->count++] = item;
	return to;
}

static int
model_find(const struct model *map, const char *key)
{
	for (unsigned i = 0; map->kind == MAP && i < map->count; i++)
		if (strcmp(map->keys[i], key) == 0)
			return (int)i;
	return -1;
}

static bool
same(const struct model *model, const struct yaml_node *node)
{
	switch (model->kind) {
	case NOTHING: return yaml_tree_is_null(node);
	case TEXT:
		return node->kind == YAML_SCALAR && !yaml_tree_is_null(node) &&
		       strcmp(node->text, model->text) == 0;
	case LIST:
	case MAP: break;
	}
	if (node->kind != (model->kind == LIST ? YAML_LIST : YAML_MAP) ||
	    node->count != model->count)
		return false;
	for (unsigned i = 0; i < model->count; i++) {
		const struct yaml_node *item = model->kind == LIST
						   ? node->items[i]
						   : yaml_tree_get(
							 node, model->keys[i]);

		if (!item || !same(model->items[i], item))
			return false;
	}
	return true;
}

static void
model_take_out(struct model *map, unsigned at)
{
	free(map->keys[at]);
	model_free(map->items[at]);
	map->count--;
	memmove(map->keys + at, map->keys + at + 1,
	    (map->count - at) * sizeof(*map->keys));
	memmove(map->items + at, map->items + at + 1,
	    (map->count - at) * sizeof(*map->items));
}

/* ---- writing a document ---------------------------------------------------
 */

struct trial {
	uint64_t seed;
	struct dice dice;
	struct model *model;
	struct str text;
	const char *line_break;
	unsigned step;
	unsigned comments; /* written so far, each with its number */
	unsigned texts;    /* scalars, likewise */
};

static bool
chance(struct trial *trial, unsigned percent)
{
	return dice_chance(&trial->dice, percent);
}

static void
add(struct trial *trial, const char *text)
{
	str_add(&trial->text, text);
}

static void
add_break(struct trial *trial, unsigned indent)
{
	add(trial, trial->line_break);
	for (unsigned i = 0; i < indent; i++)
		str_add_char(&trial->text, ' ');
}

static void
add_comment(struct trial *trial)
{
	static const char *const ends[] = {
	    "", " a: b", " {", " \"open", " - x", " 'it", "  ", " caf\xC3\xA9"};

	str_addf(&trial->text, "#c%u.%s", trial->comments++,
	    ends[dice_roll(&trial->dice, 8)]);
}

/* Behind a value, on its line. */
static void
end_line(struct trial *trial, unsigned percent)
{
	if (chance(trial, percent)) {
		add(trial, chance(trial, 10) ? "\t" : " ");
		add_comment(trial);
	} else if (chance(trial, 5)) {
		add(trial, "  ");
	}
}

/* Comment lines and empty ones, before a line that is as far in as `indent`;
 * the text ends with a line break and that indent, before and after. */
static void
between(struct trial *trial, unsigned indent, unsigned percent)
{
	while (chance(trial, percent)) {
		if (chance(trial, 70))
			add_comment(trial);
		add_break(trial, indent);
	}
}

/* A scalar that is known again, in one of the ways to write it. */
static struct model *
write_text(struct trial *trial)
{
	char text[MARK_SIZE * 4];

	snprintf(text, sizeof(text), "t%u", trial->texts++);
	switch (dice_roll(&trial->dice, 6)) {
	case 0:
		str_addf(&trial->text, "\"%s # \\\"x\\\"\"", text);
		strncat(text, " # \"x\"", sizeof(text) - strlen(text) - 1);
		break;
	case 1:
		str_addf(&trial->text, "'%s: it''s'", text);
		strncat(text, ": it's", sizeof(text) - strlen(text) - 1);
		break;
	case 2:
		str_addf(&trial->text, "%s a#b/c", text);
		strncat(text, " a#b/c", sizeof(text) - strlen(text) - 1);
		break;
	default: add(trial, text);
	}
	return model_new(TEXT, text);
}

/* Perhaps a new line, perhaps a comment before it; there is always a blank. */
static void
pause(struct trial *trial, bool lines)
{
	if (!lines || !chance(trial, 60)) {
		add(trial, " ");
		return;
	}
	end_line(trial, 40);
	add_break(trial, 12);
	between(trial, 12, 10);
}

static int
any_kind(struct trial *trial)
{
	return chance(trial, 50) ? MAP : LIST;
}

static struct model *
write_in_brackets(struct trial *trial, int kind, unsigned depth)
{
	bool map = kind == MAP, lines = chance(trial, 30);
	struct model *model = model_new(kind, NULL);
	unsigned count = dice_roll(&trial->dice, 4);
	char key[MARK_SIZE];

	add(trial, map ? "{" : "[");
	for (unsigned i = 0; i < count; i++) {
		struct model *item;

		if (i > 0)
			add(trial, ",");
		if (i > 0 || lines)
			pause(trial, lines);
		snprintf(key, sizeof(key), "k%u", i);
		if (map)
			str_addf(&trial->text,
			    chance(trial, 20) ? "\"%s\": " : "%s: ", key);
		if (depth > 0 && chance(trial, 20))
			item = write_in_brackets(
			    trial, any_kind(trial), depth - 1);
		else if (map && chance(trial, 10))
			item = model_new(NOTHING, NULL);
		else
			item = write_text(trial);
		model_add(model, map ? key : NULL, item);
	}
	if (lines)
		pause(trial, true);
	add(trial, map ? "}" : "]");
	return model;
}

static struct model *
write_block_text(struct trial *trial, unsigned indent)
{
	static const char *const heads[] = {"|", "|-", "|+", ">", ">-"};
	unsigned head = dice_roll(&trial->dice, 5), lines = 0;
	struct str should;
	struct model *model;

	str_init(&should, 1000);
	add(trial, heads[head]);
	end_line(trial, 30);
	do {
		add_break(trial, indent + trial->step);
		str_addf(&trial->text, "b%u # no", trial->texts);
		str_addf(&should, "%sb%u # no",
		    lines == 0 ? ""
		    : head < 3 ? "\n"
			       : " ",
		    trial->texts++);
	} while (++lines < 3 && chance(trial, 50));
	if (head == 0 || head == 2 || head == 3)
		str_add_char(&should, '\n');
	model = model_new(TEXT, should.data);
	str_release(&should);
	return model;
}

static struct model *write_map(
    struct trial *trial, unsigned indent, unsigned depth);

static struct model *
write_list(struct trial *trial, unsigned indent)
{
	struct model *model = model_new(LIST, NULL);

	do {
		add_break(trial, indent);
		between(trial, indent, 15);
		add(trial, "- ");
		model_add(model, NULL,
		    chance(trial, 20)
			? write_in_brackets(trial, any_kind(trial), 0)
			: write_text(trial));
		end_line(trial, 25);
	} while (model->count < 4 && chance(trial, 60));
	return model;
}

/* Behind a colon; the line is ended but for its break. */
static struct model *
write_value(struct trial *trial, unsigned indent, unsigned depth)
{
	struct model *model;
	unsigned way = dice_roll(&trial->dice, 20);

	if (way < 2) {
		end_line(trial, 20);
		return model_new(NOTHING, NULL);
	}
	if (way < 5 && depth > 0) {
		end_line(trial, 30);
		add_break(trial, indent + trial->step);
		return write_map(trial, indent + trial->step, depth - 1);
	}
	if (way < 7) {
		end_line(trial, 30);
		return write_list(
		    trial, indent + (chance(trial, 50) ? trial->step : 0));
	}
	add(trial, chance(trial, 5) ? "\t" : " ");
	if (way == 7)
		return write_block_text(trial, indent);
	if (way == 8) {
		add(trial, chance(trial, 50) ? "~" : "null");
		model = model_new(NOTHING, NULL);
	} else if (way < 12) {
		model = write_in_brackets(trial, any_kind(trial), 1);
	} else if (way == 12) {
		str_addf(&trial->text, "\"m%u", trial->texts);
		add_break(trial, indent + 1);
		add(trial, "more # no\"");
		model = model_new(TEXT, NULL);
		model->text = mem_alloc(MARK_SIZE * 2);
		snprintf(model->text, MARK_SIZE * 2, "m%u more # no",
		    trial->texts++);
	} else {
		model = write_text(trial);
	}
	end_line(trial, 25);
	return model;
}

static struct model *
last_leaf(struct model *model)
{
	while (model->count > 0)
		model = model->items[model->count - 1];
	return model;
}

static bool
ends_in_block(struct model *model)
{
	const char *text = last_leaf(model)->text;

	return text && text[0] == 'b';
}

/* From its first key on, which begins where the text ends. */
static struct model *
write_map(struct trial *trial, unsigned indent, unsigned depth)
{
	struct model *model = model_new(MAP, NULL);
	unsigned first = dice_roll(&trial->dice, 8);
	char key[MARK_SIZE];
	struct model *item;
	bool keeps = false;

	do {
		if (model->count > 0)
			add_break(trial, indent);
		/* a comment line could be part of a block text that ends */
		between(trial, indent, keeps ? 0 : 15);
		snprintf(key, sizeof(key), "k%u", (first + model->count) % 8);
		str_addf(
		    &trial->text, chance(trial, 10) ? "'%s':" : "%s:", key);
		item = write_value(trial, indent, depth);
		keeps = ends_in_block(item);
		model_add(model, key, item);
	} while (model->count < 6 && chance(trial, 70));
	return model;
}

static void
write_document(struct trial *trial)
{
	static const unsigned steps[] = {2, 2, 2, 3, 4, 8};
	bool marked;

	trial->line_break = chance(trial, 25) ? "\r\n" : "\n";
	trial->step = steps[dice_roll(&trial->dice, 6)];
	if (chance(trial, 10))
		add(trial, "\xEF\xBB\xBF");
	marked = chance(trial, 10);
	if (marked) {
		add(trial, "---");
		add_break(trial, 0);
	}
	between(trial, 0, 30);
	if (chance(trial, 5)) {
		trial->model = model_new(marked ? NOTHING : MAP, NULL);
		return;
	}
	if (chance(trial, 8)) {
		trial->model = write_in_brackets(trial, MAP, 3);
		end_line(trial, 20);
	} else {
		trial->model = write_map(trial, 0, 2);
	}
	if (!chance(trial, 80)) {
		char *text = last_leaf(trial->model)->text;

		/* nor has the text then a line break */
		if (text && text[0] == 'b' && str_ends(text, "\n"))
			text[strlen(text) - 1] = '\0';
	} else {
		add_break(trial, 0);
		between(trial, 0, ends_in_block(trial->model) ? 0 : 15);
		if (chance(trial, 5)) {
			add(trial, "...");
			add_break(trial, 0);
		}
	}
}

/* ---- changing it ----------------------------------------------------------
 */

static struct {
	unsigned long added, replaced, taken_out, refused;
} tally;

__attribute__((format(printf, 3, 4))) _Noreturn static void
fail(const struct trial *trial, const char *before, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("# seed %llu: ", (unsigned long long)trial->seed);
	vprintf(format, args);
	va_end(args);
	printf("\n--- before\n%s\n--- after\n%s\n---\nnot ok 1\n1..1\n", before,
	    trial->text.data);
	exit(1);
}

/* A value and what it means. */
static const char *
make_new_value(struct trial *trial, struct model **model)
{
	switch (dice_roll(&trial->dice, 9)) {
	case 0: *model = model_new(TEXT, "it's: x"); return "'it''s: x'";
	case 1:
		*model = model_add(model_add(model_new(LIST, NULL), NULL,
				       model_new(TEXT, "A")),
		    NULL, model_new(TEXT, "B, C"));
		return "[A, \"B, C\"]";
	case 2:
		*model = model_add(model_add(model_new(MAP, NULL), "column",
				       model_new(TEXT, "A")),
		    "date", model_new(TEXT, "m/d/y"));
		return "{column: A, date: m/d/y}";
	case 3: *model = model_new(NOTHING, NULL); return "null";
	case 4: *model = model_new(TEXT, "x, y"); return "x, y";
	case 5: *model = model_new(TEXT, "q # z"); return "\"q # z\"";
	case 6: *model = model_new(MAP, NULL); return "{}";
	case 7: *model = model_new(LIST, NULL); return "[]";
	default: *model = model_new(TEXT, "Zip"); return "Zip";
	}
}

/* A path into the model, perhaps out of it. */
static size_t
choose_path(struct trial *trial, const char *path[DEPTH_MAX])
{
	static const char *const names[] = {
	    "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "new", "it's: odd"};
	const struct model *node = trial->model;
	size_t depth = 0;

	do {
		int at = -1;

		path[depth] = names[dice_roll(&trial->dice, 10)];
		if (node && node->kind == MAP && node->count > 0 &&
		    chance(trial, 70))
			path[depth] =
			    node->keys[dice_roll(&trial->dice, node->count)];
		if (node)
			at = model_find(node, path[depth]);
		node = at < 0 ? NULL : node->items[at];
		depth++;
	} while (depth < DEPTH_MAX && chance(trial, node ? 60 : 20));
	return depth;
}

/* Does the same to the model; false when something else than a map is in the
 * way, or there is no room. `*old`: what is replaced, to be freed. */
static bool
change_model(struct trial *trial, const char *const path[], size_t depth,
    struct model *value, struct model **old)
{
	struct model *node = trial->model;

	*old = NULL;
	for (size_t i = 0;; i++) {
		int at = model_find(node, path[i]);

		if (at < 0 && !value)
			return true;
		if (node->kind == NOTHING)
			node->kind = MAP;
		if (node->kind != MAP)
			return false;
		if (at < 0) {
			at = (int)node->count;
			model_add(node, path[i], model_new(NOTHING, NULL));
		}
		if (i + 1 == depth) {
			*old = node->items[at];
			node->items[at] = value;
			if (!value)
				model_take_out(node, (unsigned)at);
			return true;
		}
		node = node->items[at];
	}
}

/* Whether the path could be set at all. */
static bool
is_open(const struct trial *trial, const char *const path[], size_t depth)
{
	const struct model *node = trial->model;

	for (size_t i = 0; i < depth; i++) {
		int at = model_find(node, path[i]);

		if (node->kind != MAP)
			return node->kind == NOTHING;
		if (at < 0)
			return true;
		node = node->items[at];
	}
	return true;
}

static void
check_comments(struct trial *trial, const char *before)
{
	char mark[MARK_SIZE];

	for (unsigned i = 0; i < trial->comments; i++) {
		const char *at;

		snprintf(mark, sizeof(mark), "#c%u.", i);
		at = strstr(trial->text.data, mark);
		if (!at)
			fail(trial, before, "the comment %s is lost", mark);
		if (strstr(at + 1, mark))
			fail(trial, before, "the comment %s is twice", mark);
	}
}

static unsigned
count_line(const char *text, const char *line, size_t len)
{
	unsigned count = 0;

	for (size_t here; *text; text += here + (text[here] == '\n')) {
		here = strcspn(text, "\n");
		count += here == len && memcmp(text, line, len) == 0;
	}
	return count;
}

/* How many lines of `before` are not in `after` as often. */
static unsigned
count_lost_lines(const char *before, const char *after)
{
	unsigned lost = 0;

	for (const char *at = before; *at;) {
		size_t len = strcspn(at, "\n");

		lost += count_line(at, at, len) > count_line(after, at, len);
		at += len + (at[len] == '\n');
	}
	return lost;
}

static void
apply(struct trial *trial, const char *const path[], size_t depth,
    const char *value, struct str *out)
{
	char *before = mem_strdup(trial->text.data);
	struct err err = ERR_INIT;
	bool good = yaml_edit("c.yaml", trial->text.data, trial->text.len, path,
	    depth, value, out, &err);

	str_reset(&trial->text);
	str_add_bytes(&trial->text, out->data, out->len);
	if (!good)
		fail(trial, before, "%s/%s: %s: %s", path[0],
		    depth > 1 ? path[1] : "", value ? value : "-", err.text);
	free(before);
}

/* Whether what was there took no more than one line: texts in lines are named
 * otherwise. */
static bool
is_one_line(const struct model *old)
{
	return !old || old->kind == NOTHING ||
	       (old->kind == TEXT && !strchr("bm", old->text[0]));
}

static void
change(struct trial *trial)
{
	const char *path[DEPTH_MAX], *value = NULL;
	size_t depth = choose_path(trial, path);
	struct model *model = NULL, *old = NULL;
	struct err err = ERR_INIT;
	struct yaml_node *tree;
	char *before = mem_strdup(trial->text.data);
	char keys[DEPTH_MAX][MARK_SIZE];
	struct str out;

	/* those of the model may go */
	for (size_t i = 0; i < depth; i++) {
		snprintf(keys[i], sizeof(keys[i]), "%s", path[i]);
		path[i] = keys[i];
	}
	str_init(&out, ROOM);
	if (chance(trial, 70))
		value = make_new_value(trial, &model);
	if (value && !is_open(trial, path, depth)) {
		tally.refused++;
		if (yaml_edit("c.yaml", trial->text.data, trial->text.len, path,
			depth, value, &out, &err) ||
		    out.len > 0)
			fail(trial, before, "should have been refused");
		model_free(model);
		str_release(&out);
		free(before);
		return;
	}
	apply(trial, path, depth, value, &out);
	if (!change_model(trial, path, depth, model, &old))
		fail(trial, before, "the model refuses it");
	tree = yaml_tree_parse(
	    "c.yaml", trial->text.data, trial->text.len, &err);
	if (!tree || !same(trial->model, tree))
		fail(trial, before, "%s/%s: %s: reads otherwise: %s", path[0],
		    depth > 1 ? path[1] : "", value ? value : "-", err.text);
	yaml_tree_free(tree);
	check_comments(trial, before);
	if (value && is_one_line(old) &&
	    count_lost_lines(before, trial->text.data) > 1)
		fail(trial, before, "other lines have changed");
	if (!value)
		tally.taken_out += old != NULL;
	else if (old && old->kind != NOTHING)
		tally.replaced++;
	else
		tally.added++;
	model_free(old);
	str_release(&out);
	free(before);
}

static void
run_trial(uint64_t seed)
{
	struct trial trial = {.seed = seed, .dice = {seed}};
	struct err err = ERR_INIT;
	struct yaml_node *tree;

	str_init(&trial.text, ROOM);
	write_document(&trial);
	tree = yaml_tree_parse("c.yaml", trial.text.data, trial.text.len, &err);
	if (!tree || !same(trial.model, tree))
		fail(&trial, "", "the document is not as it should be: %s",
		    err.text);
	yaml_tree_free(tree);
	for (unsigned i = 0; i < CHANGES; i++)
		change(&trial);
	model_free(trial.model);
	str_release(&trial.text);
}

int
main(int argc, char **argv)
{
	unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 3000;
	uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;

	for (unsigned long i = 0; i < count; i++)
		run_trial(seed + i);
	printf("ok 1 - yaml edits: %lu documents; %lu entries added, %lu "
	       "replaced, %lu taken out, %lu with no map on the way\n1..1\n",
	    count, tally.added, tally.replaced, tally.taken_out, tally.refused);
	return 0;
}
