/* SPDX-License-Identifier: MIT */
/*
 * The table of findings: the one place for their severity and their words.
 * Sources: what blocks is the product's rule; the meanings follow the checks
 * in rules_*.c.
 */
#include "book/finding.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"

const struct finding_info finding_table[FINDING_CODE_COUNT] = {
    [FINDING_REQUIRED] = {"REQUIRED", SEVERITY_ERROR,
	"HealthSherpa does not take a contact without this field.",
	"fill it in your CRM or here, or map the column that has it"},
    [FINDING_LENGTH] = {"LENGTH", SEVERITY_WARNING,
	"The value is longer than HealthSherpa takes. It blocks the contact "
	"when the field is required.",
	"shorten it"},
    [FINDING_ID_DAMAGED] = {"ID-DAMAGED", SEVERITY_ERROR,
	"A spreadsheet program has rewritten the ID as a number (1.2E+17) and "
	"its digits are lost. HealthSherpa keeps an ID for ever, so it is not "
	"sent.",
	"export again from the CRM and do not open the file in Excel"},
    [FINDING_ID_REPEATED] = {"ID-REPEATED", SEVERITY_ERROR,
	"Two rows have the same ID, so it is not known which one is the "
	"person.",
	"remove one of the rows, or give one its right ID"},
    [FINDING_ID_CASE] = {"ID-CASE", SEVERITY_WARNING,
	"Another row has the same ID but for capital and small letters. Many "
	"programs, Excel among them, take such IDs for one and the same. The "
	"ID is sent as it stands.",
	"look whether they are two contacts; from Salesforce, take the IDs of "
	"18 characters (canonical: salesforce)",
	.goes = true},
    [FINDING_PERSON_REPEATED] = {"PERSON-REPEATED", SEVERITY_ERROR,
	"Two rows without an ID have the same name, Medicare number, birth "
	"date, e-mail address and phone, so that they cannot be told apart, "
	"now or in the next export.",
	"remove one of the rows; if they are two persons, put in what "
	"distinguishes them, such as the birth date"},
    [FINDING_PERSON_ALIKE] = {"PERSON-ALIKE", SEVERITY_WARNING,
	"Another row has the same e-mail address and birth date, so it may be "
	"the same person a second time. Nothing is left out, since twins and "
	"couples share addresses.",
	"compare the two rows; if they are one person, merge them in your CRM",
	.goes = true},
    [FINDING_ROW_SHAPE] = {"ROW-SHAPE", SEVERITY_ERROR,
	"The row does not have the columns of the header, so its values may "
	"stand in the wrong places.",
	"look at the line in the file; often a quote or a comma is missing"},
    [FINDING_NAME_PLACEHOLDER] = {"NAME-PLACEHOLDER", SEVERITY_WARNING,
	"The name looks like a filler, not like a person's name.",
	"put the real name in"},
    [FINDING_NAME_CASE] = {"NAME-CASE", SEVERITY_INFO,
	"The name is in capital or in small letters throughout. Names are "
	"never changed: it is sent as it stands.",
	"nothing, or write it as the person does"},
    [FINDING_NAME_SPLIT] = {"NAME-SPLIT", SEVERITY_INFO,
	"First and last name were cut out of one column, which is a guess for "
	"names of more than two words.",
	"look whether both are right; an export with two columns needs no "
	"guess"},
    [FINDING_NAME_COMMA] = {"NAME-COMMA", SEVERITY_WARNING,
	"The name has a comma, as in \"Smith, John\": first and last name may "
	"stand in one column. It is sent as it stands.",
	"put each name into its own field", .goes = true},
    [FINDING_EMAIL_SHAPE] = {"EMAIL-SHAPE", SEVERITY_WARNING,
	"This is not an e-mail address.", "correct it"},
    [FINDING_EMAIL_DOMAIN] = {"EMAIL-DOMAIN", SEVERITY_WARNING,
	"What stands behind the @ looks like a misspelt provider, so mail "
	"would not arrive. The address is sent as it stands.",
	"ask the client and correct it", .goes = true},
    [FINDING_EMAIL_PLACEHOLDER] = {"EMAIL-PLACEHOLDER", SEVERITY_WARNING,
	"The address looks like a filler, not like a person's address.",
	"put the real address in, or clear it"},
    [FINDING_AGENT_SHAPE] = {"AGENT-SHAPE", SEVERITY_ERROR,
	"The column that names the contact's agent does not have one e-mail "
	"address. HealthSherpa would not know whose contact it is, or would "
	"take it for another agent's.",
	"put the agent's HealthSherpa login there, or clear it for "
	"service.agent_email"},
    [FINDING_AGENT_MISSING] = {"AGENT-MISSING", SEVERITY_ERROR,
	"No agent is named, neither for this contact nor in the config for "
	"all.",
	"fill in the column of mapping.agent_email, or set "
	"service.agent_email"},
    [FINDING_PHONE_SHAPE] = {"PHONE-SHAPE", SEVERITY_WARNING,
	"This is not a US phone number: ten digits, area code and exchange "
	"beginning with 2 to 9.",
	"correct it"},
    [FINDING_PHONE_DAMAGED] = {"PHONE-DAMAGED", SEVERITY_WARNING,
	"A spreadsheet program has rewritten the phone number as 1.4E+10 and "
	"its digits are lost.",
	"type it again, or export again and do not open the file in Excel"},
    [FINDING_PHONE_FOREIGN] = {"PHONE-FOREIGN", SEVERITY_WARNING,
	"The number has a country code other than 1; HealthSherpa takes only "
	"US numbers.",
	"put a US number in, or leave it out"},
    [FINDING_PHONE_TOLL_FREE] = {"PHONE-TOLL-FREE", SEVERITY_WARNING,
	"The number is toll-free, which is seldom a client's own.",
	"put the client's number in, or map it with invalid: send"},
    [FINDING_PHONE_FICTIONAL] = {"PHONE-FICTIONAL", SEVERITY_INFO,
	"Numbers 555-0100 to 555-0199 are set aside for films and examples; "
	"nobody has one.",
	"nothing, if you are testing; else put the client's number in"},
    [FINDING_ZIP_SHAPE] = {"ZIP-SHAPE", SEVERITY_WARNING,
	"This is not a US ZIP: five digits, or nine with a dash.",
	"correct it"},
    [FINDING_ZIP_LENGTH] = {"ZIP-LENGTH", SEVERITY_WARNING,
	"Digits of the ZIP are missing and cannot be guessed. Leading zeros "
	"are put back only in states that have such ZIPs.",
	"correct it; without it HealthSherpa asks on the quote page"},
    [FINDING_ZIP_ZEROS] = {"ZIP-ZEROS", SEVERITY_INFO,
	"The leading zeros that a spreadsheet program drops were put back, as "
	"the state has such ZIPs.",
	"nothing"},
    [FINDING_ZIP_STATE] = {"ZIP-STATE", SEVERITY_WARNING,
	"The ZIP is not in the state that the contact has.",
	"correct the ZIP or the state"},
    [FINDING_STATE_UNKNOWN] = {"STATE-UNKNOWN", SEVERITY_WARNING,
	"This is no state or territory of the United States.", "correct it"},
    [FINDING_STATE_FOREIGN] = {"STATE-FOREIGN", SEVERITY_WARNING,
	"This is a place outside the United States.",
	"put the state of the US residence in"},
    [FINDING_DATE_SHAPE] = {"DATE-SHAPE", SEVERITY_WARNING,
	"This cannot be read as a date.",
	"write it as month/day/year, or tell the mapping its form (date: "
	"d/m/y)"},
    [FINDING_DATE_AMBIGUOUS] = {"DATE-AMBIGUOUS", SEVERITY_WARNING,
	"The column has dates with the day first and dates with the month "
	"first, so this one can be read both ways.",
	"tell the mapping which it is (date: m/d/y or date: d/m/y)"},
    [FINDING_DATE_CENTURY] = {"DATE-CENTURY", SEVERITY_INFO,
	"The year has two digits. It is taken for the latest one that is not "
	"ahead: a birth date in 55 for 1955.",
	"look whether the century is right; an export with four digits needs "
	"no guess"},
    [FINDING_DATE_SERIAL] = {"DATE-SERIAL", SEVERITY_INFO,
	"A number stands where a date should be. It is taken for a "
	"spreadsheet's count of days, which begins with the year 1900.",
	"nothing, if the date is right; date: excel in the mapping says so"},
    [FINDING_DATE_SYSTEM] = {"DATE-SYSTEM", SEVERITY_WARNING,
	"Dates stand in the file as a spreadsheet's count of days. Counted "
	"from 1900, none of the Part A and Part B dates is the first of a "
	"month; counted from 1904, as Excel on older Macs did, all of them "
	"are. So all dates may be four years and a day too early.",
	"compare one with the Medicare card, then tell the mapping (date: "
	"excel1904 or date: excel)"},
    [FINDING_BIRTH_FUTURE] = {"BIRTH-FUTURE", SEVERITY_WARNING,
	"The birth date is in the future.", "correct it"},
    [FINDING_BIRTH_AGE] = {"BIRTH-AGE", SEVERITY_WARNING,
	"By the birth date the person would be over 120 or under 18.",
	"correct it, or map it with invalid: send"},
    [FINDING_BIRTH_PLACEHOLDER] = {"BIRTH-PLACEHOLDER", SEVERITY_WARNING,
	"Programs fill in this date when they have none.",
	"put the real birth date in"},
    [FINDING_PART_DATE] = {"PART-DATE", SEVERITY_WARNING,
	"Part A and Part B begin on the first of a month, not before July "
	"1966 and not over six months ahead.",
	"look at the Medicare card; map it with invalid: send to send it"},
    [FINDING_SEX_UNKNOWN] = {"SEX-UNKNOWN", SEVERITY_WARNING,
	"This cannot be read as male or female. Number codes differ between "
	"programs and are not guessed.",
	"tell the mapping what the codes mean (values: {\"1\": male})"},
    [FINDING_SEX_UNSPECIFIED] = {"SEX-UNSPECIFIED", SEVERITY_INFO,
	"HealthSherpa knows only male and female; other answers are left "
	"out.",
	"nothing"},
    [FINDING_BOOLEAN_UNKNOWN] = {"BOOLEAN-UNKNOWN", SEVERITY_WARNING,
	"This cannot be read as yes or no.",
	"write yes or no, or tell the mapping what it means (values:)"},
    [FINDING_BOOLEAN_LEVEL] = {"BOOLEAN-LEVEL", SEVERITY_INFO,
	"HealthSherpa takes yes or no here; a level such as Full or QMB is "
	"sent as yes.",
	"nothing, if that is right"},
    [FINDING_TYPE_UNKNOWN] = {"TYPE-UNKNOWN", SEVERITY_INFO,
	"HealthSherpa knows clients and leads; other words are sent as "
	"client.",
	"tell the mapping which words mean lead (values: {...: lead})"},
    [FINDING_MBI_SHAPE] = {"MBI-SHAPE", SEVERITY_WARNING,
	"This is not the shape of a Medicare number: 11 letters and digits in "
	"fixed places, never the letters S, L, O, I, B, Z. HealthSherpa would "
	"refuse it.",
	"compare it with the Medicare card"},
    [FINDING_MBI_TEST] = {"MBI-TEST", SEVERITY_INFO,
	"This is a made-up Medicare number as CMS uses for tests (S in the "
	"second place).",
	"nothing, if you are testing"},
    [FINDING_MBI_AGE] = {"MBI-AGE", SEVERITY_INFO,
	"The contact has a Medicare number and is under 65. Medicare before 65 "
	"is for people with a disability or kidney failure.",
	"nothing, if the birth date is right"},
    [FINDING_MBI_CLAIM_NUMBER] = {"MBI-CLAIM-NUMBER", SEVERITY_WARNING,
	"This is an old Medicare claim number. It holds a Social Security "
	"number and Medicare has not taken it since 2020, so it is not sent.",
	"put the number of the new Medicare card in"},
    [FINDING_MBI_SSN] = {"MBI-SSN", SEVERITY_ERROR,
	"There is a Social Security number where the Medicare number should "
	"be. It is not sent anywhere.",
	"put the Medicare number in, or leave the value out (x)"},
    [FINDING_MBI_REPEATED] = {"MBI-REPEATED", SEVERITY_ERROR,
	"Two rows have the same Medicare number, which belongs to one person "
	"only.",
	"correct one of them, or remove the row that is there twice"},
    [FINDING_LIST_SHAPE] = {"LIST-SHAPE", SEVERITY_WARNING,
	"Drugs, pharmacies and providers are lists of items, each with keys "
	"such as name. This is none, or one of its items has no keys. It is "
	"left out whole, since HealthSherpa would take a part for all of it.",
	"use numbered columns (belay.yaml(5), list), or a YAML or JSON source "
	"with a list there"},
    [FINDING_LIST_LENGTH] = {"LIST-LENGTH", SEVERITY_WARNING,
	"The list has more than 50 items. It is left out whole, since "
	"HealthSherpa would take a part for all of it.",
	"take out what the contact does not use any more"},
    [FINDING_TEXT_DAMAGED] = {"TEXT-DAMAGED", SEVERITY_WARNING,
	"Accented letters were broken before the file came here: odd signs "
	"stand in their places. The value is sent as it stands.",
	"type it again, or export again as UTF-8", .goes = true},
};

