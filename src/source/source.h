/* SPDX-License-Identifier: MIT */
/*
 * A source: the file the contacts come from. Files in, files out.
 *
 * Reading goes in slices so that a screen shows the first rows at once.
 * Writing puts changed cells into the file as it is *now*: the file is read
 * anew, only the spans of the changed cells are replaced, everything else is
 * copied byte for byte, the result is parsed again and compared, and only
 * then the file is replaced (file_writer). What another program changed
 * meanwhile survives: rows are found again by their key.
 *
 * A format is one table of operations (source_format.h); a new format is one
 * file and one line in source.c.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct records;
struct source;
struct source_save;
struct str;

enum source_progress { SOURCE_MORE, SOURCE_DONE, SOURCE_FAILED };

/*
 * Opens and recognises the format by name and first bytes; "-" is standard
 * input, read-only. ERR_NO_INPUT, ERR_DATA (not a format we read; says how to
 * get one).
 */
struct source *source_open(const char *path, struct err *err);
void source_free(struct source *source); /* NULL is fine */

/*
 * Reads up to `rows` more records, or fewer when a slice of about 1 MiB is
 * used up. SOURCE_FAILED with file, line and byte in the error; rows read
 * before stay usable for looking, but not for sending or saving.
 */
enum source_progress source_load(
    struct source *source, uint32_t rows, struct err *err);

const struct records *source_records(const struct source *source);

/*
 * For files too big to be kept: source_forget() lets go of all rows read so
 * far (records_forget()). Once all is read, source_again() reads one of them
 * once more: on success it is row 0 of `*records`, until the next call; the
 * columns there are the first of source_records(). Going down the rows reads
 * the file once, going up starts anew. ERR_IO when the file is not what it was
 * when it was read first. Not for standard input.
 */
void source_forget(struct source *source);
bool source_again(struct source *source, uint32_t row,
    const struct records **records, struct err *err);

/*
 * The column of a name that may be given to a record of keys (YAML, JSON)
 * although none has it yet; RECORDS_NONE when a header says what there is (CSV)
 * or there are too many. Only after SOURCE_DONE.
 */
uint32_t source_add_column(struct source *source, const char *name);
/* Why the file can have no column of that name, or NULL (vCard: properties
 * have fixed names). */
const char *source_refuses_column(
    const struct source *source, const char *name);
const char *source_path(const struct source *source);      /* as given */
const char *source_real_path(const struct source *source); /* links resolved */
/* "CSV", "JSON lines". */
const char *source_format_name(const struct source *source);
/* Whether a header names all columns (CSV); else each record its own. */
bool source_has_header(const struct source *source);
/* What the format calls a new column of the HealthSherpa ID ("healthsherpa_id"
 * in YAML and JSON); NULL: it has no word of its own. */
const char *source_result_id(const struct source *source);
/* For progress: bytes read so far and in all (0: unknown). */
void source_bytes(const struct source *source, uint64_t *read, uint64_t *total);
/*
 * Appends what is worth telling about how the file was read (lines that are no
 * contacts, an encoding that was guessed): a sentence a line, mostly nothing.
 * Whole only after SOURCE_DONE.
 */
void source_notes(const struct source *source, struct str *out);
/* False with the reason when results cannot go into the file itself. */
bool source_writable(const struct source *source, struct err *why);
/* Whether a save found that the file had changed: what was read no longer is
 * what stands there. */
bool source_moved(const struct source *source);
/* Whether the file on disk is no longer what was read or last saved. Cheap
 * while nothing touches the file. */
bool source_changed_outside(const struct source *source);

/* What happened to one change. */
enum source_outcome {
	SOURCE_APPLIED,  /* in the file now */
	SOURCE_ALREADY,  /* the file said so already */
	SOURCE_CONFLICT, /* someone else changed this cell meanwhile: theirs
			    kept */
	SOURCE_VANISHED, /* the row is no longer there */
	SOURCE_REFUSED,  /* cannot be put there; `why` says why */
};

/*
 * One cell to change. All strings are borrowed until source_save_end().
 * `key` finds the row again when the file has changed (NULL: only by number,
 * and only while the file is unchanged). `before` is the raw text the change
 * was made from; NULL: whatever is there is replaced unless it is a different
 * non-empty value (result columns: a different ID there is a conflict).
 * A missing column is added at the end (CSV) or as a key (YAML, JSON).
 */
struct source_change {
	uint32_t row;
	enum source_outcome outcome; /* filled by the save, as is `why` */
	const char *key;
	const char *column;
	const char *before;
	const char *after;
	const char *why; /* SOURCE_REFUSED: until the save's end; else NULL */
};

/*
 * The key of a record in freshly parsed records; NULL when it has none.
 * Borrowed until the next call. Columns may be in another order than in
 * source_records(), and more may have come since the last call.
 */
typedef const char *(*source_key)(
    void *context, const struct records *records, uint32_t row);

/*
 * Saving in steps, so that keys stay quick meanwhile: start, step until not
 * SOURCE_MORE, end. An error in any step leaves the file untouched. One save at
 * a time. After SOURCE_DONE the source knows the new bytes;
 * `changes[i].outcome` are filled.
 */
struct source_save *source_save_start(struct source *source,
    struct source_change *changes, size_t count, source_key key, void *context,
    const char *backup_dir, struct err *err);
enum source_progress source_save_step(
    struct source_save *save, struct err *err);
/* NULL is fine. A save that is not done is aborted, unless the file is being
 * put in place: that is waited for, and the source knows the new bytes. */
void source_save_end(struct source_save *save);

#endif
