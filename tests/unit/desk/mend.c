/* SPDX-License-Identifier: MIT */
/*
 * The screens on the real book and the real sync, without a network: a
 * blocked contact is found, mended, planned and saved by keys alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "check.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/host.h"
#include "desk/run_log.h"
#include "desk/work.h"
#include "tui/view.h"

static const char contacts[] =
    "Record ID,First Name,Last Name,Phone,Postal Code,State\r\n"
    "51,Walter,Adams,916-555-0123,9581,CA\r\n"
    "54,,Alvarez,713-555-0131,77002,TX\r\n";

static const char config_text[] =
    "service: {environment: staging, agent_email: agent@example.com}\n"
    "mapping:\n"
    "  external_id: Record ID\n"
    "  first_name: First Name\n"
    "  last_name: Last Name\n"
    "  phone: Phone\n"
    "  zip: Postal Code\n"
    "  state: State\n";

struct mending {
	struct desk desk;
	struct config *config;
	char path[400];
	char state[400];
};

static void
open_all(struct mending *mending)
{
	struct sync_options options = {
	    .clock = &clock_system, .state_dir = mending->state};
	struct desk *desk = &mending->desk;
	struct err err = ERR_INIT;
	struct str problems;

	memset(mending, 0, sizeof(*mending));
	snprintf(mending->path, sizeof(mending->path), "%s/contacts.csv",
	    check_directory());
	snprintf(mending->state, sizeof(mending->state), "%s/state",
	    check_directory());
	check_write(mending->path, contacts);
	str_init(&problems, 4096);
	mending->config = config_parse(
	    "belay.yaml", config_text, strlen(config_text), &problems, &err);
	str_release(&problems);
	REQUIRE(mending->config != NULL);
	desk->config = mending->config;
	desk->clock = &clock_system;
	desk->book = book_open(
	    mending->config, mending->path, &clock_system, &err);
	REQUIRE(desk->book && book_load_all(desk->book, &err));
	desk->sync = sync_open(desk->book, &options, &err);
	REQUIRE(desk->sync != NULL);
	desk->run_log = run_log_new();
	desk->keymap = keymap_new(actions_table, actions_count);
	desk->screen = screen_new(desk->keymap, &host_ops, desk);
	contact_init(&desk->contact);
	screen_push(desk->screen, v_contacts_new(desk));
}

static void
close_all(struct mending *mending)
{
	struct desk *desk = &mending->desk;

	screen_free(desk->screen);
	keymap_free(desk->keymap);
	run_log_free(desk->run_log);
	history_clear(&desk->commands);
	contact_release(&desk->contact);
	sync_free(desk->sync);
	book_free(desk->book);
	config_free(mending->config);
}

/* What the loop does between keys, then the screen as text. */
static bool
shows(struct mending *mending, const char *text)
{
	struct canvas *canvas = canvas_new(24, 80, false);
	struct str out;
	bool found;

	while (work_slice(&mending->desk))
		;
	screen_stale(mending->desk.screen);
	screen_draw(mending->desk.screen, canvas);
	str_init(&out, 1 << 16);
	canvas_dump(canvas, &out);
	found = strstr(out.data, text) != NULL;
	if (!found)
		printf("# no '%s' in:\n# %s\n", text, out.data);
	str_release(&out);
	canvas_free(canvas);
	return found;
}

static void
press(struct mending *mending, const char *text)
{
	for (; *text; text++)
		screen_key(mending->desk.screen, (unsigned char)*text);
}

TEST(desk_mends_a_blocked_contact)
{
	struct mending mending;
	char *file;

	open_all(&mending);
	CHECK(shows(&mending, "1 blocked"));
	press(&mending, "j\r");
	CHECK(shows(&mending, "blocked: first name is missing"));
	press(&mending, "\rAna\r");
	CHECK_TEXT(screen_message(mending.desk.screen),
	    "nothing blocks Alvarez, Ana now: s sends, w saves the change "
	    "into the file");
	CHECK_INT(sync_status(mending.desk.sync, 1), STATUS_NEW);
	CHECK(shows(&mending, "1 change not saved"));
	press(&mending, "d");
	CHECK(shows(&mending, "1 of 1 would be sent: 1 create"));
	CHECK(shows(&mending, "looked up by name and phone"));
	CHECK(shows(&mending, "first name        Ana"));
	press(&mending, "\033w");
	CHECK(shows(&mending, "saved into contacts.csv"));
	CHECK_INT(book_unsaved(mending.desk.book), 0);
	press(&mending, "\033");
	CHECK(shows(&mending, "Alvarez, Ana"));
	CHECK_INT(v_contacts_row(screen_top(mending.desk.screen)), 1);
	file = check_read(mending.path);
	CHECK_TEXT(file,
	    "Record ID,First Name,Last Name,Phone,Postal Code,State\r\n"
	    "51,Walter,Adams,916-555-0123,9581,CA\r\n"
	    "54,Ana,Alvarez,713-555-0131,77002,TX\r\n");
	free(file);
	close_all(&mending);
}

TEST(desk_undoes_and_leaves_out_across_screens)
{
	struct mending mending;

	open_all(&mending);
	press(&mending, "\r");
	CHECK(shows(&mending, "new: would be sent without ZIP"));
	press(&mending, "\r4\r");
	CHECK(shows(&mending, "new: ready to be sent"));
	press(&mending, "\033u");
	CHECK(shows(&mending, "no ZIP"));
	press(&mending, "\r");
	CHECK(shows(&mending, "ZIP-LENGTH"));
	press(&mending, "\x12");
	CHECK(shows(&mending, "new: ready to be sent"));
	press(&mending, "gjjjx");
	CHECK(shows(
	    &mending, "Left out until you leave belay; x sends it again."));
	press(&mending, "d");
	CHECK(shows(&mending, "5 fields"));
	CHECK(shows(&mending, "ZIP               95814"));
	CHECK(!shows(&mending, "555-0123"));
	close_all(&mending);
}

/* Without a key nothing can be sent, and the screen says where it goes. */
TEST(desk_says_what_a_sync_still_needs)
{
	struct mending mending;

	open_all(&mending);
	press(&mending, "\rs");
	CHECK(strstr(screen_message(mending.desk.screen), "api_key"));
	CHECK_INT(sync_status(mending.desk.sync, 0), STATUS_NEW);
	close_all(&mending);
}
