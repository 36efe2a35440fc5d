/* SPDX-License-Identifier: MIT */
/*
 * One run on the terminal: confirm, start, wait, show, save, sum up.
 *
 * Hazard: a signal asks the run to stop, it does not cut it: calls in flight
 * finish, answers are written down, results go into the file, then we leave
 * with 128 + the signal's number.
 */
#include "command/send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "command/command.h"
#include "command/listing.h"
#include "command/output.h"
#include "command/progress.h"
#include "command/session.h"
#include "command/signals.h"
#include "sync/sync.h"

/* From so many contacts on a person at a terminal confirms by number. */
enum { CONFIRM_FROM = 50 };

static const struct listing_column columns[] = {
    {"ID", 24},
    {"NAME", 28},
    {"STATUS", 8},
    {"WHAT", 0},
};

struct run {
	struct session *session;
	bool quiet; /* no rows, no summary */
	char notice[sizeof(((struct sync_event *)0)->message)]; /* the last */
	struct listing listing;
	struct progress progress;
};

static uint32_t
to_send(const struct plan *plan)
{
	return plan->verbs[PLAN_CREATE] + plan->verbs[PLAN_UPDATE] +
	       plan->verbs[PLAN_WAIT];
}

/* Contacts of which lists at HealthSherpa are replaced by a word of the command
 * line, which is meant for this run alone. */
static uint32_t
to_replace(const struct session *session, const struct plan *plan)
{
	uint32_t count = 0;

	if (!session->arguments->lists ||
	    session->config->lists != LISTS_REPLACE)
		return 0;
	for (size_t i = 0; i < plan->count; i++) {
		bool any = false;

		for (unsigned k = 0; k < FIELD_LISTS; k++)
			any = any || plan->rows[i].changed[FIELD_DRUGS + k];
		count += any && plan->rows[i].verb == PLAN_UPDATE;
	}
	return count;
}

static void
warn_replaced(uint32_t count)
{
	if (count == 0)
		return;
	fprintf(stderr,
	    "HealthSherpa's drugs, pharmacies and providers of %u contact%s "
	    "are replaced by those\nof the file; what was entered there is "
	    "gone for good.\n",
	    count, count == 1 ? "" : "s");
}

static bool
confirm(const struct session *session, const struct plan *plan, struct err *err)
{
	char answer[32] = "", number[32], agent[SESSION_AGENT_SIZE];
	bool production = session->config->environment == SERVICE_PRODUCTION;
	uint32_t count = to_send(plan), replaced = to_replace(session, plan);

	/* the real HealthSherpa is asked for however few they are, and so is
	 * what cannot be had back */
	if (count < (production || replaced ? 1 : CONFIRM_FROM) ||
	    session->arguments->yes || !isatty(STDIN_FILENO) ||
	    !isatty(STDERR_FILENO))
		return true;
	warn_replaced(replaced);
	snprintf(number, sizeof(number), "%u", count);
	fprintf(stderr,
	    "%u to create, %u to update, %u to look up first at %s (%s), "
	    "about %u requests.\n"
	    "Type %s to send them: ",
	    plan->verbs[PLAN_CREATE], plan->verbs[PLAN_UPDATE],
	    plan->verbs[PLAN_WAIT],
	    config_environment_word(session->config->environment),
	    session_agent_words(session->config, agent), plan->requests,
	    number);
	if (!fgets(answer, sizeof(answer), stdin))
		answer[0] = '\0';
	answer[strcspn(answer, "\r\n")] = '\0';
	if (strcmp(answer, number) == 0)
		return true;
	return err_set(err, ERR_USAGE, "not confirmed, nothing was sent");
}

