/* SPDX-License-Identifier: MIT */
/*
 * The service's API, version 1: who may call, what a call does to the store,
 * what is answered. It knows nothing of sockets, so a call can be carried out
 * late, or its answer thrown away.
 *
 * A further version is a row in the table of routes with an authentication of
 * its own; the calls behind it are the same.
 */
#ifndef PRACTICE_API_H
#define PRACTICE_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answer;
struct clock;
struct store;
struct switches;

enum api_route { API_CREATE, API_UPDATE, API_SEARCH, API_NONE };

struct api {
	struct store *store;
	const struct switches *switches;
	const struct clock *clock;
	const char *api_key;     /* NULL: any key, but one there must be */
	const char *agent_email; /* the only agent; NULL: any */
	const char *base_url;    /* for redirect_url */
};

/* What of a request the API looks at; borrowed. */
struct api_call {
	const char *method;
	const char *path;
	const char *api_key;      /* X-API-Key, or NULL */
	const char *content_type; /* or NULL */
	const char *body;
	size_t body_len;
};

/* What a script makes of one call, beyond the switches. */
struct api_quirks {
	bool no_id;        /* 2xx without id */
	bool partial;      /* partial_success */
	bool other_person; /* search: somebody else */
	bool nobody;       /* search: none, though there is one */
	int64_t lag;       /* create: invisible to search so long, ms */
};

/* Which route a request is for; API_NONE when it is not the API's. */
enum api_route api_route(const char *method, const char *path);
const char *api_route_name(enum api_route route);

/*
 * The external_id of the contact that a create or update is about: as its body
 * names it, else as the store has it. NULL: none, or a search. The caller
 * frees.
 */
char *api_subject(const struct api *api, const struct api_call *call);

/* Carries the call out and fills the answer. */
void api_answer(struct api *api, const struct api_call *call,
    const struct api_quirks *quirks, struct answer *answer);

#endif
