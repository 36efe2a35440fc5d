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
 * Hazards: whatever curses does not know (OSC, bracketed paste) is written
 * behind its back and must leave cursor and colours as they were. The static
 * `taken` is for the fatal path only: async-safe calls on prepared bytes.
 */
#include "tui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
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
#include "tui/osc.h"
#include "tui/signals.h"

enum {
	OUT = STDOUT_FILENO,
	IN = STDIN_FILENO,
	ESC_MS = 25,
	WRITE_MS = 2000,
	RESTORE_MAX = 512,
	/* Beyond curses' own keys, given to define_key(). */
	PASTE_BEGIN = KEY_MAX + 101,
	PASTE_END,
};

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

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
	bool understands_osc;
	char title[OSC_TITLE_MAX]; /* "": the terminal's own */
	bool away;                 /* given back for a while */
	struct key_bytes bytes;
	bool pasting;
	struct str paste;
	struct str pasted; /* cleaned */
};

static struct {
	volatile sig_atomic_t active;
	struct termios settings;
	char bytes[RESTORE_MAX]; /* first OSC_TITLE_BACK */
	size_t len;
	volatile sig_atomic_t titled;
	bool hooked;
} taken;

static const struct {
	attr_t attributes;
	short color; /* -1: the terminal's own */
} looks[STYLE_COUNT] = {
    [STYLE_NORMAL] = {A_NORMAL, -1},
    [STYLE_TITLE] = {A_BOLD, -1},
    [STYLE_HEADER] = {A_BOLD, -1},
    [STYLE_DIM] = {A_DIM, -1},
    [STYLE_KEY] = {A_BOLD, -1},
    [STYLE_MARK] = {A_BOLD, COLOR_CYAN},
    [STYLE_GOOD] = {A_NORMAL, COLOR_GREEN},
    [STYLE_CHANGED] = {A_NORMAL, COLOR_CYAN},
    [STYLE_WARNING] = {A_BOLD, COLOR_YELLOW},
    [STYLE_BAD] = {A_BOLD, COLOR_RED},
    [STYLE_INPUT] = {A_UNDERLINE, -1},
    [STYLE_MATCH] = {A_REVERSE, -1},
    [STYLE_ALERT] = {A_REVERSE | A_BOLD, COLOR_RED},
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

bool
term_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* ---- writing behind curses' back ------------------------------------------
 */

static void
write_raw(const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t done = write(OUT, bytes, len);

		if (done > 0) {
			bytes += done;
			len -= (size_t)done;
		} else if (done < 0 && errno == EAGAIN) {
			struct pollfd wait = {.fd = OUT, .events = POLLOUT};

			if (poll(&wait, 1, WRITE_MS) <= 0)
				return;
		} else if (done == 0 || errno != EINTR) {
			return;
		}
	}
}

/* Without the delays ("$<5>") that only very old terminals need. */
static void
collect(const char *text)
{
	while (*text) {
		if (str_starts(text, "$<"))
			text += strcspn(text, ">");
		else if (taken.len < sizeof(taken.bytes))
			taken.bytes[taken.len++] = *text;
		text += *text != '\0';
	}
}

static const char *
capability(const char *name)
{
	const char *text = tigetstr(name);

	/* (char *)-1: no such capability at all. */
	return (intptr_t)text == -1 ? NULL : text;
}

/* What the fatal path writes: as endwin() would, prepared in peace. */
static void
prepare_restore(void)
{
	static const char *const names[] = {"rmkx", "sgr0", "cnorm", "rmcup"};

	taken.len = 0;
	collect(OSC_TITLE_BACK);
	collect(PASTE_OFF);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *text = capability(names[i]);

		if (text)
			collect(text);
	}
	if (!capability("rmcup"))
		collect("\r\n");
}

/* Runs in signal handlers and from mem_die(). */
static void
restore(void)
{
	size_t done = taken.titled ? 0 : sizeof(OSC_TITLE_BACK) - 1;

	if (!taken.active)
		return;
	taken.active = 0;
	while (done < taken.len) {
		ssize_t part = write(OUT, taken.bytes + done, taken.len - done);

		if (part <= 0)
			break;
		done += (size_t)part;
	}
	tcsetattr(OUT, TCSADRAIN, &taken.settings);
}

/* ---- taking and giving back ------------------------------------------------
 */

