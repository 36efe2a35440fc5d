/* SPDX-License-Identifier: MIT */
/* Another mapping for an open book: all is as if it had been opened with it. */
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book/book.h"
#include "book/mapping.h"
#include "check.h"
#include "unit/book/shelf.h"

static const char export[] = "No,Given,Family,Born\n"
			     "1,Ruth,Abernathy,15/3/1955\n"
			     "2,Walter,Adams,2/4/1956\n"
			     "2,Denise,Baker,3/4/1957\n";
static const char good[] = "mapping:\n  external_id: No\n  first_name: Given\n"
			   "  last_name: Family\n  birth_date: Born\n";

TEST(book_remap_finds_out_anew_what_all_rows_tell)
{
	struct config *plain = shelf_config(""), *with = shelf_config(good);
	struct book *book = shelf_book(plain, "export.csv", export);
	struct err err = ERR_INIT;
	unsigned rounds = 0;

	CHECK(!book_is_mapped(book));
	CHECK(book_loaded(book));
	REQUIRE(book_remap(book, with->mapping, &err));
	CHECK(book_is_mapped(book));
	CHECK(!book_loaded(book));
	/* in slices, as it was read */
	while (book_load(book, 1, &err) == SOURCE_MORE)
		rounds++;
	CHECK_INT(rounds, 2);
	CHECK(book_loaded(book));
	CHECK_INT(book_find(book, "1"), 0);
	/* repeated IDs and the order of dates are known of the whole */
	CHECK(strstr(shelf_findings(book, 1), "ID-REPEATED!") != NULL);
	CHECK_TEXT(shelf_value(book, 1, FIELD_BIRTH_DATE), "1956-04-02");
	book_free(book);
	config_free(with);
	config_free(plain);
}

TEST(book_remap_leaves_all_as_it_was_when_a_column_is_not_there)
{
	struct config *with = shelf_config(good);
	struct config *other = shelf_config("mapping:\n  external_id: Nmbr\n");
	struct book *book = shelf_book(with, "export.csv", export);
	struct err err = ERR_INIT;

	CHECK(!book_remap(book, other->mapping, &err));
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK(strstr(err.text, "Nmbr") != NULL);
	CHECK(book_loaded(book));
	CHECK_TEXT(shelf_value(book, 0, FIELD_FIRST_NAME), "Ruth");
	CHECK_INT(book_find(book, "1"), 0);
	book_free(book);
	config_free(other);
	config_free(with);
}
