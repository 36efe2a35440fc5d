/* SPDX-License-Identifier: MIT */
/* A request to the token endpoint: the one call that carries the client's
 * secret. Never sent twice by itself, as codes and rotating refresh tokens work
 * once. */
#ifndef PARTNER_TOKEN_REQUEST_H
#define PARTNER_TOKEN_REQUEST_H

#include <stdbool.h>

#include "base/str.h"
#include "partner/http.h"

struct config;
struct err;

/* An empty form with all its memory, so that no copy is left by growing. */
void token_request_begin(struct str *form);
/*
 * Sends the form and wipes it. False: nothing was started (ERR_CONFIG: the
 * address is none that may be called).
 */
bool token_request_send(struct http *http, const struct config *config,
    struct str *form, http_done done, void *context, struct err *err);

#endif
