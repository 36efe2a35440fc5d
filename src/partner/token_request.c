/* SPDX-License-Identifier: MIT */
#include "partner/token_request.h"

#include "base/crypto.h"
#include "base/err.h"
#include "base/secret.h"
#include "base/url.h"
#include "book/config.h"

enum {
	/* two secrets, percent-encoded, and a few words */
	FORM_MAX = 8 * SECRET_MAX,
	ANSWER_MAX = 64 << 10,
};

void
token_request_begin(struct str *form)
{
	str_init(form, FORM_MAX);
	str_grow(form);
}

static bool
send(struct http *http, const struct config *config, const struct str *form,
    http_done done, void *context, struct err *err)
{
	static const char *const headers[] = {
	    "Accept: application/json",
	    "Content-Type: application/x-www-form-urlencoded",
	    NULL,
	};
	struct http_request request = {
	    .method = "POST",
	    .headers = headers,
	    .body = form->data,
	    .len = form->len,
	    .answer_max = ANSWER_MAX,
	    .once = true,
	    .secret = true,
	    .done = done,
	    .context = context,
	};
	struct url_policy policy = config_login_policy(config);
	struct url url;

	if (form->cut)
		return err_set(
		    err, ERR_AUTH, "the login is too long to be one");
	if (!url_check(config->token_url, &policy, &url, err)) {
		err->kind = ERR_CONFIG;
		return err_prefix(err, "service.urls.token");
	}
	request.url = url.text;
	return http_start(http, &request, err);
}

bool
token_request_send(struct http *http, const struct config *config,
    struct str *form, http_done done, void *context, struct err *err)
{
	bool good = send(http, config, form, done, context, err);

	crypto_wipe(form->data, form->size);
	str_release(form);
	return good;
}
