/* SPDX-License-Identifier: MIT */
/*
 * What comes to a login from outside: the answer of the token endpoint (the
 * first byte is even; it chooses the status), or what somebody pastes.
 */
/* the checks are assertions, in every build */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/text.h"
#include "base/url.h"
#include "book/config.h"
#include "partner/oauth.h"
#include "partner/reply.h"
#include "partner/tokens.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HERE "http://127.0.0.1:53682/callback"

static const struct oauth_challenge challenge = {
    .state = "0123456789abcdefghijkl",
    .verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    .hashed = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
};

static void
check_clean(const char *text)
{
	struct str out;

	str_init(&out, 1 << 16);
	assert(!text_clean(&out, text, strlen(text)));
	str_release(&out);
}

/* What may go into a header, and into our file without escapes. */
static void
check_token(const struct secret *secret)
{
	const char *text = secret_text(secret);

	assert(*text && strlen(text) <= SECRET_MAX);
	for (; *text; text++)
		assert(*text > ' ' && *text <= '~' && *text != '"' &&
		       *text != '\\');
}

static void
read_answer(int status, const char *body, size_t len)
{
	const struct transport transport = {
	    .answered = status > 0,
	    .body_started = true,
	    .complete = status > 0,
	    .status = status,
	    .retry_after_ms = -1,
	};
	struct tokens tokens = {.expires_in_ms = -1};
	struct err err = ERR_INIT;
	enum oauth_outcome outcome = oauth_read_tokens(
	    &transport, body, len, &tokens, &err);

	assert((outcome == OAUTH_GRANTED) == (tokens.access != NULL));
	assert((outcome == OAUTH_GRANTED) == (err.kind == ERR_NONE));
	if (outcome == OAUTH_GRANTED)
		assert(status >= 200 && status < 300);
	if (tokens.access)
		check_token(tokens.access);
	if (tokens.refresh)
		check_token(tokens.refresh);
	check_clean(tokens.scope);
	check_clean(tokens.account);
	check_clean(err.text);
	tokens_clear(&tokens);
}

static void
read_paste(const char *text)
{
	static char redirect[] = HERE;
	static const struct config config = {.oauth_redirect_uri = redirect};
	struct err err = ERR_INIT;
	struct str code;
	bool bare;
	enum oauth_callback result;

	str_init(&code, URL_MAX);
	result = oauth_read_paste(
	    text, &config, &challenge, &code, &bare, &err);
	if (result == OAUTH_CODE) {
		assert(code.len > 0);
		/* only with our state, or as a word alone */
		assert(bare ? strcspn(text, "/?:.@= \t\n") == strlen(text)
			    : strstr(text, challenge.state) != NULL ||
				  strchr(text, '%') != NULL);
	} else {
		assert(err.kind == ERR_AUTH);
		check_clean(err.text);
	}
	str_release(&code);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = {
	    200, 201, 204, 302, 400, 401, 403, 404, 429, 500, 503, 0};
	struct str text;

	if (size < 1 || size > 1 << 16 || !crypto_init())
		return 0;
	str_init(&text, 1 << 17);
	str_add_bytes(&text, data + 1, size - 1);
	if (data[0] % 2 == 0)
		read_answer(statuses[data[0] / 2 % 12], text.data, text.len);
	else
		read_paste(text.data);
	str_release(&text);
	return 0;
}
