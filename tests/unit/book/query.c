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
				  "  medicare_number: MBI\n"
				  "  medicare_part_a_effective_date: Part A\n"
				  "  medicare_part_b_effective_date: Part B\n"
				  "desk:\n"
				  "  filters:\n"
				  "    turning-65: t65<90 status:new\n"
				  "    florida: 'state:FL'\n"
				  "    soon_or_FL: \"@turning-65|@florida\"\n"
				  "    no-b: -parts:B\n"
				  "    bad: stat:CA\n"
				  "    worse: '@florida @bad'\n"
				  "    one: row:1 @two\n"
				  "    two: '-@three'\n"
				  "    three: '@one'\n"
				  "    gone: '@flordia'\n";

/* Part A of row 2 begins next year, Part B of row 3 as well. */
static const char csv[] =
    "Record ID,First Name,Last Name,Phone,Born,State,ZIP,MBI,Lead Status,"
    "Score,Last Seen,Notes | x,Part A,Part B,age,@tag\n"
    "1,Ruth,Abernathy,(916) 555-0123,12/27/1961,California,95811,,Open,10,"
    "2026-01-05,,1/1/2024,2/1/2024,old,\n"
    "2,Jos\xc3\xa9 Mar\xc3\xad"
    "a,\xc3\x81"
    "balos,,1/2/1958,FL,33101,"
    "1SG4-TE5-MK73,Closed - Won,9.5,3/1/2025,a|b,2/1/2027,,young,\n"
    "3,Walter,Adams,12,5/5/1955,CA,9581,,open deal,100,,,1/1/2024,3/1/2027,,\n"
    "4,,\xeb\xaf\xbc,,,,,,,,,new,,,,\n"
    "5,Ann,O'Hara,305-555-0177,2/29/1964,fl,33101,,New,-5,,\"two words\",,"
    "11/1/2026,,ann@florida.example\n"
    "6,Anneke,Van der Berg,,8/1/1961,TX,77002,,,1,,van-der,,,,@florida\n";

static const char *const statuses[] = {
    "new", "synced", "changed", "blocked", "failed", "queued"};

enum { ROWS = sizeof(statuses) / sizeof(*statuses) };

