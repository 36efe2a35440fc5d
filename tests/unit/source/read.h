/* SPDX-License-Identifier: MIT */
/* Reading a text with a format and writing down what came out. */
#ifndef TESTS_UNIT_SOURCE_READ_H
#define TESTS_UNIT_SOURCE_READ_H

#include <stddef.h>

#include "source/source_format.h"

/*
 * "a|b" for the header, "1|2" for a row, "-" for an absent cell, " !problem"
 * and, when it fails, the error; a line each. Called f.x in messages.
 * `chunk`: bytes a read. The caller frees.
 */
char *read_text(const struct source_format *format, const char *text,
    size_t len, size_t chunk);

#endif
