/* SPDX-License-Identifier: MIT */
/*
 * Secrets: where they come from and where they are kept.
 *
 * A secret lives in guarded, locked memory that stays out of core dumps and is
 * wiped at secret_free(). It is never an option's value and never logged.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct secret;

#define SECRET_MAX 4096

enum secret_kind { SECRET_NONE, SECRET_ENV, SECRET_FILE, SECRET_COMMAND };

/* Where to find one; plain data of the config. */
struct secret_place {
	enum secret_kind kind;
	char *name;  /* variable, or path */
	char **argv; /* command, NULL-terminated */
};

void secret_place_clear(struct secret_place *place);

/* No core dumps, not dumpable (PR_SET_DUMPABLE 0, RLIMIT_CORE 0). */
void secret_harden_process(void);

/* Copies; wiping `text` is up to the caller. Needs crypto_init(). */
struct secret *secret_new(const char *text, size_t len);

/*
 * Fetches it. A variable is read once, then unset. A file must be ours and
 * closed to others (else the error prints the chmod line). A command gets no
 * input and 30 s; its one line of output is the secret. Control characters in
 * it are refused. ERR_AUTH or ERR_CONFIG, with what to do.
 */
struct secret *secret_fetch(const struct secret_place *place, struct err *err);
/* Whether the open file is ours and closed to everyone else; ERR_AUTH with the
 * chmod line. `what`: "the key in", before its path. */
bool secret_file_is_private(
    int fd, const char *path, const char *what, struct err *err);
void secret_free(struct secret *secret); /* NULL is fine */

/* Borrowed; do not copy it anywhere that is not wiped. */
const char *secret_text(const struct secret *secret);

#endif
