/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "book/config.h"
#include "practice/practice.h"

#include "check.h"

enum { CALL_SECONDS = 20 };

static const char *
python(void)
{
	const char *path = getenv("PYTHON3");

	return path && *path ? path : "/usr/bin/python3";
}

bool
rig_has_proxy(void)
{
	if (access(python(), X_OK) == 0)
		return true;
	printf("# python3 is missing: nothing was tried\n");
	return false;
}

static _Noreturn void
run_proxy(int port, const char *script, int in, int out)
{
	char program[512], upstream[64];

	snprintf(
	    program, sizeof(program), "%s", check_data("net/fault_proxy.py"));
	snprintf(upstream, sizeof(upstream), "127.0.0.1:%d", port);
	dup2(in, 0);
	dup2(out, 1);
	execl(python(), "python3", program, "--upstream", upstream, "--script",
	    script, (char *)NULL);
	_exit(127);
}

/* Returns the port that the proxy listens on. */
static int
start_proxy(struct rig *rig, const char *transport)
{
	int in[2], out[2], port = 0;
	char script[160];
	FILE *ready;

	snprintf(script, sizeof(script), "%s/transport", check_directory());
	check_write(script, transport);
	REQUIRE(pipe(in) == 0 && pipe(out) == 0);
	fflush(stdout);
	rig->proxy = fork();
	REQUIRE(rig->proxy >= 0);
	if (rig->proxy == 0) {
		close(in[1]);
		run_proxy(rig->server.port, script, in[0], out[1]);
	}
	close(in[0]);
	close(out[1]);
	rig->proxy_fd = in[1];
	ready = fdopen(out[0], "r");
	REQUIRE(ready != NULL);
	CHECK_INT(fscanf(ready, "listening on http://127.0.0.1:%d", &port), 1);
	fclose(ready);
	REQUIRE(port > 0);
	return port;
}

static void
start_partner(struct rig *rig, int port, const char *service)
{
	struct err err = ERR_INIT;
	struct str text, problems;

	str_init(&text, 4096);
	str_init(&problems, 4096);
	str_addf(&text,
	    "service:\n"
	    "  environment: practice\n"
	    "  agent_email: agent@example.com\n"
	    "  api_key: {command: [echo, practice]}\n"
	    "  urls: {api: 'http://127.0.0.1:%d/v1'}\n%s",
	    port, service ? service : "");
	rig->config = config_parse(
	    "config.yaml", text.data, text.len, &problems, &err);
	CHECK_TEXT(problems.data, "");
	REQUIRE(rig->config != NULL);
	rig->partner = partner_new(rig->config, &clock_system, NULL, &err);
	CHECK_TEXT(err.text, "");
	REQUIRE(rig->partner != NULL);
	str_release(&text);
	str_release(&problems);
}

void
rig_start_with(struct rig *rig, const struct rig_options *options)
{
	struct practice_options server = {
	    .switches = options->switches, .seed = 1, .api_key = "practice"};
	char path[160];

	*rig = (struct rig){.proxy = 0};
	if (options->script) {
		snprintf(path, sizeof(path), "%s/script", check_directory());
		check_write(path, options->script);
		server.script_path = path;
	}
	server_start(&rig->server, &server);
	start_partner(rig,
	    options->transport ? start_proxy(rig, options->transport)
			       : rig->server.port,
	    options->service);
}

void
rig_start(struct rig *rig, const char *script, const char *const *switches)
{
	const struct rig_options options = {
	    .script = script, .switches = switches};

	rig_start_with(rig, &options);
}

void
rig_stop_server(struct rig *rig)
{
	if (rig->server.pid)
		server_stop(&rig->server);
	rig->server.pid = 0;
}

