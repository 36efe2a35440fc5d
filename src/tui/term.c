/* SPDX-License-Identifier: MIT */
/*
 * Curses, and nothing else knows it.
 *
 * Painting: the last painted cells are kept (`front`); a canvas is compared
 * row by row, so curses is told of changed cells only. A list that moved by
 * one line is found and moved inside curses too, else a scroll would hand over
 * every cell of the screen; what reaches the wire is curses' own choice.
 *
 * Reading: bytes and function keys come from curses on a pad of its own, since
 * reading from the main window would repaint it. Bytes become characters
 * here, so that half a character at the end of a packet waits for the rest.
 *
 * Hazards: whatever curses does not know (OSC, bracketed paste, a scroll that
 * we found) is written behind its back and must leave cursor and colours as
 * they were; what it knows of the screen (curscr) is then moved along.
 */
#include "tui/term.h"

#include <langinfo.h>
#include <signal.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "tui/canvas.h"
#include "tui/damage.h"
#include "tui/key.h"
#include "tui/look.h"
#include "tui/mouse.h"
#include "tui/osc.h"
#include "tui/paste.h"
#include "tui/sequences.h"
#include "tui/signals.h"
#include "tui/tty.h"

enum {
	OUT = STDOUT_FILENO,
	IN = STDIN_FILENO,
	ESC_MS = 25,
	SCROLL_MAX = 256,
	/* Beyond curses' own keys, given to define_key(). */
	PASTE_BEGIN = KEY_MAX + 101,
	PASTE_END,
	MOUSE_BEGIN,
	SEQUENCE, /* and all after it */
};

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
/* Buttons only, and places beyond column 223. */
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1000l\033[?1006l"

struct term {
	SCREEN *screen;
	WINDOW *input;
	int rows;
	int columns;
	struct cell *front; /* what is on the screen, when `known` */
	bool known;
	cchar_t *line; /* scratch: one row for curses */
	wchar_t replacement;
	struct {
		attr_t attributes;
		short pair;
	} styles[STYLE_COUNT];
	char link[CANVAS_LINK_MAX + 1]; /* on the screen; "": none */
	bool understands_modes;         /* OSC and the like */
	bool uses_mouse;
	struct mouse clicked; /* of the last TERM_MOUSE */
	bool ground;          /* plain cells have a background of their own */
	/* To scroll a region; the first NULL: it cannot be done. */
	const char *set_region, *save, *restore, *scroll_up, *scroll_down,
	    *plain;
	char title[OSC_TITLE_MAX]; /* "": the terminal's own */
	bool away;                 /* given back for a while */
	struct key_bytes bytes;
	struct paste paste;
};

static const struct {
	int curses;
	uint32_t key;
} special_keys[] = {
    {KEY_UP, KEY_CODE_UP},
    {KEY_DOWN, KEY_CODE_DOWN},
    {KEY_LEFT, KEY_CODE_LEFT},
    {KEY_RIGHT, KEY_CODE_RIGHT},
    {KEY_HOME, KEY_CODE_HOME},
    {KEY_A1, KEY_CODE_HOME},
    {KEY_FIND, KEY_CODE_HOME},
    {KEY_END, KEY_CODE_END},
    {KEY_C1, KEY_CODE_END},
    {KEY_SELECT, KEY_CODE_END},
    {KEY_PPAGE, KEY_CODE_PAGE_UP},
    {KEY_A3, KEY_CODE_PAGE_UP},
    {KEY_NPAGE, KEY_CODE_PAGE_DOWN},
    {KEY_C3, KEY_CODE_PAGE_DOWN},
    {KEY_IC, KEY_CODE_INSERT},
    {KEY_DC, KEY_CODE_DELETE},
    {KEY_BTAB, KEY_CODE_BACK_TAB},
    {KEY_BACKSPACE, KEY_CODE_BACKSPACE},
    {KEY_ENTER, KEY_CODE_ENTER},
};

static uint32_t
special_key(int code)
{
	for (size_t i = 0; i < sizeof(special_keys) / sizeof(special_keys[0]);
	     i++)
		if (special_keys[i].curses == code)
			return special_keys[i].key;
	if (code >= SEQUENCE && code < SEQUENCE + (int)sequences_count)
		return sequences[code - SEQUENCE].key;
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return KEY_CODE_F1 + (uint32_t)(code - KEY_F(1));
	return KEY_CODE_NONE;
}

bool
term_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* ---- taking and giving back ------------------------------------------------
 */

static const char *
capability(const char *name)
{
	const char *text = tigetstr(name);

	/* (char *)-1: no such capability at all. */
	return (intptr_t)text == -1 ? NULL : text;
}

/* What the fatal path writes: as endwin() would, prepared in peace. */
static void
prepare_restore(const struct term *term)
{
	static const char *const names[] = {"rmkx", "sgr0", "cnorm", "rmcup"};

	tty_undo_reset();
	if (term->understands_modes)
		tty_undo_add(PASTE_OFF MOUSE_OFF);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *text = capability(names[i]);

		if (text)
			tty_undo_add(text);
	}
	if (!capability("rmcup"))
		tty_undo_add("\r\n");
}

