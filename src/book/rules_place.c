/* SPDX-License-Identifier: MIT */
/*
 * States and ZIPs. States are those of USPS Publication 28, appendix B, with
 * their full names and the abbreviations of older address books. A ZIP's
 * first digit tells the region, but for a few places served from next door.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "book/rules.h"

enum { PLACE_MAX = 64, ZIP_DIGITS = 5, ZIP4_DIGITS = 9 };

static const struct state {
	char code[3];
	const char *name;
	const char *others; /* further spellings, joined by | */
	char region;        /* first digit of its ZIPs */
} states[] = {
    {"AL", "Alabama", "Ala", '3'},
    {"AK", "Alaska", "", '9'},
    {"AZ", "Arizona", "Ariz", '8'},
    {"AR", "Arkansas", "Ark", '7'},
    {"CA", "California", "Calif|Cal", '9'},
    {"CO", "Colorado", "Colo", '8'},
    {"CT", "Connecticut", "Conn", '0'},
    {"DE", "Delaware", "Del", '1'},
    {"DC", "District of Columbia",
	"Washington DC|Wash DC|D C|Washington D C|Dist of Columbia", '2'},
    {"FL", "Florida", "Fla|Flor", '3'},
    {"GA", "Georgia", "", '3'},
    {"HI", "Hawaii", "", '9'},
    {"ID", "Idaho", "", '8'},
    {"IL", "Illinois", "Ill|Ills", '6'},
    {"IN", "Indiana", "Ind", '4'},
    {"IA", "Iowa", "", '5'},
    {"KS", "Kansas", "Kans|Kan", '6'},
    {"KY", "Kentucky", "Ken|Kent", '4'},
    {"LA", "Louisiana", "", '7'},
    {"ME", "Maine", "", '0'},
    {"MD", "Maryland", "", '2'},
    {"MA", "Massachusetts", "Mass", '0'},
    {"MI", "Michigan", "Mich", '4'},
    {"MN", "Minnesota", "Minn", '5'},
    {"MS", "Mississippi", "Miss", '3'},
    {"MO", "Missouri", "", '6'},
    {"MT", "Montana", "Mont", '5'},
    {"NE", "Nebraska", "Neb|Nebr", '6'},
    {"NV", "Nevada", "Nev", '8'},
    {"NH", "New Hampshire", "N H", '0'},
    {"NJ", "New Jersey", "N J", '0'},
    {"NM", "New Mexico", "N Mex|N M|New M", '8'},
    {"NY", "New York", "N Y|N York", '1'},
    {"NC", "North Carolina", "N C|N Car", '2'},
    {"ND", "North Dakota", "N D|N Dak|NoDak", '5'},
    {"OH", "Ohio", "", '4'},
    {"OK", "Oklahoma", "Okla", '7'},
    {"OR", "Oregon", "Ore|Oreg", '9'},
    {"PA", "Pennsylvania", "Penn|Penna", '1'},
    {"RI", "Rhode Island", "R I", '0'},
    {"SC", "South Carolina", "S C|S Car", '2'},
    {"SD", "South Dakota", "S D|S Dak|SoDak", '5'},
    {"TN", "Tennessee", "Tenn", '3'},
    {"TX", "Texas", "Tex", '7'},
    {"UT", "Utah", "", '8'},
    {"VT", "Vermont", "", '0'},
    {"VA", "Virginia", "Virg", '2'},
    {"WA", "Washington", "Wash|Washington State", '9'},
    {"WV", "West Virginia", "W Va|W V|WVa|W Virg", '2'},
    {"WI", "Wisconsin", "Wis|Wisc", '5'},
    {"WY", "Wyoming", "Wyo", '8'},
    {"AS", "American Samoa", "", '9'},
    {"FM", "Federated States of Micronesia", "Micronesia", '9'},
    {"GU", "Guam", "", '9'},
    {"MH", "Marshall Islands", "", '9'},
    {"MP", "Northern Mariana Islands", "CNMI|N Mariana Islands", '9'},
    {"PW", "Palau", "", '9'},
    {"PR", "Puerto Rico", "P R", '0'},
    {"VI", "Virgin Islands",
	"USVI|US Virgin Islands|U S Virgin Islands|U S V I|V I|"
	"Virgin Islands of the US",
	'0'},
    {"AE", "Armed Forces Europe",
	"Armed Forces Africa|Armed Forces Middle East|"
	"Armed Forces Canada|"
	"Armed Forces Europe the Middle East and Canada",
	'0'},
    {"AP", "Armed Forces Pacific", "", '9'},
    {"AA", "Armed Forces Americas", "Armed Forces Americas except Canada", '3'},
};

enum { STATE_COUNT = sizeof(states) / sizeof(states[0]) };

