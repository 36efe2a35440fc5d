/* SPDX-License-Identifier: MIT */
/*
 * The document in which the mapping is written, and changing one rule of it.
 *
 * It is the config itself, or the file that its `mapping:` names. Comments and
 * everything else in it stay (source/yaml_edit.h). What is written was read
 * before as a config with its mapping, without a problem; the file is replaced
 * atomically, keeps its mode, and is left alone when another program changed
 * it since it was read. Each change is one step that can be taken back.
 */
#ifndef BOOK_MAPPING_FILE_H
#define BOOK_MAPPING_FILE_H

#include <stdbool.h>

#include "book/field.h"

struct config;
struct err;
struct mapping_file;
struct str;

/* What is in force although no file says so. */
struct mapping_start {
	/*
	 * The mapping, when the config has none: entries, one a line
	 * ("external_id: {column: UID, minted: true}\n..."), or "mapping:"
	 * and what is below it, with comments. NULL: no rules. The first change
	 * writes all of it, with the change, behind what the config has.
	 */
	const char *mapping;
	/*
	 * The whole config that the first change makes (0600) when there is
	 * none yet, mapping and all. NULL: one with nothing but the mapping.
	 */
	const char *config;
};

/*
 * Reads the document of the config's mapping. `start` may be NULL; it and the
 * config are not needed afterwards. Without a config (its path is NULL) the
 * file will be config_usual_path(). NULL with ERR_NO_INPUT or ERR_IO when it
 * cannot be read, ERR_CONFIG when it is no mapping any more.
 */
struct mapping_file *mapping_file_open(const struct config *config,
    const struct mapping_start *start, struct err *err);
void mapping_file_free(struct mapping_file *file); /* NULL is fine */

/* The file's path; it may not be there yet. */
const char *mapping_file_path(const struct mapping_file *file);
/* Whether it is the config itself, not a file that the config names. */
bool mapping_file_is_config(const struct mapping_file *file);

/*
 * A field's rule as one line of YAML ("[A, B]", "{column: A, date: m/d/y}"):
 * as it stands there, if it is written on one line. NULL: it has none. Borrowed
 * until the document changes.
 */
const char *mapping_file_rule(
    const struct mapping_file *file, enum field field);
/* Where an editor should begin, from 1: at the field's rule, else where rules
 * begin. */
void mapping_file_place(const struct mapping_file *file, enum field field,
    unsigned *line, unsigned *column);

/*
 * Writes a field's rule (as above; NULL or blank: takes it out). Errors, after
 * which nothing is changed: ERR_CONFIG (the rule or what would be written is
 * wrong; every problem of the rule, with its key, joined by "; "), ERR_DATA
 * (another program changed the file: mapping_file_reread(); or it is written in
 * a way that belay cannot change), ERR_CREATE and ERR_IO (it cannot be
 * written). Columns are not looked at: mapping_bind() does.
 */
bool mapping_file_set(struct mapping_file *file, enum field field,
    const char *rule, struct err *err);

/*
 * Takes the last change back, or makes it again: the bytes of before, exactly.
 * A config that the first change made is not removed: its mapping becomes what
 * was in force before. `*field`: which one was changed, FIELD_COUNT: anything
 * (by an editor). Errors: ERR_USAGE (there is nothing to take back or to make
 * again), else as mapping_file_set().
 */
bool mapping_file_undo(
    struct mapping_file *file, enum field *field, struct err *err);
bool mapping_file_redo(
    struct mapping_file *file, enum field *field, struct err *err);
/* What was taken back is not made again any more. */
void mapping_file_forget_redo(struct mapping_file *file);
bool mapping_file_can_undo(const struct mapping_file *file);
bool mapping_file_can_redo(const struct mapping_file *file);

/*
 * Reads the file again, after an editor or another program changed it. A
 * changed text is one step, too. When it has problems (ERR_CONFIG, all of them
 * joined by "; ") the rules of before go on being told, and nothing is set
 * until it is whole again, but the step can be taken back.
 */
bool mapping_file_reread(struct mapping_file *file, struct err *err);

#endif
