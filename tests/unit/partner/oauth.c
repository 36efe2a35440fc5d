/* SPDX-License-Identifier: MIT */
#include "partner/oauth.h"

#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/url.h"
#include "book/config.h"
#include "check.h"
#include "partner/reply.h"
#include "partner/tokens.h"

#define HERE "http://127.0.0.1:53682/callback"

/* Of a test only; nothing is sent there. */
static char client_id[] = "belay & co", redirect[] = HERE,
	    authorize[] = "https://medicare.healthsherpa.com/oauth/authorize";
static const struct config config = {
    .oauth_client_id = client_id,
    .oauth_redirect_uri = redirect,
    .authorize_url = authorize,
};

/* The example of RFC 7636, appendix B. */
static const struct oauth_challenge challenge = {
    .state = "0123456789abcdefghijkl",
    .verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    .hashed = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
};

TEST(a_challenge_is_drawn_as_the_rfc_says)
{
	struct oauth_challenge one, other;
	struct crypto_digest digest;
	uint8_t hash[CRYPTO_DIGEST_SIZE];
	char text[CRYPTO_BASE64URL_SIZE(CRYPTO_DIGEST_SIZE)];

	oauth_challenge_draw(&one);
	oauth_challenge_draw(&other);
	CHECK_INT(strlen(one.state), 22);
	CHECK_INT(strlen(one.verifier), 43);
	CHECK(strcmp(one.state, other.state) != 0);
	CHECK(strcmp(one.verifier, other.verifier) != 0);
	crypto_digest_start(&digest);
	crypto_digest_add(
	    &digest, challenge.verifier, strlen(challenge.verifier));
	crypto_digest_end(&digest, hash);
	crypto_base64url(text, hash, sizeof(hash));
	CHECK_TEXT(text, challenge.hashed);
}

TEST(the_consent_page_is_asked_for_with_everything)
{
	struct str out;

	str_init(&out, URL_MAX);
	oauth_authorize_url(&out, &config, &challenge);
	CHECK_TEXT(out.data,
	    "https://medicare.healthsherpa.com/oauth/authorize?"
	    "response_type=code&client_id=belay%20%26%20co&"
	    "redirect_uri=http%3A%2F%2F127.0.0.1%3A53682%2Fcallback&"
	    "scope=partner_api_v2&state=0123456789abcdefghijkl&"
	    "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&"
	    "code_challenge_method=S256");
	str_release(&out);
}

TEST(forms_carry_what_the_token_endpoint_wants)
{
	struct str out;

	str_init(&out, URL_MAX);
	oauth_code_form(&out, &config, "s&t", &challenge, "the/code");
	CHECK_TEXT(out.data,
	    "grant_type=authorization_code&code=the%2Fcode&"
	    "redirect_uri=http%3A%2F%2F127.0.0.1%3A53682%2Fcallback&"
	    "code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk&"
	    "client_id=belay%20%26%20co&client_secret=s%26t");
	str_reset(&out);
	oauth_refresh_form(&out, &config, "s", "r+1");
	CHECK_TEXT(out.data, "grant_type=refresh_token&refresh_token=r%2B1&"
			     "client_id=belay%20%26%20co&client_secret=s");
	str_release(&out);
}

/* ---- what comes back ------------------------------------------------------
 */

#define STATE "state=0123456789abcdefghijkl"
#define CODE "code=abcdefghijklmnop"

