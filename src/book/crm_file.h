/* SPDX-License-Identifier: MIT */
/*
 * Files that a CRM imports, to bring the HealthSherpa IDs home: which columns
 * under which headers, and how the import is done there. Text only; the caller
 * chooses the rows and writes the file.
 *
 * UTF-8 without a byte order mark, CRLF, every field quoted (RFC 4180).
 * Cells are written as they are: a value made harmless for a spreadsheet would
 * change the CRM's data.
 */
#ifndef BOOK_CRM_FILE_H
#define BOOK_CRM_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct book;
struct contact;
struct err;
struct str;

struct crm_target {
	const char *name;  /* "hubspot", as --for takes it */
	const char *label; /* "HubSpot" */
	const char *how;   /* how the file is imported; sentences, lines */
	/* Why there is no such file for this CRM, and the way out; or NULL. */
	const char *refusal;
	/* A second file that the import wants beside it; or NULL. */
	const char *companion_name, *companion;
	const struct crm_column *columns;
	bool whole; /* the source's own columns first */
};

extern const struct crm_target crm_targets[];
extern const size_t crm_target_count;

/* ERR_USAGE with the nearest name. */
const struct crm_target *crm_target_find(const char *name, struct err *err);

/* What sync knows of a row; texts may be "". */
struct crm_row {
	uint32_t row;
	const char *healthsherpa_id;
	const char *status, *error, *synced_at, *quote_url;
};

/* Appends the header line. */
void crm_file_header(
    const struct crm_target *target, const struct book *book, struct str *out);
/*
 * Appends a line. False, and nothing is appended, when the row has no ID of
 * the CRM: without one an import would make a second contact there.
 * `contact` is the row's.
 */
bool crm_file_row(const struct crm_target *target, const struct book *book,
    const struct contact *contact, const struct crm_row *row, struct str *out);

#endif
