/* SPDX-License-Identifier: MIT */
/*
 * Pairs are made by code first, over both lists, and only then by name, so that
 * a name does not take what a code would have found.
 *
 * Hazard: a wrong pair loses an item that the agent entered at HealthSherpa, a
 * missed one makes a second entry that the agent can see and delete. So the
 * same name with another code is another item: 10 mg and 20 mg.
 */
#include "sync/list_union.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

enum { NAME_MAX_BYTES = 1024, NOBODY = -1 };

/* ---- the same item? ------------------------------------------------- */

/* Digits alone: an NDC is written with and without dashes. */
static void
add_code(struct str *out, const struct json *item, const char *key)
{
	const char *text = json_scalar_text(json_get(item, key));

	for (; text && *text; text++)
		if ((*text >= '0' && *text <= '9') ||
		    (*text >= 'A' && *text <= 'Z') ||
		    (*text >= 'a' && *text <= 'z'))
			str_add_char(out, *text);
}

static void
add_word(struct str *out, const struct json *item, const char *key)
{
	const char *text = json_scalar_text(json_get(item, key));
	size_t len;

	if (str_blank(text))
		return;
	if (out->len > 0)
		str_add_char(out, ' ');
	text = text_trim(text, &len);
	str_add_bytes(out, text, len);
}

/* As it is written. */
static void
add_name(struct str *out, const struct json *item)
{
	add_word(out, item, "name");
	if (out->len > 0)
		return;
	add_word(out, item, "first_name");
	add_word(out, item, "last_name");
}

/* For comparing: folded, single blanks. */
static void
add_key_name(struct str *out, const struct json *item)
{
	struct str name, folded;
	bool pending = false;

	str_init(&name, NAME_MAX_BYTES);
	str_init(&folded, 4 * NAME_MAX_BYTES);
	add_name(&name, item);
	text_fold(&folded, name.data);
	for (const char *c = folded.data; *c; c++) {
		if (*c == ' ' || *c == '\t' || *c == '\n') {
			pending = out->len > 0;
			continue;
		}
		if (pending)
			str_add_char(out, ' ');
		pending = false;
		str_add_char(out, *c);
	}
	str_release(&name);
	str_release(&folded);
}

/* What an item is known by. */
struct known {
	const struct json *item;
	struct str code[2], name;
	int partner; /* in the other list, or NOBODY */
};

static const char *const code_keys[2] = {"ndc", "npi"};

static void
known_init(struct known *known, const struct json *item)
{
	known->item = item;
	known->partner = NOBODY;
	for (unsigned i = 0; i < 2; i++) {
		str_init(&known->code[i], NAME_MAX_BYTES);
		add_code(&known->code[i], item, code_keys[i]);
	}
	str_init(&known->name, 4 * NAME_MAX_BYTES);
	add_key_name(&known->name, item);
}

static void
known_release(struct known *known)
{
	str_release(&known->code[0]);
	str_release(&known->code[1]);
	str_release(&known->name);
}

static bool
same_code(const struct known *a, const struct known *b)
{
	for (unsigned i = 0; i < 2; i++)
		if (a->code[i].len > 0 && b->code[i].len > 0)
			return strcmp(a->code[i].data, b->code[i].data) == 0;
	return false;
}

static bool
same_name(const struct known *a, const struct known *b)
{
	for (unsigned i = 0; i < 2; i++)
		if (a->code[i].len > 0 && b->code[i].len > 0)
			return false; /* the code has said it */
	return a->name.len > 0 && strcmp(a->name.data, b->name.data) == 0;
}

/* ---- two lists ------------------------------------------------------ */

struct side {
	struct json *list;
	struct known *items;
	size_t count;
};

struct pairing {
	struct side ours, theirs;
};

static bool
side_init(struct side *side, const char *text)
{
	struct err ignored = ERR_INIT;
	const struct json *item;
	size_t at = 0;

	memset(side, 0, sizeof(*side));
	side->list = text ? json_parse(text, strlen(text), &ignored)
			  : json_array();
	if (!json_is_array(side->list))
		return false;
	side->count = json_count(side->list);
	side->items = mem_resize(NULL, side->count + 1, sizeof(*side->items));
	for (item = json_first(side->list); item; item = json_next(item))
		known_init(&side->items[at++], item);
	return true;
}

static void
side_release(struct side *side)
{
	for (size_t i = 0; side->items && i < side->count; i++)
		known_release(&side->items[i]);
	free(side->items);
	json_free(side->list);
}

static void
pair_by(struct pairing *pairing,
    bool (*same)(const struct known *a, const struct known *b))
{
	struct side *ours = &pairing->ours, *theirs = &pairing->theirs;

	for (size_t i = 0; i < ours->count; i++)
		for (size_t k = 0;
		     k < theirs->count && ours->items[i].partner == NOBODY; k++)
			if (theirs->items[k].partner == NOBODY &&
			    same(&ours->items[i], &theirs->items[k])) {
				ours->items[i].partner = (int)k;
				theirs->items[k].partner = (int)i;
			}
}

static bool
pairing_init(struct pairing *pairing, const char *ours, const char *theirs)
{
	bool mine = side_init(&pairing->ours, ours);
	bool good = side_init(&pairing->theirs, theirs) && mine;

	if (good) {
		pair_by(pairing, same_code);
		pair_by(pairing, same_name);
	}
	return good;
}

