/* SPDX-License-Identifier: MIT */
/* `belay status`: one line per contact with its status; nothing is sent. */
#include "command/command.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"
#include "book/book.h"
#include "command/attention.h"
#include "command/left.h"
#include "command/listing.h"
#include "command/output.h"
#include "command/session.h"
#include "sync/sync.h"

static const struct listing_column columns[] = {
    {"ID", 24},
    {"NAME", 28},
    {"STATUS", 8},
    {"HEALTHSHERPA ID", 36},
    {"REASON", 0},
};

static void
print_row(struct session *session, struct listing *listing, uint32_t row)
{
	struct row_status status;
	const char *cells[5];
	char id[OUTPUT_ID_SIZE];

	sync_row(session->sync, row, &status);
	book_contact(session->book, row, &session->contact);
	cells[0] = output_id(&session->contact, id);
	cells[1] = session->contact.name;
	cells[2] = status_table[status.status].word;
	cells[3] = status.healthsherpa_id;
	cells[4] = status.reason;
	listing_add(listing, cells);
}

static int
run(const struct arguments *arguments, struct err *err)
{
	struct session session;
	struct listing listing;
	bool attention = false;
	enum session_step step;
	uint32_t row;
	int result = -1;

	listing_init(&listing, columns, 5, arguments);
	if (session_open(&session, arguments,
		arguments->word_count ? arguments->words[0] : NULL,
		SESSION_LOOK, err) &&
	    session_select(&session, err)) {
		while (
		    (step = session_next(&session, &row, err)) == SESSION_ROW) {
			if (arguments->json)
				output_json(output_status(&session, row));
			else
				print_row(&session, &listing, row);
			/* which looking at the row has computed */
			attention |= attention_needed(
			    sync_status(session.sync, row));
		}
		if (step == SESSION_END) {
			result = attention ? EXIT_ATTENTION : 0;
			left_tell(&session);
		}
	}
	listing_end(&listing);
	session_close(&session);
	return result;
}

const struct command command_status = {
    .name = "status",
    .bit = COMMAND_STATUS,
    .usage = "status [FILE] [--filter QUERY] [--id ID]... [--json]",
    .summary = "one line per contact with its status",
    .detail = "Shows where each contact stands; asks HealthSherpa nothing.\n"
	      "Exit status 1 when some contact is blocked, failed, waiting or "
	      "in review.",
    .words_max = 1,
    .run = run,
};
