/* SPDX-License-Identifier: MIT */
#include "tui/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "check.h"
#include "golden/golden.h"
#include "tui/action.h"
#include "tui/key.h"
#include "tui/prompt.h"

enum { LIST = 1, PAGE = 2 };
enum { OPEN = ACTION_OWN, SYNC, QUOTE, STRANGE };

struct host {
	bool may_sync;
	bool may_quit;
	int synced;
	int destroyed;
	char answer[64];
	char live[64];
	int cancelled;
};

static bool
can_sync(void *host, int id, struct err *err)
{
	return (id == QUOTE && ((struct host *)host)->may_sync) ||
	       err_set(err, ERR_USAGE, "no quote page yet: sync first, s");
}

static const struct action actions[] = {
    {ACTION_BACK, ACTION_EVERYWHERE, "back", "Esc", "Moving", "back", "go back",
	NULL},
    {ACTION_LEAVE, ACTION_EVERYWHERE, "leave", "q", "Moving", "quit", "leave",
	NULL},
    {ACTION_HELP, ACTION_EVERYWHERE, "help", "?", "Moving", "help", "help",
	NULL},
    {ACTION_REDRAW, ACTION_EVERYWHERE, "redraw", "^L", "Moving", NULL,
	"paint anew", NULL},
    {OPEN, LIST, "open", "Enter", "Contact", "open", "open it", NULL},
    {SYNC, ACTION_EVERYWHERE, "sync", "s", "Sync", "sync", "send it", NULL},
    {QUOTE, LIST, "quote", "b", "Quote", "quote page", "open the page",
	can_sync},
    {STRANGE, LIST, "strange", "z", "Sync", NULL, "nobody takes it", NULL},
};

/* A view that shows its number, recalculated by refresh only. */
struct page {
	struct view view;
	int number;
	int refreshed;
	int drawn;
	bool typing;
	char typed[16];
};

static void page_open(struct view *view);

static void
page_draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct page *page = (struct page *)view;
	char text[64];

	page->drawn++;
	snprintf(text, sizeof(text), "page %d%s", page->number,
	    page->typing ? ", typing" : "");
	canvas_text(canvas, area, 0, 3, STYLE_NORMAL, text);
}

static void
page_refresh(struct view *view)
{
	((struct page *)view)->refreshed++;
}

static enum view_result
page_act(struct view *view, const struct action *action, struct err *err)
{
	(void)err;
	if (action->id != OPEN)
		return VIEW_NOT_MINE;
	page_open(view);
	return VIEW_DONE;
}

static enum view_result
page_key(struct view *view, uint32_t key, struct err *err)
{
	struct page *page = (struct page *)view;

	if (!page->typing)
		return VIEW_NOT_MINE;
	if (key == KEY_CODE_ESCAPE) {
		page->typing = false;
		return VIEW_DONE;
	}
	if (!key_is_text(key))
		return VIEW_NOT_MINE;
	if (key == '!') {
		err_set(err, ERR_USAGE, "not \033[31m that one");
		return VIEW_REFUSED;
	}
	snprintf(page->typed, sizeof(page->typed), "%c", (char)key);
	return VIEW_DONE;
}

static void
page_title(struct view *view, struct str *out)
{
	str_addf(out, "hubspot-contacts.csv %d", ((struct page *)view)->number);
}

static enum style
page_note(struct view *view, struct str *out)
{
	(void)view;
	str_add(out, "Abernathy, Ruth: ready");
	return STYLE_NORMAL;
}

static const int *
page_hints(struct view *view)
{
	static const int hints[] = {
	    QUOTE, SYNC, OPEN, STRANGE, ACTION_LEAVE, ACTION_HELP, ACTION_NONE};

	(void)view;
	return hints;
}

static void
page_destroy(struct view *view)
{
	((struct host *)view->host)->destroyed++;
	free(view);
}

/* Row 3 opens, all else is nothing. */
static enum view_result
page_click(struct view *view, int row, int column, struct err *err)
{
	(void)view;
	(void)column;
	(void)err;
	return row == 3 ? VIEW_ENTER : VIEW_NOT_MINE;
}

static const struct view_ops page_ops = {
    .name = "page",
    .scope = LIST,
    .draw = page_draw,
    .refresh = page_refresh,
    .act = page_act,
    .key = page_key,
    .click = page_click,
    .title = page_title,
    .note = page_note,
    .hints = page_hints,
    .destroy = page_destroy,
};

