/* SPDX-License-Identifier: MIT */
/*
 * The command line, parsed by one table: options, their places, their words
 * in --help. GNU style: --name=value, --name value, -n value, clusters of
 * flags, "--" ends the options; abbreviated names are refused.
 */
#ifndef COMMAND_ARGUMENTS_H
#define COMMAND_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

struct command;
struct err;
struct str;

/* Commands as bits, so that an option says who takes it. */
enum command_bit {
	COMMAND_DESK = 1 << 0,
	COMMAND_DEMO = 1 << 1,
	COMMAND_CHECK = 1 << 2,
	COMMAND_STATUS = 1 << 3,
	COMMAND_PLAN = 1 << 4,
	COMMAND_SYNC = 1 << 5,
	COMMAND_SHOW = 1 << 6,
	COMMAND_OPEN = 1 << 7,
	COMMAND_PRACTICE = 1 << 8,
	COMMAND_EXPLAIN = 1 << 9,
	COMMAND_SET = 1 << 10,
	COMMAND_REVIEW = 1 << 11,
	COMMAND_WRITEBACK = 1 << 12,
	COMMAND_INIT = 1 << 13,
	COMMAND_HISTORY = 1 << 14,
	COMMAND_DOCTOR = 1 << 15,
	COMMAND_LOGIN = 1 << 16,
	COMMAND_LOGOUT = 1 << 17,
};

#define ARGUMENTS_LIST_MAX 4096

/* A repeated option: --id A --id B. */
struct argument_list {
	const char **items; /* borrowed from argv */
	size_t count;
};

struct arguments {
	/* everywhere */
	const char *config;
	const char *profile;
	const char *api_key_file;
	bool api_key_stdin;
	const char *state_dir;
	const char *color; /* auto, always, never */
	bool linear;
	bool json;
	bool verbose;
	bool help;
	bool version;
	const char *log;
	/* choosing rows */
	const char *filter;
	struct argument_list ids;
	bool failed;
	int limit;         /* 0: none */
	const char *lists; /* merge or replace; NULL: as the config says */
	/* doing */
	bool dry_run;
	bool yes;
	bool no_wait;
	bool reveal;
	bool print_url;
	bool paste; /* login: do not listen for the browser */
	/* a newer export */
	const char *continues;
	bool separate;
	/* review */
	const char *link; /* "": without an ID */
	bool create;
	bool never;
	bool confirm_recognised;
	bool link_similar;
	/* writeback */
	const char *crm_file; /* --for */
	const char *output;
	const char *crm;
	bool all;
	/* history */
	const char *success;
	const char *errors;
	const char *purge; /* "": older than the config says */
	/* doctor */
	bool repair;
	/* demo */
	bool headless;
	bool no_tour;
	int contacts; /* 0: the default */
	const char *keep;
	/* practice */
	int port;
	const char *api_key;
	const char *agent;
	const char *client_id;
	const char *client_secret;
	const char *redirect_uri;
	bool sample;
	const char *cert;
	const char *key;
	const char *request_log;
	const char *store;
	const char *script;
	const char *seed;
	struct argument_list switches;
	/* what is left, in order */
	const char **words;
	size_t word_count;
};

/* ERR_USAGE: unknown option (nearest named), missing or unwanted value, an
 * option that this command does not take. argv[0] is skipped. */
bool arguments_parse(struct arguments *arguments, const struct command *command,
    int argc, char **argv, struct err *err);
/* The place behind the option at `i`, and its value; for finding the command
 * before its options are known. Unknown ones count as flags. */
int arguments_skip(int argc, char **argv, int i);
void arguments_release(struct arguments *arguments);

/* The options of a command, one a line, for --help. */
void arguments_describe(struct str *out, const struct command *command);

#endif
