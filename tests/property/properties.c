/* SPDX-License-Identifier: MIT */
/*
 * What must hold for every document of a format:
 *
 *   read     the records have the model's cells, in slices of any size
 *   results  IDs put into some rows read back, nothing else reads otherwise,
 *            and the old bytes are all there, in order: what the file has more
 *            is no more than the IDs and what carries them
 *   again    putting the same in once more leaves the file as it is
 *   edits    any text put into a cell reads back, or is refused with a reason
 *   merge    rows that another program put into another order are found by key
 *
 *   properties FORMAT [COUNT [SEED]]
 *
 * A failure leaves its document behind and names seed and file.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/mem.h"
#include "property.h"
#include "source/records.h"
#include "source/source.h"

enum { FILE_ROOM = 1 << 20, CHANGES_MAX = 2 * DOCUMENT_ROWS_MAX };

struct trial {
	const struct document_format *format;
	uint64_t seed;
	struct dice dice;
	char path[256];
	struct document document;
	struct source *source;
	struct source_change changes[CHANGES_MAX];
	char *texts[CHANGES_MAX];
	unsigned count;
};

struct tally {
	unsigned long results, edits, refused, merged;
};

static struct tally tally;
static char directory[200];

static _Noreturn void
fail(const struct trial *trial, const char *format, ...)
{
	va_list args;

	fflush(stdout);
	printf("not ok 1 - %s, seed %llu: ", trial->format->name,
	    (unsigned long long)trial->seed);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n# the document is in %s\n1..1\n", trial->path);
	exit(1);
}

/* ---- documents on disk ----------------------------------------------------
 */

static void
add_unit(struct str *out, unsigned unit, bool big)
{
	char pair[2] = {(char)(unit & 0xFF), (char)(unit >> 8)};

	str_add_char(out, pair[big]);
	str_add_char(out, pair[!big]);
}

/* One character of valid UTF-8. */
static unsigned
take_character(const char **at)
{
	const unsigned char *s = (const unsigned char *)*at;
	unsigned len = s[0] < 0x80 ? 1 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
	unsigned c = len == 1 ? s[0] : s[0] & (0x7Fu >> len);

	for (unsigned i = 1; i < len; i++)
		c = c << 6 | (s[i] & 0x3F);
	*at += len;
	return c;
}

static void
add_character(struct str *out, unsigned c, enum document_encoding encoding)
{
	static const unsigned short high[] = {0x20AC, 0x2019, 0};
	static const unsigned char bytes[] = {0x80, 0x92};

	if (encoding == DOCUMENT_WINDOWS_1252) {
		for (unsigned i = 0; high[i]; i++)
			if (c == high[i])
				c = bytes[i];
		str_add_char(out, (char)c);
		return;
	}
	if (c >= 0x10000) {
		c -= 0x10000;
		add_unit(out, 0xD800 + (c >> 10), encoding == DOCUMENT_UTF16BE);
		c = 0xDC00 + (c & 0x3FF);
	}
	add_unit(out, c, encoding == DOCUMENT_UTF16BE);
}

static void
encode(struct str *out, const struct document *document)
{
	const char *at = document->bytes.data;

	if (document->encoding == DOCUMENT_UTF8_BOM)
		str_add(out, "\xEF\xBB\xBF");
	if (document->encoding <= DOCUMENT_UTF8_BOM) {
		str_add_bytes(out, at, document->bytes.len);
		return;
	}
	if (document->encoding != DOCUMENT_WINDOWS_1252)
		add_character(out, 0xFEFF, document->encoding);
	while (at < document->bytes.data + document->bytes.len)
		add_character(out, take_character(&at), document->encoding);
}

