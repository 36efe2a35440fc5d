/* SPDX-License-Identifier: MIT */
/*
 * IDs of belay's own, for records that have none: "belay-" and 128 random bits
 * in hex. They say nothing of the person, since they travel to HealthSherpa and
 * into logs.
 */
#ifndef BOOK_MINTED_H
#define BOOK_MINTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MINTED_ID_SIZE 39 /* with the NUL */
#define MINTED_BYTES 16

void minted_make(char id[MINTED_ID_SIZE]);
/* Whether a text has the form of such an ID. */
bool minted_is(const char *id);

/* Which row has which; 16 bytes a row once there is one. */
struct minted {
	uint8_t *bytes;
	size_t rows, room;
};

void minted_release(struct minted *minted);
/* `id` must be one of ours; NULL takes the row's away. */
void minted_set(struct minted *minted, uint32_t row, const char *id);
/* False when the row has none. */
bool minted_get(
    const struct minted *minted, uint32_t row, char id[MINTED_ID_SIZE]);

#endif
