/* SPDX-License-Identifier: MIT */
/* The mapping in force, with its config on disk. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "check.h"
#include "desk/actions.h"
#include "desk/settings.h"
#include "desk/work.h"
#include "views.h"

static const char before[] =
    "# ours since May\n"
    "service:\n"
    "  agent_email: agent@example.com\n"
    "mapping:\n"
    "  external_id: Record ID # the CRM's\n"
    "  first_name: First Name\n"
    "  last_name: Last Name\n"
    "  # the mobile first\n"
    "  phone: [Mobile Phone, Phone Number]\n"
    "  birth_date: Date of birth\n"
    "  sex: {column: Gender, values: {\"0\": female, \"1\": male}}\n"
    "  state: State\n"
    "  zip: Postal Code\n"
    "  medicare_number: MBI\n"
    "  type: {value: client}\n";

static const char *config_path;

static void
work(struct fixture *fixture)
{
	fixture_screen(fixture);
	for (int i = 0; i < 1000 && work_slice(&fixture->desk); i++)
		;
	fixture_screen(fixture);
}

static void
use_config(struct fixture *fixture, const char *text)
{
	config_path = fixture_use_config(fixture, "hubspot.yaml", text);
}

static void
open_mapping(struct fixture *fixture)
{
	fixture_open(fixture);
	use_config(fixture, before);
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
	fixture_screen(fixture);
	fixture_press(fixture, "m");
	work(fixture);
}

static void
close_mapping(struct fixture *fixture)
{
	settings_free(fixture->desk.settings);
	fixture->desk.settings = NULL;
	free(fixture->desk.broken);
	fixture_close(fixture);
}

static bool
shows(struct fixture *fixture, const char *text)
{
	return strstr(fixture_screen(fixture), text) != NULL;
}

static void
check_config(const char *has)
{
	char *text = check_read(config_path);

	if (!strstr(text, has))
		printf("# no '%s' in: %s\n", has, text);
	CHECK(strstr(text, has) != NULL);
	/* what nobody asked to change */
	CHECK(strstr(text, "# ours since May\n") != NULL);
	CHECK(strstr(text, "# the mobile first\n") != NULL);
	free(text);
}

static void
go_to(struct fixture *fixture, const char *label)
{
	char cursor[64];

	snprintf(cursor, sizeof(cursor), "\u25b8    %s ", label);
	fixture_press(fixture, "g");
	for (int i = 0; i < 40 && !shows(fixture, cursor); i++)
		screen_key(fixture->desk.screen, KEY_CODE_DOWN);
	CHECK(shows(fixture, cursor));
}

static const char *
value(struct fixture *fixture, uint32_t row, enum field field)
{
	book_contact(fixture->desk.book, row, &fixture->desk.contact);
	return fixture->desk.contact.fields[field].value;
}

TEST(mapping_screens)
{
	struct fixture fixture;

	open_mapping(&fixture);
	fixture_golden(&fixture, "mapping");
	fixture_golden_linear(&fixture, "mapping");
	go_to(&fixture, "ZIP");
	fixture_golden(&fixture, "mapping-zip");
	fixture_golden_linear(&fixture, "mapping-zip");
	fixture_press(&fixture, "\t\t\t\t");
	go_to(&fixture, "Medicare number");
	CHECK(!shows(&fixture, "987-65")); /* row 5 has such a number there */
	fixture_golden_at(&fixture, "mapping-secret", 24, 80, false);
	fixture_press(&fixture, "G");
	fixture_golden_at(&fixture, "mapping-unused", 24, 80, false);
	close_mapping(&fixture);
}

TEST(mapping_counts_again_after_an_edit)
{
	struct fixture fixture;
	struct err err = ERR_INIT;

	open_mapping(&fixture);
	CHECK(shows(&fixture, "6 contacts: 4 could be sent, 2 could not"));
	CHECK(shows(&fixture, "1 ZIP-LENGTH"));
	REQUIRE(book_set(fixture.desk.book, WALTER,
	    records_find_column(book_records(fixture.desk.book), "Postal Code"),
	    "95811", &err));
	desk_row_changed(&fixture.desk, WALTER);
	fixture_screen(&fixture);
	work(&fixture);
	CHECK(!shows(&fixture, "ZIP-LENGTH"));
	close_mapping(&fixture);
}

