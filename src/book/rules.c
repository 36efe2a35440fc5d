/* SPDX-License-Identifier: MIT */
/*
 * The way of every value: tidied, asked whether it is nothing, cleaned by the
 * rule of its kind, held against the longest length. The plain kinds stand
 * here, the others in rules_*.c.
 * Hazard: `value` holds the tidied text while a rule reads it, so a rule
 * builds its result aside before it resets `value`.
 */
#include "book/rules.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "book/column_shape.h"

/* Excel keeps so many digits of a number. */
enum { SPREADSHEET_DIGITS = 15, QUOTED_MAX = 1 << 18 };

#define BULLET "\xe2\x80\xa2"

bool
rules_in(const char *word, const char *const *list)
{
	for (; *list; list++)
		/* most words differ in their first letter, whatever its case */
		if (((*word ^ **list) & ~0x20) == 0 &&
		    str_equal_fold(word, *list))
			return true;
	return false;
}

static struct rules_quote
cut(const char *text)
{
	struct rules_quote quote = {""};

	if (!str_copy(quote.text, sizeof(quote.text) - 3, text))
		memcpy(quote.text + strlen(quote.text), "\xe2\x80\xa6", 4);
	return quote;
}

struct rules_quote
rules_quote_date(const char *text)
{
	struct rules_quote quote;
	struct str hidden;

	str_init(&hidden, QUOTED_MAX);
	column_shape_hide(&hidden, text, HIDE_NINE_DIGITS | HIDE_MBI);
	quote = cut(hidden.data);
	str_release(&hidden);
	return quote;
}

/* The length of 1/15/1955, 1955-01-15 and the like at the start of a text. */
static size_t
date_length(const char *text)
{
	size_t len = 0;

	for (int part = 0; part < 3; part++) {
		size_t digits = strspn(text + len, "0123456789");

		if (digits == 0 || digits > 4)
			return 0;
		len += digits;
		if (part < 2 && !strchr("/-.", text[len]))
			return 0;
		len += part < 2 && text[len];
	}
	return len;
}

struct rules_quote
rules_quote(const char *text)
{
	struct rules_quote numbers = rules_quote_date(text), quote;
	struct str shown;

	str_init(&shown, QUOTED_MAX);
	for (const char *at = numbers.text; *at;) {
		bool begins = at == numbers.text || at[-1] < '0' ||
			      at[-1] > '9';
		size_t date = begins ? date_length(at) : 0;

		if (date >= strlen("1/1/55")) {
			str_add(&shown, BULLET "/" BULLET "/" BULLET);
			at += date;
		} else {
			str_add_char(&shown, *at++);
		}
	}
	quote = cut(shown.data);
	str_release(&shown);
	return quote;
}

void
rules_suggest(struct finding *finding, const char *text)
{
	if (!str_copy(finding->suggestion, sizeof(finding->suggestion), text))
		finding->suggestion[0] = '\0';
}

bool
rules_retype_digits(const char *text, char *out, size_t size)
{
	static const char wrong[] = "OoIl", right[] = "0011";

	if (!str_copy(out, size, text))
		return false;
	for (char *c = out; *c; c++) {
		const char *at = strchr(wrong, *c);

		if (at)
			*c = right[at - wrong];
	}
	return true;
}

/* "", "-", "N/A", "null" and the like, of tidied text. */
static bool
means_nothing(const char *text)
{
	static const char *const words[] = {"", "-", "--", "\xe2\x80\x93",
	    "\xe2\x80\x94", ".", "n/a", "#n/a", "null", "(null)", "none",
	    "(none)", "(blank)", "\\N", NULL};

	/* nearly all values are ruled out by their first byte */
	return (!*text || strchr("-.nN#(\\\xe2", *text)) && strlen(text) <= 7 &&
	       rules_in(text, words);
}

bool
rules_scientific(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	if (digits != 1)
		return false;
	text += digits;
	if (*text == '.')
		text += 1 + strspn(text + 1, "0123456789");
	if (*text != 'E' && *text != 'e')
		return false;
	text++;
	if (*text == '+')
		text++;
	return *text && text[strspn(text, "0123456789")] == '\0';
}

bool
rules_long_id(const char *id, bool *rounded)
{
	size_t digits = strspn(id, "0123456789");

	*rounded = digits > SPREADSHEET_DIGITS &&
		   strspn(id + SPREADSHEET_DIGITS, "0") ==
		       digits - SPREADSHEET_DIGITS &&
		   !id[digits];
	return digits > SPREADSHEET_DIGITS && !id[digits];
}

bool
rules_ids_cut(uint32_t rounded_ids, uint32_t long_ids)
{
	return rounded_ids > 1 && rounded_ids > long_ids / 2;
}

/* ---- tidying --------------------------------------------------------------
 */

static bool
blank(uint32_t code)
{
	return code == ' ' || code == '\t' || code == '\n' || code == '\r' ||
	       code == '\v' || code == '\f' || code == 0x85 || code == 0xA0 ||
	       code == 0x1680 || (code >= 0x2000 && code <= 0x200A) ||
	       code == 0x2028 || code == 0x2029 || code == 0x202F ||
	       code == 0x205F || code == 0x3000;
}

