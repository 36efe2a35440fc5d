/* SPDX-License-Identifier: MIT */
/*
 * Which of the books known here a file is a newer export of. Pure: decided
 * from what was counted, tested as a table. Agents download "contacts (1).csv"
 * and "Contacts_2026_11_24.csv"; each name alone would be a book of strangers.
 */
#ifndef SYNC_LINEAGE_H
#define SYNC_LINEAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a known book looks beside the file. */
struct lineage_sight {
	bool same_format;
	uint32_t columns;  /* of the file and the book together */
	uint32_t shared;   /* of them: those that both have */
	uint32_t sampled;  /* IDs taken from the file; 0: its rows have none */
	uint32_t known;    /* of them: those that the book's ledger has */
	uint32_t contacts; /* in the book's ledger */
	bool named_alike;  /* lineage_alike() */
};

#define LINEAGE_NONE SIZE_MAX

/*
 * The book that it continues: same format, at least four fifths of the columns
 * shared, more than half of the IDs known; a file without IDs goes by columns
 * and name. Of several the one with clearly the most IDs (a tenth more than
 * the next), else the only one that is named alike; LINEAGE_NONE in doubt.
 */
size_t lineage_choose(const struct lineage_sight *sights, size_t count);

/*
 * Whether two files are named as exports of one thing are: equal without the
 * directory, the ending, digits, signs, names of months, and "copy".
 */
bool lineage_alike(const char *path, const char *other);

#endif