TEST(mapping_takes_another_column_at_once)
{
	struct fixture fixture;

	open_mapping(&fixture);
	CHECK(value(&fixture, WALTER, FIELD_CITY) == NULL);
	go_to(&fixture, "city");
	fixture_press(&fixture, "\r");
	CHECK(shows(&fixture, "What gives the city?"));
	fixture_press(&fixture, "city\r");
	CHECK_TEXT(value(&fixture, WALTER, FIELD_CITY), "Sacramento");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "city: City; written into hubspot.yaml, u takes it back");
	check_config("  type: {value: client}\n  city: City\n");
	work(&fixture);
	CHECK(
	    !shows(&fixture, "hubspot.yaml is in force")); /* not told twice */
	fixture_press(&fixture, "u");
	CHECK(value(&fixture, WALTER, FIELD_CITY) == NULL);
	check_config("  type: {value: client}\n");
	fixture_press(&fixture, "u");
	CHECK(strstr(screen_message(fixture.desk.screen), "nothing to undo") !=
	      NULL);
	screen_key(fixture.desk.screen, KEY_CONTROL('R'));
	CHECK_TEXT(value(&fixture, WALTER, FIELD_CITY), "Sacramento");
	close_mapping(&fixture);
}

/* What was changed can be taken back when one comes back to the screen. */
TEST(mapping_remembers_what_was_changed)
{
	struct fixture fixture;

	open_mapping(&fixture);
	go_to(&fixture, "state");
	fixture_press(&fixture, "x");
	CHECK(value(&fixture, JOSE, FIELD_STATE) == NULL);
	check_config("  zip: Postal Code\n");
	fixture_press(&fixture, "\033m");
	work(&fixture);
	fixture_press(&fixture, "u");
	CHECK_TEXT(value(&fixture, JOSE, FIELD_STATE), "FL");
	check_config("  state: State\n");
	close_mapping(&fixture);
}

TEST(mapping_refuses_rules_that_cannot_be)
{
	static const struct {
		const char *rule, *message;
	} cases[] = {
	    {"Postal Cod",
		"mapping.zip: there is no column \"Postal Cod\"; did you mean "
		"\"Postal Code\"?"},
	    {"{colum: State}",
		"mapping.zip.colum: unknown key (did you mean column?)"},
	    {"{template: \"{State\"}",
		"mapping.zip.template: a { is not closed; write {{ for a brace "
		"of the text"},
	    {"{column: State, date: m/d/y}",
		"mapping.zip.date: this field is not a date"},
	};
	struct fixture fixture;

	open_mapping(&fixture);
	go_to(&fixture, "ZIP");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text;

		fixture_press(&fixture, "r");
		screen_key(fixture.desk.screen, KEY_CONTROL('u'));
		fixture_press(&fixture, cases[i].rule);
		fixture_press(&fixture, "\r");
		if (!shows(&fixture, cases[i].rule)) /* still to be mended */
			check_text(fixture_screen(&fixture), cases[i].rule,
			    __FILE__, __LINE__, "screen");
		fixture_press(&fixture, "\033");
		text = check_read(config_path);
		CHECK_TEXT(text, before);
		free(text);
	}
	fixture_press(&fixture, "gx");
	CHECK(strstr(screen_message(fixture.desk.screen),
		  "every contact needs the ID") != NULL);
	close_mapping(&fixture);
}

TEST(mapping_asks_before_another_id)
{
	struct fixture fixture;

	open_mapping(&fixture);
	for (uint32_t row = 0; row < 3; row++)
		fake_sync_row(&fixture.sync, row, STATUS_SYNCED, "");
	fixture_press(&fixture, "r");
	screen_key(fixture.desk.screen, KEY_CONTROL('u'));
	fixture_press(&fixture, "Email\r");
	CHECK(shows(&fixture, "Another ID? 3 contacts at HealthSherpa are"));
	fixture_press(&fixture, "\033");
	CHECK_TEXT(value(&fixture, WALTER, FIELD_EXTERNAL_ID), "51");
	fixture_press(&fixture, "r");
	screen_key(fixture.desk.screen, KEY_CONTROL('u'));
	fixture_press(&fixture, "Email\ry");
	CHECK_TEXT(
	    value(&fixture, JOSE, FIELD_EXTERNAL_ID), "jose@example.com");
	check_config("  external_id: Email # the CRM's\n");
	close_mapping(&fixture);
}

