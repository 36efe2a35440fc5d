/* SPDX-License-Identifier: MIT */
/*
 * Opening in order, closing in the mirror order. The book is read to its end:
 * commands speak about all rows or a choice among all, unlike the desk, which
 * shows the first ones while the rest is still coming.
 */
#include "command/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "book/query.h"
#include "command/arguments.h"
#include "source/records.h"
#include "sync/sync.h"

enum { REFRESH_SLICE = 4096, PROBLEMS_MAX = 256 << 10 };

static bool
load_config(struct session *session, struct err *err)
{
	struct str problems;

	str_init(&problems, PROBLEMS_MAX);
	session->config = config_load(
	    session->arguments->config, &problems, err);
	/* One problem alone may be the error itself, which is printed too. */
	if (!session->config && !str_starts(problems.data, err->text))
		fputs(problems.data, stderr);
	str_release(&problems);
	return session->config != NULL;
}

static bool
load_book(struct session *session, const char *file, struct err *err)
{
	if (!file && !session->config->contacts)
		return err_set(err, ERR_USAGE,
		    "no contacts: name a file, or put contacts: into the "
		    "config");
	session->book = book_open(session->config, file, &clock_system, err);
	return session->book && book_load_all(session->book, err);
}

bool
session_open(struct session *session, const struct arguments *arguments,
    const char *file, enum session_need need, struct err *err)
{
	memset(session, 0, sizeof(*session));
	session->arguments = arguments;
	contact_init(&session->contact);
	if (!load_config(session, err))
		return false;
	if (need == SESSION_CONFIG)
		return true;
	if (!load_book(session, file, err))
		return false;
	if (need == SESSION_BOOK)
		return true;

	struct sync_options options = {
	    .clock = &clock_system,
	    .state_dir = arguments->state_dir,
	    .read_only = need == SESSION_LOOK,
	};
	session->sync = sync_open(session->book, &options, err);
	if (!session->sync)
		return false;
	session_refresh(session);
	return true;
}

void
session_close(struct session *session)
{
	free(session->rows);
	sync_free(session->sync);
	book_free(session->book);
	config_free(session->config);
	contact_release(&session->contact);
}

void
session_refresh(struct session *session)
{
	while (sync_refresh(session->sync, REFRESH_SLICE))
		;
}

static bool
find_row(
    struct session *session, const char *id, uint32_t *row, struct err *err)
{
	*row = book_find(session->book, id);
	if (*row == RECORDS_NONE)
		return err_set(err, ERR_DATA,
		    "no contact has the external ID '%s'; 'belay status' lists "
		    "them",
		    id);
	return true;
}

bool
session_one(struct session *session, uint32_t *row, struct err *err)
{
	const struct argument_list *ids = &session->arguments->ids;

	if (ids->count != 1)
		return err_set(err, ERR_USAGE,
		    "which contact? give one --id, e.g. --id 1042 or "
		    "--id row:17");
	return find_row(session, ids->items[0], row, err);
}

static bool
select_ids(struct session *session, struct err *err)
{
	const struct argument_list *ids = &session->arguments->ids;

	session->rows = mem_resize(NULL, ids->count, sizeof(uint32_t));
	for (size_t i = 0; i < ids->count; i++) {
		uint32_t row;

		if (!find_row(session, ids->items[i], &row, err))
			return false;
		session->rows[session->row_count++] = row;
	}
	return true;
}

static void
select_all(struct session *session)
{
	uint32_t count = book_count(session->book);

	session->rows = mem_resize(NULL, count + 1u, sizeof(uint32_t));
	for (uint32_t row = 0; row < count; row++)
		session->rows[row] = row;
	session->row_count = count;
}

/* --limit is for going on in parts: rows with nothing to send are no part. */
static bool
has_work(const struct session *session, enum status status)
{
	switch (status) {
	case STATUS_NEW:
	case STATUS_CHANGED:
	case STATUS_WAITING: return true;
	case STATUS_FAILED: return session->arguments->failed;
	default: return false;
	}
}

static bool
keep_row(struct session *session, const struct query *query, uint32_t row)
{
	enum status status = session->sync ? sync_status(session->sync, row)
					   : STATUS_COUNT;
	const char *word = status < STATUS_COUNT ? status_table[status].word
						 : "";

	if (session->arguments->failed && status != STATUS_FAILED)
		return false;
	if (session->arguments->limit && !has_work(session, status))
		return false;
	return !query ||
	       query_match(query, session->book, row, word, &session->contact);
}

bool
session_select(struct session *session, struct err *err)
{
	const struct arguments *arguments = session->arguments;
	struct query *query = NULL;
	size_t kept = 0, limit;

	if (arguments->ids.count) {
		if (!select_ids(session, err))
			return false;
	} else {
		select_all(session);
	}
	if (arguments->filter) {
		query = query_parse(session->book, arguments->filter, err);
		if (!query)
			return false;
	}
	limit = arguments->limit ? (size_t)arguments->limit
				 : session->row_count;
	for (size_t i = 0; i < session->row_count && kept < limit; i++)
		if (keep_row(session, query, session->rows[i]))
			session->rows[kept++] = session->rows[i];
	session->row_count = kept;
	if (!kept && arguments->filter)
		fprintf(
		    stderr, "belay: no contact fits '%s'\n", arguments->filter);
	query_free(query);
	return true;
}
