/* SPDX-License-Identifier: MIT */
#include "sync/decide.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"

#include "check.h"

/* In row of state and file, a decision ends in a state, or is refused. */
static const struct {
	const char *what;
	enum state state;
	const char *code, *candidate, *file_id;
	enum decision decision;
	const char *id;
	enum state after; /* STATE_COUNT: refused */
	unsigned flags;
	const char *linked;
} vectors[] = {
    {"the one that was found", STATE_REVIEW, "similar", "c-1", "",
	DECISION_LINK, NULL, STATE_LINKED, LEDGER_CLAIM, "c-1"},
    {"another than was found", STATE_REVIEW, "similar", "c-1", "",
	DECISION_LINK, "d-2", STATE_LINKED, LEDGER_NOTE_ASSUMED, "d-2"},
    {"one of another CRM's", STATE_REVIEW, "conflict", "c-1", "", DECISION_LINK,
	NULL, STATE_LINKED, LEDGER_NOTE_ASSUMED, "c-1"},
    {"nobody to link to", STATE_REVIEW, "attempts", "", "", DECISION_LINK, NULL,
	STATE_COUNT, 0, ""},
    {"not an ID", STATE_REVIEW, "similar", "c-1", "", DECISION_LINK,
	"../contacts", STATE_COUNT, 0, ""},
    {"a blank in it", STATE_REVIEW, "similar", "c-1", "", DECISION_LINK, "c 1",
	STATE_COUNT, 0, ""},
    {"empty", STATE_REVIEW, "similar", "c-1", "", DECISION_LINK, "",
	STATE_COUNT, 0, ""},
    {"another row's", STATE_REVIEW, "similar", "c-1", "", DECISION_LINK,
	"taken", STATE_COUNT, 0, ""},
    {"create anyway", STATE_REVIEW, "similar", "c-1", "", DECISION_CREATE, NULL,
	STATE_NEW, LEDGER_NO_PROBE, ""},
    {"create anew, the file has the old ID", STATE_REVIEW, "gone", "c-1", "c-1",
	DECISION_CREATE, NULL, STATE_NEW, LEDGER_NO_PROBE | LEDGER_SUPERSEDED,
	""},
    {"never", STATE_REVIEW, "similar", "c-1", "", DECISION_NEVER, NULL,
	STATE_REJECTED, LEDGER_NEVER, ""},
    {"never before anything", STATE_NEW, "", "", "", DECISION_NEVER, NULL,
	STATE_REJECTED, LEDGER_NEVER, ""},
    {"never a linked one", STATE_LINKED, "", "", "", DECISION_NEVER, NULL,
	STATE_COUNT, 0, ""},
    {"create a linked one", STATE_LINKED, "", "", "", DECISION_CREATE, NULL,
	STATE_COUNT, 0, ""},
    {"link one in doubt", STATE_INTENT, "", "", "", DECISION_LINK, "d-2",
	STATE_COUNT, 0, ""},
    {"create one in doubt", STATE_INTENT, "", "", "", DECISION_CREATE, NULL,
	STATE_COUNT, 0, ""},
    {"link by hand", STATE_NEW, "", "", "", DECISION_LINK, "d-2", STATE_LINKED,
	LEDGER_NOTE_ASSUMED, "d-2"},
    {"a refused one after all", STATE_REJECTED, "", "", "", DECISION_CREATE,
	NULL, STATE_NEW, LEDGER_NO_PROBE, ""},
};

TEST(decide_table)
{
	struct err err = ERR_INIT;
	struct ledger *ledger = ledger_open(
	    check_directory(), "practice", false, false, &err);
	struct ledger_entry other = {.external_id = "crm-9",
	    .state = STATE_LINKED,
	    .healthsherpa_id = "taken"};
	static struct board_row row;

	REQUIRE(ledger && ledger_store(ledger, &other));
	row.ledger = LEDGER_NONE;
	for (unsigned i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		struct ledger_entry entry = {.external_id = "crm-1",
		    .state = vectors[i].state,
		    .attempt = 3,
		    .whole = 7,
		    .refused = 8};
		bool good;

		str_copy(row.file_id, sizeof(row.file_id), vectors[i].file_id);
		str_copy(entry.code, sizeof(entry.code), vectors[i].code);
		str_copy(entry.candidate_id, sizeof(entry.candidate_id),
		    vectors[i].candidate);
		err = (struct err)ERR_INIT;
		good = decide_apply(ledger, NULL, &row, &entry,
		    vectors[i].decision, vectors[i].id, &err);
		check_integer(good, vectors[i].after != STATE_COUNT, __FILE__,
		    __LINE__, vectors[i].what);
		if (!good) {
			CHECK_INT(err.kind, ERR_USAGE);
			CHECK(strlen(err.text) > 10);
			continue;
		}
		check_integer(entry.state, vectors[i].after, __FILE__, __LINE__,
		    vectors[i].what);
		check_integer(entry.flags, vectors[i].flags, __FILE__, __LINE__,
		    vectors[i].what);
		CHECK_TEXT(entry.healthsherpa_id, vectors[i].linked);
		CHECK_INT(entry.attempt, 0);
		CHECK(entry.whole == 0 && entry.refused == 0);
		CHECK_TEXT(entry.code, "");
	}
	ledger_free(ledger);
}