TEST(pasted_addresses_are_ours_or_not)
{
	static const struct {
		const char *text;
		enum oauth_callback result;
		const char *code;
	} vectors[] = {
	    {HERE "?" CODE "&" STATE, OAUTH_CODE, "abcdefghijklmnop"},
	    {HERE "?" STATE "&more=1&" CODE, OAUTH_CODE, "abcdefghijklmnop"},
	    {HERE "?" STATE "&code=a%2Fb%2Bc", OAUTH_CODE, "a/b+c"},
	    {HERE "?" STATE "&error=access_denied", OAUTH_DENIED, ""},
	    {HERE "?" STATE "&error=access_denied&" CODE, OAUTH_DENIED, ""},
	    /* another state, none, two, an empty one, a longer one */
	    {HERE "?" CODE "&state=0123456789abcdefghijkL", OAUTH_NOT_OURS, ""},
	    {HERE "?" CODE, OAUTH_NOT_OURS, ""},
	    {HERE "?" CODE "&" STATE "&" STATE, OAUTH_NOT_OURS, ""},
	    {HERE "?" CODE "&state=", OAUTH_NOT_OURS, ""},
	    {HERE "?" CODE "&" STATE "x", OAUTH_NOT_OURS, ""},
	    {HERE "?error=access_denied", OAUTH_NOT_OURS, ""},
	    /* no code, an empty one, two, a broken one */
	    {HERE "?" STATE, OAUTH_NOT_OURS, ""},
	    {HERE "?code=&" STATE, OAUTH_NOT_OURS, ""},
	    {HERE "?" CODE "&" CODE "&" STATE, OAUTH_NOT_OURS, ""},
	    {HERE "?code=%4&" STATE, OAUTH_NOT_OURS, ""},
	    {HERE "?code=a%00b&" STATE, OAUTH_NOT_OURS, ""},
	    /* somewhere else */
	    {"https://127.0.0.1:53682/callback?" CODE "&" STATE, OAUTH_NOT_OURS,
		""},
	    {"http://127.0.0.1:53683/callback?" CODE "&" STATE, OAUTH_NOT_OURS,
		""},
	    {"http://127.0.0.2:53682/callback?" CODE "&" STATE, OAUTH_NOT_OURS,
		""},
	    {"http://localhost:53682/callback?" CODE "&" STATE, OAUTH_NOT_OURS,
		""},
	    {"http://127.0.0.1:53682/callback/?" CODE "&" STATE, OAUTH_NOT_OURS,
		""},
	    {"http://127.0.0.1:53682@evil.example/callback?" CODE "&" STATE,
		OAUTH_NOT_OURS, ""},
	    {"https://medicare.healthsherpa.com/oauth/authorize?" CODE
	     "&" STATE,
		OAUTH_NOT_OURS, ""},
	    {"", OAUTH_NOT_OURS, ""},
	    {"yes", OAUTH_NOT_OURS, ""},
	    {"I agreed there, and now?", OAUTH_NOT_OURS, ""},
	    {"maria.lopez99@agency.example", OAUTH_NOT_OURS, ""},
	    {"127.0.0.1/callback", OAUTH_NOT_OURS, ""},
	    {"code=abcdefghijklmnop1", OAUTH_NOT_OURS, ""},
	    {"correct-horse-battery-staple", OAUTH_NOT_OURS, ""},
	    {"medicare.healthsherpa.com", OAUTH_NOT_OURS, ""},
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		struct err err = ERR_INIT;
		struct str code;
		bool bare;

		str_init(&code, URL_MAX);
		if (!CHECK_INT(oauth_read_paste(vectors[i].text, &config,
				   &challenge, &code, &bare, &err),
			vectors[i].result) ||
		    !CHECK_TEXT(code.data, vectors[i].code))
			printf("# %s\n", vectors[i].text);
		CHECK(!bare);
		CHECK((err.kind == ERR_NONE) ==
		      (vectors[i].result == OAUTH_CODE));
		str_release(&code);
	}
}

TEST(a_code_alone_is_taken_and_said)
{
	struct err err = ERR_INIT;
	struct str code;
	bool bare;

	str_init(&code, URL_MAX);
	CHECK_INT(oauth_read_paste("abcdefgh-ijklmnop_1", &config, &challenge,
		      &code, &bare, &err),
	    OAUTH_CODE);
	CHECK(bare);
	CHECK_TEXT(code.data, "abcdefgh-ijklmnop_1");
	str_release(&code);
}

TEST(a_refusal_shows_why_and_nothing_dangerous)
{
	static const struct oauth_redirect redirect_error = {
	    .state = "0123456789abcdefghijkl",
	    .error = "unauthorized_client",
	    .error_description = "not \033[31mregistered",
	};
	struct err err = ERR_INIT;

	CHECK_INT(oauth_judge(&redirect_error, &challenge, &err), OAUTH_DENIED);
	CHECK(strstr(err.text, "registered") != NULL);
	CHECK(strchr(err.text, '\033') == NULL);
}

/* ---- the token endpoint ------------------------------------------------- */

static enum oauth_outcome
read_answer(
    int status, const char *body, struct tokens *tokens, struct err *err)
{
	const struct transport transport = {
	    .answered = status > 0,
	    .body_started = true,
	    .complete = status > 0,
	    .status = status,
	    .retry_after_ms = -1,
	};

	*err = (struct err)ERR_INIT;
	return oauth_read_tokens(&transport, body, strlen(body), tokens, err);
}

