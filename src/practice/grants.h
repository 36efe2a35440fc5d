/* SPDX-License-Identifier: MIT */
/*
 * What agents have consented to: the code, the access tokens and the refresh
 * token of each grant, in memory or in a file too.
 *
 * Codes and tokens are kept as SHA-256 digests only, so the file gives nobody
 * access. It is replaced as a whole by grants_save(), which is called before
 * an answer leaves: what a client was told survives a kill of the server.
 * Times are wall clock, ms.
 */
#ifndef PRACTICE_GRANTS_H
#define PRACTICE_GRANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct grants;

enum {
	GRANTS_WORD_SIZE = 65,   /* a code or token, and a digest; with NUL */
	GRANTS_ACCESS_MAX = 16,  /* access tokens of one grant, the newest */
	GRANTS_COUNT_MAX = 1000, /* beyond, the oldest grant is forgotten */
};

struct grant_access {
	char digest[GRANTS_WORD_SIZE];
	int64_t until;
};

/* What an agent consents to. */
struct grant_request {
	const char *agent; /* e-mail of who consents */
	const char *client_id;
	const char *redirect_uri;
	const char *scope;
	const char *challenge; /* of PKCE; NULL: none was sent */
};

struct grant {
	char *agent;
	char *client_id;
	char *redirect_uri;
	char *scope;     /* "": taken away since */
	char *challenge; /* NULL: none */
	char code[GRANTS_WORD_SIZE];
	int64_t code_until;
	bool code_used;
	char refresh[GRANTS_WORD_SIZE]; /* "": none */
	/* The one before it, good until the newest access token is used: who
	 * never got the answer can ask again. "": none */
	char previous[GRANTS_WORD_SIZE];
	struct grant_access access[GRANTS_ACCESS_MAX];
	size_t access_count;
};

/* `path` NULL: memory only. ERR_NO_INPUT, ERR_IO, ERR_DATA. */
struct grants *grants_open(const char *path, struct err *err);
void grants_close(struct grants *grants); /* NULL is fine */
bool grants_save(struct grants *grants, struct err *err);

/*
 * A new grant (strings are copied) and its code, which is written to `code`.
 * Pointers to other grants are dead afterwards.
 */
void grants_offer(struct grants *grants, const struct grant_request *request,
    int64_t code_until, char code[GRANTS_WORD_SIZE]);

/* By the word itself; NULL: no such. Good until the next grants_offer(). */
struct grant *grants_by_code(struct grants *grants, const char *code);
struct grant *grants_by_refresh(struct grants *grants, const char *refresh);
/* NULL too when the token has expired. The newest one ends the refresh token
 * that was good until its first use. */
struct grant *grants_by_access(
    struct grants *grants, const char *access, int64_t now);

/* Gives out a further access token, or another refresh token; `used` (NULL:
 * none) stays good until the newest access token is used. */
void grants_new_access(
    struct grant *grant, int64_t until, char access[GRANTS_WORD_SIZE]);
void grants_new_refresh(
    struct grant *grant, const char *used, char refresh[GRANTS_WORD_SIZE]);

/* What ends: the access tokens; those and the refresh token; the scope. */
enum grants_ending { GRANTS_ACCESS, GRANTS_TOKENS, GRANTS_SCOPE };
void grants_end(struct grant *grant, enum grants_ending ending);
/* The same for all of them; how many had something to end. */
size_t grants_end_all(struct grants *grants, enum grants_ending ending);

#endif
