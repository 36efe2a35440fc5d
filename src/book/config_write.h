/* SPDX-License-Identifier: MIT */
/*
 * Writing a config: a new one, or a mapping into one that has none. Comments
 * and everything else in it stay as they are; it is never replaced by one that
 * belay itself would not read.
 */
#ifndef BOOK_CONFIG_WRITE_H
#define BOOK_CONFIG_WRITE_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* Where a config is looked for when none is named; the caller frees. */
char *config_usual_path(void);

/*
 * A new config, 0600, its directory made 0700 when missing. ERR_CREATE when
 * there is one already, ERR_CONFIG when the text would not be read.
 */
bool config_create(
    const char *path, const char *text, size_t len, struct err *err);

/*
 * Puts a mapping ("mapping:" and what is below it) behind what the config has.
 * ERR_CONFIG when it has a mapping, or is written so that this cannot be done;
 * ERR_DATA when another program changed it meanwhile; ERR_IO, ERR_CREATE.
 */
bool config_add_mapping(
    const char *path, const char *text, size_t len, struct err *err);

#endif
