/* SPDX-License-Identifier: MIT */
/*
 * Every examined value is put to the rules of the kinds that have a look of
 * their own. Hazards: nine digits are a ZIP with its +4 as well as a Social
 * Security number, five digits a date to a spreadsheet as well as a ZIP, "F" is
 * no as well as female; a look alone never decides.
 */
#include "book/column_shape.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"
#include "book/repeats.h"
#include "book/rules.h"
#include "source/records.h"

enum { VALUE_MAX = 64 << 10, FINDINGS = 8 };

/* ---- Social Security numbers -----------------------------------------------
 */

static bool
digits_at(const char *text, size_t count)
{
	return strspn(text, "0123456789") == count;
}

/* How long a number of the form 123-45-6789 (or with blanks) is, or 0. */
static size_t
ssn_length(const char *text)
{
	char mark;

	if (!digits_at(text, 3))
		return 0;
	mark = text[3];
	if ((mark != '-' && mark != ' ' && mark != '.') ||
	    !digits_at(text + 4, 2) || text[6] != mark ||
	    !digits_at(text + 7, 4))
		return 0;
	return 11;
}

bool
column_shape_is_ssn(const char *text)
{
	size_t len;

	text = text_trim(text, &len);
	return (len == 11 && ssn_length(text) == 11) ||
	       (len == 9 && digits_at(text, 9));
}

/* How long a Medicare number is, whatever letters it has; or 0. */
static size_t
mbi_length(const char *text)
{
	/* 1: digit, A: letter, X: either */
	static const char classes[] = "1AX1AX1AA11";
	size_t len = 0;

	for (size_t i = 0; classes[i]; i++) {
		unsigned char c;

		if (i > 0 && (text[len] == '-' || text[len] == ' '))
			len++;
		c = (unsigned char)text[len++];
		if (!(classes[i] != 'A' && isdigit(c)) &&
		    !(classes[i] != '1' && isalpha(c)))
			return 0;
	}
	return isalnum((unsigned char)text[len]) ? 0 : len;
}

void
column_shape_hide(struct str *out, const char *text, unsigned more)
{
	static const char hidden[] = "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2";

	while (*text) {
		size_t run = 0, len = ssn_length(text);

		while (isalnum((unsigned char)text[run]))
			run++;
		if (len == 0 && (more & HIDE_NINE_DIGITS) && run == 9 &&
		    digits_at(text, 9))
			len = 9;
		if (len == 0 && (more & HIDE_MBI))
			len = mbi_length(text);
		if (len > 0)
			str_add(out, hidden);
		else
			str_add_bytes(out, text, len = run ? run : 1);
		text += len;
	}
}

/* ---- looks -----------------------------------------------------------------
 */

/* Looks that are the values of a kind of field: cleaned without complaint. */
static const struct {
	enum column_look look;
	enum field field;
} kinds[] = {
    {LOOK_EMAIL, FIELD_EMAIL},
    {LOOK_PHONE, FIELD_PHONE},
    {LOOK_DATE, FIELD_BIRTH_DATE},
    {LOOK_SEX, FIELD_SEX},
    {LOOK_STATE, FIELD_STATE},
    {LOOK_ZIP, FIELD_ZIP},
    {LOOK_MBI, FIELD_MEDICARE_NUMBER},
    {LOOK_BOOLEAN, FIELD_MEDICAID_ELIGIBLE},
    {LOOK_TYPE, FIELD_TYPE},
};

/* Findings that tell of a value of the right kind. */
static bool
good_enough(enum finding_code code)
{
	switch (code) {
	case FINDING_SEX_UNSPECIFIED:
	case FINDING_PHONE_TOLL_FREE:
	case FINDING_PHONE_FICTIONAL:
	case FINDING_PHONE_FOREIGN:
	case FINDING_PHONE_DAMAGED:
	case FINDING_EMAIL_DOMAIN:
	case FINDING_EMAIL_PLACEHOLDER:
	case FINDING_BIRTH_FUTURE:
	case FINDING_BIRTH_AGE:
	case FINDING_BIRTH_PLACEHOLDER:
	case FINDING_DATE_AMBIGUOUS:
	case FINDING_DATE_CENTURY:
	case FINDING_DATE_SERIAL:
	case FINDING_STATE_FOREIGN:
	case FINDING_ZIP_ZEROS:
	case FINDING_ZIP_STATE:
	case FINDING_LENGTH:
	case FINDING_TEXT_DAMAGED:
	case FINDING_BOOLEAN_LEVEL:
	case FINDING_MBI_TEST:
	case FINDING_MBI_CLAIM_NUMBER: return true;
	default: return false;
	}
}

static bool
fits_kind(enum field field, const char *text, bool day_first,
    const struct date *today, struct str *value)
{
	struct finding items[FINDINGS];
	struct findings findings = {items, 0, FINDINGS};
	struct rules_input input = {
	    .field = field,
	    .raw = text,
	    .order = day_first ? DATE_DAY_FIRST : DATE_MONTH_FIRST,
	    .today = *today,
	};

	rules_clean(&input, value, &findings);
	for (unsigned i = 0; i < findings.count; i++)
		if (!good_enough(items[i].code))
			return false;
	/* 0/0/00 is a date that is not there */
	return value->len > 0 || findings.count > 0 ||
	       field == FIELD_BIRTH_DATE;
}

struct signs {
	unsigned letters, digits, others, commas;
	bool at, comma, blank, lines;
};