/* ---- states
 * ------------------------------------------------------------------- */

static const struct state *
find_code(const char *code)
{
	for (unsigned i = 0; i < STATE_COUNT; i++)
		if (str_equal_fold(states[i].code, code))
			return &states[i];
	return NULL;
}

bool
rules_known_state(const char *code)
{
	return find_code(code) != NULL;
}

/* Points, commas and double blanks do not count: "D.C." is "D C". */
static bool
plain(const char *text, char out[PLACE_MAX])
{
	size_t len = 0;

	for (; *text; text++) {
		char c = *text;

		if (c == '.' || c == ',' || c == ' ')
			c = ' ';
		if (c == ' ' && (len == 0 || out[len - 1] == ' '))
			continue;
		if (len + 1 == PLACE_MAX)
			return false;
		out[len++] = c;
	}
	while (len > 0 && out[len - 1] == ' ')
		len--;
	out[len] = '\0';
	return true;
}

static bool
in_others(const char *others, const char *name)
{
	size_t len = strlen(name), piece;

	for (; *others; others += piece + (others[piece] == '|')) {
		piece = strcspn(others, "|");
		if (piece == len && strncasecmp(others, name, len) == 0)
			return true;
	}
	return false;
}

static const struct state *
find_state(const char *name)
{
	if (strncasecmp(name, "US-", 3) == 0)
		name += 3;
	if (strlen(name) == 2)
		return find_code(name);
	for (unsigned i = 0; i < STATE_COUNT; i++)
		if (str_equal_fold(states[i].name, name) ||
		    in_others(states[i].others, name))
			return &states[i];
	/* "CA - California" */
	if (strlen(name) > 5 && strncmp(name + 2, " - ", 3) == 0) {
		const struct state *state = find_state(name + 5);

		if (state && strncasecmp(state->code, name, 2) == 0)
			return state;
	}
	return NULL;
}

static bool
foreign(const char *name)
{
	static const char *const places[] = {"AB", "BC", "MB", "NB", "NL", "NF",
	    "NS", "NT", "NU", "ON", "PE", "PEI", "QC", "SK", "YT", "Alberta",
	    "British Columbia", "Manitoba", "New Brunswick", "Newfoundland",
	    "Newfoundland and Labrador", "Nova Scotia", "Northwest Territories",
	    "Nunavut", "Ontario", "Prince Edward Island", "Quebec",
	    "Qu\xc3\xa9"
	    "bec",
	    "Saskatchewan", "Yukon", "Canada", "Mexico", "M\xc3\xa9xico",
	    "Cuba", "Dominican Republic", "Philippines", "India", "China",
	    "Vietnam", "Germany", "France", "Italy", "Spain", "Japan", "Korea",
	    "South Korea", "United Kingdom", "UK", "England", "Scotland",
	    "Ireland", "Brazil", "Colombia", "Jamaica", "Haiti", "Bahamas",
	    "Costa Rica", "Guatemala", "Honduras", "El Salvador", "Nicaragua",
	    "Panama", "Peru", "Ecuador", "Venezuela", "Argentina", "Chile",
	    "Israel", "Australia", NULL};

	return rules_in(name, places);
}

/* APO, FPO and DPO are the cities of military and diplomatic mail. */
static bool
military_city(const char *city)
{
	static const char *const cities[] = {"APO", "FPO", "DPO"};
	size_t len;

	if (!city)
		return false;
	city = text_trim(city, &len);
	for (unsigned i = 0; i < 3; i++)
		if (len >= 3 && strncasecmp(city, cities[i], 3) == 0 &&
		    (len == 3 || city[3] == ' ' || city[3] == ','))
			return true;
	return false;
}

void
rules_state(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	struct rules_quote quote = rules_quote(value->data);
	const struct state *state = NULL;
	char name[PLACE_MAX];
	const char *names[STATE_COUNT], *near;

	if (!plain(value->data, name))
		name[0] = '\0';
	state = find_state(name);
	str_reset(value);
	if (state) {
		str_add(value, state->code);
		if (military_city(input->city) && state->code[0] != 'A')
			findings_add(findings, FINDING_STATE_UNKNOWN,
			    input->field,
			    "an APO, FPO or DPO address is in AA, AE or AP, "
			    "not in %s",
			    state->code);
		return;
	}
	if (foreign(name)) {
		findings_add(findings, FINDING_STATE_FOREIGN, input->field,
		    "state \"%s\" is not in the United States", quote.text);
		return;
	}
	for (unsigned i = 0; i < STATE_COUNT; i++)
		names[i] = states[i].name;
	near = strlen(name) > 3 ? str_nearest(name, names, STATE_COUNT) : NULL;
	if (near)
		str_copy(
		    findings_add(findings, FINDING_STATE_UNKNOWN, input->field,
			"state \"%s\" is not known: %s?", quote.text, near)
			->suggestion,
		    FINDING_SUGGESTION_SIZE, near);
	else
		findings_add(findings, FINDING_STATE_UNKNOWN, input->field,
		    "state \"%s\" is not known", quote.text);
}

