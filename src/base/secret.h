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
struct str;

#define SECRET_MAX 4096

enum secret_kind {
	SECRET_NONE, /* no place is named: belay's own file, or typed once */
	SECRET_ENV,
	SECRET_FILE,
	SECRET_COMMAND,
	SECRET_KEYRING, /* as a command, with words of its own when it fails */
	SECRET_ASK,     /* typed each time belay is started */
};

/* Where to find one; plain data of the config. */
struct secret_place {
	enum secret_kind kind;
	char *name;  /* variable, or path */
	char **argv; /* command, NULL-terminated */
	/* A variable that comes before all of these when it is set; borrowed.
	 * NULL: there is none. */
	const char *variable;
	/* belay's own file for it, there or not. What is typed for SECRET_ASK
	 * is remembered under this name and not written. NULL: none. */
	char *kept;
};

/* The place that the user names, forgotten; `variable` and `kept` stay. */
void secret_place_clear(struct secret_place *place);
/* All of it. */
void secret_place_release(struct secret_place *place);
/* Whether both lead to the same. */
bool secret_place_same(
    const struct secret_place *a, const struct secret_place *b);

/* No core dumps, not dumpable (PR_SET_DUMPABLE 0, RLIMIT_CORE 0). */
void secret_harden_process(void);

/* Copies; wiping `text` is up to the caller. Needs crypto_init(). */
struct secret *secret_new(const char *text, size_t len);

/* The same of one printable line of at most SECRET_MAX bytes, with or without
 * its end; else ERR_AUTH, which says of `where` what is wrong. */
struct secret *secret_from_line(
    const char *text, size_t len, const char *where, struct err *err);

/*
 * Fetches it. A variable is read once, then unset. A file must be ours, closed
 * to others and in a directory where nobody else may write (else the error
 * prints the chmod line). A command gets no input and 30 s, the keyring 3 s;
 * one line of output is the secret. Control characters in it are refused.
 * Never asks: see secret_is_missing(). ERR_AUTH or ERR_CONFIG, with what to do.
 */
struct secret *secret_fetch(const struct secret_place *place, struct err *err);
/* Whether the open file is ours and closed to everyone else; ERR_AUTH with the
 * chmod line. `what`: "the key in", before its path. */
bool secret_file_is_private(
    int fd, const char *path, const char *what, struct err *err);
void secret_free(struct secret *secret); /* NULL is fine */

/* The one line that a descriptor gives until its end. ERR_AUTH. */
struct secret *secret_read(int fd, const char *where, struct err *err);

/* Reads a variable into memory of ours, wipes and unsets it, so that neither
 * children nor /proc/PID/environ have it; secret_fetch() knows it from now on.
 * For variables that are not set, or empty: nothing. */
void secret_take_variable(const char *name);
/* As if that variable had held it; taken over. */
void secret_set_variable(const char *name, struct secret *secret);

/* ---- secrets that are typed (secret_ask.c, secret_kept.c) --------------- */

/* Whether somebody has to type it before secret_fetch() can have it. */
bool secret_is_missing(const struct secret_place *place);
/* Whether it is not written down when it is typed. */
bool secret_is_forgotten(const struct secret_place *place);
/*
 * What was typed: remembered until the process ends (SECRET_ASK), or kept in
 * `place->kept`, 0600 in a directory of ours (0700, made if missing). ERR_AUTH:
 * it cannot be a key. ERR_CREATE, ERR_IO.
 */
bool secret_take_typed(const struct secret_place *place, const char *text,
    size_t len, struct err *err);
/*
 * Asks on the controlling terminal, without echo, and gives it to
 * secret_take_typed(). The terminal is as it was on every way out, signals
 * included, which then do what they do. `question` is a line or more without
 * the last line's end. ERR_AUTH when there is no terminal to ask at, or when
 * standard input or error is none (cron, pipes); ERR_USAGE: nothing was typed.
 */
bool secret_ask(
    const struct secret_place *place, const char *question, struct err *err);
/*
 * The service refused it: what was typed is missing from now on, so that it is
 * asked for again. A file of belay's own is set aside beside its place, as
 * NAME.refused, until another is typed, since a service may err. Appends in
 * words what became of it; false: it comes from elsewhere, nothing is done.
 */
bool secret_refuse(const struct secret_place *place, struct str *out);
/* Removes belay's own file, and what is remembered. `*there`: there was one.
 * ERR_IO. */
bool secret_forget(
    const struct secret_place *place, bool *there, struct err *err);

/* Where it is or will be, in words: "the file /home/...", "the keyring". */
void secret_place_describe(struct str *out, const struct secret_place *place);

/* ---- a program that gives it (secret_command.c) -------------------------- */

struct secret_wait;

/*
 * Starts the program that secret_fetch() would wait for, which then finds what
 * it gave, once. NULL: nothing is to be waited for, it may want to ask on our
 * terminal (GPG_TTY is set and there is no display), or it cannot be started,
 * as secret_fetch() tells.
 */
struct secret_wait *secret_wait_begin(const struct secret_place *place);
/* Never waits. True when it is over; then it is freed, and err->kind says
 * whether it failed: ERR_AUTH. */
bool secret_wait_over(struct secret_wait *wait, struct err *err);
/* "pass", "the keyring": who is waited for. Borrowed. */
const char *secret_wait_for(const struct secret_wait *wait);
void secret_wait_free(struct secret_wait *wait); /* ends it; NULL is fine */

/* Private to secret*.c: what is remembered under a name; NULL: nothing. */
const struct secret *secret_recall(const char *name);
void secret_remember(const char *name, struct secret *secret);
void secret_forget_remembered(const char *name);
struct secret *secret_copy(const struct secret *secret);
struct secret *secret_of_command(
    const struct secret_place *place, struct err *err);

/* Borrowed; do not copy it anywhere that is not wiped. */
const char *secret_text(const struct secret *secret);

/* Whether a secret that is in memory now, or its last word ("X-API-Key: word"),
 * occurs in a text. Shorter ones than 8 bytes are no secrets to it: a word that
 * the practice server takes for a key would be found everywhere. */
bool secret_is_in(const char *text);

#endif