static void
page_open(struct view *view)
{
	struct page *page = (struct page *)view_new(
	    &page_ops, sizeof(struct page));

	page->number = ((struct page *)view)->number + 1;
	screen_push(view->screen, &page->view);
}

static enum view_result
host_act(void *context, const struct action *action, struct err *err)
{
	struct host *host = context;

	(void)err;
	if (action->id != SYNC)
		return VIEW_NOT_MINE;
	host->synced++;
	return VIEW_DONE;
}

static int
host_badge(void *host, struct canvas *canvas, const struct area *area)
{
	static const char text[] = "STAGING  agent@example.com  v1";
	int width = (int)sizeof(text);

	(void)host;
	if (area->columns < 60)
		return 0;
	canvas_text(canvas, area, 0, area->columns - width, STYLE_NORMAL, text);
	return width;
}

static bool
host_may_quit(void *host, struct err *err)
{
	return ((struct host *)host)->may_quit ||
	       err_set(err, ERR_USAGE, "2 changes are not saved: w saves");
}

static const struct screen_host host_ops = {
    host_act, host_badge, NULL, host_may_quit, NULL};

struct fixture {
	struct host host;
	struct keymap *keymap;
	struct screen *screen;
};

static void
set_up(struct fixture *fixture)
{
	struct page *page;

	*fixture = (struct fixture){.host = {.may_quit = true}};
	fixture->keymap = keymap_new(
	    actions, sizeof(actions) / sizeof(actions[0]));
	fixture->screen = screen_new(
	    fixture->keymap, &host_ops, &fixture->host);
	page = (struct page *)view_new(&page_ops, sizeof(struct page));
	page->number = 1;
	screen_push(fixture->screen, &page->view);
}

static void
tear_down(struct fixture *fixture)
{
	screen_free(fixture->screen);
	keymap_free(fixture->keymap);
}

static struct page *
top(struct fixture *fixture)
{
	struct page *page = (struct page *)screen_top(fixture->screen);

	REQUIRE(page != NULL);
	return page;
}

static void
golden(struct fixture *fixture, int rows, int columns, bool ascii,
    const char *name)
{
	struct canvas *canvas = canvas_new(rows, columns, ascii);

	screen_dirty(fixture->screen);
	CHECK(screen_draw(fixture->screen, canvas));
	GOLDEN(canvas, name);
	canvas_free(canvas);
}

TEST(view_screens)
{
	struct fixture fixture;

	set_up(&fixture);
	golden(&fixture, 12, 80, false, "tui/view-80x12");
	golden(&fixture, 12, 80, true, "tui/view-80x12-ascii");
	golden(&fixture, 5, 30, false, "tui/view-30x5");
	golden(&fixture, 2, 30, false, "tui/view-30x2");
	golden(&fixture, 1, 1, false, "tui/view-1x1");
	screen_key(fixture.screen, KEY_CODE_ENTER);
	fixture.host.may_sync = true;
	golden(&fixture, 12, 60, false, "tui/view-deeper");
	golden(&fixture, 7, 24, false, "tui/view-24x7");
	tear_down(&fixture);
	CHECK_INT(fixture.host.destroyed, 2);
}

TEST(view_the_way_of_a_key)
{
	struct fixture fixture;

	set_up(&fixture);
	screen_key(fixture.screen, 's');
	CHECK_INT(fixture.host.synced, 1);
	CHECK_TEXT(screen_message(fixture.screen), "");
	screen_key(fixture.screen, 'b');
	CHECK_TEXT(
	    screen_message(fixture.screen), "no quote page yet: sync first, s");
	screen_key(fixture.screen, 'z');
	CHECK_TEXT(
	    screen_message(fixture.screen), "'strange' does nothing here");
	screen_key(fixture.screen, 'Q');
	CHECK_TEXT(screen_message(fixture.screen),
	    "Q does nothing here; ? shows what does");
	screen_key(fixture.screen, 's');
	CHECK_TEXT(screen_message(fixture.screen), "");
	CHECK(!screen_take_redraw(fixture.screen));
	screen_key(fixture.screen, KEY_CONTROL('L'));
	CHECK(screen_take_redraw(fixture.screen));
	CHECK(!screen_take_redraw(fixture.screen));
	tear_down(&fixture);
}

