/* SPDX-License-Identifier: MIT */
/*
 * URLs, parsed by one parser only (curl_url), and the gate for hosts.
 *
 * Everything the program connects to or opens passes url_check(): what was
 * checked is rebuilt from its parts, and that string is the one used.
 */
#ifndef BASE_URL_H
#define BASE_URL_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

#define URL_MAX 2048

struct url {
	char text[URL_MAX + 1]; /* rebuilt from the parts, printable ASCII */
	char scheme[16];
	char host[256]; /* lower case; an IPv6 address without brackets */
	char path[URL_MAX + 1];
	char query[URL_MAX + 1]; /* "" when there is none */
	int port;                /* the scheme's default when none is written */
	bool loopback;           /* 127.0.0.0/8, ::1 or localhost */
};

/*
 * What may be reached. Hosts are exact names.
 * `plain_loopback`: http:// to a loopback address is allowed (practice only).
 */
struct url_policy {
	const char *const *hosts; /* built-in list, NULL-terminated */
	const char *const *more;  /* allow_hosts of the config, or NULL */
	bool plain_loopback;
};

/* HealthSherpa's API hosts, those of its pages (login, quote), and both: where
 * an agent logs in (OAuth) its documentation names one here and one there. */
extern const char *const url_api_hosts[];
extern const char *const url_page_hosts[];
extern const char *const url_login_hosts[];

/*
 * Parses and normalises: absolute, <= URL_MAX bytes, printable ASCII, no
 * user-info, http or https. A fragment stays in `text` only. Errors are
 * ERR_DATA and repeat nothing but the host (a query may hold a token).
 */
bool url_parse(const char *text, struct url *url, struct err *err);

/* Parsed, then held against the policy: https, port none or 443, known host
 * (any port on loopback when plain_loopback). */
bool url_check(const char *text, const struct url_policy *policy,
    struct url *url, struct err *err);

/*
 * Appends what stands for a name or value in a query or form (WHATWG's
 * application/x-www-form-urlencoded: "+" is a blank). False: an escape is
 * broken, or there is a NUL.
 */
bool url_decode(struct str *out, const char *text, size_t len);

/*
 * Appends the value of the first parameter of that name in a query or form
 * ("a=1&b=x%20y"). False: there is none, it is there twice, or url_decode()
 * does not take it.
 */
bool url_parameter(const char *query, const char *name, struct str *out);

/* Appends percent-encoded text (RFC 3986 unreserved stays). */
void url_encode(struct str *out, const char *text);

#endif
