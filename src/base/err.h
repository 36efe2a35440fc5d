/* SPDX-License-Identifier: MIT */
/*
 * One error: what kind, and a sentence for an insurance agent.
 *
 * A function that can fail takes `struct err *` last, returns false (or NULL),
 * and fills the error exactly once; callers add context with err_prefix().
 * Sentences are lower case without a full stop: what failed, why, what to do.
 * The text is cleaned (base/text.h) whatever its arguments held; a newline is
 * no exception. The struct lives on the caller's stack and owns nothing.
 * Programming errors are assert()s, which stay on in tests.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

/* Each kind has one exit status (sysexits(3)); see err_exit_status(). */
enum err_kind {
	ERR_NONE,
	ERR_USAGE,       /* 64: the command line is wrong */
	ERR_DATA,        /* 65: a source cannot be read as what it claims */
	ERR_NO_INPUT,    /* 66: no such file, or it may not be read */
	ERR_UNAVAILABLE, /* 69: the service cannot be reached */
	ERR_CREATE,      /* 73: an output cannot be made */
	ERR_IO,          /* 74: reading or writing failed half-way */
	ERR_HELD,        /* 75: another belay holds this book */
	ERR_AUTH,        /* 77: key, agent or login refused */
	ERR_CONFIG,      /* 78: config or mapping wrong */
};

#define ERR_TEXT_MAX 1024

struct err {
	enum err_kind kind;
	char text[ERR_TEXT_MAX]; /* UTF-8, cleaned, cut at the limit */
};

#define ERR_INIT                 \
	{                        \
		.kind = ERR_NONE \
	}

/* Sets kind and text; always returns false, so `return err_set(...)` works. */
bool err_set(struct err *err, enum err_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * As err_set(), then ": " and the text of errno as it was at the call.
 * ENOENT and EACCES read better through file.h, which picks the kind.
 */
bool err_errno(struct err *err, enum err_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts the formatted text and ": " before the present text; returns false. */
bool err_prefix(struct err *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The exit status of a kind; 0 for ERR_NONE. */
int err_exit_status(enum err_kind kind);

#endif