static bool
open_screen(struct term *term, struct err *err)
{
	const char *name = getenv("TERM");

	if (!name || !*name)
		name = "dumb";
	if (strcmp(name, "dumb") != 0)
		term->screen = newterm(name, stdout, stdin);
	if (term->screen && capability("cup"))
		return true;
	return err_set(err, ERR_USAGE,
	    "the terminal '%.40s' cannot show the desk: set TERM to what you "
	    "use (xterm-256color fits most), or use belay status, plan and "
	    "sync",
	    name);
}

static attr_t
curses_attributes(unsigned attributes)
{
	return (attributes & LOOK_BOLD ? A_BOLD : 0) |
	       (attributes & LOOK_DIM ? A_DIM : 0) |
	       (attributes & LOOK_UNDERLINE ? A_UNDERLINE : 0) |
	       (attributes & LOOK_REVERSE ? A_REVERSE : 0);
}

void
term_use_looks(struct term *term, const struct looks *looks)
{
	struct look made[STYLE_COUNT];
	bool colored = has_colors();

	if (colored) {
		start_color();
		use_default_colors();
	}
	looks_make(looks, colored ? COLORS : 0, made);
	for (int i = 0; i < STYLE_COUNT; i++) {
		short pair = (short)(i + 1);

		term->styles[i].attributes = curses_attributes(
		    made[i].attributes);
		term->styles[i].pair = 0;
		if (made[i].color < 0 && made[i].background < 0)
			continue;
		if (init_pair(pair, (short)made[i].color,
			(short)made[i].background) == OK)
			term->styles[i].pair = pair;
	}
	term->ground = term->styles[STYLE_NORMAL].pair != 0;
	term->known = false;
}

static void
measure(struct term *term)
{
	term->rows = LINES > 0 ? LINES : 1;
	term->columns = COLS > 0 ? COLS : 1;
	term->front = mem_resize(term->front,
	    (size_t)term->rows * (size_t)term->columns, sizeof(*term->front));
	term->line = mem_resize(
	    term->line, (size_t)term->columns, sizeof(*term->line));
	term->known = false;
}

/* What curses does not switch: bracketed paste, the mouse. */
static void
switch_modes(const struct term *term, bool on)
{
	const char *mouse = on ? MOUSE_ON : MOUSE_OFF;
	const char *paste = on ? PASTE_ON : PASTE_OFF;

	if (term->understands_modes)
		tty_write(paste, strlen(paste));
	if (term->understands_modes && term->uses_mouse)
		tty_write(mouse, strlen(mouse));
}

