/* SPDX-License-Identifier: MIT */
/* Cards of books, and who continues whom. */
#include "sync/shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "check.h"
#include "sync/ledger.h"

struct place {
	struct config *config;
	struct book *book;
	char *state, *own;
};

static struct place
open_book(const char *name, const char *text)
{
	struct place place = {.state = file_join(check_directory(), "state")};
	char *path = file_join(check_directory(), name);
	struct err err = ERR_INIT;
	struct str problems;

	str_init(&problems, 1000);
	place.config = config_parse("c.yaml", "", 0, &problems, &err);
	REQUIRE(place.config != NULL);
	check_write(path, text);
	place.book = book_open(place.config, path, &clock_system, &err);
	REQUIRE(place.book && book_load_all(place.book, &err));
	place.own = shelf_own(place.state, place.book);
	free(path);
	str_release(&problems);
	return place;
}

static void
close_book(struct place *place)
{
	book_free(place->book);
	config_free(place->config);
	free(place->own);
	free(place->state);
}

static const char people[] = "external_id,first_name,last_name\n"
			     "1,Ruth,Adams\n2,Ann,Baker\n3,Cid,Cole\n";

/* Its three people are in a ledger, its card is written. */
static void
make_known(const struct place *place)
{
	struct ledger_entry *entry = mem_zalloc(sizeof(*entry));
	struct err err = ERR_INIT;
	struct ledger *ledger = ledger_open(
	    place->own, "staging", false, false, &err);

	REQUIRE(ledger != NULL);
	for (int i = 1; i <= 3; i++) {
		snprintf(
		    entry->external_id, sizeof(entry->external_id), "%d", i);
		entry->state = STATE_LINKED;
		CHECK(ledger_store(ledger, entry));
	}
	CHECK(ledger_commit(ledger, &err));
	ledger_free(ledger);
	CHECK(shelf_describe(place->own, place->book, 1000, &err));
	free(entry);
}

TEST(a_book_has_a_directory_of_its_own)
{
	struct place place = open_book("a.csv", people);
	char *path = file_join(check_directory(), "a.csv");
	char *again, *home;

	CHECK(str_starts(place.own, place.state));
	again = shelf_own_of_path(place.state, path);
	CHECK_TEXT(again, place.own);
	free(again);
	unlink(path); /* gone, but its name is the same */
	again = shelf_own_of_path(place.state, path);
	CHECK_TEXT(again, place.own);
	home = shelf_home(place.own);
	CHECK_TEXT(home, place.own);
	CHECK(!shelf_has(place.own));
	CHECK(!shelf_is_separate(place.own));
	free(home);
	free(again);
	free(path);
	close_book(&place);
}

TEST(a_card_says_no_more_than_the_file_and_its_columns)
{
	struct place place = open_book("a.csv", people);
	struct err err = ERR_INIT;
	char *path, *card;
	struct stat info;

	CHECK(shelf_describe(place.own, place.book, 1000, &err));
	path = file_join(place.own, "book.json");
	card = check_read(path);
	CHECK(strstr(card, "\"format\":\"CSV\""));
	CHECK(strstr(card, "\"records\":3"));
	CHECK(strstr(card,
	    "\"columns\":[\"external_id\",\"first_name\",\"last_name\"]"));
	CHECK(!strstr(card, "Ruth"));
	CHECK(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600);
	free(card);
	free(path);
	close_book(&place);
}

