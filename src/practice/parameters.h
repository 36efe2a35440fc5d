/* SPDX-License-Identifier: MIT */
/*
 * What OAuth is written in: form-encoded bodies, and the base64 of its
 * headers.
 */
#ifndef PRACTICE_PARAMETERS_H
#define PRACTICE_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

struct str;

#define PARAMETERS_MAX 32

struct parameters {
	char *names[PARAMETERS_MAX]; /* decoded */
	char *values[PARAMETERS_MAX];
	size_t count;
	bool bad; /* a name twice, too many, a broken escape, a NUL */
};

/* Reads "a=b&c=d"; always succeeds, `bad` says whether it was one. */
void parameters_parse(struct parameters *form, const char *text, size_t len);
void parameters_release(struct parameters *form);

/* The value, NULL when it is absent or empty. Borrowed. */
const char *parameters_get(const struct parameters *form, const char *name);

/* Decodes percent escapes and '+'; NULL when broken. The caller frees. */
char *parameters_decode(const char *text, size_t len);

/* Appends "name=value" encoded, after a '&' unless `out` is empty. */
void parameters_add(struct str *out, const char *name, const char *value);

/*
 * Appends what base64 text stands for, in the usual alphabet, padded or not;
 * false when it is none.
 */
bool parameters_base64_decode(struct str *out, const char *text);

#endif
