/* SPDX-License-Identifier: MIT */
/*
 * Errors are text built where the facts are known and passed up by value.
 * Hazard: a format argument may point into the same struct (adding context to
 * an error's own text), so the new text is built aside first.
 */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"

static bool
set_clean(struct err *err, enum err_kind kind, const char *text)
{
	struct str clean;

	str_init(&clean, ERR_TEXT_MAX - 1);
	text_clean(&clean, text, strlen(text));
	memcpy(err->text, clean.data, clean.len + 1);
	err->kind = kind;
	str_release(&clean);
	return false;
}

bool
err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
	char text[ERR_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return set_clean(err, kind, text);
}

bool
err_errno(struct err *err, enum err_kind kind, const char *format, ...)
{
	int saved = errno;
	char text[ERR_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return err_set(err, kind, "%s: %s", text, strerror(saved));
}

bool
err_prefix(struct err *err, const char *format, ...)
{
	char text[ERR_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return err_set(err, err->kind, "%s: %s", text, err->text);
}

int
err_exit_status(enum err_kind kind)
{
	static const int statuses[] = {
	    [ERR_NONE] = 0,
	    [ERR_USAGE] = 64,
	    [ERR_DATA] = 65,
	    [ERR_NO_INPUT] = 66,
	    [ERR_UNAVAILABLE] = 69,
	    [ERR_CREATE] = 73,
	    [ERR_IO] = 74,
	    [ERR_HELD] = 75,
	    [ERR_AUTH] = 77,
	    [ERR_CONFIG] = 78,
	};

	return statuses[kind];
}
