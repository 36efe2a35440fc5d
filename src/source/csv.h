/* SPDX-License-Identifier: MIT */
/*
 * What the reading and the splicing of CSV share. Only for csv*.c; others use
 * csv_format of source_format.h.
 */
#ifndef SOURCE_CSV_H
#define SOURCE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "source/records.h"
#include "source/source_format.h"

#define CSV_RECORD_MAX (1u << 20)
#define CSV_DIALECT_HEAD (16u << 10)

struct csv_dialect {
	char delimiter; /* one of , ; TAB | */
	bool lone_cr;   /* lines end with CR alone */
};

/* A cell as it stands in the window, from the start of its record. */
struct csv_cell {
	uint32_t start, end; /* quotes included */
	uint32_t close;      /* behind the closing quote; 0: not quoted */
	bool doubled;        /* quotes inside, written twice */
};

struct csv {
	struct input *input;
	struct records *records;
	const char *name;
	struct csv_dialect dialect;
	bool stop[256]; /* bytes that may end a plain cell */
	bool started, ended;
	uint32_t columns; /* of the header */
	struct str scratch;

	/* the unit read last */
	size_t at;   /* where it starts in the window */
	size_t next; /* where the next one starts */
	uint32_t line, next_line;
	bool is_header;
	uint32_t len;        /* without the line end */
	uint32_t open_quote; /* where a quote opened that does not close */
	bool written;        /* not only delimiters */
	bool surplus_filled; /* a cell beyond the header holds something */
	uint32_t count;      /* cells, of which the first ones are known: */
	struct csv_cell cells[RECORDS_COLUMNS_MAX + 1];
};

/* Guessed from the first bytes of a file, which may be cut anywhere. */
struct csv_dialect csv_detect(const char *head, size_t len);

void csv_splice(void *reader, struct splice_job *job, struct splice *splice);

#endif
