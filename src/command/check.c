/* SPDX-License-Identifier: MIT */
/*
 * `belay check`: config, mapping and every contact, all findings at once,
 * nothing sent.
 */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "book/decision.h"
#include "book/mapping.h"
#include "book/query.h"
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

enum { PROBLEMS_MAX = 64 << 10 };

struct counts {
	uint32_t contacts, blocked, findings[3];
	uint32_t codes[3][FINDING_CODE_COUNT]; /* by severity */
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

/* As sensitive as the value is. */
static void
add_suggestion(const struct session *session, struct json *object,
    const struct finding *finding)
{
	struct str text;

	str_init(&text, 1024);
	if (finding->field < FIELD_COUNT)
		contact_show_value(&text, finding->field, finding->suggestion,
		    session->arguments->reveal);
	output_add_text(object, "suggestion", text.data);
	str_release(&text);
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
	add_suggestion(session, object, finding);
	output_json(object);
}

static void
print_finding(struct session *session, struct listing *listing,
    const struct finding *finding)
{
	char row[16];
	const char *cells[6];
	struct str what;

	snprintf(row, sizeof(row), "%u", session->contact.row + 1);
	cells[0] = row;
	cells[1] = session->contact.name;
	cells[2] = finding->field < FIELD_COUNT
		       ? field_table[finding->field].label
		       : "whole row";
	cells[3] = finding_table[finding->code].code;
	cells[4] = severity_word(finding->severity);
	str_init(&what, 1024);
	str_add(&what, finding->message);
	/* masked it would not help */
	if (finding->field < FIELD_COUNT && *finding->suggestion &&
	    (session->arguments->reveal ||
		!(field_table[finding->field].flags & FIELD_SENSITIVE)) &&
	    !strstr(finding->message, finding->suggestion))
		str_addf(&what, "; perhaps \"%s\"?", finding->suggestion);
	cells[5] = what.data;
	listing_add(listing, cells);
	str_release(&what);
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
		counts->codes[finding->severity][finding->code]++;
		if (session->arguments->json)
			print_finding_json(session, finding);
		else if (finding->severity > SEVERITY_INFO ||
			 session->arguments->verbose)
			print_finding(session, listing, finding);
	}
}

/* ---- at the end -------------------------------------------------------------
 */

static void
add_codes(struct json *summary, const struct counts *counts)
{
	struct json *codes = json_object();

	for (unsigned code = 0; code < FINDING_CODE_COUNT; code++) {
		uint32_t count = counts->codes[SEVERITY_ERROR][code] +
				 counts->codes[SEVERITY_WARNING][code] +
				 counts->codes[SEVERITY_INFO][code];

		if (count > 0)
			json_add_integer(
			    codes, finding_table[code].code, count);
	}
	json_add(summary, "codes", codes);
}

static void
add_columns(struct json *summary, const struct book *book)
{
	struct column_decision decisions[COLUMN_DECISIONS_MAX];
	size_t count = book_decisions(book, decisions);
	struct json *list = json_array();

	for (size_t i = 0; i < count; i++) {
		const struct column_decision *decision = &decisions[i];
		struct json *object = json_object();
		struct str words;

		str_init(&words, 1024);
		decision_explain(decision, &words);
		json_add_string(
		    object, "field", field_table[decision->field].name);
		json_add_string(object, "column", decision->column);
		json_add_string(object, "read_as", decision->read_as);
		json_add_integer(object, "for", decision->in_favour);
		json_add_integer(object, "against", decision->against);
		json_add_integer(object, "open", decision->open);
		json_add_bool(object, "pinned", decision->pinned);
		json_add_string(object, "message", words.data);
		json_append(list, object);
		str_release(&words);
	}
	json_add(summary, "columns", list);
}

static void
print_summary_json(const struct session *session, const struct counts *counts)
{
	struct json *object = json_object(), *summary = json_object();

	json_add_integer(summary, "contacts", counts->contacts);
	json_add_integer(summary, "blocked", counts->blocked);
	json_add_integer(summary, "errors", counts->findings[SEVERITY_ERROR]);
	json_add_integer(
	    summary, "warnings", counts->findings[SEVERITY_WARNING]);
	json_add_integer(summary, "infos", counts->findings[SEVERITY_INFO]);
	add_codes(summary, counts);
	add_columns(summary, session->book);
	json_add(object, "summary", summary);
	output_json(object);
}

