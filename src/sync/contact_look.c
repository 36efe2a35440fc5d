/* SPDX-License-Identifier: MIT */
/*
 * Looking at one contact of HealthSherpa's for somebody who looks on: its
 * lists, before an update replaces them, or all of it, before a person decides
 * whether it is the row's. The row's selectors are asked in turn; for the lists
 * until one brings the contact with the known ID, for a decision all of them,
 * as each may bring another one. It belongs to no run: nothing is written
 * down, nothing waits for it, and a failure is told and not tried again.
 *
 * Hazards: the partner calls back with our address, so while a call is out the
 * struct stays, whatever becomes of the row. And what is found are people: it
 * is forgotten as soon as nobody looks on.
 */
#include "sync/contact_look.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "book/book.h"
#include "book/rules.h"
#include "partner/partner.h"
#include "sync/run.h"
#include "sync/sync_private.h"

enum { VALUE_MAX = 4096 };

struct found {
	char id[128];
	unsigned selectors; /* a bit for each that brought it */
	char *values[FIELD_COUNT];
};

struct contact_look {
	struct sync *sync;
	struct board_row row; /* as it was when asked */
	uint32_t number;
	bool lists; /* of the contact with this ID only: */
	char healthsherpa_id[128];
	enum look_state known;
	enum selector selector;
	const char *other_key;
	bool in_flight, outdated;
	unsigned renewals;  /* of the login meanwhile */
	int64_t not_before; /* monotonic: asked to slow down */
	struct found found[SYNC_REMOTES_MAX];
	unsigned count;
	char message[LOOK_MESSAGE_MAX];
};

_Static_assert((int)SYNC_REMOTES_MAX == (int)SELECTOR_COUNT,
    "each selector may bring another contact");

static void
wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

static void
forget_found(struct contact_look *look)
{
	for (unsigned i = 0; i < look->count; i++)
		for (unsigned k = 0; k < FIELD_COUNT; k++)
			wipe(look->found[i].values[k]);
	memset(look->found, 0, sizeof(look->found));
	look->count = 0;
}

void
contact_look_free(struct contact_look *look)
{
	if (!look)
		return;
	forget_found(look);
	board_row_release(&look->row);
	free(look);
}

void
contact_look_outdate(struct contact_look *look)
{
	if (!look)
		return;
	look->outdated = true;
	forget_found(look);
}

static void
tell(struct contact_look *look, enum look_state known, const char *message)
{
	struct sync_event event = {
	    .kind = SYNC_LOOK, .row = look->number, .status = STATUS_COUNT};

	look->known = known;
	str_copy(look->message, sizeof(look->message), message);
	events_push(&look->sync->events, &event, false);
}

/* ---- what was found ----------------------------------------------------- */

/* As belay would send it, so that only what differs in truth differs; what no
 * rule knows stays as HealthSherpa wrote it. */
static char *
cleaned(const struct contact_look *look, enum field field, const char *text)
{
	struct finding items[4];
	struct findings findings = {items, 0, 4};
	struct rules_input input = {.field = field,
	    .raw = text,
	    .today = date_today(look->sync->clock)};
	struct str value;
	char *result;

	str_init(&value, VALUE_MAX);
	rules_clean(&input, &value, &findings);
	result = mem_strdup(value.len > 0 && !value.cut ? value.data : text);
	explicit_bzero(value.data, value.len);
	str_release(&value);
	return result;
}

static void
keep(struct contact_look *look, const struct reply *reply)
{
	const char *id = reply->contact.id;
	struct found *found = look->found;

	while (found < look->found + look->count && strcmp(found->id, id) != 0)
		found++;
	found->selectors |= 1u << look->selector;
	if (found < look->found + look->count)
		return; /* brought by two selectors */
	look->count++;
	str_copy(found->id, sizeof(found->id), id);
	for (unsigned i = 0; i < FIELD_DRUGS; i++)
		if (reply->values[i])
			found->values[i] = cleaned(
			    look, (enum field)i, reply->values[i]);
	for (unsigned i = 0; i < FIELD_LISTS; i++)
		if (reply->lists[i])
			found->values[FIELD_DRUGS + i] = mem_strdup(
			    reply->lists[i]);
}

/* ---- asking ------------------------------------------------------------- */

static void answered(void *context, const struct reply *reply);

/* No selector is left. */
static void
finish(struct contact_look *look)
{
	if (look->count > 0)
		tell(look, LOOK_KNOWN, "");
	else
		tell(look, LOOK_NOT_KNOWN,
		    look->lists
			? "HealthSherpa's search does not bring this contact, "
			  "so what it has of it is not known: look at its page "
			  "there"
			: "HealthSherpa's search brings nobody for what the "
			  "file has of this contact");
}

/* Asks by the selector, or a later one that the row can form. */
static void
ask(struct contact_look *look)
{
	const struct field_values *values = &look->row.values;
	struct err err = ERR_INIT;

	look->selector = selector_from(look->selector, values);
	if (look->selector == SELECTOR_COUNT) {
		finish(look);
		return;
	}
	look->in_flight = partner_search(look->sync->partner, look->selector,
	    values, look->other_key, answered, look, &err);
	if (!look->in_flight)
		tell(look, LOOK_NOT_KNOWN, err.text);
}

static void
fail(struct contact_look *look, const struct reply *reply)
{
	struct str text;

	if (reply->kind == REPLY_SLOW_DOWN && reply->retry_after_ms > 0)
		look->not_before = clock_monotonic(look->sync->clock) +
				   reply->retry_after_ms;
	str_init(&text, sizeof(look->message) - 1);
	reply_explain(&text, reply);
	tell(look, LOOK_NOT_KNOWN, text.data);
	str_release(&text);
}

