/* SPDX-License-Identifier: MIT */
/*
 * Error bodies come in shapes that no document lists in full, so this walks
 * whatever stands below "error" and "errors" and collects sentences; the key
 * above a sentence is taken for the field it is about.
 * Hazard: the recursion is as deep as the answer; the parser's limit
 * (JSON_DEPTH_MAX) bounds it, the message's ceiling bounds the work.
 */
#include "partner/refusal.h"

#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/str.h"
#include "base/text.h"
#include "book/field.h"

static const char *const message_keys[] = {"message", "detail",
    "error_description", "description", "title", "reason", NULL};
static const char *const field_keys[] = {
    "field", "attribute", "param", "parameter", "pointer", NULL};

void
refusal_clean(char *buffer, size_t size, const char *text)
{
	struct str clean;

	str_init(&clean, size * 4);
	text_clean(&clean, text, strlen(text));
	str_copy(buffer, size, clean.data);
	str_release(&clean);
}

static const char *
find_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (; *text; text++)
		if (strncasecmp(text, word, len) == 0)
			return text;
	return NULL;
}

bool
refusal_mentions(const char *text, const char *word)
{
	return find_word(text, word) != NULL;
}

/* The first of the keys that holds a text worth saying. */
static const char *
first_text(const struct json *object, const char *const *keys)
{
	for (; *keys; keys++) {
		const char *text = json_string(json_get(object, *keys));

		if (!str_blank(text))
			return text;
	}
	return NULL;
}

/* "/contact/phone", "contact.phone", "contact[phone]" -> "phone" */
static void
set_field(struct refusal *refusal, const char *path)
{
	static const char ends[] = "./[";
	const char *last = path;
	char name[64];

	if (*refusal->field)
		return;
	for (const char *p = path; *p; p++)
		if (strchr(ends, *p) && p[1])
			last = p + 1;
	str_copy(name, sizeof(name), last);
	name[strcspn(name, "]")] = '\0';
	refusal_clean(refusal->field, sizeof(refusal->field), name);
}

static void
add_sentence(struct str *out, const char *field, const char *text)
{
	if (str_blank(text))
		return;
	if (out->len > 0)
		str_add(out, "; ");
	if (field)
		str_addf(out, "%s: ", field);
	str_add(out, text);
}

/* One error object: code, sentence, field. False when it is not one. */
static bool
read_item(struct refusal *refusal, struct str *out, const struct json *item)
{
	const char *code = json_scalar_text(json_get(item, "code"));
	const char *text = first_text(item, message_keys);
	const char *field = first_text(item, field_keys);

	if (!field)
		field = first_text(json_get(item, "source"), field_keys);
	if (!code && !text)
		return false;
	if (code && !*refusal->code)
		refusal_clean(refusal->code, sizeof(refusal->code), code);
	if (field)
		set_field(refusal, field);
	add_sentence(out, NULL, text);
	return true;
}

static void
walk(struct refusal *refusal, struct str *out, const struct json *json,
    const char *field)
{
	const char *text = json_string(json);

	if (text) {
		if (field)
			set_field(refusal, field);
		add_sentence(out, field, text);
		return;
	}
	if (json_is_object(json) && read_item(refusal, out, json)) {
		if (!json_string(json_get(json, "message")))
			walk(refusal, out, json_get(json, "message"), NULL);
		walk(refusal, out, json_get(json, "errors"), NULL);
		walk(refusal, out, json_get(json, "details"), NULL);
		return;
	}
	if (!json_is_object(json) && !json_is_array(json))
		return;
	for (const struct json *member = json_first(json); member && !out->cut;
	     member = json_next(member))
		walk(refusal, out, member,
		    json_is_object(json) ? json_key(member) : field);
}

/* "error" as a string is a code in OAuth and a sentence elsewhere. */
static void
read_error_string(struct refusal *refusal, struct str *out, const char *text)
{
	if (strchr(text, ' '))
		add_sentence(out, NULL, text);
	else
		refusal_clean(refusal->code, sizeof(refusal->code), text);
}

static bool
is_word(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether the sentence has the name as a word of its own. */
static bool
names_field(const char *message, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = message; (p = find_word(p, name)) != NULL; p++)
		if ((p == message || !is_word(p[-1])) && !is_word(p[len]))
			return true;
	return false;
}

/* A field is guessed only when the sentence names exactly one. */
static void
guess_field(struct refusal *refusal)
{
	const char *found = NULL;

	for (int i = 0; i < FIELD_COUNT; i++) {
		const char *name = field_table[i].name;
		char spaced[64];

		str_copy(spaced, sizeof(spaced), name);
		for (char *p = spaced; (p = strchr(p, '_')) != NULL;)
			*p = ' ';
		if (!names_field(refusal->message, name) &&
		    !names_field(refusal->message, spaced))
			continue;
		if (found)
			return;
		found = name;
	}
	if (found)
		str_copy(refusal->field, sizeof(refusal->field), found);
}

void
refusal_read(struct refusal *refusal, const struct json *answer)
{
	const struct json *error = json_get(answer, "error");
	const char *code = json_scalar_text(json_get(answer, "code"));
	const char *text = json_string(error);
	struct str out;

	memset(refusal, 0, sizeof(*refusal));
	str_init(&out, sizeof(refusal->message) * 4);
	if (text)
		read_error_string(refusal, &out, text);
	else
		walk(refusal, &out, error, NULL);
	walk(refusal, &out, json_get(answer, "errors"), NULL);
	walk(refusal, &out, json_get(json_get(answer, "data"), "errors"), NULL);
	if (out.len == 0)
		add_sentence(&out, NULL, first_text(answer, message_keys));
	if (code && !*refusal->code)
		refusal_clean(refusal->code, sizeof(refusal->code), code);
	refusal_clean(refusal->message, sizeof(refusal->message), out.data);
	str_release(&out);
	if (!*refusal->field)
		guess_field(refusal);
}

static bool
says_something(const struct json *json)
{
	if (json_is_object(json) || json_is_array(json))
		return json_count(json) > 0;
	return !str_blank(json_scalar_text(json));
}

bool
refusal_present(const struct json *answer)
{
	return says_something(json_get(answer, "error")) ||
	       says_something(json_get(answer, "errors")) ||
	       says_something(json_get(json_get(answer, "data"), "errors"));
}
