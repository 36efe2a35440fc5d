/* SPDX-License-Identifier: MIT */
/*
 * `belay set --id ID COLUMN=VALUE...`: edits from scripts, by the same rules
 * as the desk: into the source, byte-exact elsewhere.
 */
#include "command/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/field.h"
#include "command/output.h"
#include "command/session.h"
#include "source/records.h"

static bool
find_column(struct session *session, uint32_t row, const char *name,
    uint32_t *column, struct err *err)
{
	const struct records *records = book_records(session->book);
	enum field field = field_from_name(name);
	const char **names;
	const char *nearest;
	uint32_t count = records_column_count(records);

	*column = records_find_column(records, name);
	if (*column != RECORDS_NONE)
		return true;
	if (field != FIELD_COUNT) {
		book_contact(session->book, row, &session->contact);
		*column = session->contact.fields[field].column;
		if (*column != CONTACT_NO_COLUMN)
			return true;
	}
	names = mem_resize(NULL, count + 1u, sizeof(*names));
	for (uint32_t i = 0; i < count; i++)
		names[i] = records_column_name(records, i);
	nearest = str_nearest(name, names, count);
	if (nearest)
		err_set(err, ERR_USAGE,
		    "no column is called '%s'; did you mean '%s'?", name,
		    nearest);
	else
		err_set(err, ERR_USAGE,
		    "no column or mapped field is called '%s'; 'belay show "
		    "--json' lists the columns",
		    name);
	free(names);
	return false;
}

static bool
set_one(
    struct session *session, uint32_t row, const char *word, struct err *err)
{
	const char *equals = strchr(word, '=');
	uint32_t column;
	char *name;
	bool good;

	if (!equals || equals == word)
		return err_set(
		    err, ERR_USAGE, "'%s' is not COLUMN=VALUE", word);
	name = mem_strndup(word, (size_t)(equals - word));
	good = find_column(session, row, name, &column, err) &&
	       book_set(session->book, row, column, equals + 1, err);
	free(name);
	return good;
}

static bool
save(struct session *session, struct err *err)
{
	const struct book_save_report *report;

	if (!book_save(session->book, true, NULL, err))
		return false;
	report = book_save_report(session->book);
	if (report->conflicts + report->vanished + report->refused)
		return err_set(
		    err, ERR_IO, "not all was saved: %s", report->first);
	return true;
}

static int
run(const struct arguments *arguments, struct err *err)
{
	struct session session;
	size_t first = 0;
	uint32_t row;
	int result = -1;

	/* A first word without "=" is the file. */
	if (arguments->word_count && !strchr(arguments->words[0], '='))
		first = 1;
	if (arguments->word_count == first) {
		err_set(err, ERR_USAGE, "nothing to set; usage: belay %s",
		    command_set.usage);
		return -1;
	}
	if (session_open(&session, arguments,
		first ? arguments->words[0] : NULL, SESSION_SEND, err) &&
	    session_one(&session, &row, err)) {
		result = 0;
		for (size_t i = first; i < arguments->word_count; i++)
			if (!set_one(&session, row, arguments->words[i], err))
				result = -1;
		if (result == 0 && !save(&session, err))
			result = -1;
		if (result == 0)
			output_standing(&session, row);
	}
	session_close(&session);
	return result;
}

const struct command command_set = {
    .name = "set",
    .bit = COMMAND_SET,
    .usage = "set [FILE] --id ID COLUMN=VALUE...",
    .summary = "change values of a contact in the file",
    .detail =
	"COLUMN is a column of the file or a HealthSherpa field that comes "
	"from one\ncolumn. All changes are saved together or not at all; then "
	"it says where the\ncontact stands.",
    .words_max = 1024,
    .run = run,
};
