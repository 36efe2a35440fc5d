/* SPDX-License-Identifier: MIT */
/*
 * The terminal, on a pty. The child is a small program made of term.c, a table
 * and a loop; the parent types, reads what is sent, and looks at the tty.
 */
#include "tui/term.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "check.h"
#include "tui/action.h"
#include "tui/canvas.h"
#include "tui/key.h"
#include "tui/look.h"
#include "tui/table.h"

enum { WAIT_MS = 20000, OUTPUT_MAX = 1 << 20, ROWS = 1000 };

/* ---- the child ----------------------------------------------------------- */

struct demo {
	struct term *term;
	struct canvas *canvas;
	struct table table;
	bool link;
	bool fence; /* say when a screen is painted */
};

static size_t
demo_count(void *context)
{
	(void)context;
	return ROWS;
}

static void
demo_cell(
    void *context, size_t row, int column, struct str *out, enum style *style)
{
	(void)context;
	if (column == 0)
		str_addf(out, row % 7 == 3 ? "Ahn, 민준 %zu" : "Person-%zu, Jo",
		    row);
	else if (column == 3)
		str_addf(out, "%s", row % 3 ? "○ new" : "● synced  2 d");
	else
		str_add(out, column == 1 ? "1961" : "(916) 555-0123");
	if (column == 3)
		*style = row % 3 ? STYLE_CHANGED : STYLE_GOOD;
}

static void
demo_paint(struct demo *demo)
{
	static const char url[] = "https://medicare.healthsherpa.com/quote/1";
	struct area all = canvas_area(demo->canvas);
	struct area body = area_rows(&all, 1, all.rows - 2);

	canvas_erase(demo->canvas);
	canvas_text(demo->canvas, &all, 0, 1, STYLE_ALERT, "PRODUCTION");
	table_draw(&demo->table, demo->canvas, &body);
	if (demo->link)
		canvas_link(demo->canvas, &all, 3, url);
	canvas_text(demo->canvas, &all, all.rows - 1, 1, STYLE_NORMAL,
	    "s sync  q quit");
	term_paint(demo->term, demo->canvas);
	if (demo->fence)
		term_title(demo->term, "painted.");
}

/* In the title: there it is sent whole, not only what differs. */
static void
say(struct demo *demo, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	term_title(demo->term, text);
}

static int
demo_key(struct demo *demo, uint32_t key)
{
	struct str name;

	switch (key) {
	case 'j': table_act(&demo->table, ACTION_DOWN); return -1;
	case 'k': table_act(&demo->table, ACTION_UP); return -1;
	case 'q': return 0;
	case 'A': abort();
	case 'M': mem_die(71, "no memory left");
	case 'F': demo->fence = true; return -1;
	case 'L': demo->link = true; return -1;
	case 'Y': term_copy(demo->term, "https://example.com/a?b=c"); return -1;
	default: break;
	}
	str_init(&name, 64);
	key_format(key, &name);
	say(demo, "typed %s.", name.data);
	str_release(&name);
	return -1;
}

static int
demo_signals(struct demo *demo)
{
	unsigned came = term_take_signals(demo->term);
	int rows, columns;

	if (came & TERM_TERMINATE)
		return 143;
	if (came & TERM_LOST)
		return 129;
	if (came & TERM_STOP)
		term_stop(demo->term);
	if (came & (TERM_RESIZED | TERM_STOP)) {
		term_size(demo->term, &rows, &columns);
		canvas_resize(demo->canvas, rows, columns);
		say(demo, "size %dx%d.", rows, columns);
	}
	return -1;
}

static int
demo_loop(struct demo *demo)
{
	for (;;) {
		struct pollfd waits[2] = {
		    {.fd = term_fd(demo->term), .events = POLLIN},
		    {.fd = term_signal_fd(demo->term), .events = POLLIN}};
		enum term_event event;
		uint32_t key;
		int status = demo_signals(demo);

		if (status >= 0)
			return status;
		while ((event = term_read(demo->term, &key)) != TERM_NOTHING) {
			if (event == TERM_HANGUP)
				return 129;
			if (event == TERM_PASTE)
				say(demo, "pasted [%.99s]",
				    term_pasted(demo->term));
			else if ((status = demo_key(demo, key)) >= 0)
				return status;
		}
		demo_paint(demo);
		poll(waits, 2, -1);
	}
}