TEST(view_stack_comes_back_to_the_same_view)
{
	struct fixture fixture;
	struct page *first;

	set_up(&fixture);
	first = top(&fixture);
	screen_key(fixture.screen, KEY_CODE_ESCAPE);
	CHECK_TEXT(
	    screen_message(fixture.screen), "nothing to go back to; q leaves");
	screen_key(fixture.screen, KEY_CODE_ENTER);
	screen_key(fixture.screen, KEY_CODE_ENTER);
	CHECK_INT(screen_depth(fixture.screen), 3);
	CHECK_INT(top(&fixture)->number, 3);
	screen_key(fixture.screen, KEY_CODE_ESCAPE);
	screen_key(fixture.screen, 'q');
	CHECK(top(&fixture) == first);
	fixture.host.may_quit = false;
	screen_key(fixture.screen, 'q');
	CHECK(screen_top(fixture.screen) == &first->view);
	CHECK_TEXT(
	    screen_message(fixture.screen), "2 changes are not saved: w saves");
	fixture.host.may_quit = true;
	screen_key(fixture.screen, 'q');
	CHECK(screen_top(fixture.screen) == NULL);
	screen_key(fixture.screen, 'q');
	screen_paste(fixture.screen, "x");
	tear_down(&fixture);
	CHECK_INT(fixture.host.destroyed, 3);
}

TEST(view_recalculating_is_not_repainting)
{
	struct fixture fixture;
	struct canvas *canvas = canvas_new(10, 40, false);
	struct page *page;

	set_up(&fixture);
	page = top(&fixture);
	CHECK(screen_draw(fixture.screen, canvas));
	CHECK(!screen_draw(fixture.screen, canvas));
	CHECK_INT(page->refreshed, 1);
	CHECK_INT(page->drawn, 1);
	screen_key(fixture.screen, 's');
	CHECK(screen_draw(fixture.screen, canvas));
	CHECK_INT(page->refreshed, 1);
	CHECK_INT(page->drawn, 2);
	screen_stale(fixture.screen);
	CHECK(screen_is_dirty(fixture.screen));
	CHECK(screen_draw(fixture.screen, canvas));
	CHECK_INT(page->refreshed, 2);
	canvas_free(canvas);
	tear_down(&fixture);
}

TEST(view_raw_keys_come_first_while_typing)
{
	struct fixture fixture;

	set_up(&fixture);
	top(&fixture)->typing = true;
	screen_key(fixture.screen, 's');
	CHECK_INT(fixture.host.synced, 0);
	CHECK_TEXT(top(&fixture)->typed, "s");
	screen_key(fixture.screen, '!');
	CHECK_TEXT(
	    screen_message(fixture.screen), "not \xe2\x90\x9b[31m that one");
	/* Esc and s that arrived as one are not Alt-s. */
	screen_key(fixture.screen, KEY_ALT | 's');
	CHECK(!top(&fixture)->typing);
	CHECK_INT(fixture.host.synced, 1);
	screen_paste(fixture.screen, "text");
	CHECK_TEXT(screen_message(fixture.screen),
	    "there is no place to paste into here");
	tear_down(&fixture);
}

static bool
take_answer(void *context, const char *text, struct err *err)
{
	struct host *host = context;

	if (strcmp(text, "bad") == 0)
		return err_set(err, ERR_USAGE, "there is no column 'bad'");
	str_copy(host->answer, sizeof(host->answer), text);
	return true;
}

static void
take_live(void *context, const char *text)
{
	str_copy(((struct host *)context)->live, 64, text);
}

static void
take_cancel(void *context)
{
	((struct host *)context)->cancelled++;
}

static void
press(struct fixture *fixture, const char *text)
{
	for (; *text; text++)
		screen_key(fixture->screen, (unsigned char)*text);
}

TEST(view_questions)
{
	struct fixture fixture;
	struct history history = {.count = 0};
	struct prompt prompt = {
	    .label = "filter: ",
	    .history = &history,
	    .context = &fixture.host,
	    .answer = take_answer,
	    .change = take_live,
	    .cancel = take_cancel,
	};

	set_up(&fixture);
	screen_ask(fixture.screen, &prompt);
	press(&fixture, "zip:9");
	CHECK_TEXT(fixture.host.live, "zip:9");
	golden(&fixture, 10, 40, false, "tui/view-question");
	screen_key(fixture.screen, KEY_CODE_PAGE_DOWN);
	CHECK(screen_asking(fixture.screen));
	screen_key(fixture.screen, KEY_CONTROL('U'));
	press(&fixture, "bad\r");
	CHECK(screen_asking(fixture.screen));
	golden(&fixture, 10, 40, false, "tui/view-question-refused");
	screen_key(fixture.screen, KEY_CONTROL('U'));
	screen_paste(fixture.screen, "name:ruth\n");
	press(&fixture, "\r");
	CHECK(!screen_asking(fixture.screen));
	CHECK_TEXT(fixture.host.answer, "name:ruth ");
	screen_ask(fixture.screen, &prompt);
	screen_key(fixture.screen, KEY_CODE_UP);
	CHECK_TEXT(fixture.host.live, "name:ruth ");
	screen_key(fixture.screen, KEY_CODE_ESCAPE);
	CHECK_INT(fixture.host.cancelled, 1);
	CHECK(!screen_asking(fixture.screen));
	history_clear(&history);
	tear_down(&fixture);
}

