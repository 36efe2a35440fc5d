/* SPDX-License-Identifier: MIT */
/* HTTP/2 against tests/net/http2_server.py, with real TLS and ALPN. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/spawn.h"
#include "base/str.h"
#include "check.h"
#include "partner/http.h"

struct server {
	FILE *said;
	pid_t child;
	int port;
};

static char cert[256], key[256];

static const char *
python(void)
{
	const char *name = getenv("PYTHON3");

	return name && *name ? name : "python3";
}

static bool
prepare(void)
{
	const char *const make[] = {"openssl", "req", "-x509", "-newkey", "ec",
	    "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
	    "-subj", "/CN=belay test", "-addext", "subjectAltName=IP:127.0.0.1",
	    "-keyout", key, "-out", cert, NULL};
	struct err err = ERR_INIT;
	struct str out;
	bool good;

	if (!spawn_found("openssl") || !spawn_found(python())) {
		printf("# skipped: there is no openssl or python3 command\n");
		return false;
	}
	snprintf(cert, sizeof(cert), "%s/cert.pem", check_directory());
	snprintf(key, sizeof(key), "%s/key.pem", check_directory());
	str_init(&out, 65536);
	good = spawn_capture(make, 30000, &out, &err);
	str_release(&out);
	REQUIRE(good);
	return true;
}

static void
start_server(struct server *server, const char *mode, int bad)
{
	char number[16];
	int ends[2];

	snprintf(number, sizeof(number), "%d", bad);
	REQUIRE(pipe(ends) == 0);
	fflush(stdout);
	server->child = fork();
	REQUIRE(server->child >= 0);
	if (server->child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execlp(python(), "python3", check_data("net/http2_server.py"),
		    cert, key, mode, number, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	server->said = fdopen(ends[0], "r");
	REQUIRE(server->said != NULL);
	REQUIRE(fscanf(server->said, "port %d", &server->port) == 1);
}

/* Returns how many requests it took. */
static unsigned
stop_server(struct server *server)
{
	unsigned count = 0;
	char line[64];

	kill(server->child, SIGKILL);
	waitpid(server->child, NULL, 0);
	while (fgets(line, sizeof(line), server->said))
		count += strcmp(line, "request\n") == 0;
	fclose(server->said);
	return count;
}

static void
keep(void *context, const struct transport *transport, const char *body,
    size_t len)
{
	(void)body;
	(void)len;
	if (transport->problem)
		printf("# %s\n", transport->problem);
	*(struct transport *)context = *transport;
}

static struct transport
call(struct http *http, int port)
{
	static const char *const headers[] = {"X-API-Key: no-key", NULL};
	struct transport transport = {0};
	struct err err = ERR_INIT;
	char url[64];
	const struct http_request request = {.method = "POST",
	    .url = url,
	    .headers = headers,
	    .body = "{\"a\":1}",
	    .len = 7,
	    .once = true,
	    .done = keep,
	    .context = &transport};

	snprintf(url, sizeof(url), "https://127.0.0.1:%d/contacts", port);
	REQUIRE(http_start(http, &request, &err));
	while (http_in_flight(http) > 0) {
		http_step(http);
		if (http_in_flight(http) > 0)
			http_wait(http, NULL, 0, -1);
	}
	return transport;
}

/* The Nth of three creates is taken and then betrayed. */
static void
check_betrayal(const char *mode, int bad)
{
	const struct http_options options = {.user_agent = "t",
	    .ca_file = cert,
	    .timeout_ms = 20000,
	    .connections = 2};
	struct err err = ERR_INIT;
	struct http *http = http_new(&options, &clock_system, &err);
	struct server server;

	REQUIRE(http != NULL);
	start_server(&server, mode, bad);
	for (int i = 1; i <= 3; i++) {
		struct transport transport = call(http, server.port);

		CHECK(transport.body_started);
		if (i == bad)
			CHECK(!transport.answered && !transport.complete);
		else
			CHECK_INT(transport.status, 200);
	}
	http_free(http);
	CHECK_INT(stop_server(&server), 3);
}

TEST(a_create_leaves_once_over_http2)
{
	static const char *const modes[] = {
	    "close", "goaway", "reset", "refused", NULL};

	if (!prepare())
		return;
	for (const char *const *mode = modes; *mode; mode++)
		for (int bad = 1; bad <= 2; bad++) {
			printf("# %s, request %d\n", *mode, bad);
			check_betrayal(*mode, bad);
		}
}
