/* SPDX-License-Identifier: MIT */
/* Values that are words of a small set: sex, yes or no, client or lead. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "book/rules.h"

static void
set(struct str *value, const char *text)
{
	str_reset(value);
	str_add(value, text);
}

void
rules_sex(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	static const char *const male[] = {"m", "male", "man", NULL};
	static const char *const female[] = {"f", "female", "woman", NULL};
	static const char *const others[] = {"u", "unknown", "unspecified", "x",
	    "o", "n", "non-binary", "nonbinary", "non binary", "other",
	    "not specified", "undisclosed", "prefer not to say",
	    "decline to answer", "declined", "?", NULL};
	static const char *const words[] = {"male", "female"};
	struct finding *finding;
	const char *near;

	if (rules_in(value->data, male)) {
		set(value, "male");
	} else if (rules_in(value->data, female)) {
		set(value, "female");
	} else if (rules_in(value->data, others)) {
		findings_add(findings, FINDING_SEX_UNSPECIFIED, input->field,
		    "sex \"%s\" is left out: HealthSherpa knows male and "
		    "female",
		    value->data);
		str_reset(value);
	} else {
		finding = findings_add(findings, FINDING_SEX_UNKNOWN,
		    input->field,
		    "sex \"%s\" is neither male nor female: tell the mapping "
		    "what it means",
		    rules_quote(value->data).text);
		near = str_nearest(value->data, words, 2);
		if (near)
			rules_suggest(finding, near);
		str_reset(value);
	}
}

/* "Yes - QMB", "no." */
static void
suggest_boolean(struct finding *finding, const char *text)
{
	static const char *const words[] = {"yes", "no"};

	for (unsigned i = 0; i < 2; i++) {
		size_t len = strlen(words[i]);

		if (strncasecmp(text, words[i], len) == 0 &&
		    !isalnum((unsigned char)text[len]))
			rules_suggest(finding, words[i]);
	}
}

void
rules_boolean(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	static const char *const yes[] = {
	    "yes", "y", "true", "t", "1", "x", "checked", "on", NULL};
	static const char *const no[] = {
	    "no", "n", "false", "f", "0", "off", "unchecked", NULL};
	static const char *const open[] = {"unknown", "?", NULL};
	/* Extra Help is granted in levels, Medicaid in programs */
	static const char *const levels[] = {"full", "partial", "100%", "75%",
	    "50%", "25%", "qmb", "qmb+", "slmb", "slmb+", "qi", "qi-1", "qdwi",
	    "fbde", NULL};

	if (rules_in(value->data, yes)) {
		set(value, "true");
	} else if (rules_in(value->data, no)) {
		set(value, "false");
	} else if (rules_in(value->data, levels)) {
		findings_add(findings, FINDING_BOOLEAN_LEVEL, input->field,
		    "%s \"%s\" is sent as yes", field_table[input->field].label,
		    value->data);
		set(value, "true");
	} else if (rules_in(value->data, open)) {
		str_reset(value);
	} else {
		suggest_boolean(
		    findings_add(findings, FINDING_BOOLEAN_UNKNOWN,
			input->field, "%s \"%s\" is neither yes nor no",
			field_table[input->field].label,
			rules_quote(value->data).text),
		    value->data);
		str_reset(value);
	}
}

void
rules_type(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	static const char *const leads[] = {"lead", "leads", "prospect",
	    "prospects", "new lead", "open lead", "marketing qualified lead",
	    "sales qualified lead", "marketingqualifiedlead",
	    "salesqualifiedlead", "warm lead", "hot lead", "cold lead", NULL};
	static const char *const clients[] = {"client", "clients", "customer",
	    "active client", "current client", "member", "enrolled", NULL};

	if (rules_in(value->data, leads)) {
		set(value, "lead");
		return;
	}
	if (!rules_in(value->data, clients))
		findings_add(findings, FINDING_TYPE_UNKNOWN, input->field,
		    "type \"%s\" is sent as client",
		    rules_quote(value->data).text);
	set(value, "client");
}

const char *
rules_choice(enum field field, unsigned number)
{
	static const char *const sexes[] = {"male", "female"};
	static const char *const types[] = {"client", "lead"};
	static const char *const medicaid[] = {
	    "yes", "no", "QMB", "QMB+", "SLMB", "SLMB+", "QI", "QDWI", "FBDE"};
	static const char *const help[] = {
	    "yes", "no", "full", "partial", "100%", "75%", "50%", "25%"};
	const char *const *words = NULL;
	unsigned count = 0;

	switch (field_table[field].kind) {
	case FIELD_KIND_STATE: return rules_state_word(number);
	case FIELD_KIND_SEX:
		words = sexes;
		count = 2;
		break;
	case FIELD_KIND_TYPE:
		words = types;
		count = 2;
		break;
	case FIELD_KIND_BOOLEAN:
		words = field == FIELD_EXTRA_HELP ? help : medicaid;
		count = field == FIELD_EXTRA_HELP ? 8 : 9;
		break;
	default: break;
	}
	return number < count ? words[number] : NULL;
}
