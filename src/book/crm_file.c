/* SPDX-License-Identifier: MIT */
/*
 * A table of targets, each a list of columns; a column is a header and what
 * stands under it.
 * Hazard: a CRM finds its contact by the ID alone, and what it does not find
 * it may create. So the ID is written as that CRM writes it (Zoho's with its
 * prefix, Salesforce's with 18 characters), and a row without one is none.
 */
#include "book/crm_file.h"

#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/str.h"
#include "book/book.h"
#include "book/canonical.h"
#include "book/contact.h"
#include "book/mapping.h"
#include "source/records.h"

enum crm_value {
	CRM_END, /* of the list */
	CRM_ID,  /* as the file has it */
	CRM_ID_18,
	CRM_FIRST_NAME,
	CRM_LAST_NAME,
	CRM_NAME, /* the file's column of that header, else both names */
	CRM_HEALTHSHERPA_ID,
	CRM_STATUS,
	CRM_ERROR,
	CRM_SYNCED_AT,
	CRM_QUOTE_URL,
};

struct crm_column {
	const char *header; /* NULL: as the file calls it */
	enum crm_value value;
};

static const struct crm_column hubspot[] = {
    {"Record ID", CRM_ID}, {"HealthSherpa ID", CRM_HEALTHSHERPA_ID}, {0}};
static const struct crm_column salesforce[] = {
    {"Id", CRM_ID_18}, {"HealthSherpa_ID__c", CRM_HEALTHSHERPA_ID}, {0}};
static const struct crm_column zoho[] = {
    {"Record Id", CRM_ID}, {"HealthSherpa ID", CRM_HEALTHSHERPA_ID}, {0}};
static const struct crm_column gohighlevel[] = {{"Contact Id", CRM_ID},
    {"First Name", CRM_FIRST_NAME}, {"HealthSherpa ID", CRM_HEALTHSHERPA_ID},
    {0}};
static const struct crm_column pipedrive[] = {{"Person - ID", CRM_ID},
    {"Person - Name", CRM_NAME}, {"HealthSherpa ID", CRM_HEALTHSHERPA_ID}, {0}};
static const struct crm_column agencybloc[] = {{NULL, CRM_ID},
    {"Individual: First Name", CRM_FIRST_NAME},
    {"Individual: Last Name", CRM_LAST_NAME},
    {"HealthSherpa ID", CRM_HEALTHSHERPA_ID}, {0}};
static const struct crm_column any[] = {
    {"HealthSherpa ID", CRM_HEALTHSHERPA_ID},
    {"HealthSherpa Status", CRM_STATUS}, {"HealthSherpa Error", CRM_ERROR},
    {"HealthSherpa Synced At", CRM_SYNCED_AT},
    {"HealthSherpa Quote URL", CRM_QUOTE_URL}, {0}};

