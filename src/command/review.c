/* SPDX-License-Identifier: MIT */
/* `belay review`: contacts that a person must decide about; decides one. */
#include "command/command.h"

#include <stdio.h>

#include "base/err.h"
#include "base/json.h"
#include "book/book.h"
#include "command/listing.h"
#include "command/output.h"
#include "command/session.h"
#include "sync/sync.h"

static const struct listing_column columns[] = {
    {"ID", 24},
    {"NAME", 28},
    {"HEALTHSHERPA HAS", 36},
    {"WHY", 0},
};

/* False when there is nothing to decide about the row. */
static bool
list_row(struct session *session, struct listing *listing, uint32_t row)
{
	struct row_status status;
	char id[OUTPUT_ID_SIZE];

	sync_row(session->sync, row, &status);
	if (status.status != STATUS_REVIEW)
		return false;
	if (session->arguments->json) {
		output_json(output_status(session, row));
		return true;
	}
	book_contact(session->book, row, &session->contact);
	listing_add(listing,
	    (const char *const[]){output_id(&session->contact, id),
		session->contact.name, status.candidate_id, status.reason});
	return true;
}

static int
list(struct session *session, struct err *err)
{
	struct listing listing;
	enum session_step step;
	uint32_t row, found = 0;

	if (!session_select(session, err))
		return -1;
	listing_init(&listing, columns, 4, session->arguments);
	while ((step = session_next(session, &row, err)) == SESSION_ROW)
		found += list_row(session, &listing, row);
	listing_end(&listing);
	if (step == SESSION_FAILED)
		return -1;
	if (!found && !session->arguments->json)
		puts("nothing to review");
	return found ? EXIT_ATTENTION : 0;
}

static int
decide(struct session *session, struct err *err)
{
	const struct arguments *arguments = session->arguments;
	enum decision decision = arguments->link     ? DECISION_LINK
				 : arguments->create ? DECISION_CREATE
						     : DECISION_NEVER;
	const char *link = arguments->link && *arguments->link ? arguments->link
							       : NULL;
	uint32_t row;

	if (!session_one(session, &row, err) ||
	    !sync_decide(session->sync, row, decision, link, err) ||
	    !sync_write_back(session->sync, err))
		return -1;
	output_standing(session, row);
	return 0;
}

static int
confirm(struct session *session, struct err *err)
{
	uint32_t count;

	if (!sync_confirm_recognised(session->sync, &count, err) ||
	    !sync_write_back(session->sync, err))
		return -1;
	if (!session->arguments->json)
		printf(
		    "%u contact%s confirmed\n", count, count == 1 ? "" : "s");
	return 0;
}

/* As with those recognised, without --id. */
static int
link_similar(struct session *session, struct err *err)
{
	uint32_t before, count;

	session_refresh(session);
	before = sync_similar(session->sync);
	if (!sync_link_similar(session->sync, &count, err) ||
	    !sync_write_back(session->sync, err))
		return -1;
	if (!session->arguments->json)
		printf("%u contact%s linked; the next sync updates %s\n", count,
		    count == 1 ? "" : "s", count == 1 ? "it" : "them");
	return count < before ? EXIT_ATTENTION : 0;
}

/* What is decided for all at once, else about one; else nothing is. */
static int
act(struct session *session, bool decides, struct err *err)
{
	if (session->arguments->confirm_recognised)
		return confirm(session, err);
	if (session->arguments->link_similar)
		return link_similar(session, err);
	return decides ? decide(session, err) : list(session, err);
}

static int
run(const struct arguments *arguments, struct err *err)
{
	int choices = (arguments->link != NULL) + arguments->create +
		      arguments->never + arguments->confirm_recognised +
		      arguments->link_similar;
	struct session session;
	int result = -1;

	if (choices > 1) {
		err_set(err, ERR_USAGE,
		    "choose one of --link, --create, --never, "
		    "--confirm-recognised and --link-similar");
		return -1;
	}
	if (session_open(&session, arguments,
		arguments->word_count ? arguments->words[0] : NULL,
		choices ? SESSION_SEND : SESSION_LOOK, err))
		result = act(&session, choices > 0, err);
	session_close(&session);
	return result;
}

const struct command command_review = {
    .name = "review",
    .bit = COMMAND_REVIEW,
    .usage = "review [FILE] [--id ID --link[=HSID] | --create | --never | "
	     "--confirm-recognised | --link-similar]",
    .summary = "contacts that a person must decide about",
    .detail =
	"Without a choice it lists them. --link says that HealthSherpa's "
	"contact HSID is\nthis person; --create makes a new contact at the "
	"next sync, which cannot be\nundone; --never leaves the contact "
	"out for good.\n"
	"A contact without an ID that was recognised is confirmed by --link "
	"alone; --create\nsays that it is somebody else. "
	"--confirm-recognised confirms all that were\nrecognised under the "
	"name they had, without --id.\n"
	"--link-similar, too without --id, links all whom HealthSherpa has "
	"under nobody's ID,\nwith the same Medicare number, or where one has "
	"none the same name and birth date.",
    .words_max = 1,
    .run = run,
};
