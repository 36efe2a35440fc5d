/* SPDX-License-Identifier: MIT */
/*
 * OAuth 2.0 as the service offers it (RFC 6749, authorization code, with PKCE
 * of RFC 7636): the consent page, the token endpoint, and a way to take
 * tokens back that only the practice server has.
 *
 * It knows nothing of sockets: a request is an api_call whose body is a form,
 * the query of a GET included.
 */
#ifndef PRACTICE_OAUTH_SERVER_H
#define PRACTICE_OAUTH_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct answer;
struct api_call;
struct clock;
struct err;
struct grants;
struct switches;

#define OAUTH_SCOPE "partner_api_v2"

struct oauth_server {
	struct grants *grants;
	const struct switches *switches;
	const struct clock *clock;
	const char *client_id;     /* the only client; NULL: any */
	const char *client_secret; /* NULL: any, but one there must be */
	const char *redirect_uri;  /* the registered one; NULL: any that is
				      http and loopback */
	const char *agent_email;   /* prefilled on the consent page; or NULL */
};

/* The parameters of GET /oauth/authorize, NULL-terminated. */
extern const char *const oauth_parameters[];

/*
 * GET and POST /oauth/authorize: the consent page, and what was decided on it.
 * A request that names no client, response type or registered place to go back
 * to is answered with a page; what else is wrong goes back to the client.
 */
void oauth_authorize(struct oauth_server *server, const struct api_call *call,
    struct answer *answer);

/* POST /oauth/token: a code or a refresh token for tokens. */
void oauth_token(struct oauth_server *server, const struct api_call *call,
    struct answer *answer);

/*
 * POST /practice/revoke with what=access, grants or scope: ends all access
 * tokens, all tokens, or the scope of all of them. 200 {"revoked":N}.
 */
void oauth_revoke(struct oauth_server *server, const struct api_call *call,
    struct answer *answer);

/* ERR_USAGE unless a client can be sent there: http or https, no fragment. */
bool oauth_check_redirect(const char *uri, struct err *err);

#endif
