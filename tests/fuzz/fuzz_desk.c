/* SPDX-License-Identifier: MIT */
/*
 * Any keys into the whole stack of screens: the first byte chooses a world
 * (mapped, not mapped yet, version 2), then each byte is a key or one of the
 * moves below: what the terminal, the clock and HealthSherpa do. After each of
 * them the screen is drawn in its size, whose canvas asserts that nothing is
 * drawn uncleaned or outside, and what must hold of every screen is checked.
 *
 * Nothing leaves: no browser (no DISPLAY), no editor (its name is a mistake),
 * and sync is the fake one. Saving and writing the config are real, in a
 * directory of their own.
 */
/* the checks are assertions, in every build */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "check.h"
#include "desk/actions.h"
#include "desk/host.h"
#include "desk/opener.h"
#include "desk/reload.h"
#include "desk/run_log.h"
#include "desk/settings.h"
#include "desk/work.h"
#include "tui/action.h"
#include "unit/desk/views.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	SIZE_MAX_TAKEN = 400,
	PASTE_MAX = 64,
	ROWS = 6, /* of the sample book */
	DEPTH_MAX = 200,
};

/* Bytes that are no keys of their own. */
enum move {
	MOVE_SPECIAL = 0x80, /* .. 0x9f: arrows, function keys ... */
	MOVE_ALT = 0xa0,     /* the next byte with Alt */
	MOVE_LETTER,         /* a letter beyond ASCII */
	MOVE_PASTE,          /* as many bytes as the next one says */
	MOVE_RESIZE,         /* rows and columns */
	MOVE_TIME,           /* so many 100 ms pass */
	MOVE_STATUS,         /* a row stands elsewhere now */
	MOVE_FINISHED,       /* the run has finished a row */
	MOVE_PROGRESS,       /* a run begins, goes on, waits or ends */
	MOVE_LISTS,          /* the answer about lists */
	MOVE_LOGIN,          /* the login goes on */
	MOVE_HOLD,           /* another belay, another program, a refusal */
	MOVE_LEFT,           /* recognised, similar, left from the last run */
	MOVE_ASCII,
	MOVE_REMOTES, /* the contacts that HealthSherpa has */
	MOVE_NEXT,    /* first that is none */
	MOVE_FILE =
	    0xff, /* another program writes the file, it is read again */
};

static const char header[] = "contacts: contacts.csv\n"
			     "service:\n"
			     "  environment: staging\n";

static const char version_1[] = "  agent_email: agent@example.com\n"
				"  api_key: {env: BELAY_TEST_KEY}\n";

static const char version_2[] =
    "  version: v2\n"
    "  oauth: {client_id: app, client_secret: {env: BELAY_TEST_KEY},\n"
    "    redirect_uri: 'http://127.0.0.1:53682/callback'}\n";

static const char mapped[] =
    "mapping:\n"
    "  external_id: Record ID\n"
    "  first_name: First Name\n"
    "  last_name: Last Name\n"
    "  email: Email\n"
    "  phone: [Mobile Phone, Phone Number]\n"
    "  birth_date: {column: Date of birth, date: m/d/y}\n"
    "  city: City\n"
    "  state: State\n"
    "  zip: Postal Code\n"
    "  medicare_number: MBI\n"
    "desk:\n"
    "  filters:\n"
    "    florida: state:FL\n"
    "    broken: 'status:'\n";

#define HEAD                                                              \
	"Record ID,First Name,Last Name,Email,Mobile Phone,Phone Number," \
	"Date of birth,City,State,Postal Code,MBI\n"
#define WALTER_ROW                                                \
	"51,Walter,Adams,,,,7/4/1955,Sacramento,California,9581," \
	"1SG4-TE5-MK73\n"
#define MINJUN_ROW                                         \
	"53,민준,Ahn,ahn@example.com,,808-555-0144,3/4/" \
	"1957,Honolulu,HI,96815,"                          \
	"\n"

static const char book[] = HEAD WALTER_ROW
    "52,José María,Ábalos,jose@example.com,(305) 555-0177,,1/2/1958,Miami,"
    "FL,33101,1SG4-TE5-MK74\n" MINJUN_ROW
    "54,,Alvarez,,713.555.0131,,5/6/1957,Houston,TX,77002,\n"
    "55,Denise,Cole,denise@example.com,,4045550188,8/9/1956,Atlanta,GA,"
    "30301,987-65-4320\n"
    "55,Denise,\"Cole\n\x1b[31m\xe2\x80\xae\",,,,2/29/1961,\xcc\x81,,,\n";