/* "warnings  ZIP-LENGTH 9, MBI-SHAPE 2", the most frequent first. */
static void
print_codes(const char *kind, const uint32_t codes[FINDING_CODE_COUNT])
{
	uint32_t left[FINDING_CODE_COUNT];
	const char *between = "";

	memcpy(left, codes, sizeof(left));
	for (;;) {
		unsigned most = 0;

		for (unsigned code = 1; code < FINDING_CODE_COUNT; code++)
			if (left[code] > left[most])
				most = code;
		if (left[most] == 0)
			break;
		if (!*between)
			printf("%-10s", kind);
		printf(
		    "%s%s %u", between, finding_table[most].code, left[most]);
		between = ", ";
		left[most] = 0;
	}
	if (*between)
		putchar('\n');
}

/* What was read in one way in a whole column, and how to have the say. */
static void
print_decisions(const struct book *book)
{
	struct column_decision decisions[COLUMN_DECISIONS_MAX];
	size_t count = book_decisions(book, decisions);

	if (count > 0)
		puts("\nDecided for whole columns:");
	for (size_t i = 0; i < count; i++) {
		const struct column_decision *decision = &decisions[i];
		struct str words, pin;

		str_init(&words, 1024);
		str_init(&pin, 256);
		str_add(&words, field_table[decision->field].label);
		if (decision->column) {
			str_add(&words, " (");
			text_clean(
			    &words, decision->column, strlen(decision->column));
			str_add(&words, ")");
		}
		str_add(&words, ": ");
		decision_explain(decision, &words);
		if (decision_pin(decision, &pin))
			str_addf(&words, "; %s in the mapping %s it", pin.data,
			    decision->doubtful ? "settles" : "pins");
		printf("  %s\n", words.data);
		str_release(&words);
		str_release(&pin);
	}
}

static void
print_summary(const struct session *session, const struct counts *counts)
{
	uint32_t worse = counts->findings[SEVERITY_ERROR] +
			 counts->findings[SEVERITY_WARNING];
	uint32_t notes = counts->findings[SEVERITY_INFO];

	if (session->arguments->json) {
		print_summary_json(session, counts);
		return;
	}
	printf("%s%u contact%s: %u could be sent, %u blocked; errors: %u, "
	       "warnings: %u, notes: %u\n",
	    worse > 0 || (notes > 0 && session->arguments->verbose) ? "\n" : "",
	    counts->contacts, counts->contacts == 1 ? "" : "s",
	    counts->contacts - counts->blocked, counts->blocked,
	    counts->findings[SEVERITY_ERROR],
	    counts->findings[SEVERITY_WARNING], notes);
	print_codes("errors", counts->codes[SEVERITY_ERROR]);
	print_codes("warnings", counts->codes[SEVERITY_WARNING]);
	print_codes("notes", counts->codes[SEVERITY_INFO]);
	if (worse + notes > 0)
		printf("'belay explain CODE' tells what a code means and what "
		       "to do%s\n",
		    notes > 0 && !session->arguments->verbose
			? "; -v lists the notes"
			: "");
	print_decisions(session->book);
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

/* Of all contacts alike, so it is said once. */
static void
tell_version(const struct session *session)
{
	const char *between = "belay: not sent with service.version v1, which "
			      "does not know them: ";

	if (session->config->version != SERVICE_V1)
		return;
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		if ((field_table[i].flags & FIELD_V1) ||
		    !mapping_has(book_mapping(session->book), (enum field)i))
			continue;
		fprintf(stderr, "%s%s", between, field_table[i].label);
		between = ", ";
	}
	if (*between == ',')
		fputc('\n', stderr);
}

/* Saved filters are part of the config: what is wrong with them is, too. */
static bool
check_filters(const struct session *session, struct err *err)
{
	struct str problems;
	size_t count;

	str_init(&problems, PROBLEMS_MAX);
	count = query_check_saved(session->book, &problems);
	fputs(problems.data, stderr);
	str_release(&problems);
	return count == 0 ||
	       err_set(err, ERR_CONFIG, "%zu saved filter%s a mistake", count,
		   count == 1 ? " has" : "s have");
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
		arguments->filter ? SESSION_LOOK : SESSION_BOOK, err) &&
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
		tell_version(&session);
		output_book_notes(session.book);
		if (!check_filters(&session, err))
			result = -1;
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
	      "blocked, 78 when config, mapping\nor a saved filter is wrong.",
    .words_max = 1,
    .run = run,
};
