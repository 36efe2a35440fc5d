/* SPDX-License-Identifier: MIT */
/*
 * One pass over a file that was read before: record after record, keeping only
 * one. Saves go through the file so, and those who cannot keep it in memory.
 */
#ifndef SOURCE_SOURCE_PASS_H
#define SOURCE_SOURCE_PASS_H

#include <stdbool.h>
#include <stdint.h>

#include "source/input.h"
#include "source/source_format.h"

struct err;
struct records;

struct source_pass {
	const struct source_format *format;
	struct input input;
	struct records *records; /* row 0: the record, after a record */
	void *reader;
	uint32_t row; /* of the file, of the record read last */
	uint32_t count;
};

/* From the start of `fd`, which stays open and is the pass's till its stop. */
bool source_pass_start(struct source_pass *pass,
    const struct source_format *format, int fd, const char *name,
    struct err *err);
/* Before the first unit: see follow() in source_format.h. */
void source_pass_follow(struct source_pass *pass, const void *leader);
enum source_unit source_pass_next(struct source_pass *pass, struct err *err);
/* The next record or the end. */
enum source_unit source_pass_record(struct source_pass *pass, struct err *err);
/* A pass never started, zeroed, is fine. */
void source_pass_stop(struct source_pass *pass);

/* The record's value in a column, or NULL. `*guess`, where it probably is,
 * becomes where it is: columns keep their place to the end of a pass. */
const char *source_pass_cell(
    const struct source_pass *pass, const char *column, uint32_t *guess);

/* Absent and empty mean the same. */
bool source_same_text(const char *a, const char *b);

#endif
