/* SPDX-License-Identifier: MIT */
/*
 * A view is a const table of operations plus private state behind a struct
 * view that stands first in it. Views are stacked: Enter pushes one, Esc comes
 * back to the one below, which is as it was left.
 *
 * The screen drives them: a key goes to the open question, else to the view
 * (raw), else through the keymap to an action: guard, view, host. What nobody
 * takes is explained. It draws the frame: title line, message line, hint bar.
 * Recalculating is not repainting: `stale` views refresh before they draw;
 * drawing alone never recalculates.
 */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/canvas.h"

struct action;
struct err;
struct keymap;
struct screen;
struct str;
struct view;

enum view_result {
	VIEW_NOT_MINE, /* ask the next one */
	VIEW_DONE,
	VIEW_REFUSED, /* err->text says why, on the message line */
	VIEW_LEAVE,   /* pop this view */
	VIEW_ENTER,   /* a click: as if Enter was pressed now */
};

struct view_ops {
	const char *name; /* "contacts" */
	uint32_t scope;   /* one bit: which actions apply (action.h) */
	/* Draws into the area; must not touch data that is being changed. */
	void (*draw)(
	    struct view *view, struct canvas *canvas, const struct area *area);
	/* Everything below may be NULL. */
	/* Recalculates what is shown; called before drawing when stale. */
	void (*refresh)(struct view *view);
	enum view_result (*act)(
	    struct view *view, const struct action *action, struct err *err);
	/* Whether it takes an action now, for guards (action.h) that ask it;
	 * else err says why not. NULL: always. */
	bool (*may)(struct view *view, int action, struct err *err);
	/* Keys before the keymap sees them: while editing in place. */
	enum view_result (*key)(
	    struct view *view, uint32_t key, struct err *err);
	/* Pasted text, cleaned, line breaks are blanks. */
	enum view_result (*paste)(
	    struct view *view, const char *text, struct err *err);
	/* A click at this row and column of the screen, into the view's area.
	 */
	enum view_result (*click)(
	    struct view *view, int row, int column, struct err *err);
	/* The title, after the program's name or the way back. */
	void (*title)(struct view *view, struct str *out);
	/* Speaks of what is under the cursor, when there is no message. */
	enum style (*note)(struct view *view, struct str *out);
	/*
	 * Action ids for the hint bar, most likely first, ACTION_NONE ends;
	 * borrowed. Shown are those possible now that fit; the last one is
	 * always there.
	 */
	const int *(*hints)(struct view *view);
	/* It is on top again. */
	void (*resume)(struct view *view);
	/* Frees private state and the view itself; NULL: free(view). */
	void (*destroy)(struct view *view);
};

struct view {
	const struct view_ops *ops;
	struct screen *screen; /* set by screen_push() */
	void *host;            /* the one of screen_new() */
	bool stale;
	struct view *below; /* the screen's */
};

/* The rest of the program, as the screen sees it. */
struct screen_host {
	/* Actions that no view took; NULL is allowed. */
	enum view_result (*act)(
	    void *host, const struct action *action, struct err *err);
	/* The right end of the title line; returns the columns it took. */
	int (*badge)(
	    void *host, struct canvas *canvas, const struct area *area);
	/* The word for an action in the hint bar when it is another one now;
	 * NULL: action->hint. The op may be NULL: never. */
	const char *(*hint)(void *host, const struct action *action);
	/* Whether the last view may be left; false: err says why not. */
	bool (*may_quit)(void *host, struct err *err);
	/* Appends what stands above the message line whatever the view, up to
	 * three rows; nothing: they are the view's. NULL: never. */
	void (*guide)(void *host, struct str *out);
};

struct screen *screen_new(
    const struct keymap *keymap, const struct screen_host *ops, void *host);
void screen_free(struct screen *screen); /* frees the views; NULL is fine */
/* Other keys from the next one on; borrowed as that of screen_new(). */
void screen_use_keymap(struct screen *screen, const struct keymap *keymap);

/* Allocates `size` >= sizeof(struct view), zeroed, stale. */
struct view *view_new(const struct view_ops *ops, size_t size);

void screen_push(struct screen *screen, struct view *view); /* takes it */
/* Off the stack at once, freed later: a view may pop itself. */
void screen_pop(struct screen *screen);
struct view *screen_top(const struct screen *screen); /* NULL when empty */
size_t screen_depth(const struct screen *screen);

/* A message, until the next key (or screen_hush()); cleaned here. */
void screen_say(struct screen *screen, enum style style, const char *format,
    ...) __attribute__((format(printf, 3, 4)));
void screen_hush(struct screen *screen);
const char *screen_message(const struct screen *screen); /* "" if none */

/*
 * Questions take the message line; see prompt.h. The struct is copied; Esc
 * drops it. Only one at a time: a new one replaces it.
 */
struct prompt;
void screen_ask(struct screen *screen, const struct prompt *prompt);
bool screen_asking(const struct screen *screen);

/* Input. Afterwards screen_top() NULL means: the user left the program. */
void screen_key(struct screen *screen, uint32_t key);
void screen_paste(struct screen *screen, const char *text);
/* The mouse, at a row and column of the screen: a hint does what its key does,
 * the sign of the way back what Esc does, all else is the view's. While a
 * question is open nothing is clicked. */
void screen_click(struct screen *screen, int row, int column);
/* A few rows up or down. */
void screen_wheel(struct screen *screen, bool down);
/* Either, as the terminal reports it. */
struct mouse;
void screen_mouse(struct screen *screen, const struct mouse *mouse);
/* An action by table row (command line, tests): guard, view, host. */
void screen_act(struct screen *screen, const struct action *action);
/* Leaves everything without asking. */
void screen_quit(struct screen *screen);

/* Something changed: paint again / recalculate all views, then paint. */
void screen_dirty(struct screen *screen);
void screen_stale(struct screen *screen);
bool screen_is_dirty(const struct screen *screen);

/* Draws everything when dirty; false when there was nothing to do. */
bool screen_draw(struct screen *screen, struct canvas *canvas);

/* ACTION_REDRAW was asked for since the last call. */
bool screen_take_redraw(struct screen *screen);

#endif
