/* SPDX-License-Identifier: MIT */
/*
 * What others take to read the same file, storing as little as they can:
 *
 *	peers libcsv FILE	libcsv, counting rows and cells, keeping none
 *	peers libyaml FILE	libyaml, event after event, keeping none
 *	peers emitter FILE	libyaml's events into its emitter, into nothing
 *	peers cjson FILE	cJSON_Parse() of the whole text, as it must
 *
 * Exit status 3 without the library.
 */
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#ifdef HAVE_CSV_H
#include <csv.h>
#endif

#include "measure.h"

enum { CHUNK = 64 << 10, EXIT_MISSING = 3 };

static bool
run_yaml(FILE *file, unsigned long *rows)
{
	yaml_parser_t parser;
	bool ended = false, good = true;

	yaml_parser_initialize(&parser);
	yaml_parser_set_input_file(&parser, file);
	while (good && !ended) {
		yaml_event_t event;

		good = yaml_parser_parse(&parser, &event);
		if (!good)
			break;
		*rows += event.type == YAML_MAPPING_START_EVENT;
		ended = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return good;
}

static int
drop(void *context, unsigned char *bytes, size_t len)
{
	size_t *written = context;

	(void)bytes;
	*written += len;
	return 1;
}

/* As a program would save that knows nothing of what it did not change. */
static bool
run_emitter(FILE *file, unsigned long *rows)
{
	yaml_parser_t parser;
	yaml_emitter_t emitter;
	bool ended = false, good = true;
	size_t written = 0;

	yaml_parser_initialize(&parser);
	yaml_parser_set_input_file(&parser, file);
	yaml_emitter_initialize(&emitter);
	yaml_emitter_set_output(&emitter, drop, &written);
	while (good && !ended) {
		yaml_event_t event;

		good = yaml_parser_parse(&parser, &event);
		if (!good)
			break;
		*rows += event.type == YAML_MAPPING_START_EVENT;
		ended = event.type == YAML_STREAM_END_EVENT;
		good = yaml_emitter_emit(&emitter, &event);
	}
	yaml_emitter_delete(&emitter);
	yaml_parser_delete(&parser);
	return good && written > 0;
}

/* The tree is freed after the figures are printed, like everything else's. */
static cJSON *
run_json(FILE *file, unsigned long *rows)
{
	size_t size = 0, used = 0, got;
	char *text = NULL;
	cJSON *tree;

	do {
		if (used + CHUNK + 1 > size) {
			size = 2 * size + CHUNK + 1;
			text = realloc(text, size);
			if (!text)
				return NULL;
		}
		got = fread(text + used, 1, CHUNK, file);
		used += got;
	} while (got > 0);
	text[used] = '\0';
	tree = cJSON_ParseWithLength(text, used);
	free(text);
	*rows = tree ? (unsigned long)cJSON_GetArraySize(tree) : 0;
	return tree;
}

#ifdef HAVE_CSV_H
static void
count_cell(void *cell, size_t len, void *context)
{
	(void)cell;
	(void)len;
	(void)context;
}

static void
count_row(int end, void *context)
{
	unsigned long *rows = context;

	(void)end;
	++*rows;
}

static bool
run_csv(FILE *file, unsigned long *rows)
{
	static char chunk[CHUNK];
	struct csv_parser parser;
	bool good = true;
	size_t got;

	csv_init(&parser, 0);
	while (good && (got = fread(chunk, 1, sizeof(chunk), file)) > 0)
		good = csv_parse(&parser, chunk, got, count_cell, count_row,
			   rows) == got;
	csv_fini(&parser, count_cell, count_row, rows);
	csv_free(&parser);
	--*rows; /* the header */
	return good;
}
#endif

int
main(int argc, char **argv)
{
	long before = measure_memory("RssAnon:");
	double start = measure_now();
	FILE *file = argc == 3 ? fopen(argv[2], "r") : NULL;
	unsigned long rows = 0;
	cJSON *tree = NULL;
	bool good = false;

	if (!file) {
		fputs(
		    "usage: peers libcsv|libyaml|emitter|cjson FILE\n", stderr);
		return 2;
	}
	if (strcmp(argv[1], "libyaml") == 0)
		good = run_yaml(file, &rows);
	else if (strcmp(argv[1], "emitter") == 0)
		good = run_emitter(file, &rows);
	else if (strcmp(argv[1], "cjson") == 0)
		good = (tree = run_json(file, &rows)) != NULL;
#ifdef HAVE_CSV_H
	else if (strcmp(argv[1], "libcsv") == 0)
		good = run_csv(file, &rows);
#endif
	else
		return EXIT_MISSING;
	if (good)
		measure_print(start, before, rows);
	cJSON_Delete(tree);
	fclose(file);
	return good ? 0 : 1;
}