static void
write_file(struct trial *trial, uint64_t style)
{
	struct str bytes;
	FILE *file = fopen(trial->path, "wb");

	str_reset(&trial->document.bytes);
	trial->format->write(&trial->document, style);
	str_init(&bytes, 4 * FILE_ROOM);
	encode(&bytes, &trial->document);
	if (!file || fwrite(bytes.data, 1, bytes.len, file) != bytes.len ||
	    fclose(file) != 0)
		fail(trial, "%s cannot be written", trial->path);
	str_release(&bytes);
}

static void
read_file(const struct trial *trial, struct str *out)
{
	FILE *file = fopen(trial->path, "rb");
	char part[4096];
	size_t len;

	str_init(out, 4 * FILE_ROOM);
	if (!file)
		fail(trial, "the file is gone");
	while ((len = fread(part, 1, sizeof(part), file)) > 0)
		str_add_bytes(out, part, len);
	fclose(file);
}

/* ---- reading --------------------------------------------------------------
 */

static struct source *
load(struct trial *trial)
{
	struct err err = ERR_INIT;
	struct source *source = source_open(trial->path, &err);
	enum source_progress progress = SOURCE_MORE;

	if (!source)
		fail(trial, "not opened: %s", err.text);
	while (progress == SOURCE_MORE)
		progress = source_load(
		    source, 1 + dice_roll(&trial->dice, 5), &err);
	if (progress != SOURCE_DONE)
		fail(trial, "not read: %s", err.text);
	return source;
}

static bool
same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* The change that says what the cell holds now, or NULL. */
static const struct source_change *
change_of(const struct trial *trial, unsigned row, const char *column)
{
	const char *key = trial->document.cells[row][0];

	for (unsigned i = 0; i < trial->count; i++)
		if (strcmp(trial->changes[i].key, key) == 0 &&
		    strcmp(trial->changes[i].column, column) == 0 &&
		    trial->changes[i].outcome != SOURCE_REFUSED)
			return &trial->changes[i];
	return NULL;
}

static void
compare_cell(struct trial *trial, const struct records *records, unsigned row,
    const char *column, const char *model, bool changed)
{
	uint32_t at = records_find_column(records, column);
	const char *text = at == RECORDS_NONE ? NULL
					      : records_cell(records, row, at);
	const struct source_change *change = changed
						 ? change_of(trial, row, column)
						 : NULL;

	if (change)
		model = change->after;
	if (!same(text, model))
		fail(trial, "row %u, %s: '%s' is read, '%s' was written", row,
		    column, text ? text : "(none)", model ? model : "(none)");
}

/* The file as read now is the model, with the changes made when `changed`. */
static void
compare(struct trial *trial, bool changed)
{
	const struct document *document = &trial->document;
	struct source *source = load(trial);
	const struct records *records = source_records(source);

	if (records_count(records) != document->rows)
		fail(trial, "%u rows are read, %u were written",
		    records_count(records), document->rows);
	for (unsigned row = 0; row < document->rows; row++) {
		for (unsigned i = 0; i < document->columns; i++)
			compare_cell(trial, records, row, document->names[i],
			    document->cells[row][i], changed);
		compare_cell(trial, records, row, trial->format->result_id,
		    NULL, changed);
	}
	source_free(source);
}

/* ---- saving ---------------------------------------------------------------
 */

static void
add_change(struct trial *trial, unsigned row, const char *column,
    const char *before, const char *after)
{
	trial->texts[trial->count] = mem_strdup(after);
	trial->changes[trial->count] = (struct source_change){
	    .row = row,
	    .key = trial->document.cells[row][0],
	    .column = column,
	    .before = before,
	    .after = trial->texts[trial->count],
	};
	trial->count++;
}

static void
forget_changes(struct trial *trial)
{
	for (unsigned i = 0; i < trial->count; i++)
		free(trial->texts[i]);
	trial->count = 0;
}

static const char *
key_of(void *context, const struct records *records, uint32_t row)
{
	const struct trial *trial = context;
	uint32_t column = records_find_column(
	    records, trial->document.names[0]);

	return column == RECORDS_NONE ? NULL
				      : records_cell(records, row, column);
}

