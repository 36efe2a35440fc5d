/* SPDX-License-Identifier: MIT */
/*
 * The presets are tables: one column for 256 colours, one for the eight that
 * every terminal has. Of the eight, some are too pale on white (green, cyan,
 * yellow) or too dark on black (red, blue): there the word on the screen is
 * left to say it, or an attribute.
 */
#include "tui/look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

enum { DEFAULT = LOOK_DEFAULT, BOLD = LOOK_BOLD, WORD_MAX = 32, CUBE = 16 };

const char *const look_style_names[] = {"normal", "title", "header", "dim",
    "key", "mark", "good", "changed", "warning", "bad", "input", "match",
    "alert", NULL};

_Static_assert(
    sizeof(look_style_names) / sizeof(look_style_names[0]) == STYLE_COUNT + 1,
    "a name for each style");

/* ---- presets --------------------------------------------------------------
 */

/* Attributes that stand without any colour. */
static const unsigned plain[STYLE_COUNT] = {
    [STYLE_TITLE] = BOLD,
    [STYLE_HEADER] = BOLD,
    [STYLE_DIM] = LOOK_DIM,
    [STYLE_KEY] = BOLD,
    [STYLE_MARK] = BOLD,
    [STYLE_WARNING] = BOLD,
    [STYLE_BAD] = BOLD,
    [STYLE_INPUT] = LOOK_UNDERLINE,
    [STYLE_MATCH] = LOOK_REVERSE,
    [STYLE_ALERT] = LOOK_REVERSE | BOLD,
};

/* Where the background is not known: the eight, as always. */
static const struct look automatic[STYLE_COUNT] = {
    [STYLE_NORMAL] = {0, DEFAULT, DEFAULT},
    [STYLE_TITLE] = {BOLD, DEFAULT, DEFAULT},
    [STYLE_HEADER] = {BOLD, DEFAULT, DEFAULT},
    [STYLE_DIM] = {LOOK_DIM, DEFAULT, DEFAULT},
    [STYLE_KEY] = {BOLD, DEFAULT, DEFAULT},
    [STYLE_MARK] = {BOLD, 6, DEFAULT},
    [STYLE_GOOD] = {0, 2, DEFAULT},
    [STYLE_CHANGED] = {0, 6, DEFAULT},
    [STYLE_WARNING] = {BOLD, 3, DEFAULT},
    [STYLE_BAD] = {BOLD, 1, DEFAULT},
    [STYLE_INPUT] = {LOOK_UNDERLINE, DEFAULT, DEFAULT},
    [STYLE_MATCH] = {LOOK_REVERSE, DEFAULT, DEFAULT},
    [STYLE_ALERT] = {LOOK_REVERSE | BOLD, 1, DEFAULT},
};

struct shades {
	struct look many, few; /* 256 colours, or eight */
};

static const struct shades light[STYLE_COUNT] = {
    [STYLE_NORMAL] = {{0, DEFAULT, DEFAULT}, {0, DEFAULT, DEFAULT}},
    [STYLE_TITLE] = {{BOLD, DEFAULT, DEFAULT}, {BOLD, DEFAULT, DEFAULT}},
    [STYLE_HEADER] = {{BOLD, DEFAULT, DEFAULT}, {BOLD, DEFAULT, DEFAULT}},
    [STYLE_DIM] = {{0, 241, DEFAULT}, {0, DEFAULT, DEFAULT}},
    [STYLE_KEY] = {{BOLD, 18, DEFAULT}, {BOLD, 4, DEFAULT}},
    [STYLE_MARK] = {{BOLD, 25, DEFAULT}, {BOLD, 4, DEFAULT}},
    [STYLE_GOOD] = {{0, 22, DEFAULT}, {0, DEFAULT, DEFAULT}},
    [STYLE_CHANGED] = {{0, 25, DEFAULT}, {0, 4, DEFAULT}},
    [STYLE_WARNING] = {{BOLD, 94, DEFAULT}, {BOLD, DEFAULT, DEFAULT}},
    [STYLE_BAD] = {{BOLD, 124, DEFAULT}, {BOLD, 1, DEFAULT}},
    [STYLE_INPUT] = {{LOOK_UNDERLINE, DEFAULT, DEFAULT},
	{LOOK_UNDERLINE, DEFAULT, DEFAULT}},
    [STYLE_MATCH] = {{LOOK_REVERSE, DEFAULT, DEFAULT},
	{LOOK_REVERSE, DEFAULT, DEFAULT}},
    [STYLE_ALERT] = {{BOLD, 231, 124}, {LOOK_REVERSE | BOLD, 1, DEFAULT}},
};

