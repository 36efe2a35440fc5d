/* SPDX-License-Identifier: MIT */
/* The saved filters: shown, counted, used, saved and taken out, with keys. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/config.h"
#include "check.h"
#include "desk/actions.h"
#include "desk/host.h"
#include "desk/work.h"
#include "views.h"

static const char config_text[] = "# mine\n"
				  "desk:\n"
				  "  filters: # by hand\n"
				  "    south: \"state:FL|GA|TX\" # warm\n"
				  "    blocked-south: '@south status:blocked'\n"
				  "    zip4: ZIP:9581\n"
				  "    old: age>=65\n";

/* The config in a file of its own, as `text`; "": there is none. */
static void
open_with(struct fixture *fixture, const char *text)
{
	char path[400];
	struct err err = ERR_INIT;

	fixture_open(fixture);
	snprintf(path, sizeof(path), "%s/config.yaml", check_directory());
	free(fixture->config->path);
	fixture->config->path = mem_strdup(path);
	if (*text) {
		check_write(path, text);
		CHECK(config_reread_lists(fixture->config, &err));
	}
	/* messages are the same wherever the test runs */
	free(fixture->config->path);
	REQUIRE(chdir(check_directory()) == 0);
	fixture->config->path = mem_strdup("config.yaml");
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
	fake_sync_row(&fixture->sync, JOSE, STATUS_SYNCED, "");
}

static void
close_desk(struct fixture *fixture)
{
	history_clear(&fixture->desk.commands);
	fixture_close(fixture);
}

static const char *
after_work(struct fixture *fixture)
{
	for (int i = 0; i < 1000 && work_slice(&fixture->desk); i++)
		;
	return fixture_screen(fixture);
}

static bool
shows(struct fixture *fixture, const char *text)
{
	const char *screen = after_work(fixture);
	bool there = strstr(screen, text) != NULL;

	if (!there)
		printf("# no '%s' in:\n# %s\n", text, screen);
	return there;
}

static const char *
said(struct fixture *fixture)
{
	return screen_message(fixture->desk.screen);
}

TEST(filters_screens)
{
	struct fixture fixture;

	open_with(&fixture, config_text);
	/* one that is no query is told of when the columns are known */
	CHECK(shows(&fixture, " 1 saved filter has a mistake (F): "
			      "config.yaml:6:11: desk.filters.zip4: "));
	fixture_press(&fixture, "F");
	after_work(&fixture);
	fixture_golden(&fixture, "filters");
	fixture_golden_linear(&fixture, "filters");
	fixture_press(&fixture, "jj");
	fixture_golden(&fixture, "filters-mistake");
	fixture_press(&fixture, "\r");
	fixture_golden_at(&fixture, "filters-refused", 10, 40, false);
	close_desk(&fixture);

	open_with(&fixture, "desk: {}\n");
	fixture_press(&fixture, "F");
	fixture_golden(&fixture, "filters-none");
	close_desk(&fixture);
}

TEST(filters_are_counted_and_used)
{
	struct fixture fixture;

	open_with(&fixture, config_text);
	fixture_press(&fixture, "F");
	CHECK(shows(&fixture, "state:FL|GA|TX"));
	CHECK(shows(&fixture, "3\n"));
	fixture_press(&fixture, "j\r");
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	CHECK(shows(&fixture, "2 of 6 contacts: @blocked-south"));
	CHECK_INT(desk_row(&fixture.desk), NAMELESS);
	/* the list of them begins with the one in force */
	fixture_press(&fixture, "F\r");
	CHECK(shows(&fixture, "2 of 6 contacts: @blocked-south"));
	/* it can be gone on with, and completed */
	fixture_press(&fixture, "f");
	fixture_press(&fixture, " state:GA\r");
	CHECK(shows(&fixture, "1 of 6 contacts: @blocked-south state:GA"));
	fixture_press(&fixture, "f\025@ol\t");
	CHECK(shows(&fixture, "6 of 6 contacts: @old"));
	fixture_press(&fixture, "-@so\tiep:y\t\r");
	CHECK(shows(&fixture, "0 of 6 contacts: @old -@south iep:yes"));
	fixture_press(&fixture, "f\025@sooth\r");
	CHECK(
	    shows(&fixture, "there is no saved filter \"sooth\"; did you mean "
			    "@south?"));
	fixture_press(&fixture, "\033");
	CHECK(shows(&fixture, "6 contacts"));
	close_desk(&fixture);
}

