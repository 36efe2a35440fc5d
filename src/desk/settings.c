/* SPDX-License-Identifier: MIT */
/*
 * Reading, checking, then changing over in one go: on any failure the config
 * in force is whole and as it was.
 *
 * Hazards: an editor may write in several steps, so a change is looked at only
 * when it has been quiet for a moment, and a file without anything in it (cut
 * short by who is writing it) is not a config. The identity is taken before
 * the file is read: what is written in between is seen by the next look.
 */
#include "desk/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/editor.h"
#include "desk/reload.h"
#include "desk/settings_file.h"
#include "desk/words.h"
#include "tui/action.h"
#include "tui/look.h"
#include "tui/term.h"
#include "tui/view.h"

enum { SENTENCE_MAX = 900, PROBLEMS_MAX = 256 << 10, KEY_MAX = 256 };

struct settings {
	struct desk *desk;
	const char *color; /* of the command line, or NULL */
	struct settings_files files;
	struct problem *problems;
	size_t problem_count;
	bool waits;       /* a change is to be taken when it may be */
	unsigned differs; /* what the last take changed */
};

struct settings *
settings_new(struct desk *desk, const char *color)
{
	struct settings *settings = mem_zalloc(sizeof(*settings));

	settings->desk = desk;
	settings->color = color;
	settings_files_follow(&settings->files, desk->config->path,
	    desk->config->mapping_path, desk->clock);
	return settings;
}

void
settings_free(struct settings *settings)
{
	if (!settings)
		return;
	settings_files_release(&settings->files);
	problems_free(settings->problems, settings->problem_count);
	free(settings);
}

const struct problem *
settings_problems(const struct settings *settings, size_t *count)
{
	*count = settings ? settings->problem_count : 0;
	return settings ? settings->problems : NULL;
}

bool
settings_wrong(const struct settings *settings)
{
	return settings && settings->problem_count > 0;
}

/* "config.yaml", for sentences. */
static const char *
name_of(const struct desk *desk)
{
	return desk->config->path ? file_name(desk->config->path)
				  : "the config";
}

/* ---- what is wrong --------------------------------------------------------
 */

/* Which actions there are only the desk knows, so it is found out here. */
static void
add_problem(struct str *problems, const char *path, const char *map,
    const char *name, const char *text)
{
	struct problems found = {
	    .out = problems, .name = path ? path : "config"};
	unsigned line = 0, column = 0;
	struct str key;

	str_init(&key, KEY_MAX);
	str_addf(&key, "desk.%s.%s", map, name);
	if (path)
		line = config_place(path, key.data, &column);
	problems_add_at(&found, line, column, key.data, "%s", text);
	str_release(&key);
}

struct keymap *
settings_keymap(const struct config *config, struct str *problems)
{
	struct keymap *keymap = keymap_new(actions_table, actions_count);

	for (char **pair = config->key_overrides; pair && pair[0]; pair += 2) {
		struct err err = ERR_INIT;

		if (!keymap_bind(keymap, pair[0], pair[1], &err))
			add_problem(
			    problems, config->path, "keys", pair[0], err.text);
	}
	for (char **pair = config->key_overrides; pair && pair[0]; pair += 2) {
		struct err err = ERR_INIT;

		if (!keymap_check(keymap, pair[0], &err))
			add_problem(
			    problems, config->path, "keys", pair[0], err.text);
	}
	return keymap;
}

/* Which is it, of all that there are? */
static void
unknown_style(struct err *err)
{
	struct str names;

	str_init(&names, KEY_MAX);
	for (int i = 0; look_style_names[i]; i++)
		str_addf(&names, "%s%s", i ? ", " : "", look_style_names[i]);
	err_set(
	    err, ERR_USAGE, "there is no such style: there are %s", names.data);
	str_release(&names);
}

void
settings_looks(const struct config *config, const char *color,
    struct looks *looks, struct str *problems)
{
	memset(looks, 0, sizeof(*looks));
	looks_choose(looks, color ? color : config->colors);
	for (char **pair = config->style_overrides; pair && pair[0];
	     pair += 2) {
		struct err err = ERR_INIT;
		enum style style = look_style(pair[0]);
		struct look look;

		if (style == STYLE_COUNT) {
			unknown_style(&err);
		} else if (look_parse(pair[1], &look, &err)) {
			looks->own[style] = look;
			looks->is_own[style] = true;
			continue;
		}
		add_problem(
		    problems, config->path, "styles", pair[0], err.text);
	}
}

/* Fonts of these have accents, but few signs. */
static bool
has_few_glyphs(const char *terminal)
{
	static const char *const names[] = {"linux", "putty", "vt1", "vt2",
	    "vt3", "vt4", "vt5", "ansi", "cons", "sun"};

	for (size_t i = 0; terminal && i < sizeof(names) / sizeof(names[0]);
	     i++)
		if (str_starts(terminal, names[i]))
			return true;
	return false;
}

