/* SPDX-License-Identifier: MIT */
/*
 * Hazard: what a person takes and whom they see says as much of them as their
 * birth date. So the ledger gets places in a list, never names; they are put
 * behind the places when the list is at hand and still the same.
 */
#include "sync/lists.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "partner/partial.h"
#include "sync/fingerprint.h"
#include "sync/list_union.h"

/* "list": no other hash is likely to begin with it, or its complement. */
#define KIND_OF_LISTS UINT64_C(0x6c697374)

enum { KIND_SHIFT = 32 };
enum { TOLD_MAX = 3, NAME_BYTES = 256, TEXT_BYTES = 1024 };

/* ---- where a list stands -------------------------------------------- */

enum list_state
list_state(const struct hash_set *accepted, uint64_t hash)
{
	if (!hash)
		return LIST_ABSENT;
	if (hash_set_has(accepted, hash))
		return LIST_SAVED;
	return hash_set_has(accepted, ~hash) ? LIST_TRIED : LIST_OPEN;
}

static uint64_t
kind_of(uint64_t hash)
{
	return hash >> KIND_SHIFT;
}

uint64_t
list_hash(enum field list, uint64_t hash)
{
	uint64_t kind = KIND_OF_LISTS + (uint64_t)(list - FIELD_DRUGS);

	return kind << KIND_SHIFT | (hash & UINT32_MAX);
}

void
list_mark(struct hash_set *accepted, uint64_t hash, bool saved)
{
	for (unsigned i = accepted->count; hash && i > 0; i--) {
		uint64_t other = accepted->hash[i - 1];

		if (kind_of(other) == kind_of(hash) ||
		    kind_of(other) == kind_of(~hash))
			hash_set_remove(accepted, other);
	}
	if (hash)
		hash_set_add(accepted, saved ? hash : ~hash);
}

void
list_keep(struct hash_set *to, const struct hash_set *from, enum field list,
    uint64_t hash)
{
	enum list_state state = list_state(from, hash);

	if (state == LIST_SAVED || state == LIST_TRIED) {
		list_mark(to, hash, state == LIST_SAVED);
		return;
	}
	for (unsigned i = 0; i < from->count; i++)
		if (kind_of(from->hash[i]) == kind_of(list_hash(list, 1)))
			list_mark(to, from->hash[i], true);
}

bool
list_goes(enum list_state state, const struct list_terms *terms)
{
	if (terms->all)
		return state != LIST_ABSENT;
	if (state == LIST_TRIED)
		return terms->again;
	return state == LIST_OPEN && (terms->policy != LISTS_CREATE ||
					 (terms->again && terms->partial));
}

enum list_policy
list_way(enum list_policy policy)
{
	return policy == LISTS_REPLACE ? LISTS_REPLACE : LISTS_MERGE;
}

bool
lists_tried(const struct hash_set *accepted, const struct fingerprint *print)
{
	for (unsigned i = FIELD_DRUGS; i <= FIELD_PROVIDERS; i++)
		if (list_state(accepted, print->field[i]) == LIST_TRIED)
			return true;
	return false;
}

/* ---- in words ------------------------------------------------------- */

const char *
list_item_word(enum field list)
{
	switch (list) {
	case FIELD_DRUGS: return "drug";
	case FIELD_PHARMACIES: return "pharmacy";
	default: return "provider";
	}
}

bool
lists_tell_open(struct str *out, const struct hash_set *accepted,
    const struct fingerprint *print, const struct field_values *values)
{
	bool any = false;

	for (unsigned i = FIELD_DRUGS; i <= FIELD_PROVIDERS; i++) {
		size_t count;

		if (list_state(accepted, print->field[i]) != LIST_OPEN)
			continue;
		if (!out)
			return true;
		count = list_count(values->text[i]);
		str_addf(out, "%s%zu %s", any ? ", " : "", count,
		    count == 1 ? list_item_word((enum field)i)
			       : field_table[i].label);
		any = true;
	}
	return any;
}

static unsigned
known_items(const struct partial *unsaved)
{
	return unsaved->count < PARTIAL_ITEMS_MAX ? unsaved->count
						  : PARTIAL_ITEMS_MAX;
}

bool
list_failed(const struct partial *unsaved, enum field list)
{
	unsigned known = known_items(unsaved);

	for (unsigned i = 0; i < known; i++)
		if (unsaved->items[i].list == list ||
		    unsaved->items[i].list == FIELD_COUNT)
			return true;
	return known == 0 || unsaved->count > known;
}