static void
print_event_json(struct run *run, const struct sync_event *event)
{
	struct session *session = run->session;
	struct json *object = output_row(session, event->row);
	struct row_status status;

	sync_row(session->sync, event->row, &status);
	json_add_string(object, "verb", plan_verb_word(event->verb));
	json_add_string(object, "status", status_table[event->status].word);
	if (event->http)
		json_add_integer(object, "http", event->http);
	else
		json_add_null(object, "http");
	output_add_text(object, "healthsherpa_id", status.healthsherpa_id);
	output_add_text(object, "quote_url", status.quote_url);
	output_add_text(object, "code", event->code);
	output_add_text(object, "message",
	    *event->message || event->status == STATUS_SYNCED ? event->message
							      : status.reason);
	json_add_integer(object, "requests", event->requests);
	output_json(object);
}

static void
print_event(struct run *run, const struct sync_event *event)
{
	struct session *session = run->session;
	struct row_status status;
	const char *cells[4];
	char id[OUTPUT_ID_SIZE];

	if (event->status == STATUS_SYNCED && !session->arguments->verbose)
		return;
	/* What is wrong with the whole run has been said once. */
	if (*run->notice && strcmp(event->message, run->notice) == 0)
		return;
	progress_clear(&run->progress);
	sync_row(session->sync, event->row, &status);
	book_contact(session->book, event->row, &session->contact);
	cells[0] = output_id(&session->contact, id);
	cells[1] = session->contact.name;
	cells[2] = status_table[event->status].word;
	cells[3] = *event->message ? event->message : status.reason;
	listing_add(&run->listing, cells);
}

static void
show_event(struct run *run, const struct sync_event *event)
{
	switch (event->kind) {
	case SYNC_FINISHED_ROW:
		if (run->quiet)
			break;
		if (run->session->arguments->json)
			print_event_json(run, event);
		else
			print_event(run, event);
		break;
	case SYNC_NOTICE:
		progress_clear(&run->progress);
		fprintf(stderr, "belay: %s\n", event->message);
		str_copy(run->notice, sizeof(run->notice), event->message);
		break;
	case SYNC_ROW:
	case SYNC_LOGIN:
	case SYNC_LOOK:
	case SYNC_DONE: break;
	}
}

/* Rows that the plan does not send still have a line, with the reason. */
static void
show_unsent(struct run *run, const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct sync_event event = {.kind = SYNC_FINISHED_ROW};
		struct row_status status;

		event.row = plan->rows[i].row;
		event.verb = plan->rows[i].verb;
		if (event.verb != PLAN_BLOCKED && event.verb != PLAN_REVIEW)
			continue;
		sync_row(run->session->sync, event.row, &status);
		event.status = status.status;
		str_copy(event.code, sizeof(event.code), status.code);
		str_copy(event.message, sizeof(event.message), status.reason);
		show_event(run, &event);
	}
}

static void
show_events(struct run *run)
{
	struct sync_event event;

	while (sync_next_event(run->session->sync, &event))
		show_event(run, &event);
}

static void
loop(struct run *run, int signal_fd)
{
	struct sync *sync = run->session->sync;
	struct wait_fd fd = {.fd = signal_fd};
	struct sync_progress now;

	for (;;) {
		sync_step(sync);
		show_events(run);
		sync_progress(sync, &now);
		if (!now.running) {
			sync_finish(sync);
			show_events(run);
			return;
		}
		if (run->session->arguments->no_wait && sync_only_waiting(sync))
			sync_cancel(sync);
		progress_draw(
		    &run->progress, &now, clock_monotonic(&clock_system));
		sync_wait(sync, &fd, signals_caught() ? 0 : 1,
		    run->progress.on ? 100 : -1);
		if (signals_caught() && !now.cancelling) {
			progress_clear(&run->progress);
			fputs("belay: stopping; answers that are on their way "
			      "are still taken\n",
			    stderr);
			sync_cancel(sync);
		}
	}
}

/* Rows that the run had taken and left as they were: it was stopped. */
static uint32_t
not_sent(const struct sync_progress *end)
{
	return end->total > end->done ? end->total - end->done : 0;
}