/* ---- ZIPs
 * ---------------------------------------------------------------------- */

/* Whether ZIPs of the state begin with so many zeros. */
static bool
zeros_known(const char *state, size_t zeros)
{
	static const char *const one[] = {
	    "CT", "MA", "ME", "NH", "NJ", "PR", "RI", "VT", "VI", "AE", NULL};
	static const char *const two[] = {"PR", "VI", NULL};

	return state && rules_in(state, zeros == 1 ? one : two);
}

/* 501 and 544 are the two ZIPs of Holtsville, New York. */
static bool
holtsville(const char *state, const char *digits)
{
	return state && strcmp(state, "NY") == 0 &&
	       (strcmp(digits, "501") == 0 || strcmp(digits, "544") == 0);
}

static bool
in_state(const char *zip, const struct state *state)
{
	/* served from, or numbered with, another region */
	static const char *const exceptions[] = {
	    "NY00501", "NY00544", "NY06390", "TX885", "DC569"};
	char key[8];

	if (zip[0] == state->region)
		return true;
	snprintf(key, sizeof(key), "%s%s", state->code, zip);
	for (unsigned i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]);
	     i++)
		if (str_starts(key, exceptions[i]))
			return true;
	return false;
}

/* Takes 12345, 12345-6789, 123456789, 12345.0 apart; false: something else. */
static bool
zip_digits(const char *text, char digits[ZIP4_DIGITS + 1], bool *dashed)
{
	size_t first = strspn(text, "0123456789");
	const char *rest = text + first;
	size_t second;

	*dashed = false;
	if (first == 0 || first > ZIP4_DIGITS)
		return false;
	memcpy(digits, text, first);
	digits[first] = '\0';
	if (*rest == '\0' || strcmp(rest, ".0") == 0)
		return true;
	rest += strspn(rest, " -");
	second = strspn(rest, "0123456789");
	*dashed = true;
	return rest[second] == '\0' && first <= ZIP_DIGITS &&
	       (second == 4 || second == 0);
}

static void
missing_digits(const char *text, const char *digits, const char *state,
    struct findings *findings)
{
	size_t len = strlen(digits);

	if (len > ZIP_DIGITS)
		findings_add(findings, FINDING_ZIP_LENGTH, FIELD_ZIP,
		    "ZIP \"%s\" has %zu digits; a ZIP has 5 or 9",
		    rules_quote(text).text, len);
	else if (state && len >= 3)
		findings_add(findings, FINDING_ZIP_LENGTH, FIELD_ZIP,
		    "ZIP \"%s\" has %zu digits; zeros are only lost in the "
		    "north-east, not in %s, so it cannot be guessed",
		    rules_quote(text).text, len, state);
	else
		findings_add(findings, FINDING_ZIP_LENGTH, FIELD_ZIP,
		    "ZIP \"%s\" has %zu digit%s%s", rules_quote(text).text, len,
		    len == 1 ? "" : "s",
		    len >= 3 ? "; without a state it cannot be guessed" : "");
}

void
rules_zip(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	const struct state *state = input->state ? find_code(input->state)
						 : NULL;
	char digits[ZIP4_DIGITS + 1], zip[ZIP_DIGITS + 1];
	size_t len, want;
	bool dashed;

	if (!zip_digits(value->data, digits, &dashed)) {
		findings_add(findings, FINDING_ZIP_SHAPE, input->field,
		    "\"%s\" is not a US ZIP", rules_quote(value->data).text);
		str_reset(value);
		return;
	}
	len = strlen(digits);
	want = len > ZIP_DIGITS ? ZIP4_DIGITS : ZIP_DIGITS;
	if (len != want) {
		if (len < 3 || want - len > 2 ||
		    !(zeros_known(input->state, want - len) ||
			holtsville(input->state, digits))) {
			missing_digits(
			    value->data, digits, input->state, findings);
			str_reset(value);
			return;
		}
		memmove(digits + (want - len), digits, len + 1);
		memset(digits, '0', want - len);
	}
	memcpy(zip, digits, ZIP_DIGITS);
	zip[ZIP_DIGITS] = '\0';
	if (len != want)
		findings_add(findings, FINDING_ZIP_ZEROS, input->field,
		    "leading zeros were put back: %s", zip);
	str_reset(value);
	str_add(value, zip);
	if (state && !in_state(zip, state))
		findings_add(findings, FINDING_ZIP_STATE, input->field,
		    "ZIP %s is not in %s", zip, state->name);
}