TEST(filters_counts_follow_the_contacts)
{
	struct fixture fixture;
	struct err err = ERR_INIT;

	open_with(&fixture, "desk: {filters: {ca: \"state:CA\"}}\n");
	fixture_press(&fixture, "F");
	CHECK(shows(&fixture, " 1\n"));
	REQUIRE(book_set(fixture.desk.book, JOSE, 10, "CA", &err));
	desk_row_changed(&fixture.desk, JOSE);
	fixture_screen(&fixture);
	CHECK(shows(&fixture, " 2\n"));
	close_desk(&fixture);
}

/* A slice at a time: keys come in between. */
TEST(filters_counting_goes_in_slices)
{
	struct fixture fixture;
	struct str csv;
	unsigned slices = 0;

	str_init(&csv, 1 << 20);
	str_add(&csv, "Record ID,First Name,Last Name,Email,Mobile Phone,"
		      "Phone Number,Date of birth,Gender,Street Address,City,"
		      "State,Postal Code,MBI\n");
	for (int i = 0; i < 2000; i++)
		str_addf(&csv, "%d,A,B,,,,1/1/1950,,,,%s,,\n", i,
		    i % 2 ? "CA" : "FL");
	fixture_open_on(&fixture, csv.data);
	str_release(&csv);
	fixture.desk.sync = NULL;
	fixture.config->filters = mem_zalloc(sizeof(struct config_filter));
	fixture.config->filters[0].name = mem_strdup("ca");
	fixture.config->filters[0].query = mem_strdup("state:CA");
	fixture.config->filter_count = 1;
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	fixture_press(&fixture, "F");
	fixture.hasty = true;
	while (v_filters_work(screen_top(fixture.desk.screen)) && slices < 500)
		if (slices++ == 3)
			CHECK(strstr(fixture_screen(&fixture), "+\n") != NULL);
	CHECK(slices > 20 && slices < 500);
	CHECK(strstr(fixture_screen(&fixture), "1000\n") != NULL);
	close_desk(&fixture);
}

TEST(filters_are_found_by_letters)
{
	struct fixture fixture;

	open_with(&fixture, config_text);
	fixture_press(&fixture, "F/so");
	CHECK(shows(&fixture, "2 of 4 saved filters"));
	fixture_press(&fixture, "xx\r");
	CHECK(shows(&fixture, "no filter has these letters"));
	fixture_press(&fixture, "\025BLOCK\r");
	CHECK(!screen_asking(fixture.desk.screen));
	CHECK(shows(&fixture, "1 of 4 saved filters"));
	/* Esc takes one thing back at a time */
	fixture_press(&fixture, "\033");
	CHECK(shows(&fixture, " 4 saved filters"));
	CHECK_INT(screen_depth(fixture.desk.screen), 2);
	fixture_press(&fixture, "/FL\r\r");
	CHECK(shows(&fixture, "3 of 6 contacts: @south"));
	close_desk(&fixture);
}

TEST(filters_the_one_in_force_is_saved)
{
	struct fixture fixture;
	char *text;

	open_with(&fixture, config_text);
	fixture_press(&fixture, "Fa");
	CHECK_TEXT(said(&fixture), "no filter is in force: f in the list of "
				   "contacts makes one");
	fixture_press(&fixture, "\033fstate:CA city:\"Sac\"\rFa");
	CHECK(screen_asking(fixture.desk.screen));
	fixture_press(&fixture, "two words\r");
	CHECK(shows(&fixture, "a filter's name is one word"));
	fixture_press(&fixture, "\025@capital\r");
	CHECK_TEXT(said(&fixture),
	    "@capital is saved in config.yaml; u takes it back");
	CHECK(shows(&fixture, " 5 saved filters; in force: state:CA"));
	text = check_read("config.yaml");
	CHECK_TEXT(text, "# mine\n"
			 "desk:\n"
			 "  filters: # by hand\n"
			 "    south: \"state:FL|GA|TX\" # warm\n"
			 "    blocked-south: '@south status:blocked'\n"
			 "    zip4: ZIP:9581\n"
			 "    old: age>=65\n"
			 "    capital: \"state:CA city:\\\"Sac\\\"\"\n");
	free(text);
	fixture_press(&fixture, "\r");
	CHECK(shows(&fixture, "1 of 6 contacts: @capital"));
	/* it may not be its own term */
	fixture_press(&fixture, "Facapital\r");
	CHECK(shows(&fixture, "the saved filter @capital uses itself"));
	fixture_press(&fixture, "\033\033");
	/* nor is another one lost without a word */
	fixture_press(&fixture, "f\025state:FL\rFasouth\r");
	CHECK(shows(&fixture, "@south is state:FL|GA|TX: r replaces it"));
	fixture_press(&fixture, "\033");
	CHECK(shows(&fixture, "state:FL|GA|TX"));
	fixture_press(&fixture, "asouth\rr");
	CHECK_TEXT(
	    said(&fixture), "@south is saved in config.yaml; u takes it back");
	text = check_read("config.yaml");
	CHECK(strstr(text, "    south: \"state:FL\" # warm\n") != NULL);
	free(text);
	close_desk(&fixture);
}

