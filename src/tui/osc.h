/* SPDX-License-Identifier: MIT */
/*
 * Escape sequences that terminfo does not know, as bytes: copying, links, the
 * window's title. Texts are checked here, so none can carry a sequence of its
 * own; all leave cursor, colours and margins as they were.
 */
#ifndef TUI_OSC_H
#define TUI_OSC_H

#include <stdbool.h>
#include <stddef.h>

struct str;

#define OSC_COPY_MAX 4096
#define OSC_TITLE_MAX 120

/* Whether a terminal of this name (TERM) is known to take them. */
bool osc_understood(const char *terminal);

/* OSC 52. False when too long or not printable ASCII. */
bool osc_copy(struct str *out, const char *text);
/*
 * Keeps the old title first (`push`), cleans and cuts the new one; `ascii`
 * where the terminal reads no UTF-8.
 */
void osc_title(struct str *out, const char *text, bool push, bool ascii);
#define OSC_TITLE_BACK "\033[23;2t" /* the title that was kept */
/*
 * OSC 8: the URL as its own text from the start of a screen row (from 0),
 * running over line ends by itself. False unless printable ASCII.
 */
bool osc_link(struct str *out, int row, const char *url);

#endif
