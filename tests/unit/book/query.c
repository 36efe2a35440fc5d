/* SPDX-License-Identifier: MIT */
#include "book/query.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "check.h"
#include "shelf.h"

/* Today is 2026-11-23. Row 1 turns 65 in 34 days, row 3 turned 65 long ago. */
static const char config_text[] = "mapping:\n"
				  "  external_id: Record ID\n"
				  "  first_name: First Name\n"
				  "  last_name: Last Name\n"
				  "  phone: Phone\n"
				  "  birth_date: Born\n"
				  "  state: State\n"
				  "  zip: ZIP\n"
				  "  medicare_number: MBI\n";

static const char csv[] =
    "Record ID,First Name,Last Name,Phone,Born,State,ZIP,MBI,Lead Status,"
    "Score,Last Seen,Notes | x\n"
    "1,Ruth,Abernathy,(916) 555-0123,12/27/1961,California,95811,,Open,10,"
    "2026-01-05,\n"
    "2,Jos\xc3\xa9 Mar\xc3\xad"
    "a,\xc3\x81"
    "balos,,1/2/1958,FL,33101,"
    "1SG4-TE5-MK73,Closed - Won,9.5,3/1/2025,a|b\n"
    "3,Walter,Adams,12,5/5/1955,CA,9581,,open deal,100,,\n"
    "4,,\xeb\xaf\xbc,,,,,,,,,new\n"
    "5,Ann,O'Hara,305-555-0177,2/29/1964,fl,33101,,New,-5,,\"two words\"\n";

static const char *const statuses[] = {
    "new", "synced", "changed", "blocked", "failed"};

static const struct {
	const char *query;
	const char *rows; /* that match */
} tests[] = {
    {"", "12345"},
    {"  ", "12345"},
    /* words, in any column, without case and accents */
    {"ruth", "1"},
    {"RUTH", "1"},
    {"jose", "2"},
    {"JOS\xc3\x89", "2"},
    {"abalos", "2"},
    {"\xeb\xaf\xbc", "4"},
    {"a", "1235"},
    {"open", "13"},
    {"open adams", "3"},
    {"adams open", "3"},
    {"walter|ann", "35"},
    {"\"two words\"", "5"},
    {"two words", "5"},
    {"\"words two\"", ""},
    {"\"closed - won\"", "2"},
    {"555-0123", "1"},
    {"\"a|b\"", "2"},
    {"-open", "245"},
    {"-open -fl", "4"},
    {"-\"two words\"", "1234"},
    {"-walter|ann", "124"},
    {"nobody", ""},
    /* the word of the status */
    {"synced", "2"},
    {"*", "12345"},
    /* fields: what would be sent, or what stands there */
    {"state:ca", "13"},
    {"state:CA", "13"},
    {"state=CA", "13"},
    {"state:california", "1"},
    {"state:FL", "25"},
    {"state:FL|CA", "1235"},
    {"state:\"FL\"|CA", "1235"},
    {"state:*", "1235"},
    {"-state:*", "4"},
    {"phone:916555", "1"},
    {"phone:\"(916) 555\"", "1"},
    {"phone:*", "135"},
    {"phone=9165550123", "1"},
    {"first_name:mar\xc3\xad"
     "a",
	"2"},
    {"first_name=ruth", "1"},
    {"first_name=rut", ""},
    {"first_name=\"\"", "4"},
    {"last_name:o'hara", "5"},
    {"medicare_number:1sg4te5", "2"},
    {"medicare_number:1SG4-TE5", "2"},
    {"zip=95811", "1"},
    {"zip>50000", "1"},
    {"birth_date=1955-05-05", "3"},
    {"birth_date<1960", "23"},
    {"birth_date<1958-01-02", "3"},
    {"birth_date<=1958-01-02", "23"},
    {"birth_date>=1/1/1961", "15"},
    {"birth_date>1963", "5"},
    {"birth_date:1955", "3"},
    {"birth_date:*", "1235"},
    {"-birth_date:*", "4"},
    /* columns */
    {"\"Lead Status\":open", "13"},
    {"\"lead status\":open", "13"},
    {"\"Lead Status\"=open", "1"},
    {"lead_status=open", "1"},
    {"-\"Lead Status\":open", "245"},
    {"\"Lead Status\":open|new", "135"},
    {"\"Lead Status\":*", "1235"},
    {"Score>9", "123"},
    {"Score>9.5", "13"},
    {"Score>=9.5", "123"},
    {"Score<0", "5"},
    {"Score=100", "3"},
    {"Score:10", "13"},
    {"\"Last Seen\">2025-06-01", "1"},
    {"\"Last Seen\"<2025-06-01", "2"},
    {"\"Last Seen\">=2025", "12"},
    {"\"Notes | x\":\"a|b\"", "2"},
    {"\"Notes | x\":a|b", "2"},
    {"MBI:*", "2"},
    /* computed */
    {"row:1", "1"},
    {"row:1|3", "13"},
    {"row>3", "45"},
    {"row<=2", "12"},
    {"row:*", "12345"},
    {"age:64", "1"},
    {"age:6", ""},
    {"age>=65", "23"},
    {"age<65", "15"},
    {"age:*", "1235"},
    {"-age:*", "4"},
    {"t65<90", "1"},
    {"t65=34", "1"},
    {"t65:*", "15"},
    {"t65>365", "5"},
    {"t65<=829 t65>=829", "5"},
    {"status:new", "1"},
    {"status:new|failed", "15"},
    {"-status:new", "2345"},
    {"status=sync", ""},
    {"status:sync", "2"},
    {"finding:*", "12345"},
    {"-finding:error|warning", "125"},
    {"finding:ZIP-LENGTH", "3"},
    {"finding:zip", "3"},
    {"finding:phone-shape|required", "34"},
    {"finding:error", "4"},
    {"finding:warning", "3"},
    {"finding:info", "125"},
    {"finding=MBI-TEST", "2"},
    {"finding=MBI", ""},
    {"t65<90 state:CA status:new", "1"},
    {"state:CA -finding:warning", "1"},
    {"finding:warning state:CA", "3"},
};

