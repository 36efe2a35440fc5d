/* SPDX-License-Identifier: MIT */
#include "desk/words.h"

#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/text.h"
#include "book/contact.h"
#include "desk/desk.h"
#include "sync/list_union.h"
#include "tui/action.h"

const char *
words_key(const struct desk *desk, uint32_t scope, int action,
    char buffer[WORDS_KEY_MAX])
{
	const struct action *found = keymap_action(desk->keymap, scope, action);
	struct str name;

	str_init(&name, WORDS_KEY_MAX - 1);
	if (found)
		keymap_first_key(desk->keymap, found, &name);
	str_copy(buffer, WORDS_KEY_MAX, name.len > 0 ? name.data : "(no key)");
	str_release(&name);
	return buffer;
}

void
words_phone(struct str *out, const char *phone)
{
	if (strlen(phone) == 10 && strspn(phone, "0123456789") == 10)
		str_addf(out, "(%.3s) %.3s-%s", phone, phone + 3, phone + 6);
	else
		text_clean(out, phone, strlen(phone));
}

void
words_value(struct str *out, const struct desk *desk, uint32_t row,
    enum field field, const char *value)
{
	if (field == FIELD_PHONE)
		words_phone(out, value);
	else if (field_table[field].kind == FIELD_KIND_LIST)
		list_names(out, value);
	else
		contact_show_value(out, field, value, desk_revealed(desk, row));
}

unsigned
words_fields(struct str *out, const struct desk *desk,
    const struct contact *contact, const bool fields[FIELD_COUNT], bool arrows)
{
	unsigned count = 0;

	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const char *value = contact->fields[i].value;

		if (!fields[i])
			continue;
		str_addf(
		    out, "%s%s ", count++ ? ", " : "", field_table[i].label);
		if (arrows)
			str_add(out, desk->ascii ? "-> " : "→ ");
		if (value)
			words_value(
			    out, desk, contact->row, (enum field)i, value);
		else
			str_add(out, "(nothing)");
	}
	return count;
}

void
words_duration(struct str *out, int64_t ms)
{
	int64_t seconds = (ms + 999) / 1000;

	if (seconds < 100)
		str_addf(out, "%d s", (int)seconds);
	else if (seconds < 60 * 100)
		str_addf(out, "%d min", (int)((seconds + 59) / 60));
	else
		str_addf(out, "%d h", (int)((seconds + 3599) / 3600));
}

void
words_row(const struct desk *desk, uint32_t row, struct row_status *out)
{
	if (desk->sync)
		sync_row(desk->sync, row, out);
	else
		*out = (struct row_status){.status = STATUS_COUNT};
}

void
words_progress(const struct desk *desk, struct sync_progress *out)
{
	if (desk->sync)
		sync_progress(desk->sync, out);
	else
		*out = (struct sync_progress){.left_ms = -1};
}

const char *
words_standing(const struct row_status *status)
{
	return status->held == HOLD_NONE ? status_table[status->status].word
					 : status_table[STATUS_WAITING].word;
}

int64_t
words_fresh_ms(const struct row_status *status, int64_t now_ms, int64_t most_ms)
{
	int64_t left = status->retry_at_ms - now_ms, tick;

	if (left <= 0)
		return most_ms;
	tick = (left - 1) % 1000 + 1;
	return tick < most_ms ? tick : most_ms;
}

static void
add_changed(struct str *out, const struct row_status *status)
{
	const char *between = "";

	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		if (!status->changed[i])
			continue;
		str_addf(out, "%s%s", between, field_table[i].label);
		between = ", ";
	}
	str_add(out, " would be updated");
}

static void
add_age(struct str *out, const struct desk *desk, int64_t since_ms)
{
	int64_t age = clock_wall(desk->clock) - since_ms;

	if (age < 60 * 1000) {
		str_add(out, "just now");
		return;
	}
	clock_format_age(out, age);
	str_add(out, " ago");
}

void
words_status(
    struct str *out, const struct desk *desk, const struct row_status *status)
{
	if (status->status >= STATUS_COUNT) {
		str_add(out, "being looked at");
		return;
	}
	str_add(out, words_standing(status));
	if (*status->reason) {
		str_add(out, ": ");
		text_clean(out, status->reason, strlen(status->reason));
		return;
	}
	switch (status->status) {
	case STATUS_NEW: str_add(out, ": ready to be sent"); break;
	case STATUS_CHANGED:
		str_add(out, ": ");
		add_changed(out, status);
		break;
	case STATUS_SYNCED:
		str_add(out, ": nothing to send");
		if (status->synced_at_ms > 0) {
			str_add(out, ", sent ");
			add_age(out, desk, status->synced_at_ms);
		}
		break;
	default: break;
	}
}