const struct crm_target crm_targets[] = {
    {.name = "hubspot",
	.label = "HubSpot",
	.columns = hubspot,
	.how = "Once: make a contact property 'HealthSherpa ID' (single-line "
	       "text).\nThen: Import, Contacts, update existing records; "
	       "Record ID is the unique\nidentifier."},
    {.name = "salesforce",
	.label = "Salesforce",
	.columns = salesforce,
	.companion_name = "healthsherpa.sdl",
	.companion = "#Mapping values\r\n"
		     "Id=Id\r\n"
		     "HealthSherpa_ID__c=HealthSherpa_ID__c\r\n",
	.how = "Once: make a field 'HealthSherpa ID' (text, 36) on Contact.\n"
	       "Then: Data Loader, Update, Contact, this file, and "
	       "healthsherpa.sdl as the\nmapping."},
    {.name = "zoho",
	.label = "Zoho CRM",
	.columns = zoho,
	.how = "Once: make a field 'HealthSherpa ID' (single line) in "
	       "Contacts.\nThen: Import Contacts, 'Update existing records "
	       "only', match by Record Id."},
    {.name = "gohighlevel",
	.label = "GoHighLevel",
	.columns = gohighlevel,
	.how = "Once: make a custom field 'HealthSherpa ID'.\n"
	       "Then: Contacts, Import, 'Update existing contacts' only, match "
	       "by Contact ID."},
    {.name = "pipedrive",
	.label = "Pipedrive",
	.columns = pipedrive,
	.how = "Once: make a person field 'HealthSherpa ID' (text).\n"
	       "Then: Import data; map 'Person - ID' to 'Pipedrive System ID - "
	       "Person' by hand."},
    {.name = "agencybloc",
	.label = "AgencyBloc",
	.columns = agencybloc,
	.how = "AgencyBloc imports by Data Utilities into templates that must "
	       "not be changed;\nask its support which template takes a custom "
	       "field, and copy these columns\ninto it."},
    {.name = "any",
	.label = "another program",
	.columns = any,
	.whole = true,
	.how = "All columns of the file and five of belay's. Import it as text "
	       "(in Excel: Data,\nFrom Text/CSV): opened directly, Excel "
	       "changes long numbers and leading zeros."},
    {.name = "google",
	.label = "Google Contacts",
	.refusal = "Google Contacts cannot update contacts from a file, an "
		   "import makes every contact twice; belay keeps the IDs by "
		   "itself ('--for any' writes them beside your columns)"},
    {.name = "outlook",
	.label = "Outlook",
	.refusal = "Outlook cannot update contacts from a file, an import "
		   "makes every contact twice; belay keeps the IDs by itself "
		   "('--for any' writes them beside your columns)"},
    {.name = "vcard",
	.label = "vCard",
	.refusal = "cards carry their IDs themselves: a sync puts "
		   "X-HEALTHSHERPA-ID into the file of cards"},
};

const size_t crm_target_count = sizeof(crm_targets) / sizeof(crm_targets[0]);

const struct crm_target *
crm_target_find(const char *name, struct err *err)
{
	const char *names[sizeof(crm_targets) / sizeof(crm_targets[0])];
	const char *nearest;
	struct str list;

	str_init(&list, 1024);
	for (size_t i = 0; i < crm_target_count; i++) {
		size_t len = strlen(crm_targets[i].name);

		names[i] = crm_targets[i].name;
		/* "salesforce-report" is Salesforce all the same */
		if (strncasecmp(name, names[i], len) == 0 &&
		    (name[len] == '\0' || name[len] == '-')) {
			str_release(&list);
			return &crm_targets[i];
		}
		if (!crm_targets[i].refusal)
			str_addf(&list, "%s%s", i ? ", " : "", names[i]);
	}
	nearest = str_nearest(name, names, crm_target_count);
	if (nearest)
		err_set(err, ERR_USAGE,
		    "no CRM is called '%s'; did you mean '%s'?", name, nearest);
	else
		err_set(err, ERR_USAGE,
		    "no CRM is called '%s'; there are %s ('any' for all "
		    "others)",
		    name, list.data);
	str_release(&list);
	return NULL;
}

static void
add_field(struct str *out, size_t start, const char *text)
{
	str_add(out, out->len > start ? ",\"" : "\"");
	for (; text && *text; text++) {
		if (*text == '"')
			str_add_char(out, '"');
		str_add_char(out, *text);
	}
	str_add_char(out, '"');
}

/* What the file calls the column of the CRM's ID. */
static const char *
id_header(const struct book *book)
{
	const struct records *records = book_records(book);

	for (uint32_t i = 0; i < records_column_count(records); i++)
		if (mapping_reader(book_mapping(book), i) == FIELD_EXTERNAL_ID)
			return records_column_name(records, i);
	return field_table[FIELD_EXTERNAL_ID].name;
}

/* Of the file's own columns; one of ours that is there already is no more. */
static bool
is_copied(const struct crm_target *target, const char *name)
{
	for (const struct crm_column *column = target->columns; column->value;
	     column++)
		if (column->header && str_equal_fold(column->header, name))
			return false;
	return target->whole;
}