void
term_use_mouse(struct term *term, bool mouse)
{
	if (mouse == term->uses_mouse)
		return;
	if (!term->away)
		switch_modes(term, false);
	term->uses_mouse = mouse;
	if (!term->away)
		switch_modes(term, true);
}

/* All or nothing: a terminal that lacks one gets its lines anew. */
static void
find_scrolling(struct term *term)
{
	term->set_region = capability("csr");
	term->save = capability("sc");
	term->restore = capability("rc");
	term->scroll_up = capability("ind");
	term->scroll_down = capability("ri");
	term->plain = capability("sgr0");
	if (!term->save || !term->restore || !term->scroll_up ||
	    !term->scroll_down || !term->plain)
		term->set_region = NULL;
}

static void
set_modes(struct term *term)
{
	cbreak();
	noecho();
	nonl();
	typeahead(-1);
	if (!getenv("ESCDELAY"))
		set_escdelay(ESC_MS);

	term->input = newpad(1, 1);
	keypad(term->input, TRUE);
	nodelay(term->input, TRUE);
	define_key("\033[200~", PASTE_BEGIN);
	define_key("\033[201~", PASTE_END);
	define_key("\033[<", MOUSE_BEGIN);
	for (size_t i = 0; i < sequences_count; i++)
		if (!special_key(key_defined(sequences[i].bytes)))
			define_key(sequences[i].bytes, SEQUENCE + (int)i);
}

struct term *
term_open(const struct looks *looks, struct err *err)
{
	static bool hooked; /* once a process */
	struct term *term;

	if (!tty_open(err) || !signals_open(tty_restore, err))
		return NULL;
	term = mem_zalloc(sizeof(*term));
	paste_init(&term->paste);
	if (!open_screen(term, err)) {
		term_close(term);
		return NULL;
	}
	term->understands_modes = osc_understood(getenv("TERM"));
	prepare_restore(term);
	tty_active(true);
	if (!hooked)
		mem_on_die(tty_restore);
	hooked = true;
	term->replacement = wcwidth(0xfffd) == 1 ? 0xfffd : L'?';
	set_modes(term);
	find_scrolling(term);
	term_use_looks(term, looks);
	measure(term);
	switch_modes(term, true);
	return term;
}

void
term_close(struct term *term)
{
	if (!term)
		return;
	if (term->screen) {
		tty_active(term->away);
		tty_restore();
		term_give_back(term);
		tty_active(false);
		if (term->input)
			delwin(term->input);
		delscreen(term->screen);
	}
	signals_close();
	free(term->front);
	free(term->line);
	paste_release(&term->paste);
	free(term);
}

void
term_give_back(struct term *term)
{
	if (term->away)
		return;
	switch_modes(term, false);
	if (tty_is_titled())
		tty_write(OSC_TITLE_BACK, sizeof(OSC_TITLE_BACK) - 1);
	tty_titled(false);
	curs_set(1);
	endwin();
	tty_settings_back();
	tty_active(false);
	term->away = true;
	term->known = false;
}

