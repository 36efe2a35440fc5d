/* SPDX-License-Identifier: MIT */
/*
 * Loads a file and saves changes into it; prints what the save took.
 *
 *	save one FILE		one cell in the middle
 *	save all FILE		a new key in every row
 *
 * Prints wall and processor time, the longest step (which a key may have to
 * wait for) by the wall clock, and the memory at most.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/crypto.h"
#include "base/err.h"
#include "measure.h"
#include "source/records.h"
#include "source/source.h"

enum { ID = 40 };

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int
fail(const struct err *err)
{
	fprintf(stderr, "save: %s\n", err->text);
	return 1;
}

static const char *
no_key(void *context, const struct records *records, uint32_t row)
{
	(void)context;
	(void)records;
	(void)row;
	return NULL;
}

/* Prints the figures; false when not every change was applied. */
static bool
save(struct source *source, struct source_change *changes, size_t count,
    struct err *err)
{
	double start = now(), used = measure_now(), longest = 0;
	struct source_save *save = source_save_start(
	    source, changes, count, no_key, NULL, NULL, err);
	enum source_progress progress = SOURCE_MORE;
	size_t applied = 0;

	while (save && progress == SOURCE_MORE) {
		double step = now();

		progress = source_save_step(save, err);
		step = now() - step;
		if (step > longest)
			longest = step;
	}
	source_save_end(save);
	if (progress != SOURCE_DONE)
		return false;
	for (size_t i = 0; i < count; i++)
		applied += changes[i].outcome == SOURCE_APPLIED;
	printf("{\"rows\": %zu, \"wall\": %.6f, \"seconds\": %.6f, "
	       "\"step\": %.6f, \"peak\": %ld}\n",
	    applied, now() - start, measure_now() - used, longest,
	    measure_memory("VmHWM:"));
	return applied == count;
}

static int
change_and_save(struct source *source, bool all)
{
	const struct records *records = source_records(source);
	uint32_t rows = records_count(records), count = all ? rows : 1;
	struct source_change *changes = calloc(count, sizeof(*changes));
	char(*ids)[ID] = calloc(count, sizeof(*ids));
	struct err err = ERR_INIT;
	bool good = changes && ids && rows > 0;

	for (uint32_t i = 0; i < count && good; i++) {
		snprintf(ids[i], ID, "01J%023u", i);
		changes[i] = (struct source_change){
		    .row = all ? i : rows / 2,
		    .column = all ? "healthsherpa_id" : "city",
		    .after = ids[i],
		};
		if (!all)
			changes[i].before = records_cell(records, rows / 2,
			    records_find_column(records, "city"));
	}
	good = good && save(source, changes, count, &err);
	free(ids);
	free(changes);
	return good ? 0 : fail(&err);
}

int
main(int argc, char **argv)
{
	struct err err = ERR_INIT;
	struct source *source;
	enum source_progress progress;
	int status;

	if (argc != 3 || !crypto_init()) {
		fputs("usage: save one|all FILE\n", stderr);
		return 2;
	}
	source = source_open(argv[2], &err);
	if (!source)
		return fail(&err);
	do
		progress = source_load(source, RECORDS_ROWS_MAX, &err);
	while (progress == SOURCE_MORE);
	status = progress == SOURCE_DONE
		     ? change_and_save(source, strcmp(argv[1], "all") == 0)
		     : fail(&err);
	source_free(source);
	return status;
}