TEST(filters_are_taken_out)
{
	struct fixture fixture;
	char *text;

	open_with(&fixture, config_text);
	fixture_press(&fixture, "Fx");
	CHECK(shows(&fixture, "y takes @south out of config.yaml; "
			      "@blocked-south uses it and will not work"));
	fixture_press(&fixture, "\033jjx");
	CHECK(shows(&fixture, "y takes @zip4 out of config.yaml\n"));
	fixture_press(&fixture, "y");
	CHECK_TEXT(said(&fixture),
	    "@zip4 is taken out of config.yaml; u takes that back");
	CHECK(shows(&fixture, " 3 saved filters"));
	text = check_read("config.yaml");
	CHECK(strstr(text, "zip4") == NULL);
	CHECK(strstr(text, "    old: age>=65\n") != NULL);
	free(text);
	fixture_press(&fixture, "ggxyxyxyx");
	CHECK_TEXT(said(&fixture), "no filter is saved yet");
	text = check_read("config.yaml");
	CHECK(strstr(text, "# mine\n") != NULL);
	free(text);
	close_desk(&fixture);
}

TEST(filters_a_config_is_made_for_them)
{
	struct fixture fixture;
	char *text;

	open_with(&fixture, "");
	fixture_press(&fixture, "fstate:CA\rFaca\r");
	CHECK_TEXT(
	    said(&fixture), "@ca is saved in config.yaml; u takes it back");
	text = check_read("config.yaml");
	CHECK_TEXT(text, "desk:\n  filters:\n    ca: \"state:CA\"\n");
	free(text);
	close_desk(&fixture);
}

TEST(filters_a_config_that_cannot_be_changed_is_left_alone)
{
	struct fixture fixture;
	char *text;

	open_with(&fixture, config_text);
	fixture_press(&fixture, "fstate:CA\rF");
	check_write("config.yaml", "desk: [\n");
	fixture_press(&fixture, "aca\r");
	CHECK(strstr(said(&fixture), "not saved: config.yaml:") != NULL);
	CHECK(shows(&fixture, " 4 saved filters"));
	text = check_read("config.yaml");
	CHECK_TEXT(text, "desk: [\n");
	free(text);
	close_desk(&fixture);
}

TEST(filters_changes_are_taken_back)
{
	struct fixture fixture;
	char *text;

	open_with(&fixture, config_text);
	fixture_press(&fixture, "fstate:FL\rFu");
	CHECK_TEXT(said(&fixture),
	    "no change of the saved filters is to be taken back");
	fixture_press(&fixture, "asouth\rr");
	fixture_press(&fixture, "anew\r");
	fixture_press(&fixture, "gjjxy"); /* zip4 */
	CHECK(shows(&fixture, " 4 saved filters"));
	fixture_press(&fixture, "u");
	CHECK_TEXT(said(&fixture), "@zip4 is in config.yaml again");
	CHECK(shows(&fixture, "ZIP:9581"));
	fixture_press(&fixture, "u");
	CHECK_TEXT(said(&fixture), "@new is no longer in config.yaml");
	fixture_press(&fixture, "u");
	CHECK_TEXT(said(&fixture), "@south in config.yaml is what it was");
	text = check_read("config.yaml");
	CHECK(strstr(text, "    south: \"state:FL|GA|TX\" # warm\n") != NULL);
	CHECK(strstr(text, "new") == NULL);
	CHECK(strstr(text, "zip4: \"ZIP:9581\"") != NULL);
	free(text);
	/* and made again, until something else is done */
	fixture_press(&fixture, "\022\022");
	CHECK_TEXT(said(&fixture), "@new is in config.yaml again");
	fixture_press(&fixture, "gjxy\022");
	CHECK_TEXT(
	    said(&fixture), "no change of the saved filters was taken back");
	close_desk(&fixture);
}

TEST(filters_what_was_changed_elsewhere_is_not_taken_back)
{
	struct fixture fixture;
	struct err err = ERR_INIT;
	char *text;

	open_with(&fixture, config_text);
	fixture_press(&fixture, "fstate:FL\rFasouth\rr");
	check_write("config.yaml",
	    "desk: {filters: {south: \"state:FL city:Miami\"}}\n");
	CHECK(config_reread_lists(fixture.config, &err));
	fixture_press(&fixture, "u");
	CHECK_TEXT(said(&fixture),
	    "@south was changed elsewhere since: it stays as it is");
	text = check_read("config.yaml");
	CHECK(strstr(text, "state:FL city:Miami") != NULL);
	free(text);
	close_desk(&fixture);
}
