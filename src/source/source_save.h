/* SPDX-License-Identifier: MIT */
/*
 * What the parts of a save share: its steps (source_save.c), the writing
 * (source_write.c), the check of what was written (source_check.c).
 */
#ifndef SOURCE_SOURCE_SAVE_H
#define SOURCE_SOURCE_SAVE_H

#include "base/err.h"
#include "base/file.h"
#include "source/source.h"
#include "source/source_format.h"
#include "source/source_pass.h"
#include "source/source_private.h"

enum {
	SAVE_COPY = 64 * 1024, /* bytes a read */
	SAVE_STEP = 1 << 20,   /* bytes copied in a step */
};

enum save_phase { SUM, FIND, WRITE, REST, CHECK, COMMIT, COMMITTING, DONE };

/* A change and where it goes. */
struct save_item {
	struct source_change *change;
	uint32_t row; /* in the file now */
	uint32_t found;
	char *column; /* as the file names it, once rows are known */
	char *why;
};

/* What the thread that puts the file in place works on. */
struct save_commit {
	struct file_writer *writer;
	const char *backup_dir;
	const struct file_identity *still;
	struct file_identity now;
	bool good;
	struct err err;
};

struct source_save {
	struct source *source;
	struct save_item *items; /* by key while finding, then by row */
	size_t count, at;
	source_key key;
	void *context;
	char *backup_dir;
	int fd; /* the file now */
	struct file_identity identity;
	enum save_phase phase;
	bool by_key;
	bool unproved; /* an edit that only the check of the whole can vouch for
			*/
	enum encoding encoding; /* of the file now */
	const char **added;     /* names of columns the file lacks */
	size_t added_count, added_room;
	struct source_pass pass, result;
	/* check: by column of `result` the one of `pass`, and the other way;
	 * a key added to an early record moves all that come later */
	uint32_t in_pass[RECORDS_COLUMNS_MAX], in_result[RECORDS_COLUMNS_MAX];
	struct splice splice; /* of the record read last, not all written */
	size_t edit;          /* of it, the next one to be written */
	struct file_writer *writer; /* from the first edit on */
	struct save_commit commit;
	struct worker *worker; /* while COMMITTING */
	uint64_t copied;       /* of the file, into the writer */
	uint64_t bytes_at;     /* where in the file `bytes` are from */
	size_t bytes_len;
	char bytes[SAVE_COPY];
};

/* The change stays undone; the reason is copied. */
void save_refuse(struct save_item *item, const char *why);
/* Over the file as it is now. */
bool save_start_pass(struct source_save *save, struct err *err);

/* Rows are known: sorts the changes and starts the pass that writes. */
bool save_start_write(struct source_save *save, struct err *err);
/* After each header or record of that pass. */
bool save_write_header(struct source_save *save, struct err *err);
bool save_write_record(struct source_save *save, struct err *err);
/* Writes on while `splice` has edits; then the rest of the file. */
bool save_write_on(struct source_save *save, struct err *err);
bool save_copy_rest(struct source_save *save, struct err *err);

/* Compares records until the old file is read to `until`. */
bool save_step_check(struct source_save *save, uint64_t until, struct err *err);

#endif
