/* SPDX-License-Identifier: MIT */
/*
 * One place builds each shape, so that `status`, `show`, `plan` and `sync`
 * agree. Masking happens here and nowhere else for output.
 */
#include "command/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "command/arguments.h"
#include "command/session.h"
#include "source/source.h"
#include "sync/sync.h"

enum { LINE_MAX_BYTES = 4 << 20 };

void
output_json(struct json *json)
{
	struct str line;

	str_init(&line, LINE_MAX_BYTES);
	json_print(&line, json);
	puts(line.data);
	str_release(&line);
	json_free(json);
}

void
output_add_text(struct json *object, const char *key, const char *text)
{
	json_add_string(object, key, text && *text ? text : NULL);
}

const char *
output_id(const struct contact *contact, char id[OUTPUT_ID_SIZE])
{
	const char *value = contact->fields[FIELD_EXTERNAL_ID].value;

	if (value)
		str_copy(id, OUTPUT_ID_SIZE, value);
	else
		snprintf(id, OUTPUT_ID_SIZE, "row:%u", contact->row + 1);
	return id;
}

struct json *
output_numbers(struct session *session, uint32_t row)
{
	struct json *object = json_object();

	output_add_text(
	    object, "external_id", book_external_id(session->book, row));
	json_add_integer(object, "row", (int64_t)row + 1);
	return object;
}

struct json *
output_row(struct session *session, uint32_t row)
{
	book_contact(session->book, row, &session->contact);
	return output_numbers(session, row);
}

static struct json *
findings_list(const struct session *session)
{
	const struct contact *contact = &session->contact;
	struct json *list = json_array();

	for (unsigned i = 0; i < contact->finding_count; i++) {
		const struct finding *finding = &contact->findings[i];
		struct json *object = json_object();

		json_add_string(object, "field",
		    finding->field < FIELD_COUNT
			? field_table[finding->field].name
			: NULL);
		json_add_string(
		    object, "code", finding_table[finding->code].code);
		json_add_string(
		    object, "severity", severity_word(finding->severity));
		json_add_string(object, "message", finding->message);
		json_append(list, object);
	}
	return list;
}

struct json *
output_status(struct session *session, uint32_t row)
{
	struct json *object = output_row(session, row);
	struct row_status status;
	struct str when;

	sync_row(session->sync, row, &status);
	json_add_string(object, "name", session->contact.name);
	json_add_string(object, "status",
	    status.status < STATUS_COUNT ? status_table[status.status].word
					 : NULL);
	output_add_text(object, "reason", status.reason);
	output_add_text(object, "healthsherpa_id", status.healthsherpa_id);
	output_add_text(object, "quote_url", status.quote_url);
	str_init(&when, 64);
	if (status.synced_at_ms)
		clock_format_time(&when, status.synced_at_ms);
	output_add_text(object, "synced_at", when.data);
	str_release(&when);
	json_add(object, "findings", findings_list(session));
	return object;
}

void
output_standing(struct session *session, uint32_t row)
{
	struct row_status status;
	struct str line;

	sync_row_changed(session->sync, row);
	session_refresh(session);
	if (session->arguments->json) {
		output_json(output_status(session, row));
		return;
	}
	sync_row(session->sync, row, &status);
	book_contact(session->book, row, &session->contact);
	str_init(&line, 8192);
	text_clean(&line, session->contact.name, strlen(session->contact.name));
	str_addf(&line, ": %s", status_table[status.status].word);
	if (*status.reason)
		str_addf(&line, ", %s", status.reason);
	puts(line.data);
	str_release(&line);
}

void
output_agent(const struct session *session, const struct contact *contact,
    struct json *object)
{
	const struct config *config = session->config;
	const char *own = contact->fields[FIELD_AGENT_EMAIL].value;

	output_add_text(object, "agent_email",
	    config->version != SERVICE_V1 ? NULL
	    : own                         ? own
					  : config->agent_email);
}

void
output_fields(const struct contact *contact, bool reveal, struct json *object,
    const bool fields[FIELD_COUNT], const bool changed[FIELD_COUNT])
{
	struct json *values = json_object(), *names = json_array();

	for (int field = 0; field < FIELD_COUNT; field++) {
		const struct contact_field *value = &contact->fields[field];
		struct str text;

		if (changed[field])
			json_append_string(names, field_table[field].name);
		if (!fields[field])
			continue;
		str_init(&text, 256 << 10);
		if (value->value)
			contact_show_value(
			    &text, (enum field)field, value->value, reveal);
		json_add_string(values, field_table[field].name,
		    value->value ? text.data : NULL);
		str_release(&text);
	}
	json_add(object, "fields", values);
	json_add(object, "changed", names);
}

void
output_changed_words(struct str *out, const bool changed[FIELD_COUNT])
{
	for (int field = 0; field < FIELD_COUNT; field++) {
		if (!changed[field])
			continue;
		str_add(out, out->len ? ", " : "");
		str_add(out, field_table[field].label);
	}
}

static void
print_notes(const struct source *source, const struct str *notes)
{
	struct str path;

	str_init(&path, 4096);
	text_clean(&path, source_path(source), strlen(source_path(source)));
	for (char *at = notes->data, *end; (end = strchr(at, '\n'));
	     at = end + 1)
		fprintf(stderr, "belay: %s: %.*s\n", path.data, (int)(end - at),
		    at);
	str_release(&path);
}

void
output_notes(const struct source *source)
{
	struct str notes;

	str_init(&notes, 4096);
	source_notes(source, &notes);
	print_notes(source, &notes);
	str_release(&notes);
}

void
output_book_notes(struct book *book)
{
	struct str notes;

	str_init(&notes, 4096);
	book_notes(book, &notes);
	print_notes(book_source(book), &notes);
	str_release(&notes);
}
