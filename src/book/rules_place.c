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
	char region; /* first digit of its ZIPs */
	const char *name;
	const char *others; /* further spellings, joined by | */
} states[] = {
    {"AL", '3', "Alabama", "Ala"},
    {"AK", '9', "Alaska", ""},
    {"AZ", '8', "Arizona", "Ariz"},
    {"AR", '7', "Arkansas", "Ark"},
    {"CA", '9', "California", "Calif|Cal"},
    {"CO", '8', "Colorado", "Colo"},
    {"CT", '0', "Connecticut", "Conn"},
    {"DE", '1', "Delaware", "Del"},
    {"DC", '2', "District of Columbia",
	"Washington DC|Wash DC|D C|Washington D C|Dist of Columbia"},
    {"FL", '3', "Florida", "Fla|Flor"},
    {"GA", '3', "Georgia", ""},
    {"HI", '9', "Hawaii", ""},
    {"ID", '8', "Idaho", ""},
    {"IL", '6', "Illinois", "Ill|Ills"},
    {"IN", '4', "Indiana", "Ind"},
    {"IA", '5', "Iowa", ""},
    {"KS", '6', "Kansas", "Kans|Kan"},
    {"KY", '4', "Kentucky", "Ken|Kent"},
    {"LA", '7', "Louisiana", ""},
    {"ME", '0', "Maine", ""},
    {"MD", '2', "Maryland", ""},
    {"MA", '0', "Massachusetts", "Mass"},
    {"MI", '4', "Michigan", "Mich"},
    {"MN", '5', "Minnesota", "Minn"},
    {"MS", '3', "Mississippi", "Miss"},
    {"MO", '6', "Missouri", ""},
    {"MT", '5', "Montana", "Mont"},
    {"NE", '6', "Nebraska", "Neb|Nebr"},
    {"NV", '8', "Nevada", "Nev"},
    {"NH", '0', "New Hampshire", "N H"},
    {"NJ", '0', "New Jersey", "N J"},
    {"NM", '8', "New Mexico", "N Mex|N M|New M"},
    {"NY", '1', "New York", "N Y|N York"},
    {"NC", '2', "North Carolina", "N C|N Car"},
    {"ND", '5', "North Dakota", "N D|N Dak|NoDak"},
    {"OH", '4', "Ohio", ""},
    {"OK", '7', "Oklahoma", "Okla"},
    {"OR", '9', "Oregon", "Ore|Oreg"},
    {"PA", '1', "Pennsylvania", "Penn|Penna"},
    {"RI", '0', "Rhode Island", "R I"},
    {"SC", '2', "South Carolina", "S C|S Car"},
    {"SD", '5', "South Dakota", "S D|S Dak|SoDak"},
    {"TN", '3', "Tennessee", "Tenn"},
    {"TX", '7', "Texas", "Tex"},
    {"UT", '8', "Utah", ""},
    {"VT", '0', "Vermont", ""},
    {"VA", '2', "Virginia", "Virg"},
    {"WA", '9', "Washington", "Wash|Washington State"},
    {"WV", '2', "West Virginia", "W Va|W V|WVa|W Virg"},
    {"WI", '5', "Wisconsin", "Wis|Wisc"},
    {"WY", '8', "Wyoming", "Wyo"},
    {"AS", '9', "American Samoa", ""},
    {"FM", '9', "Federated States of Micronesia", "Micronesia"},
    {"GU", '9', "Guam", ""},
    {"MH", '9', "Marshall Islands", ""},
    {"MP", '9', "Northern Mariana Islands", "CNMI|N Mariana Islands"},
    {"PW", '9', "Palau", ""},
    {"PR", '0', "Puerto Rico", "P R"},
    {"VI", '0', "Virgin Islands",
	"USVI|US Virgin Islands|U S Virgin Islands|U S V I|V I|"
	"Virgin Islands of the US"},
    {"AE", '0', "Armed Forces Europe",
	"Armed Forces Africa|Armed Forces Middle East|"
	"Armed Forces Canada|"
	"Armed Forces Europe the Middle East and Canada"},
    {"AP", '9', "Armed Forces Pacific", ""},
    {"AA", '3', "Armed Forces Americas", "Armed Forces Americas except Canada"},
};

