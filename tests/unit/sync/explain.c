/* SPDX-License-Identifier: MIT */
#include "sync/explain.h"

#include <string.h>

#include "base/str.h"

#include "check.h"

enum { NOW = 1000000 };

static struct board_row row;
static struct ledger_entry entry;
static struct row_status out;

static enum hold held;

static void
explain_as(enum status status, const struct trouble *trouble, int64_t retry_at)
{
	struct explain explain = {.row = &row,
	    .held = held,
	    .entry = &entry,
	    .trouble = trouble,
	    .status = status,
	    .now_wall_ms = NOW,
	    .now_ms = NOW,
	    .retry_at_ms = retry_at};

	explain_row(&explain, &out);
}

TEST(explain_fields_that_differ)
{
	entry.state = STATE_LINKED;
	row.changed[FIELD_PHONE] = true;
	explain_as(STATUS_CHANGED, NULL, 0);
	CHECK(strstr(out.reason, field_table[FIELD_PHONE].label) != NULL);
	CHECK_TEXT(out.short_reason, field_table[FIELD_PHONE].label);
	row.changed[FIELD_ZIP] = row.changed[FIELD_CITY] = true;
	explain_as(STATUS_CHANGED, NULL, 0);
	CHECK(str_starts(out.short_reason, field_table[FIELD_PHONE].label));
	CHECK(str_ends(out.short_reason, " +2"));
	entry.state = STATE_NEW;
	explain_as(STATUS_CHANGED, NULL, 0);
	CHECK_TEXT(out.short_reason, "all fields");
}

TEST(explain_values_left_out)
{
	explain_as(STATUS_NEW, NULL, 0);
	CHECK_TEXT(out.reason, "");
	CHECK_TEXT(out.short_reason, "");
	row.contact.fields[FIELD_ZIP].left_out = true;
	explain_as(STATUS_NEW, NULL, 0);
	CHECK(str_starts(out.short_reason, "no "));
	CHECK(str_ends(out.short_reason, field_table[FIELD_ZIP].label));
	/* a list has little room, so agents' own short words */
	row.contact.fields[FIELD_ZIP].left_out = false;
	row.contact.fields[FIELD_MEDICARE_NUMBER].left_out = true;
	explain_as(STATUS_NEW, NULL, 0);
	CHECK_TEXT(out.short_reason, "no MBI");
	CHECK_TEXT(out.reason, "would be sent without Medicare number");
	row.contact.fields[FIELD_BIRTH_DATE].left_out = true;
	explain_as(STATUS_NEW, NULL, 0);
	CHECK_TEXT(out.short_reason, "no DOB +1");
}

TEST(explain_times)
{
	entry.synced_at = NOW - 34000;
	explain_as(STATUS_SYNCED, NULL, 0);
	CHECK_TEXT(out.short_reason, "just now");
	entry.synced_at = NOW - 60000;
	explain_as(STATUS_SYNCED, NULL, 0);
	CHECK_TEXT(out.short_reason, "1 min ago");
	/* the clock went back */
	entry.synced_at = NOW + 34000;
	explain_as(STATUS_SYNCED, NULL, 0);
	CHECK_TEXT(out.short_reason, "just now");
	explain_as(STATUS_WAITING, NULL, NOW + 102000);
	CHECK_TEXT(out.short_reason, "1:42");
	CHECK(strstr(out.reason, "1:42") != NULL);
	explain_as(STATUS_WAITING, NULL, 0);
	CHECK(strstr(out.reason, "next sync") != NULL);
	explain_as(STATUS_QUEUED, NULL, NOW + 12000);
	CHECK_TEXT(out.short_reason, "in 12 s");
	explain_as(STATUS_QUEUED, NULL, 0);
	CHECK_TEXT(out.short_reason, "");
}

TEST(explain_failures)
{
	struct trouble trouble = {
	    .code = "retry", .message = "nobody answered"};

	str_copy(entry.code, sizeof(entry.code), "invalid");
	str_copy(entry.field, sizeof(entry.field), "phone");
	str_copy(entry.message, sizeof(entry.message), "phone is not valid");
	explain_as(STATUS_FAILED, NULL, 0);
	CHECK_TEXT(out.reason, "phone is not valid");
	CHECK_TEXT(out.short_reason, field_table[FIELD_PHONE].label);
	CHECK_TEXT(out.code, "invalid");
	/* what happened just now comes before what the ledger remembers */
	explain_as(STATUS_FAILED, &trouble, 0);
	CHECK_TEXT(out.reason, "nobody answered");
	CHECK_TEXT(out.code, "retry");
}

