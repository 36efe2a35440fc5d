/* SPDX-License-Identifier: MIT */
/*
 * An answer before it is sent, and the shapes that the service gives it: the
 * envelope around a contact, the ways of writing an error.
 */
#ifndef PRACTICE_ANSWER_H
#define PRACTICE_ANSWER_H

#include <stdbool.h>

#include "base/str.h"

struct store_contact;
struct switches;
struct validate_result;

enum { ANSWER_BODY_MAX = 16 << 20 };

struct answer {
	int status;
	const char *type; /* media type; NULL: no body */
	struct str body;
	char retry_after[64]; /* "": none */
	char location[512];   /* "": none */
	bool committed;       /* the store was changed */
	char *external_id;    /* of the contact in question, for the log */
	char id[37];          /* "": none */
};

void answer_init(struct answer *answer);
void answer_release(struct answer *answer);

/* Empties the body and takes status and type. */
void answer_start(struct answer *answer, int status, const char *type);

/* An error in the shape of the switch; `field` may be NULL. */
void answer_error(struct answer *answer, const struct switches *switches,
    int status, const char *code, const char *field, const char *message);

/* A refusal that lists all problems. */
void answer_problems(struct answer *answer, const struct switches *switches,
    const struct validate_result *result);

/* What a 2xx with a contact is to look like beyond the switches. */
struct answer_style {
	const char *base_url; /* "http://127.0.0.1:1234" */
	bool no_id;           /* leave the id out */
	bool partial;         /* partial_success */
};

void answer_contact(struct answer *answer, const struct switches *switches,
    const struct answer_style *style, int status,
    const struct store_contact *contact);

/* 200 without a contact: with nulls, or with no keys at all. */
void answer_nobody(
    struct answer *answer, const struct switches *switches, bool nulls);

/* What a proxy in front of the service says: an HTML page. */
void answer_gateway(struct answer *answer, int status);

#endif
