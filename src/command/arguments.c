/* SPDX-License-Identifier: MIT */
/*
 * One table of options; parsing is a walk over argv with a look-up in it.
 * getopt_long() is not used because it takes abbreviations, which would make
 * every new option a change of meaning for somebody's script.
 */
#include "command/arguments.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "command/command.h"

enum option_kind {
	OPTION_FLAG,
	OPTION_TEXT,
	OPTION_MAYBE, /* text, or nothing: "" */
	OPTION_NUMBER,
	OPTION_LIST
};

struct option {
	const char *name;
	char letter; /* 0: none */
	enum option_kind kind;
	size_t place; /* offset in struct arguments */
	unsigned commands;
	const char *value; /* placeholder */
	const char *help;
};

#define AT(member) offsetof(struct arguments, member)
#define ANY (~0u)
#define ROWS                                                           \
	(COMMAND_STATUS | COMMAND_PLAN | COMMAND_SYNC | COMMAND_SHOW | \
	    COMMAND_CHECK)
#define OUTPUT                                                                \
	(ROWS | COMMAND_DEMO | COMMAND_OPEN | COMMAND_EXPLAIN | COMMAND_SET | \
	    COMMAND_REVIEW | COMMAND_WRITEBACK | COMMAND_INIT |               \
	    COMMAND_HISTORY | COMMAND_DOCTOR | COMMAND_LOGIN | COMMAND_LOGOUT)

/* Those that read the config. */
#define CONFIG                                                              \
	(ANY & ~(unsigned)(COMMAND_DEMO | COMMAND_INIT | COMMAND_PRACTICE | \
			   COMMAND_EXPLAIN))

#define BOOKS                                                                 \
	(COMMAND_STATUS | COMMAND_PLAN | COMMAND_SYNC | COMMAND_SHOW |        \
	    COMMAND_SET | COMMAND_REVIEW | COMMAND_OPEN | COMMAND_WRITEBACK | \
	    COMMAND_HISTORY)