static const struct {
	const char *query;
	const char *rows; /* that match */
} tests[] = {
    {"", "123456"},
    {"  ", "123456"},
    /* words, in any column, without case and accents */
    {"ruth", "1"},
    {"RUTH", "1"},
    {"jose", "2"},
    {"JOS\xc3\x89", "2"},
    {"abalos", "2"},
    {"\xeb\xaf\xbc", "4"},
    {"a", "12356"},
    {"open", "13"},
    {"open adams", "3"},
    /* nearly so */
    {"~abrnthy", "1"},
    {"~abernaty state:CA", "1"},
    {"last_name:~abrnthy", "1"},
    {"\"Lead Status\":~opne", "13"},
    {"state:~abrnthy", ""},
    {"-~abrnthy", "23456"},
    {"~wlter|~abrnthy", "13"},
    {"\"~abrnthy\"", ""},
    /* all that the language has, together */
    {"status:new state:CA t65<90 -zip:2* \"ruth\"", "1"},
    {"state:TX -phone:* age>60 \"van der\"", "6"},
    {"adams open", "3"},
    {"walter|ann", "356"},
    {"\"two words\"", "5"},
    {"two words", "5"},
    {"\"words two\"", ""},
    {"\"closed - won\"", "2"},
    {"555-0123", "1"},
    {"\"a|b\"", "2"},
    {"-open", "2456"},
    {"-open -fl", "4"},
    {"-\"two words\"", "12346"},
    {"-walter|ann", "124"},
    {"nobody", ""},
    /* the word of the status */
    {"synced", "2"},
    {"*", "123456"},
    /* fields: what would be sent, or what stands there */
    {"state:ca", "13"},
    {"state:CA", "13"},
    {"state=CA", "13"},
    {"state:california", "1"},
    {"state:FL", "25"},
    {"state:FL|CA", "1235"},
    {"state:\"FL\"|CA", "1235"},
    {"state:*", "12356"},
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
    {"zip>50000", "16"},
    {"birth_date=1955-05-05", "3"},
    {"birth_date<1960", "23"},
    {"birth_date<1958-01-02", "3"},
    {"birth_date<=1958-01-02", "23"},
    {"birth_date>=1/1/1961", "156"},
    {"birth_date>1963", "5"},
    {"birth_date:1955", "3"},
    {"birth_date:*", "12356"},
    {"-birth_date:*", "4"},
    /* columns */
    {"\"Lead Status\":open", "13"},
    {"\"lead status\":open", "13"},
    {"\"Lead Status\"=open", "1"},
    {"lead_status=open", "1"},
    {"-\"Lead Status\":open", "2456"},
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
    {"\"Notes | x\":a|b", "26"},
    {"MBI:*", "2"},
    /* computed */
    {"row:1", "1"},
    {"row:1|3", "13"},
    {"row>3", "456"},
    {"row<=2", "12"},
    {"row:*", "123456"},
    {"age:64", "1"},
    {"age:6", ""},
    {"age>=65", "236"},
    {"age<65", "15"},
    {"age:*", "12356"},
    {"-age:*", "4"},
    {"t65<90", "1"},
    {"t65=34", "1"},
    {"t65:*", "15"},
    {"t65>365", "5"},
    {"t65<=829 t65>=829", "5"},
    {"status:new", "1"},
    {"status:new|failed", "15"},
    {"-status:new", "23456"},
    {"status=sync", ""},
    {"status:sync", "2"},
    {"finding:*", "12345"},
    {"-finding:error|warning", "1256"},
    {"finding:ZIP-LENGTH", "3"},
    {"finding:zip/ZIP-LENGTH", "3"},
    {"finding:state/ZIP-LENGTH", ""},
    {"finding:zip", "3"},
    {"finding:phone-shape|required", "34"},
    {"finding:error", "4"},
    {"finding:warning", "3"},
    {"finding:info", "125"},
    {"finding=MBI-TEST", "2"},
    {"finding=MBI", ""},
    {"iep:yes", "1"},
    {"iep=no", "2356"},
    {"iep:*", "12356"},
    {"-iep:*", "4"},
    {"parts:B", "15"},
    {"parts:A", "13"},
    {"parts:ab", "1"},
    {"parts=A", "3"},
    {"parts=B", "5"},
    {"parts:*", "135"},
    {"-parts:*", "246"},
    {"parts=\"\"", "246"},
    {"-parts:B", "2346"},
    {"-parts:B age>=65", "236"},
    /* a column that is called as a computed value is found by quotes */
    {"\"age\":old", "1"},
    {"\"age\":*", "12"},
    {"\"t65\"<90", "1"},
    /* without the blank and the dash of what stands there */
    {"\"van der\"", "6"},
    {"van", "6"},
    {"-\"van der\" state:TX", ""},
    {"last_name:\"van der\"", "6"},
    {"last_name:VAN", "6"},
    {"-email:*", "123456"},
    {"first_name:ann|ruth", "156"},
    {"first_name=ann|ruth", "15"},
    {"last_name:\"a|b\"", ""},
    {"\"-open\"", ""},
    {"\"*\"", ""},
    /* saved filters */
    {"@florida", "25"},
    {"-@florida", "1346"},
    {"@turning-65", "1"},
    {"@florida|@turning-65", "125"},
    {"@soon_or_FL", "125"},
    {"@soon_or_FL -@florida", "1"},
    {"@soon_or_FL status:failed", "5"},
    {"@no-b state:FL", "2"},
    {"@florida|adams", "235"},
    /* and what only looks like one */
    {"@florida.example", "5"},
    {"\"@florida\"", "56"},
    {"\"@tag\":@florida", "56"},
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
		for (uint32_t row = 0; row < ROWS; row++)
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
	    {"age>old", "after age there must be a number, not \"old\""},
	    {"age<1/1/1960",
		"after age there must be a number, not \"1/1/1960\""},
	    {"row:first", "after row there must be a number, not \"first\""},
	    {"Score>high",
		"after Score and < or > there must be a number or a date"},
	    {"t56<90", "\"t56\" is no column or field; did you mean \"t65\"?"},
	    {"IEP:yes", "\"IEP\" is no column or field; did you mean \"iep\"?"},
	    {"part:B",
		"\"part\" is no column or field; did you mean \"parts\"?"},
	    {"parts:C", "parts is A, B or AB, not \"c\"; -parts:B is without "
			"Part B"},
	    {"parts<B",
		"parts cannot be compared with < or >; write parts:word"},
	    {"iep:maybe", "iep is yes or no, not \"maybe\""},
	    {"@flordia",
		"there is no saved filter \"flordia\"; did you mean @florida?"},
	    {"@elsewhere", "there is no saved filter \"elsewhere\"; to search "
			   "for the text itself, put it in quotes"},
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

static const char *
status_word(unsigned number)
{
	return number < ROWS ? statuses[number] : NULL;
}

TEST(query_knows_what_is_no_status)
{
	static const char *const good[] = {"status:new", "status:fail|synced",
	    "status=FAILED", "status:*", "-status:nc", "\"status\":new"};
	static const struct {
		const char *query, *word;
	} bad[] = {{"status:nonsense", "nonsense"}, {"status=fail", "fail"},
	    {"state:CA -status:new|Faild", "faild"}, {"status:\"*\"", "*"}};
	struct config *config = shelf_config(config_text);
	struct book *book = shelf_book(config, "b.csv", csv);
	struct query *query = NULL;
	struct err err = ERR_INIT;
	char words[200];

	/* whoever does not say what there is takes all */
	CHECK((query = query_parse(book, "status:nonsense", &err)) != NULL);
	query_free(query);
	book_name_statuses(book, status_word);
	for (unsigned i = 0; i < sizeof(good) / sizeof(*good); i++) {
		query = query_parse(book, good[i], &err);
		CHECK_TEXT(query ? "" : err.text, "");
		query_free(query);
	}
	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		CHECK(query_parse(book, bad[i].query, &err) == NULL);
		CHECK_INT(err.kind, ERR_USAGE);
		snprintf(words, sizeof(words),
		    "status is new, synced, changed, blocked, failed or "
		    "queued, not \"%s\"",
		    bad[i].word);
		CHECK_TEXT(err.text, words);
	}
	book_free(book);
	config_free(config);
}

