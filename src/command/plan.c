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
print_json(struct session *session, const struct sync_look *look)
{
	const struct plan_row *row = &look->plan;
	struct json *object = output_numbers(session, row->row);

	json_add_string(object, "verb", plan_verb_word(row->verb));
	output_fields(look->contact, session->arguments->reveal, object,
	    row->changed, row->changed);
	output_agent(session, look->contact, object);
	output_add_text(object, "reason", look->status.reason);
	output_json(object);
}

static void
print_row(struct session *session, struct listing *listing,
    const struct sync_look *look)
{
	const struct plan_row *row = &look->plan;
	struct str what;
	const char *cells[4];
	char id[OUTPUT_ID_SIZE];

	if (row->verb == PLAN_NONE && !row->unfinished &&
	    !session->arguments->verbose)
		return;
	str_init(&what, 4096);
	if (row->verb == PLAN_CREATE || row->verb == PLAN_UPDATE)
		output_changed_words(&what, row->changed);
	else
		str_add(&what, look->status.reason);
	cells[0] = output_id(look->contact, id);
	cells[1] = look->contact->name;
	cells[2] = plan_verb_word(row->verb);
	cells[3] = what.data;
	listing_add(listing, cells);
	str_release(&what);
}

/* Plans one row, prints it and adds it to the sums in `all`. */
static void
plan_one(struct session *session, struct listing *listing, uint32_t row,
    struct plan *all)
{
	struct sync_look look;

	sync_look(session->sync, row, session->arguments->failed, &look);
	if (session->arguments->json)
		print_json(session, &look);
	else
		print_row(session, listing, &look);
	all->count++;
	all->requests += look.requests;
	all->verbs[look.plan.verb]++;
	all->unfinished += look.plan.unfinished;
}

static void
tell_wait(const struct session *session, const struct plan *all)
{
	int64_t wait = sync_nobody_new_ms(session->sync);

	if (wait > 0 && all->verbs[PLAN_CREATE] > 0)
		printf("belay's ledger may have forgotten somebody: everybody "
		       "is looked up first, and nobody new is created before "
		       "%lld s are over\n",
		    (long long)(wait + 999) / 1000);
}

/* Why so many are updated of whom nothing was edited. Without a number: only
 * the rows that were chosen have been looked at. */
static void
tell_strangers(const struct session *session, const struct plan *all)
{
	if (sync_strangers(session->sync) > 0 && all->verbs[PLAN_UPDATE] > 0)
		puts("the file has HealthSherpa IDs that belay's ledger does "
		     "not know: their contacts are sent once more with all "
		     "fields but the note");
}

static void
print_sums(const struct plan *all)
{
	char lists[64] = "";

	if (all->unfinished > 0)
		snprintf(lists, sizeof(lists), "%u up to date but for lists, ",
		    all->unfinished);
	printf("%zu contact%s: %u to create, %u to update, %u up to date, %s"
	       "%u blocked, %u to review, %u in doubt; about %u requests; "
	       "nothing was sent\n",
	    all->count, all->count == 1 ? "" : "s", all->verbs[PLAN_CREATE],
	    all->verbs[PLAN_UPDATE], all->verbs[PLAN_NONE] - all->unfinished,
	    lists, all->verbs[PLAN_BLOCKED], all->verbs[PLAN_REVIEW],
	    all->verbs[PLAN_WAIT], all->requests);
}

int
plan_print(struct session *session, struct err *err)
{
	const struct arguments *arguments = session->arguments;
	struct plan all = {0};
	struct listing listing;
	enum session_step step;
	uint32_t row;

	listing_init(&listing, columns, 4, arguments);
	while ((step = session_next(session, &row, err)) == SESSION_ROW)
		plan_one(session, &listing, row, &all);
	listing_end(&listing);
	if (step == SESSION_FAILED)
		return -1;
	if (!arguments->json) {
		print_sums(&all);
		tell_strangers(session, &all);
		tell_wait(session, &all);
	}
	return all.verbs[PLAN_BLOCKED] + all.verbs[PLAN_REVIEW] +
		       all.verbs[PLAN_WAIT]
		   ? EXIT_ATTENTION
		   : 0;
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
		result = plan_print(&session, err);
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