static void
pairing_release(struct pairing *pairing)
{
	side_release(&pairing->ours);
	side_release(&pairing->theirs);
}

bool
list_compare(
    const char *ours, const char *theirs, list_take *take, void *context)
{
	struct pairing pairing;
	bool good = pairing_init(&pairing, ours, theirs);

	for (size_t i = 0; good && i < pairing.ours.count; i++) {
		const struct known *known = &pairing.ours.items[i];

		take(context, known->item,
		    known->partner == NOBODY
			? NULL
			: pairing.theirs.items[known->partner].item);
	}
	for (size_t i = 0; good && i < pairing.theirs.count; i++)
		if (pairing.theirs.items[i].partner == NOBODY)
			take(context, NULL, pairing.theirs.items[i].item);
	pairing_release(&pairing);
	return good;
}

static void
count_lacking(void *context, const struct json *ours, const struct json *theirs)
{
	size_t *count = context;

	*count += ours && !theirs;
}

size_t
list_lacking(const char *ours, const char *theirs)
{
	size_t count = 0;

	list_compare(ours, theirs, count_lacking, &count);
	return count;
}

/* ---- the union ------------------------------------------------------ */

/* Theirs with our keys over it. */
static struct json *
join(const struct json *ours, const struct json *theirs)
{
	struct json *item = json_object();

	for (const struct json *key = json_first(theirs); key;
	     key = json_next(key)) {
		const struct json *own = json_get(ours, json_key(key));

		json_add(item, json_key(key),
		    json_copy(own && !json_is_null(own) ? own : key));
	}
	for (const struct json *key = json_first(ours); key;
	     key = json_next(key))
		if (!json_get(theirs, json_key(key)))
			json_add(item, json_key(key), json_copy(key));
	return item;
}

static struct json *
unite(const struct pairing *pairing)
{
	const struct side *ours = &pairing->ours, *theirs = &pairing->theirs;
	struct json *list = json_array();

	for (size_t i = 0; i < theirs->count; i++) {
		const struct known *known = &theirs->items[i];

		json_append(list,
		    known->partner == NOBODY
			? json_copy(known->item)
			: join(ours->items[known->partner].item, known->item));
	}
	for (size_t i = 0; i < ours->count; i++)
		if (ours->items[i].partner == NOBODY)
			json_append(list, json_copy(ours->items[i].item));
	return list;
}

bool
list_merge(struct str *out, const char *ours, const char *theirs, bool *differs)
{
	struct pairing pairing;
	bool good = pairing_init(&pairing, ours, theirs);
	size_t start = out->len;
	struct str before;

	if (good) {
		struct json *list = unite(&pairing);

		json_print(out, list);
		json_free(list);
		str_init(&before, JSON_SIZE_MAX);
		json_print(&before, pairing.theirs.list);
		*differs = strcmp(out->data + start, before.data) != 0;
		str_release(&before);
	}
	pairing_release(&pairing);
	return good && !out->cut;
}

/* ---- names ---------------------------------------------------------- */

void
list_item_name(struct str *out, const struct json *item)
{
	struct str name;

	str_init(&name, NAME_MAX_BYTES);
	add_name(&name, item);
	for (unsigned i = 0; i < 2 && name.len == 0; i++)
		add_word(&name, item, code_keys[i]);
	text_clean(out, name.data, name.len);
	str_release(&name);
}

static void
add_text(struct str *out, const struct json *json)
{
	const char *text = json_string(json);
	struct str raw;

	if (text) {
		text_clean(out, text, strlen(text));
		return;
	}
	str_init(&raw, 4 * NAME_MAX_BYTES);
	json_print(&raw, json);
	text_clean(out, raw.data, raw.len);
	str_release(&raw);
}

void
list_item_text(struct str *out, const struct json *item)
{
	const char *between = "";

	if (!json_is_object(item)) {
		add_text(out, item);
		return;
	}
	for (const struct json *part = json_first(item); part;
	     part = json_next(part)) {
		const char *key = json_key(part);

		str_add(out, between);
		text_clean(out, key, strlen(key));
		str_add_char(out, ' ');
		add_text(out, part);
		between = ", ";
	}
}

void
list_names(struct str *out, const char *text)
{
	struct side side;

	if (side_init(&side, text))
		for (size_t i = 0; i < side.count; i++) {
			if (i > 0)
				str_add(out, ", ");
			list_item_name(out, side.items[i].item);
		}
	side_release(&side);
}

size_t
list_count(const char *text)
{
	struct side side;
	size_t count = 0;

	if (text && side_init(&side, text))
		count = side.count;
	if (text)
		side_release(&side);
	return count;
}

bool
list_name_at(struct str *out, const char *text, unsigned place)
{
	struct side side;
	bool good = side_init(&side, text) && place >= 1 && place <= side.count;

	if (good)
		list_item_name(out, side.items[place - 1].item);
	side_release(&side);
	return good;
}

unsigned
list_place_of(const char *text, const char *name)
{
	struct json *item = json_object();
	struct known known;
	struct side side;
	unsigned place = 0, found = 0;

	json_add_string(item, "name", name);
	known_init(&known, item);
	if (side_init(&side, text))
		for (size_t i = 0; i < side.count; i++)
			if (same_name(&known, &side.items[i])) {
				place = (unsigned)i + 1;
				found++;
			}
	side_release(&side);
	known_release(&known);
	json_free(item);
	return found == 1 ? place : 0;
}