bool
settings_ascii(const struct config *config)
{
	if (!term_is_utf8() || strcmp(config->glyphs, "ascii") == 0)
		return true;
	return strcmp(config->glyphs, "unicode") != 0 &&
	       has_few_glyphs(getenv("TERM"));
}

/* Those that know their key only are given its place. */
static void
find_place(const struct config *config, struct problem *problem)
{
	if (problem->line == 0 && *problem->key && config->path &&
	    strcmp(problem->file, config->path) == 0)
		problem->line = config_place(
		    config->path, problem->key, &problem->column);
}

static void
keep_problems(struct settings *settings, const char *lines)
{
	const struct config *config = settings->desk->config;

	problems_free(settings->problems, settings->problem_count);
	settings->problems = problems_split(lines, &settings->problem_count);
	for (size_t i = 0; i < settings->problem_count; i++)
		find_place(config, &settings->problems[i]);
	screen_dirty(settings->desk->screen);
}

/* The first one, as an error. */
static bool
fail(const struct settings *settings, struct err *err)
{
	const struct problem *first = settings->problems;
	char place[64] = "", more[48] = "";

	if (first->line > 0)
		snprintf(
		    place, sizeof(place), ":%u:%u", first->line, first->column);
	if (settings->problem_count > 1)
		snprintf(more, sizeof(more), " (and %zu more)",
		    settings->problem_count - 1);
	return err_set(err, ERR_CONFIG, "%s%s: %s%s%s%s",
	    file_name(first->file), place, first->key, *first->key ? ": " : "",
	    first->text, more);
}

/* The config as its file has it now, if it is whole; else `lines` say why. */
static struct config *
read_whole(struct settings *settings, struct str *lines)
{
	const struct desk *desk = settings->desk;
	const char *path = desk->config->path;
	struct err err = ERR_INIT;
	struct config *config;
	struct looks looks;

	settings_files_note(&settings->files);
	if (path && settings_files_empty(&settings->files)) {
		str_addf(lines, "%s: there is nothing in this file\n", path);
		return NULL;
	}
	config = config_load_again(desk->config, lines, &err);
	if (!config && lines->len == 0)
		str_addf(lines, "%s: %s\n", path ? path : "", err.text);
	if (!config)
		return NULL;
	keymap_free(settings_keymap(config, lines));
	settings_looks(config, settings->color, &looks, lines);
	book_fits(desk->book, config, lines);
	if (lines->len == 0)
		return config;
	config_free(config);
	return NULL;
}

/* ---- changing over --------------------------------------------------------
 */

bool
settings_may(const struct desk *desk, struct err *err)
{
	struct sync_progress progress = {.running = false};

	if (desk->sync)
		sync_progress(desk->sync, &progress);
	if (progress.running)
		return err_set(err, ERR_USAGE,
		    "what is being sent is finished first: then the config is "
		    "taken");
	if (desk->saving || desk->save_wanted || book_saving(desk->book))
		return err_set(err, ERR_USAGE,
		    "the file is being saved: then the config is taken");
	for (const struct view *view = screen_top(desk->screen); view;
	     view = view->below)
		if (view->ops->scope == SCOPE_CONTACT && v_contact_typing(view))
			return err_set(err, ERR_USAGE,
			    "a value is being typed: then the config is taken");
	if (screen_asking(desk->screen))
		return err_set(err, ERR_USAGE,
		    "a question is open: then the config is taken");
	if (desk->key || desk->wanted.plan)
		return err_set(err, ERR_USAGE,
		    "something is about to be sent: then the config is taken");
	return true;
}

/* What is not in the file yet goes there while it is known where. */
static void
put_results_away(struct desk *desk, unsigned differs)
{
	struct err ignored = ERR_INIT;

	if (!(differs & (CONFIG_DIFFERS_RESULTS | CONFIG_DIFFERS_ENVIRONMENT)))
		return;
	if (desk->sync && book_results_unsaved(desk->book) > 0)
		sync_write_back(desk->sync, &ignored);
}

/* The config holds the new values; on failure the book is as it was. */
static bool
change_book(struct desk *desk, unsigned differs, const struct config *old,
    struct err *err)
{
	const unsigned service = CONFIG_DIFFERS_SERVICE |
				 CONFIG_DIFFERS_ENVIRONMENT;
	bool rows = (differs & CONFIG_DIFFERS_ROWS) || book_unfit(desk->book);
	struct err ignored = ERR_INIT;