enum { STATE_COUNT = sizeof(states) / sizeof(states[0]) };

/* ---- states
 * ------------------------------------------------------------------- */

const char *
rules_state_word(unsigned number)
{
	if (number < STATE_COUNT)
		return states[number].name;
	return number < 2 * STATE_COUNT ? states[number - STATE_COUNT].code
					: NULL;
}

static const struct state *
find_code(const char *code)
{
	for (unsigned i = 0; i < STATE_COUNT; i++)
		if (((*code ^ *states[i].code) & ~0x20) == 0 &&
		    str_equal_fold(states[i].code, code))
			return &states[i];
	return NULL;
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
	    "Qu\xc3\xa9\x62\x65\x63", "Saskatchewan", "Yukon", "Canada",
	    "Mexico", "M\xc3\xa9xico", "Cuba", "Dominican Republic",
	    "Philippines", "India", "China", "Vietnam", "Germany", "France",
	    "Italy", "Spain", "Japan", "Korea", "South Korea", "United Kingdom",
	    "UK", "England", "Scotland", "Ireland", "Brazil", "Colombia",
	    "Jamaica", "Haiti", "Bahamas", "Costa Rica", "Guatemala",
	    "Honduras", "El Salvador", "Nicaragua", "Panama", "Peru", "Ecuador",
	    "Venezuela", "Argentina", "Chile", "Israel", "Australia", NULL};

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
	const struct state *state = NULL;
	char name[PLACE_MAX];
	const char *names[STATE_COUNT], *near;
	struct rules_quote quote;

	if (!plain(value->data, name))
		name[0] = '\0';
	state = find_state(name);
	if (!state)
		quote = rules_quote(value->data);
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
	/* where the Army's mail goes is no matter of spelling */
	near = strlen(name) > 3 && !military_city(input->city)
		   ? str_nearest(name, names, STATE_COUNT)
		   : NULL;
	if (near)
		rules_suggest(
		    findings_add(findings, FINDING_STATE_UNKNOWN, input->field,
			"state \"%s\" is not known: %s?", quote.text, near),
		    near);
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
	struct finding *finding;

	if (len > ZIP_DIGITS)
		findings_add(findings, FINDING_ZIP_LENGTH, FIELD_ZIP,
		    "ZIP \"%s\" has %zu digits; a ZIP has 5 or 9",
		    rules_quote(text).text, len);
	else if (state && len >= 3)
		findings_add(findings, FINDING_ZIP_LENGTH, FIELD_ZIP,
		    "ZIP \"%s\" has %zu digits; zeros are only lost in the "
		    "north-east, not in %s, so it cannot be guessed",
		    rules_quote(text).text, len, state);
	else {
		finding = findings_add(findings, FINDING_ZIP_LENGTH, FIELD_ZIP,
		    "ZIP \"%s\" has %zu digit%s%s", rules_quote(text).text, len,
		    len == 1 ? "" : "s",
		    len >= 3 ? "; without a state it cannot be guessed" : "");
		/* 01 to 08 are New England and New Jersey */
		if (!state && len == ZIP_DIGITS - 1 && digits[0] != '0' &&
		    digits[0] != '9')
			snprintf(finding->suggestion,
			    sizeof(finding->suggestion), "0%s", digits);
	}
}

/* Letters typed for digits. */
static void
suggest_zip(struct finding *finding, const char *text)
{
	char retyped[PLACE_MAX], digits[ZIP4_DIGITS + 1];
	bool dashed;

	if (!rules_retype_digits(text, retyped, sizeof(retyped)) ||
	    !zip_digits(retyped, digits, &dashed))
		return;
	if (strlen(digits) != ZIP_DIGITS && strlen(digits) != ZIP4_DIGITS)
		return;
	digits[ZIP_DIGITS] = '\0';
	rules_suggest(finding, digits);
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
		suggest_zip(findings_add(findings, FINDING_ZIP_SHAPE,
				input->field, "\"%s\" is not a US ZIP",
				rules_quote(value->data).text),
		    value->data);
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
