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
	char delimiter;  /* one of , ; TAB | or what sep= says */
	bool lone_cr;    /* lines end with CR alone */
	bool sep;        /* the first line is sep=; */
	uint32_t titles; /* lines before the header, that one too; no blank ones
			  */
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
	/* By another reader: the dialect, whether there is a footer, and
	 * behind how many rows. Nothing is guessed then. */
	bool told, told_footer;
	uint32_t told_rows;
	bool stop[256];          /* bytes that may end a plain cell */
	uint64_t each_delimiter; /* of a word */
	bool started, ended;
	uint32_t columns; /* of the header */
	uint32_t header_line;
	uint32_t rows;        /* so far */
	uint32_t footer_line; /* where the footer begins; 0: there is none */
	char footer[64];      /* how it begins */
	uint32_t no_footer_before; /* a line */
	struct str scratch;

	/* the unit read last */
	size_t at;   /* where it starts in the window */
	size_t next; /* where the next one starts */
	uint32_t line, next_line;
	bool is_header;
	uint32_t len;        /* without the line end */
	uint32_t open_quote; /* where a quote opened that does not close */
	bool written;        /* not only delimiters */
	bool plain;          /* no cell is in quotes */
	bool after_blank;    /* blank lines stand before it */
	bool surplus_filled; /* a cell beyond the header holds something */
	uint32_t count;      /* cells, of which the first ones are known: */
	struct csv_cell cells[RECORDS_COLUMNS_MAX + 1];
	uint32_t ends[RECORDS_COLUMNS_MAX + 1]; /* the same as in the cells */
};

enum csv_scan { CSV_SCAN_DONE, CSV_SCAN_SHORT, CSV_SCAN_OPEN_QUOTE };

/*
 * Cuts the record at `at` into cells; `next` is where the next one starts. Not
 * done: the window ends inside the record.
 */
enum csv_scan csv_scan_record(struct csv *csv);
/* Lines of the record cut last. */
uint32_t csv_count_lines(const struct csv *csv);

/*
 * Whether the row cut last begins what a report says at its end: lines with one
 * cell, up to the end of the file, with words that reports end with. Notes its
 * place then; else the row is as it was.
 */
bool csv_at_footer(struct csv *csv);
/* Appends what was passed over: a sentence a line. */
void csv_notes(const void *reader, struct str *out);

/* Guessed from the first bytes of a file; `whole`: it has no more. */
struct csv_dialect csv_detect(const char *text, size_t len, bool whole);

/* Whether a cell could be the name of a column. */
bool csv_is_name(const char *text, size_t len);
/* Whether it has a word that columns of contacts are named with. */
bool csv_has_column_word(const char *text, size_t len);
/* Whether it has words that reports end with. */
bool csv_ends_report(const char *text, size_t len);

void csv_splice(void *reader, struct splice_job *job, struct splice *splice);

#endif
