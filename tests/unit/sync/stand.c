/* SPDX-License-Identifier: MIT */
/* The plan table: what is known of a row, its status and its verb. */
#include "sync/stand.h"

#include "check.h"

struct vector {
	const char *what;
	struct stand_facts facts;
	enum status status;
	enum plan_verb verb;
	enum stand_reason reason;
};

#define KNOWN(in) .known = true, .state = STATE_##in

static const struct vector vectors[] = {
    {"fresh", {0}, STATUS_NEW, PLAN_CREATE, STAND_PLAIN},
    {"fresh with an error", {.blocked = true}, STATUS_BLOCKED, PLAN_BLOCKED,
	STAND_PLAIN},
    {"withdrawn", {KNOWN(NEW)}, STATUS_NEW, PLAN_CREATE, STAND_PLAIN},
    {"in doubt", {KNOWN(INTENT)}, STATUS_WAITING, PLAN_WAIT, STAND_PLAIN},
    {"in doubt, then spoilt", {KNOWN(INTENT), .blocked = true}, STATUS_WAITING,
	PLAN_WAIT, STAND_PLAIN},
    {"in doubt, an ID typed into the file",
	{KNOWN(INTENT), .file_id = FILE_ID_SAME}, STATUS_WAITING, PLAN_WAIT,
	STAND_PLAIN},
    {"linked", {KNOWN(LINKED), .file_id = FILE_ID_SAME}, STATUS_SYNCED,
	PLAN_NONE, STAND_PLAIN},
    {"linked, the file lost the ID", {KNOWN(LINKED)}, STATUS_SYNCED, PLAN_NONE,
	STAND_PLAIN},
    {"linked, edited",
	{KNOWN(LINKED), .file_id = FILE_ID_SAME, .changed = true},
	STATUS_CHANGED, PLAN_UPDATE, STAND_PLAIN},
    {"linked, partial", {KNOWN(LINKED), .partial = true}, STATUS_PARTIAL,
	PLAN_NONE, STAND_PLAIN},
    {"linked, partial, edited",
	{KNOWN(LINKED), .partial = true, .changed = true}, STATUS_CHANGED,
	PLAN_UPDATE, STAND_PLAIN},
    {"linked, spoilt", {KNOWN(LINKED), .blocked = true, .changed = true},
	STATUS_BLOCKED, PLAN_BLOCKED, STAND_PLAIN},
    {"linked, two IDs", {KNOWN(LINKED), .file_id = FILE_ID_OTHER},
	STATUS_REVIEW, PLAN_REVIEW, STAND_TWO_IDS},
    {"linked, update refused",
	{KNOWN(LINKED), .changed = true, .refused = true}, STATUS_FAILED,
	PLAN_BLOCKED, STAND_PLAIN},
    {"linked, update refused, retried",
	{KNOWN(LINKED), .changed = true, .refused = true, .retry = true},
	STATUS_FAILED, PLAN_UPDATE, STAND_PLAIN},
    {"linked, and another person now",
	{KNOWN(LINKED), .changed = true, .other_person = true}, STATUS_REVIEW,
	PLAN_REVIEW, STAND_OTHER_PERSON},
    {"linked, another person, and spoilt",
	{KNOWN(LINKED), .blocked = true, .changed = true, .other_person = true},
	STATUS_BLOCKED, PLAN_BLOCKED, STAND_PLAIN},
    {"ID in the file only", {.file_id = FILE_ID_SAME, .changed = true},
	STATUS_CHANGED, PLAN_UPDATE, STAND_PLAIN},
    {"ID in the file, of another row",
	{.file_id = FILE_ID_SAME, .changed = true, .shared = true},
	STATUS_REVIEW, PLAN_REVIEW, STAND_SHARED_ID},
    {"refused", {KNOWN(REJECTED), .refused = true}, STATUS_FAILED, PLAN_BLOCKED,
	STAND_PLAIN},
    {"refused, retried", {KNOWN(REJECTED), .refused = true, .retry = true},
	STATUS_FAILED, PLAN_CREATE, STAND_PLAIN},
    {"refused, edited", {KNOWN(REJECTED)}, STATUS_NEW, PLAN_CREATE,
	STAND_PLAIN},
    {"refused, edited into an error", {KNOWN(REJECTED), .blocked = true},
	STATUS_BLOCKED, PLAN_BLOCKED, STAND_PLAIN},
    {"never", {KNOWN(REJECTED), .never = true}, STATUS_BLOCKED, PLAN_BLOCKED,
	STAND_NEVER},
    {"never, though retried",
	{KNOWN(REJECTED), .never = true, .refused = true, .retry = true},
	STATUS_BLOCKED, PLAN_BLOCKED, STAND_NEVER},
    {"to be decided", {KNOWN(REVIEW)}, STATUS_REVIEW, PLAN_REVIEW, STAND_PLAIN},
    {"to be decided, spoilt, retried",
	{KNOWN(REVIEW), .blocked = true, .retry = true}, STATUS_REVIEW,
	PLAN_REVIEW, STAND_PLAIN},
    {"recognised", {.asked = true}, STATUS_REVIEW, PLAN_REVIEW, STAND_ASKED},
    {"recognised, with an error", {.asked = true, .blocked = true},
	STATUS_BLOCKED, PLAN_BLOCKED, STAND_PLAIN},
    {"recognised, an ID in the file",
	{.asked = true, .file_id = FILE_ID_SAME, .changed = true},
	STATUS_REVIEW, PLAN_REVIEW, STAND_ASKED},
};

TEST(stand_table)
{
	for (unsigned i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		const struct vector *vector = &vectors[i];
		struct stand stand;

		stand_decide(&stand, &vector->facts);
		check_integer(stand.status, vector->status, __FILE__, __LINE__,
		    vector->what);
		check_integer(
		    stand.verb, vector->verb, __FILE__, __LINE__, vector->what);
		check_integer(stand.reason, vector->reason, __FILE__, __LINE__,
		    vector->what);
	}
}

/* Whatever the facts: only rows of which no create can be under way are to be
 * created, and what is blocked, in doubt or undecided is not sent. */
TEST(stand_never_creates_twice)
{
	for (unsigned bits = 0; bits < 1u << 8; bits++) {
		for (unsigned s = 0; s < STATE_COUNT; s++) {
			for (unsigned f = 0; f < 3; f++) {
				struct stand_facts facts = {.blocked = bits & 1,
				    .known = true,
				    .state = (enum state)s,
				    .file_id = (enum file_id)f,
				    .shared = bits & 2,
				    .never = bits & 4,
				    .changed = bits & 8,
				    .partial = bits & 16,
				    .refused = bits & 32,
				    .retry = bits & 64,
				    .asked = bits & 128};
				struct stand stand;

				stand_decide(&stand, &facts);
				if (stand.verb == PLAN_CREATE)
					CHECK((s == STATE_NEW ||
						  s == STATE_REJECTED) &&
					      f == FILE_ID_NONE &&
					      !facts.blocked && !facts.never);
				if (facts.asked) {
					CHECK(stand.verb != PLAN_CREATE &&
					      stand.verb != PLAN_UPDATE);
					continue;
				}
				if (s == STATE_INTENT)
					CHECK(stand.verb == PLAN_WAIT);
				if (s == STATE_REVIEW)
					CHECK(stand.verb == PLAN_REVIEW);
			}
		}
	}
}