TEST(query_means_what_it_says)
{
	struct config *config = shelf_config(config_text);
	struct book *book = shelf_book(config, "b.csv", csv);
	struct contact contact;
	struct err err = ERR_INIT;

	contact_init(&contact);
	for (unsigned i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		struct query *query = query_parse(book, tests[i].query, &err);
		char rows[8] = "";
		size_t count = 0;

		if (!query) {
			CHECK_TEXT(err.text, tests[i].query);
			continue;
		}
		for (uint32_t row = 0; row < 5; row++)
			if (query_match(
				query, book, row, statuses[row], &contact))
				rows[count++] = (char)('1' + row);
		if (strcmp(rows, tests[i].rows) != 0)
			printf("# %s\n", tests[i].query);
		CHECK_TEXT(rows, tests[i].rows);
		query_free(query);
	}
	contact_release(&contact);
	book_free(book);
	config_free(config);
}

TEST(query_names_every_mistake)
{
	static const struct {
		const char *query, *words;
	} mistakes[] = {
	    {"stat:CA",
		"\"stat\" is no column or field; did you mean \"state\"?"},
	    {"frist_name:x", "\"frist_name\" is no column or field; did you "
			     "mean \"first_name\"?"},
	    {"http://x",
		"\"http\" is no column or field; to search for the text "
		"itself, put it in quotes"},
	    {"a \"b", "a quote is not closed: \"b"},
	    {"state:", "a value is missing after state; state:* finds any"},
	    {"state:CA|", "a value is missing after state; state:* finds any"},
	    {"state: CA", "a value is missing after state; state:* finds any"},
	    {"x|", "a word is missing beside |"},
	    {":x", "a name is missing before :"},
	    {"age>old",
		"after age and < or > there must be a number or a date"},
	    {"status<new",
		"status cannot be compared with < or >; write status:word"},
	};
	struct config *config = shelf_config(config_text);
	struct book *book = shelf_book(config, "b.csv", csv);

	for (unsigned i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		struct err err = ERR_INIT;

		CHECK(query_parse(book, mistakes[i].query, &err) == NULL);
		CHECK_INT(err.kind, ERR_USAGE);
		CHECK_TEXT(err.text, mistakes[i].words);
	}
	book_free(book);
	config_free(config);
}

TEST(query_survives_any_text)
{
	static const char alphabet[] = "ab:=<>|\"-* \t09.state";
	struct config *config = shelf_config(config_text);
	struct book *book = shelf_book(config, "b.csv", csv);
	struct contact contact;
	uint32_t seed = 5;

	contact_init(&contact);
	for (unsigned round = 0; round < 5000; round++) {
		struct err err = ERR_INIT;
		struct query *query;
		char text[24];
		size_t len = round % (sizeof(text) - 1);

		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525u + 1013904223u;
			text[i] =
			    alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		text[len] = '\0';
		query = query_parse(book, text, &err);
		CHECK_INT(query == NULL, err.kind == ERR_USAGE);
		for (uint32_t row = 0; query && row < 5; row++)
			query_match(query, book, row, "new", &contact);
		query_free(query);
	}
	contact_release(&contact);
	book_free(book);
	config_free(config);
}

/* Edits count. */
TEST(query_sees_edits)
{
	struct config *config = shelf_config(config_text);
	struct book *book = shelf_book(config, "b.csv", csv);
	struct contact contact;
	struct err err = ERR_INIT;
	struct query *word = query_parse(book, "edited", &err);
	struct query *field = query_parse(book, "state:NY", &err);

	contact_init(&contact);
	REQUIRE(word && field);
	CHECK(!query_match(word, book, 0, "", &contact));
	CHECK(book_set(book, 0, 8, "Edited", &err));
	CHECK(book_set(book, 0, 5, "New York", &err));
	CHECK(query_match(word, book, 0, "", &contact));
	CHECK(query_match(field, book, 0, "", &contact));
	book_undo(book);
	CHECK(!query_match(field, book, 0, "", &contact));
	query_free(word);
	query_free(field);
	contact_release(&contact);
	book_free(book);
	config_free(config);
}
