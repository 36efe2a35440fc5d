/* SPDX-License-Identifier: MIT */
/*
 * What a format is to the rest: one table of operations. To add a format,
 * write its table and name it in source.c.
 *
 * A reader hands out one unit after the other (a header, a record). While a
 * unit is the last one handed out, the reader still knows where its cells
 * stand in the file, and can say which bytes to replace to change them.
 */
#ifndef SOURCE_SOURCE_FORMAT_H
#define SOURCE_SOURCE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "source/encoding.h"

struct err;
struct input;
struct records;

enum source_unit {
	SOURCE_UNIT_HEADER, /* no record: a header, or what stands between */
	SOURCE_UNIT_RECORD, /* the last one of the records */
	SOURCE_UNIT_END,
	SOURCE_UNIT_FAILED,
};

/* Bytes [start, end) of the file make room for `len` bytes of the text. */
struct splice_edit {
	uint64_t start, end;
	size_t text, len; /* in `text` below */
};

/* The edits of one unit, sorted by start; later ones at one place go last. */
struct splice {
	struct splice_edit *edits;
	size_t count, room;
	struct str text;
};

void splice_init(struct splice *splice);
void splice_release(struct splice *splice);
void splice_reset(struct splice *splice);
void splice_add(struct splice *splice, uint64_t start, uint64_t end,
    const char *text, size_t len);
/* Turns the texts into those of a file in another encoding, which holds them.
 */
void splice_encode(struct splice *splice, enum encoding encoding);

/* A cell of the unit that must change. */
struct splice_cell {
	const char *column; /* as the records name it, or one of `added` */
	const char *text;   /* the new value */
	char why[160];      /* filled when the format cannot: the reason */
};

/* What must change in a unit. */
struct splice_job {
	const char *const *added; /* columns that the whole file gets */
	size_t added_count;
	struct splice_cell *cells; /* none for a header */
	size_t cell_count;
};

enum splice_proof { SPLICE_UNKNOWN, SPLICE_RIGHT, SPLICE_WRONG };

/*
 * Takes the edits of a unit back when, with them, it might be longer than
 * `most`, which the next reading would refuse with the whole file. `len`: what
 * it is, in bytes of the window. Its cells get that as their reason.
 */
void splice_limit(
    struct splice *splice, struct splice_job *job, size_t len, size_t most);

struct source_format {
	const char *name;           /* "CSV" */
	const char *const *endings; /* ".csv", NULL at the end */
	bool header; /* names all columns; else each record names its own */
	/* looks_like() is sure: it is asked before the name is looked at */
	bool unmistakable;
	/* What the column of the HealthSherpa ID is called unless the user
	 * says otherwise; NULL: as the config's default says. */
	const char *result_id;
	/* Its changes may be written in every encoding; else it is written
	 * only when it is UTF-8. */
	bool any_encoding;
	/* Why no record can be given a column of that name, or NULL; the whole
	 * NULL: any name will do. */
	const char *(*refuse_column)(const char *name);
	/* whether it could be, by its first bytes; for names that do not tell
	 */
	bool (*looks_like)(const char *head, size_t len);

	/* `name` stands in messages; all three are borrowed. */
	void *(*start)(
	    struct input *input, struct records *records, const char *name);
	/* Errors name file and line. */
	enum source_unit (*next)(void *reader, struct err *err);
	void (*end)(void *reader);

	/*
	 * Says how to change the unit handed out last. Never fails: a cell
	 * that cannot be changed gets its reason and stays as it is.
	 */
	void (*splice)(
	    void *reader, struct splice_job *job, struct splice *splice);

	/*
	 * Whether the edits that splice() just gave change those cells and
	 * nothing else, whatever stands around the unit: a save whose edits
	 * all do need not read the new file again, and one that does not is
	 * left out. NULL: unknown.
	 */
	enum splice_proof (*prove)(void *reader, const struct splice_job *job,
	    const struct splice *splice);

	/*
	 * A sum over what stands in the file beside the records, complete at
	 * the end: a save must leave it as it is. NULL when there is nothing.
	 */
	uint64_t (*outside)(const void *reader);

	/*
	 * Before the first unit: reads as `leader` did, a reader that has
	 * reached the end of the same file, or of one that differs in cells
	 * only. Nothing is guessed then. NULL when a format guesses nothing.
	 */
	void (*follow)(void *reader, const void *leader);

	/* At the end: see source_notes(). NULL when there is nothing. */
	void (*notes)(const void *reader, struct str *out);
};

extern const struct source_format csv_format;
extern const struct source_format json_format;
extern const struct source_format json_lines_format;
extern const struct source_format vcard_format;
extern const struct source_format yaml_format;

#endif