void
crm_file_header(
    const struct crm_target *target, const struct book *book, struct str *out)
{
	const struct records *records = book_records(book);
	size_t start = out->len;

	for (uint32_t i = 0; i < records_column_count(records); i++)
		if (is_copied(target, records_column_name(records, i)))
			add_field(out, start, records_column_name(records, i));
	for (const struct crm_column *column = target->columns; column->value;
	     column++)
		add_field(out, start,
		    column->header ? column->header : id_header(book));
	str_add(out, "\r\n");
}

/*
 * The ID as the CRM wrote it, into `out`; false when it has none: an ID that
 * belay made means nothing there.
 */
static bool
crm_id(const struct book *book, const struct contact *contact, bool eighteen,
    struct str *out)
{
	const struct contact_field *field = &contact->fields[FIELD_EXTERNAL_ID];
	const char *text = field->raw;

	str_reset(out);
	if (str_blank(field->raw) || !field->value)
		return false;
	if (field->column != CONTACT_NO_COLUMN)
		text = book_cell(book, contact->row, field->column);
	text += strspn(text, " \t\r\n");
	str_add(out, eighteen ? field->value : text);
	while (out->len > 0 && strchr(" \t\r\n", out->data[out->len - 1]))
		out->data[--out->len] = '\0';
	if (eighteen)
		canonical_salesforce(out, 0);
	return true;
}

/* A name that the file has in one column, else first and last. */
static void
add_name(const struct book *book, const struct contact *contact,
    const char *header, size_t start, struct str *out)
{
	const struct records *records = book_records(book);
	uint32_t column = records_find_column(records, header);
	const char *cell = column == RECORDS_NONE
			       ? NULL
			       : book_cell(book, contact->row, column);
	const char *first = contact->fields[FIELD_FIRST_NAME].value;
	const char *last = contact->fields[FIELD_LAST_NAME].value;
	struct str name;

	if (!str_blank(cell)) {
		add_field(out, start, cell);
		return;
	}
	str_init(&name, 1024);
	str_addf(&name, "%s%s%s", first ? first : "", first && last ? " " : "",
	    last ? last : "");
	add_field(out, start, name.data);
	str_release(&name);
}

static const char *
value_of(const struct contact *contact, const struct crm_row *row,
    enum crm_value value)
{
	switch (value) {
	case CRM_FIRST_NAME: return contact->fields[FIELD_FIRST_NAME].value;
	case CRM_LAST_NAME: return contact->fields[FIELD_LAST_NAME].value;
	case CRM_HEALTHSHERPA_ID: return row->healthsherpa_id;
	case CRM_STATUS: return row->status;
	case CRM_ERROR: return row->error;
	case CRM_SYNCED_AT: return row->synced_at;
	case CRM_QUOTE_URL: return row->quote_url;
	case CRM_END:
	case CRM_ID:
	case CRM_ID_18:
	case CRM_NAME: break;
	}
	return NULL;
}

bool
crm_file_row(const struct crm_target *target, const struct book *book,
    const struct contact *contact, const struct crm_row *row, struct str *out)
{
	const struct records *records = book_records(book);
	size_t start = out->len;
	struct str id;
	bool known;

	str_init(&id, RECORDS_CELL_MAX * 4);
	known = crm_id(
	    book, contact, target->columns[0].value == CRM_ID_18, &id);
	for (uint32_t i = 0; target->whole && i < records_column_count(records);
	     i++)
		if (is_copied(target, records_column_name(records, i)))
			add_field(out, start, book_cell(book, row->row, i));
	for (const struct crm_column *column = target->columns;
	     column->value && (known || target->whole); column++) {
		if (column->value == CRM_ID || column->value == CRM_ID_18)
			add_field(out, start, id.data);
		else if (column->value == CRM_NAME)
			add_name(book, contact, column->header, start, out);
		else
			add_field(
			    out, start, value_of(contact, row, column->value));
	}
	str_release(&id);
	if (out->len == start)
		return false;
	str_add(out, "\r\n");
	return true;
}
