/* SPDX-License-Identifier: MIT */
/*
 * The service's API, versions 1 and 2: who may call, what a call does to the
 * store, what is answered. It knows nothing of sockets, so a call can be
 * carried out late, or its answer thrown away.
 *
 * Version 1 takes an API key and the agent of the body, version 2 a token of
 * OAuth and its agent; the calls behind them, and the contacts, are the same.
 * The table of routes has OAuth's too: scripts and the request log name them,
 * oauth_server.h carries them out.
 */
#ifndef PRACTICE_API_H
#define PRACTICE_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answer;
struct clock;
struct grants;
struct store;
struct switches;

enum api_route {
	API_CREATE,
	API_UPDATE,
	API_SEARCH,
	API_CONTACTS, /* the routes before are those of contacts */
	API_AUTHORIZE = API_CONTACTS,
	API_TOKEN,
	API_NONE
};

struct api {
	struct store *store;
	const struct switches *switches;
	const struct clock *clock;
	struct grants *grants;   /* of version 2 */
	const char *api_key;     /* NULL: any key, but one there must be */
	const char *agent_email; /* the only agent; NULL: any */
	const char *base_url;    /* for redirect_url */
};

/* What of a request the API looks at; borrowed. */
struct api_call {
	const char *method;
	const char *path;
	const char *api_key;       /* X-API-Key, or NULL */
	const char *authorization; /* or NULL */
	const char *content_type;  /* or NULL */
	const char *body;          /* of a GET its query, as a form */
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

/* Which route a request is for; API_NONE when it is none. */
enum api_route api_route(const char *method, const char *path);
/* Whether a path is the API's, even if no route is there. */
bool api_owns(const char *path);
/* Whether its agent is the one of a token. */
bool api_takes_token(const char *path);
const char *api_route_name(enum api_route route);

/*
 * The external_id of the contact that a create or update is about: as its body
 * names it, else as the store has it. NULL: none, or a search. The caller
 * frees.
 */
char *api_subject(const struct api *api, const struct api_call *call);

/* Carries a call for contacts out and fills the answer. */
void api_answer(struct api *api, const struct api_call *call,
    const struct api_quirks *quirks, struct answer *answer);

#endif