static void
answered(void *context, const struct reply *reply)
{
	struct contact_look *look = context;

	look->in_flight = false;
	if (look->outdated) {
		tell(look, LOOK_NOT_ASKED, ""); /* others may ask now */
		return;
	}
	if (reply->other_key) {
		look->other_key = reply->other_key;
		ask(look);
		return;
	}
	if (reply->kind == REPLY_AGAIN && look->renewals++ == 0) {
		ask(look);
		return;
	}
	if (reply->kind != REPLY_FOUND && reply->kind != REPLY_NONE) {
		fail(look, reply);
		return;
	}
	if (reply->kind == REPLY_FOUND && *reply->contact.id &&
	    (!look->lists ||
		strcmp(reply->contact.id, look->healthsherpa_id) == 0))
		keep(look, reply);
	if (look->lists && look->count > 0) {
		finish(look);
		return;
	}
	look->selector = (enum selector)(look->selector + 1);
	look->other_key = NULL;
	ask(look);
}

/* ---- the door ------------------------------------------------------- */

static bool
may_ask(const struct sync *sync, struct err *err)
{
	const struct contact_look *look = sync->look;
	int64_t wait = look ? look->not_before - clock_monotonic(sync->clock)
			    : 0;

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

/* Nothing is asked yet. NULL: it cannot be. */
static struct contact_look *
open_look(struct sync *sync, uint32_t row, struct err *err)
{
	struct contact_look *look;

	if (!may_ask(sync, err) || !sync_make_partner(sync, err))
		return NULL;
	look = sync->look;
	if (!look) {
		look = sync->look = mem_zalloc(sizeof(*look));
		board_row_init(&look->row);
		look->sync = sync;
	}
	forget_found(look);
	look->known = LOOK_NOT_ASKED;
	look->number = row;
	board_read(sync->home.board, row, NULL, &look->row);
	look->selector = (enum selector)0;
	look->other_key = NULL;
	look->renewals = 0;
	look->outdated = false;
	return look;
}

bool
sync_ask_lists(struct sync *sync, uint32_t row, struct err *err)
{
	struct contact_look *look;

	if (sync->config->version == SERVICE_V1)
		return err_set(err, ERR_USAGE,
		    "HealthSherpa takes drugs, pharmacies and providers by "
		    "version v2 only: service.version in the config");
	look = open_look(sync, row, err);
	if (!look)
		return false;
	look->lists = true;
	str_copy(look->healthsherpa_id, sizeof(look->healthsherpa_id),
	    known_id(sync, &look->row));
	if (!*look->healthsherpa_id)
		return err_set(err, ERR_USAGE,
		    "HealthSherpa does not have this contact yet: its lists go "
		    "along when it is created");
	look->known = LOOK_ASKING;
	ask(look);
	return true;
}

bool
sync_ask_contact(struct sync *sync, uint32_t row, struct err *err)
{
	struct contact_look *look = open_look(sync, row, err);

	if (!look)
		return false;
	look->lists = false;
	if (selector_from(0, &look->row.values) == SELECTOR_COUNT)
		return err_set(err, ERR_USAGE,
		    "it has nothing to search it by at HealthSherpa: a "
		    "Medicare number, birth date, e-mail or phone");
	look->known = LOOK_ASKING;
	ask(look);
	return true;
}

bool
sync_asks_at_once(const struct sync *sync)
{
	enum secret_kind kind = config_secret(sync->config)->kind;

	return sync->partner ||
	       (kind != SECRET_COMMAND && kind != SECRET_KEYRING);
}

void
sync_forget_contact(struct sync *sync)
{
	if (sync->look && !sync->look->lists)
		contact_look_outdate(sync->look);
}

/* That of the purpose with how it stands; NULL when it is not true any more. */
static const struct contact_look *
current(const struct sync *sync, bool lists, enum look_state *known,
    uint32_t *row, char message[LOOK_MESSAGE_MAX])
{
	const struct contact_look *look = sync->look;
	bool is = look && !look->outdated && look->lists == lists;

	*known = is ? look->known : LOOK_NOT_ASKED;
	*row = is ? look->number : SYNC_NO_ROW;
	str_copy(message, LOOK_MESSAGE_MAX, is ? look->message : "");
	return is ? look : NULL;
}

void
sync_lists(const struct sync *sync, struct sync_lists *out)
{
	const struct contact_look *look;

	memset(out, 0, sizeof(*out));
	look = current(sync, true, &out->known, &out->row, out->message);
	for (unsigned i = 0; look && i < FIELD_LISTS; i++) {
		out->ours[i] = look->row.values.text[FIELD_DRUGS + i];
		out->theirs[i] = look->found[0].values[FIELD_DRUGS + i];
	}
}

static void
fill(struct sync_remote *remote, const struct found *found)
{
	remote->healthsherpa_id = found->id;
	for (unsigned i = 0; i < SELECTOR_COUNT; i++)
		if (found->selectors & 1u << i)
			remote->found_by[i] = selector_words((enum selector)i);
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		remote->values[i] = found->values[i];
}

void
sync_remotes(const struct sync *sync, struct sync_remotes *out)
{
	const struct contact_look *look;

	memset(out, 0, sizeof(*out));
	look = current(sync, false, &out->known, &out->row, out->message);
	if (!look || look->known != LOOK_KNOWN)
		return;
	out->count = look->count;
	for (unsigned i = 0; i < look->count; i++)
		fill(&out->contacts[i], &look->found[i]);
}
