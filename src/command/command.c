/* SPDX-License-Identifier: MIT */
/*
 * Which command is meant: its name comes first; anything else opens the desk
 * (`belay`, `belay contacts.csv`, `belay -c other.yaml`). A word that is
 * neither a command nor a file is most likely a misspelt command, and the
 * message says so.
 */
#include "command/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "base/text.h"
#include "config.h"

const struct command *const command_table[] = {
    &command_desk,
    &command_demo,
    &command_init,
    &command_check,
    &command_status,
    &command_plan,
    &command_sync,
    &command_show,
    &command_set,
    &command_review,
    &command_writeback,
    &command_history,
    &command_doctor,
    &command_open,
    &command_login,
    &command_logout,
    &command_practice,
    &command_explain,
    NULL,
};

static const struct command *
find_command(const char *name)
{
	for (size_t i = 1; command_table[i]; i++)
		if (strcmp(command_table[i]->name, name) == 0)
			return command_table[i];
	return NULL;
}

static void
print_help(const struct command *command)
{
	struct str out;

	str_init(&out, 64 << 10);
	str_addf(&out, "usage: belay %s\n\n", command->usage);
	if (command->detail)
		str_addf(&out, "%s\n\n", command->detail);
	if (command == &command_desk) {
		str_add(&out, "Commands:\n");
		for (size_t i = 1; command_table[i]; i++)
			str_addf(&out, "  %-10s %s\n", command_table[i]->name,
			    command_table[i]->summary);
		str_add(&out, "\n");
	}
	str_add(&out, "Options:\n");
	arguments_describe(&out, command);
	str_add(&out, command == &command_desk
			  ? "\n'belay COMMAND --help' tells more; 'man belay' "
			    "tells all.\n"
			  : "\n'man belay' tells more.\n");
	fputs(out.data, stdout);
	str_release(&out);
}

/*
 * The first word decides; options may stand before it: they are moved behind
 * it, so that `place` is where the command's own words begin.
 */
static const struct command *
choose_command(int argc, char **argv, int *place)
{
	const struct command *command;
	int i = 1;

	*place = 0;
	while (i < argc && argv[i][0] == '-' && argv[i][1] &&
	       strcmp(argv[i], "--") != 0)
		i = arguments_skip(argc, argv, i);
	if (i >= argc || !(command = find_command(argv[i])))
		return &command_desk;
	for (*place = 1; i > 1; i--)
		argv[i] = argv[i - 1];
	return command;
}

static bool
check_words(const struct command *command, const struct arguments *arguments,
    struct err *err)
{
	size_t count = arguments->word_count;

	if (count > (size_t)command->words_max)
		return err_set(err, ERR_USAGE,
		    "too much: '%s'; usage: belay %s",
		    arguments->words[command->words_max], command->usage);
	if (count < (size_t)command->words_min)
		return err_set(err, ERR_USAGE,
		    "something is missing; usage: belay %s", command->usage);
	return true;
}

/* `belay snyc` is a slip, not a file. */
static bool
check_slip(const struct command *command, const struct arguments *arguments,
    struct err *err)
{
	const char *names[sizeof(command_table) / sizeof(command_table[0])];
	const char *nearest, *word;
	size_t count = 0;

	if (command != &command_desk || arguments->word_count == 0)
		return true;
	word = arguments->words[0];
	if (strchr(word, '/') || strchr(word, '.') || strcmp(word, "-") == 0 ||
	    access(word, F_OK) == 0)
		return true;
	for (size_t i = 1; command_table[i]; i++)
		names[count++] = command_table[i]->name;
	nearest = str_nearest(word, names, count);
	if (nearest)
		return err_set(err, ERR_USAGE,
		    "no command and no file is called '%s'; did you mean "
		    "'belay %s'?",
		    word, nearest);
	return err_set(err, ERR_USAGE,
	    "no command and no file is called '%s'; 'belay --help' lists the "
	    "commands",
	    word);
}

static int
run_command(const struct command *command, const struct arguments *arguments,
    struct err *err)
{
	if (arguments->help) {
		print_help(command);
		return 0;
	}
	if (arguments->version) {
		puts(PACKAGE_STRING);
		return 0;
	}
	if (!check_slip(command, arguments, err) ||
	    !check_words(command, arguments, err))
		return -1;
	if (arguments->log && !log_open(arguments->log, err))
		return -1;
	return command->run(arguments, err);
}

int
command_main(int argc, char **argv)
{
	struct err err = ERR_INIT;
	struct arguments arguments;
	const struct command *command;
	int place, status = -1;
	bool reader_left = false; /* as head does; nothing to tell */

	command = choose_command(argc, argv, &place);
	if (arguments_parse(
		&arguments, command, argc - place, argv + place, &err))
		status = run_command(command, &arguments, &err);
	if (fflush(stdout) != 0 && status >= 0) {
		reader_left = errno == EPIPE;
		err_errno(&err, ERR_IO, "cannot write the output");
		status = -1;
	}
	if (status < 0) {
		if (!reader_left)
			fprintf(stderr, "belay: %s\n", err.text);
		status = err_exit_status(err.kind);
	}
	arguments_release(&arguments);
	log_close();
	return status;
}
