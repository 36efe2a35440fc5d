/* SPDX-License-Identifier: MIT */
#include "book/minted.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "base/str.h"

static const char prefix[] = "belay-";

enum { PREFIX = sizeof(prefix) - 1 };

static void
write_id(char id[MINTED_ID_SIZE], const uint8_t bytes[MINTED_BYTES])
{
	memcpy(id, prefix, PREFIX);
	crypto_hex(id + PREFIX, bytes, MINTED_BYTES);
}

void
minted_make(char id[MINTED_ID_SIZE])
{
	uint8_t bytes[MINTED_BYTES];

	crypto_random(bytes, sizeof(bytes));
	write_id(id, bytes);
}

bool
minted_is(const char *id)
{
	return str_starts(id, prefix) && strlen(id) == MINTED_ID_SIZE - 1 &&
	       strspn(id + PREFIX, "0123456789abcdef") ==
		   (size_t)2 * MINTED_BYTES;
}

void
minted_release(struct minted *minted)
{
	free(minted->bytes);
	*minted = (struct minted){0};
}

static uint8_t
digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

void
minted_set(struct minted *minted, uint32_t row, const char *id)
{
	uint8_t *bytes;

	if (row >= minted->rows) {
		size_t old = minted->rows * MINTED_BYTES;
		size_t now = ((size_t)row + 1) * MINTED_BYTES;

		if (!id)
			return;
		minted->bytes = mem_grow(
		    minted->bytes, &minted->room, now, sizeof(uint8_t));
		memset(minted->bytes + old, 0, now - old);
		minted->rows = (size_t)row + 1;
	}
	bytes = minted->bytes + (size_t)row * MINTED_BYTES;
	memset(bytes, 0, MINTED_BYTES);
	assert(!id || minted_is(id));
	for (size_t i = 0; id && i < MINTED_BYTES; i++)
		bytes[i] = (uint8_t)(digit(id[PREFIX + 2 * i]) << 4 |
				     digit(id[PREFIX + 2 * i + 1]));
}

bool
minted_get(const struct minted *minted, uint32_t row, char id[MINTED_ID_SIZE])
{
	static const uint8_t none[MINTED_BYTES];
	const uint8_t *bytes;

	if (row >= minted->rows)
		return false;
	bytes = minted->bytes + (size_t)row * MINTED_BYTES;
	if (memcmp(bytes, none, MINTED_BYTES) == 0)
		return false;
	write_id(id, bytes);
	return true;
}
