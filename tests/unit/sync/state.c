/* SPDX-License-Identifier: MIT */
/* All pairs of state and event, written out a second time by hand. */
#include "sync/state.h"

#include <string.h>

#include "check.h"

/* n new, i intent, l linked, r rejected, v review, . cannot happen; events in
 * the order of the enum */
static const char *const expected[STATE_COUNT] = {
    /*                 probe   acc      found    user
     *                 oadf    arnwu    oad gc   lcn */
    [STATE_NEW] = "livl"
		  "....."
		  "..."
		  ".."
		  "l.r",
    [STATE_INTENT] = "...."
		     "lrini"
		     "liv"
		     ".."
		     "...",
    [STATE_LINKED] = "...."
		     "lllll"
		     "..."
		     "v."
		     "l..",
    [STATE_REJECTED] = "...l"
		       "....."
		       "..."
		       ".n"
		       "lnr",
    [STATE_REVIEW] = "...."
		     "....."
		     "..."
		     ".."
		     "lnr",
};

TEST(state_every_pair)
{
	static const char letters[] = "nilrv.";

	for (unsigned s = 0; s < STATE_COUNT; s++) {
		REQUIRE(strlen(expected[s]) == EVENT_COUNT);
		for (unsigned e = 0; e < EVENT_COUNT; e++) {
			enum state next = state_next(
			    (enum state)s, (enum event)e);
			CHECK_INT(letters[next], expected[s][e]);
		}
	}
}

TEST(state_only_new_becomes_intent)
{
	for (unsigned s = 0; s < STATE_COUNT; s++)
		for (unsigned e = 0; e < EVENT_COUNT; e++)
			if (s != STATE_INTENT &&
			    state_next((enum state)s, (enum event)e) ==
				STATE_INTENT)
				CHECK(
				    s == STATE_NEW && e == EVENT_PROBE_ABSENT);
}

TEST(state_words_differ)
{
	for (unsigned a = 0; a < STATE_COUNT; a++)
		for (unsigned b = 0; b < a; b++)
			CHECK(strcmp(state_word((enum state)a),
				  state_word((enum state)b)) != 0);
}
