/* SPDX-License-Identifier: MIT */
#include "sync/explain.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "sync/lists.h"

static const struct {
	const char *code, *sentence;
} reviews[] = {
    {"gone", "HealthSherpa no longer has this contact under the "
	     "ID it was linked to, or it is another agent's; link it "
	     "to another, or create it anew"},
    {"conflict", "the same person, by Medicare number or by name "
		 "and birth date, is in HealthSherpa under another "
		 "ID of yours; link this row to that contact, or "
		 "leave it out"},
    {"alike", "HealthSherpa has someone of the same name with the "
	      "same e-mail address or phone under another ID of "
	      "yours; link this row to that contact if it is the "
	      "same person, else create it"},
    {"similar", "HealthSherpa has someone who looks like the same "
		"person; link this row to that contact, or create "
		"it anyway"},
    {"shared", "the contact HealthSherpa found is linked to another "
	       "row already; one of the two rows is probably a "
	       "duplicate"},
    {"unproven", "it may have been created before (the answer was lost, or "
		 "belay's ledger was), and the search brought someone "
		 "else, so that cannot be told; look at HealthSherpa, "
		 "then link it or create it"},
    {"taken", "HealthSherpa refused to create it as its ID or the contact "
	      "is there already, but the search does not find it; look "
	      "there, then link it by its HealthSherpa ID, or leave it out"},
    {"agent", "the answer to its creation was lost, and that was for another "
	      "agent, whose contacts cannot be seen now; look at HealthSherpa "
	      "as that agent, then link it or create it"},
    {"edited", "the answer to its creation was lost and the row was "
	       "edited since, so it cannot be looked up surely; "
	       "look at HealthSherpa, then link it or create it"},
    {"attempts", "its creation was tried three times and the answer "
		 "was lost each time; look at HealthSherpa, then "
		 "link it or create it"},
    {"no-selector", "it may have been created before, and "
		    "without Medicare number, birth date, e-mail or "
		    "phone it cannot be looked up; look at "
		    "HealthSherpa, then link it or create it"},
    {"two-ids", "the file has another HealthSherpa ID for this row "
		"than the one it was synced with; link it to the "
		"right one"},
    {"other-person",
	"under this ID somebody of another name, e-mail, phone and "
	"birth date was synced before: the IDs may be another CRM's, "
	"or sorted apart from their rows; correct that, or link it "
	"if it is the same person"},
    {"moved", "this contact went on under an ID of your CRM, which "
	      "the file no longer has for it; link it to the contact "
	      "that HealthSherpa has, or give the row its ID again"},
    {"ambiguous", "it has no ID, and more than one contact that was "
		  "synced before may be this one, or more than one row "
		  "may be that contact; link it to the right one by its "
		  "HealthSherpa ID, or create it as another person"},
    {"recognised", "it has no ID, and what it says is what a contact that was "
		   "synced before said; say whether it is the same person"},
};

enum { REVIEWS = sizeof(reviews) / sizeof(reviews[0]) };

const char *
explain_review_code(size_t index)
{
	return index < REVIEWS ? reviews[index].code : NULL;
}

const char *
explain_review(const char *code)
{
	for (size_t i = 0; i < REVIEWS; i++)
		if (strcmp(reviews[i].code, code) == 0)
			return reviews[i].sentence;
	return "a person must decide what to do with this contact";
}

static void
set(struct row_status *out, const char *reason, const char *brief)
{
	str_copy(out->reason, sizeof(out->reason), reason);
	str_copy(out->short_reason, sizeof(out->short_reason), brief);
}

/* What a list has room for, in an agent's own words. */
static const char *
short_label(enum field field)
{
	switch (field) {
	case FIELD_MEDICARE_NUMBER: return "MBI";
	case FIELD_BIRTH_DATE: return "DOB";
	default: return field_table[field].label;
	}
}

/* "phone, ZIP and 2 more"; of one: "phone +2". */
static void
list_fields(struct str *out, const bool fields[FIELD_COUNT], unsigned most)
{
	unsigned count = 0, shown = 0;

	for (unsigned i = 0; i < FIELD_COUNT; i++)
		count += fields[i];
	for (unsigned i = 0; i < FIELD_COUNT && shown < most; i++) {
		if (!fields[i])
			continue;
		if (shown++)
			str_add(out, ", ");
		str_add(out, most == 1 ? short_label((enum field)i)
				       : field_table[i].label);
	}
	if (count > shown && most > 1)
		str_addf(out, " and %u more", count - shown);
	else if (count > shown)
		str_addf(out, " +%u", count - shown);
}

static void
explain_new(const struct explain *explain, struct row_status *out)
{
	const struct contact *contact = &explain->row->contact;
	bool left_out[FIELD_COUNT];
	struct str reason, brief;
	unsigned count = 0;

	str_init(&reason, sizeof(out->reason) - 1);
	str_init(&brief, sizeof(out->short_reason) - 1);
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		left_out[i] = contact->fields[i].left_out;
		count += left_out[i];
	}
	if (count) {
		str_add(&reason, "would be sent without ");
		list_fields(&reason, left_out, 4);
		str_add(&brief, "no ");
		list_fields(&brief, left_out, 1);
	}
	set(out, reason.data, brief.data);
	str_release(&reason);
	str_release(&brief);
}