TEST(a_newer_export_is_found_and_decided_about)
{
	struct place old = open_book("export-1.csv", people);
	struct place new = open_book("export-2.csv", people);
	struct shelf_older older;
	struct err err = ERR_INIT;
	char *home;

	CHECK(!shelf_find_older(new.own, new.book, &older));
	make_known(&old);
	CHECK(shelf_has(old.own));
	REQUIRE(shelf_find_older(new.own, new.book, &older));
	CHECK_TEXT(older.directory, old.own);
	CHECK_TEXT(file_name(older.path), "export-1.csv");
	CHECK_INT(older.known, 3);
	CHECK_INT(older.sampled, 3);
	shelf_older_release(&older);
	CHECK(shelf_decide(new.own, new.book, old.own, &err));
	home = shelf_home(new.own);
	CHECK_TEXT(home, old.own);
	free(home);
	/* taken back; describing it does not forget that */
	CHECK(shelf_decide(new.own, new.book, NULL, &err));
	CHECK(shelf_describe(new.own, new.book, 2000, &err));
	CHECK(shelf_is_separate(new.own));
	home = shelf_home(new.own);
	CHECK_TEXT(home, new.own);
	free(home);
	close_book(&old);
	close_book(&new);
}

/* What may stand in a card that somebody damaged. */
static const char *const damaged[] = {
    "",
    "{",
    "[]",
    "{\"continues\":1}",
    "{\"continues\":\"../../../etc\"}",
    "{\"continues\":\"0123456789abcdef\"}",
    "{\"continues\":\"0123456789ABCDEF0123456789ABCDEF\"}",
    "{\"columns\":{},\"format\":[],\"path\":null}",
    "{\"path\":\"x\",\"format\":\"CSV\",\"columns\":[1,null,{}]}",
};

TEST(a_damaged_card_counts_as_none)
{
	struct place old = open_book("damaged-1.csv", people);
	struct place new = open_book("damaged-2.csv", people);
	char *path = file_join(old.own, "book.json");

	make_known(&old);
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		struct shelf_older older = {0};
		char *home;

		check_write(path, damaged[i]);
		home = shelf_home(old.own);
		CHECK_TEXT(home, old.own);
		free(home);
		CHECK(!shelf_find_older(new.own, new.book, &older) ||
		      strcmp(older.directory, old.own) != 0);
		shelf_older_release(&older);
	}
	free(path);
	close_book(&old);
	close_book(&new);
}

static void
remove_from(const struct place *place, const char *name)
{
	char *path = file_join(place->own, name);

	REQUIRE(unlink(path) == 0);
	free(path);
}

TEST(a_card_tells_which_ledgers_there_were)
{
	struct place place = open_book("a.csv", people);
	struct err err = ERR_INIT;

	CHECK(!shelf_had_ledger(place.own, "staging"));
	make_known(&place);
	/* one that was there before the card told */
	CHECK(shelf_had_ledger(place.own, "staging"));
	CHECK(!shelf_had_ledger(place.own, "production"));
	CHECK_INT(shelf_generation(place.own, "staging"), 0);
	REQUIRE(shelf_set_generation(place.own, "staging", 41, &err));
	REQUIRE(shelf_set_generation(place.own, "practice", 2, &err));
	remove_from(&place, "staging.sqlite");
	/* both survive what else is written on it */
	REQUIRE(shelf_decide(place.own, place.book, NULL, &err));
	REQUIRE(shelf_describe(place.own, place.book, 2000, &err));
	CHECK(shelf_is_separate(place.own));
	CHECK(shelf_had_ledger(place.own, "staging"));
	CHECK_INT(shelf_generation(place.own, "staging"), 41);
	CHECK_INT(shelf_generation(place.own, "practice"), 2);
	CHECK(!shelf_had_ledger(place.own, "production"));
	/* without its card any ledger may have been there */
	remove_from(&place, "book.json");
	CHECK(shelf_had_ledger(place.own, "production"));
	remove_from(&place, "key");
	CHECK(!shelf_had_ledger(place.own, "production"));
	close_book(&place);
}

TEST(a_card_of_an_earlier_version_tells_of_no_ledgers)
{
	struct place place = open_book("a.csv", people);
	char *path = file_join(place.own, "book.json");

	make_known(&place);
	check_write(path, "{\"path\":\"/a.csv\",\"format\":\"csv\","
			  "\"columns\":[\"external_id\"]}");
	remove_from(&place, "key");
	CHECK(shelf_had_ledger(place.own, "staging"));
	CHECK(shelf_had_ledger(place.own, "production"));
	free(path);
	close_book(&place);
}
