/* SPDX-License-Identifier: MIT */
/* A file with contacts, loaded, changed, saved. */
#ifndef TESTS_UNIT_SOURCE_BOOK_H
#define TESTS_UNIT_SOURCE_BOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "source/records.h"
#include "source/source.h"

/* The path of `name` in the test's directory, with this text; static. */
const char *book_file(const char *name, const char *text, size_t len);
/* Moves the file's times back, so that they can be trusted. */
void book_age(const char *path);

/* Loaded whole; ends the test when it cannot be. */
struct source *book_load(const char *path);
/* Reads until DONE or FAILED. */
enum source_progress book_finish(struct source *source, struct err *err);

/* Finds rows by their column `id`, or `UID`. */
const char *book_key(
    void *context, const struct records *records, uint32_t row);
/* All steps of a save by book_key(). */
enum source_progress book_save(struct source *source,
    struct source_change *changes, size_t count, struct err *err);
/* Expects that the file has exactly this text. */
bool book_has(const char *path, const char *text);
/* Whether the file has exactly these bytes. */
bool book_has_bytes(const char *path, const char *bytes, size_t len);

/* Saves one change to a file of this name and text: it has the outcome, the
 * file then this text, and a second time there is nothing left to do. */
void book_check_change(const char *name, const char *before,
    struct source_change change, enum source_outcome outcome,
    const char *after);

#endif
