/* SPDX-License-Identifier: MIT */
/*
 * Two tables of tests/data: values.tsv, what the rules make of a value, and
 * books.tsv, what only a whole book tells. Both say where each line comes
 * from. Failures name the line of the table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "book/decision.h"
#include "book/rules.h"
#include "check.h"
#include "shelf.h"

enum { CELLS_MAX = 9, VALUES_LEAST = 300 };

static const struct date today = {2026, 11, 23};

/* ---- reading a table -------------------------------------------------------
 */

struct table {
	char *text, *next;
	const char *name;
	unsigned line;
	char *cells[CELLS_MAX];
	unsigned count;
};

static void
table_open(struct table *table, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "data/%s", name);
	*table = (struct table){.name = name};
	table->text = table->next = check_read(check_data(path));
}

static unsigned
hex(char c)
{
	const char *digits = "0123456789ABCDEF", *at = strchr(digits, c);

	REQUIRE(c && at);
	return (unsigned)(at - digits);
}

/* In place. */
static void
unescape(char *text)
{
	char *out = text;

	for (; *text; text++) {
		if (*text != '\\') {
			*out++ = *text;
			continue;
		}
		switch (*++text) {
		case 't': *out++ = '\t'; break;
		case 'n': *out++ = '\n'; break;
		case 'r': *out++ = '\r'; break;
		case 'x':
			*out++ = (char)(hex(text[1]) * 16 + hex(text[2]));
			text += 2;
			break;
		default: REQUIRE(*text == '\\'); *out++ = '\\';
		}
	}
	*out = '\0';
}

/* The next line's cells; false at the end. */
static bool
table_next(struct table *table)
{
	char *line, *tab;

	do {
		line = table->next;
		if (!*line)
			return false;
		table->line++;
		table->next = line + strcspn(line, "\n");
		if (*table->next)
			*table->next++ = '\0';
	} while (*line == '#' || !*line);
	table->count = 0;
	do {
		tab = strchr(line, '\t');
		if (tab)
			*tab = '\0';
		REQUIRE(table->count < CELLS_MAX);
		unescape(line);
		table->cells[table->count++] = line;
		line = tab + 1;
	} while (tab);
	for (unsigned i = table->count; i < CELLS_MAX; i++)
		table->cells[i] = table->next + strlen(table->next);
	return true;
}

static void
table_same(const struct table *table, const char *what, const char *is,
    const char *should)
{
	if (strcmp(is, should) != 0)
		printf(
		    "# tests/data/%s:%u: %s\n", table->name, table->line, what);
	CHECK_TEXT(is, should);
}

/* Calls back for each word of a text. */
static void
each_word(const char *text, const char *between,
    void (*word)(void *context, const char *word), void *context)
{
	char *copy = mem_strdup(text), *rest = copy;

	while (*rest) {
		size_t len = strcspn(rest, between);
		char end = rest[len];

		rest[len] = '\0';
		if (len > 0)
			word(context, rest);
		rest += len + (end != '\0');
	}
	free(copy);
}

/* ---- which codes are shown -------------------------------------------------
 */

struct shown {
	unsigned given[FINDING_CODE_COUNT], near[FINDING_CODE_COUNT];
	const char *codes; /* of the line; for those that are near */
	unsigned values;
};

static enum finding_code
code_of(const char *word)
{
	const char *colon = strchr(word, ':');
	char code[64];
	enum finding_code found;

	str_copy(code, sizeof(code), colon ? colon + 1 : word);
	code[strcspn(code, "!?")] = '\0';
	found = finding_from_code(code);
	if (found == FINDING_CODE_COUNT)
		printf("# no code: %s\n", word);
	REQUIRE(found != FINDING_CODE_COUNT);
	return found;
}

static void
note_given(void *context, const char *word)
{
	struct shown *shown = context;

	shown->given[code_of(word)]++;
}

static void
note_near(void *context, const char *word)
{
	struct shown *shown = context;

	shown->near[code_of(word)]++;
	/* a near miss that hits */
	CHECK(!strstr(shown->codes, word));
}

static void
note_codes(struct shown *shown, const char *codes, const char *near)
{
	shown->codes = codes;
	each_word(codes, " ", note_given, shown);
	each_word(near, " ", note_near, shown);
}

/* ---- values ----------------------------------------------------------------
 */