static const struct shades dark[STYLE_COUNT] = {
    [STYLE_NORMAL] = {{0, DEFAULT, DEFAULT}, {0, DEFAULT, DEFAULT}},
    [STYLE_TITLE] = {{BOLD, DEFAULT, DEFAULT}, {BOLD, DEFAULT, DEFAULT}},
    [STYLE_HEADER] = {{BOLD, DEFAULT, DEFAULT}, {BOLD, DEFAULT, DEFAULT}},
    [STYLE_DIM] = {{0, 246, DEFAULT}, {0, DEFAULT, DEFAULT}},
    [STYLE_KEY] = {{BOLD, 159, DEFAULT}, {BOLD, DEFAULT, DEFAULT}},
    [STYLE_MARK] = {{BOLD, 117, DEFAULT}, {BOLD, 6, DEFAULT}},
    [STYLE_GOOD] = {{0, 114, DEFAULT}, {0, 2, DEFAULT}},
    [STYLE_CHANGED] = {{0, 117, DEFAULT}, {0, 6, DEFAULT}},
    [STYLE_WARNING] = {{BOLD, 221, DEFAULT}, {BOLD, 3, DEFAULT}},
    [STYLE_BAD] = {{BOLD, 210, DEFAULT}, {BOLD, 7, 1}},
    [STYLE_INPUT] = {{LOOK_UNDERLINE, DEFAULT, DEFAULT},
	{LOOK_UNDERLINE, DEFAULT, DEFAULT}},
    [STYLE_MATCH] = {{LOOK_REVERSE, DEFAULT, DEFAULT},
	{LOOK_REVERSE, DEFAULT, DEFAULT}},
    [STYLE_ALERT] = {{BOLD, 16, 210}, {LOOK_REVERSE | BOLD, 3, DEFAULT}},
};

/* Brings its own background, so it is the same on every terminal. */
static const struct shades contrast[STYLE_COUNT] = {
    [STYLE_NORMAL] = {{0, 231, 16}, {0, 7, 0}},
    [STYLE_TITLE] = {{BOLD, 231, 16}, {BOLD, 7, 0}},
    [STYLE_HEADER] = {{BOLD, 231, 16}, {BOLD, 7, 0}},
    [STYLE_DIM] = {{0, 252, 16}, {0, 7, 0}},
    [STYLE_KEY] = {{BOLD, 227, 16}, {BOLD, 3, 0}},
    [STYLE_MARK] = {{BOLD, 123, 16}, {BOLD, 6, 0}},
    [STYLE_GOOD] = {{0, 120, 16}, {0, 2, 0}},
    [STYLE_CHANGED] = {{0, 123, 16}, {0, 6, 0}},
    [STYLE_WARNING] = {{BOLD, 227, 16}, {BOLD, 3, 0}},
    [STYLE_BAD] = {{BOLD, 16, 217}, {BOLD, 0, 7}},
    [STYLE_INPUT] = {{LOOK_UNDERLINE, 231, 16}, {LOOK_UNDERLINE, 7, 0}},
    [STYLE_MATCH] = {{0, 16, 231}, {0, 0, 7}},
    [STYLE_ALERT] = {{BOLD, 16, 227}, {BOLD, 0, 3}},
};

void
looks_choose(struct looks *looks, const char *word)
{
	static const struct {
		const char *word;
		enum look_preset preset;
		bool always;
	} words[] = {
	    {"always", LOOK_AUTO, true},
	    {"never", LOOK_MONO, false},
	    {"mono", LOOK_MONO, false},
	    {"light", LOOK_LIGHT, true},
	    {"dark", LOOK_DARK, true},
	    {"high-contrast", LOOK_HIGH_CONTRAST, true},
	};

	looks->preset = LOOK_AUTO;
	looks->always = false;
	for (size_t i = 0; word && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, word) == 0) {
			looks->preset = words[i].preset;
			looks->always = words[i].always;
		}
}

/* "15;0": white on black; some say "15;default;0". */
static enum look_preset
told_background(void)
{
	const char *told = getenv("COLORFGBG");
	const char *last = told ? strrchr(told, ';') : NULL;
	long color;
	char *end;

	if (!last || !last[1])
		return LOOK_AUTO;
	color = strtol(last + 1, &end, 10);
	if (*end || color < 0 || color > 15)
		return LOOK_AUTO;
	return color == 7 || color == 15 ? LOOK_LIGHT : LOOK_DARK;
}

