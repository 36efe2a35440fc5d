/* SPDX-License-Identifier: MIT */
/*
 * The field table. Lengths are those the service states; where v1 and v2
 * differ the narrower one stands, since a book may be synced by either.
 */
#include "book/field.h"

#include <stddef.h>
#include <string.h>

enum { BOTH = FIELD_V1 | FIELD_V2 };

const struct field_info field_table[FIELD_COUNT] = {
    [FIELD_EXTERNAL_ID] = {"external_id", "ID", FIELD_KIND_ID,
	FIELD_REQUIRED | FIELD_CREATE_ONLY | BOTH, 100,
	"your CRM's ID of the contact; permanent once HealthSherpa has it"},
    [FIELD_FIRST_NAME] = {"first_name", "first name", FIELD_KIND_NAME,
	FIELD_REQUIRED | BOTH, 100, "the first name"},
    [FIELD_LAST_NAME] = {"last_name", "last name", FIELD_KIND_NAME,
	FIELD_REQUIRED | BOTH, 100,
	"the last name, with a suffix if you want it sent"},
    [FIELD_EMAIL] = {"email", "e-mail", FIELD_KIND_EMAIL, BOTH, 0,
	"one e-mail address"},
    [FIELD_PHONE] = {"phone", "phone", FIELD_KIND_PHONE, BOTH, 0,
	"a US phone number, sent as ten digits"},
    [FIELD_BIRTH_DATE] = {"birth_date", "birth date", FIELD_KIND_DATE,
	FIELD_SENSITIVE | BOTH, 0, "the birth date, sent as YYYY-MM-DD"},
    [FIELD_SEX] = {"sex", "sex", FIELD_KIND_SEX, BOTH, 0,
	"male or female; anything else is left out"},
    [FIELD_ADDRESS_1] = {"address_1", "address", FIELD_KIND_TEXT, BOTH, 100,
	"house number and street"},
    [FIELD_ADDRESS_2] = {"address_2", "address line 2", FIELD_KIND_TEXT, BOTH,
	100, "apartment, suite or unit"},
    [FIELD_CITY] = {"city", "city", FIELD_KIND_TEXT, BOTH, 100, "the city"},
    [FIELD_STATE] = {"state", "state", FIELD_KIND_STATE, BOTH, 0,
	"the state, sent as two letters"},
    [FIELD_ZIP] = {"zip", "ZIP", FIELD_KIND_ZIP, BOTH, 0,
	"the ZIP, sent as five digits; filled in on the quote page"},
    [FIELD_TYPE] = {"type", "type", FIELD_KIND_TYPE, BOTH, 0, "client or lead"},
    [FIELD_MEDICARE_NUMBER] = {"medicare_number", "Medicare number",
	FIELD_KIND_MBI, FIELD_SENSITIVE | BOTH, 100,
	"the Medicare Beneficiary Identifier (MBI) on the card"},
    [FIELD_PART_A_DATE] = {"medicare_part_a_effective_date", "Part A date",
	FIELD_KIND_DATE, BOTH, 0, "when Medicare Part A began"},
    [FIELD_PART_B_DATE] = {"medicare_part_b_effective_date", "Part B date",
	FIELD_KIND_DATE, BOTH, 0, "when Medicare Part B began"},
    [FIELD_MEDICAID_NUMBER] = {"medicaid_number", "Medicaid number",
	FIELD_KIND_TEXT, FIELD_SENSITIVE | BOTH, 0,
	"the Medicaid number, sent as it stands"},
    [FIELD_MEDICAID_ELIGIBLE] = {"medicaid_eligible", "Medicaid eligible",
	FIELD_KIND_BOOLEAN, BOTH, 0, "yes or no; blank is not sent"},
    [FIELD_EXTRA_HELP] = {"extra_help", "Extra Help", FIELD_KIND_BOOLEAN, BOTH,
	0, "Extra Help (low income subsidy), yes or no; blank is not sent"},
    [FIELD_NOTES] = {"notes", "notes", FIELD_KIND_NOTES, BOTH, 0,
	"a note; HealthSherpa appends it, so each text is sent once"},
    [FIELD_DRUGS] = {"drugs", "drugs", FIELD_KIND_LIST, FIELD_V2, 0,
	"a list of drugs (v2 only)"},
    [FIELD_PHARMACIES] = {"pharmacies", "pharmacies", FIELD_KIND_LIST, FIELD_V2,
	0, "a list of pharmacies (v2 only)"},
    [FIELD_PROVIDERS] = {"providers", "providers", FIELD_KIND_LIST, FIELD_V2, 0,
	"a list of doctors and other providers (v2 only)"},
    [FIELD_AGENT_EMAIL] = {"agent_email", "agent", FIELD_KIND_AGENT,
	FIELD_V1 | FIELD_BESIDE, 0,
	"the HealthSherpa login of the agent whose contact it is (v1 only); "
	"without: service.agent_email"},
};

_Static_assert((int)FIELD_LISTS == 3 && (int)FIELD_PHARMACIES > FIELD_DRUGS &&
		   (int)FIELD_PHARMACIES < FIELD_PROVIDERS,
    "the lists stand one after another");

enum field
field_from_name(const char *name)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (strcmp(field_table[i].name, name) == 0)
			return (enum field)i;
	return FIELD_COUNT;
}
