/* SPDX-License-Identifier: MIT */
/*
 * Drugs, pharmacies and providers of a row: whether they are to be sent, and
 * what is said of those that were not. Pure.
 *
 * HealthSherpa replaces a list whole, so what the file holds is sent along with
 * a creation and later only when somebody asked for it (enum list_policy). The
 * ledger's set of accepted hashes says where a list stands: its hash is in it
 * once HealthSherpa has all of it; the hash's complement when it was sent and
 * not all of it was saved. Half of the hash says which list it is of, so that
 * what was accepted stays known while the file has none, or another.
 */
#ifndef SYNC_LISTS_H
#define SYNC_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/config.h"
#include "book/field.h"
#include "partner/request.h"
#include "sync/hash_set.h"

struct fingerprint;
struct partial;
struct str;

enum list_state {
	LIST_ABSENT, /* the row has none */
	LIST_SAVED,
	LIST_TRIED, /* sent as it is, not all was saved */
	LIST_OPEN,  /* not sent as it is */
};
/* `hash` is of the list as it is now; 0: there is none. */
enum list_state list_state(const struct hash_set *accepted, uint64_t hash);
/* The hash of a list as the set holds it, of any hash but 0. */
uint64_t list_hash(enum field list, uint64_t hash);
/* What the hash becomes in the set: all was saved, or not all. Any other of the
 * same list leaves it. */
void list_mark(struct hash_set *accepted, uint64_t hash, bool saved);

/* Of a list that an update did not send: takes over what is known of it as it
 * is now, else what was last saved of it. What was saved in part is let go with
 * the list that it is of. */
void list_keep(struct hash_set *to, const struct hash_set *from,
    enum field list, uint64_t hash);

static inline bool
is_list(enum field field)
{
	return field_table[field].kind == FIELD_KIND_LIST;
}

/* How lists are dealt with this time. */
struct list_terms {
	enum list_policy policy;
	bool again;   /* what was not saved is tried again */
	bool partial; /* the row's contact was not saved whole */
	bool all;     /* also what was saved as it is */
};
/* Whether an update sends the list. One that was tried goes only when it is to
 * be tried again, or has changed. */
bool list_goes(enum list_state state, const struct list_terms *terms);
/* How it goes: nobody said so means LISTS_MERGE, which loses nothing. */
enum list_policy list_way(enum list_policy policy);
/* Whether some list was tried. */
bool lists_tried(
    const struct hash_set *accepted, const struct fingerprint *print);

/* "drug", "pharmacy", "provider" */
const char *list_item_word(enum field list);
/* Appends "2 drugs, 1 pharmacy" of the lists that are LIST_OPEN (`out` NULL: it
 * is only asked whether any is); false: none is. */
bool lists_tell_open(struct str *out, const struct hash_set *accepted,
    const struct fingerprint *print, const struct field_values *values);

/* Whether these words of an answer say that some of a list was not saved; what
 * names no list may be about any. */
bool list_failed(const struct partial *unsaved, enum field list);
/*
 * Appends what was not saved: "drug 2 was not saved: name can't be blank". The
 * item's place in our list stands for its name, which the ledger does not hold.
 * `sent`: the lists as they were sent; `ours`: as they stand in the file.
 */
void lists_tell_unsaved(struct str *out, const struct partial *unsaved,
    const struct field_values *sent, const struct field_values *ours);
/* Puts the names of the items behind their places in such a text, for showing:
 * "drug 2 (Zocor) was not saved"; only of lists that are as they were then. */
void lists_name_items(char *text, size_t size, const struct hash_set *accepted,
    const struct fingerprint *print, const struct field_values *ours);

#endif