static void
explain_changed(const struct explain *explain, struct row_status *out)
{
	struct str reason, brief;

	if (explain->entry->state != STATE_LINKED) {
		set(out,
		    "the file has a HealthSherpa ID, but what "
		    "HealthSherpa has is not known here; a sync sends all "
		    "fields once, without the note",
		    "all fields");
		return;
	}
	str_init(&reason, sizeof(out->reason) - 1);
	str_init(&brief, sizeof(out->short_reason) - 1);
	str_add(&reason, "differs from what HealthSherpa accepted: ");
	list_fields(&reason, explain->row->changed, 6);
	list_fields(&brief, explain->row->changed, 1);
	if (!brief.len)
		set(out, "HealthSherpa does not know this row's ID yet", "ID");
	else
		set(out, reason.data, brief.data);
	str_release(&reason);
	str_release(&brief);
}

/* In minutes at the finest: what is shown is not painted every second. */
static void
add_age(struct str *out, int64_t ms)
{
	if (ms < 60 * 1000) {
		str_add(out, "just now");
		return;
	}
	clock_format_age(out, ms);
	str_add(out, " ago");
}

/* "2 drugs not sent: lists are only sent when asked" */
static bool
tell_open_lists(const struct explain *explain, struct str *out)
{
	const struct ledger_entry *entry = explain->entry;

	if (entry->state != STATE_LINKED ||
	    !lists_tell_open(out, &entry->accepted, &explain->row->print,
		&explain->row->values))
		return false;
	str_add(out, " not sent: lists are only sent when asked");
	return true;
}

/* What became of the lists of a contact that has the latest otherwise. */
static void
explain_lists(const struct explain *explain, struct row_status *out)
{
	const struct trouble *trouble = explain->trouble;
	struct str reason;

	str_init(&reason, sizeof(out->reason) - 1);
	if (trouble && strcmp(trouble->code, "lists") == 0)
		str_add(&reason, trouble->message);
	else
		out->lists_open = tell_open_lists(explain, &reason);
	if (out->lists_open)
		str_copy(out->short_reason, sizeof(out->short_reason),
		    "lists not sent");
	str_copy(out->reason, sizeof(out->reason), reason.data);
	str_release(&reason);
}

static void
explain_partial(const struct explain *explain, struct row_status *out)
{
	const struct ledger_entry *entry = explain->entry;
	bool said = strcmp(entry->code, "partial") == 0;
	enum field field = said ? field_from_name(entry->field) : FIELD_COUNT;

	set(out,
	    said && *entry->message
		? entry->message
		: "saved, but not all drugs, pharmacies or providers were",
	    field != FIELD_COUNT ? short_label(field) : "lists");
	lists_name_items(out->reason, sizeof(out->reason), &entry->accepted,
	    &explain->row->print, &explain->row->values);
	str_copy(out->code, sizeof(out->code), "partial");
}

static void
explain_synced(const struct explain *explain, struct row_status *out)
{
	int64_t at = explain->entry->synced_at;
	struct str age;

	str_init(&age, sizeof(out->short_reason) - 1);
	if (at)
		add_age(&age, explain->now_wall_ms - at);
	if (explain->entry->flags & LEDGER_NOTE_DOUBT)
		set(out,
		    "the answer to its last note was lost: look whether "
		    "HealthSherpa has the note, it is not sent again",
		    "note?");
	else
		set(out, "", age.data);
	if (!*out->reason)
		explain_lists(explain, out);
	str_release(&age);
}

static void
explain_blocked(const struct explain *explain, struct row_status *out)
{
	const struct contact *contact = &explain->row->contact;

	if (explain->row->stand.reason == STAND_NEVER) {
		set(out, "you decided that it is never sent", "never");
		return;
	}
	for (unsigned i = 0; i < contact->finding_count; i++) {
		const struct finding *finding = &contact->findings[i];

		if (finding->severity != SEVERITY_ERROR)
			continue;
		set(out, finding->message,
		    finding->field < FIELD_COUNT ? short_label(finding->field)
						 : "row");
		return;
	}
	set(out, "it has no ID of your CRM", "ID");
}

/* "42 s", "1:42"; rounded up. */
static void
write_wait(struct row_status *out, int64_t ms)
{
	int64_t seconds = (ms + 999) / 1000;

	if (seconds < 100)
		snprintf(out->short_reason, sizeof(out->short_reason), "%lld s",
		    (long long)seconds);
	else
		snprintf(out->short_reason, sizeof(out->short_reason),
		    "%lld:%02lld", (long long)seconds / 60,
		    (long long)seconds % 60);
}

/* Nothing is sent at all just now. */
static void
explain_held(const struct explain *explain, struct row_status *out)
{
	write_wait(out, explain->retry_at_ms - explain->now_ms);
	snprintf(out->reason, sizeof(out->reason), "%s; it goes on in %s",
	    hold_words[explain->held], out->short_reason);
}

