/* SPDX-License-Identifier: MIT */
/*
 * Pairs are made by code first, over both lists, and only then by name, so that
 * a name does not take what a code would have found; and by name first those
 * that have something more in common.
 *
 * Hazard: a wrong pair loses an item that the agent entered at HealthSherpa, a
 * missed one makes a second entry that the agent can see and delete. So the
 * same name with anything else that contradicts is another item: 10 mg and
 * 20 mg, two branches of one pharmacy.
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
add_folded(struct str *out, const char *text)
{
	struct str folded;
	bool pending = false;

	str_init(&folded, JSON_SIZE_MAX);
	text_fold(&folded, text);
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
	str_release(&folded);
}

static void
add_key_name(struct str *out, const struct json *item)
{
	struct str name;

	str_init(&name, NAME_MAX_BYTES);
	add_name(&name, item);
	add_folded(out, name.data);
	str_release(&name);
}

static bool
has_value(const struct json *value)
{
	const char *text = json_scalar_text(value);

	return text ? !str_blank(text)
		    : value && !json_is_null(value) &&
			  (json_is_bool(value) || json_count(value) > 0);
}

/* As text, so that 2 is "2". */
static void
add_key_value(struct str *out, const struct json *value)
{
	struct str raw;

	str_init(&raw, JSON_SIZE_MAX);
	if (json_scalar_text(value))
		str_add(&raw, json_scalar_text(value));
	else
		json_print(&raw, value);
	add_folded(out, raw.data);
	str_release(&raw);
}

static bool
same_value(const struct json *a, const struct json *b)
{
	struct str one, other;
	bool same;

	str_init(&one, JSON_SIZE_MAX);
	str_init(&other, JSON_SIZE_MAX);
	add_key_value(&one, a);
	add_key_value(&other, b);
	same = !one.cut && !other.cut && strcmp(one.data, other.data) == 0;
	str_release(&one);
	str_release(&other);
	return same;
}

/*
 * Whether nothing that both have contradicts: an address without a ZIP code
 * may be the one with it. `*common`: how many values are the same.
 */
static bool
agree(const struct json *a, const struct json *b, unsigned *common)
{
	for (const struct json *key = json_first(a); key;
	     key = json_next(key)) {
		const struct json *other = json_get(b, json_key(key));

		if (!has_value(key) || !has_value(other))
			continue;
		if (json_is_object(key) && json_is_object(other)) {
			if (!agree(key, other, common))
				return false;
			continue;
		}
		if (!same_value(key, other))
			return false;
		++*common;
	}
	return true;
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
	unsigned common = 0;

	for (unsigned i = 0; i < 2; i++)
		if (a->code[i].len > 0 && b->code[i].len > 0)
			return false; /* the code has said it */
	return a->name.len > 0 && strcmp(a->name.data, b->name.data) == 0 &&
	       agree(a->item, b->item, &common);
}

/* The parts of a name are in common anyway. */
static bool
same_name_and_more(const struct known *a, const struct known *b)
{
	static const char *const names[] = {"name", "first_name", "last_name"};
	unsigned common = 0;

	if (!same_name(a, b))
		return false;
	agree(a->item, b->item, &common);
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		common -= has_value(json_get(a->item, names[i])) &&
			  has_value(json_get(b->item, names[i]));
	return common > 0;
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
		pair_by(pairing, same_name_and_more);
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

static struct json *join(const struct json *ours, const struct json *theirs);

/* Of two addresses that do not contradict each has what the other lacks; of two
 * that do, a mixture would be no address at all. */
static struct json *
join_value(const struct json *own, const struct json *their)
{
	unsigned common = 0;

	if (!own || json_is_null(own))
		return json_copy(their);
	if (json_is_object(own) && json_is_object(their) &&
	    agree(own, their, &common))
		return join(own, their);
	return json_copy(own);
}

/* Theirs with our keys over it. */
static struct json *
join(const struct json *ours, const struct json *theirs)
{
	struct json *item = json_object();

	for (const struct json *key = json_first(theirs); key;
	     key = json_next(key)) {
		const struct json *own = json_get(ours, json_key(key));

		json_add(item, json_key(key), join_value(own, key));
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