/* What another program makes of it: rows gone and in another order, columns in
 * another order and more of them, a file that is none. */
static const char *const later[] = {book, HEAD MINJUN_ROW WALTER_ROW,
    "Shoe,MBI,Postal Code,State,City,Date of birth,Phone Number,"
    "Mobile Phone,Email,Last Name,First Name,Record ID\n"
    "44,,33101,FL,Miami,1/2/1958,,,,Ábalos,José,52\n"
    "43,,77002,TX,Houston,,,,,Alvarez,,54\n",
    HEAD "\"51,Walter\n"};

struct world {
	struct fixture fixture;
	struct canvas *canvas;
	const uint8_t *data;
	size_t left;
};

/* ---- reading moves off the input ------------------------------------------
 */

static unsigned
take(struct world *world)
{
	if (world->left == 0)
		return 0;
	world->left--;
	return *world->data++;
}

static void
paste(struct world *world)
{
	size_t len = take(world) % PASTE_MAX;
	struct str clean;

	len = len < world->left ? len : world->left;
	str_init(&clean, 1 << 12);
	text_clean(&clean, (const char *)world->data, len);
	world->data += len;
	world->left -= len;
	screen_paste(world->fixture.desk.screen, clean.data);
	str_release(&clean);
}

static void
resize(struct world *world)
{
	int rows = 1 + (int)take(world) % 60;
	int columns = 1 + (int)take(world) % 200;

	canvas_resize(world->canvas, rows, columns);
	screen_dirty(world->fixture.desk.screen);
}

static void
pass_time(struct world *world)
{
	struct desk *desk = &world->fixture.desk;

	world->fixture.now_ms += 100 * (int64_t)(1 + take(world));
	if (desk->reveal_until_ms > 0 &&
	    world->fixture.now_ms >= desk->reveal_until_ms) {
		desk->reveal_until_ms = 0;
		screen_stale(desk->screen);
	}
}

/* One of the book, which has less of them when it is read again. */
static uint32_t
take_row(struct world *world)
{
	return take(world) % book_count(world->fixture.desk.book);
}

/* ---- what HealthSherpa and others do --------------------------------------
 */

static const char *
some_words(unsigned choice)
{
	static const char *const words[] = {"", "phone",
	    "HealthSherpa refused it: the phone number is not valid",
	    "\x1b[31m\xc2\x9b\xe2\x80\xae\xcc\x81\xe6\xb0\x91 | odd",
	    "https://medicare-staging.healthsherpa.com/quote/1"};

	return words[choice % (sizeof(words) / sizeof(words[0]))];
}

static void
change_status(struct world *world)
{
	uint32_t row = take_row(world);
	unsigned choice = take(world);
	struct row_status *status = fake_sync_row(&world->fixture.sync, row,
	    (enum status)(choice % STATUS_COUNT), some_words(choice >> 4));

	choice = take(world);
	str_copy(status->short_reason, sizeof(status->short_reason),
	    some_words(choice));
	str_copy(status->code, sizeof(status->code), some_words(choice >> 1));
	str_copy(
	    status->quote_url, sizeof(status->quote_url), some_words(choice));
	if (choice & 1)
		str_copy(status->healthsherpa_id,
		    sizeof(status->healthsherpa_id), "hs-1");
	if (choice & 2)
		str_copy(status->candidate_id, sizeof(status->candidate_id),
		    some_words(choice >> 2));
	status->changed[choice % FIELD_COUNT] = true;
	status->retry_at_ms = choice & 4 ? world->fixture.now_ms + 5000 : 0;
	status->lists_open = choice & 8;
	world->fixture.desk.generation++;
	screen_stale(world->fixture.desk.screen);
}

static void
finish_row(struct world *world)
{
	struct desk *desk = &world->fixture.desk;
	unsigned choice = take(world);
	struct sync_event event = {
	    .kind = (enum sync_event_kind)(choice % (SYNC_LOGIN + 1)),
	    .row = take_row(world),
	    .http = (int)choice * 2,
	};

	choice = take(world);
	event.status = (enum status)(choice % STATUS_COUNT);
	event.verb = (enum plan_verb)(choice % PLAN_VERB_COUNT);
	str_copy(event.message, sizeof(event.message), some_words(choice));
	world->fixture.sync.next = &event;
	work_events(desk);
	assert(!world->fixture.sync.next);
}