TEST(view_an_offer_lets_other_keys_through)
{
	struct fixture fixture;
	struct prompt prompt = {
	    .label = "go on? ",
	    .choices = "g\r",
	    .offer = true,
	    .context = &fixture.host,
	    .answer = take_answer,
	    .cancel = take_cancel,
	};

	set_up(&fixture);
	screen_ask(fixture.screen, &prompt);
	screen_key(fixture.screen, 's');
	CHECK(!screen_asking(fixture.screen));
	CHECK_INT(fixture.host.cancelled, 1);
	CHECK_INT(fixture.host.synced, 1);
	screen_ask(fixture.screen, &prompt);
	screen_key(fixture.screen, KEY_CODE_ESCAPE);
	CHECK(!screen_asking(fixture.screen));
	CHECK_INT(fixture.host.cancelled, 2);
	screen_ask(fixture.screen, &prompt);
	screen_key(fixture.screen, KEY_CODE_ENTER);
	CHECK(!screen_asking(fixture.screen));
	CHECK_TEXT(fixture.host.answer, "\r");
	CHECK_INT(fixture.host.cancelled, 2);
	tear_down(&fixture);
}

static bool
ask_again(void *context, const char *text, struct err *err)
{
	struct fixture *fixture = context;
	struct prompt prompt = {
	    .label = "and the second? ",
	    .choices = "yn",
	    .context = &fixture->host,
	    .answer = take_answer,
	};

	(void)err;
	CHECK_TEXT(text, "41");
	screen_ask(fixture->screen, &prompt);
	return true;
}

TEST(view_an_answer_may_ask_the_next_question)
{
	struct fixture fixture;
	struct prompt prompt = {
	    .label = "send 41 of them? ",
	    .context = &fixture,
	    .answer = ask_again,
	};

	set_up(&fixture);
	screen_ask(fixture.screen, &prompt);
	press(&fixture, "41\r");
	CHECK(screen_asking(fixture.screen));
	golden(&fixture, 10, 40, false, "tui/view-choice");
	press(&fixture, "xq");
	CHECK(screen_asking(fixture.screen));
	press(&fixture, "y");
	CHECK(!screen_asking(fixture.screen));
	CHECK_TEXT(fixture.host.answer, "y");
	tear_down(&fixture);
}

TEST(view_clicks_on_hints_are_their_keys)
{
	struct fixture fixture;
	struct canvas *canvas = canvas_new(10, 60, false);
	struct str text;
	const char *hint;
	int column;

	set_up(&fixture);
	str_init(&text, 4096);
	screen_draw(fixture.screen, canvas);
	canvas_dump(canvas, &text);
	hint = strrchr(text.data, '\n') - 1;
	while (*hint != '\n')
		hint--;
	column = (int)(strstr(hint + 1, "s sync") - hint - 1);
	screen_click(fixture.screen, 9, column);
	CHECK_INT(fixture.host.synced, 1);
	screen_click(fixture.screen, 9, column + 5);
	CHECK_INT(fixture.host.synced, 2);
	screen_click(fixture.screen, 9, column + 6);
	screen_click(fixture.screen, 8, column);
	CHECK_INT(fixture.host.synced, 2);
	CHECK_INT(screen_depth(fixture.screen), 1);
	screen_click(fixture.screen, 3, 0);
	CHECK_INT(screen_depth(fixture.screen), 2);
	screen_wheel(fixture.screen, true);
	/* the sign of the way back, and nothing else of the title */
	screen_draw(fixture.screen, canvas);
	screen_click(fixture.screen, 0, 20);
	CHECK_INT(screen_depth(fixture.screen), 2);
	screen_click(fixture.screen, 0, 1);
	CHECK_INT(screen_depth(fixture.screen), 1);
	screen_draw(fixture.screen, canvas);
	screen_click(fixture.screen, 0, 1);
	CHECK_INT(screen_depth(fixture.screen), 1);
	str_release(&text);
	canvas_free(canvas);
	tear_down(&fixture);
}
