/* SPDX-License-Identifier: MIT */
/*
 * The tokens of an agent's login (v2) and the file that keeps them.
 *
 * The file is `tokens/NAME.json` in belay's state directory, 0600 in a 0700
 * directory; NAME stands for environment, application and profile, so that
 * logins do not get into each other's way. It is replaced as a whole and on
 * disk before anybody uses what it holds: where HealthSherpa makes an old
 * refresh token invalid once the new access token is used, no crash loses a
 * login. Whoever renews holds the lock beside it.
 */
#ifndef PARTNER_TOKENS_H
#define PARTNER_TOKENS_H

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct config;
struct err;
struct file_lock;
struct secret;
struct token_file;

#define TOKENS_SCOPE_SIZE 128
#define TOKENS_ACCOUNT_SIZE 320

struct tokens {
	struct secret *access;
	struct secret *refresh;            /* NULL: none was given */
	char scope[TOKENS_SCOPE_SIZE];     /* cleaned; "" when not said */
	char account[TOKENS_ACCOUNT_SIZE]; /* who it is, cleaned; "": unknown */
	int64_t logged_in_ms;              /* wall: when the agent agreed */
	int64_t obtained_ms;               /* wall: when these tokens came */
	int64_t expires_in_ms; /* of the access token, from then; -1: unknown */
	bool ended; /* HealthSherpa takes them no more: log in again */
};

/* Frees the secrets; all zero afterwards. */
void tokens_clear(struct tokens *tokens);
/* Whether both hold the same access token. */
bool tokens_same(const struct tokens *a, const struct tokens *b);

/* Where the login of this config is kept. `state_dir` NULL: the usual place.
 * Touches no file. */
struct token_file *token_file_new(
    const struct config *config, const char *state_dir);
void token_file_free(struct token_file *file); /* NULL is fine */

/*
 * Reads it into `tokens`, which is cleared before. ERR_AUTH: nobody is logged
 * in, or the file is not ours alone (with the chmod line), or holds no tokens;
 * each with what to do.
 */
bool token_file_load(
    struct token_file *file, struct tokens *tokens, struct err *err);
/* Whether somebody is logged in, be it with tokens that have ended. */
bool token_file_exists(const struct token_file *file);
/* Durable on return, directory and all. ERR_CREATE, ERR_IO. */
bool token_file_save(
    struct token_file *file, const struct tokens *tokens, struct err *err);
/* The lock for renewing. ERR_HELD: another belay renews just now. */
struct file_lock *token_file_lock(struct token_file *file, struct err *err);
/* Forgets the login. True also when there is none. ERR_IO. */
bool token_file_remove(struct token_file *file, struct err *err);

#endif
