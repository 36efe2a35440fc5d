/* SPDX-License-Identifier: MIT */
#include "views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/mapping_file.h"
#include "check.h"
#include "desk/actions.h"
#include "desk/editor.h"
#include "desk/host.h"
#include "desk/run_log.h"
#include "desk/settings.h"
#include "golden/golden.h"

static const char contacts[] =
    "Record ID,First Name,Last Name,Email,Mobile Phone,Phone Number,"
    "Date of birth,Gender,Street Address,City,State,Postal Code,MBI\n"
    "51,Walter,Adams,,,,7/4/1955,1,12 Oak Street,Sacramento,California,"
    "9581,1SG4-TE5-MK73\n"
    "52,José María,Ábalos,jose@example.com,(305) 555-0177,,1/2/1958,1,"
    "8 Calle Ocho,Miami,FL,33101,1SG4-TE5-MK74\n"
    "53,민준,Ahn,ahn@example.com,,808-555-0144,3/4/1957,1,,Honolulu,HI,96815,"
    "1SG4-TE5-MK75\n"
    "54,,Alvarez,,713.555.0131,,5/6/1957,0,,Houston,TX,77002,\n"
    "55,Denise,Cole,denise@example.com,,4045550188,8/9/1956,0,1 Peach Ave,"
    "Atlanta,GA,30301,987-65-4320\n"
    "56,Anne-Marie Philippa Josephine Genevieve,Featherstonehaugh-"
    "Cholmondeley,annemarie.featherstonehaugh.cholmondeley@example.com,,"
    "(212) 555-0109,2/29/1960,0,\"The Old Rectory Building\nApartment 12\","
    "New York,NY,10001,1SG4-TE5-MK76\n";

static const char config_text[] =
    "contacts: contacts.csv\n"
    "service:\n"
    "  environment: staging\n"
    "  agent_email: agent@example.com\n"
    "  api_key: {env: BELAY_TEST_KEY}\n"
    "mapping:\n"
    "  external_id: Record ID\n"
    "  first_name: First Name\n"
    "  last_name: Last Name\n"
    "  email: Email\n"
    "  phone: [Mobile Phone, Phone Number]\n"
    "  birth_date: {column: Date of birth, date: m/d/y}\n"
    "  sex: {column: Gender, values: {\"0\": female, \"1\": male}}\n"
    "  address_1: {column: Street Address, line: 1}\n"
    "  city: City\n"
    "  state: State\n"
    "  zip: Postal Code\n"
    "  medicare_number: MBI\n"
    "  type: {value: client}\n"
    "  notes: {template: \"Came from {City}\"}\n";

static int64_t
wall(void *context)
{
	(void)context;
	return INT64_C(1795000000000); /* 2026-11-18 */
}

static int64_t
monotonic(void *context)
{
	struct fixture *fixture = context;

	return fixture->hasty ? ++fixture->now_ms : fixture->now_ms;
}

static void
open_book(struct fixture *fixture, const char *config, const char *text)
{
	struct err err = ERR_INIT;
	struct str problems;
	char place[400];

	snprintf(fixture->path, sizeof(fixture->path), "%s/contacts.csv",
	    check_directory());
	check_write(fixture->path, text);
	str_init(&problems, 4096);
	fixture->config = config_parse(
	    "belay.yaml", config, strlen(config), &problems, &err);
	if (!fixture->config)
		printf("# %s\n", problems.data);
	str_release(&problems);
	REQUIRE(fixture->config != NULL);
	/* what keys write goes into the test's directory */
	snprintf(place, sizeof(place), "%s/belay.yaml", check_directory());
	free(fixture->config->path);
	fixture->config->path = mem_strdup(place);
	fixture->desk.book = book_open(
	    fixture->config, fixture->path, &fixture->clock, &err);
	if (!fixture->desk.book || !book_load_all(fixture->desk.book, &err))
		printf("# %s\n", err.text);
	REQUIRE(fixture->desk.book && book_loaded(fixture->desk.book));
}

void
fixture_open(struct fixture *fixture)
{
	fixture_open_on(fixture, contacts);
	CHECK_INT(book_count(fixture->desk.book), SAMPLES);
}

void
fixture_open_on(struct fixture *fixture, const char *text)
{
	fixture_open_with(fixture, config_text, text);
}

void
fixture_open_with(struct fixture *fixture, const char *config, const char *text)
{
	memset(fixture, 0, sizeof(*fixture));
	fixture->clock = (struct clock){wall, monotonic, fixture};
	fixture->now_ms = 100000;
	open_book(fixture, config, text);
	fixture->sync.book = fixture->desk.book;
	fixture->sync.progress.left_ms = -1;
	fixture->desk.config = fixture->config;
	fixture->desk.clock = &fixture->clock;
	fixture->desk.sync = &fixture->sync;
	fixture->desk.run_log = run_log_new();
	fixture->desk.keymap = keymap_new(actions_table, actions_count);
	fixture->desk.screen = screen_new(
	    fixture->desk.keymap, &host_ops, &fixture->desk);
	contact_init(&fixture->desk.contact);
}

