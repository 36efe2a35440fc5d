/* SPDX-License-Identifier: MIT */
/*
 * OAuth 2.0 as text: the authorization code grant (RFC 6749 section 4.1) with
 * PKCE (RFC 7636, S256), refreshing (section 6), and what comes back. Pure:
 * strings in, strings out.
 *
 * HealthSherpa's documentation names response_type, client_id, redirect_uri and
 * scope; state and PKCE go along all the same, as servers ignore parameters
 * that they do not know (section 3.1).
 */
#ifndef PARTNER_OAUTH_H
#define PARTNER_OAUTH_H

#include <stdbool.h>
#include <stddef.h>

struct config;
struct err;
struct str;
struct tokens;
struct transport;

/* What one login is recognised by; of letters, digits, - and _. */
struct oauth_challenge {
	char state[23];    /* 128 bits */
	char verifier[44]; /* 256 bits */
	char hashed[44];   /* SHA-256 of the verifier */
};
/* Draws one. Wipe it when the login is over. */
void oauth_challenge_draw(struct oauth_challenge *challenge);

/* Appends the address of the consent page. */
void oauth_authorize_url(struct str *out, const struct config *config,
    const struct oauth_challenge *challenge);

enum oauth_callback {
	OAUTH_CODE,   /* the agent agreed: `code` */
	OAUTH_DENIED, /* the agent, or HealthSherpa, said no: the error says */
	OAUTH_NOT_OURS, /* no answer to this login: nothing may come of it */
};
/* What the address says that the browser was sent to; NULL: not said. */
struct oauth_redirect {
	const char *state, *code, *error, *error_description;
};
/* Without the right `state` it is not ours, whatever else it says. The error is
 * ERR_AUTH. */
enum oauth_callback oauth_judge(const struct oauth_redirect *redirect,
    const struct oauth_challenge *challenge, struct err *err);

/*
 * The same of what a person pasted: the whole address, which must be the
 * redirect_uri of the config, or the code alone (`*bare`), which nothing but
 * PKCE ties to this login. Appends the code.
 */
enum oauth_callback oauth_read_paste(const char *text,
    const struct config *config, const struct oauth_challenge *challenge,
    struct str *code, bool *bare, struct err *err);

/* Appends the form of a token request; wipe it. */
void oauth_code_form(struct str *out, const struct config *config,
    const char *client_secret, const struct oauth_challenge *challenge,
    const char *code);
void oauth_refresh_form(struct str *out, const struct config *config,
    const char *client_secret, const char *refresh_token);

enum oauth_outcome {
	OAUTH_GRANTED,
	OAUTH_ENDED,   /* invalid_grant: this code or refresh token is dead */
	OAUTH_REFUSED, /* a wrong setting: client, secret, redirect, scope */
	OAUTH_LOST,    /* no usable answer: it may have been carried out */
	OAUTH_NOT_NOW, /* surely not carried out; later it may be */
};
/*
 * What the token endpoint answered. Of OAUTH_GRANTED the tokens, which are
 * cleared before, with all but the times; a refresh token that did not come is
 * NULL. Of the others an ERR_AUTH, or ERR_UNAVAILABLE for the last two.
 */
enum oauth_outcome oauth_read_tokens(const struct transport *transport,
    const char *body, size_t len, struct tokens *tokens, struct err *err);

#endif