static void
change_progress(struct world *world)
{
	struct sync_progress *progress = &world->fixture.sync.progress;
	unsigned choice = take(world);

	*progress = (struct sync_progress){
	    .running = choice & 1,
	    .paused = choice & 2,
	    .cancelling = choice & 4,
	    .total = choice >> 4,
	    .done = choice >> 5,
	    .failed = choice >> 6,
	    .in_flight = choice & 8 ? 4 : 0,
	    .rate = choice / 16.0,
	    .left_ms = choice & 16 ? 4000 : -1,
	};
	choice = take(world);
	progress->held = (enum hold)(choice % 4);
	progress->held_ms = choice * 100;
	progress->wants_login = choice & 32;
	progress->unauthorised = choice & 64;
	progress->review = choice >> 7;
	str_copy(progress->notice, sizeof(progress->notice),
	    some_words(choice >> 2));
	screen_stale(world->fixture.desk.screen);
}

static void
answer_lists(struct world *world)
{
	static const char *const texts[] = {NULL, "[]",
	    "[{\"name\":\"Aspirin\"}]", "[{\"name\":\"\\u202e\"},3,null]",
	    "[[]]", "\"text\""};
	struct sync_lists *lists = &world->fixture.sync.lists;
	unsigned choice = take(world);

	lists->known = (enum look_state)(choice % (LOOK_NOT_KNOWN + 1));
	lists->row = take_row(world);
	for (int i = 0; i < FIELD_LISTS; i++) {
		lists->ours[i] = texts[(choice >> i) % 6];
		lists->theirs[i] = texts[(choice >> (i + 2)) % 6];
	}
	str_copy(lists->message, sizeof(lists->message), some_words(choice));
	screen_stale(world->fixture.desk.screen);
}

static void
answer_remotes(struct world *world)
{
	struct sync_remotes *remotes = &world->fixture.sync.remotes;
	unsigned choice = take(world);

	remotes->known = (enum look_state)(choice % (LOOK_NOT_KNOWN + 1));
	remotes->row = take_row(world);
	remotes->count = choice >> 4 & 3;
	choice = take(world);
	for (unsigned i = 0; i < remotes->count; i++) {
		struct sync_remote *remote = &remotes->contacts[i];

		remote->healthsherpa_id = some_words(1 + choice % 4);
		remote->found_by[0] = choice & 1 ? "Medicare number" : NULL;
		for (unsigned j = 0; j < FIELD_COUNT; j++)
			remote->values[j] = (choice + i + j) % 3
						? some_words(choice + j)
						: NULL;
	}
	str_copy(remotes->message, sizeof(remotes->message),
	    some_words(choice >> 4));
	screen_stale(world->fixture.desk.screen);
}

static void
go_on_with_login(struct world *world)
{
	struct sync_login *login = &world->fixture.sync.login;
	unsigned choice = take(world);

	world->fixture.sync.account = choice & 8;
	world->fixture.sync.unauthorised = choice & 16;
	login->state = (enum sync_login_state)(
	    choice % (SYNC_LOGIN_FAILED + 1));
	if (login->state == SYNC_LOGIN_WAITING && !login->url)
		login->url = "https://medicare-staging.healthsherpa.com/o";
	login->bare = choice & 32;
	str_copy(
	    login->message, sizeof(login->message), some_words(choice >> 4));
	screen_stale(world->fixture.desk.screen);
}

static void
hold(struct world *world)
{
	struct desk *desk = &world->fixture.desk;
	unsigned choice = take(world);

	desk->read_only = choice & 1;
	desk->outside = choice & 2;
	world->fixture.sync.refuses = choice & 4 ? "not now" : NULL;
	desk->config->mask = !(choice & 8);
	free(desk->broken);
	desk->broken = choice & 16 ? mem_strdup("line 4: a quote is open")
				   : NULL;
	world->fixture.sync.sidecar = choice & 32 ? "it cannot be written"
						  : NULL;
	work_look_sidecar(desk);
	screen_stale(desk->screen);
}

static void
leave_over(struct world *world)
{
	struct desk *desk = &world->fixture.desk;
	struct sync *sync = &world->fixture.sync;
	unsigned choice = take(world);

	sync->recognised = choice & 3;
	sync->similar = choice >> 2 & 3;
	sync->unlinkable = sync->similar / 2;
	sync->left.to_send = choice >> 4 & 3;
	sync->left.doubts = choice >> 6;
	sync->left.how = choice & 1 ? "was cut off" : NULL;
	sync->older = choice & 8 ? "older.csv" : NULL;
	desk->older_sought = desk->rest_offered = false;
}

static void
change_file(struct world *world)
{
	struct desk *desk = &world->fixture.desk;
	struct err ignored = ERR_INIT;

	check_write(world->fixture.path, later[take(world) % 4]);
	if (reload_may(desk->reload, &ignored))
		reload_ask(desk->reload);
}