enum {
	VALUE_FIELDS,
	VALUE_WITH,
	VALUE_ORDER,
	VALUE_RAW,
	VALUE_RESULT,
	VALUE_CODES,
	VALUE_SUGGESTION,
	VALUE_NEAR,
	VALUE_SOURCE
};

static enum date_order
order_of(const char *word)
{
	if (!*word)
		return DATE_MONTH_FIRST;
	if (strcmp(word, "day") == 0)
		return DATE_DAY_FIRST;
	REQUIRE(strcmp(word, "mixed") == 0);
	return DATE_MIXED;
}

static void
check_value(void *context, const char *field)
{
	const struct table *table = context;
	char *const *cells = table->cells;
	const char *with = *cells[VALUE_WITH] ? cells[VALUE_WITH] : NULL;
	struct finding items[8];
	struct findings findings = {items, 0, 8};
	struct rules_input input = {
	    .field = field_from_name(field),
	    .raw = cells[VALUE_RAW],
	    .date_form = with,
	    .order = order_of(cells[VALUE_ORDER]),
	    .today = today,
	    .state = with,
	    .city = with,
	};
	const char *suggestion = "";
	struct str value, codes;

	REQUIRE(input.field != FIELD_COUNT);
	str_init(&value, 65536);
	str_init(&codes, 1000);
	rules_clean(&input, &value, &findings);
	for (unsigned i = 0; i < findings.count; i++) {
		str_addf(&codes, "%s%s", i > 0 ? " " : "",
		    finding_table[items[i].code].code);
		CHECK(items[i].message[0] && !strchr(items[i].message, '\n'));
		if (*items[i].suggestion)
			suggestion = items[i].suggestion;
	}
	table_same(table, "result", value.data, cells[VALUE_RESULT]);
	table_same(table, "codes", codes.data, cells[VALUE_CODES]);
	table_same(table, "suggestion", suggestion, cells[VALUE_SUGGESTION]);
	str_release(&value);
	str_release(&codes);
}

static void
count_value(void *context, const char *field)
{
	struct shown *shown = context;

	(void)field;
	shown->values++;
}

static void
go_through_values(struct shown *shown)
{
	struct table table;

	table_open(&table, "values.tsv");
	while (table_next(&table)) {
		char **cells = table.cells;

		if (!CHECK(table.count == CELLS_MAX && *cells[VALUE_SOURCE]))
			printf("# tests/data/values.tsv:%u\n", table.line);
		if (shown) {
			note_codes(
			    shown, cells[VALUE_CODES], cells[VALUE_NEAR]);
			each_word(cells[VALUE_FIELDS], ",", count_value, shown);
		} else {
			each_word(
			    cells[VALUE_FIELDS], ",", check_value, &table);
		}
	}
	free(table.text);
}

TEST(values_are_what_the_table_says)
{
	go_through_values(NULL);
}

/* What is suggested would be taken if it were typed in. */
static void
check_suggestion(void *context, const char *name)
{
	const struct table *table = context;
	enum field field = field_from_name(name);
	struct finding items[8];
	struct findings findings = {items, 0, 8};
	struct rules_input input = {.field = field,
	    .raw = table->cells[VALUE_SUGGESTION],
	    .today = today};
	struct str value;
	bool worse = false;

	str_init(&value, 65536);
	rules_clean(&input, &value, &findings);
	for (unsigned i = 0; i < findings.count; i++)
		worse = worse || items[i].severity > SEVERITY_INFO;
	if (!CHECK(value.len > 0 && !worse))
		printf(
		    "# tests/data/values.tsv:%u: %s\n", table->line, input.raw);
	str_release(&value);
}

TEST(values_that_are_suggested_are_good)
{
	struct table table;

	table_open(&table, "values.tsv");
	while (table_next(&table))
		if (*table.cells[VALUE_SUGGESTION])
			each_word(table.cells[VALUE_FIELDS], ",",
			    check_suggestion, &table);
	free(table.text);
}

/* ---- books -----------------------------------------------------------------
 */

/* One book of the table, gathered line by line. */
struct volume {
	struct str config, csv, rows, decisions;
};

static void
volume_init(struct volume *volume)
{
	str_init(&volume->config, 10000);
	str_init(&volume->csv, 100000);
	str_init(&volume->rows, 100000);
	str_init(&volume->decisions, 10000);
}

static void
volume_release(struct volume *volume)
{
	str_release(&volume->config);
	str_release(&volume->csv);
	str_release(&volume->rows);
	str_release(&volume->decisions);
}

