/* SPDX-License-Identifier: MIT */
/*
 * The Medicare Beneficiary Identifier: 11 places, each of a class, no check
 * digit, dashes not part of it. Source: CMS, "Understanding the Medicare
 * Beneficiary Identifier (MBI) Format".
 * Hazard: what stands here may be a Social Security number; no message shows
 * more of a value than one character.
 */
#include <stdbool.h>
#include <string.h>

#include "book/rules.h"

enum { MBI_LENGTH = 11 };

static const char letters[] = "ACDEFGHJKMNPQRTUVWXY";
static const char digits[] = "0123456789";

/* 1: 1-9, 0: digit, A: letter, *: either */
static const char classes[MBI_LENGTH + 1] = "1A*0A*0AA00";

static bool
fits(char class, char c)
{
	bool letter = c && strchr(letters, c);
	bool digit = c && strchr(digits, c);

	switch (class) {
	case '1': return digit && c != '0';
	case '0': return digit;
	case 'A': return letter;
	default: return letter || digit;
	}
}

static const char *
class_words(char class)
{
	switch (class) {
	case '1': return "a digit from 1 to 9";
	case '0': return "a digit";
	case 'A': return "a letter (but not S, L, O, I, B, Z)";
	default: return "a digit or a letter (but not S, L, O, I, B, Z)";
	}
}

/* The first place that does not fit, MBI_LENGTH when all do. */
static unsigned
first_misfit(const char *number)
{
	unsigned at = 0;

	while (at < MBI_LENGTH && fits(classes[at], number[at]))
		at++;
	return at;
}

static bool
all_digits(const char *text, size_t count)
{
	return strspn(text, digits) >= count;
}

/* Letters that are never in an MBI are taken for the digits they look like. */
static bool
untypo(const char *number, char fixed[MBI_LENGTH + 1])
{
	static const char wrong[] = "OILSBZ", right[] = "011582";

	for (unsigned i = 0; i < MBI_LENGTH; i++) {
		const char *at = strchr(wrong, number[i]);

		fixed[i] = at ? right[at - wrong] : number[i];
	}
	fixed[MBI_LENGTH] = '\0';
	return first_misfit(fixed) == MBI_LENGTH;
}

/* A test number with another mistake: S in place 2 is none then. */
static unsigned
misfit_told(const char *number)
{
	char real[MBI_LENGTH + 1];
	unsigned at;

	memcpy(real, number, sizeof(real));
	if (real[1] == 'S')
		real[1] = 'A';
	at = first_misfit(real);
	return at < MBI_LENGTH ? at : first_misfit(number);
}

static void
misshapen(const char *number, size_t len, struct findings *findings)
{
	struct finding *finding;
	char fixed[MBI_LENGTH + 1];
	unsigned at;

	if (len != MBI_LENGTH) {
		findings_add(findings, FINDING_MBI_SHAPE, FIELD_MEDICARE_NUMBER,
		    "Medicare number has %zu letters and digits, it should "
		    "have 11",
		    len);
		return;
	}
	at = misfit_told(number);
	finding = findings_add(findings, FINDING_MBI_SHAPE,
	    FIELD_MEDICARE_NUMBER,
	    "Medicare number: place %u is \"%c\", it should be %s", at + 1,
	    number[at], class_words(classes[at]));
	if (untypo(number, fixed))
		rules_suggest(finding, fixed);
}

/* Takes blanks and dashes out, capitals; false when something else is in. */
static bool
compact(const char *text, char *out, size_t size, size_t *len)
{
	*len = 0;
	for (; *text; text++) {
		char c = *text;

		if (c == ' ' || c == '-' || c == '.' || c == '_')
			continue;
		if (strncmp(text, "\xe2\x80\x93", 3) == 0 ||
		    strncmp(text, "\xe2\x80\x91", 3) == 0) {
			text += 2;
			continue;
		}
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (!(c >= 'A' && c <= 'Z') && !strchr(digits, c))
			return false;
		if (*len + 1 < size)
			out[*len] = c;
		(*len)++;
	}
	out[*len < size ? *len : size - 1] = '\0';
	return true;
}

void
rules_mbi(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	char number[32];
	size_t len;

	if (!compact(value->data, number, sizeof(number), &len)) {
		findings_add(findings, FINDING_MBI_SHAPE, input->field,
		    "Medicare number has signs in it that are neither letters "
		    "nor digits");
		str_reset(value);
		return;
	}
	str_reset(value);
	if (len == 9 && all_digits(number, 9)) {
		findings_add(findings, FINDING_MBI_SSN, input->field,
		    "this looks like a Social Security number, not a Medicare "
		    "number: it is not sent");
		return;
	}
	if ((len == 10 || len == 11) && all_digits(number, 9) &&
	    number[9] >= 'A' && number[9] <= 'Z') {
		findings_add(findings, FINDING_MBI_CLAIM_NUMBER, input->field,
		    "this is an old Medicare claim number and probably "
		    "contains a Social Security number: it is not sent");
		return;
	}
	if (len != MBI_LENGTH || first_misfit(number) < MBI_LENGTH) {
		bool test = len == MBI_LENGTH && number[1] == 'S';
		char fitted[MBI_LENGTH + 1];

		if (test) {
			memcpy(fitted, number, sizeof(fitted));
			fitted[1] = 'A';
			test = first_misfit(fitted) == MBI_LENGTH;
		}
		if (!test) {
			misshapen(number, len, findings);
			return;
		}
		findings_add(findings, FINDING_MBI_TEST, input->field,
		    "this is a made-up Medicare number for tests");
	}
	str_add(value, number);
}
