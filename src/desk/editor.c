/* SPDX-License-Identifier: MIT */
/*
 * Hazards: an editor may stop itself alone (SIGSTOP) and leave us running on a
 * terminal that nobody reads, so whoever sees it stopped stops too. Where no
 * shell could go on with us (an orphaned process group), stopping does nothing,
 * and the editor is sent on at once.
 */
#include "desk/editor.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/str.h"
#include "desk/desk.h"
#include "desk/settings.h"
#include "tui/term.h"
#include "tui/view.h"

enum { WORD_MAX = 4096, CLOSE_MS = 2000, LOOK_MS = 20 };

struct editor {
	pid_t pid;
	char *name; /* as it was called, for messages */
	/* NULL: it was about the config */
	void (*ended)(struct desk *desk, const char *trouble);
};

/* ---- which one, and how it wants to be called ------------------------------
 */

/* How a line is said to an editor. */
enum form {
	FORM_PLAIN, /* it is not known how: the file alone */
	FORM_PLUS,  /* +12 file */
	FORM_COLON, /* file:12 */
	FORM_GOTO,  /* --goto file:12, and --wait: else it ends at once */
};

static const struct {
	const char *name;
	enum form form;
} known[] = {
    {"code", FORM_GOTO},
    {"code-insiders", FORM_GOTO},
    {"codium", FORM_GOTO},
    {"vscodium", FORM_GOTO},
    {"helix", FORM_COLON},
    {"hx", FORM_COLON},
    {"subl", FORM_COLON},
    {"editor", FORM_PLUS},
    {"emacs", FORM_PLUS},
    {"emacsclient", FORM_PLUS},
    {"ex", FORM_PLUS},
    {"gedit", FORM_PLUS},
    {"gvim", FORM_PLUS},
    {"jed", FORM_PLUS},
    {"jmacs", FORM_PLUS},
    {"joe", FORM_PLUS},
    {"jpico", FORM_PLUS},
    {"jstar", FORM_PLUS},
    {"kak", FORM_PLUS},
    {"less", FORM_PLUS},
    {"mcedit", FORM_PLUS},
    {"mg", FORM_PLUS},
    {"micro", FORM_PLUS},
    {"nano", FORM_PLUS},
    {"ne", FORM_PLUS},
    {"nvi", FORM_PLUS},
    {"nvim", FORM_PLUS},
    {"pico", FORM_PLUS},
    {"rnano", FORM_PLUS},
    {"sensible-editor", FORM_PLUS},
    {"vi", FORM_PLUS},
    {"view", FORM_PLUS},
    {"vim", FORM_PLUS},
    {"vim.basic", FORM_PLUS},
    {"vim.tiny", FORM_PLUS},
    {"zile", FORM_PLUS},
};

static enum form
form_of(const char *program)
{
	const char *name = file_name(program);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].form;
	return FORM_PLAIN;
}

struct words {
	char **list; /* NULL-terminated once there is one */
	size_t count, room;
};

static void
add_word(struct words *words, char *word)
{
	words->list = mem_grow(
	    words->list, &words->room, words->count + 2, sizeof(*words->list));
	words->list[words->count++] = word;
	words->list[words->count] = NULL;
}

static void
free_words(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}

/* One word of the command, quotes taken off; NULL: a quote stays open. */
static char *
take_word(const char **at)
{
	const char *text = *at;
	struct str word;
	char quote = '\0';

	str_init(&word, WORD_MAX);
	for (; *text && (quote || (*text != ' ' && *text != '\t')); text++) {
		if (quote && *text == quote)
			quote = '\0';
		else if (!quote && (*text == '"' || *text == '\''))
			quote = *text;
		else
			str_add_char(&word, *text);
	}
	*at = text;
	if (!quote)
		return str_take(&word);
	str_release(&word);
	return NULL;
}

static bool
split(const char *command, struct words *words, struct err *err)
{
	for (;;) {
		char *word;

		command += strspn(command, " \t");
		if (!*command)
			return true;
		word = take_word(&command);
		if (!word)
			return err_set(err, ERR_USAGE,
			    "your editor (VISUAL or EDITOR) cannot be started: "
			    "a quote in it is not closed");
		add_word(words, word);
	}
}

static bool
has_word(const struct words *words, const char *word, const char *short_word)
{
	for (size_t i = 1; i < words->count; i++)
		if (strcmp(words->list[i], word) == 0 ||
		    strcmp(words->list[i], short_word) == 0)
			return true;
	return false;
}

static char *
with_line(const char *before, const char *path, unsigned line)
{
	struct str word;

	str_init(&word, 2 * WORD_MAX);
	str_addf(&word, "%s%s", before, path);
	if (line > 0)
		str_addf(&word, ":%u", line);
	return str_take(&word);
}

static void
add_file(struct words *words, const char *path, unsigned line)
{
	/* a name is never taken for an option */
	const char *before = *path == '/' || *path == '.' ? "" : "./";
	char number[32];

	switch (form_of(words->list[0])) {
	case FORM_GOTO:
		if (!has_word(words, "--wait", "-w"))
			add_word(words, mem_strdup("--wait"));
		add_word(words, mem_strdup("--goto"));
		add_word(words, with_line(before, path, line));
		return;
	case FORM_COLON: add_word(words, with_line(before, path, line)); return;
	case FORM_PLUS:
		snprintf(number, sizeof(number), "+%u", line);
		if (line > 0)
			add_word(words, mem_strdup(number));
		break;
	default: break;
	}
	add_word(words, with_line(before, path, 0));
}

