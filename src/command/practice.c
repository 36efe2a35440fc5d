/* SPDX-License-Identifier: MIT */
/* `belay practice`: the practice server in the foreground. */
#include "command/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "practice/practice.h"
#include "practice/switches.h"

static void
list_switches(void)
{
	for (int i = 0; i < SWITCH_COUNT; i++)
		printf("%s=%s\n    %s; at first %s\n", switches_table[i].name,
		    switches_table[i].allowed, switches_table[i].means,
		    switches_table[i].initial);
}

static bool
parse_seed(const char *text, uint64_t *seed, struct err *err)
{
	char *end;

	*seed = 0;
	if (!text)
		return true;
	errno = 0;
	*seed = strtoull(text, &end, 10);
	if (errno || *end || end == text || !*seed)
		return err_set(err, ERR_USAGE,
		    "--seed takes a whole number above 0, not '%s'", text);
	return true;
}

static int
run(const struct arguments *arguments, struct err *err)
{
	const struct argument_list *list = &arguments->switches;
	const char **switches;
	struct practice_options options = {
	    .port = arguments->port,
	    .log_path = arguments->request_log,
	    .store_path = arguments->store,
	    .script_path = arguments->script,
	    .api_key = arguments->api_key,
	    .agent_email = arguments->agent,
	    .client_id = arguments->client_id,
	    .client_secret = arguments->client_secret,
	    .redirect_uri = arguments->redirect_uri,
	    .sample = arguments->sample,
	    .cert_file = arguments->cert,
	    .key_file = arguments->key,
	};
	bool good;

	if (list->count == 1 && strcmp(list->items[0], "list") == 0) {
		list_switches();
		return 0;
	}
	if (!options.cert_file != !options.key_file) {
		err_set(err, ERR_USAGE, "--cert and --key go together");
		return -1;
	}
	if (!parse_seed(arguments->seed, &options.seed, err))
		return -1;
	switches = mem_resize(NULL, list->count + 1, sizeof(*switches));
	for (size_t i = 0; i < list->count; i++)
		switches[i] = list->items[i];
	switches[list->count] = NULL;
	options.switches = switches;
	good = practice_run(&options, stdout, 0, err);
	free(switches);
	return good ? 0 : -1;
}

const struct command command_practice = {
    .name = "practice",
    .bit = COMMAND_PRACTICE,
    .usage = "practice [--port N] [--set NAME=VALUE]... [options]",
    .summary = "run the practice server",
    .detail =
	"A server on this machine that behaves like HealthSherpa, to learn "
	"on and to\ntest with. It runs until it is interrupted; nothing "
	"leaves the machine.",
    .run = run,
};