static int
demo_main(void)
{
	static const struct table_ops ops = {
	    .count = demo_count, .cell = demo_cell};
	static const struct column columns[] = {
	    {"NAME", 20, 34, 0, ALIGN_LEFT},
	    {"BORN", 4, 0, 1, ALIGN_LEFT},
	    {"PHONE", 14, 0, 0, ALIGN_LEFT},
	    {"STATUS", 16, 40, 0, ALIGN_LEFT},
	};
	struct err err = ERR_INIT;
	struct demo demo = {.link = false};
	struct looks looks = {.preset = LOOK_AUTO};
	int rows, cols, status;

	demo.term = term_open(&looks, &err);
	if (!demo.term) {
		printf("refused: %s.\n", err.text);
		return err_exit_status(err.kind);
	}
	term_size(demo.term, &rows, &cols);
	term_title(demo.term, "belay demo");
	demo.canvas = canvas_new(rows, cols, !term_is_utf8());
	table_init(&demo.table, &ops, NULL, columns, 4);
	status = demo_loop(&demo);
	term_close(demo.term);
	canvas_free(demo.canvas);
	table_release(&demo.table);
	return status;
}

/* ---- the parent -----------------------------------------------------------
 */

struct session {
	int tty;
	pid_t child;
	struct termios before;
	struct str output; /* since the last forget() */
};

static struct session session; /* one a test, each in its own process */

/*
 * Between the pty and the program stands a process of its own group, as a
 * shell would, or the kernel would not let it be stopped. It exits as the
 * program does, 200 + signal when killed; stopped shows as "[stopped]" after
 * which one byte from the keyboard continues it.
 */
static void
stand_between(void)
{
	pid_t program = fork();
	int status;

	if (program == 0) {
		setpgid(0, 0);
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(0, getpid());
		signal(SIGTTOU, SIG_DFL);
		status = demo_main();

		fflush(stdout);
		_exit(status);
	}
	setpgid(program, program);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	for (;;) {
		if (waitpid(program, &status, WUNTRACED) < 0)
			_exit(99);
		if (WIFEXITED(status))
			_exit(WEXITSTATUS(status));
		if (WIFSIGNALED(status))
			_exit(200 + WTERMSIG(status));
		char byte;

		tcsetpgrp(0, getpgrp());
		(void)!write(1, "[stopped]", 9);
		(void)!read(0, &byte, 1);
		tcsetpgrp(0, program);
		kill(-program, SIGCONT);
	}
}

