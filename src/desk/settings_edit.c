/* SPDX-License-Identifier: MIT */
/* The config in the user's editor, at the right line; or a first one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "book/config_write.h"
#include "book/propose.h"
#include "desk/desk.h"
#include "desk/editor.h"
#include "desk/settings.h"
#include "desk/settings_file.h"
#include "tui/prompt.h"
#include "tui/view.h"

enum { LOOKED_AT = 2000, CONFIG_MAX = 1 << 20, PATH_SHOWN = 120 };

unsigned
settings_place(const struct desk *desk, const char *key, const char **path)
{
	const struct config *config = desk->config;
	const char *below = str_starts(key, "mapping.") ? key + 8 : "";
	unsigned line, column;

	*path = config->path;
	if (!config->mapping_path || (!*below && strcmp(key, "mapping") != 0))
		return config_place(config->path, key, &column);
	/* the fields, or the fields below a key `mapping` */
	*path = config->mapping_path;
	line = config_place(*path, *below ? below : "mapping", &column);
	return line > 0 ? line : config_place(*path, key, &column);
}

static void
edit(struct desk *desk, const char *path, unsigned line)
{
	struct err err = ERR_INIT;

	if (!desk_edit(desk, path, line, &err))
		screen_say(desk->screen, STYLE_BAD, "%s", err.text);
}

/* ---- a first one ----------------------------------------------------------
 */

/* What `belay init` would write for this file. */
static bool
write_first(struct desk *desk, const char *path, struct err *err)
{
	const struct source *source = book_source(desk->book);
	struct proposal *proposal = proposal_make(book_records(desk->book),
	    source_format_name(source), NULL, LOOKED_AT, err);
	struct str text;
	bool good;

	if (!proposal)
		return false;
	str_init(&text, CONFIG_MAX);
	proposal_config_text(proposal, source_real_path(source), &text);
	good = config_create(path, text.data, text.len, err);
	str_release(&text);
	proposal_free(proposal);
	return good;
}

static bool
answer_first(void *context, const char *text, struct err *err)
{
	struct desk *desk = context;
	char *path = config_usual_path();

	(void)text;
	if (!write_first(desk, path, err)) {
		free(path);
		return false;
	}
	desk->config->path = path;
	edit(
	    desk, path, settings_place(desk, "mapping", &(const char *){NULL}));
	return true;
}

static void
ask_first(struct desk *desk)
{
	char *path = config_usual_path();
	struct prompt prompt = {
	    .choices = "y",
	    .context = desk,
	    .answer = answer_first,
	};

	snprintf(prompt.label, sizeof(prompt.label),
	    "There is no config yet. y writes one for this file (%.*s) and "
	    "opens it in your editor, Esc does not ",
	    PATH_SHOWN, path);
	free(path);
	screen_ask(desk->screen, &prompt);
}

/* ---- at what is to be changed ---------------------------------------------
 */

void
settings_edit(struct desk *desk, const char *key)
{
	size_t count;
	const struct problem *problems = settings_problems(
	    desk->settings, &count);
	const char *path = desk->config->path;
	unsigned line = 0;

	if (!path) {
		ask_first(desk);
		return;
	}
	if (count > 0) {
		path = *problems->file ? problems->file : path;
		line = problems->line;
	} else if (key) {
		line = settings_place(desk, key, &path);
	}
	edit(desk, path, line);
}
