/* SPDX-License-Identifier: MIT */
/*
 * Phone numbers of the North American plan: NXX-NXX-XXXX, N from 2 to 9, sent
 * as ten bare digits. The area code's middle digit is never 9 and neither it
 * nor the exchange is N11. Source: NANPA, numbering plan rules.
 *
 * A cell may hold several numbers. The whole is tried first, because "/" also
 * stands inside single numbers: 916/555-0123.
 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "book/rules.h"

enum { DIGITS = 10, PIECES_MAX = 8 };

enum shape { GOOD, FOREIGN, TOO_SHORT, TOO_LONG, SIGNS, AREA, EXCHANGE };

static bool
starts_fold(const char *text, const char *word)
{
	for (; *word; text++, word++)
		if (tolower((unsigned char)*text) != *word)
			return false;
	return true;
}

/* Where an extension begins, at least `after` digits on. */
static size_t
without_extension(const char *text)
{
	size_t seen = 0, i;

	for (i = 0; text[i]; i++) {
		seen += isdigit((unsigned char)text[i]) != 0;
		if (seen < 7)
			continue;
		if (strchr("xX#,", text[i]) || starts_fold(text + i, "ext") ||
		    starts_fold(text + i, ";ext="))
			break;
	}
	return i;
}

static enum shape
check(const char number[DIGITS + 1])
{
	if (number[0] < '2' || number[1] == '9' ||
	    (number[1] == '1' && number[2] == '1'))
		return AREA;
	if (number[3] < '2' || (number[4] == '1' && number[5] == '1'))
		return EXCHANGE;
	return GOOD;
}

/* Reads one number into ten digits. */
static enum shape
read_number(const char *text, size_t len, char number[DIGITS + 1])
{
	char found[24];
	size_t count = 0, skip = 0;
	bool plus = false;

	/* 9165550123.0 is how a spreadsheet writes a number as a decimal */
	if (len > 2 && memcmp(text + len - 2, ".0", 2) == 0 &&
	    strspn(text, "0123456789") == len - 2)
		len -= 2;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (isdigit((unsigned char)c)) {
			if (count + 1 < sizeof(found))
				found[count] = c;
			count++;
		} else if (c == '+' && count == 0) {
			plus = true;
		} else if (isalpha((unsigned char)c) && count > 0) {
			/* 1-800-FLOWERS; but "916-555-0123 (cell)" is one */
			if (count < DIGITS)
				return SIGNS;
			break;
		}
	}
	if (count + 1 >= sizeof(found))
		return TOO_LONG;
	found[count] = '\0';
	if (plus && found[0] != '1')
		return FOREIGN;
	if (count > 11 && strncmp(found, "011", 3) == 0) {
		if (found[3] != '1')
			return FOREIGN;
		skip = 4;
	} else if (count == 13 && strncmp(found, "001", 3) == 0) {
		skip = 3;
	} else if (count == 11 && found[0] == '1') {
		skip = 1;
	}
	if (count - skip != DIGITS)
		return count - skip < DIGITS ? TOO_SHORT : TOO_LONG;
	memcpy(number, found + skip, DIGITS + 1);
	return check(number);
}

/* The length of the first of several numbers, and how far the next one is. */
static size_t
next_piece(const char *text, size_t *advance)
{
	static const char *const marks[] = {" ::: ", ";", "/", " or ", "\n"};
	size_t best = strlen(text);

	*advance = best;
	for (unsigned i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		const char *at = strstr(text, marks[i]);

		if (at && (size_t)(at - text) < best &&
		    !starts_fold(at, ";ext=")) {
			best = (size_t)(at - text);
			*advance = best + strlen(marks[i]);
		}
	}
	return best;
}

static enum shape
read_any(const char *text, char number[DIGITS + 1])
{
	enum shape whole, shape;
	size_t advance, len;

	whole = read_number(text, without_extension(text), number);
	if (whole == GOOD)
		return GOOD;
	for (unsigned piece = 0; *text && piece < PIECES_MAX; piece++) {
		char one[64];

		len = next_piece(text, &advance);
		if (len < sizeof(one)) {
			memcpy(one, text, len);
			one[len] = '\0';
			shape = read_number(
			    one, without_extension(one), number);
			if (shape == GOOD)
				return GOOD;
			if (piece == 0)
				whole = shape;
		}
		text += advance;
	}
	return whole;
}

static bool
has_letters(const char *text)
{
	for (; *text; text++)
		if (isalpha((unsigned char)*text))
			return true;
	return false;
}

static void
report(enum shape shape, const char *text, struct findings *findings,
    enum field field)
{
	static const char *const why[] = {
	    [TOO_SHORT] = "has fewer than ten digits",
	    [TOO_LONG] = "has more than ten digits",
	    [SIGNS] = "has letters in it",
	    [AREA] = "has an area code that does not exist",
	    [EXCHANGE] = "has an exchange (digits 4 to 6) that does not exist",
	};

	struct finding *finding;
	char retyped[64], number[DIGITS + 1];

	if (shape == FOREIGN) {
		findings_add(findings, FINDING_PHONE_FOREIGN, field,
		    "phone \"%s\" is not a US number", rules_quote(text).text);
		return;
	}
	finding = findings_add(findings, FINDING_PHONE_SHAPE, field,
	    "phone \"%s\" %s", rules_quote(text).text, why[shape]);
	if (rules_retype_digits(text, retyped, sizeof(retyped)) &&
	    !has_letters(retyped) && read_any(retyped, number) == GOOD)
		rules_suggest(finding, number);
}

void
rules_phone(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	static const char *const toll_free[] = {
	    "800", "833", "844", "855", "866", "877", "888", NULL};
	char number[DIGITS + 1], area[4];
	enum shape shape;

	if (rules_scientific(value->data)) {
		findings_add(findings, FINDING_PHONE_DAMAGED, input->field,
		    "\"%s\" is what a spreadsheet made of the phone number: "
		    "its digits are lost",
		    rules_quote(value->data).text);
		str_reset(value);
		return;
	}
	shape = read_any(value->data, number);
	if (shape != GOOD) {
		report(shape, value->data, findings, input->field);
		str_reset(value);
		return;
	}
	str_reset(value);
	str_add(value, number);
	memcpy(area, number, 3);
	area[3] = '\0';
	if (rules_in(area, toll_free))
		findings_add(findings, FINDING_PHONE_TOLL_FREE, input->field,
		    "phone %s-%.3s-%s is toll-free, seldom a client's own",
		    area, number + 3, number + 6);
	else if (memcmp(number + 3, "55501", 5) == 0)
		findings_add(findings, FINDING_PHONE_FICTIONAL, input->field,
		    "phone numbers 555-0100 to 555-0199 are for examples only");
}