	if (rows && !book_remap(desk->book, desk->config->mapping, err))
		return false;
	if (differs & CONFIG_DIFFERS_RESULTS)
		book_forget_results(desk->book);
	if (desk->sync && (differs & service) &&
	    !sync_use_config(desk->sync, err)) {
		if (rows)
			book_remap(desk->book, old->mapping, &ignored);
		return false;
	}
	desk_look_account(desk);
	if (!rows)
		return true;
	if (desk->sync)
		sync_restart(desk->sync);
	if (desk->reload)
		reload_again(desk->reload);
	return true;
}

static void
change_screen(struct settings *settings, unsigned differs)
{
	struct desk *desk = settings->desk;
	struct keymap *old = desk->keymap;
	struct looks looks;
	struct str ignored;

	if (differs & CONFIG_DIFFERS_KEYS) {
		str_init(&ignored, PROBLEMS_MAX);
		desk->keymap = settings_keymap(desk->config, &ignored);
		screen_use_keymap(desk->screen, desk->keymap);
		keymap_free(old);
		str_release(&ignored);
	}
	if ((differs & CONFIG_DIFFERS_COLORS) && desk->term) {
		str_init(&ignored, PROBLEMS_MAX);
		settings_looks(desk->config, settings->color, &looks, &ignored);
		str_release(&ignored);
		term_use_looks(desk->term, &looks);
		term_use_mouse(desk->term, desk->config->mouse);
		desk->ascii = settings_ascii(desk->config);
	}
	desk->generation++;
	desk->config_generation++;
	desk->kept.until = 0;
	screen_stale(desk->screen);
}

/* Takes the fresh one over, or frees it. */
static bool
change_over(struct settings *settings, struct config *fresh, struct err *err)
{
	struct desk *desk = settings->desk;
	unsigned differs = config_differs(desk->config, fresh);
	bool unfit = book_unfit(desk->book), good;

	put_results_away(desk, differs);
	config_swap(desk->config, fresh);
	good = change_book(desk, differs, fresh, err);
	if (!good)
		config_swap(desk->config, fresh);
	config_free(fresh);
	if (!good)
		return false;
	if (unfit) {
		desk->looked_over = false;
		free(desk->broken);
		desk->broken = NULL;
	}
	settings->differs = differs;
	change_screen(settings, differs);
	return true;
}

bool
settings_take(struct desk *desk, struct err *err)
{
	struct settings *settings = desk->settings;
	struct config *fresh;
	struct str lines;
	bool good;

	settings->differs = 0;
	str_init(&lines, PROBLEMS_MAX);
	fresh = read_whole(settings, &lines);
	if (!fresh) {
		keep_problems(settings, lines.data);
		settings->waits = false;
		good = fail(settings, err);
	} else if (!settings_may(desk, err)) {
		config_free(fresh);
		settings->waits = true;
		good = false;
	} else {
		good = change_over(settings, fresh, err);
		settings->waits = false;
	}
	if (good)
		keep_problems(settings, "");
	str_release(&lines);
	settings_files_follow(&settings->files, desk->config->path,
	    settings->problem_count > 0 ? settings->problems[0].file
					: desk->config->mapping_path,
	    desk->clock);
	return good;
}

/* ---- saying so ------------------------------------------------------------
 */

/* Whether the config names another file than the one that is open. */
static bool
other_contacts(const struct desk *desk)
{
	struct err ignored = ERR_INIT;
	const char *open = source_real_path(book_source(desk->book));
	char *real = desk->config->contacts
			 ? file_real(desk->config->contacts, &ignored)
			 : NULL;
	bool other = real && strcmp(real, open) != 0;

	free(real);
	return other;
}

/* `before`: what is to be said first, or "". */
static void
tell_taken(struct settings *settings, const char *before)
{
	struct desk *desk = settings->desk;
	bool moved = settings->differs & CONFIG_DIFFERS_ENVIRONMENT;
	struct str out;

	str_init(&out, SENTENCE_MAX);
	if (*before)
		str_addf(&out, "%s; ", before);
	str_addf(&out, "%s is in force", name_of(desk));
	if (moved)
		str_addf(&out, "; contacts are sent to %s from now on",
		    config_environment_word(desk->config->environment));
	if ((settings->differs & CONFIG_DIFFERS_CONTACTS) &&
	    other_contacts(desk))
		str_add(&out, "; the file under contacts: is opened when belay "
			      "starts next");
	screen_say(
	    desk->screen, moved ? STYLE_WARNING : STYLE_GOOD, "%s", out.data);
	str_release(&out);
}

