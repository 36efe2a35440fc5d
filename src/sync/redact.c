/* SPDX-License-Identifier: MIT */
/*
 * Values are looked for in both forms, as sent and as they stand in the file,
 * without regard to ASCII case, and only where no letter or digit touches
 * them, so that a short name does not blot out half of a sentence.
 *
 * Hazard: a date or a phone number may come back in another spelling. Digits
 * in groups that look like either are therefore replaced whatever they are.
 */
#include "sync/redact.h"

#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "book/contact.h"

#define GAP "…"

enum { MESSAGE_MAX = 4096, SHORTEST = 2, LIST_SHORTEST = 3, DIGITS = 6 };

static bool
is_letter_or_digit(char c)
{
	unsigned char b = (unsigned char)c;

	return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') ||
	       (b >= 'A' && b <= 'Z') || b >= 0x80;
}

static bool
same_fold(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char x = a[i], y = b[i];

		x = x >= 'A' && x <= 'Z' ? (char)(x + 32) : x;
		y = y >= 'A' && y <= 'Z' ? (char)(y + 32) : y;
		if (x != y)
			return false;
	}
	return true;
}

/* Field names and codes say nothing about a person. */
static bool
is_telling(enum field field)
{
	switch (field_table[field].kind) {
	case FIELD_KIND_ID:
	case FIELD_KIND_BOOLEAN:
	case FIELD_KIND_SEX:
	case FIELD_KIND_STATE:
	case FIELD_KIND_LIST: /* what is in it is: see blot_list() */
	case FIELD_KIND_TYPE: return false;
	default: return true;
	}
}

static void
blot(struct str *out, const char *text, const char *value)
{
	size_t len = value ? strlen(value) : 0;
	size_t total = strlen(text), at = 0;

	if (len < SHORTEST) {
		str_add(out, text);
		return;
	}
	while (at < total) {
		if (at + len <= total && same_fold(text + at, value, len) &&
		    (at == 0 || !is_letter_or_digit(text[at - 1])) &&
		    (at + len == total ||
			!is_letter_or_digit(text[at + len]))) {
			str_add(out, GAP);
			at += len;
		} else {
			str_add_char(out, text[at++]);
		}
	}
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Six digits or more, with at most two separators between them. */
static size_t
number_length(const char *text)
{
	size_t len = 0, end = 0, digits = 0;

	while (is_digit(*text) && len < end + 3 && text[len]) {
		if (is_digit(text[len])) {
			digits++;
			end = len + 1;
		} else if (!strchr("-/. ()", text[len])) {
			break;
		}
		len++;
	}
	return digits >= DIGITS ? end : 0;
}

static void
blot_numbers(struct str *out, const char *text)
{
	bool inside = false;

	while (*text) {
		size_t len = inside ? 0 : number_length(text);

		if (len) {
			str_add(out, GAP);
			text += len;
			continue;
		}
		inside = is_letter_or_digit(*text);
		str_add_char(out, *text++);
	}
}

/* The longest first: an e-mail address often holds the name. */
static unsigned
gather(const struct contact *contact, const char *values[2 * FIELD_COUNT])
{
	unsigned count = 0;

	for (unsigned i = 0; i < 2 * FIELD_COUNT; i++) {
		const struct contact_field *field = &contact->fields[i / 2];
		const char *value = i % 2 ? field->raw : field->value;
		unsigned at = count;

		if (!value || !is_telling((enum field)(i / 2)))
			continue;
		for (; at && strlen(values[at - 1]) < strlen(value); at--)
			values[at] = values[at - 1];
		values[at] = value;
		count++;
	}
	return count;
}

/* Words of HealthSherpa's own, which messages consist of. */
static bool
is_plain_key(const char *key)
{
	static const char *const keys[] = {"id_source", "mode", "type", NULL};

	for (size_t i = 0; key && keys[i]; i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

/* Each text in a list, at any depth. */
static void
blot_list(struct str *from, struct str *to, const struct json *json)
{
	const char *text = json_scalar_text(json);
	struct str swap;

	if (text && strlen(text) >= LIST_SHORTEST &&
	    !is_plain_key(json_key(json))) {
		str_reset(to);
		blot(to, from->data, text);
		swap = *from;
		*from = *to;
		*to = swap;
	}
	for (const struct json *part = json_first(json); part;
	     part = json_next(part))
		blot_list(from, to, part);
}

static void
blot_list_text(struct str *from, struct str *to, const char *text)
{
	struct err ignored = ERR_INIT;
	struct json *list;

	if (!text)
		return;
	list = json_parse(text, strlen(text), &ignored);
	blot_list(from, to, list);
	json_free(list);
}

void
redact(char *out, size_t size, const char *message,
    const struct contact *contact, char *const merged[FIELD_LISTS])
{
	const char *values[2 * FIELD_COUNT];
	unsigned count = gather(contact, values);
	struct str from, to, swap;

	str_init(&from, MESSAGE_MAX);
	str_init(&to, MESSAGE_MAX);
	str_add(&from, message);
	for (unsigned i = 0; i < count; i++) {
		str_reset(&to);
		blot(&to, from.data, values[i]);
		swap = from;
		from = to;
		to = swap;
	}
	for (unsigned i = 0; i < FIELD_LISTS; i++) {
		blot_list_text(
		    &from, &to, contact->fields[FIELD_DRUGS + i].value);
		blot_list_text(&from, &to, merged[i]);
	}
	str_reset(&to);
	blot_numbers(&to, from.data);
	str_copy(out, size, to.data);
	str_release(&from);
	str_release(&to);
}
