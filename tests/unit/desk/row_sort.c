/* SPDX-License-Identifier: MIT */
#include "desk/row_sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check.h"

/* Keys of 0 to 30 bytes, of so many kinds, any byte in them. */
static size_t
make_key(uint64_t seed, uint32_t kinds, char key[32])
{
	uint64_t kind = (seed >> 33) % kinds;
	size_t len = kind % 31;

	for (size_t i = 0; i < len; i++) {
		kind = kind * 6364136223846793005u + 1442695040888963407u;
		/* the beginnings are alike */
		key[i] = (char)(i < 6 ? kind >> 63 : kind >> 56);
	}
	return len;
}

struct made {
	struct sort_item *items;
	struct sort_keys keys;
	uint64_t *seeds;
	uint32_t kinds;
};

static struct made
make(size_t count, uint32_t kinds)
{
	struct made made = {.items = mem_zalloc((count + 1) * 16),
	    .seeds = mem_zalloc((count + 1) * sizeof(uint64_t)),
	    .kinds = kinds};
	uint64_t seed = 7;
	char key[32];

	for (size_t i = 0; i < count; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		made.seeds[i] = seed;
		made.items[i].row = (uint32_t)i;
		sort_keys_set(&made.keys, &made.items[i], key,
		    make_key(seed, kinds, key));
	}
	return made;
}

static void
drop(struct made *made)
{
	free(made->items);
	free(made->seeds);
	sort_keys_free(&made->keys);
}

static int
order_of(const struct made *made, uint32_t x, uint32_t y)
{
	char a[32], b[32];
	size_t a_len = make_key(made->seeds[x], made->kinds, a);
	size_t b_len = make_key(made->seeds[y], made->kinds, b);
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	/* what is behind the end of a key of less than eight is zeros */
	for (size_t i = a_len < b_len ? a_len : b_len; order == 0 && i < 8; i++)
		order = (i < a_len && a[i]) - (i < b_len && b[i]);
	if (order || (a_len <= 8 && b_len <= 8))
		return order;
	return (a_len > b_len) - (a_len < b_len);
}

static void
sorted(size_t count, uint32_t kinds, size_t steps)
{
	struct made made = make(count, kinds);
	struct row_sort sort;
	unsigned char *seen = mem_zalloc(count + 1);
	size_t parts = 0;

	row_sort_begin(&sort, made.items, count, &made.keys);
	while (!row_sort_part(&sort, steps))
		REQUIRE(parts++ < 1000000);
	made.items = row_sort_end(&sort);
	for (size_t i = 0; i < count; i++) {
		uint32_t row = made.items[i].row;
		int order;

		CHECK(row < count && !seen[row]);
		seen[row] = 1;
		if (i == 0)
			continue;
		order = order_of(&made, made.items[i - 1].row, row);
		CHECK(order <= 0);
		CHECK(order != 0 || made.items[i - 1].row < row);
	}
	drop(&made);
	free(seen);
}

TEST(row_sort_of_every_length_in_parts_of_every_length)
{
	static const size_t counts[] = {
	    0, 1, 2, 3, 63, 64, 65, 127, 128, 129, 192, 193, 1000, 4097, 10000};
	static const size_t steps[] = {1, 7, 64, 100000};

	for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
		for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
			sorted(counts[c], 5, steps[s]);
			sorted(counts[c], 100000, steps[s]);
		}
}

TEST(row_sort_may_be_given_up)
{
	struct made made = make(1000, 9);
	struct row_sort sort;

	row_sort_begin(&sort, made.items, 1000, &made.keys);
	CHECK(!row_sort_part(&sort, 1500));
	made.items = row_sort_end(&sort);
	drop(&made);
}

TEST(row_sort_keeps_no_more_of_a_key_than_it_can)
{
	struct sort_keys keys = {.data = NULL};
	struct sort_item item = {.row = 0};
	char *key = mem_zalloc(100000);

	sort_keys_set(&keys, &item, key, 100000);
	CHECK_INT(keys.used, 1 + 2 + 65535);
	sort_keys_set(&keys, &item, "12345678", 8);
	CHECK_INT(item.more, 0);
	CHECK(item.prefix == UINT64_C(0x3132333435363738));
	free(key);
	sort_keys_free(&keys);
}