static bool
invisible(uint32_t code)
{
	return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD ||
	       code == 0x61C || (code >= 0x200B && code <= 0x200F) ||
	       (code >= 0x202A && code <= 0x202E) ||
	       (code >= 0x2060 && code <= 0x2069) || code == 0xFEFF ||
	       (code >= 0xE0000 && code <= 0xE007F);
}

/* Whether the text is printable ASCII with single blanks, as most is. */
static bool
tidy_already(const char *text)
{
	unsigned char last = ' ';

	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < 0x20 || byte > 0x7E || (byte == ' ' && last == ' '))
			return false;
		last = byte;
	}
	return last != ' ';
}

/* ="0503" is how a spreadsheet is told to keep the zero; ' likewise. */
static void
unwrap(const char **text, size_t *len)
{
	if (*len >= 3 && (*text)[0] == '=' && (*text)[1] == '"' &&
	    (*text)[*len - 1] == '"') {
		*text += 2;
		*len -= 3;
	} else if (*len >= 2 && (*text)[0] == '\'') {
		*text += 1;
		*len -= 1;
	}
}

void
rules_tidy(struct str *out, const char *raw, bool lines)
{
	size_t len, used, start = out->len;
	bool pending = false;

	if (*raw != '=' && *raw != '\'' && tidy_already(raw)) {
		str_add(out, raw);
		return;
	}
	raw = text_trim(raw, &len);
	unwrap(&raw, &len);
	for (; len > 0; raw += used, len -= used) {
		uint32_t code;
		char bytes[4];

		used = text_decode(raw, len, &code);
		if (blank(code)) {
			pending = !lines || code != '\n';
			if (!pending)
				str_add_char(out, '\n');
			continue;
		}
		if (invisible(code))
			continue;
		if (pending && out->len > start &&
		    out->data[out->len - 1] != '\n')
			str_add_char(out, ' ');
		pending = false;
		str_add_bytes(out, bytes, text_encode(code, bytes));
	}
}

/* ---- the plain kinds --------------------------------------------------------
 */

/* An address in one cell of several lines is sent as one line. */
static void
join_lines(struct str *value)
{
	char *lines;

	if (!strchr(value->data, '\n'))
		return;
	lines = str_take(value);
	for (char *at = lines, *end; at; at = end ? end + 1 : NULL) {
		end = strchr(at, '\n');
		if (end)
			*end = '\0';
		if (*at && value->len > 0)
			str_add(value, ", ");
		str_add(value, at);
	}
	free(lines);
}

void
rules_text(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	join_lines(value);
	rules_check_damage(input, value, findings);
}

void
rules_notes(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	rules_check_damage(input, value, findings);
}

void
rules_id(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	if (!rules_scientific(value->data))
		return;
	findings_add(findings, FINDING_ID_DAMAGED, input->field,
	    "\"%s\" is what a spreadsheet made of the ID: its digits are lost",
	    rules_quote(value->data).text);
	str_reset(value);
}

/* ---- the way of a value
 * ------------------------------------------------------ */

static rules_kind *const kinds[] = {
    [FIELD_KIND_ID] = rules_id,
    [FIELD_KIND_NAME] = rules_name,
    [FIELD_KIND_TEXT] = rules_text,
    [FIELD_KIND_EMAIL] = rules_email,
    [FIELD_KIND_PHONE] = rules_phone,
    [FIELD_KIND_DATE] = rules_date,
    [FIELD_KIND_SEX] = rules_sex,
    [FIELD_KIND_STATE] = rules_state,
    [FIELD_KIND_ZIP] = rules_zip,
    [FIELD_KIND_TYPE] = rules_type,
    [FIELD_KIND_MBI] = rules_mbi,
    [FIELD_KIND_BOOLEAN] = rules_boolean,
    [FIELD_KIND_NOTES] = rules_notes,
    [FIELD_KIND_LIST] = rules_list,
    [FIELD_KIND_AGENT] = rules_agent,
};

static void
check_length(const struct rules_input *input, const struct str *value,
    struct findings *findings)
{
	const struct field_info *info = &field_table[input->field];
	struct finding *finding;
	size_t length;

	/* characters never outnumber bytes */
	if (info->max == 0 || value->len <= info->max)
		return;
	length = text_length(value->data);
	if (length <= info->max)
		return;
	finding = findings_add(findings, FINDING_LENGTH, input->field,
	    "%s has %zu characters, HealthSherpa takes %u", info->label, length,
	    info->max);
	if (info->flags & FIELD_REQUIRED)
		finding->severity = SEVERITY_ERROR;
}

void
rules_clean(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	enum field_kind kind = field_table[input->field].kind;

	str_reset(value);
	if (kind == FIELD_KIND_LIST) {
		/* JSON text: blanks inside its strings are somebody's data */
		size_t len;
		const char *text = text_trim(input->raw, &len);

		str_add_bytes(value, text, len);
	} else {
		rules_tidy(value, input->raw,
		    kind == FIELD_KIND_TEXT || kind == FIELD_KIND_NOTES ||
			kind == FIELD_KIND_EMAIL || kind == FIELD_KIND_PHONE ||
			kind == FIELD_KIND_AGENT);
	}
	if (means_nothing(value->data)) {
		str_reset(value);
		return;
	}
	kinds[kind](input, value, findings);
	check_length(input, value, findings);
}