static void
save(struct trial *trial)
{
	struct err err = ERR_INIT;
	enum source_progress progress = SOURCE_MORE;
	struct source_save *saving = source_save_start(trial->source,
	    trial->changes, trial->count, key_of, trial, NULL, &err);

	while (saving && progress == SOURCE_MORE)
		progress = source_save_step(saving, &err);
	if (!saving || progress != SOURCE_DONE)
		fail(trial, "not saved: %s", err.text);
	for (unsigned i = 0; i < trial->count; i++)
		if (trial->changes[i].outcome == SOURCE_REFUSED &&
		    !trial->changes[i].why)
			fail(trial, "refused without a reason");
	source_save_end(saving);
}

/* All old bytes are there, in order; returns how many the file has more. */
static size_t
compare_bytes(const struct trial *trial, const struct str *old)
{
	struct str new;
	size_t at = 0, more;

	read_file(trial, &new);
	for (size_t i = 0; i < new.len &&at < old->len; i++)
		at += new.data[i] == old->data[at];
	if (at < old->len)
		fail(trial, "byte %zu of the old file is lost", at);
	more = new.len - old->len;
	str_release(&new);
	return more;
}

static void
expect_all(const struct trial *trial, enum source_outcome outcome)
{
	for (unsigned i = 0; i < trial->count; i++)
		if (trial->changes[i].outcome != outcome)
			fail(trial, "row %u, %s: outcome %d, not %d: %s",
			    trial->changes[i].row, trial->changes[i].column,
			    (int)trial->changes[i].outcome, (int)outcome,
			    trial->changes[i].why ? trial->changes[i].why : "");
}

/* IDs into some of the rows: nothing but them may be new. */
static void
try_results(struct trial *trial)
{
	const struct document *document = &trial->document;
	size_t width = document->encoding == DOCUMENT_UTF16LE ||
			       document->encoding == DOCUMENT_UTF16BE
			   ? 2
			   : 1;
	size_t limit, more, ids = 0;
	struct str old;
	struct stat before, after;
	char id[40];

	read_file(trial, &old);
	for (unsigned row = 0; row < document->rows; row++) {
		if (!dice_chance(&trial->dice, 60))
			continue;
		snprintf(id, sizeof(id), "hs-%u-%u", row,
		    dice_roll(&trial->dice, 1000));
		ids += strlen(id);
		add_change(trial, row, trial->format->result_id, NULL, id);
	}
	save(trial);
	expect_all(trial, SOURCE_APPLIED);
	compare(trial, true);
	more = compare_bytes(trial, &old);
	limit = ids + document->rows * trial->format->overhead +
		strlen(trial->format->result_id) + 4;
	if (trial->count == 0 ? more > 0 : more > limit * width)
		fail(trial, "the file has %zu bytes more", more);
	str_release(&old);
	tally.results += trial->count;
	if (trial->count == 0 || stat(trial->path, &before) != 0)
		return;
	save(trial);
	expect_all(trial, SOURCE_ALREADY);
	if (stat(trial->path, &after) != 0 || before.st_ino != after.st_ino ||
	    before.st_size != after.st_size)
		fail(trial, "a save of nothing replaced the file");
}

/* Any text into any cell that a person may edit. */
static void
try_edits(struct trial *trial)
{
	struct document *document = &trial->document;
	struct str text;

	str_init(&text, 64 * VALUE_MAX);
	for (unsigned row = 0; row < document->rows; row++) {
		unsigned column = 1 + dice_roll(
					  &trial->dice, document->columns - 1);

		if (!document->editable[row][column])
			continue;
		str_reset(&text);
		if (dice_chance(&trial->dice, 90))
			make_value(&text, &trial->dice, document->values);
		add_change(trial, row, document->names[column],
		    document->cells[row][column] ? document->cells[row][column]
						 : "",
		    text.data);
	}
	str_release(&text);
	save(trial);
	for (unsigned i = 0; i < trial->count; i++)
		tally.refused += trial->changes[i].outcome == SOURCE_REFUSED;
	tally.edits += trial->count;
	compare(trial, true);
}

