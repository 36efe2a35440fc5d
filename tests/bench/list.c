/* SPDX-License-Identifier: MIT */
/*
 * Processor time of the list's own work, without terminal and ledger:
 *
 *	list filter FILE WORD	type WORD letter by letter into the filter
 *	list sort FILE		by last and first name
 *	list strcoll FILE.tsv	the same columns by qsort(3) with strcoll(3)
 *
 * The book is read before. Prints milliseconds, one line a step.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "desk/contact_list.h"
#include "desk/desk.h"
#include "measure.h"
#include "sync/status.h"

enum { FIRST_COLUMN = 1, LAST_COLUMN = 2 };

static int
fail(const char *why)
{
	fprintf(stderr, "list: %s\n", why);
	return 1;
}

/* ---- ours -----------------------------------------------------------------
 */

static void
print(const char *what, double start, size_t rows)
{
	printf("%s %.3f %zu\n", what, (measure_now() - start) * 1000, rows);
}

static void
finish(struct contact_list *list)
{
	bool moved;

	while (contact_list_work(list, &moved))
		;
}

static bool
filter(struct contact_list *list, const char *word, struct err *err)
{
	char typed[64];

	for (size_t len = 1; len <= strlen(word); len++) {
		double start = measure_now();

		snprintf(typed, sizeof(typed), "%.*s", (int)len, word);
		if (!contact_list_filter(list, typed, err))
			return false;
		finish(list);
		print(typed, start, contact_list_count(list));
	}
	return true;
}

static void
sort(struct contact_list *list)
{
	struct contact_orders orders = {.count = 1};
	double start = measure_now();

	orders.list[0].column = (struct contact_column){
	    .kind = SHOWS_CELL, .index = CELL_NAME};
	contact_list_sort(list, &orders);
	finish(list);
	print("sorted", start, contact_list_count(list));
}

static int
measure_list(const char *what, const char *path, const char *word)
{
	struct err err = ERR_INIT;
	struct desk desk = {.clock = &clock_system};
	struct contact_list *list;
	struct str problems;
	bool good;

	str_init(&problems, 4096);
	desk.config = config_parse("none", "", 0, &problems, &err);
	str_release(&problems);
	good = desk.config &&
	       (desk.book = book_open(
		    desk.config, path, &clock_system, &err)) &&
	       book_load_all(desk.book, &err);
	if (good) {
		book_name_statuses(desk.book, status_word);
		list = contact_list_new(&desk);
		if (strcmp(what, "sort") == 0)
			sort(list);
		else
			good = filter(list, word, &err);
		contact_list_free(list);
	}
	book_free(desk.book);
	config_free(desk.config);
	return good ? 0 : fail(err.text);
}

/* ---- as a C programmer would do it first ------------------------------------
 */

struct name {
	const char *last;
	const char *first;
};

static int
compare(const void *left, const void *right)
{
	const struct name *a = left, *b = right;
	int order = strcoll(a->last, b->last);

	return order ? order : strcoll(a->first, b->first);
}

static struct name
cut(char *line)
{
	struct name name = {"", ""};
	char *cell;

	for (int column = 0; (cell = strsep(&line, "\t")); column++) {
		if (column == LAST_COLUMN)
			name.last = cell;
		else if (column == FIRST_COLUMN)
			name.first = cell;
	}
	return name;
}

static int
measure_strcoll(const char *path)
{
	FILE *file = fopen(path, "r");
	struct name *names = NULL;
	size_t count = 0, room = 0, size = 0;
	char *line = NULL;
	double start;

	if (!file)
		return fail(path);
	while (getline(&line, &size, file) > 0) {
		if (count == room) {
			room = room ? 2 * room : 1024;
			names = realloc(names, room * sizeof(*names));
			if (!names)
				return fail("no memory");
		}
		names[count++] = cut(line);
		line = NULL;
		size = 0;
	}
	fclose(file);
	start = measure_now();
	qsort(names, count, sizeof(*names), compare);
	print("sorted", start, count);
	return 0;
}

int
main(int argc, char **argv)
{
	setlocale(LC_ALL, "");
	if (argc == 4 && strcmp(argv[1], "filter") == 0)
		return measure_list(argv[1], argv[2], argv[3]);
	if (argc == 3 && strcmp(argv[1], "sort") == 0)
		return measure_list(argv[1], argv[2], NULL);
	if (argc == 3 && strcmp(argv[1], "strcoll") == 0)
		return measure_strcoll(argv[2]);
	return fail("usage: list filter FILE WORD | sort FILE | strcoll TSV");
}