TEST(tokens_are_read)
{
	struct tokens tokens = {.expires_in_ms = -1};
	struct err err;

	CHECK_INT(read_answer(200,
		      "{\"access_token\":\"a-1\",\"token_type\":\"bearer\","
		      "\"expires_in\":7200,\"refresh_token\":\"r\\/1\","
		      "\"scope\":\"partner_api_v2\",\"created_at\":1700000000,"
		      "\"more\":{\"access_token\":\"other\"},\"list\":[\"x\"]}",
		      &tokens, &err),
	    OAUTH_GRANTED);
	CHECK_TEXT(secret_text(tokens.access), "a-1");
	CHECK_TEXT(secret_text(tokens.refresh), "r/1");
	CHECK_TEXT(tokens.scope, "partner_api_v2");
	CHECK_INT(tokens.expires_in_ms, 7200 * 1000);
	/* a later answer without what it need not have */
	CHECK_INT(read_answer(201, "{\"access_token\":\"a-2\"}", &tokens, &err),
	    OAUTH_GRANTED);
	CHECK(tokens.refresh == NULL);
	CHECK_INT(tokens.expires_in_ms, -1);
	CHECK_INT(
	    read_answer(200, "{\"access_token\":\"a\",\"expires_in\":\"60\"}",
		&tokens, &err),
	    OAUTH_GRANTED);
	CHECK_INT(tokens.expires_in_ms, 60 * 1000);
	tokens_clear(&tokens);
}

TEST(other_answers_of_the_token_endpoint)
{
	static const struct {
		int status;
		const char *body;
		enum oauth_outcome outcome;
		enum err_kind kind;
		const char *words;
	} vectors[] = {
	    {400, "{\"error\":\"invalid_grant\"}", OAUTH_ENDED, ERR_AUTH,
		"not take this login"},
	    {401,
		"{\"error\":\"invalid_grant\",\"error_description\":\"gone\"}",
		OAUTH_ENDED, ERR_AUTH, "(gone)"},
	    {401, "{\"error\":\"invalid_client\"}", OAUTH_REFUSED, ERR_AUTH,
		"client_secret"},
	    {401, "", OAUTH_REFUSED, ERR_AUTH, "client_secret"},
	    {400, "{\"error\":\"invalid_scope\"}", OAUTH_REFUSED, ERR_AUTH,
		"invalid_scope"},
	    {404, "<html>", OAUTH_REFUSED, ERR_AUTH, "HTTP 404"},
	    {302, "", OAUTH_REFUSED, ERR_AUTH, "HTTP 302"},
	    {0, "", OAUTH_LOST, ERR_UNAVAILABLE, "does not answer"},
	    {500, "", OAUTH_LOST, ERR_UNAVAILABLE, "HTTP 500"},
	    {503, "", OAUTH_NOT_NOW, ERR_UNAVAILABLE, "HTTP 503"},
	    {429, "", OAUTH_NOT_NOW, ERR_UNAVAILABLE, "HTTP 429"},
	    /* it may have been carried out */
	    {200, "", OAUTH_LOST, ERR_UNAVAILABLE, "no sense"},
	    {200, "{}", OAUTH_LOST, ERR_UNAVAILABLE, "no sense"},
	    {200, "[\"access_token\"]", OAUTH_LOST, ERR_UNAVAILABLE,
		"no sense"},
	    {200, "{\"access_token\":\"\"}", OAUTH_LOST, ERR_UNAVAILABLE,
		"no sense"},
	    {200, "{\"access_token\":7", OAUTH_LOST, ERR_UNAVAILABLE,
		"no sense"},
	    {200, "{\"access_token\":\"a\\r\\nX-Evil: 1\"}", OAUTH_LOST,
		ERR_UNAVAILABLE, "no sense"},
	    {200, "{\"access_token\":\"a\",\"token_type\":\"mac\"}", OAUTH_LOST,
		ERR_UNAVAILABLE, "kind of login"},
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		struct tokens tokens = {.expires_in_ms = -1};
		struct err err;

		CHECK_INT(read_answer(vectors[i].status, vectors[i].body,
			      &tokens, &err),
		    vectors[i].outcome);
		CHECK_INT(err.kind, vectors[i].kind);
		if (!CHECK(strstr(err.text, vectors[i].words)))
			printf("# %d %s: %s\n", vectors[i].status,
			    vectors[i].body, err.text);
		CHECK(tokens.access == NULL);
		tokens_clear(&tokens);
	}
}