/* Another program puts the rows into another order before we save. */
static void
try_merge(struct trial *trial, uint64_t style)
{
	struct document *document = &trial->document;
	char id[40];

	for (unsigned row = 0; row < document->rows; row++) {
		if (!dice_chance(&trial->dice, 50))
			continue;
		snprintf(id, sizeof(id), "hs-%u", row);
		add_change(trial, row, trial->format->result_id, NULL, id);
	}
	for (unsigned row = document->rows - 1; row > 0; row--) {
		unsigned other = dice_roll(&trial->dice, row + 1);
		char *cells[DOCUMENT_COLUMNS_MAX];

		memcpy(cells, document->cells[row], sizeof(cells));
		memcpy(document->cells[row], document->cells[other],
		    sizeof(cells));
		memcpy(document->cells[other], cells, sizeof(cells));
	}
	write_file(trial, style);
	save(trial);
	expect_all(trial, SOURCE_APPLIED);
	compare(trial, true);
	tally.merged += trial->count;
}

/* ---- trials ---------------------------------------------------------------
 */

static void
release_document(struct document *document)
{
	for (unsigned i = 0; i < document->columns; i++)
		free(document->names[i]);
	for (unsigned row = 0; row < document->rows; row++)
		for (unsigned i = 0; i < document->columns; i++)
			free(document->cells[row][i]);
	str_release(&document->bytes);
}

static void
run_trial(const struct document_format *format, uint64_t seed)
{
	struct trial trial = {.format = format, .seed = seed, .dice = {seed}};
	uint64_t style = dice_throw(&trial.dice);

	str_init(&trial.document.bytes, FILE_ROOM);
	format->make(&trial.document, &trial.dice);
	snprintf(trial.path, sizeof(trial.path), "%s/d%s", directory,
	    format->ending);
	write_file(&trial, style);
	compare(&trial, false);
	trial.source = load(&trial);
	switch (dice_roll(&trial.dice, 3)) {
	case 0: try_results(&trial); break;
	case 1: try_edits(&trial); break;
	default: try_merge(&trial, style);
	}
	source_free(trial.source);
	forget_changes(&trial);
	release_document(&trial.document);
}

static const struct document_format *const formats[] = {&csv_documents,
    &json_documents, &json_lines_documents, &vcard_documents, &yaml_documents};

static void
remove_directory(const char *name)
{
	static const char *const ends[] = {
	    ".csv", ".yaml", ".json", ".jsonl", ".vcf"};
	char path[256];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(path, sizeof(path), "%s/d%s", directory, ends[i]);
		unlink(path);
	}
	if (rmdir(directory) != 0)
		printf("# %s: %s is left\n", name, directory);
}

static int
run(const struct document_format *format, unsigned long count, uint64_t seed)
{
	/* replacing a file on a disk waits for the disk; memory has none */
	const char *place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	snprintf(
	    directory, sizeof(directory), "%s/belay-property-XXXXXX", place);
	if (!mkdtemp(directory)) {
		perror(directory);
		return 1;
	}
	for (unsigned long i = 0; i < count; i++)
		run_trial(format, seed + i);
	remove_directory(format->name);
	printf("ok 1 - %s: %lu documents; %lu results, %lu edits (%lu "
	       "refused), %lu results into rows in another order\n1..1\n",
	    format->name, count, tally.results, tally.edits, tally.refused,
	    tally.merged);
	return 0;
}

int
main(int argc, char **argv)
{
	const char *name = argc > 1 && *argv[1] ? argv[1] : PROPERTY_FORMAT;
	unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 300;
	uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;

	if (!crypto_init())
		return 1;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i]->name, name) == 0)
			return run(formats[i], count, seed);
	fprintf(stderr, "properties: no format '%s'\n", name);
	return 2;
}