const char *
fixture_use_config(struct fixture *fixture, const char *name, const char *text)
{
	static char path[400];
	struct err err = ERR_INIT;
	struct config *config;
	struct str problems;

	snprintf(path, sizeof(path), "%s/%s", check_directory(), name);
	check_write(path, text);
	str_init(&problems, 4096);
	config = config_load(path, &problems, &err);
	if (!config)
		printf("# %s\n", problems.data);
	str_release(&problems);
	REQUIRE(config != NULL);
	config_swap(fixture->config, config);
	config_free(config);
	REQUIRE(book_remap(fixture->desk.book, fixture->config->mapping, &err));
	REQUIRE(book_load_all(fixture->desk.book, &err));
	fixture->desk.settings = settings_new(&fixture->desk, NULL);
	return path;
}

void
fixture_close(struct fixture *fixture)
{
	editor_close(&fixture->desk);
	contact_text_free(&fixture->desk);
	screen_free(fixture->desk.screen);
	keymap_free(fixture->desk.keymap);
	run_log_free(fixture->desk.run_log);
	mapping_file_free(fixture->desk.mapping_file);
	free(fixture->desk.last.rows);
	contact_release(&fixture->desk.contact);
	book_free(fixture->desk.book);
	config_free(fixture->config);
}

void
fixture_press(struct fixture *fixture, const char *text)
{
	for (; *text; text++)
		screen_key(fixture->desk.screen, (unsigned char)*text);
}

static struct canvas *
draw(struct fixture *fixture, int rows, int columns, bool ascii)
{
	struct canvas *canvas = canvas_new(rows, columns, ascii);

	fixture->desk.ascii = ascii;
	fixture->desk.generation++;
	screen_dirty(fixture->desk.screen);
	CHECK(screen_draw(fixture->desk.screen, canvas));
	return canvas;
}

void
fixture_golden_at(struct fixture *fixture, const char *name, int rows,
    int columns, bool ascii)
{
	char file[128];
	struct canvas *canvas = draw(fixture, rows, columns, ascii);

	snprintf(file, sizeof(file), "desk/%s-%dx%d%s", name, columns, rows,
	    ascii ? "-ascii" : "");
	GOLDEN(canvas, file);
	canvas_free(canvas);
}

void
fixture_golden(struct fixture *fixture, const char *name)
{
	fixture_golden_at(fixture, name, 24, 80, false);
	fixture_golden_at(fixture, name, 40, 132, false);
	fixture_golden_at(fixture, name, 10, 40, false);
	fixture_golden_at(fixture, name, 24, 80, true);
}

static void
golden_linear_at(
    struct fixture *fixture, const char *name, int rows, int columns)
{
	/* a row more, which tells where the cursor is */
	struct canvas *canvas = canvas_new(rows, columns, false);
	struct canvas *told = canvas_new(rows + 1, columns, false);
	struct area all = canvas_area(told);
	char file[128], place[40];
	struct str dump;
	int row, column;

	canvas_set_linear(canvas, true);
	fixture->desk.linear = true;
	fixture->desk.ascii = false;
	fixture->desk.generation++;
	screen_stale(fixture->desk.screen);
	CHECK(screen_draw(fixture->desk.screen, canvas));
	/* views remember what they drew last */
	str_init(&dump, 1 << 16);
	canvas_dump(canvas, &dump);
	row = 0;
	for (char *line = dump.data, *end; (end = strchr(line, '\n'));
	     line = end + 1) {
		*end = '\0';
		canvas_text(told, &all, row++, 0, STYLE_NORMAL, line);
	}
	str_release(&dump);
	if (canvas_cursor_place(canvas, &row, &column))
		snprintf(place, sizeof(place), "cursor: line %d, column %d",
		    row + 1, column + 1);
	else
		snprintf(place, sizeof(place), "cursor: none");
	canvas_text(told, &all, rows, 0, STYLE_NORMAL, place);
	snprintf(
	    file, sizeof(file), "desk/%s-linear-%dx%d", name, columns, rows);
	GOLDEN(told, file);
	canvas_free(told);
	canvas_free(canvas);
	fixture->desk.linear = false;
}

void
fixture_golden_linear(struct fixture *fixture, const char *name)
{
	golden_linear_at(fixture, name, 24, 80);
	golden_linear_at(fixture, name, 10, 40);
}

const char *
fixture_screen(struct fixture *fixture)
{
	static char screen[16384];
	struct canvas *canvas = draw(fixture, 24, 80, false);
	struct str out;

	str_init(&out, sizeof(screen) - 1);
	canvas_dump(canvas, &out);
	str_copy(screen, sizeof(screen), out.data);
	str_release(&out);
	canvas_free(canvas);
	return screen;
}
