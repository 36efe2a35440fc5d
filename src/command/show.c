/* SPDX-License-Identifier: MIT */
/*
 * `belay show --id ID`: one contact: what the file says, what would be sent,
 * what is wrong, where it stands.
 */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/rules.h"
#include "command/attention.h"
#include "command/listing.h"
#include "command/output.h"
#include "command/session.h"
#include "source/records.h"
#include "sync/sync.h"

static const struct listing_column columns[] = {
    {"FIELD", 0},
    {"WOULD BE SENT", 34},
    {"FROM", 24},
    {"WHAT", 0},
};

/* Words of headings under which such values stand in most exports. */
static bool
sensitive_heading(const char *name)
{
	static const char *const words[] = {"birth", "dob", "mbi",
	    "medicare number", "medicare id", "medicaid", "ssn",
	    "social security"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text_contains_folded(name, words[i]))
			return true;
	return false;
}

/* Medicare and Social Security numbers are known by their shape. */
static bool
sensitive_shape(const char *cell)
{
	struct finding found[8];
	struct findings findings = {found, 0, 8};
	struct rules_input input = {
	    .field = FIELD_MEDICARE_NUMBER, .raw = cell};
	struct str value;
	bool shape;

	str_init(&value, 64 << 10);
	rules_clean(&input, &value, &findings);
	shape = value.len > 0;
	for (unsigned i = 0; i < findings.count; i++)
		shape = shape || found[i].code == FINDING_MBI_SSN ||
			found[i].code == FINDING_MBI_CLAIM_NUMBER;
	str_release(&value);
	return shape;
}

/*
 * A sensitive field's column must not show in clear what the field masks, nor
 * a column that no field takes and that holds the like.
 */
static bool
sensitive_cell(const struct session *session, uint32_t column, const char *cell)
{
	const struct records *records = book_records(session->book);

	for (int field = 0; field < FIELD_COUNT; field++)
		if (session->contact.fields[field].column == column)
			return field_table[field].flags & FIELD_SENSITIVE;
	return sensitive_heading(records_column_name(records, column)) ||
	       sensitive_shape(cell);
}

static void
add_columns(struct session *session, struct json *object, uint32_t row)
{
	const struct records *records = book_records(session->book);
	struct json *list = json_object();

	for (uint32_t i = 0; i < records_column_count(records); i++) {
		const char *cell = book_cell(session->book, row, i);

		if (cell && *cell && !session->arguments->reveal &&
		    sensitive_cell(session, i, cell))
			cell = "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2";
		json_add_string(list, records_column_name(records, i), cell);
	}
	json_add(object, "columns", list);
}

static void
show_json(struct session *session, uint32_t row)
{
	struct json *object = output_status(session, row);
	bool all[FIELD_COUNT], none[FIELD_COUNT] = {false};
	struct row_status status;

	sync_row(session->sync, row, &status);
	for (int field = 0; field < FIELD_COUNT; field++)
		all[field] = session->contact.fields[field].value != NULL;
	output_fields(&session->contact, session->arguments->reveal, object,
	    all,
	    status.status == STATUS_SYNCED    ? none
	    : status.status == STATUS_CHANGED ? status.changed
					      : all);
	output_agent(session, &session->contact, object);
	add_columns(session, object, row);
	output_json(object);
}

static void
show_field(struct session *session, struct listing *listing, int field)
{
	const struct contact *contact = &session->contact;
	const struct contact_field *value = &contact->fields[field];
	const struct finding *finding = contact_finding(
	    contact, (enum field)field);
	const char *cells[4] = {field_table[field].name, NULL, NULL, NULL};
	struct str text;

	if (!value->raw && !value->value && !finding)
		return;
	str_init(&text, 256 << 10);
	if (value->value && !value->left_out)
		contact_show_value(&text, (enum field)field, value->value,
		    session->arguments->reveal);
	else
		str_add(&text, value->raw ? "(left out)" : "(nothing)");
	cells[1] = text.data;
	if (value->column != CONTACT_NO_COLUMN)
		cells[2] = records_column_name(
		    book_records(session->book), value->column);
	cells[3] = finding ? finding->message : NULL;
	listing_add(listing, cells);
	str_release(&text);
}

static void
show_text(struct session *session, struct listing *listing, uint32_t row)
{
	struct row_status status;
	struct str head, when;

	sync_row(session->sync, row, &status);
	book_contact(session->book, row, &session->contact);
	str_init(&head, 8192);
	text_clean(&head, session->contact.name, strlen(session->contact.name));
	str_addf(&head, ": %s", status_table[status.status].word);
	if (*status.reason)
		str_addf(&head, ", %s", status.reason);
	printf("%s\nrow %u, line %u of %s\n", head.data, row + 1,
	    book_line(session->book, row),
	    source_path(book_source(session->book)));
	str_release(&head);
	if (*status.healthsherpa_id)
		printf("HealthSherpa ID: %s\n", status.healthsherpa_id);
	if (*status.quote_url)
		printf("quote page: %s\n", status.quote_url);
	if (status.synced_at_ms) {
		str_init(&when, 64);
		clock_format_time(&when, status.synced_at_ms);
		printf("last synced: %s\n", when.data);
		str_release(&when);
	}
	putchar('\n');
	for (int field = 0; field < FIELD_COUNT; field++)
		show_field(session, listing, field);
	for (unsigned i = 0; i < session->contact.finding_count; i++)
		if (session->contact.findings[i].field == FIELD_COUNT)
			listing_add(listing,
			    (const char *const[]){"whole row", NULL, NULL,
				session->contact.findings[i].message});
}

static int
run(const struct arguments *arguments, struct err *err)
{
	struct session session;
	struct listing listing;
	uint32_t row;
	int result = -1;

	listing_init(&listing, columns, 4, arguments);
	if (session_open(&session, arguments,
		arguments->word_count ? arguments->words[0] : NULL,
		SESSION_LOOK, err) &&
	    session_one(&session, &row, err)) {
		if (arguments->json)
			show_json(&session, row);
		else
			show_text(&session, &listing, row);
		result = attention_needed(sync_status(session.sync, row))
			     ? EXIT_ATTENTION
			     : 0;
	}
	listing_end(&listing);
	session_close(&session);
	return result;
}

const struct command command_show = {
    .name = "show",
    .bit = COMMAND_SHOW,
    .usage = "show [FILE] --id ID [--reveal] [--json]",
    .summary = "one contact: columns, fields, findings, status",
    .detail = "Medicare numbers and birth dates are masked unless "
	      "--reveal is given.",
    .words_max = 1,
    .run = run,
};