/* The program itself: "editor" and "vi" are links to one of many. */
static bool
is_vim(const char *program)
{
	static const char *const names[] = {"vim", "nvim", "gvim", "vim.basic",
	    "vim.tiny", "vim.nox", "vim.gtk3", "vim.athena"};
	char *found = spawn_path(program), *real = NULL;
	struct err ignored = ERR_INIT;
	const char *name;
	bool is = false;

	if (found)
		real = file_real(found, &ignored);
	name = file_name(real ? real : program);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		is = is || strcmp(names[i], name) == 0;
	free(found);
	free(real);
	return is;
}

/* No swap, backup, undo or history file: each would keep people's data. */
static void
add_private(struct words *words)
{
	static const char *const options[] = {"-n", "-i", "NONE", "--cmd",
	    "set noswapfile nobackup nowritebackup noundofile"};

	/* it would call the editor without the options */
	if (strcmp(file_name(words->list[0]), "sensible-editor") == 0 &&
	    spawn_found("editor")) {
		free(words->list[0]);
		words->list[0] = mem_strdup("editor");
	}
	if (!is_vim(words->list[0]))
		return;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		add_word(words, mem_strdup(options[i]));
}

char **
editor_arguments(const char *command, const char *path, unsigned line,
    bool private, struct err *err)
{
	struct words words = {.count = 0};

	if (split(command, &words, err)) {
		if (!words.list) {
			err_set(err, ERR_USAGE,
			    "your editor (VISUAL or EDITOR) has no name");
			return NULL;
		}
		if (private)
			add_private(&words);
		add_file(&words, path, line);
		return words.list;
	}
	free_words(words.list);
	return NULL;
}

static const char *
chosen(struct err *err)
{
	static const char *const usual[] = {
	    "sensible-editor", "editor", "nano", "vi"};
	const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR");

	if (!str_blank(visual))
		return visual;
	if (!str_blank(editor))
		return editor;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (spawn_found(usual[i]))
			return usual[i];
	err_set(err, ERR_USAGE,
	    "no editor was found: put the name of yours into the variable "
	    "EDITOR, as in EDITOR=nano");
	return NULL;
}

/* ---- running it -----------------------------------------------------------
 */

static bool
run(struct desk *desk, const char *path, unsigned line,
    void (*ended)(struct desk *desk, const char *trouble), struct err *err)
{
	const char *command;
	char **argv;
	pid_t pid;
	bool started;

	if (desk->editor)
		return err_set(err, ERR_USAGE, "an editor is open already");
	command = chosen(err);
	argv = command
		   ? editor_arguments(command, path, line, ended != NULL, err)
		   : NULL;
	if (!argv)
		return false;
	if (desk->term)
		term_give_back(desk->term);
	started = spawn_foreground((const char *const *)argv, &pid, err);
	if (started) {
		desk->editor = mem_alloc(sizeof(*desk->editor));
		desk->editor->pid = pid;
		desk->editor->name = mem_strdup(file_name(argv[0]));
		desk->editor->ended = ended;
	} else if (desk->term) {
		term_take_again(desk->term);
		screen_dirty(desk->screen);
	}
	free_words(argv);
	return started;
}

bool
desk_edit(struct desk *desk, const char *path, unsigned line, struct err *err)
{
	return run(desk, path, line, NULL, err);
}

bool
desk_edit_private(struct desk *desk, const char *path, unsigned line,
    void (*ended)(struct desk *desk, const char *trouble), struct err *err)
{
	return run(desk, path, line, ended, err);
}

bool
editor_runs(const struct desk *desk)
{
	return desk->editor != NULL;
}

static void
forget(struct desk *desk)
{
	free(desk->editor->name);
	free(desk->editor);
	desk->editor = NULL;
}

void
editor_stop(struct desk *desk)
{
	term_stop(desk->term);
	kill(desk->editor->pid, SIGCONT);
}

/* Why it ended badly; "" when it did not. */
static void
describe_end(
    const struct editor *editor, int status, char *sentence, size_t size)
{
	*sentence = '\0';
	if (WIFSIGNALED(status))
		snprintf(sentence, size, "your editor (%s) was ended by force",
		    editor->name);
	else if (WEXITSTATUS(status) != 0)
		snprintf(sentence, size, "your editor (%s) ended with error %d",
		    editor->name, WEXITSTATUS(status));
}

bool
editor_ended(struct desk *desk)
{
	void (*ended)(struct desk * desk, const char *trouble);
	char sentence[256];
	int status;

	switch (spawn_look(desk->editor->pid, &status)) {
	case SPAWN_RUNS: return false;
	case SPAWN_STOPPED:
		if (desk->term)
			editor_stop(desk);
		return false;
	default: break;
	}
	describe_end(desk->editor, status, sentence, sizeof(sentence));
	ended = desk->editor->ended;
	forget(desk);
	if (desk->term)
		term_take_again(desk->term);
	screen_dirty(desk->screen);
	if (ended)
		ended(desk, sentence);
	else if (desk->settings)
		settings_edited(desk, sentence);
	else if (*sentence)
		screen_say(desk->screen, STYLE_BAD, "%s", sentence);
	return true;
}

/* It is not killed: what was typed in it is the user's. */
void
editor_close(struct desk *desk)
{
	int64_t end = clock_monotonic(desk->clock) + CLOSE_MS;
	int status;

	if (!desk->editor)
		return;
	kill(desk->editor->pid, SIGHUP);
	kill(desk->editor->pid, SIGCONT);
	while (spawn_look(desk->editor->pid, &status) != SPAWN_ENDED &&
	       clock_monotonic(desk->clock) < end)
		poll(NULL, 0, LOOK_MS);
	forget(desk);
}
