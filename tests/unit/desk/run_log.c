/* SPDX-License-Identifier: MIT */
#include "desk/run_log.h"

#include <string.h>

#include "base/str.h"
#include "check.h"

static struct sync_event
event(enum sync_event_kind kind, uint32_t row, enum status status)
{
	return (struct sync_event){.kind = kind, .row = row, .status = status};
}

TEST(run_log_keeps_rows_in_the_order_of_their_beginning)
{
	struct run_log *log = run_log_new();
	struct sync_event queued = event(SYNC_ROW, 7, STATUS_QUEUED);
	struct sync_event sending = event(SYNC_ROW, 7, STATUS_SENDING);
	struct sync_event other = event(SYNC_ROW, 2, STATUS_SENDING);
	struct sync_event done = event(SYNC_FINISHED_ROW, 7, STATUS_FAILED);
	const struct run_entry *entry;

	str_copy(done.message, sizeof(done.message), "the phone is not valid");
	str_copy(done.code, sizeof(done.code), "validation_failed");
	done.http = 422;
	done.requests = 2;
	done.verb = PLAN_CREATE;
	run_log_add(log, "14", &queued, 10);
	CHECK_INT(run_log_count(log), 0);
	run_log_add(log, "14", &sending, 20);
	run_log_add(log, "14", &other, 30);
	run_log_add(log, "14", &done, 220);
	REQUIRE(run_log_count(log) == 2);
	entry = run_log_entry(log, 0);
	CHECK_INT(entry->row, 7);
	CHECK(entry->finished);
	CHECK_INT(entry->took_ms, 200);
	CHECK_INT(entry->http, 422);
	CHECK_INT(entry->status, STATUS_FAILED);
	CHECK_TEXT(entry->message, "the phone is not valid");
	CHECK_TEXT(entry->code, "validation_failed");
	CHECK_INT(run_log_entry(log, 1)->row, 2);
	CHECK(!run_log_entry(log, 1)->finished);
	run_log_free(log);
}

TEST(run_log_forgets_the_run_before)
{
	struct run_log *log = run_log_new();
	struct sync_event sending = event(SYNC_ROW, 1000, STATUS_SENDING);
	struct sync_event notice = event(SYNC_NOTICE, 0, STATUS_NEW);

	run_log_add(log, "14", &sending, 0);
	CHECK_INT(run_log_count(log), 1);
	run_log_add(log, "14", &notice, 5);
	CHECK_INT(run_log_count(log), 1);
	run_log_add(log, "15", &notice, 9);
	CHECK_INT(run_log_count(log), 0);
	sending.row = 1;
	run_log_add(log, "15", &sending, 10);
	sending.row = 1000;
	run_log_add(log, "15", &sending, 10);
	CHECK_INT(run_log_count(log), 2);
	run_log_free(log);
	run_log_free(NULL);
}

static void
sentence(struct sync_progress progress, const char *should)
{
	struct str out;

	str_init(&out, 500);
	run_log_sentence(&progress, "r", &out);
	CHECK_TEXT(out.data, should);
	str_release(&out);
}

TEST(run_log_says_how_it_ended)
{
	sentence((struct sync_progress){.created = 41, .updated = 1},
	    "41 created, 1 updated");
	sentence((struct sync_progress){.created = 1, .failed = 2},
	    "1 created, 2 not taken by HealthSherpa; r tries them again");
	sentence((struct sync_progress){.unchanged = 1, .waiting = 1},
	    "1 was up to date, 1 still to be looked up");
	sentence((struct sync_progress){.total = 1,
		     .unauthorised = true,
		     .stopped = "HealthSherpa refuses the key"},
	    "1 not sent; HealthSherpa refuses the key");
	sentence((struct sync_progress){.total = 40,
		     .done = 20,
		     .failed = 20,
		     .same_refusal = true,
		     .stopped = "HealthSherpa refuses all new contacts: why"},
	    "20 not taken by HealthSherpa, 20 not sent; HealthSherpa refuses "
	    "all new contacts: why; r tries them again");
	sentence((struct sync_progress){.total = 3,
		     .unreachable = true,
		     .stopped = "HealthSherpa could not be reached"},
	    "3 not sent; HealthSherpa could not be reached");
	sentence((struct sync_progress){.total = 9, .done = 2, .created = 2},
	    "2 created, 7 not sent");
}
