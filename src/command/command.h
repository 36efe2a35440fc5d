/* SPDX-License-Identifier: MIT */
/*
 * The sub-commands: one file each, one descriptor each, one table.
 */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include <stdbool.h>

#include "command/arguments.h"

struct err;

struct command {
	const char *name;
	enum command_bit bit;
	const char *usage;   /* after "belay ": "sync [FILE] [options]" */
	const char *summary; /* for the list of commands */
	const char *detail;  /* a paragraph for --help, or NULL */
	int words_min, words_max;
	/* Returns the exit status; -1 with the error. */
	int (*run)(const struct arguments *arguments, struct err *err);
};

extern const struct command command_desk;
extern const struct command command_demo;
extern const struct command command_init;
extern const struct command command_check;
extern const struct command command_status;
extern const struct command command_plan;
extern const struct command command_sync;
extern const struct command command_show;
extern const struct command command_set;
extern const struct command command_review;
extern const struct command command_writeback;
extern const struct command command_open;
extern const struct command command_login;
extern const struct command command_logout;
extern const struct command command_practice;
extern const struct command command_explain;
extern const struct command command_history;
extern const struct command command_doctor;

/* NULL-terminated, in the order of the help. */
extern const struct command *const command_table[];

/*
 * The whole program after start-up: finds the command, parses, runs, prints
 * the error. Returns the exit status.
 */
int command_main(int argc, char **argv);

/* Some rows need attention: blocked, failed, review, waiting. */
#define EXIT_ATTENTION 1

#endif