TEST(explain_blocks)
{
	explain_as(STATUS_BLOCKED, NULL, 0);
	CHECK(*out.reason);
	row.stand.reason = STAND_NEVER;
	explain_as(STATUS_BLOCKED, NULL, 0);
	CHECK_TEXT(out.short_reason, "never");
	row.stand.reason = STAND_PLAIN;
	row.contact.findings[0] = (struct finding){
	    .severity = SEVERITY_WARNING, .field = FIELD_PHONE};
	row.contact.findings[1] = (struct finding){
	    .severity = SEVERITY_ERROR, .field = FIELD_LAST_NAME};
	str_copy(row.contact.findings[1].message,
	    sizeof(row.contact.findings[1].message), "a last name is needed");
	row.contact.finding_count = 2;
	explain_as(STATUS_BLOCKED, NULL, 0);
	CHECK_TEXT(out.reason, "a last name is needed");
	CHECK_TEXT(out.short_reason, field_table[FIELD_LAST_NAME].label);
}

TEST(explain_reviews_all_differ)
{
	static const char *const codes[] = {"gone", "conflict", "similar",
	    "alike", "shared", "unproven", "taken", "agent", "edited",
	    "attempts", "no-selector", "two-ids", "other-person",
	    "something new"};

	for (unsigned i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		CHECK(strlen(explain_review(codes[i])) > 30);
		CHECK(strlen(explain_review(codes[i])) < sizeof(entry.message));
		for (unsigned k = 0; k < i; k++)
			CHECK(strcmp(explain_review(codes[i]),
				  explain_review(codes[k])) != 0);
	}
	row.stand.reason = STAND_TWO_IDS;
	explain_as(STATUS_REVIEW, NULL, 0);
	CHECK_TEXT(out.code, "two-ids");
	CHECK_TEXT(out.reason, explain_review("two-ids"));
}

TEST(explain_whom_a_row_was_recognised_as)
{
	struct asked asked = {
	    .how = RECOGNISED_BY_WAY, .way = PERSON_BY_NUMBER};
	struct explain explain = {.row = &row,
	    .entry = &entry,
	    .status = STATUS_REVIEW,
	    .asked = &asked};

	entry.synced_at = INT64_C(1793620800000);
	explain_row(&explain, &out);
	CHECK_TEXT(out.reason, "recognised by the Medicare number as the "
			       "contact synced on 2026-11-02; is it the same "
			       "person?");
	CHECK_TEXT(out.code, "recognised");
	CHECK_TEXT(out.short_reason, "recognised");
	asked.way = PERSON_BY_PHONE_AND_NAME;
	asked.other_name = true;
	entry.synced_at = 0;
	explain_row(&explain, &out);
	CHECK_TEXT(out.reason,
	    "recognised by name and phone, but under another name, as the "
	    "contact that a sync has begun with; is it the same person?");
	asked.how = RECOGNISED_MANY;
	explain_row(&explain, &out);
	CHECK_TEXT(out.reason, explain_review("ambiguous"));
	CHECK_TEXT(out.code, "ambiguous");
}

TEST(explain_every_review_has_its_sentence)
{
	const char *code, *other = explain_review("no such code");
	size_t count = 0;

	for (; (code = explain_review_code(count)); count++) {
		CHECK(strcmp(explain_review(code), other) != 0);
		CHECK(strlen(explain_review(code)) > 40);
	}
	CHECK(count >= 15);
}

TEST(explain_what_holds_a_row_up)
{
	held = HOLD_ASKED;
	explain_as(STATUS_QUEUED, NULL, NOW + 41001);
	CHECK_TEXT(out.short_reason, "42 s");
	CHECK_TEXT(
	    out.reason, "HealthSherpa asked to slow down; it goes on in 42 s");
	held = HOLD_SILENT;
	explain_as(STATUS_QUEUED, NULL, NOW + 500);
	CHECK_TEXT(out.short_reason, "1 s");
	CHECK(str_starts(out.reason, "HealthSherpa does not answer"));
	/* a row in doubt cannot be looked up before that either */
	explain_as(STATUS_WAITING, NULL, NOW + 120000);
	CHECK_TEXT(out.short_reason, "2:00");
	CHECK(str_starts(out.reason, "HealthSherpa does not answer"));
	held = HOLD_SETTLE;
	explain_as(STATUS_WAITING, NULL, NOW + 42000);
	CHECK_TEXT(out.short_reason, "42 s");
	CHECK(str_ends(out.reason, "looked up once more in 42 s"));
	held = HOLD_NONE;
}