static const struct option options[] = {
    {"filter", 'f', OPTION_TEXT, AT(filter),
	COMMAND_STATUS | COMMAND_PLAN | COMMAND_SYNC | COMMAND_CHECK |
	    COMMAND_WRITEBACK,
	"QUERY", "only contacts that match, e.g. 'status:new state:FL'"},
    {"id", 'i', OPTION_LIST, AT(ids),
	ROWS | COMMAND_OPEN | COMMAND_SET | COMMAND_REVIEW | COMMAND_WRITEBACK |
	    COMMAND_HISTORY,
	"ID", "this contact, e.g. 1042 or row:17; may be repeated"},
    {"failed", 0, OPTION_FLAG, AT(failed), COMMAND_SYNC | COMMAND_PLAN, NULL,
	"only contacts that HealthSherpa refused, or did not save whole"},
    {"limit", 0, OPTION_NUMBER, AT(limit), COMMAND_SYNC | COMMAND_PLAN, "N",
	"at most N contacts that have something to send"},
    {"lists", 0, OPTION_TEXT, AT(lists), COMMAND_SYNC | COMMAND_PLAN, "HOW",
	"also send lists that changed: merge or replace (v2)"},
    {"dry-run", 'n', OPTION_FLAG, AT(dry_run), COMMAND_SYNC, NULL,
	"show what would be sent and send nothing"},
    {"yes", 'y', OPTION_FLAG, AT(yes), COMMAND_SYNC, NULL,
	"do not ask before a large run, nor about a newer export"},
    {"continues", 0, OPTION_TEXT, AT(continues), BOOKS, "OLD",
	"FILE is a newer export of OLD: go on with its links and history"},
    {"separate", 0, OPTION_FLAG, AT(separate), BOOKS, NULL,
	"FILE is a book of its own; takes --continues back"},
    {"no-wait", 0, OPTION_FLAG, AT(no_wait), COMMAND_SYNC, NULL,
	"do not wait for contacts whose outcome is still unknown"},
    {"link", 0, OPTION_MAYBE, AT(link), COMMAND_REVIEW, "HSID",
	"this person is HealthSherpa's contact HSID; without HSID: the one "
	"that was found"},
    {"create", 0, OPTION_FLAG, AT(create), COMMAND_REVIEW, NULL,
	"create a new contact all the same; cannot be undone"},
    {"confirm-recognised", 0, OPTION_FLAG, AT(confirm_recognised),
	COMMAND_REVIEW, NULL,
	"all that were recognised under their name are the same persons"},
    {"link-similar", 0, OPTION_FLAG, AT(link_similar), COMMAND_REVIEW, NULL,
	"link all that look exactly like a contact under nobody's ID"},
    {"never", 0, OPTION_FLAG, AT(never), COMMAND_REVIEW, NULL,
	"never send this contact"},
    {"for", 0, OPTION_TEXT, AT(crm_file), COMMAND_WRITEBACK, "CRM",
	"hubspot, salesforce, zoho, gohighlevel, pipedrive, agencybloc, any"},
    {"crm", 0, OPTION_TEXT, AT(crm), COMMAND_INIT, "NAME",
	"the export is of this CRM; it is recognised without"},
    {"output", 'o', OPTION_TEXT, AT(output), COMMAND_WRITEBACK | COMMAND_INIT,
	"FILE", "write to this new file; - is standard output"},
    {"all", 0, OPTION_FLAG, AT(all), COMMAND_WRITEBACK, NULL,
	"every contact with an ID, not only what is new"},
    {"success", 0, OPTION_TEXT, AT(success), COMMAND_HISTORY, "OUT.csv",
	"write the run's contacts that were synced to this new file"},
    {"errors", 0, OPTION_TEXT, AT(errors), COMMAND_HISTORY, "OUT.csv",
	"write those that were not, with the reason"},
    {"purge", 0, OPTION_MAYBE, AT(purge), COMMAND_HISTORY, "AGE",
	"forget runs older than AGE, or than history.keep of the config"},
    {"repair", 0, OPTION_FLAG, AT(repair), COMMAND_DOCTOR, NULL,
	"set a damaged ledger aside and make a new one from the file"},
    {"reveal", 0, OPTION_FLAG, AT(reveal), ROWS | COMMAND_SET, NULL,
	"show Medicare numbers and birth dates in full"},
    {"print-url", 'p', OPTION_FLAG, AT(print_url), COMMAND_OPEN | COMMAND_LOGIN,
	NULL, "print the address instead of opening a browser"},
    {"paste", 0, OPTION_FLAG, AT(paste), COMMAND_LOGIN, NULL,
	"do not wait for the browser: its last address is pasted"},
    {"headless", 0, OPTION_FLAG, AT(headless), COMMAND_DEMO, NULL,
	"no screen: plan, sync, print the results"},
    {"no-tour", 0, OPTION_FLAG, AT(no_tour), COMMAND_DEMO, NULL,
	"without the tour at the beginning; T begins it later"},
    {"contacts", 0, OPTION_NUMBER, AT(contacts), COMMAND_DEMO, "N",
	"how many sample contacts"},
    {"keep", 0, OPTION_TEXT, AT(keep), COMMAND_DEMO, "DIR",
	"keep the demo's files in DIR"},
    {"port", 0, OPTION_NUMBER, AT(port), COMMAND_PRACTICE, "N",
	"listen on this port of 127.0.0.1; 0 is a free one"},
    {"api-key", 0, OPTION_TEXT, AT(api_key), COMMAND_PRACTICE, "WORD",
	"the practice key that clients must send"},
    {"agent", 0, OPTION_TEXT, AT(agent), COMMAND_PRACTICE, "EMAIL",
	"the only agent there is; others get 404"},
    {"client-id", 0, OPTION_TEXT, AT(client_id), COMMAND_PRACTICE, "WORD",
	"the only application that may ask for access (OAuth)"},
    {"client-secret", 0, OPTION_TEXT, AT(client_secret), COMMAND_PRACTICE,
	"WORD", "its practice secret"},
    {"redirect-uri", 0, OPTION_TEXT, AT(redirect_uri), COMMAND_PRACTICE, "URI",
	"where it is answered; any http on this machine without"},
    {"sample", 0, OPTION_FLAG, AT(sample), COMMAND_PRACTICE, NULL,
	"begin with the demo's people, unless the store has some"},
    {"cert", 0, OPTION_TEXT, AT(cert), COMMAND_PRACTICE, "FILE",
	"speak https with this certificate (PEM)"},
    {"key", 0, OPTION_TEXT, AT(key), COMMAND_PRACTICE, "FILE",
	"the certificate's key (PEM)"},
    {"request-log", 0, OPTION_TEXT, AT(request_log), COMMAND_PRACTICE, "FILE",
	"write each request as a JSON line"},
    {"store", 0, OPTION_TEXT, AT(store), COMMAND_PRACTICE, "FILE",
	"keep the contacts in FILE"},
    {"script", 0, OPTION_TEXT, AT(script), COMMAND_PRACTICE, "FILE",
	"misbehave as FILE says"},
    {"seed", 0, OPTION_TEXT, AT(seed), COMMAND_PRACTICE, "N",
	"make the same IDs in every run"},
    {"set", 's', OPTION_LIST, AT(switches), COMMAND_PRACTICE, "NAME=VALUE",
	"turn a switch; --set list shows all"},
    {"config", 'c', OPTION_TEXT, AT(config), ANY, "FILE",
	"read this config instead of the usual one"},
    {"profile", 'P', OPTION_TEXT, AT(profile), CONFIG, "NAME",
	"as this one of the config's profiles"},
    {"api-key-file", 0, OPTION_TEXT, AT(api_key_file),
	COMMAND_DESK | COMMAND_SYNC | COMMAND_DOCTOR, "FILE",
	"the API key is in this file, which only you may read"},
    {"api-key-stdin", 0, OPTION_FLAG, AT(api_key_stdin),
	COMMAND_SYNC | COMMAND_DOCTOR, NULL,
	"the API key comes on standard input, on one line"},
    {"state-dir", 0, OPTION_TEXT, AT(state_dir), ANY, "DIR",
	"keep ledgers and locks in DIR"},
    {"json", 0, OPTION_FLAG, AT(json), OUTPUT, NULL, "one JSON object a line"},
    {"color", 0, OPTION_TEXT, AT(color), ANY, "WHEN", "auto, always or never"},
    {"linear", 0, OPTION_FLAG, AT(linear), COMMAND_DESK | COMMAND_DEMO, NULL,
	"the desk for screen readers and braille: words, one line a row"},
    {"log", 0, OPTION_TEXT, AT(log), ANY, "FILE",
	"write a log without personal data to FILE"},
    {"verbose", 'v', OPTION_FLAG, AT(verbose), ANY, NULL, "say more"},
    {"help", 'h', OPTION_FLAG, AT(help), ANY, NULL, "show this"},
    {"version", 'V', OPTION_FLAG, AT(version), ANY, NULL, "show the version"},
};

