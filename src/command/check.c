/* SPDX-License-Identifier: MIT */
/*
 * `belay check`: config, mapping and every contact, all findings at once,
 * nothing sent.
 */
#include "command/command.h"

#include <stdio.h>

#include "base/json.h"
#include "base/str.h"
#include "book/book.h"
#include "book/mapping.h"
#include "command/listing.h"
#include "command/output.h"
#include "command/session.h"
#include "source/records.h"

static const struct listing_column columns[] = {
    {"ROW", 8},
    {"NAME", 24},
    {"FIELD", 20},
    {"CODE", 20},
    {"KIND", 7},
    {"WHAT", 0},
};

struct counts {
	uint32_t contacts, blocked, findings[3];
};

static const char *
column_name(const struct session *session, const struct finding *finding)
{
	uint32_t column;

	if (finding->field >= FIELD_COUNT)
		return NULL;
	column = session->contact.fields[finding->field].column;
	return column == CONTACT_NO_COLUMN
		   ? NULL
		   : records_column_name(book_records(session->book), column);
}

static void
print_finding_json(struct session *session, const struct finding *finding)
{
	struct json *object = json_object();
	const struct contact *contact = &session->contact;

	json_add_string(
	    object, "external_id", contact->fields[FIELD_EXTERNAL_ID].value);
	json_add_integer(object, "row", (int64_t)contact->row + 1);
	json_add_string(object, "field",
	    finding->field < FIELD_COUNT ? field_table[finding->field].name
					 : NULL);
	json_add_string(object, "column", column_name(session, finding));
	json_add_string(object, "code", finding_table[finding->code].code);
	json_add_string(object, "severity", severity_word(finding->severity));
	json_add_string(object, "message", finding->message);
	output_json(object);
}

static void
print_finding(struct session *session, struct listing *listing,
    const struct finding *finding)
{
	char row[16];
	const char *cells[6];

	snprintf(row, sizeof(row), "%u", session->contact.row + 1);
	cells[0] = row;
	cells[1] = session->contact.name;
	cells[2] = finding->field < FIELD_COUNT
		       ? field_table[finding->field].label
		       : "whole row";
	cells[3] = finding_table[finding->code].code;
	cells[4] = severity_word(finding->severity);
	cells[5] = finding->message;
	listing_add(listing, cells);
}

static void
check_row(struct session *session, struct listing *listing, uint32_t row,
    struct counts *counts)
{
	struct contact *contact = &session->contact;

	book_contact(session->book, row, contact);
	counts->contacts++;
	counts->blocked += contact->blocked;
	for (unsigned i = 0; i < contact->finding_count; i++) {
		const struct finding *finding = &contact->findings[i];

		counts->findings[finding->severity]++;
		if (session->arguments->json)
			print_finding_json(session, finding);
		else if (finding->severity > SEVERITY_INFO ||
			 session->arguments->verbose)
			print_finding(session, listing, finding);
	}
}

static void
print_summary(const struct session *session, const struct counts *counts)
{
	if (session->arguments->json) {
		struct json *object = json_object(), *summary = json_object();

		json_add_integer(summary, "contacts", counts->contacts);
		json_add_integer(summary, "blocked", counts->blocked);
		json_add_integer(
		    summary, "errors", counts->findings[SEVERITY_ERROR]);
		json_add_integer(
		    summary, "warnings", counts->findings[SEVERITY_WARNING]);
		json_add_integer(
		    summary, "infos", counts->findings[SEVERITY_INFO]);
		json_add(object, "summary", summary);
		output_json(object);
		return;
	}
	printf("%s%u contact%s: %u could be sent, %u blocked; errors: %u, "
	       "warnings: %u, notes: %u\n",
	    counts->findings[SEVERITY_ERROR] +
		    counts->findings[SEVERITY_WARNING]
		? "\n"
		: "",
	    counts->contacts, counts->contacts == 1 ? "" : "s",
	    counts->contacts - counts->blocked, counts->blocked,
	    counts->findings[SEVERITY_ERROR],
	    counts->findings[SEVERITY_WARNING],
	    counts->findings[SEVERITY_INFO]);
}

/* All rows lack the ID then, which one sentence tells better. */
static void
tell_mapping(const struct session *session)
{
	if (!book_mints(session->book) &&
	    !mapping_has(book_mapping(session->book), FIELD_EXTERNAL_ID))
		fputs("belay: no column is used as ID: name it under mapping: "
		      "in the config, such as 'external_id: Record ID', or "
		      "'external_id: {minted: true}' if your export has no "
		      "IDs; belay.yaml(5) tells more\n",
		    stderr);
}

static int
run(const struct arguments *arguments, struct err *err)
{
	struct session session;
	struct listing listing;
	struct counts counts = {0};
	enum session_step step;
	uint32_t row;
	int result = -1;

	listing_init(&listing, columns, 6, arguments);
	if (session_open(&session, arguments,
		arguments->word_count ? arguments->words[0] : NULL,
		SESSION_BOOK, err) &&
	    session_select(&session, err)) {
		while (
		    (step = session_next(&session, &row, err)) == SESSION_ROW)
			check_row(&session, &listing, row, &counts);
		if (step == SESSION_END)
			result = counts.blocked ? EXIT_ATTENTION : 0;
	}
	listing_end(&listing);
	if (result >= 0) {
		print_summary(&session, &counts);
		tell_mapping(&session);
		output_notes(book_source(session.book));
	}
	session_close(&session);
	return result;
}

const struct command command_check = {
    .name = "check",
    .bit = COMMAND_CHECK,
    .usage = "check [FILE] [--filter QUERY] [--id ID]... [--json]",
    .summary = "what is wrong with config, mapping and contacts",
    .detail = "Checks everything at once and sends nothing. With -v also what "
	      "is only worth\nknowing. Exit status 1 when some contact is "
	      "blocked.",
    .words_max = 1,
    .run = run,
};
