/* SPDX-License-Identifier: MIT */
/*
 * An answer before it is sent, and the shapes that the service gives it: the
 * envelope around a contact, the ways of writing an error.
 */
#ifndef PRACTICE_ANSWER_H
#define PRACTICE_ANSWER_H

#include <stdbool.h>

#include "base/str.h"

struct json;
struct store_contact;
struct switches;
struct validate_result;

enum { ANSWER_BODY_MAX = 16 << 20 };

struct answer {
	int status;
	const char *type; /* media type; NULL: no body */
	struct str body;
	char retry_after[64];  /* "": none */
	char location[4096];   /* "": none */
	char challenge[256];   /* WWW-Authenticate; "": none */
	char form_action[300]; /* an origin that the page's form may lead to,
				  beside its own; "": none */
	bool committed;        /* the store was changed, or tokens given out */
	char *external_id;     /* of the contact in question, for the log */
	char *agent;           /* whom the token was for, for the log */
	char id[37];           /* "": none */
};

void answer_init(struct answer *answer);
void answer_release(struct answer *answer);

/* Empties the body and takes status and type. */
void answer_start(struct answer *answer, int status, const char *type);

/* Takes the document over and prints it into the body. */
void answer_json(struct answer *answer, int status, struct json *root);

/* Notes the agent for the log (copied). */
void answer_agent(struct answer *answer, const char *email);

/* {"error","error_description"}, as OAuth writes it whatever the switch. */
void answer_oauth_error(struct answer *answer, int status, const char *error,
    const char *description);

/* The same with its WWW-Authenticate (RFC 6750 3): 401 or 403. */
void answer_bearer_error(struct answer *answer, int status, const char *error,
    const char *description);

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
	bool partial;         /* partial_success, of an item that nobody sent */
	bool lists;           /* drugs, pharmacies, providers: of version 2 */
	const struct json
	    *errors; /* of lists_take(): partial_success; or NULL */
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
