/* SPDX-License-Identifier: MIT */
/*
 * Cards are small JSON files, replaced whole. One that cannot be read counts as
 * missing: it is a help for the memory, the ledger beside it is the truth.
 *
 * Hazard: `continues` always names a directory with a ledger of its own, never
 * one that continues another: whoever decides resolves it first.
 */
#include "sync/shelf.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "sync/ledger.h"
#include "sync/lineage.h"

enum { NAME_BYTES = 16, NAME_LEN = 2 * NAME_BYTES, SAMPLE = 500 };

/* ---- directories --------------------------------------------------------- */

static char *
directory_of(const char *state_dir, struct crypto_digest *hash)
{
	uint8_t digest[CRYPTO_DIGEST_SIZE];
	char hex[NAME_LEN + 1];
	char *state = state_dir ? mem_strdup(state_dir) : file_state_dir();
	char *books = file_join(state, "books"), *directory;

	crypto_digest_end(hash, digest);
	crypto_hex(hex, digest, NAME_BYTES);
	directory = file_join(books, hex);
	free(books);
	free(state);
	return directory;
}

/* Result columns are ours and come with the first save: they tell nothing. */
static bool
tells(const struct book *book, uint32_t column)
{
	return book_is_from_file(book, column) && !book_is_result(book, column);
}

char *
shelf_own(const char *state_dir, const struct book *book)
{
	const struct source *source = book_source(book);
	const struct records *records = book_records(book);
	const char *path = source_real_path(source);
	struct crypto_digest hash;

	crypto_digest_start(&hash);
	crypto_digest_add(&hash, path, strlen(path));
	for (uint32_t i = 0;
	     strcmp(path, "-") == 0 && i < records_column_count(records); i++) {
		const char *name = records_column_name(records, i);

		if (tells(book, i))
			crypto_digest_add(&hash, name, strlen(name) + 1);
	}
	return directory_of(state_dir, &hash);
}

char *
shelf_own_of_path(const char *state_dir, const char *path)
{
	struct err ignored = ERR_INIT;
	struct crypto_digest hash;
	char *expanded = file_expand(path), *real, *parent, *place;

	real = file_real(expanded, &ignored);
	if (!real) {
		parent = mem_strndup(
		    expanded, (size_t)(file_name(expanded) - expanded));
		place = file_real(*parent ? parent : ".", &ignored);
		if (place)
			real = file_join(place, file_name(expanded));
		free(parent);
		free(place);
	}
	crypto_digest_start(&hash);
	if (real)
		crypto_digest_add(&hash, real, strlen(real));
	free(real);
	free(expanded);
	return directory_of(state_dir, &hash);
}