enum { OPTION_COUNT = sizeof(options) / sizeof(options[0]) };

static void
list_add(struct argument_list *list, const char *item)
{
	list->items = mem_resize(
	    list->items, list->count + 1, sizeof(*list->items));
	list->items[list->count++] = item;
}

/* "belay", "belay sync": how the user called it. */
static const char *
command_words(const struct command *command, char buffer[32])
{
	if (command == &command_desk)
		return "belay";
	snprintf(buffer, 32, "belay %s", command->name);
	return buffer;
}

static bool
parse_number(const char *name, const char *text, int *number, struct err *err)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (end == text || *end || errno || value < 0 || value > INT_MAX)
		return err_set(err, ERR_USAGE,
		    "--%s takes a whole number, not '%s'", name, text);
	*number = (int)value;
	return true;
}

static bool
store(struct arguments *arguments, const struct option *option,
    const char *value, struct err *err)
{
	char *place = (char *)arguments + option->place;

	switch (option->kind) {
	case OPTION_FLAG: *(bool *)(void *)place = true; return true;
	case OPTION_MAYBE:
	case OPTION_TEXT: *(const char **)(void *)place = value; return true;
	case OPTION_NUMBER:
		assert(value); /* only a flag has none */
		return parse_number(
		    option->name, value, (int *)(void *)place, err);
	case OPTION_LIST: break;
	}
	struct argument_list *list = (struct argument_list *)(void *)place;
	if (list->count == ARGUMENTS_LIST_MAX)
		return err_set(
		    err, ERR_USAGE, "--%s is given too often", option->name);
	list_add(list, value);
	return true;
}

static bool
unknown_option(const char *name, size_t len, const struct command *command,
    struct err *err)
{
	const char *names[OPTION_COUNT];
	size_t count = 0;
	char *word = mem_strndup(name, len), buffer[32];
	const char *called = command_words(command, buffer), *nearest;

	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (options[i].commands & command->bit)
			names[count++] = options[i].name;
	nearest = str_nearest(word, names, count);
	if (nearest)
		err_set(err, ERR_USAGE,
		    "'%s' has no option --%s; did you mean --%s?", called, word,
		    nearest);
	else
		err_set(err, ERR_USAGE,
		    "'%s' has no option --%s; '%s --help' lists them", called,
		    word, called);
	free(word);
	return false;
}

/* What follows is the end, or another option. */
static bool
lacks_value(int argc, char **argv, int i)
{
	return i + 1 >= argc || argv[i + 1][0] == '-';
}

