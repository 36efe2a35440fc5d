/* SPDX-License-Identifier: MIT */
/*
 * HTTPS against a server in this process, with certificates made on the spot
 * by openssl(1).
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/httpd.h"
#include "base/spawn.h"
#include "base/str.h"
#include "check.h"
#include "partner/http.h"

enum { HELD_MAX = 4 };

struct site {
	struct httpd *httpd;
	char cert[256], key[256];
	unsigned requests;
	unsigned hold; /* answer only when so many are there */
	struct httpd_request *held[HELD_MAX];
	unsigned held_count;
};

static bool
run_openssl(const char *const argv[])
{
	struct err err = ERR_INIT;
	struct str out;
	bool good;

	str_init(&out, 65536);
	good = spawn_capture(argv, 30000, &out, &err);
	str_release(&out);
	if (!good)
		printf("# %s\n", err.text);
	return good;
}

/* A certificate that is its own authority. */
static void
make_certificate(struct site *site, const char *names, bool expired)
{
	char late[256];
	const char *const make[] = {"openssl", "req", "-x509", "-newkey", "ec",
	    "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
	    "-subj", "/CN=belay test", "-addext", names, "-keyout", site->key,
	    "-out", site->cert, NULL};
	const char *const age[] = {"openssl", "x509", "-in", site->cert,
	    "-days", "-1", "-signkey", site->key, "-out", late, NULL};

	snprintf(
	    site->cert, sizeof(site->cert), "%s/cert.pem", check_directory());
	snprintf(site->key, sizeof(site->key), "%s/key.pem", check_directory());
	snprintf(late, sizeof(late), "%s/late.pem", check_directory());
	REQUIRE(run_openssl(make));
	if (expired) {
		REQUIRE(run_openssl(age));
		memcpy(site->cert, late, sizeof(late));
	}
}

static void
handle(void *context, struct httpd_request *request)
{
	struct site *site = context;

	site->requests++;
	REQUIRE(site->held_count < HELD_MAX);
	site->held[site->held_count++] = request;
	if (site->held_count < site->hold)
		return;
	for (unsigned i = 0; i < site->held_count; i++)
		httpd_reply(site->held[i], 200, NULL, "{}", 2);
	site->held_count = 0;
}

static bool
open_site(struct site *site, const char *names, bool expired)
{
	struct httpd_options options = {.address = "127.0.0.1"};
	struct err err = ERR_INIT;

	memset(site, 0, sizeof(*site));
	if (!spawn_found("openssl")) {
		printf("# skipped: there is no openssl command\n");
		return false;
	}
	make_certificate(site, names, expired);
	options.cert_file = site->cert;
	options.key_file = site->key;
	site->httpd = httpd_start(&options, handle, site, &err);
	if (!site->httpd)
		printf("# %s\n", err.text);
	REQUIRE(site->httpd != NULL);
	return true;
}

struct result {
	unsigned times, good;
	struct transport transport;
	char problem[1024];
};

static void
keep(void *context, const struct transport *transport, const char *body,
    size_t len)
{
	struct result *result = context;

	(void)body;
	(void)len;
	result->times++;
	result->good += transport->status == 200 && transport->complete;
	result->transport = *transport;
	str_copy(result->problem, sizeof(result->problem),
	    transport->problem ? transport->problem : "");
}

/* `count` calls side by side, client and server in one loop. */
static struct result
call_site(
    struct site *site, const char *host, const char *ca_file, unsigned count)
{
	static const char *const headers[] = {"X-API-Key: no-key", NULL};
	const struct http_options options = {.user_agent = "t",
	    .ca_file = ca_file,
	    .timeout_ms = 20000,
	    .connections = 8};
	struct err err = ERR_INIT;
	struct http *http = http_new(&options, &clock_system, &err);
	struct wait_fd fd = {.fd = httpd_fd(site->httpd)};
	struct result result = {0};
	char url[128];

	if (!http)
		printf("# %s\n", err.text);
	REQUIRE(http != NULL);
	snprintf(url, sizeof(url), "https://%s:%d/v1/contacts", host,
	    httpd_port(site->httpd));
	for (unsigned i = 0; i < count; i++) {
		const struct http_request request = {.method = "POST",
		    .url = url,
		    .headers = headers,
		    .body = "{}",
		    .len = 2,
		    .once = true,
		    .done = keep,
		    .context = &result};

		CHECK(http_start(http, &request, &err));
	}
	while (http_in_flight(http) > 0) {
		http_step(http);
		httpd_run(site->httpd);
		if (http_in_flight(http) > 0)
			http_wait(http, &fd, 1, httpd_timeout(site->httpd));
	}
	http_free(http);
	httpd_stop(site->httpd);
	CHECK_INT(result.times, count);
	return result;
}

static void
check_refused(const struct site *site, const struct result *result)
{
	CHECK(result->transport.unreachable);
	CHECK(!result->transport.body_started);
	CHECK(!result->transport.answered);
	CHECK(strstr(result->problem, "did not prove who it is"));
	CHECK_INT(site->requests, 0);
}

#define HERE "subjectAltName=DNS:localhost,IP:127.0.0.1"

TEST(a_named_authority_is_trusted)
{
	struct site site;
	struct result result;

	if (!open_site(&site, HERE, false))
		return;
	result = call_site(&site, "127.0.0.1", site.cert, 1);
	CHECK_INT(result.good, 1);
	CHECK_INT(site.requests, 1);
	if (result.good != 1)
		printf("# %s\n", result.problem);
}

TEST(calls_run_side_by_side_over_tls)
{
	struct site site;
	struct result result;

	if (!open_site(&site, HERE, false))
		return;
	site.hold = HELD_MAX;
	result = call_site(&site, "localhost", site.cert, HELD_MAX);
	CHECK_INT(result.good, HELD_MAX);
	CHECK_INT(site.requests, HELD_MAX);
}

TEST(an_unknown_authority_hears_nothing)
{
	struct site site;
	struct result result;

	if (!open_site(&site, HERE, false))
		return;
	result = call_site(&site, "127.0.0.1", NULL, 1);
	check_refused(&site, &result);
}

TEST(a_wrong_host_name_hears_nothing)
{
	struct site site;
	struct result result;

	if (!open_site(&site, "subjectAltName=DNS:other.example", false))
		return;
	result = call_site(&site, "localhost", site.cert, 1);
	check_refused(&site, &result);
}

TEST(an_expired_certificate_hears_nothing)
{
	struct site site;
	struct result result;

	if (!open_site(&site, HERE, true))
		return;
	result = call_site(&site, "127.0.0.1", site.cert, 1);
	check_refused(&site, &result);
}