TEST(query_survives_any_text)
{
	static const char alphabet[] = "ab:=<>|\"-* \t09.state@iep";
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
		CHECK_INT(query == NULL, err.kind != ERR_NONE);
		for (uint32_t row = 0; query && row < ROWS; row++)
			query_match(query, book, row, "new", &contact);
		query_free(query);
	}
	contact_release(&contact);
	book_free(book);
	config_free(config);
}

/* In the desk's words, with the place in the config. */
TEST(query_saved_filters_are_told_with_their_place)
{
	static const struct {
		const char *query, *words;
	} mistakes[] = {
	    {"@bad", "c.yaml:18:10: desk.filters.bad: \"stat\" is no column or "
		     "field; did you mean \"state\"?"},
	    /* the innermost one is at fault */
	    {"-@worse", "c.yaml:18:10: desk.filters.bad: \"stat\" is no column "
			"or field; did you mean \"state\"?"},
	    {"@gone", "c.yaml:23:11: desk.filters.gone: there is no saved "
		      "filter \"flordia\"; did you mean @florida?"},
	    {"@one", "c.yaml:22:12: desk.filters.three: the saved filter @one "
		     "uses itself: @one, @two, @three, @one"},
	    {"@two", "c.yaml:20:10: desk.filters.one: the saved filter @two "
		     "uses itself: @two, @three, @one, @two"},
	};
	struct config *config = shelf_config(config_text);
	struct book *book = shelf_book(config, "b.csv", csv);
	struct err err = ERR_INIT;
	struct str all;

	for (unsigned i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		struct err why = ERR_INIT;

		CHECK(query_parse(book, mistakes[i].query, &why) == NULL);
		CHECK_INT(why.kind, ERR_CONFIG);
		CHECK_TEXT(why.text, mistakes[i].words);
	}
	str_init(&all, 8192);
	CHECK_INT(query_check_saved(book, &all), 6);
	CHECK(strstr(all.data, mistakes[2].words) != NULL);
	str_release(&all);

	CHECK(query_may_save(book, "new", "@florida -parts:B", &err));
	CHECK(query_may_save(book, "florida", "state:FL|fl", &err));
	CHECK(!query_may_save(book, "florida", "@soon_or_FL", &err));
	CHECK_TEXT(strstr(err.text, "the saved"),
	    "the saved filter @florida uses itself: @florida, @soon_or_FL, "
	    "@florida");
	CHECK(!query_may_save(book, "new", "row:1 -@new", &err));
	CHECK_TEXT(err.text, "the saved filter @new uses itself: @new, @new");
	book_free(book);
	config_free(config);
}