void
rig_stop(struct rig *rig)
{
	int status;

	partner_free(rig->partner);
	config_free(rig->config);
	if (rig->proxy) {
		close(rig->proxy_fd);
		REQUIRE(waitpid(rig->proxy, &status, 0) == rig->proxy);
		CHECK_INT(status, 0);
	}
	rig_stop_server(rig);
	/* The next server of this test begins a log of its own. */
	remove(rig->server.log_path);
}

static void
keep_reply(void *context, const struct reply *reply)
{
	struct rig *rig = context;

	rig->reply = *reply;
	rig->done = true;
}

static enum reply_kind
wait_reply(struct rig *rig, bool started, const struct err *err)
{
	int64_t limit = clock_monotonic(&clock_system) +
			CALL_SECONDS * (int64_t)1000;

	CHECK_TEXT(err->text, "");
	REQUIRE(started);
	rig->done = false;
	while (!rig->done) {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		partner_wait(rig->partner, NULL, 0, 1000);
		partner_step(rig->partner);
	}
	return rig->reply.kind;
}

enum reply_kind
rig_create(struct rig *rig, const struct field_values *values)
{
	struct err err = ERR_INIT;

	return wait_reply(rig,
	    partner_create(rig->partner, values, keep_reply, rig, &err), &err);
}

enum reply_kind
rig_update(struct rig *rig, const char *id, const struct field_values *values)
{
	struct err err = ERR_INIT;

	return wait_reply(rig,
	    partner_update(rig->partner, id, values, keep_reply, rig, &err),
	    &err);
}

static enum reply_kind
search_with(struct rig *rig, enum selector selector, const char *other_key)
{
	static const struct field_values ada = {{
	    [FIELD_LAST_NAME] = "Sample",
	    [FIELD_BIRTH_DATE] = "1955-01-15",
	    [FIELD_EMAIL] = "ada@example.com",
	    [FIELD_PHONE] = "9165550123",
	    [FIELD_MEDICARE_NUMBER] = "1EG4TE5MK73",
	}};
	struct err err = ERR_INIT;

	return wait_reply(rig,
	    partner_search(
		rig->partner, selector, &ada, other_key, keep_reply, rig, &err),
	    &err);
}

enum reply_kind
rig_search(struct rig *rig, enum selector selector)
{
	enum reply_kind kind = search_with(rig, selector, NULL);

	return rig->reply.other_key
		   ? search_with(rig, selector, rig->reply.other_key)
		   : kind;
}

struct field_values
rig_ada(void)
{
	return (struct field_values){{
	    [FIELD_EXTERNAL_ID] = "crm-1",
	    [FIELD_FIRST_NAME] = "Ada",
	    [FIELD_LAST_NAME] = "Sample",
	    [FIELD_EMAIL] = "ada@example.com",
	    [FIELD_PHONE] = "9165550123",
	    [FIELD_BIRTH_DATE] = "1955-01-15",
	    [FIELD_SEX] = "female",
	    [FIELD_ADDRESS_1] = "12 Elm Street",
	    [FIELD_ADDRESS_2] = "Apt 5",
	    [FIELD_CITY] = "Sacramento",
	    [FIELD_STATE] = "CA",
	    [FIELD_ZIP] = "95811",
	    [FIELD_TYPE] = "client",
	    [FIELD_MEDICARE_NUMBER] = "1EG4TE5MK73",
	    [FIELD_PART_A_DATE] = "2020-01-01",
	    [FIELD_PART_B_DATE] = "2020-01-01",
	    [FIELD_MEDICAID_NUMBER] = "X1",
	    [FIELD_MEDICAID_ELIGIBLE] = "true",
	    [FIELD_EXTRA_HELP] = "false",
	    [FIELD_NOTES] = "Called in May",
	}};
}

unsigned
rig_received(const struct rig *rig, const char *route)
{
	unsigned count = 0;

	for (size_t i = 0;; i++) {
		struct json *line = server_log(&rig->server, i);

		if (!line)
			return count;
		count += strcmp(json_text_at(line, "route"), route) == 0;
		json_free(line);
	}
}
