/* SPDX-License-Identifier: MIT */
/* `belay plan`: what a sync would do, row by row; asks the service nothing. */
#include "command/plan.h"

#include <stdio.h>

#include "base/json.h"
#include "base/str.h"
#include "book/book.h"
#include "command/command.h"
#include "command/listing.h"
#include "command/output.h"
#include "command/session.h"
#include "sync/sync.h"

static const struct listing_column columns[] = {
    {"ID", 24},
    {"NAME", 28},
    {"WOULD", 8},
    {"WHAT", 0},
};

static void
print_json(struct session *session, const struct plan_row *row)
{
	struct json *object = output_row(session, row->row);
	struct row_status status;

	sync_row(session->sync, row->row, &status);
	json_add_string(object, "verb", plan_verb_word(row->verb));
	output_fields(session, object, row->changed, row->changed);
	output_add_text(object, "reason", status.reason);
	output_json(object);
}

static void
print_row(struct session *session, struct listing *listing,
    const struct plan_row *row)
{
	struct row_status status;
	struct str what;
	const char *cells[4];

	if (row->verb == PLAN_NONE && !session->arguments->verbose)
		return;
	str_init(&what, 4096);
	book_contact(session->book, row->row, &session->contact);
	sync_row(session->sync, row->row, &status);
	if (row->verb == PLAN_CREATE || row->verb == PLAN_UPDATE)
		output_changed_words(&what, row->changed);
	else
		str_add(&what, status.reason);
	cells[0] = session->contact.fields[FIELD_EXTERNAL_ID].value;
	cells[1] = session->contact.name;
	cells[2] = plan_verb_word(row->verb);
	cells[3] = what.data;
	listing_add(listing, cells);
	str_release(&what);
}

int
plan_print(struct session *session)
{
	const struct arguments *arguments = session->arguments;
	struct listing listing;
	struct plan *plan = sync_plan(session->sync, session->rows,
	    session->row_count, arguments->failed);
	int result;

	listing_init(&listing, columns, 4, arguments);
	for (size_t i = 0; i < plan->count; i++) {
		if (arguments->json)
			print_json(session, &plan->rows[i]);
		else
			print_row(session, &listing, &plan->rows[i]);
	}
	listing_end(&listing);
	if (!arguments->json)
		printf("%zu contact%s: %u to create, %u to update, %u up to "
		       "date, %u blocked, %u to review, %u in doubt; about %u "
		       "requests; nothing was sent\n",
		    plan->count, plan->count == 1 ? "" : "s",
		    plan->verbs[PLAN_CREATE], plan->verbs[PLAN_UPDATE],
		    plan->verbs[PLAN_NONE], plan->verbs[PLAN_BLOCKED],
		    plan->verbs[PLAN_REVIEW], plan->verbs[PLAN_WAIT],
		    plan->requests);
	result = plan->verbs[PLAN_BLOCKED] + plan->verbs[PLAN_REVIEW] +
			 plan->verbs[PLAN_WAIT]
		     ? EXIT_ATTENTION
		     : 0;
	plan_free(plan);
	return result;
}

static int
run(const struct arguments *arguments, struct err *err)
{
	struct session session;
	int result = -1;

	if (session_open(&session, arguments,
		arguments->word_count ? arguments->words[0] : NULL,
		SESSION_LOOK, err) &&
	    session_select(&session, err))
		result = plan_print(&session);
	session_close(&session);
	return result;
}

const struct command command_plan = {
    .name = "plan",
    .bit = COMMAND_PLAN,
    .usage = "plan [FILE] [--filter QUERY] [--id ID]... [--json]",
    .summary = "what a sync would send, without sending it",
    .detail =
	"Asks HealthSherpa nothing. With -v also the contacts that are up "
	"to date.\nExit status 1 when some contact is blocked, in doubt "
	"or in review.",
    .words_max = 1,
    .run = run,
};
