/* SPDX-License-Identifier: MIT */
/*
 * Short stretches are sorted by insertion, then merged pair by pair from one
 * array into the other, each pass with stretches twice as long. Where a part
 * ends is kept in the struct: in the middle of a merge, if need be.
 */
#include "desk/row_sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { STRETCH = 16, PREFIX = 8, REST_MAX = UINT16_MAX };

/* ---- keys -----------------------------------------------------------------
 */

void
sort_keys_set(
    struct sort_keys *keys, struct sort_item *item, const char *key, size_t len)
{
	size_t rest = len > PREFIX ? len - PREFIX : 0;
	uint16_t size;

	item->prefix = 0;
	for (size_t i = 0; i < PREFIX; i++)
		item->prefix = item->prefix << 8 |
			       (i < len ? (unsigned char)key[i] : 0);
	item->more = 0;
	if (rest == 0)
		return;
	if (rest > REST_MAX)
		rest = REST_MAX;
	/* nothing lies at 0 */
	keys->used += keys->used == 0;
	if (keys->used + sizeof(size) + rest > UINT32_MAX)
		return;
	keys->data = mem_grow(
	    keys->data, &keys->room, keys->used + sizeof(size) + rest, 1);
	size = (uint16_t)rest;
	item->more = (uint32_t)keys->used;
	memcpy(keys->data + keys->used, &size, sizeof(size));
	memcpy(keys->data + keys->used + sizeof(size), key + PREFIX, rest);
	keys->used += sizeof(size) + rest;
}

void
sort_keys_reset(struct sort_keys *keys)
{
	keys->used = 0;
}

void
sort_keys_free(struct sort_keys *keys)
{
	free(keys->data);
	*keys = (struct sort_keys){.data = NULL};
}

/* One that ends before the other one is the first of them. */
static int
compare_rests(const struct sort_keys *keys, uint32_t x, uint32_t y)
{
	uint16_t x_size = 0, y_size = 0;
	int order;

	if (x)
		memcpy(&x_size, keys->data + x, sizeof(x_size));
	if (y)
		memcpy(&y_size, keys->data + y, sizeof(y_size));
	if (x_size == 0 || y_size == 0)
		return (x_size > 0) - (y_size > 0);
	order = memcmp(keys->data + x + sizeof(x_size),
	    keys->data + y + sizeof(y_size), x_size < y_size ? x_size : y_size);
	return order ? order : (x_size > y_size) - (x_size < y_size);
}

static inline bool
is_before(const struct sort_keys *keys, const struct sort_item *x,
    const struct sort_item *y)
{
	int order;

	if (x->prefix != y->prefix)
		return x->prefix < y->prefix;
	order = x->more || y->more ? compare_rests(keys, x->more, y->more) : 0;
	return order ? order < 0 : x->row < y->row;
}

/* ---- sorting --------------------------------------------------------------
 */

void
row_sort_begin(struct row_sort *sort, struct sort_item *items, size_t count,
    const struct sort_keys *keys)
{
	*sort = (struct row_sort){
	    .items = items,
	    .spare = mem_resize(NULL, count + 1, sizeof(*items)),
	    .keys = keys,
	    .count = count,
	};
}

static size_t
up_to(const struct row_sort *sort, size_t end)
{
	return end < sort->count ? end : sort->count;
}

/* The next pair begins at `at`. */
static void
pair_at(struct row_sort *sort, size_t at)
{
	sort->at = at;
	sort->left = at;
	sort->right = up_to(sort, at + sort->run);
}

static void
begin_pass(struct row_sort *sort, size_t run)
{
	sort->run = run;
	pair_at(sort, 0);
}

/* Merges on in the present pair; false when `*steps` are used up before. */
static bool
merge(struct row_sort *sort, size_t *steps)
{
	size_t middle = up_to(sort, sort->at + sort->run);
	size_t end = up_to(sort, sort->at + 2 * sort->run);
	const struct sort_item *items = sort->items;

	while (sort->left < middle || sort->right < end) {
		struct sort_item *to =
		    &sort->spare[sort->left + sort->right - middle];
		bool first = sort->right == end ||
			     (sort->left < middle &&
				 !is_before(sort->keys, &items[sort->right],
				     &items[sort->left]));

		if (*steps == 0)
			return false;
		(*steps)--;
		*to = first ? items[sort->left++] : items[sort->right++];
	}
	pair_at(sort, end);
	return true;
}

static void
insert_sort(const struct sort_keys *keys, struct sort_item *items, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct sort_item item = items[i];
		size_t at = i;

		for (; at > 0 && is_before(keys, &item, &items[at - 1]); at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}

static bool
sort_stretches(struct row_sort *sort, size_t *steps)
{
	for (; sort->at < sort->count; sort->at += STRETCH) {
		size_t count = up_to(sort, sort->at + STRETCH) - sort->at;

		if (*steps == 0)
			return false;
		*steps -= *steps < count ? *steps : count;
		insert_sort(sort->keys, &sort->items[sort->at], count);
	}
	begin_pass(sort, STRETCH);
	return true;
}

bool
row_sort_part(struct row_sort *sort, size_t steps)
{
	if (sort->run == 0 && !sort_stretches(sort, &steps))
		return false;
	while (sort->run < sort->count) {
		struct sort_item *merged = sort->spare;

		while (sort->at < sort->count)
			if (!merge(sort, &steps))
				return false;
		sort->spare = sort->items;
		sort->items = merged;
		begin_pass(sort, 2 * sort->run);
	}
	return true;
}

struct sort_item *
row_sort_end(struct row_sort *sort)
{
	struct sort_item *items = sort->items;

	free(sort->spare);
	*sort = (struct row_sort){.items = NULL};
	return items;
}
