/* SPDX-License-Identifier: MIT */
/*
 * Short stretches are sorted by qsort(3), then merged pair by pair from one
 * array into the other, each pass with stretches twice as long. Where a part
 * ends is kept in the struct: in the middle of a merge, if need be.
 */
#include "desk/row_sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { STRETCH = 64 };

static int
compare(const struct sort_item *x, const struct sort_item *y, bool down)
{
	int order = memcmp(x->key, y->key, ROW_SORT_KEY);

	if (x->blank != y->blank)
		return x->blank - y->blank;
	if (order)
		return down ? -order : order;
	return (x->row > y->row) - (x->row < y->row);
}

static int
compare_up(const void *a, const void *b)
{
	return compare(a, b, false);
}

static int
compare_down(const void *a, const void *b)
{
	return compare(a, b, true);
}

void
row_sort_begin(
    struct row_sort *sort, struct sort_item *items, size_t count, bool down)
{
	*sort = (struct row_sort){
	    .items = items,
	    .spare = mem_resize(NULL, count + 1, sizeof(*items)),
	    .count = count,
	    .down = down,
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
				 (sort->down ? compare_down : compare_up)(
				     &items[sort->left], &items[sort->right]) <=
				     0);

		if (*steps == 0)
			return false;
		(*steps)--;
		*to = first ? items[sort->left++] : items[sort->right++];
	}
	pair_at(sort, end);
	return true;
}

static bool
sort_stretches(struct row_sort *sort, size_t *steps)
{
	for (; sort->at < sort->count; sort->at += STRETCH) {
		size_t count = up_to(sort, sort->at + STRETCH) - sort->at;

		if (*steps == 0)
			return false;
		*steps -= *steps < count ? *steps : count;
		qsort(&sort->items[sort->at], count, sizeof(*sort->items),
		    sort->down ? compare_down : compare_up);
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