/* Where an item that was not saved stands in our list; 0: nowhere, or it is not
 * said. `*theirs`: it is HealthSherpa's own. */
static unsigned
place_of(const struct partial_item *item, const struct field_values *sent,
    const struct field_values *ours, bool *theirs)
{
	const char *list = sent->text[item->list];
	unsigned place = item->place;
	struct str name;

	*theirs = false;
	str_init(&name, NAME_BYTES);
	str_add(&name, item->name);
	if (!name.len && !(list && list_name_at(&name, list, place)))
		place = 0;
	/* its place is that in what was sent, which may hold theirs as well */
	if (name.len && ours->text[item->list]) {
		place = list_place_of(ours->text[item->list], name.data);
		*theirs = place == 0 && list && list != ours->text[item->list];
	} else if (list != ours->text[item->list]) {
		place = 0;
	}
	/* of two with one name only the place tells */
	if (!place && list && list == ours->text[item->list] &&
	    item->place <= list_count(list))
		place = item->place;
	str_release(&name);
	return place;
}

static void
tell_item(struct str *out, const struct partial_item *item,
    const struct field_values *sent, const struct field_values *ours)
{
	bool theirs;
	unsigned place;

	if (item->list == FIELD_COUNT) {
		str_addf(out, "HealthSherpa says: %s", item->message);
		return;
	}
	place = place_of(item, sent, ours, &theirs);
	if (place)
		str_addf(out, "%s %u was not saved", list_item_word(item->list),
		    place);
	else if (theirs)
		str_addf(out, "a %s that is not in your file was not saved",
		    list_item_word(item->list));
	else
		str_addf(out, "not all %s were saved",
		    field_table[item->list].label);
	if (*item->message)
		str_addf(out, ": %s", item->message);
}

void
lists_tell_unsaved(struct str *out, const struct partial *unsaved,
    const struct field_values *sent, const struct field_values *ours)
{
	unsigned known = known_items(unsaved);
	unsigned told = known < TOLD_MAX ? known : TOLD_MAX;

	if (told == 0)
		str_add(out, "saved, but not all drugs, pharmacies or "
			     "providers; HealthSherpa does not say which");
	for (unsigned i = 0; i < told; i++) {
		if (i > 0)
			str_add(out, "; ");
		tell_item(out, &unsaved->items[i], sent, ours);
	}
	if (unsaved->count > told && told > 0)
		str_addf(out, "; and %u more", unsaved->count - told);
}

/* "drug 2" at the text's beginning: its length, else 0. */
static size_t
read_place(const char *text, enum field list, unsigned *place)
{
	const char *word = list_item_word(list);
	size_t len = strlen(word);
	char rest;

	if (strncmp(text, word, len) != 0 || text[len] != ' ' ||
	    sscanf(text + len, " %3u%c", place, &rest) != 2 || rest != ' ')
		return 0;
	return len + 1 + strcspn(text + len + 1, " ");
}

static size_t
name_item(struct str *out, const char *text, const struct hash_set *accepted,
    const struct fingerprint *print, const struct field_values *ours)
{
	for (unsigned i = FIELD_DRUGS; i <= FIELD_PROVIDERS; i++) {
		unsigned place;
		size_t len = read_place(text, (enum field)i, &place);
		struct str name;

		if (!len || !ours->text[i] ||
		    list_state(accepted, print->field[i]) != LIST_TRIED)
			continue;
		str_init(&name, NAME_BYTES);
		if (list_name_at(&name, ours->text[i], place) && name.len)
			str_addf(
			    out, "%.*s (%.60s)", (int)len, text, name.data);
		else
			len = 0;
		str_release(&name);
		return len;
	}
	return 0;
}

void
lists_name_items(char *text, size_t size, const struct hash_set *accepted,
    const struct fingerprint *print, const struct field_values *ours)
{
	struct str out;

	str_init(&out, TEXT_BYTES);
	for (const char *at = text; *at;) {
		bool begins = at == text || at[-1] == ' ';
		size_t len = begins ? name_item(&out, at, accepted, print, ours)
				    : 0;

		if (len)
			at += len;
		else
			str_add_char(&out, *at++);
	}
	str_copy(text, size, out.data);
	str_release(&out);
}