static bool
read_some(struct session *it, int64_t limit_ms)
{
	struct pollfd wait = {.fd = it->tty, .events = POLLIN};
	char bytes[4096];
	ssize_t got;

	if (limit_ms <= 0 || poll(&wait, 1, (int)limit_ms) <= 0)
		return false;
	got = read(it->tty, bytes, sizeof(bytes));
	if (got > 0)
		str_add_bytes(&it->output, bytes, (size_t)got);
	return true;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
wait_for(struct session *it, const char *text)
{
	int64_t end = now_ms() + WAIT_MS;

	while (!strstr(it->output.data, text)) {
		if (read_some(it, end - now_ms()))
			continue;
		printf("# waited for '%s'\n# and got ", text);
		for (const char *c = it->output.data; *c; c++)
			printf(*c < 0x20 ? "\\%03o" : "%c", *c);
		printf("\n");
		REQUIRE(!"it came");
	}
}

static void
forget(struct session *it)
{
	str_reset(&it->output);
}

static void
type(struct session *it, const char *keys)
{
	REQUIRE(write(it->tty, keys, strlen(keys)) == (ssize_t)strlen(keys));
}

static void
begin_as(struct session *it, const char *terminal, int rows, int columns)
{
	struct winsize size = {
	    .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};

	if (it->output.data)
		str_release(&it->output);
	str_init(&it->output, OUTPUT_MAX);
	fflush(stdout);
	it->child = forkpty(&it->tty, NULL, NULL, &size);
	REQUIRE(it->child >= 0);
	if (it->child == 0) {
		struct termios settings;
		char byte;

		setenv("TERM", terminal, 1);
		unsetenv("NO_COLOR");
		unsetenv("LINES");
		unsetenv("COLUMNS");
		setlocale(LC_ALL, "C.UTF-8");
		/* Unusual, so that the defaults would be noticed. */
		tcgetattr(0, &settings);
		settings.c_iflag |= IXANY;
		settings.c_lflag &= (tcflag_t)~ECHOE;
		settings.c_cc[VERASE] = 'x' & 0x1f;
		settings.c_cc[VMIN] = 3;
		tcsetattr(0, TCSANOW, &settings);
		(void)!write(1, "[set]", 5);
		/* Until the parent has looked at the settings. */
		(void)!read(0, &byte, 1);
		stand_between();
	}
	wait_for(it, "[set]");
	REQUIRE(tcgetattr(it->tty, &it->before) == 0);
	type(it, "\n");
}

static void
begin(struct session *it, int rows, int columns)
{
	begin_as(it, "xterm-256color", rows, columns);
	wait_for(it, "q quit");
}

/* The status, after everything it wrote is read. */
static int
finish(struct session *it)
{
	int64_t end = now_ms() + WAIT_MS;
	int status = 0;

	while (waitpid(it->child, &status, WNOHANG) == 0) {
		struct pollfd wait = {.fd = it->tty, .events = POLLIN};

		REQUIRE(now_ms() < end);
		if (poll(&wait, 1, 10) > 0 && (wait.revents & POLLIN))
			(void)read_some(it, end - now_ms());
	}
	for (;;) {
		char bytes[4096];
		ssize_t got = read(it->tty, bytes, sizeof(bytes));

		if (got <= 0)
			break;
		str_add_bytes(&it->output, bytes, (size_t)got);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static bool
settings_are_back(struct session *it)
{
	struct termios now;

	REQUIRE(tcgetattr(it->tty, &now) == 0);
	return now.c_iflag == it->before.c_iflag &&
	       now.c_oflag == it->before.c_oflag &&
	       now.c_cflag == it->before.c_cflag &&
	       now.c_lflag == it->before.c_lflag &&
	       memcmp(now.c_cc, it->before.c_cc, sizeof(now.c_cc)) == 0;
}

static bool
sent(const struct session *it, const char *bytes)
{
	return strstr(it->output.data, bytes) != NULL;
}

/* Alternate screen, bracketed paste, cursor and title as before. */
static void
screen_is_back(const struct session *it)
{
	CHECK(sent(it, "\033[?1049l"));
	CHECK(sent(it, "\033[?2004l"));
	CHECK(sent(it, "\033[?25h") || sent(it, "\033[?12l"));
}

TEST(term_takes_and_gives_back)
{
	int slave_status;

	begin(&session, 24, 80);
	CHECK(sent(&session, "\033[?1049h"));
	CHECK(sent(&session, "\033[?2004h"));
	CHECK(sent(&session, "\033]2;belay demo\033\\"));
	CHECK(sent(&session, "민준"));
	CHECK(!settings_are_back(&session));
	forget(&session);
	type(&session, "q");
	slave_status = finish(&session);
	CHECK_INT(slave_status, 0);
	screen_is_back(&session);
	CHECK(sent(&session, "\033[23;2t"));
	CHECK(settings_are_back(&session));
}

static void
ends(const char *key, int signal_number, int status)
{
	begin(&session, 24, 80);
	forget(&session);
	if (key) {
		type(&session, key);
	} else {
		pid_t group = 0;

		REQUIRE(ioctl(session.tty, TIOCGPGRP, &group) == 0);
		REQUIRE(kill(group, signal_number) == 0);
	}
	CHECK_INT(finish(&session), status);
	screen_is_back(&session);
	CHECK(settings_are_back(&session));
}

TEST(term_is_given_back_on_sigterm)
{
	ends(NULL, SIGTERM, 143);
}

TEST(term_is_given_back_on_sighup)
{
	ends(NULL, SIGHUP, 129);
}

TEST(term_is_given_back_on_abort)
{
	ends("A", 0, 200 + SIGABRT);
}

TEST(term_is_given_back_on_segmentation_fault)
{
	ends(NULL, SIGSEGV, 200 + SIGSEGV);
}

TEST(term_is_given_back_on_quit_key)
{
	ends("\034", 0, 200 + SIGQUIT);
}

TEST(term_is_given_back_when_memory_is_out)
{
	ends("M", 0, 71);
}

TEST(term_survives_a_closed_terminal)
{
	int64_t end;
	int status = 0;

	begin(&session, 24, 80);
	close(session.tty);
	end = now_ms() + WAIT_MS;
	while (waitpid(session.child, &status, WNOHANG) == 0) {
		REQUIRE(now_ms() < end);
		poll(NULL, 0, 5);
	}
	REQUIRE(WIFEXITED(status));
	CHECK_INT(WEXITSTATUS(status), 129);
}

TEST(term_stops_and_continues)
{
	begin(&session, 24, 80);
	forget(&session);
	type(&session, "\032");
	wait_for(&session, "[stopped]");
	screen_is_back(&session);
	CHECK(settings_are_back(&session));
	forget(&session);
	/* Canonical mode is back: the line discipline wants a line. */
	type(&session, "\n");
	wait_for(&session, "Person-5");
	CHECK(sent(&session, "\033[?1049h"));
	CHECK(sent(&session, "\033[?2004h"));
	CHECK(!settings_are_back(&session));
	type(&session, "q");
	CHECK_INT(finish(&session), 0);
	CHECK(settings_are_back(&session));
}

TEST(term_reads_keys)
{
	static const struct {
		const char *bytes, *shown;
	} keys[] = {
	    {"a", "typed a."},
	    {"\xc3\xa9", "typed \xc3\xa9."},
	    {"\xf0\x9f\x98\x80", "typed \xf0\x9f\x98\x80."},
	    {"\r", "typed Enter."},
	    {"\t", "typed Tab."},
	    {" ", "typed Space."},
	    {"\x7f", "typed Backspace."},
	    {"\033", "typed Esc."},
	    {"\022", "typed ^R."},
	    {"\033OA", "typed Up."},
	    {"\033OB", "typed Down."},
	    {"\033OH", "typed Home."},
	    {"\033OF", "typed End."},
	    {"\033[5~", "typed PgUp."},
	    {"\033[6~", "typed PgDn."},
	    {"\033[3~", "typed Delete."},
	    {"\033[Z", "typed Shift-Tab."},
	    {"\033OP", "typed F1."},
	    {"\033[24~", "typed F12."},
	    {"\033x", "typed Alt-x."},
	    {"\033\xc3\xa9", "typed Alt-\xc3\xa9."},
	    {"\xff\xfe\x80z", "typed z."},
	    {"\xe2\x28y", "typed y."},
	    /* Unknown sequences type nothing. */
	    {"\033[1;9Q1", "typed 1."},
	    {"\033[200~two\nlines \033[201~", "pasted [two lines ]"},
	};

	begin(&session, 24, 80);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		forget(&session);
		type(&session, keys[i].bytes);
		wait_for(&session, keys[i].shown);
	}
	type(&session, "q");
	CHECK_INT(finish(&session), 0);
}

TEST(term_follows_the_window)
{
	struct winsize size = {.ws_row = 30, .ws_col = 100};

	begin(&session, 24, 80);
	CHECK(!sent(&session, "Person-26"));
	REQUIRE(ioctl(session.tty, TIOCSWINSZ, &size) == 0);
	wait_for(&session, "size 30x100.");
	wait_for(&session, "Person-26");
	size.ws_row = 2;
	size.ws_col = 9;
	REQUIRE(ioctl(session.tty, TIOCSWINSZ, &size) == 0);
	wait_for(&session, "size 2x9.");
	type(&session, "q");
	CHECK_INT(finish(&session), 0);
}

TEST(term_refuses_what_cannot_show_it)
{
	static const char *const names[] = {"dumb", "", "no-such-terminal"};

	for (size_t i = 0; i < 3; i++) {
		begin_as(&session, names[i], 24, 80);
		wait_for(&session, "use belay");
		CHECK(sent(&session, "cannot show the desk: set TERM"));
		CHECK_INT(finish(&session), 64);
		CHECK(!sent(&session, "\033["));
	}
}

TEST(term_old_terminals_work)
{
	static const char *const names[] = {"vt100", "linux", "screen", "tmux"};

	for (size_t i = 0; i < 4; i++) {
		begin_as(&session, names[i], 24, 80);
		wait_for(&session, "q quit");
		type(&session, "jjq");
		CHECK_INT(finish(&session), 0);
		CHECK(settings_are_back(&session));
	}
}

/* The bytes that a key makes the program send, without the fence. */
static size_t
bytes_of(struct session *it, const char *key)
{
	forget(it);
	type(it, key);
	wait_for(it, "\033]2;painted.");
	return (size_t)(strstr(it->output.data, "\033]2;painted.") -
			it->output.data);
}

TEST(term_sends_little)
{
	size_t bytes;

	begin(&session, 40, 120);
	bytes_of(&session, "F");
	bytes = bytes_of(&session, "j");
	printf("# cursor move: %zu bytes\n", bytes);
	CHECK(bytes <= 300);
	for (int i = 2; i <= 40; i++)
		bytes = bytes_of(&session, "j");
	printf("# scroll: %zu bytes\n", bytes);
	CHECK(bytes <= 350);
	bytes = bytes_of(&session,
	    "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj"
	    "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj");
	printf("# 100 keys at once: %zu bytes\n", bytes);
	CHECK(bytes <= 14000);
	type(&session, "q");
	CHECK_INT(finish(&session), 0);
}

TEST(term_links_and_copies)
{
	begin(&session, 24, 80);
	forget(&session);
	type(&session, "L");
	wait_for(&session,
	    "\033]8;;https://medicare.healthsherpa.com/quote/1\033\\"
	    "https://medicare.healthsherpa.com/quote/1\033]8;;\033\\");
	forget(&session);
	type(&session, "Y");
	wait_for(
	    &session, "\033]52;c;aHR0cHM6Ly9leGFtcGxlLmNvbS9hP2I9Yw==\033\\");
	type(&session, "q");
	CHECK_INT(finish(&session), 0);
}
