/* SPDX-License-Identifier: MIT */
/* Problems of a config or mapping, gathered so that all show at once. */
#ifndef BOOK_PROBLEMS_H
#define BOOK_PROBLEMS_H

#include <stddef.h>

struct str;
struct yaml_node;

struct problems {
	struct str *out;  /* one problem a line */
	const char *name; /* the file */
	size_t count;
};

/* Adds "file:line:column: key: text"; `at` NULL: the file as a whole, `key`
 * NULL: none. The text is cleaned. */
void problems_add(struct problems *problems, const struct yaml_node *at,
    const char *key, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void problems_add_at(struct problems *problems, unsigned line, unsigned column,
    const char *key, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The same for a name that is not known: "(did you mean x?)" or the list. */
void problems_unknown(struct problems *problems, const struct yaml_node *at,
    const char *key, const char *const *names, size_t count);

/* A line of `out` taken apart. */
struct problem {
	char *file;            /* "": not said */
	unsigned line, column; /* from 1; 0: the file as a whole */
	char *key;             /* "mapping.zip"; "": none */
	char *text;            /* the sentence */
};
/* All lines, in an array for problems_free(). */
struct problem *problems_split(const char *lines, size_t *count);
void problems_free(struct problem *list, size_t count);

/* The index of a scalar in a NULL-terminated list of words; -1 with a problem
 * that lists them. */
int problems_choice(struct problems *problems, const struct yaml_node *at,
    const char *key, const char *const *words);

#endif
