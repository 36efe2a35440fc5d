/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "desk/run_log.h"
#include "sync/ledger.h"
#include "views.h"

#define SHOWS(fixture, text)                                                  \
	check_that(strstr(fixture_screen(fixture), (text)) != NULL, __FILE__, \
	    __LINE__, "the screen shows " #text)

TEST(history_tells_what_became_of_a_contact)
{
	struct fixture fixture;
	struct ledger_run_row rows[5];

	setenv("TZ", "PST8", 1);
	tzset();
	fixture_open(&fixture);
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	screen_push(fixture.desk.screen, v_contact_new(&fixture.desk, JOSE));
	/* nothing yet, and it says so */
	fixture_press(&fixture, "H");
	SHOWS(&fixture, "History of Ábalos, José María");
	SHOWS(&fixture, "Nothing of this contact was part of a sync yet");
	fixture_golden(&fixture, "history-none");
	rows[0] = (struct ledger_run_row){.verb = "update",
	    .status = "failed",
	    .http = 422,
	    .message = "HealthSherpa refused it: the phone is not valid",
	    .at_ms = INT64_C(1795000000000),
	    .fields = 1u << FIELD_PHONE | 1u << FIELD_ZIP};
	rows[1] = (struct ledger_run_row){.verb = "update",
	    .status = "review",
	    .message = "it is another person",
	    .at_ms = INT64_C(1794900000000)};
	rows[2] = (struct ledger_run_row){.verb = "create",
	    .status = "synced",
	    .http = 201,
	    .at_ms = INT64_C(1794000000000),
	    .fields = 0xfffu};
	rows[3] = (struct ledger_run_row){
	    .decision = "never", .at_ms = INT64_C(1793000000000)};
	rows[4] = (struct ledger_run_row){.decision = "link",
	    .healthsherpa_id = "hs_77",
	    .at_ms = INT64_C(1792000000000)};
	fixture.sync.history = rows;
	fixture.sync.history_count = 5;
	screen_stale(fixture.desk.screen);
	fixture_golden(&fixture, "history");
	fixture_golden_linear(&fixture, "history");
	SHOWS(&fixture, "2026-11-18 03:06"); /* as the agent's clock shows */
	SHOWS(&fixture, "refused");
	SHOWS(&fixture, "phone, ZIP");
	SHOWS(&fixture, "the phone is not valid (HTTP 422)");
	SHOWS(&fixture, "for you to decide");
	SHOWS(&fixture, "created");
	SHOWS(&fixture, "decided: never");
	SHOWS(&fixture, "not sent any more");
	SHOWS(&fixture, "decided: link");
	SHOWS(&fixture, "HealthSherpa's contact hs_77");
	/* no answer is no refusal */
	rows[0].http = 0;
	snprintf(
	    rows[0].message, sizeof(rows[0].message), "the network is down");
	screen_stale(fixture.desk.screen);
	SHOWS(&fixture, "failed");
	CHECK(!strstr(fixture_screen(&fixture), "refused"));
	fixture_press(&fixture, "\033");
	CHECK_INT(v_contact_row(screen_top(fixture.desk.screen)), JOSE);
	fixture_close(&fixture);
	unsetenv("TZ");
	tzset();
}
