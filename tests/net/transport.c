/* SPDX-License-Identifier: MIT */
/*
 * belay's calls over a transport that misbehaves: the fault proxy before the
 * practice server. Each row says what belay must conclude and how often the
 * server was reached: a create never more than once.
 */
#include "rig.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

#include "check.h"

/* For those that would be waited for in vain. */
static const char impatient[] = "  timeout: 1s\n";

/* The first create of a fresh connection, and one on a used connection. */
static void
check_create(const char *action, const char *service, enum reply_kind kind,
    unsigned reached)
{
	for (int used = 0; used < 2; used++) {
		struct field_values values = rig_ada();
		struct rig_options options = {.service = service};
		struct rig rig;
		char script[128];

		snprintf(script, sizeof(script), "create 1 %s\n", action);
		options.transport = script;
		rig_start_with(&rig, &options);
		if (used)
			REQUIRE(rig_search(&rig, SELECTOR_PHONE) == REPLY_NONE);
		if (!CHECK_INT(rig_create(&rig, &values), kind))
			printf("# in %s: %s\n", action, rig.reply.message);
		CHECK_INT(rig_received(&rig, "create"), reached);
		/* The calls go on afterwards. */
		CHECK_INT(rig_search(&rig, SELECTOR_PHONE),
		    reached ? REPLY_FOUND : REPLY_NONE);
		rig_stop(&rig);
	}
}

TEST(transport_create_that_did_not_arrive)
{
	static const char *const actions[] = {"close-before", "reset-before",
	    "stall-before", "garbage", "gzip-bomb", "headers 10000000",
	    "endless"};

	if (!rig_has_proxy())
		return;
	/* Nobody can tell from here that it did not arrive. */
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		check_create(actions[i], impatient, REPLY_UNKNOWN, 0);
}

TEST(transport_create_whose_answer_is_lost)
{
	static const char *const actions[] = {"close-after", "reset-after",
	    "stall-after", "truncate 100", "reset-at 100", "truncate 5",
	    "slow 500ms"};

	if (!rig_has_proxy())
		return;
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		check_create(actions[i], impatient, REPLY_UNKNOWN, 1);
}

TEST(transport_slow_answers_are_answers)
{
	if (!rig_has_proxy())
		return;
	check_create("slow 1ms", NULL, REPLY_ACCEPTED, 1);
	check_create("delay 100ms", NULL, REPLY_ACCEPTED, 1);
}

TEST(transport_create_that_takes_effect_after_we_left)
{
	struct field_values values = rig_ada();
	struct rig_options options = {.transport = "create 1 late 300ms\n"};
	int64_t limit;
	struct rig rig;

	if (!rig_has_proxy())
		return;
	rig_start_with(&rig, &options);
	CHECK_INT(rig_create(&rig, &values), REPLY_UNKNOWN);
	CHECK_INT(rig_search(&rig, SELECTOR_MEDICARE_NUMBER), REPLY_NONE);
	limit = clock_monotonic(&clock_system) + 20000;
	while (rig_search(&rig, SELECTOR_MEDICARE_NUMBER) != REPLY_FOUND)
		REQUIRE(clock_monotonic(&clock_system) < limit);
	CHECK_INT(rig_received(&rig, "create"), 1);
	rig_stop(&rig);
}

TEST(transport_nobody_listens)
{
	struct field_values values = rig_ada();
	struct rig rig;

	rig_start(&rig, NULL, NULL);
	rig_stop_server(&rig);
	CHECK_INT(rig_create(&rig, &values), REPLY_NOT_SENT);
	CHECK_INT(rig_search(&rig, SELECTOR_PHONE), REPLY_NOT_SENT);
	rig_stop(&rig);
}