TEST(query_uses_names_whole)
{
	CHECK(query_uses("@a", "a"));
	CHECK(query_uses("x -@a y", "a"));
	CHECK(query_uses("@b|@a", "a"));
	CHECK(query_uses("@ab @a", "a"));
	CHECK(!query_uses("@ab", "a"));
	CHECK(!query_uses("a @b", "a"));
	CHECK(!query_uses("", "a"));
}

/* Each uses the one before twice: a million terms, were they not counted. */
TEST(query_saved_filters_do_not_multiply)
{
	struct err err = ERR_INIT;
	struct config *config;
	struct book *book;
	struct str text;

	str_init(&text, 8192);
	str_addf(&text, "desk:\n  filters:\n    f0: row:1\n");
	for (int i = 1; i <= 20; i++)
		str_addf(&text, "    f%d: '@f%d @f%d'\n", i, i - 1, i - 1);
	config = shelf_config(text.data);
	book = shelf_book(config, "b.csv", "external_id\n1\n");
	CHECK(query_parse(book, "@f20", &err) == NULL);
	CHECK(strstr(err.text, "the filter has too many terms") != NULL);
	str_release(&text);
	book_free(book);
	config_free(config);
}

/* Rows that cannot match are passed over, but none that was edited. */
TEST(query_passes_over_rows)
{
	struct config *config = shelf_config(config_text);
	struct book *book = shelf_book(config, "b.csv", csv);
	struct err err = ERR_INIT;
	uint32_t count = book_count(book);
	struct query *word, *status, *field, *not ;

	book_name_statuses(book, status_word);
	word = query_parse(book, "edited", &err);
	status = query_parse(book, "sync", &err);
	field = query_parse(book, "state:NY", &err);
	not = query_parse(book, "-edited", &err);
	REQUIRE(word && status && field && not &&count > 2);
	CHECK_INT(query_next(word, book, 0, count), count);
	CHECK_INT(query_next(word, book, count, count), count);
	/* a row's status may have it, which the caller asks */
	CHECK_INT(query_next(status, book, 1, count), count);
	CHECK_INT(query_statuses(status), 1 << 1);
	CHECK_INT(query_statuses(word), 0);
	/* other terms look elsewhere */
	CHECK_INT(query_next(field, book, 1, count), 1);
	CHECK_INT(query_next(not, book, 1, count), 1);
	CHECK(book_set(book, 1, 8, "Edited", &err));
	CHECK_INT(query_next(word, book, 0, count), 1);
	CHECK_INT(query_next(word, book, 2, count), count);
	CHECK_INT(query_next(status, book, 0, count), 1);
	book_put_result(
	    book, 2, &(struct book_result){.healthsherpa_id = "edited-1"});
	book_put_result(
	    book, 0, &(struct book_result){.healthsherpa_id = "none"});
	CHECK_INT(query_next(word, book, 2, count), 2);
	CHECK_INT(query_next(word, book, 0, count), 1);
	query_free(word);
	query_free(status);
	query_free(field);
	query_free(not );
	book_free(book);
	config_free(config);
}

/* What is typed on narrows, what means something else does not. */
TEST(query_knows_what_is_within)
{
	static const struct {
		const char *narrow, *wide;
		bool within;
	} pairs[] = {
	    {"ab", "a", true},
	    {"tab", "ab", true},
	    {"ab cd", "a", true},
	    {"state:NY", "state:N", true},
	    {"ab", "ab", true},
	    {"a", "ab", false},
	    {"a", "a b", false},
	    {"-ab", "-a", false},
	    {"state:NY", "zip:N", false},
	    {"age>70", "age>7", false},
	    {"age:70", "age:7", false},
	    {"t65:12", "t65:1", false},
	    {"row:12", "row:1", false},
	    {"parts:ab", "parts:a", true},
	    {"~abcdef", "~abcde", false},
	    {"ab|cd", "a", false},
	};
	struct config *config = shelf_config(config_text);
	struct book *book = shelf_book(config, "b.csv", csv);
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct query *narrow = query_parse(book, pairs[i].narrow, &err);
		struct query *wide = query_parse(book, pairs[i].wide, &err);

		REQUIRE(narrow && wide);
		CHECK_INT(query_is_within(narrow, wide), pairs[i].within);
		query_free(narrow);
		query_free(wide);
	}
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
