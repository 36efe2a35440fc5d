/* SPDX-License-Identifier: MIT */
/*
 * Presets: what the export of a CRM looks like, as data. Which columns tell
 * whose it is, which one holds the record's ID, which columns give which field.
 *
 * Sources: headers of exports as other programs read them and the vendors'
 * own documentation. A CRM lets its users choose and rename columns, so a
 * preset is where a proposal starts (propose.h), never where it ends.
 */
#ifndef BOOK_PRESET_H
#define BOOK_PRESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/field.h"

struct err;
struct records;

#define PRESET_GENERIC "generic"

/* What an ID of the CRM looks like. */
enum preset_id {
	PRESET_ID_ANY,
	PRESET_ID_DIGITS,
	PRESET_ID_SALESFORCE, /* 15 or 18 letters and digits */
	PRESET_ID_ZOHO,       /* digits, in files behind "zcrm_" */
	PRESET_ID_TOKEN,      /* 20 letters and digits */
};

/*
 * Columns of a field, best first: places are joined by ';', spellings of one
 * place (older versions) by '|', columns to be joined by " + ". For an address
 * the same place in every field is the same address.
 */
struct preset_field {
	enum field field;
	const char *columns;
};

struct preset {
	const char *name;  /* for --crm and --for: "hubspot" */
	const char *label; /* "HubSpot" */
	/* Each of them is enough: parts joined by ';' must all hold: a column
	 * of one of the names joined by '|', "Name*" one that begins so,
	 * "!Name" none. NULL: not recognised by columns. */
	const char *signatures[2];
	const char *format; /* the source's format that tells; or NULL */
	const char *ids;    /* the ID's column and its spellings; or NULL */
	enum preset_id id;
	bool id_needed;        /* recognised only if the IDs look like that */
	const char *canonical; /* modifier of the rule for the ID; or NULL */
	const struct preset_field *fields; /* until one without columns */
};

/* The last one is PRESET_GENERIC, without columns. */
extern const struct preset preset_table[];
extern const size_t preset_count;

/*
 * Without regard to case; the name of a CRM with several exports ("salesforce")
 * is its first one. ERR_USAGE with the nearest name.
 */
const struct preset *preset_need(const char *name, struct err *err);
/* Whether a name means this preset or the CRM that it is one export of. */
bool preset_is_called(const struct preset *preset, const char *name);

/* Whose export it is, by the format's name, the columns and, where the
 * columns do not tell enough, the IDs. Never NULL: generic. */
const struct preset *preset_recognise(
    const struct records *records, const char *format);

/* Whether an ID looks like one of that CRM. */
bool preset_id_fits(const struct preset *preset, const char *id);

/*
 * The column of a list of spellings joined by '|': the first that is there;
 * RECORDS_NONE. Without regard to case and outer blanks.
 */
uint32_t preset_column(const struct records *records, const char *spellings);

#endif
