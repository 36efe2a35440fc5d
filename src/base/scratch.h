/* SPDX-License-Identifier: MIT */
/*
 * A text that another program of the user's works on, with people's data in
 * it: a file in memory (tmpfs), in a directory of its own that nobody else can
 * look into, wiped with all that the other program leaves beside it.
 */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct scratch;
struct str;

/* In $XDG_RUNTIME_DIR, else /dev/shm. ERR_UNAVAILABLE: neither is in memory
 * and ours to write in, so that the text would be on disk. */
struct scratch *scratch_new(
    const char *name, const char *text, size_t len, struct err *err);
const char *scratch_path(const struct scratch *scratch); /* borrowed */
/* What the file holds now. ERR_IO, ERR_DATA (too long for `out`). */
bool scratch_read(
    const struct scratch *scratch, struct str *out, struct err *err);
/* Overwrites and removes everything in the directory, and itself. NULL is
 * fine. */
void scratch_free(struct scratch *scratch);

/* The same with what processes left that are gone: for the start. */
void scratch_sweep(void);

#endif