static void
tell_wrong(struct settings *settings)
{
	struct desk *desk = settings->desk;
	char key[WORDS_KEY_MAX];

	screen_say(desk->screen, STYLE_BAD,
	    "%s was changed, but %zu thing%s in it %s wrong, so the one before "
	    "stays in force: %s shows what",
	    name_of(desk), settings->problem_count,
	    settings->problem_count == 1 ? "" : "s",
	    settings->problem_count == 1 ? "is" : "are",
	    words_key(desk, SCOPE_CONTACTS, DESK_PROBLEMS, key));
}

void
settings_tell_unfit(struct desk *desk)
{
	struct err ignored = ERR_INIT;
	char edit[WORDS_KEY_MAX], problems[WORDS_KEY_MAX], text[400];

	settings_take(desk, &ignored);
	snprintf(text, sizeof(text),
	    "The config does not fit this file, so nothing is sent or changed "
	    "before it does: %s shows what is wrong, %s opens the config.",
	    words_key(desk, SCOPE_CONTACTS, DESK_PROBLEMS, problems),
	    words_key(desk, SCOPE_CONTACTS, DESK_CONFIG, edit));
	free(desk->broken);
	desk->broken = mem_strdup(text);
	screen_stale(desk->screen);
}

/* ---- an editor of ours has ended ------------------------------------------
 */

static bool
on_problems(const struct desk *desk)
{
	const struct view *top = screen_top(desk->screen);

	return top && top->ops->scope == SCOPE_PROBLEMS;
}

/* How the editor ended, and what was said while it had the screen. */
static void
add_before(const struct desk *desk, const char *trouble, struct str *out)
{
	const char *said = screen_message(desk->screen);

	str_addf(out, "%s%s%s", trouble, *trouble && *said ? "; " : "", said);
}

static void
tell_again(struct desk *desk, bool trouble, const char *before)
{
	if (*before)
		screen_say(desk->screen, trouble ? STYLE_BAD : STYLE_NORMAL,
		    "%s", before);
}

void
settings_edited(struct desk *desk, const char *trouble)
{
	struct settings *settings = desk->settings;
	bool wrong = settings_wrong(settings);
	struct err err = ERR_INIT;
	struct str before;

	if (!screen_top(desk->screen))
		return;
	str_init(&before, SENTENCE_MAX);
	add_before(desk, trouble, &before);
	if (settings_take(desk, &err)) {
		if (on_problems(desk))
			screen_pop(desk->screen);
		if (before.len == 0)
			screen_say(desk->screen, STYLE_NORMAL,
			    "nothing in %s has changed", name_of(desk));
	} else if (err.kind != ERR_CONFIG) {
		str_addf(&before, "%s%s", before.len ? "; " : "", err.text);
	} else if (!on_problems(desk)) {
		screen_push(desk->screen, v_problems_new(desk));
	}
	if (err.kind == ERR_NONE && (settings->differs || wrong))
		tell_taken(settings, before.data);
	else if (*trouble || err.kind != ERR_CONFIG)
		tell_again(desk, *trouble, before.data);
	str_release(&before);
}

/* ---- changed by others ----------------------------------------------------
 */

unsigned
settings_fds(const struct settings *settings, int fds[SETTINGS_FDS])
{
	return settings_files_fds(&settings->files, fds);
}

void
settings_told(struct settings *settings)
{
	settings_files_told(
	    &settings->files, clock_monotonic(settings->desk->clock));
}

int64_t
settings_due(const struct settings *settings)
{
	return settings->files.look_at;
}

/* What was waited for has said how it ended: that is not to be lost. */
static void
take_waiting(struct settings *settings)
{
	struct desk *desk = settings->desk;
	char before[SENTENCE_MAX];
	struct err err = ERR_INIT;

	str_copy(before, sizeof(before), screen_message(desk->screen));
	if (settings_take(desk, &err)) {
		if (settings->differs)
			tell_taken(settings, before);
	} else if (err.kind == ERR_CONFIG) {
		tell_wrong(settings);
	} else {
		screen_say(desk->screen, STYLE_BAD, "%s", err.text);
	}
}

void
settings_work(struct settings *settings)
{
	struct desk *desk = settings->desk;
	bool wrong = settings_wrong(settings);
	struct err err = ERR_INIT;

	if (editor_runs(desk))
		return;
	if (settings->waits && settings_may(desk, &err)) {
		take_waiting(settings);
		return;
	}
	if (!settings_files_changed(
		&settings->files, clock_monotonic(desk->clock)))
		return;
	err.kind = ERR_NONE;
	if (settings_take(desk, &err)) {
		if (settings->differs || wrong)
			tell_taken(settings, "");
	} else if (err.kind == ERR_CONFIG) {
		tell_wrong(settings);
	} else {
		screen_say(desk->screen, STYLE_WARNING, "%s was changed; %s",
		    name_of(desk), err.text);
	}
}