static void
describe_decisions(const struct book *book, struct str *out)
{
	struct column_decision decisions[COLUMN_DECISIONS_MAX];
	size_t count = book_decisions(book, decisions);

	for (size_t i = 0; i < count; i++) {
		const struct column_decision *decision = &decisions[i];

		str_addf(out, "%s ", field_table[decision->field].name);
		decision_explain(decision, out);
		str_add(out, "; ");
		if (!decision_pin(decision, out))
			str_add(out, "pinned");
		str_add_char(out, '\n');
	}
}

/* Kept in memory and surveyed, a book says the same. */
static void
check_volume(const struct table *table, const struct volume *volume)
{
	struct config *config;
	struct book *kept, *surveyed;
	struct err err = ERR_INIT;
	struct str rows, decisions;

	if (volume->csv.len == 0)
		return;
	str_init(&rows, 100000);
	str_init(&decisions, 10000);
	config = shelf_config(volume->config.data);
	kept = shelf_book(config, "b.csv", volume->csv.data);
	surveyed = book_open(config, shelf_path("b.csv"), &shelf_clock, &err);
	REQUIRE(surveyed != NULL);
	if (!book_mints(surveyed))
		REQUIRE(book_survey(surveyed, &err));
	for (uint32_t row = 0; row < book_count(kept); row++) {
		char *findings = mem_strdup(shelf_findings(kept, row));

		str_addf(&rows, "%s\n", findings);
		if (!book_mints(surveyed)) {
			REQUIRE(book_reach(surveyed, row, &err));
			table_same(table, "surveyed",
			    shelf_findings(surveyed, row), findings);
		}
		free(findings);
	}
	describe_decisions(kept, &decisions);
	table_same(
	    table, "rows of the book above", rows.data, volume->rows.data);
	table_same(table, "decisions of the book above", decisions.data,
	    volume->decisions.data);
	book_free(kept);
	book_free(surveyed);
	config_free(config);
	str_release(&rows);
	str_release(&decisions);
}

static void
take_line(const struct table *table, struct volume *volume)
{
	char *const *cells = table->cells;

	if (strcmp(cells[0], "config") == 0) {
		str_addf(&volume->config, "%s\n", cells[1]);
	} else if (strcmp(cells[0], "head") == 0) {
		str_addf(&volume->csv, "%s\n", cells[1]);
	} else if (strcmp(cells[0], "row") == 0) {
		str_addf(&volume->csv, "%s\n", cells[1]);
		str_addf(&volume->rows, "%s\n", cells[2]);
	} else {
		if (strcmp(cells[0], "decision") != 0)
			printf("# tests/data/books.tsv:%u\n", table->line);
		REQUIRE(strcmp(cells[0], "decision") == 0);
		str_addf(&volume->decisions, "%s\n", cells[1]);
	}
}

TEST(books_are_what_the_table_says)
{
	struct volume volume;
	struct table table;

	volume_init(&volume);
	table_open(&table, "books.tsv");
	while (table_next(&table)) {
		if (strcmp(table.cells[0], "book") != 0) {
			take_line(&table, &volume);
			continue;
		}
		CHECK(*table.cells[1] && *table.cells[2]);
		check_volume(&table, &volume);
		volume_release(&volume);
		volume_init(&volume);
	}
	check_volume(&table, &volume);
	volume_release(&volume);
	free(table.text);
}

/* ---- both ------------------------------------------------------------------
 */

/* A code that nothing can give is a lie; one that all things give, a nuisance.
 */
TEST(vectors_show_every_code_and_what_narrowly_misses_it)
{
	struct shown shown = {.codes = ""};
	struct table table;

	go_through_values(&shown);
	table_open(&table, "books.tsv");
	while (table_next(&table))
		if (strcmp(table.cells[0], "row") == 0)
			note_codes(&shown, table.cells[2], table.cells[3]);
	free(table.text);
	for (unsigned i = 0; i < FINDING_CODE_COUNT; i++) {
		if (shown.given[i] == 0 || shown.near[i] == 0)
			printf("# %s: %u vectors give it, %u narrowly do not\n",
			    finding_table[i].code, shown.given[i],
			    shown.near[i]);
		CHECK(shown.given[i] > 0 && shown.near[i] > 0);
	}
	CHECK(shown.values >= VALUES_LEAST);
}