static bool
printable_ascii(const char *text)
{
	while (*text >= 0x20 && *text < 0x7f)
		text++;
	return *text == '\0';
}

struct finding *
findings_addv(struct findings *findings, enum finding_code code,
    enum field field, const char *format, va_list args)
{
	struct finding *finding;
	char text[4 * FINDING_MESSAGE_SIZE];
	struct str clean;

	assert(findings->max > 0);
	if (findings->count < findings->max)
		finding = &findings->items[findings->count++];
	else
		finding = &findings->items[findings->max - 1];
	finding->code = code;
	finding->severity = finding_table[code].severity;
	finding->field = field;
	finding->suggestion[0] = '\0';
	/* a whole book may have the same info in each row */
	if (!strchr(format, '%')) {
		str_copy(finding->message, sizeof(finding->message), format);
		return finding;
	}
	vsnprintf(text, sizeof(text), format, args);
	if (printable_ascii(text)) {
		str_copy(finding->message, sizeof(finding->message), text);
		return finding;
	}
	str_init(&clean, sizeof(text));
	text_clean(&clean, text, strlen(text));
	str_copy(finding->message, sizeof(finding->message), clean.data);
	str_release(&clean);
	return finding;
}

struct finding *
findings_add(struct findings *findings, enum finding_code code,
    enum field field, const char *format, ...)
{
	struct finding *finding;
	va_list args;

	va_start(args, format);
	finding = findings_addv(findings, code, field, format, args);
	va_end(args);
	return finding;
}

const char *
severity_word(enum severity severity)
{
	static const char *const words[] = {"info", "warning", "error"};

	return words[severity];
}

enum finding_code
finding_from_code(const char *code)
{
	for (unsigned i = 0; i < FINDING_CODE_COUNT; i++)
		if (str_equal_fold(finding_table[i].code, code))
			return (enum finding_code)i;
	return FINDING_CODE_COUNT;
}