static bool
check_terminal(struct err *err)
{
	if (isatty(IN) && isatty(OUT))
		return true;
	return err_set(err, ERR_USAGE,
	    "the desk needs a terminal for input and output: in scripts use "
	    "belay status, plan and sync");
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

static bool
wants_colors(enum term_colors colors)
{
	const char *no = getenv("NO_COLOR");

	if (colors == TERM_COLORS_AUTO && no && *no)
		return false;
	return colors != TERM_COLORS_NEVER && has_colors();
}

void
term_use_colors(struct term *term, enum term_colors colors)
{
	bool colored = wants_colors(colors);
	short pair = 0;

	term->known = false;
	if (colored) {
		start_color();
		use_default_colors();
	}
	for (int i = 0; i < STYLE_COUNT; i++) {
		term->styles[i].attributes = looks[i].attributes;
		term->styles[i].pair = 0;
		if (!colored || looks[i].color < 0)
			continue;
		pair++;
		if (init_pair(pair, looks[i].color, -1) == OK)
			term->styles[i].pair = pair;
	}
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
}

struct term *
term_open(enum term_colors colors, struct err *err)
{
	struct term *term;

	if (!check_terminal(err))
		return NULL;
	if (tcgetattr(OUT, &taken.settings) != 0) {
		err_errno(err, ERR_USAGE, "cannot ask the terminal");
		return NULL;
	}
	if (!signals_open(restore, err))
		return NULL;
	term = mem_zalloc(sizeof(*term));
	str_init(&term->paste, TERM_PASTE_MAX);
	str_init(&term->pasted, 4 * TERM_PASTE_MAX);
	if (!open_screen(term, err)) {
		term_close(term);
		return NULL;
	}
	prepare_restore();
	taken.active = 1;
	if (!taken.hooked)
		mem_on_die(restore);
	taken.hooked = true;
	term->replacement = wcwidth(0xfffd) == 1 ? 0xfffd : L'?';
	term->understands_osc = osc_understood(getenv("TERM"));
	set_modes(term);
	term_use_colors(term, colors);
	measure(term);
	write_raw(PASTE_ON, sizeof(PASTE_ON) - 1);
	return term;
}

void
term_close(struct term *term)
{
	if (!term)
		return;
	if (term->screen) {
		taken.active = term->away;
		restore();
		term_give_back(term);
		taken.active = 0;
		if (term->input)
			delwin(term->input);
		delscreen(term->screen);
	}
	signals_close();
	free(term->front);
	free(term->line);
	str_release(&term->paste);
	str_release(&term->pasted);
	free(term);
}

void
term_give_back(struct term *term)
{
	if (term->away)
		return;
	write_raw(PASTE_OFF, sizeof(PASTE_OFF) - 1);
	if (taken.titled)
		write_raw(OSC_TITLE_BACK, sizeof(OSC_TITLE_BACK) - 1);
	taken.titled = 0;
	curs_set(1);
	endwin();
	tcsetattr(OUT, TCSADRAIN, &taken.settings);
	taken.active = 0;
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
	write_raw(PASTE_ON, sizeof(PASTE_ON) - 1);
	taken.active = 1;
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
move_rows(struct term *term, int top, int count, int shift)
{
	static const struct cell blank = {.code = {' '}, .width = 1};
	int low = shift > 0 ? top : top - 1; /* the region that scrolls */
	int bare = shift > 0 ? top + count : top - 1;

	wsetscrreg(stdscr, low, low + count);
	scrollok(stdscr, TRUE);
	wscrl(stdscr, shift);
	scrollok(stdscr, FALSE);
	wsetscrreg(stdscr, 0, term->rows - 1);
	memmove(front_row(term, top), front_row(term, top + shift),
	    (size_t)count * (size_t)term->columns * sizeof(struct cell));
	for (int column = 0; column < term->columns; column++)
		front_row(term, bare)[column] = blank;
}

/*
 * Only then curses looks for lines to scroll: it hashes every cell of both
 * screens to do so, as costly as all the rest of a paint.
 */
static void
follow_scroll(struct term *term, const struct canvas *canvas)
{
	enum { WORTH_IT = 4 };
	int top, shift;
	int count = damage_scroll(term->front, canvas_row(canvas, 0),
	    term->rows, term->columns, &top, &shift);

	idlok(stdscr, count >= WORTH_IT);
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
	if (!term->understands_osc)
		return;
	str_init(&bytes, 3 * CANVAS_LINK_MAX);
	if (osc_link(&bytes, row, url))
		write_raw(bytes.data, bytes.len);
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
special_key(int code)
{
	for (size_t i = 0; i < sizeof(special_keys) / sizeof(special_keys[0]);
	     i++)
		if (special_keys[i].curses == code)
			return special_keys[i].key;
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return KEY_CODE_F1 + (uint32_t)(code - KEY_F(1));
	return KEY_CODE_NONE;
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

static void
finish_paste(struct term *term)
{
	char *text = term->paste.data;

	term->pasting = false;
	for (size_t i = 0; i < term->paste.len; i++)
		if (text[i] == '\n' || text[i] == '\r' || text[i] == '\t')
			text[i] = ' ';
	str_reset(&term->pasted);
	text_clean(&term->pasted, text, term->paste.len);
	explicit_bzero(text, term->paste.len);
	str_reset(&term->paste);
}

enum term_event
term_read(struct term *term, uint32_t *key)
{
	for (;;) {
		int code = wgetch(term->input);

		if (code == ERR)
			return hung_up() ? TERM_HANGUP : TERM_NOTHING;
		if (code == PASTE_BEGIN) {
			term->pasting = true;
			str_reset(&term->paste);
		} else if (code == PASTE_END && term->pasting) {
			finish_paste(term);
			return TERM_PASTE;
		} else if (term->pasting) {
			if (code <= 0xff)
				str_add_char(&term->paste, (char)code);
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
	return term->pasted.data;
}

/* ---- sequences that curses does not know ----------------------------------
 */

static bool
send(struct term *term, struct str *bytes, bool good)
{
	good = good && term->understands_osc && !term->away;
	if (good)
		write_raw(bytes->data, bytes->len);
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
	osc_title(&bytes, term->title, !taken.titled, !term_is_utf8());
	if (!send(term, &bytes, true))
		return false;
	taken.titled = 1;
	return true;
}
