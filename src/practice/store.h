/* SPDX-License-Identifier: MIT */
/*
 * The contacts that the practice server holds, in memory or in a file too.
 *
 * The file is JSON lines, one whole contact a line; the last line of an id
 * counts. A line is written before the answer leaves, so what a client was
 * told survives a kill of the server; a torn last line is cut off at the next
 * start. One server a file.
 */
#ifndef PRACTICE_STORE_H
#define PRACTICE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "practice/validate.h"

struct err;
struct json;
struct store;

enum { STORE_SLUG_SIZE = 17 };

struct store_contact {
	char id[37];                  /* UUID */
	char slug[STORE_SLUG_SIZE];   /* names the quote page */
	char *agent;                  /* e-mail as first sent */
	char *values[SERVICE_FIELDS]; /* as sent; NULL: none */
	uint32_t booleans;  /* fields sent as true/false, a bit each */
	struct json *notes; /* array of strings, or NULL */
	struct json *lists[SERVICE_LISTS]; /* arrays as sent, or NULL */
	bool app;                          /* made through the API */
	int64_t visible_at; /* search finds it from then on, wall ms; not kept
			       in the file */
	size_t number;      /* order of creation, from 0 */
};

/*
 * `path` NULL: memory only. `seed` 0: random ids, else the same ids in the
 * same order each time. Errors: ERR_NO_INPUT, ERR_IO, ERR_DATA (with line).
 */
struct store *store_open(const char *path, uint64_t seed, struct err *err);
void store_close(struct store *store); /* NULL is fine */

size_t store_count(const struct store *store);
struct store_contact *store_at(const struct store *store, size_t number);

/*
 * A contact of that agent, not yet in the store: set its values, then
 * store_save() puts it in, or store_discard() forgets it. `id` NULL: a new one;
 * else that one, of 36 characters, not in the store yet.
 */
struct store_contact *store_new(
    struct store *store, const char *agent, const char *id);
void store_discard(struct store_contact *contact);

/* NULL value clears. */
void store_set(struct store_contact *contact, enum service_field field,
    const char *value, bool boolean);
void store_add_note(struct store_contact *contact, const char *note);
void store_clear_notes(struct store_contact *contact);
/* Takes the array over, or NULL. */
void store_set_list(
    struct store_contact *contact, enum service_list list, struct json *items);

/* Keeps a new or changed contact; on failure a new one is not in the store. */
bool store_save(
    struct store *store, struct store_contact *contact, struct err *err);

/* NULL when there is none. */
struct store_contact *store_by_id(const struct store *store, const char *id);
struct store_contact *store_by_slug(
    const struct store *store, const char *slug);

/*
 * All contacts with that value, newest first: `*cursor` starts at 0; NULL
 * ends. Indexed: external_id, medicare_number (exact), first_name, last_name
 * (ASCII case ignored).
 */
struct store_contact *store_with(const struct store *store,
    enum service_field field, const char *value, uint32_t *cursor);

/* Contacts with that external_id, whoever's: a test's first question. */
size_t store_count_external(const struct store *store, const char *external_id);

#endif