void
looks_make(const struct looks *looks, int colors, struct look made[STYLE_COUNT])
{
	static const struct shades *const tables[] = {
	    [LOOK_LIGHT] = light,
	    [LOOK_DARK] = dark,
	    [LOOK_HIGH_CONTRAST] = contrast,
	};
	const char *no = getenv("NO_COLOR");
	enum look_preset preset = looks->preset;
	bool none = colors < 8 || preset == LOOK_MONO ||
		    (!looks->always && no && *no);

	if (preset == LOOK_AUTO)
		preset = told_background();
	for (int i = 0; i < STYLE_COUNT; i++) {
		if (none)
			made[i] = (struct look){plain[i], DEFAULT, DEFAULT};
		else if (preset == LOOK_AUTO)
			made[i] = automatic[i];
		else
			made[i] = colors >= 256 ? tables[preset][i].many
						: tables[preset][i].few;
		if (!looks->is_own[i])
			continue;
		made[i] = looks->own[i];
		if (none || made[i].color >= colors)
			made[i].color = DEFAULT;
		if (none || made[i].background >= colors)
			made[i].background = DEFAULT;
	}
}

/* ---- words ------------------------------------------------------------------
 */

static const char *const color_names[] = {"black", "red", "green", "yellow",
    "blue", "magenta", "cyan", "white", NULL};

static const struct {
	const char *name;
	unsigned bit;
} attribute_names[] = {
    {"plain", 0},
    {"bold", LOOK_BOLD},
    {"dim", LOOK_DIM},
    {"underline", LOOK_UNDERLINE},
    {"reverse", LOOK_REVERSE},
};

enum style
look_style(const char *name)
{
	int i = 0;

	while (look_style_names[i] && strcmp(look_style_names[i], name) != 0)
		i++;
	return (enum style)i;
}

static bool
parse_color(const char *word, int *color)
{
	const char *name = word;
	int base = 0;
	long number;
	char *end;

	if (strcmp(word, "default") == 0) {
		*color = LOOK_DEFAULT;
		return true;
	}
	number = strtol(word, &end, 10);
	if (end != word && !*end && number >= 0 && number <= 255) {
		*color = (int)number;
		return true;
	}
	if (str_starts(word, "bright-")) {
		name = word + strlen("bright-");
		base = 8;
	}
	for (int i = 0; color_names[i]; i++)
		if (strcmp(color_names[i], name) == 0) {
			*color = base + i;
			return true;
		}
	return false;
}

static bool
parse_attribute(const char *word, unsigned *attributes)
{
	for (size_t i = 0;
	     i < sizeof(attribute_names) / sizeof(attribute_names[0]); i++)
		if (strcmp(attribute_names[i].name, word) == 0) {
			*attributes |= attribute_names[i].bit;
			return true;
		}
	return false;
}

bool
look_parse(const char *text, struct look *look, struct err *err)
{
	char word[WORD_MAX];
	bool on = false;

	*look = (struct look){0, LOOK_DEFAULT, LOOK_DEFAULT};
	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t len = strcspn(text, " ");
		bool good;

		snprintf(word, sizeof(word), "%.*s", (int)len, text);
		text += len;
		if (!on && strcmp(word, "on") == 0) {
			on = true;
			continue;
		}
		good = on ? parse_color(word, &look->background)
			  : parse_attribute(word, &look->attributes) ||
				parse_color(word, &look->color);
		on = false;
		if (!good)
			return err_set(err, ERR_USAGE,
			    "'%s' is no look: bold, dim, underline, reverse, a "
			    "colour (red, bright-red, 0 to 255), on and a "
			    "colour",
			    word);
	}
	return !on || err_set(err, ERR_USAGE, "a colour is missing after 'on'");
}

uint32_t
look_rgb(int color)
{
	static const uint32_t first[CUBE] = {0x000000, 0xcd0000, 0x00cd00,
	    0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f,
	    0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff,
	    0xffffff};
	static const uint32_t steps[] = {0, 95, 135, 175, 215, 255};
	uint32_t grey;

	if (color < CUBE)
		return first[color < 0 ? 7 : color];
	if (color >= 232) {
		grey = 8 + 10 * (uint32_t)(color - 232);
		return grey << 16 | grey << 8 | grey;
	}
	color -= CUBE;
	return steps[color / 36] << 16 | steps[color / 6 % 6] << 8 |
	       steps[color % 6];
}
