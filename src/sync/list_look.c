/* SPDX-License-Identifier: MIT */
/*
 * Looking at HealthSherpa's lists of one contact: the selectors in turn, until
 * one brings it. It belongs to no run: nothing is written down, nothing waits
 * for it, and a failure is told and not tried again, since somebody looks on.
 *
 * Hazard: the partner calls back with our address, so while a call is out the
 * struct stays, whatever becomes of the row.
 */
#include "sync/list_look.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "partner/partner.h"
#include "sync/run.h"
#include "sync/sync_private.h"

struct list_look {
	struct sync *sync;
	struct board_row row; /* as it was when asked */
	uint32_t number;
	char healthsherpa_id[128];
	enum lists_known known;
	enum selector selector;
	const char *other_key;
	bool in_flight, outdated;
	unsigned renewals;  /* of the login meanwhile */
	int64_t not_before; /* monotonic: asked to slow down */
	char *theirs[FIELD_LISTS];
	char message[320];
};

static void
forget_theirs(struct list_look *look)
{
	for (unsigned i = 0; i < FIELD_LISTS; i++) {
		free(look->theirs[i]);
		look->theirs[i] = NULL;
	}
}

void
list_look_free(struct list_look *look)
{
	if (!look)
		return;
	forget_theirs(look);
	board_row_release(&look->row);
	free(look);
}

void
list_look_outdate(struct list_look *look)
{
	if (look)
		look->outdated = true;
}

static void
tell(struct list_look *look, enum lists_known known, const char *message)
{
	struct sync_event event = {
	    .kind = SYNC_LISTS, .row = look->number, .status = STATUS_COUNT};

	look->known = known;
	str_copy(look->message, sizeof(look->message), message);
	events_push(&look->sync->events, &event, false);
}

static void answered(void *context, const struct reply *reply);

/* Asks by the selector, or a later one that the row can form. */
static void
ask(struct list_look *look)
{
	const struct field_values *values = &look->row.values;
	struct err err = ERR_INIT;

	look->selector = selector_from(look->selector, values);
	if (look->selector == SELECTOR_COUNT) {
		tell(look, LISTS_NOT_KNOWN,
		    "HealthSherpa's search does not bring this contact, so "
		    "what it has of it is not known: look at its page there");
		return;
	}
	look->in_flight = partner_search(look->sync->partner, look->selector,
	    values, look->other_key, answered, look, &err);
	if (!look->in_flight)
		tell(look, LISTS_NOT_KNOWN, err.text);
}

static void
fail(struct list_look *look, const struct reply *reply)
{
	struct str text;

	if (reply->kind == REPLY_SLOW_DOWN && reply->retry_after_ms > 0)
		look->not_before = clock_monotonic(look->sync->clock) +
				   reply->retry_after_ms;
	str_init(&text, sizeof(look->message) - 1);
	reply_explain(&text, reply);
	tell(look, LISTS_NOT_KNOWN, text.data);
	str_release(&text);
}

static void
answered(void *context, const struct reply *reply)
{
	struct list_look *look = context;

	look->in_flight = false;
	if (look->outdated)
		return;
	if (reply->other_key) {
		look->other_key = reply->other_key;
		ask(look);
	} else if (reply->kind == REPLY_AGAIN && look->renewals++ == 0) {
		ask(look);
	} else if (reply->kind == REPLY_FOUND &&
		   strcmp(reply->contact.id, look->healthsherpa_id) == 0) {
		for (unsigned i = 0; i < FIELD_LISTS; i++)
			if (reply->lists[i])
				look->theirs[i] = mem_strdup(reply->lists[i]);
		tell(look, LISTS_KNOWN, "");
	} else if (reply->kind == REPLY_FOUND || reply->kind == REPLY_NONE) {
		look->selector = (enum selector)(look->selector + 1);
		look->other_key = NULL;
		ask(look);
	} else {
		fail(look, reply);
	}
}

/* ---- the door ------------------------------------------------------- */

static bool
may_ask(const struct sync *sync, struct err *err)
{
	const struct list_look *look = sync->look;
	int64_t wait = look ? look->not_before - clock_monotonic(sync->clock)
			    : 0;

	if (sync->config->version == SERVICE_V1)
		return err_set(err, ERR_USAGE,
		    "HealthSherpa takes drugs, pharmacies and providers by "
		    "version v2 only: service.version in the config");
	if (!sync_may_send(sync, err))
		return false;
	if (sync->run && run_going_on(sync->run))
		return err_set(
		    err, ERR_USAGE, "a sync is going on: ask when it is done");
	if (look && look->in_flight)
		return err_set(err, ERR_USAGE,
		    "HealthSherpa is still being asked: one moment");
	return wait <= 0 || err_set(err, ERR_USAGE,
				"HealthSherpa asks to slow down: ask again in "
				"%lld s",
				(long long)(wait + 999) / 1000);
}

/* HealthSherpa's ID of the row; "" when it has none. */
static const char *
known_id(struct sync *sync, const struct board_row *row)
{
	ledger_load(sync->home.ledger, row->external_id, &sync->entry);
	return sync->entry.state == STATE_LINKED ? sync->entry.healthsherpa_id
						 : row->file_id;
}

bool
sync_ask_lists(struct sync *sync, uint32_t row, struct err *err)
{
	struct list_look *look;

	if (!may_ask(sync, err) || !sync_make_partner(sync, err))
		return false;
	look = sync->look;
	if (!look) {
		look = sync->look = mem_zalloc(sizeof(*look));
		board_row_init(&look->row);
		look->sync = sync;
	}
	forget_theirs(look);
	look->known = LISTS_NOT_ASKED;
	look->number = row;
	board_read(sync->home.board, row, NULL, &look->row);
	str_copy(look->healthsherpa_id, sizeof(look->healthsherpa_id),
	    known_id(sync, &look->row));
	if (!*look->healthsherpa_id)
		return err_set(err, ERR_USAGE,
		    "HealthSherpa does not have this contact yet: its lists go "
		    "along when it is created");
	look->selector = (enum selector)0;
	look->other_key = NULL;
	look->renewals = 0;
	look->outdated = false;
	look->known = LISTS_ASKING;
	ask(look);
	return true;
}

void
sync_lists(const struct sync *sync, struct sync_lists *out)
{
	const struct list_look *look = sync->look;

	memset(out, 0, sizeof(*out));
	out->row = SYNC_NO_ROW;
	if (!look || look->outdated)
		return;
	out->known = look->known;
	out->row = look->number;
	for (unsigned i = 0; i < FIELD_LISTS; i++) {
		out->ours[i] = look->row.values.text[FIELD_DRUGS + i];
		out->theirs[i] = look->theirs[i];
	}
	str_copy(out->message, sizeof(out->message), look->message);
}
