/* SPDX-License-Identifier: MIT */
/*
 * Writing a config: a new one, a mapping into one that has none, a saved
 * filter, the columns of the list, the agent's e-mail. Comments and everything
 * else in it stay as they are; it is never replaced by one that belay itself
 * would not read.
 */
#ifndef BOOK_CONFIG_WRITE_H
#define BOOK_CONFIG_WRITE_H

#include <stdbool.h>
#include <stddef.h>

struct config;
struct config_columns;
struct err;
struct file_identity;
struct str;

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

/* Appends to a config's text what is in lines; with the line ends it has. */
void config_append(struct str *whole, const char *text, size_t len);

/*
 * Puts a text in the place of a file that was read before: atomically, its mode
 * kept. `still`: ERR_DATA when it is no longer that; `now` (may be NULL): what
 * it is from now on. Whether the text is good is for the caller to see to.
 */
bool config_replace(const char *path, const struct str *text,
    const struct file_identity *still, struct file_identity *now,
    struct err *err);

/*
 * Puts a filter under `desk.filters`, in the place of the one with that name,
 * behind the others when there is none; `query` NULL takes it out. Where there
 * is no config yet, one is made that holds just that. ERR_CONFIG, ERR_DATA:
 * the config is written so that this cannot be done, or is no good in the
 * first place; ERR_DATA when another program changed it meanwhile; ERR_IO,
 * ERR_CREATE. Then nothing was changed.
 */
bool config_set_filter(
    const char *path, const char *name, const char *query, struct err *err);

/*
 * The same in the config that is in force, at its path or, if it has none, at
 * the usual one, which is its path then; config_reread_lists().
 */
bool config_keep_filter(struct config *config, const char *name,
    const char *query, struct err *err);
/* How a config that belay proposes shows where the e-mail belongs. */
#define CONFIG_AGENT_EXAMPLE "  # agent_email: agent@example.com\n"

/* The same of `service.agent_email`, which must look like an e-mail address
 * (ERR_USAGE); it is in force when the config is read again. The example above
 * goes: beside the real one it would only mislead. */
bool config_keep_agent(
    struct config *config, const char *email, struct err *err);
/* The same of `desk.columns` or `desk.sort`; an empty list takes it out. */
bool config_keep_columns(struct config *config, const char *key,
    const struct config_columns *columns, struct err *err);

#endif