/* ---- one move -------------------------------------------------------------
 */

static void
move(struct world *world)
{
	struct desk *desk = &world->fixture.desk;
	unsigned byte = take(world);

	if (byte < MOVE_SPECIAL)
		screen_key(desk->screen, byte);
	else if (byte < MOVE_ALT)
		screen_key(desk->screen, KEY_CODE_UP + byte - MOVE_SPECIAL);
	else
		switch (byte) {
		case MOVE_ALT:
			screen_key(desk->screen, KEY_ALT | take(world));
			break;
		case MOVE_LETTER:
			screen_key(desk->screen, 0xa1 + 37 * take(world));
			break;
		case MOVE_PASTE: paste(world); break;
		case MOVE_RESIZE: resize(world); break;
		case MOVE_TIME: pass_time(world); break;
		case MOVE_STATUS: change_status(world); break;
		case MOVE_FINISHED: finish_row(world); break;
		case MOVE_PROGRESS: change_progress(world); break;
		case MOVE_LISTS: answer_lists(world); break;
		case MOVE_REMOTES: answer_remotes(world); break;
		case MOVE_LOGIN: go_on_with_login(world); break;
		case MOVE_HOLD: hold(world); break;
		case MOVE_LEFT: leave_over(world); break;
		case MOVE_FILE: change_file(world); break;
		case MOVE_ASCII: desk->ascii = !desk->ascii; break;
		default:
			screen_key(desk->screen, byte - MOVE_NEXT + ' ');
			break;
		}
}

/* Work goes on as in the loop, and ends. */
static void
work(struct world *world)
{
	struct desk *desk = &world->fixture.desk;

	for (int i = 0; i < 50 && screen_top(desk->screen); i++) {
		world->fixture.now_ms++;
		if (!work_slice(desk))
			return;
	}
}

static void
look(struct world *world)
{
	struct desk *desk = &world->fixture.desk;
	uint32_t row;

	if (!screen_top(desk->screen))
		return;
	screen_dirty(desk->screen);
	assert(screen_draw(desk->screen, world->canvas));
	assert(!screen_is_dirty(desk->screen));
	row = desk_row(desk);
	assert(row == RECORDS_NONE || row < book_count(desk->book));
	assert(screen_depth(desk->screen) < DEPTH_MAX);
	assert(text_valid(screen_message(desk->screen),
	    strlen(screen_message(desk->screen)), NULL));
}

/* ---- a world --------------------------------------------------------------
 */

static void
open_world(struct world *world)
{
	struct fixture *fixture = &world->fixture;
	unsigned kind = take(world);
	struct str config;

	str_init(&config, 1 << 12);
	str_addf(&config, "%s%s%s", header, kind & 2 ? version_2 : version_1,
	    kind & 1 ? "" : mapped);
	fixture_open_with(fixture, config.data, book);
	check_write(fixture->config->path, config.data);
	str_release(&config);
	fixture->hasty = true; /* so that slices end */
	fixture->desk.settings = settings_new(&fixture->desk, NULL);
	fixture->desk.reload = reload_new(&fixture->desk);
	fixture->desk.opener = opener_new(fixture->config);
	/* else each drawing asks the rules where each row stands */
	for (uint32_t row = 0; row < ROWS; row++)
		fake_sync_row(&fixture->sync, row, STATUS_NEW, "");
	world->canvas = canvas_new(24, 80, false);
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
	if (!book_is_mapped(fixture->desk.book))
		screen_push(
		    fixture->desk.screen, v_proposal_new(&fixture->desk));
}

static void
close_world(struct world *world)
{
	struct desk *desk = &world->fixture.desk;

	canvas_free(world->canvas);
	screen_quit(desk->screen);
	settings_free(desk->settings);
	reload_free(desk->reload);
	opener_free(desk->opener);
	plan_free(desk->asked);
	plan_free(desk->held);
	free(desk->wanted.rows);
	history_clear(&desk->commands);
	free(desk->broken);
	free(desk->sidecar);
	fixture_close(&world->fixture);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world world = {.data = data, .left = size};

	if (size > SIZE_MAX_TAKEN)
		return 0;
	setenv("BELAY_TEST_KEY", "practice", 1);
	setenv("EDITOR", "'", 1);
	unsetenv("VISUAL");
	unsetenv("DISPLAY");
	unsetenv("WAYLAND_DISPLAY");
	open_world(&world);
	look(&world);
	while (world.left > 0 && screen_top(world.fixture.desk.screen)) {
		move(&world);
		work(&world);
		look(&world);
	}
	close_world(&world);
	return 0;
}