TEST(mapping_pins_how_dates_are_read)
{
	struct fixture fixture;

	open_mapping(&fixture);
	go_to(&fixture, "birth date");
	CHECK(shows(&fixture, "1/2/1950 is read with the month first"));
	CHECK(shows(&fixture, "p pins it"));
	fixture_press(&fixture, "p");
	CHECK(shows(&fixture, "Pin it: m month first, d day first"));
	fixture_press(&fixture, "d");
	check_config("  birth_date: {column: Date of birth, date: d/m/y}\n");
	CHECK_TEXT(value(&fixture, JOSE, FIELD_BIRTH_DATE), "1958-02-01");
	work(&fixture);
	CHECK(shows(&fixture, "as the mapping says"));
	fixture_press(&fixture, "p");
	CHECK(strstr(screen_message(fixture.desk.screen), "says already how") !=
	      NULL);
	close_mapping(&fixture);
}

TEST(mapping_gives_a_column_a_field)
{
	struct fixture fixture;

	open_mapping(&fixture);
	go_to(&fixture, "(not used)");
	CHECK(shows(&fixture, "No field takes this column."));
	fixture_press(&fixture, "r");
	CHECK(strstr(screen_message(fixture.desk.screen),
		  "a column that no field takes") != NULL);
	fixture_press(&fixture, "\r");
	CHECK(shows(&fixture, "\"Email\" gives which field?"));
	fixture_press(&fixture, "e-mial\r");
	CHECK(shows(&fixture, "there is no field \"e-mial\""));
	screen_key(fixture.desk.screen, KEY_CONTROL('u'));
	fixture_press(&fixture, "em\t\r");
	CHECK_TEXT(value(&fixture, JOSE, FIELD_EMAIL), "jose@example.com");
	check_config("  email: Email\n");
	close_mapping(&fixture);
}

TEST(mapping_shows_whom_a_finding_is_about)
{
	struct fixture fixture;

	open_mapping(&fixture);
	fixture_press(&fixture, "f");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "nothing was found in this field");
	go_to(&fixture, "ZIP");
	fixture_press(&fixture, "f");
	work(&fixture);
	CHECK(shows(&fixture, "1 of 6 contacts: finding:zip/ZIP-LENGTH"));
	CHECK(shows(&fixture, "Adams, Walter"));
	close_mapping(&fixture);
}

/* Whoever changed the file: the screen shows what is in force. */
TEST(mapping_follows_the_file)
{
	struct fixture fixture;
	struct str text;

	open_mapping(&fixture);
	str_init(&text, 4096);
	str_add(&text, before);
	str_add(&text, "  city: City\n");
	check_write(config_path, text.data);
	settings_told(fixture.desk.settings);
	fixture.now_ms += 2000;
	work(&fixture);
	go_to(&fixture, "city");
	CHECK(shows(&fixture, "city: City"));
	fixture_press(&fixture, "u"); /* is one step, too */
	work(&fixture);
	check_config("  type: {value: client}\n");
	/* what is wrong is told, what was in force stays */
	str_add(&text, "  stat: State\n");
	check_write(config_path, text.data);
	settings_told(fixture.desk.settings);
	fixture.now_ms += 4000;
	work(&fixture);
	CHECK_TEXT(value(&fixture, JOSE, FIELD_STATE), "FL");
	str_release(&text);
	close_mapping(&fixture);
}

/* Nobody wrote the mapping: the first change writes all of it. */
TEST(mapping_that_nobody_wrote_is_written_with_the_first_change)
{
	static const char csv[] = "external_id,first_name,last_name,zip,Town\n"
				  "1,Ruth,Bell,95811,Sacramento\n";
	struct fixture fixture;
	struct err err = ERR_INIT;

	fixture_open(&fixture);
	book_free(fixture.desk.book);
	check_write(fixture.path, csv);
	config_set_mapping(fixture.config, NULL);
	fixture.desk.book = book_open(
	    fixture.config, fixture.path, &fixture.clock, &err);
	REQUIRE(book_load_all(fixture.desk.book, &err));
	fixture.sync.book = fixture.desk.book;
	use_config(&fixture, "# ours since May\n# the mobile first\n"
			     "service:\n  agent_email: agent@example.com\n");
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	fixture_press(&fixture, "m");
	work(&fixture);
	CHECK(shows(&fixture, "1 contact: 1 could be sent"));
	go_to(&fixture, "city");
	fixture_press(&fixture, "\rtown\r");
	CHECK_TEXT(value(&fixture, 0, FIELD_CITY), "Sacramento");
	CHECK_TEXT(value(&fixture, 0, FIELD_ZIP), "95811");
	check_config("  external_id: external_id");
	check_config("  city: Town");
	check_config("agent_email: agent@example.com\n");
	close_mapping(&fixture);
}