static bool
is_there(const char *directory, const char *name)
{
	char *path = file_join(directory, name);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

bool
shelf_has(const char *directory)
{
	return is_there(directory, "key");
}

static char *
beside(const char *directory, const char *name)
{
	char *parent = mem_strndup(
	    directory, (size_t)(file_name(directory) - directory));
	char *path = file_join(parent, name);

	free(parent);
	return path;
}

/* ---- cards ----------------------------------------------------------------
 */

/* NULL when there is none that can be read. */
static struct json *
read_card(const char *directory)
{
	struct err ignored = ERR_INIT;
	char *path = file_join(directory, "book.json");
	struct json *card = NULL;
	struct str text;

	str_init(&text, JSON_SIZE_MAX);
	if (file_read_all(path, &text, NULL, &ignored))
		card = json_parse(text.data, text.len, &ignored);
	str_release(&text);
	free(path);
	return card;
}

static bool
write_card(const char *directory, const struct json *card, struct err *err)
{
	char *path = file_join(directory, "book.json");
	struct str text;
	bool good;

	str_init(&text, JSON_SIZE_MAX);
	json_print(&text, card);
	good = file_make_private_dir(directory, err) &&
	       file_replace(path, text.data, text.len, err);
	str_release(&text);
	free(path);
	return good;
}

static bool
is_name(const char *name)
{
	return strlen(name) == NAME_LEN &&
	       strspn(name, "0123456789abcdef") == NAME_LEN;
}

char *
shelf_home(const char *own)
{
	struct json *card = read_card(own);
	const char *name = json_string(json_get(card, "continues"));
	char *home = name && is_name(name) ? beside(own, name)
					   : mem_strdup(own);

	json_free(card);
	return home;
}

bool
shelf_is_separate(const char *own)
{
	struct json *card = read_card(own);
	bool separate = json_true(json_get(card, "separate"));

	json_free(card);
	return separate;
}

static void
add_book(struct json *card, const struct book *book)
{
	const struct source *source = book_source(book);

	json_add_string(card, "path", source_real_path(source));
	json_add_string(card, "format", source_format_name(source));
}

/*
 * Takes over what the directory's card says of its ledgers; those that no card
 * tells of are there or not. One of them (or NULL) with another number.
 */
static void
keep_ledgers(struct json *card, const char *directory, const char *changed,
    int64_t generation)
{
	struct json *old = read_card(directory);
	const struct json *said = json_get(old, "ledgers");
	struct json *ledgers = json_object();

	for (unsigned i = 0; i < SERVICE_ENVIRONMENTS; i++) {
		const char *name = config_environment_word(
		    (enum service_environment)i);
		const char *number = json_number_text(json_get(said, name));
		char *path = ledger_path(directory, name);

		if (changed && strcmp(name, changed) == 0)
			json_add_integer(ledgers, name, generation);
		else if (number || access(path, F_OK) == 0)
			json_add_integer(ledgers, name,
			    number ? strtoll(number, NULL, 10) : 0);
		free(path);
	}
	json_add(card, "ledgers", ledgers);
	json_free(old);
}

bool
shelf_had_ledger(const char *directory, const char *name)
{
	struct json *card = read_card(directory);
	const struct json *ledgers = json_get(card, "ledgers");
	bool had;

	if (json_is_object(ledgers))
		had = json_get(ledgers, name) != NULL;
	else /* no card, or one of an earlier version */
		had = shelf_has(directory) || json_get(card, "columns");
	json_free(card);
	return had;
}

int64_t
shelf_generation(const char *directory, const char *name)
{
	struct json *card = read_card(directory);
	const char *number = json_number_text(
	    json_get(json_get(card, "ledgers"), name));
	int64_t generation = number ? strtoll(number, NULL, 10) : 0;

	json_free(card);
	return generation;
}

/* The card as it is, with another number in it. */
bool
shelf_set_generation(const char *directory, const char *name,
    int64_t generation, struct err *err)
{
	struct json *old = read_card(directory), *card = json_object();
	bool good;

	for (const struct json *item = json_first(old); item;
	     item = json_next(item))
		if (strcmp(json_key(item), "ledgers") != 0)
			json_add(card, json_key(item), json_copy(item));
	keep_ledgers(card, directory, name, generation);
	good = write_card(directory, card, err);
	json_free(card);
	json_free(old);
	return good;
}

bool
shelf_describe(const char *directory, const struct book *book, int64_t now_ms,
    struct err *err)
{
	const struct records *records = book_records(book);
	struct json *card = json_object(), *columns = json_array();
	bool good;

	add_book(card, book);
	json_add_integer(card, "records", records_count(records));
	json_add_integer(card, "opened_ms", now_ms);
	for (uint32_t i = 0; i < records_column_count(records); i++)
		if (tells(book, i))
			json_append_string(
			    columns, records_column_name(records, i));
	json_add(card, "columns", columns);
	keep_ledgers(card, directory, NULL, 0);
	if (shelf_is_separate(directory))
		json_add_bool(card, "separate", true);
	good = write_card(directory, card, err);
	json_free(card);
	return good;
}

bool
shelf_decide(
    const char *own, const struct book *book, const char *home, struct err *err)
{
	struct json *card = json_object();
	bool good;

	add_book(card, book);
	if (home)
		json_add_string(card, "continues", file_name(home));
	else
		json_add_bool(card, "separate", true);
	if (!home)
		keep_ledgers(card, own, NULL, 0);
	good = write_card(own, card, err);
	json_free(card);
	return good;
}

/* ---- finding the older one ------------------------------------------------
 */

struct search {
	const char *own;
	struct book *book;
	char *ids[SAMPLE]; /* spread over the file */
	uint32_t id_count;
	bool sampled;
	struct lineage_sight *sights;
	struct shelf_older *books; /* one for each sight */
	size_t count, room, book_room;
};

/* Not before a book fits otherwise: a big file is read once more for it. */
static void
take_sample(struct search *search)
{
	uint32_t rows = book_count(search->book);
	uint32_t most = rows < SAMPLE ? rows : SAMPLE;
	struct err ignored = ERR_INIT;

	search->sampled = true;
	for (uint32_t i = 0; i < most; i++) {
		uint32_t row = (uint32_t)((uint64_t)i * rows / most);
		const char *id = NULL;

		if (book_reach(search->book, row, &ignored))
			id = book_external_id(search->book, row);
		if (id)
			search->ids[search->id_count++] = mem_strdup(id);
	}
}

static void
compare_columns(const struct book *book, const struct json *columns,
    struct lineage_sight *sight)
{
	const struct records *records = book_records(book);
	uint32_t mine = 0;

	for (uint32_t i = 0; i < records_column_count(records); i++)
		mine += tells(book, i);
	for (const struct json *item = json_first(columns); item;
	     item = json_next(item)) {
		const char *name = json_string(item);
		uint32_t column = name ? records_find_column(records, name)
				       : RECORDS_NONE;

		sight->shared += column != RECORDS_NONE && tells(book, column);
		sight->columns++;
	}
	sight->columns += mine - sight->shared;
}

static void
look_into_ledgers(const struct search *search, const char *directory,
    struct lineage_sight *sight)
{
	for (unsigned i = 0; i < SERVICE_ENVIRONMENTS; i++) {
		uint32_t known, contacts;

		known = ledger_known(directory,
		    config_environment_word((enum service_environment)i),
		    (const char *const *)search->ids, search->id_count,
		    &contacts);
		if (known > sight->known)
			sight->known = known;
		if (contacts > sight->contacts)
			sight->contacts = contacts;
	}
}

static void
consider(struct search *search, const char *name)
{
	char *directory = beside(search->own, name);
	struct json *card = read_card(directory);
	const struct source *source = book_source(search->book);
	const char *path = json_string(json_get(card, "path"));
	const char *format = json_string(json_get(card, "format"));
	struct lineage_sight sight = {0};

	if (path && format && !json_get(card, "continues") &&
	    strcmp(directory, search->own) != 0) {
		sight.same_format = strcmp(format,
					source_format_name(source)) == 0;
		sight.named_alike = lineage_alike(
		    path, source_real_path(source));
		compare_columns(
		    search->book, json_get(card, "columns"), &sight);
		if (sight.same_format && sight.shared > 0) {
			if (!search->sampled)
				take_sample(search);
			sight.sampled = search->id_count;
			look_into_ledgers(search, directory, &sight);
		}
		search->sights = mem_grow(search->sights, &search->room,
		    search->count + 1, sizeof(*search->sights));
		search->books = mem_grow(search->books, &search->book_room,
		    search->count + 1, sizeof(*search->books));
		search->sights[search->count] = sight;
		search->books[search->count++] = (struct shelf_older){
		    .directory = mem_strdup(directory),
		    .path = mem_strdup(path),
		    .known = sight.known,
		    .sampled = sight.sampled,
		};
	}
	json_free(card);
	free(directory);
}

bool
shelf_find_older(const char *own, struct book *book, struct shelf_older *out)
{
	struct search search = {.own = own, .book = book};
	char *shelf = beside(own, "");
	DIR *dir = opendir(shelf);
	const struct dirent *entry;
	size_t chosen;

	while (dir && (entry = readdir(dir)))
		if (is_name(entry->d_name))
			consider(&search, entry->d_name);
	if (dir)
		closedir(dir);
	chosen = lineage_choose(search.sights, search.count);
	for (size_t i = 0; i < search.count; i++)
		if (i == chosen)
			*out = search.books[i];
		else
			shelf_older_release(&search.books[i]);
	for (uint32_t i = 0; i < search.id_count; i++)
		free(search.ids[i]);
	free(search.sights);
	free(search.books);
	free(shelf);
	return chosen != LINEAGE_NONE;
}

void
shelf_older_release(struct shelf_older *older)
{
	free(older->directory);
	free(older->path);
	*older = (struct shelf_older){0};
}
