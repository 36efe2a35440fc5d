/* SPDX-License-Identifier: MIT */
#include "desk/row_sort.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check.h"

static struct sort_item *
make(size_t count, uint32_t kinds)
{
	struct sort_item *items = mem_zalloc((count + 1) * sizeof(*items));
	uint64_t seed = 7;

	for (size_t i = 0; i < count; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		snprintf(items[i].key, ROW_SORT_KEY, "%08u",
		    (unsigned)(seed >> 33) % kinds);
		items[i].row = (uint32_t)i;
		items[i].blank = seed >> 61 == 3;
	}
	return items;
}

static void
sorted(size_t count, uint32_t kinds, bool down, size_t steps)
{
	struct sort_item *items = make(count, kinds);
	struct row_sort sort;
	unsigned char *seen = mem_zalloc(count + 1);
	size_t parts = 0;

	row_sort_begin(&sort, items, count, down);
	while (!row_sort_part(&sort, steps))
		REQUIRE(parts++ < 1000000);
	items = row_sort_end(&sort);
	for (size_t i = 0; i < count; i++) {
		CHECK(items[i].row < count && !seen[items[i].row]);
		seen[items[i].row] = 1;
		if (i == 0)
			continue;
		int order = memcmp(
		    items[i - 1].key, items[i].key, ROW_SORT_KEY);

		/* up and down, those without anything are the last */
		CHECK(items[i - 1].blank <= items[i].blank);
		if (items[i - 1].blank != items[i].blank)
			continue;
		CHECK(down ? order >= 0 : order <= 0);
		CHECK(order != 0 || items[i - 1].row < items[i].row);
	}
	free(items);
	free(seen);
}

TEST(row_sort_of_every_length_in_parts_of_every_length)
{
	static const size_t counts[] = {
	    0, 1, 2, 3, 63, 64, 65, 127, 128, 129, 192, 193, 1000, 4097, 10000};
	static const size_t steps[] = {1, 7, 64, 100000};

	for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
		for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
			sorted(counts[c], 5, false, steps[s]);
			sorted(counts[c], 100000, true, steps[s]);
		}
}

TEST(row_sort_may_be_given_up)
{
	struct row_sort sort;

	row_sort_begin(&sort, make(1000, 9), 1000, false);
	CHECK(!row_sort_part(&sort, 1500));
	free(row_sort_end(&sort));
}