static void
change_outside(struct fixture *fixture, const char *text)
{
	check_write(config_path, text);
	settings_told(fixture->desk.settings);
	fixture->now_ms += 4000;
	work(fixture);
}

/* There may be nothing to show of it; nothing is changed then, either. */
TEST(mapping_of_a_config_that_is_wrong)
{
	struct fixture fixture;

	fixture_open(&fixture);
	use_config(&fixture, before);
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	change_outside(&fixture, "mapping: {zipp: A}\n");
	fixture_press(&fixture, "m");
	work(&fixture);
	CHECK(shows(&fixture, "zipp"));
	fixture_press(&fixture, "u");
	screen_key(fixture.desk.screen, KEY_CONTROL('R'));
	fixture_press(&fixture, "xr\r");
	CHECK_TEXT(value(&fixture, JOSE, FIELD_STATE), "FL");
	/* mended, it is shown */
	change_outside(&fixture, before);
	CHECK(shows(&fixture, "Postal Code"));
	close_mapping(&fixture);
}

/* What cannot be in force is neither written nor made again. */
TEST(mapping_refuses_what_results_are_put_into)
{
	struct fixture fixture;
	struct str text;
	char *is;

	fixture_open(&fixture);
	str_init(&text, 4096);
	str_add(&text, before);
	str_add(&text, "result_columns: {healthsherpa_id: City}\n");
	use_config(&fixture, text.data);
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	fixture_press(&fixture, "m");
	work(&fixture);
	CHECK(!shows(&fixture, "Address, City")); /* it is no unused column */
	go_to(&fixture, "city");
	fixture_press(&fixture, "r");
	screen_key(fixture.desk.screen, KEY_CONTROL('u'));
	fixture_press(&fixture, "City\r");
	CHECK(shows(&fixture, "which the result would replace"));
	fixture_press(&fixture, "\033");
	screen_key(fixture.desk.screen, KEY_CONTROL('R'));
	CHECK(strstr(screen_message(fixture.desk.screen), "nothing to redo") !=
	      NULL);
	is = check_read(config_path);
	CHECK_TEXT(is, text.data);
	free(is);
	/* the picker does not offer it */
	fixture_press(&fixture, "\r");
	CHECK(!shows(&fixture, "Sacramento"));
	fixture_press(&fixture, "stree\r");
	CHECK_TEXT(value(&fixture, WALTER, FIELD_CITY), "12 Oak Street");
	str_release(&text);
	close_mapping(&fixture);
}

/* A config that changes under the picker of columns takes nothing from it. */
TEST(mapping_may_change_under_the_picker)
{
	struct fixture fixture;
	struct str text;

	open_mapping(&fixture);
	go_to(&fixture, "city");
	fixture_press(&fixture, "\r");
	str_init(&text, 4096);
	str_add(&text, before);
	str_add(&text, "  address_1: Street Address\n");
	change_outside(&fixture, text.data);
	CHECK(shows(&fixture, "What gives the city?"));
	fixture_press(&fixture, "city\r");
	CHECK_TEXT(value(&fixture, WALTER, FIELD_CITY), "Sacramento");
	CHECK_TEXT(value(&fixture, WALTER, FIELD_ADDRESS_1), "12 Oak Street");
	CHECK(shows(&fixture, "Street Address"));
	str_release(&text);
	close_mapping(&fixture);
}

/* An editor takes the mapping out: what the columns' names tell is in force,
 * and a change writes all of it. */
TEST(mapping_that_is_taken_out_is_implied_anew)
{
	struct fixture fixture;

	open_mapping(&fixture);
	change_outside(&fixture,
	    "# ours since May\n# the mobile first\nservice:\n"
	    "  agent_email: agent@example.com\n");
	CHECK_TEXT(value(&fixture, JOSE, FIELD_STATE), "FL");
	CHECK(shows(&fixture, "First Name"));
	go_to(&fixture, "ZIP");
	fixture_press(&fixture, "\rpostal\r");
	CHECK_TEXT(value(&fixture, JOSE, FIELD_FIRST_NAME),
	    "Jos\303\251 Mar\303\255\141");
	check_config("  first_name: First Name");
	check_config("  zip: Postal Code");
	close_mapping(&fixture);
}