static bool
parse_long(struct arguments *arguments, const struct command *command,
    const char *text, int *i, int argc, char **argv, struct err *err)
{
	const char *equals = strchr(text, '=');
	size_t len = equals ? (size_t)(equals - text) : strlen(text);

	for (size_t k = 0; k < OPTION_COUNT; k++) {
		const struct option *option = &options[k];

		if (strlen(option->name) != len ||
		    strncmp(option->name, text, len) != 0 ||
		    !(option->commands & command->bit))
			continue;
		if (option->kind == OPTION_FLAG) {
			if (equals)
				return err_set(err, ERR_USAGE,
				    "--%s takes no value", option->name);
			return store(arguments, option, NULL, err);
		}
		if (equals)
			return store(arguments, option, equals + 1, err);
		if (option->kind == OPTION_MAYBE && lacks_value(argc, argv, *i))
			return store(arguments, option, "", err);
		if (*i + 1 >= argc)
			return err_set(err, ERR_USAGE,
			    "--%s needs a value: --%s=%s", option->name,
			    option->name, option->value);
		return store(arguments, option, argv[++*i], err);
	}
	return unknown_option(text, len, command, err);
}

static bool
parse_cluster(struct arguments *arguments, const struct command *command,
    const char *letters, int *i, int argc, char **argv, struct err *err)
{
	for (const char *p = letters; *p; p++) {
		const struct option *option = NULL;
		char buffer[32];

		for (size_t k = 0; k < OPTION_COUNT && !option; k++)
			if (options[k].letter == *p &&
			    (options[k].commands & command->bit))
				option = &options[k];
		if (!option)
			return err_set(err, ERR_USAGE,
			    "'%s' has no option -%c; '%s --help' lists them",
			    command_words(command, buffer), *p,
			    command_words(command, buffer));
		if (option->kind == OPTION_FLAG) {
			if (!store(arguments, option, NULL, err))
				return false;
			continue;
		}
		if (p[1])
			return store(arguments, option, p + 1, err);
		if (*i + 1 >= argc)
			return err_set(err, ERR_USAGE,
			    "-%c needs a value: -%c %s", *p, *p, option->value);
		return store(arguments, option, argv[++*i], err);
	}
	return true;
}

int
arguments_skip(int argc, char **argv, int i)
{
	const char *text = argv[i];
	const char *equals = strchr(text, '=');
	const struct option *option = NULL;
	size_t len;

	if (strncmp(text, "--", 2) == 0) {
		len = equals ? (size_t)(equals - text) - 2 : strlen(text) - 2;
		for (size_t k = 0; k < OPTION_COUNT && !option; k++)
			if (strlen(options[k].name) == len &&
			    strncmp(options[k].name, text + 2, len) == 0)
				option = &options[k];
		if (equals)
			return i + 1;
	} else if (strlen(text) == 2) {
		for (size_t k = 0; k < OPTION_COUNT && !option; k++)
			if (options[k].letter == text[1])
				option = &options[k];
	}
	if (!option || option->kind == OPTION_FLAG || i + 1 >= argc ||
	    (option->kind == OPTION_MAYBE && lacks_value(argc, argv, i)))
		return i + 1;
	return i + 2;
}

static bool
check_color(const struct arguments *arguments, struct err *err)
{
	const char *color = arguments->color;

	if (!color || strcmp(color, "auto") == 0 ||
	    strcmp(color, "always") == 0 || strcmp(color, "never") == 0)
		return true;
	return err_set(err, ERR_USAGE,
	    "--color is auto, always or never, not '%s'", color);
}

bool
arguments_parse(struct arguments *arguments, const struct command *command,
    int argc, char **argv, struct err *err)
{
	struct argument_list words = {0};
	bool options_over = false, good = true;

	memset(arguments, 0, sizeof(*arguments));
	for (int i = 1; i < argc && good; i++) {
		const char *text = argv[i];

		if (options_over || text[0] != '-' || !text[1])
			list_add(&words, text);
		else if (strcmp(text, "--") == 0)
			options_over = true;
		else if (text[1] == '-')
			good = parse_long(
			    arguments, command, text + 2, &i, argc, argv, err);
		else
			good = parse_cluster(
			    arguments, command, text + 1, &i, argc, argv, err);
	}
	arguments->words = words.items;
	arguments->word_count = words.count;
	return good && check_color(arguments, err);
}

void
arguments_release(struct arguments *arguments)
{
	free(arguments->ids.items);
	free(arguments->switches.items);
	free(arguments->words);
	memset(arguments, 0, sizeof(*arguments));
}

void
arguments_describe(struct str *out, const struct command *command)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option *option = &options[i];
		size_t start;

		if (!(option->commands & command->bit))
			continue;
		start = out->len;
		if (option->letter)
			str_addf(
			    out, "  -%c, --%s", option->letter, option->name);
		else
			str_addf(out, "      --%s", option->name);
		if (option->value)
			str_addf(out, "=%s", option->value);
		do {
			str_add_char(out, ' ');
		} while (out->len - start < 28);
		str_addf(out, "%s\n", option->help);
	}
}