static void
print_summary(const struct session *session, const struct sync_progress *end,
    const struct plan *plan)
{
	if (session->arguments->json) {
		struct json *object = json_object(), *summary = json_object();

		output_add_text(summary, "run", end->run);
		json_add_integer(summary, "created", end->created);
		json_add_integer(summary, "updated", end->updated);
		json_add_integer(summary, "unchanged",
		    (int64_t)plan->verbs[PLAN_NONE] + end->unchanged);
		json_add_integer(summary, "blocked",
		    (int64_t)plan->verbs[PLAN_BLOCKED] + end->blocked);
		json_add_integer(summary, "failed", end->failed);
		json_add_integer(summary, "review",
		    (int64_t)plan->verbs[PLAN_REVIEW] + end->review);
		json_add_integer(summary, "waiting", end->waiting);
		json_add_integer(summary, "partial", end->partial);
		json_add_integer(summary, "not_sent", not_sent(end));
		json_add_integer(summary, "requests", (int64_t)end->requests);
		json_add_integer(summary, "seconds", end->elapsed_ms / 1000);
		json_add(object, "summary", summary);
		output_json(object);
		return;
	}
	printf("%u created, %u updated, %u up to date, %u blocked, %u failed, "
	       "%u to review, %u waiting",
	    end->created, end->updated, plan->verbs[PLAN_NONE] + end->unchanged,
	    plan->verbs[PLAN_BLOCKED] + end->blocked, end->failed,
	    plan->verbs[PLAN_REVIEW] + end->review, end->waiting);
	if (end->partial)
		printf(", %u not saved whole", end->partial);
	if (not_sent(end))
		printf(", %u not sent", not_sent(end));
	printf("; %llu requests\n", (unsigned long long)end->requests);
}

static int
finish(struct run *run, const struct plan *plan, int signal_number,
    struct err *err)
{
	struct session *session = run->session;
	struct sync_progress end;
	bool saved = sync_write_back(session->sync, err);
	bool attention;

	show_events(run);
	sync_progress(session->sync, &end);
	listing_end(&run->listing);
	if (!run->quiet)
		print_summary(session, &end, plan);
	if (!saved)
		/* One sentence is enough. */
		return strcmp(run->notice, err->text) == 0
			   ? err_exit_status(err->kind)
			   : -1;
	if (signal_number && !end.halted)
		return 128 + signal_number;
	if (sync_broken_off(&end)) {
		err_set(err,
		    end.halted         ? ERR_IO
		    : end.unauthorised ? ERR_AUTH
		    : end.same_refusal ? ERR_CONFIG
				       : ERR_UNAVAILABLE,
		    "%s", end.notice);
		/* One sentence is enough. */
		return strcmp(run->notice, end.notice) == 0
			   ? err_exit_status(err->kind)
			   : -1;
	}
	attention = plan->verbs[PLAN_BLOCKED] + plan->verbs[PLAN_REVIEW] +
		    end.blocked + end.failed + end.review + end.waiting +
		    end.partial + end.unsaved;
	return attention ? EXIT_ATTENTION : 0;
}

int
send_rows(struct session *session, bool quiet, struct err *err)
{
	struct run run = {.session = session, .quiet = quiet};
	struct plan *plan = sync_plan(session->sync, session->rows,
	    session->row_count, session->arguments->failed);
	int signal_fd, result = -1;

	listing_init(&run.listing, columns, 4, session->arguments);
	if (to_send(plan) && !session_may_send(session->config, err))
		goto out;
	if (!confirm(session, plan, err))
		goto out;
	if (to_send(plan) == 0 && config_wants_secret(session->config)) {
		/* nobody is asked for a key that is not needed */
		show_unsent(&run, plan);
		result = finish(&run, plan, 0, err);
		goto out;
	}
	signal_fd = signals_catch();
	progress_start(&run.progress);
	show_unsent(&run, plan);
	if (sync_start(session->sync, plan, err)) {
		loop(&run, signal_fd);
		progress_clear(&run.progress);
		result = finish(&run, plan, signals_caught(), err);
	}
	signals_release();
out:
	listing_end(&run.listing);
	plan_free(plan);
	return result;
}
