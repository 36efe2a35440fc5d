/* SPDX-License-Identifier: MIT */
/*
 * How a meaning (enum style) looks: attributes and colours, in presets for
 * light and dark screens, for few colours and many, and in words that a user
 * writes ("bold cyan", "reverse bright-red on black").
 *
 * A preset's colours have a contrast of at least 4.5:1 against the background
 * that it is for, high-contrast 7:1 (WCAG 2, levels AA and AAA); a test
 * computes them. AUTO knows no background and takes the eight colours as the
 * terminal has them, unless COLORFGBG tells.
 */
#ifndef TUI_LOOK_H
#define TUI_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/canvas.h"

struct err;

enum {
	LOOK_BOLD = 1 << 0,
	LOOK_DIM = 1 << 1,
	LOOK_UNDERLINE = 1 << 2,
	LOOK_REVERSE = 1 << 3,
};

#define LOOK_DEFAULT (-1) /* the terminal's own colour */

struct look {
	unsigned attributes;
	int color;      /* 0..255 or LOOK_DEFAULT */
	int background; /* likewise */
};

enum look_preset {
	LOOK_AUTO,
	LOOK_MONO,
	LOOK_LIGHT,
	LOOK_DARK,
	LOOK_HIGH_CONTRAST,
};

/* What is wanted: a preset, and what the user says of single styles. */
struct looks {
	enum look_preset preset;
	bool always; /* colours even with NO_COLOR */
	struct look own[STYLE_COUNT];
	bool is_own[STYLE_COUNT];
};

/* "auto", "always", "never", "mono", "light", "dark", "high-contrast"; NULL or
 * another word is auto. */
void looks_choose(struct looks *looks, const char *word);
/* How all styles look with so many colours (0: none). NO_COLOR and COLORFGBG
 * are looked at here. */
void looks_make(
    const struct looks *looks, int colors, struct look made[STYLE_COUNT]);

/* The style of a name ("good", "warning"); STYLE_COUNT: there is none. */
enum style look_style(const char *name);
/* All names, NULL-terminated, in the order of enum style. */
extern const char *const look_style_names[];
/* ERR_USAGE names the word that is none. */
bool look_parse(const char *text, struct look *look, struct err *err);

/* The colour as xterm has it: 0xrrggbb. */
uint32_t look_rgb(int color);

#endif