static void
read_signs(struct signs *signs, const char *text)
{
	*signs = (struct signs){0};
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (isdigit(c))
			signs->digits++;
		else if (isalpha(c) || c >= 0x80)
			signs->letters++;
		else if (c == '\n')
			signs->lines = true;
		else if (c == ' ')
			signs->blank = true;
		else if (c == ',') {
			signs->commas++;
			signs->comma = signs->letters > 0 && text[1];
		} else if (c == '@')
			signs->at = true;
		else if (!strchr("'-.()/", c))
			signs->others++;
	}
}

/* One or two digits, a mark, one or two digits, the mark, the year. */
static bool
is_slashed(const char *text)
{
	size_t first, second;

	text += strspn(text, " ");
	first = strspn(text, "0123456789");
	if (first < 1 || first > 2 || !strchr("/-.", text[first]))
		return false;
	second = strspn(text + first + 1, "0123456789");
	return second >= 1 && second <= 2 &&
	       text[first + 1 + second] == text[first] &&
	       isdigit((unsigned char)text[first + second + 2]);
}

/* The last two words are a state's letters and a ZIP. */
static bool
is_place(const char *text, const struct date *today, struct str *value)
{
	size_t len, zip, state;
	char words[2][16];

	text = text_trim(text, &len);
	for (zip = len; zip > 0 && text[zip - 1] != ' ';)
		zip--;
	for (state = zip > 0 ? zip - 1 : 0;
	     state > 0 && text[state - 1] != ' ';)
		state--;
	if (state == 0 || len - zip >= sizeof(words[0]) || zip - state != 3)
		return false;
	memcpy(words[0], text + state, 2);
	words[0][2] = '\0';
	memcpy(words[1], text + zip, len - zip);
	words[1][len - zip] = '\0';
	return fits_kind(FIELD_STATE, words[0], false, today, value) &&
	       fits_kind(FIELD_ZIP, words[1], false, today, value);
}

static void
examine(struct column_shape *shape, const char *text, const struct date *today,
    struct str *value)
{
	uint32_t *looks = shape->looks;
	int evidence = rules_date_evidence(text);
	struct signs signs;
	bool number;

	if (!fits_kind(FIELD_ADDRESS_2, text, false, today, value))
		return; /* "-", "N/A": no value */
	shape->examined++;
	read_signs(&signs, text);
	/* a ZIP is no day since 1900 */
	number = signs.digits < 7 && signs.letters == 0;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!(kinds[i].look == LOOK_DATE && number &&
			!strpbrk(text, "/-.")))
			looks[kinds[i].look] += fits_kind(
			    kinds[i].field, text, evidence == 2, today, value);
	looks[LOOK_SLASHES] += signs.letters == 0 && is_slashed(text);
	looks[LOOK_DAY_FIRST] += evidence == 2;
	looks[LOOK_MONTH_FIRST] += evidence == 1;
	looks[LOOK_NAME] += signs.letters > 0 && signs.digits == 0 &&
			    !signs.at && signs.others == 0;
	looks[LOOK_STREET] += signs.letters > 0 && signs.digits > 0 &&
			      signs.blank && !signs.at;
	looks[LOOK_NUMBER] += signs.digits > 0 && !signs.blank && !signs.at;
	looks[LOOK_SSN] += column_shape_is_ssn(text);
	looks[LOOK_LINES] += signs.lines;
	looks[LOOK_WORDS] += signs.letters > 0 && signs.digits == 0 &&
			     signs.blank && !signs.at;
	looks[LOOK_PLACE] += signs.commas > 0 && is_place(text, today, value);
	looks[LOOK_COMMA] += signs.comma && signs.digits == 0;
}

void
column_shape_read(struct column_shape *shape, const struct records *records,
    uint32_t column, uint32_t rows, const struct date *today)
{
	struct repeats seen;
	struct str value;

	*shape = (struct column_shape){0};
	repeats_init(&seen);
	str_init(&value, VALUE_MAX);
	for (uint32_t row = 0; row < rows; row++) {
		const char *text = records_cell(records, row, column);
		uint32_t count;

		if (str_blank(text))
			continue;
		shape->filled++;
		if (repeats_find(&seen, text, &count) != REPEATS_NONE) {
			shape->repeated++;
		} else {
			if (shape->distinct < COLUMN_SHAPE_DISTINCT)
				shape->distinct++;
			if (shape->example_count < COLUMN_SHAPE_EXAMPLES)
				shape->examples[shape->example_count++] = row;
		}
		repeats_set(&seen, row, text);
		if (shape->examined < COLUMN_SHAPE_SAMPLE)
			examine(shape, text, today, &value);
	}
	repeats_release(&seen);
	str_release(&value);
}

unsigned
column_shape_share(const struct column_shape *shape, enum column_look look)
{
	return shape->examined ? shape->looks[look] * 100 / shape->examined : 0;
}

enum column_look
column_shape_of(enum field field)
{
	switch (field_table[field].kind) {
	case FIELD_KIND_NAME: return LOOK_NAME;
	case FIELD_KIND_EMAIL: return LOOK_EMAIL;
	case FIELD_KIND_PHONE: return LOOK_PHONE;
	case FIELD_KIND_DATE: return LOOK_DATE;
	case FIELD_KIND_SEX: return LOOK_SEX;
	case FIELD_KIND_STATE: return LOOK_STATE;
	case FIELD_KIND_ZIP: return LOOK_ZIP;
	case FIELD_KIND_TYPE: return LOOK_TYPE;
	case FIELD_KIND_MBI: return LOOK_MBI;
	case FIELD_KIND_BOOLEAN: return LOOK_BOOLEAN;
	default: break;
	}
	return field == FIELD_CITY ? LOOK_NAME : LOOK_COUNT;
}
