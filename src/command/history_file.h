/* SPDX-License-Identifier: MIT */
/*
 * A run's contacts as a file for people: the source's own columns, and what
 * became of each.
 *
 * CSV (RFC 4180): UTF-8, CRLF, every field quoted. belay reads it like the
 * source it came from, so that contacts that failed can be mended in it and
 * synced from it. A cell that a spreadsheet would take for a formula gets a
 * leading ', which belay takes off again.
 */
#ifndef COMMAND_HISTORY_FILE_H
#define COMMAND_HISTORY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct book;
struct err;
struct history_file;
struct ledger_run_row;

/* A new file; one that is there is never replaced. ERR_CREATE. */
struct history_file *history_file_new(
    const char *path, const struct book *book, struct err *err);
/* A line: the row of the book, and what became of it. ERR_IO. */
bool history_file_add(struct history_file *file, uint32_t row,
    const struct ledger_run_row *what, struct err *err);
/* Whole on disk, or not there at all. Frees in every case. */
bool history_file_finish(struct history_file *file, struct err *err);
void history_file_free(struct history_file *file); /* NULL is fine */

size_t history_file_count(const struct history_file *file);

#endif
