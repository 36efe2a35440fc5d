/* SPDX-License-Identifier: MIT */
#include "sync/redact.h"

#include <string.h>

#include "book/contact.h"
#include "check.h"

TEST(redact_table)
{
	static const struct {
		const char *message, *should;
	} vectors[] = {
	    {"phone is not valid", "phone is not valid"},
	    {"9165550123 is not valid", "… is not valid"},
	    {"(916) 555-0123 is not valid", "(… is not valid"},
	    {"\"ADA\" Sample exists", "\"…\" … exists"},
	    {"Adam Samples, sample@example.com", "Adam Samples, …"},
	    {"Li is too short, Lily is not", "… is too short, Lily is not"},
	    {"born 1955-01-15 or 01/15/1955", "born … or …"},
	    {"1SG4-TE5-MK73 (1SG4TE5MK73)", "… (…)"},
	    {"HTTP 422, code 10", "HTTP 422, code 10"},
	    {"crm-1042 is taken", "crm-1042 is taken"},
	    {"no more PLAVIX, nor Zocor", "no more …, nor …"},
	    {"", ""},
	};
	struct contact *contact = &(struct contact){0};
	char theirs[] = "[{\"name\":\"Plavix\"}]", out[320];
	char *merged[FIELD_LISTS] = {theirs};

	contact->fields[FIELD_DRUGS].value = "[{\"name\":\"Zocor\"}]";
	contact->fields[FIELD_EXTERNAL_ID].value = "crm-1042";
	contact->fields[FIELD_FIRST_NAME].value = "Ada";
	contact->fields[FIELD_LAST_NAME].value = "Sample";
	contact->fields[FIELD_CITY].value = "Li";
	contact->fields[FIELD_EMAIL].value = "sample@example.com";
	contact->fields[FIELD_PHONE].value = "9165550123";
	contact->fields[FIELD_BIRTH_DATE].value = "1955-01-15";
	contact->fields[FIELD_BIRTH_DATE].raw = "01/15/1955";
	contact->fields[FIELD_MEDICARE_NUMBER].value = "1SG4TE5MK73";
	contact->fields[FIELD_MEDICARE_NUMBER].raw = "1SG4-TE5-MK73";
	for (unsigned i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		redact(out, sizeof(out), vectors[i].message, contact, merged);
		CHECK_TEXT(out, vectors[i].should);
	}
}

TEST(redact_cuts_at_a_character)
{
	struct contact *contact = &(struct contact){0};
	char *merged[FIELD_LISTS] = {NULL};
	char out[8];

	redact(out, sizeof(out), "ééééééé", contact, merged);
	CHECK_TEXT(out, "ééé");
}
