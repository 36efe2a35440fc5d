/* SPDX-License-Identifier: MIT */
/*
 * A desk without a terminal for the tests of single screens: a real book from
 * a CSV in the test's directory, the fake sync, a clock that stands still.
 */
#ifndef TESTS_VIEWS_H
#define TESTS_VIEWS_H

#include "base/clock.h"
#include "book/book.h"
#include "book/config.h"
#include "desk/desk.h"
#include "fake_sync.h"
#include "tui/key.h"
#include "tui/view.h"

/* Rows of the sample book. */
enum {
	WALTER,   /* ZIP with four digits */
	JOSE,     /* accents */
	MINJUN,   /* wide characters */
	NAMELESS, /* no first name */
	SECRET,   /* Social Security number in place of the Medicare number */
	LONG,     /* long text everywhere, lines in the address */
	SAMPLES
};

struct fixture {
	struct desk desk;
	struct config *config;
	struct sync sync;
	struct clock clock;
	int64_t now_ms;
	bool hasty; /* the clock goes on with each look at it */
	char path[400];
};

void fixture_open(struct fixture *fixture);
/* On another CSV with the sample's columns. */
void fixture_open_on(struct fixture *fixture, const char *text);
/* The same under another config. */
void fixture_open_with(
    struct fixture *fixture, const char *config, const char *text);
void fixture_close(struct fixture *fixture);
/* Puts a config of that name on disk, and the book, loaded, under it; returns
 * its path, which stands until the next one. The desk has settings then:
 * settings_free() before fixture_close(). */
const char *fixture_use_config(
    struct fixture *fixture, const char *name, const char *text);

/* Types: "\r" is Enter, "\033" Esc, everything else itself. */
void fixture_press(struct fixture *fixture, const char *text);
/* Draws at 80x24, 132x40, 40x10 and 80x24 in ASCII against golden files. */
void fixture_golden(struct fixture *fixture, const char *name);
/* One size, `ascii` or not. */
void fixture_golden_at(struct fixture *fixture, const char *name, int rows,
    int columns, bool ascii);
/* As somebody hears it (tui/linear.h): at 80x24 and 40x10, with where the
 * terminal's cursor is in a line below. */
void fixture_golden_linear(struct fixture *fixture, const char *name);
/* The screen at 80x24 as text, in a static buffer. */
const char *fixture_screen(struct fixture *fixture);

#endif