static void
adopt_size(struct term *term)
{
	struct winsize size;

	if (ioctl(OUT, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
	    size.ws_col > 0 &&
	    (size.ws_row != term->rows || size.ws_col != term->columns))
		resizeterm(size.ws_row, size.ws_col);
	measure(term);
}

void
term_take_again(struct term *term)
{
	reset_prog_mode();
	clearok(curscr, TRUE);
	adopt_size(term);
	switch_modes(term, true);
	tty_active(true);
	term->away = false;
	if (*term->title)
		term_title(term, term->title);
}

void
term_stop(struct term *term)
{
	bool away = term->away;

	term_give_back(term);
	signals_stop_self();
	if (!away)
		term_take_again(term);
}

void
term_size(const struct term *term, int *rows, int *columns)
{
	*rows = term->rows;
	*columns = term->columns;
}

int
term_fd(const struct term *term)
{
	(void)term;
	return IN;
}

int
term_signal_fd(const struct term *term)
{
	(void)term;
	return signals_fd();
}

unsigned
term_take_signals(struct term *term)
{
	static const struct {
		int number;
		unsigned bit;
	} bits[] = {
	    {SIGWINCH, TERM_RESIZED},
	    {SIGCONT, TERM_RESIZED},
	    {SIGTSTP, TERM_STOP},
	    {SIGINT, TERM_INTERRUPT},
	    {SIGTERM, TERM_TERMINATE},
	    {SIGHUP, TERM_LOST},
	    {SIGCHLD, TERM_CHILD},
	};
	uint64_t came = signals_take();
	unsigned result = 0;

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (came & (UINT64_C(1) << bits[i].number))
			result |= bits[i].bit;
	if (term->away)
		return result;
	/* Stopped from outside: the shell may have changed everything. */
	if (came & (UINT64_C(1) << SIGCONT))
		term_take_again(term);
	else if (result & TERM_RESIZED)
		adopt_size(term);
	return result;
}

/* ---- painting ---------------------------------------------------------------
 */

static struct cell *
front_row(const struct term *term, int row)
{
	return term->front + (size_t)row * (size_t)term->columns;
}

static void
look_of(const struct term *term, const struct cell *cell, attr_t *attributes,
    short *pair)
{
	unsigned style = cell->style & ~CELL_HIGHLIGHT;

	*pair = 0;
	if (cell->style & CELL_HIGHLIGHT) {
		*attributes = A_REVERSE;
		return;
	}
	*attributes = term->styles[style].attributes;
	*pair = term->styles[style].pair;
}

/*
 * Curses asks wcwidth(), the canvas asked Unicode. Where they disagree the
 * rest of the line would shift, so such a character is not sent.
 */
static int
fill(const struct term *term, cchar_t *out, const struct cell *cell)
{
	wchar_t text[CANVAS_MARKS + 2] = {(wchar_t)cell->code[0]};
	attr_t attributes;
	short pair;
	int count = 1;

	look_of(term, cell, &attributes, &pair);
	if (cell->code[0] >= 0x80 && wcwidth(text[0]) != cell->width) {
		text[0] = term->replacement;
		setcchar(out, text, attributes, pair, NULL);
		if (cell->width == 2)
			setcchar(out + 1, L" ", attributes, pair, NULL);
		return cell->width;
	}
	for (int i = 1; i <= CANVAS_MARKS && cell->code[i]; i++)
		if (wcwidth((wchar_t)cell->code[i]) == 0)
			text[count++] = (wchar_t)cell->code[i];
	setcchar(out, text, attributes, pair, NULL);
	return 1;
}

static bool
paint_row(struct term *term, const struct cell *cells, int row)
{
	struct cell *front = front_row(term, row);
	int first = 0, end = term->columns, count = 0;

	if (term->known &&
	    !damage_range(front, cells, term->columns, &first, &end))
		return false;
	for (int column = first; column < end; column++)
		if (cells[column].width > 0)
			count += fill(term, &term->line[count], &cells[column]);
	mvwadd_wchnstr(stdscr, row, first, term->line, count);
	memcpy(front, cells, (size_t)term->columns * sizeof(*cells));
	return true;
}

static void
scroll_window(WINDOW *window, int top, int bottom, int shift)
{
	wsetscrreg(window, top, bottom);
	scrollok(window, TRUE);
	wscrl(window, shift);
	scrollok(window, FALSE);
	wsetscrreg(window, 0, getmaxy(window) - 1);
	untouchwin(window);
}

/*
 * On the screen, and in all pictures that curses has of it. It would find the
 * scroll by itself, but hashes every cell to do so, as costly as all the rest
 * of a paint. tiparm()'s text stands until its next call.
 */
static void
scroll_region(const struct term *term, int top, int bottom, int shift)
{
	struct str bytes;

	str_init(&bytes, SCROLL_MAX);
	tty_add_capability(&bytes, term->save);
	tty_add_capability(&bytes, term->plain);
	tty_add_capability(&bytes, tiparm(term->set_region, top, bottom));
	tty_add_capability(
	    &bytes, tiparm(capability("cup"), shift > 0 ? bottom : top, 0));
	tty_add_capability(
	    &bytes, shift > 0 ? term->scroll_up : term->scroll_down);
	tty_add_capability(&bytes, tiparm(term->set_region, 0, term->rows - 1));
	tty_add_capability(&bytes, term->restore);
	tty_write(bytes.data, bytes.len);
	str_release(&bytes);
	scroll_window(curscr, top, bottom, shift);
	scroll_window(newscr, top, bottom, shift);
	scroll_window(stdscr, top, bottom, shift);
}

static void
move_rows(struct term *term, int top, int count, int shift)
{
	static const struct cell blank = {.code = {' '}, .width = 1};
	int low = shift > 0 ? top : top - 1; /* the region that scrolls */
	int row = shift > 0 ? top : top + count - 1;

	scroll_region(term, low, low + count, shift);
	for (; count > 0; count--, row += shift)
		memcpy(front_row(term, row), front_row(term, row + shift),
		    (size_t)term->columns * sizeof(struct cell));
	for (int column = 0; column < term->columns; column++)
		front_row(term, row)[column] = blank;
}

/* Not where blanks have a colour: what scrolls in has none. */
static void
follow_scroll(struct term *term, const struct canvas *canvas)
{
	enum { WORTH_IT = 4 };
	int top, shift, count;

	if (!term->set_region || term->ground)
		return;
	count = damage_scroll(term->front, canvas_row(canvas, 0), term->rows,
	    term->columns, &top, &shift);
	if (count >= WORTH_IT)
		move_rows(term, top, count, shift);
}

/* With save and restore of the cursor: curses must not notice. */
static void
paint_link(struct term *term, const struct canvas *canvas, bool again)
{
	struct str bytes;
	int row;
	const char *url = canvas_link_place(canvas, &row);

	if (!url) {
		term->link[0] = '\0';
		return;
	}
	if (!again && strcmp(url, term->link) == 0)
		return;
	str_copy(term->link, sizeof(term->link), url);
	if (!term->understands_modes)
		return;
	str_init(&bytes, 3 * CANVAS_LINK_MAX);
	if (osc_link(&bytes, row, url))
		tty_write(bytes.data, bytes.len);
	str_release(&bytes);
}

void
term_paint(struct term *term, const struct canvas *canvas)
{
	struct area area = canvas_area(canvas);
	int row, column;
	bool fits = area.rows == term->rows && area.columns == term->columns;
	bool painted = false;

	/* A canvas of another size comes once between SIGWINCH and resize. */
	if (term->away || !fits)
		return;
	if (!term->known) {
		werase(stdscr);
		clearok(curscr, TRUE);
	} else {
		follow_scroll(term, canvas);
	}
	for (row = 0; row < term->rows; row++)
		painted |= paint_row(term, canvas_row(canvas, row), row);
	term->known = true;
	if (canvas_cursor_place(canvas, &row, &column)) {
		leaveok(stdscr, FALSE);
		wmove(stdscr, row, column);
		curs_set(1);
	} else {
		leaveok(stdscr, TRUE);
		curs_set(0);
	}
	wnoutrefresh(stdscr);
	doupdate();
	paint_link(term, canvas, painted);
}

void
term_forget(struct term *term)
{
	term->known = false;
}

/* ---- reading ------------------------------------------------------------- */

static bool
hung_up(void)
{
	struct pollfd look = {.fd = IN, .events = POLLIN};
	int waiting = 0;

	if (poll(&look, 1, 0) <= 0)
		return false;
	if (look.revents & (POLLERR | POLLNVAL))
		return true;
	/* Readable with nothing to read is the end of file. */
	if (ioctl(IN, FIONREAD, &waiting) == 0 && waiting > 0)
		return false;
	return (look.revents & (POLLHUP | POLLIN)) != 0;
}

static uint32_t
add_byte(struct term *term, int byte)
{
	if (byte == '\n')
		return KEY_CODE_ENTER;
	if (byte >= 0x80 && !term_is_utf8())
		return KEY_CODE_NONE;
	return key_add_byte(&term->bytes, (unsigned char)byte);
}

/* An escape sequence that curses does not know must not type its letters. */
static void
drop_sequence(struct term *term, int introducer)
{
	int byte = wgetch(term->input);

	while (
	    introducer == '[' && byte != ERR && !(byte >= 0x40 && byte <= 0x7e))
		byte = wgetch(term->input);
}

/* After an Esc: what came with it at once is Alt, else it was Esc. */
static uint32_t
after_escape(struct term *term)
{
	uint32_t key;
	int byte = wgetch(term->input);

	if (byte == ERR)
		return KEY_CODE_ESCAPE;
	if (byte == '[' || byte == 'O') {
		drop_sequence(term, byte);
		return KEY_CODE_NONE;
	}
	if (byte == KEY_CODE_ESCAPE) {
		ungetch(byte);
		return KEY_CODE_ESCAPE;
	}
	key = byte > 0xff ? special_key(byte) : add_byte(term, byte);
	while (key == KEY_CODE_NONE && term->bytes.count > 0 &&
	       (byte = wgetch(term->input)) != ERR && byte <= 0xff)
		key = add_byte(term, byte);
	return key == KEY_CODE_NONE ? KEY_CODE_ESCAPE : key | KEY_ALT;
}

static bool
read_mouse(struct term *term)
{
	enum mouse_result result = MOUSE_MORE;
	int byte;

	mouse_begin(&term->clicked);
	while (result == MOUSE_MORE && (byte = wgetch(term->input)) != ERR)
		result = mouse_add_byte(&term->clicked, byte);
	return result == MOUSE_PRESSED && term->uses_mouse && !term->paste.open;
}

enum term_event
term_read(struct term *term, uint32_t *key)
{
	for (;;) {
		int code = wgetch(term->input);

		if (code == ERR)
			return hung_up() ? TERM_HANGUP : TERM_NOTHING;
		if (code == PASTE_BEGIN) {
			paste_begin(&term->paste);
		} else if (code == PASTE_END && term->paste.open) {
			paste_end(&term->paste);
			return TERM_PASTE;
		} else if (code == MOUSE_BEGIN) {
			if (read_mouse(term))
				return TERM_MOUSE;
		} else if (term->paste.open) {
			paste_add_byte(&term->paste, code);
		} else {
			*key = code > 0xff               ? special_key(code)
			       : code == KEY_CODE_ESCAPE ? after_escape(term)
							 : add_byte(term, code);
			if (*key != KEY_CODE_NONE)
				return TERM_KEY;
		}
	}
}

const char *
term_pasted(const struct term *term)
{
	return term->paste.text.data;
}

const struct mouse *
term_clicked(const struct term *term)
{
	return &term->clicked;
}

/* ---- sequences that curses does not know ----------------------------------
 */

static bool
send(struct term *term, struct str *bytes, bool good)
{
	good = good && term->understands_modes && !term->away;
	if (good)
		tty_write(bytes->data, bytes->len);
	str_release(bytes);
	return good;
}

bool
term_copy(struct term *term, const char *text)
{
	struct str bytes;

	str_init(&bytes, 2 * OSC_COPY_MAX);
	return send(term, &bytes, osc_copy(&bytes, text));
}

bool
term_title(struct term *term, const char *text)
{
	struct str bytes;

	if (text != term->title)
		str_copy(term->title, sizeof(term->title), text);
	str_init(&bytes, 8 * OSC_TITLE_MAX);
	osc_title(&bytes, term->title, !tty_is_titled(), !term_is_utf8());
	if (!send(term, &bytes, true))
		return false;
	tty_titled(true);
	return true;
}
