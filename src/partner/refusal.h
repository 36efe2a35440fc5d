/* SPDX-License-Identifier: MIT */
/*
 * What an error body says, whatever its shape. Pure; part of reply.c's work.
 *
 * Shapes: {"error":{"code","message"}}, {"error":"code","error_description"},
 * {"errors":{field:[message]}}, {"errors":[{...}]}, and message, detail, title,
 * reason at the top. Nothing in it is trusted: texts are cleaned and cut.
 */
#ifndef PARTNER_REFUSAL_H
#define PARTNER_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>

struct json;

struct refusal {
	char code[64];
	char field[64];    /* the service's key, "" when it names none */
	char message[512]; /* several are joined by "; " */
};

/* `answer`: the whole answer; NULL gives empty texts. */
void refusal_read(struct refusal *refusal, const struct json *answer);

/* Whether the answer holds an error at all, also inside a 2xx. */
bool refusal_present(const struct json *answer);

/* Cleans text from outside into a buffer, cut at a whole character. */
void refusal_clean(char *buffer, size_t size, const char *text);

/* Whether `text` contains `word`, ASCII case ignored. */
bool refusal_mentions(const char *text, const char *word);

#endif
