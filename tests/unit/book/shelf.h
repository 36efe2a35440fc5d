/* SPDX-License-Identifier: MIT */
/* Makes books for tests: a config and a file in this test's directory. */
#ifndef TESTS_BOOK_SHELF_H
#define TESTS_BOOK_SHELF_H

#include "book/book.h"
#include "book/config.h"

/* Noon of 2026-11-23 UTC, for ever. */
extern const struct clock shelf_clock;

/* `config` is YAML, may be "". Ends the test when it is not good. */
struct config *shelf_config(const char *config);
/* Writes `text` to `name` and opens it; fully loaded. */
struct book *shelf_book(
    const struct config *config, const char *name, const char *text);
/* The path of `name`; static buffer. */
const char *shelf_path(const char *name);
/* The codes of a row's findings, "FIELD:CODE!" for errors, "?" for warnings,
 * without that of made-up phones; static buffer. */
const char *shelf_findings(struct book *book, uint32_t row);
/* What would be sent for a field, or NULL; static buffer. */
const char *shelf_value(struct book *book, uint32_t row, enum field field);

#endif
