/* SPDX-License-Identifier: MIT */
/*
 * Who we are to HealthSherpa: the header that every request carries.
 * v1: X-API-Key with the agency's key. The one place that will know tokens.
 */
#ifndef PARTNER_AUTH_H
#define PARTNER_AUTH_H

struct auth;
struct config;
struct dialect;
struct err;

/* Fetches the secret; blocks while its command runs. ERR_AUTH, ERR_CONFIG. */
struct auth *auth_new(const struct config *config,
    const struct dialect *dialect, struct err *err);
void auth_free(struct auth *auth); /* NULL is fine */

/*
 * "Name: value", in guarded memory: ask before each request, do not keep it.
 */
const char *auth_header(const struct auth *auth);

#endif
