/* SPDX-License-Identifier: MIT */
/*
 * A grid of cells that views draw on; term.c shows it, tests print it.
 *
 * Text must be cleaned (base/text.h): a control character is a programming
 * error and asserts. What does not fit an area is clipped: a view can never
 * draw outside of what it was given. Colours are meanings, not numbers; each
 * meaning is also a word or a glyph on the screen, so none is lost in mono.
 * Rows and columns count from 0, inside the area.
 */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct canvas;
struct str;

enum style {
	STYLE_NORMAL,
	STYLE_TITLE,   /* where am I */
	STYLE_HEADER,  /* column titles, headings */
	STYLE_DIM,     /* least important */
	STYLE_KEY,     /* a key in the hint bar */
	STYLE_MARK,    /* a marked row's glyph */
	STYLE_GOOD,    /* synced, done */
	STYLE_CHANGED, /* new, changed, in work */
	STYLE_WARNING, /* a person should look */
	STYLE_BAD,     /* blocked, failed */
	STYLE_INPUT,   /* text being typed */
	STYLE_MATCH,   /* what a search found */
	STYLE_ALERT,   /* production: reverse, seen without colour too */
	STYLE_COUNT
};

enum align { ALIGN_LEFT, ALIGN_RIGHT };

#define CANVAS_MARKS 4
/* Bit on a cell's style: the row under the cursor (reverse). */
#define CELL_HIGHLIGHT 0x80u

struct cell {
	uint32_t
	    code[1 + CANVAS_MARKS]; /* base, then combining marks, 0 ends */
	uint8_t style;              /* enum style | CELL_HIGHLIGHT */
	uint8_t width; /* 1, 2, or 0: right half of the wide one before it */
	uint16_t unused;
};

/* A rectangle of the screen. */
struct area {
	int top;
	int left;
	int rows;
	int columns;
};

/* A sign and what stands for it where there is only ASCII. */
struct glyph {
	const char *sign;
	const char *ascii;
};

/* Signs that all views share. */
extern const struct glyph glyph_cursor;   /* ▸ > */
extern const struct glyph glyph_mark;     /* ✓ # */
extern const struct glyph glyph_warning;  /* ⚠ ? */
extern const struct glyph glyph_back;     /* ‹ < */
extern const struct glyph glyph_more;     /* › > */
extern const struct glyph glyph_up;       /* ▲ ^ */
extern const struct glyph glyph_down;     /* ▼ v */
extern const struct glyph glyph_ellipsis; /* … ~ */
extern const struct glyph glyph_rule;     /* ─ - */
extern const struct glyph glyph_full;     /* █ # */
extern const struct glyph glyph_light;    /* ░ . */
extern const struct glyph glyph_bullet;   /* • * */

/* `ascii`: only ASCII is drawn, accents are dropped, signs become twins. */
struct canvas *canvas_new(int rows, int columns, bool ascii);
void canvas_free(struct canvas *canvas); /* NULL is fine */
/* Signs as their twins although letters beyond ASCII are drawn. */
void canvas_use_ascii_signs(struct canvas *canvas, bool ascii);
void canvas_resize(struct canvas *canvas, int rows, int columns); /* erases */
void canvas_erase(struct canvas *canvas);

/*
 * For screen readers and braille (tui/linear.h): signs become words, rules,
 * bars and the highlight are not drawn, and canvas_straighten(), when all is
 * drawn, takes the blanks out of the rows and puts the terminal's cursor at the
 * start of the row that would be highlighted, or of the first one, unless
 * something is being typed.
 */
void canvas_set_linear(struct canvas *canvas, bool linear);
bool canvas_is_linear(const struct canvas *canvas);
void canvas_straighten(struct canvas *canvas);

struct area canvas_area(const struct canvas *canvas); /* all of it */
const char *canvas_glyph(
    const struct canvas *canvas, const struct glyph *glyph);

/* Parts of an area; clipped to it, never negative. */
struct area area_rows(const struct area *area, int top, int rows);
struct area area_columns(const struct area *area, int left, int columns);

/* Draws and returns the columns used; stops at the area's right edge. */
int canvas_text(struct canvas *canvas, const struct area *area, int row,
    int column, enum style style, const char *text);
int canvas_sign(struct canvas *canvas, const struct area *area, int row,
    int column, enum style style, const struct glyph *glyph);
/* In a box of exactly `columns`; cut with an ellipsis; the rest is blank. */
void canvas_box(struct canvas *canvas, const struct area *area, int row,
    int column, int columns, enum align align, enum style style,
    const char *text);
/*
 * Wraps at blanks; returns the rows used. At most area->rows - row are drawn;
 * with canvas NULL nothing is drawn, the rows needed are counted.
 */
int canvas_paragraph(struct canvas *canvas, const struct area *area, int row,
    int column, enum style style, const char *text);
/*
 * A paragraph with a blank at both sides in the first rows of the area, at
 * most `rows`; what does not fit ends in an ellipsis. Returns the rows used;
 * with canvas NULL they are only counted.
 */
int canvas_notice(struct canvas *canvas, const struct area *area, int rows,
    enum style style, const char *text);
void canvas_rule(struct canvas *canvas, const struct area *area, int row);
/* A bar `done` of `all` long. */
void canvas_bar(struct canvas *canvas, const struct area *area, int row,
    int column, int columns, size_t done, size_t all);

/* Shows that the cursor is on this row. */
void canvas_highlight(struct canvas *canvas, const struct area *area, int row);
/* Where the terminal's own cursor shows; hidden after canvas_erase(). */
void canvas_cursor(
    struct canvas *canvas, const struct area *area, int row, int column);
/* False when hidden. */
bool canvas_cursor_place(const struct canvas *canvas, int *row, int *column);

/*
 * A URL over the whole width from the start of the area's row, without line
 * breaks of ours, so that it can be selected with the mouse or clicked (OSC
 * 8). Printable ASCII, at most CANVAS_LINK_MAX bytes, one a canvas; returns
 * the rows it takes.
 */
#define CANVAS_LINK_MAX 2083
int canvas_link(
    struct canvas *canvas, const struct area *area, int row, const char *url);
/* The link and its screen row; NULL when there is none. */
const char *canvas_link_place(const struct canvas *canvas, int *row);

/* The cells of a screen row; borrowed until the next resize. */
const struct cell *canvas_row(const struct canvas *canvas, int row);

/* The screen as lines of text, trailing blanks cut: for tests and saving. */
void canvas_dump(const struct canvas *canvas, struct str *out);

#endif