static void
explain_waiting(const struct explain *explain, struct row_status *out)
{
	int64_t left = explain->retry_at_ms - explain->now_ms;

	if (!explain->retry_at_ms || left <= 0) {
		set(out,
		    "the answer to its creation was lost; the next sync "
		    "looks it up before anything is sent",
		    "look-up");
		return;
	}
	if (explain->held == HOLD_ASKED || explain->held == HOLD_SILENT) {
		explain_held(explain, out);
		return;
	}
	write_wait(out, left);
	snprintf(out->reason, sizeof(out->reason),
	    explain->entry->state == STATE_INTENT &&
		    strcmp(explain->entry->code, "taken") == 0
		? "HealthSherpa says that it is there already; looked up in %s"
	    : explain->entry->state == STATE_INTENT
		? "the answer was lost; looked up in %s"
		: "belay's ledger may have forgotten it; looked up once more "
		  "in %s",
	    out->short_reason);
}

static void
explain_failed(const struct explain *explain, struct row_status *out)
{
	const struct trouble *trouble = explain->trouble;
	const struct ledger_entry *entry = explain->entry;
	const char *code = trouble ? trouble->code : entry->code;
	enum field field = field_from_name(
	    trouble ? trouble->field : entry->field);

	set(out, trouble ? trouble->message : entry->message,
	    field != FIELD_COUNT ? short_label(field) : code);
	str_copy(out->code, sizeof(out->code), code);
}

static void
explain_queued(const struct explain *explain, struct row_status *out)
{
	int64_t left = explain->retry_at_ms - explain->now_ms;

	if (explain->held != HOLD_NONE && left > 0) {
		explain_held(explain, out);
		return;
	}
	if (!explain->retry_at_ms || left < 1000)
		return;
	left = (left + 999) / 1000;
	snprintf(out->short_reason, sizeof(out->short_reason), "in %lld s",
	    (long long)left);
	snprintf(out->reason, sizeof(out->reason),
	    "HealthSherpa is asked again in %lld s", (long long)left);
}

/* "recognised by the phone and name as the contact synced on 2026-11-02" */
static void
explain_asked(const struct explain *explain, struct row_status *out)
{
	static const char *const ways[] = {
	    [PERSON_BY_NUMBER] = "the Medicare number",
	    [PERSON_BY_EMAIL_AND_BIRTH] = "e-mail address and birth date",
	    [PERSON_BY_PHONE_NAME_AND_BIRTH] = "phone, name and birth date",
	    [PERSON_BY_EMAIL_AND_NAME] = "name and e-mail address",
	    [PERSON_BY_PHONE_AND_NAME] = "name and phone",
	    [RECOGNISED_BY_ALL] = "all that is known of it",
	    [RECOGNISED_BY_NAME] = "the name alone",
	};
	const struct asked *asked = explain->asked;
	int64_t at = explain->entry->synced_at;
	struct str reason;

	if (asked->how == RECOGNISED_MANY) {
		str_copy(out->code, sizeof(out->code), "ambiguous");
		set(out, explain_review(out->code), out->code);
		return;
	}
	str_copy(out->code, sizeof(out->code), "recognised");
	str_init(&reason, sizeof(out->reason) - 1);
	str_addf(&reason, "recognised by %s%s as the contact ",
	    ways[asked->way],
	    asked->other_name ? ", but under another name," : "");
	if (at) {
		str_add(&reason, "synced on ");
		clock_format_time(&reason, at);
		/* the day is enough */
		reason.len -= strlen(strrchr(reason.data, 'T'));
		reason.data[reason.len] = '\0';
	} else {
		str_add(&reason, "that a sync has begun with");
	}
	str_add(&reason, "; is it the same person?");
	set(out, reason.data, out->code);
	str_release(&reason);
}

static void
explain_review_row(const struct explain *explain, struct row_status *out)
{
	const char *code = explain->entry->code;

	if (explain->asked) {
		explain_asked(explain, out);
		return;
	}
	if (explain->row->stand.reason == STAND_TWO_IDS)
		code = "two-ids";
	else if (explain->row->stand.reason == STAND_SHARED_ID)
		code = "shared";
	else if (explain->row->stand.reason == STAND_OTHER_PERSON)
		code = "other-person";
	set(out, explain_review(code), code);
	str_copy(out->code, sizeof(out->code), code);
}

void
explain_row(const struct explain *explain, struct row_status *out)
{
	*out->reason = *out->short_reason = *out->code = '\0';
	out->lists_open = false;
	switch (explain->status) {
	case STATUS_NEW: explain_new(explain, out); break;
	case STATUS_CHANGED: explain_changed(explain, out); break;
	case STATUS_SYNCED: explain_synced(explain, out); break;
	case STATUS_PARTIAL: explain_partial(explain, out); break;
	case STATUS_BLOCKED: explain_blocked(explain, out); break;
	case STATUS_WAITING: explain_waiting(explain, out); break;
	case STATUS_FAILED: explain_failed(explain, out); break;
	case STATUS_REVIEW: explain_review_row(explain, out); break;
	case STATUS_QUEUED:
	case STATUS_SENDING:
	case STATUS_COUNT: explain_queued(explain, out); break;
	}
}
