/* SPDX-License-Identifier: MIT */
/*
 * The table of CRMs and how one is recognised. Hazard: several products share
 * names ("Contact Id", "Record Id"), so a signature also says what must not
 * be there, and the order of the table counts.
 */
#include "book/preset.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/str.h"
#include "source/records.h"

enum { NAME_MAX_BYTES = 256, ID_ROWS = 200 };

/* clang-format off */
static const struct preset_field hubspot_fields[] = {
    {FIELD_FIRST_NAME, "First Name"},
    {FIELD_LAST_NAME, "Last Name"},
    {FIELD_EMAIL, "Email"},
    {FIELD_PHONE, "Phone Number|Phone;Mobile Phone Number|Mobile Phone"},
    {FIELD_BIRTH_DATE, "Date of birth|Birthdate|Birthday"},
    {FIELD_SEX, "Gender"},
    {FIELD_ADDRESS_1, "Street Address"},
    {FIELD_ADDRESS_2, "Street Address 2"},
    {FIELD_CITY, "City"},
    {FIELD_STATE, "State/Region|State"},
    {FIELD_ZIP, "Postal Code|Zip"},
    {FIELD_TYPE, "Lifecycle Stage;Lead Status"},
    {FIELD_COUNT, NULL},
};

static const struct preset_field salesforce_report_fields[] = {
    {FIELD_FIRST_NAME, "First Name"},
    {FIELD_LAST_NAME, "Last Name"},
    {FIELD_EMAIL, "Email"},
    {FIELD_PHONE, "Phone;Mobile|Mobile Phone;Home Phone;Other Phone"},
    {FIELD_BIRTH_DATE, "Birthdate"},
    {FIELD_SEX, "Gender Identity|GenderIdentity|Gender"},
    {FIELD_ADDRESS_1, "Mailing Street;Other Street"},
    {FIELD_CITY, "Mailing City;Other City"},
    {FIELD_STATE, "Mailing State/Province|Mailing State;"
		  "Other State/Province|Other State"},
    {FIELD_ZIP, "Mailing Zip/Postal Code|Mailing Postal Code;"
		"Other Zip/Postal Code|Other Postal Code"},
    {FIELD_NOTES, "Description"},
    {FIELD_COUNT, NULL},
};

static const struct preset_field salesforce_dataloader_fields[] = {
    {FIELD_FIRST_NAME, "FirstName"},
    {FIELD_LAST_NAME, "LastName"},
    {FIELD_EMAIL, "Email"},
    {FIELD_PHONE, "Phone;MobilePhone;HomePhone;OtherPhone"},
    {FIELD_BIRTH_DATE, "Birthdate"},
    {FIELD_SEX, "GenderIdentity"},
    {FIELD_ADDRESS_1, "MailingStreet;OtherStreet"},
    {FIELD_CITY, "MailingCity;OtherCity"},
    {FIELD_STATE, "MailingStateCode|MailingState;OtherStateCode|OtherState"},
    {FIELD_ZIP, "MailingPostalCode;OtherPostalCode"},
    {FIELD_NOTES, "Description"},
    {FIELD_COUNT, NULL},
};

static const struct preset_field zoho_fields[] = {
    {FIELD_FIRST_NAME, "First Name"},
    {FIELD_LAST_NAME, "Last Name"},
    {FIELD_EMAIL, "Email;Secondary Email"},
    {FIELD_PHONE, "Mobile;Phone;Home Phone;Other Phone"},
    {FIELD_BIRTH_DATE, "Date of Birth"},
    {FIELD_SEX, "Gender|Primary Member Gender"},
    {FIELD_ADDRESS_1, "Mailing Street;Other Street"},
    {FIELD_CITY, "Mailing City;Other City"},
    {FIELD_STATE, "Mailing State;Other State"},
    {FIELD_ZIP, "Mailing Zip;Other Zip"},
    {FIELD_NOTES, "Description"},
    {FIELD_COUNT, NULL},
};

static const struct preset_field gohighlevel_fields[] = {
    {FIELD_FIRST_NAME, "First Name"},
    {FIELD_LAST_NAME, "Last Name"},
    {FIELD_EMAIL, "Email"},
    {FIELD_PHONE, "Phone"},
    {FIELD_BIRTH_DATE, "Date Of Birth|Birth Date"},
    {FIELD_SEX, "Gender"},
    {FIELD_ADDRESS_1, "Street Address|Address"},
    {FIELD_CITY, "City"},
    {FIELD_STATE, "State"},
    {FIELD_ZIP, "Postal Code|Zip Code|Zip"},
    {FIELD_TYPE, "Type|Contact Type"},
    {FIELD_COUNT, NULL},
};

#define POSTAL " of Postal address"
static const struct preset_field pipedrive_fields[] = {
    {FIELD_FIRST_NAME, "Person - First name"},
    {FIELD_LAST_NAME, "Person - Last name"},
    {FIELD_EMAIL, "Person - Email - Home;Person - Email - Work;"
		  "Person - Email - Other;Person - Email"},
    {FIELD_PHONE,
	"Person - Phone - Mobile;Person - Phone - Home;"
	"Person - Phone - Work;Person - Phone - Other;Person - Phone"},
    {FIELD_BIRTH_DATE, "Person - Birthday|Person - Date of birth"},
    {FIELD_SEX, "Person - Gender|Person - Sex"},
    {FIELD_ADDRESS_1,
	"Person - House number" POSTAL " + Person - Street/road name" POSTAL},
    {FIELD_ADDRESS_2, "Person - Apartment/suite no" POSTAL},
    {FIELD_CITY, "Person - City/town/village/locality" POSTAL},
    {FIELD_STATE, "Person - State/county" POSTAL},
    {FIELD_ZIP, "Person - ZIP/Postal code" POSTAL},
    {FIELD_NOTES, "Person - Notes"},
    {FIELD_COUNT, NULL},
};

static const struct preset_field agencybloc_fields[] = {
    {FIELD_FIRST_NAME, "Individual: First Name"},
    {FIELD_LAST_NAME, "Individual: Last Name"},
    {FIELD_EMAIL, "Individual: Email|Individual: Email Address"},
    {FIELD_PHONE, "Individual: Mobile Phone|Individual: Cell Phone;"
		  "Individual: Home Phone;Individual: Phone"},
    {FIELD_BIRTH_DATE, "Individual: Birth Date|Individual: Date of Birth|"
		       "Individual: DOB"},
    {FIELD_SEX, "Individual: Gender"},
    {FIELD_ADDRESS_1, "Individual: Address 1|Individual: Street|"
		      "Individual: Address"},
    {FIELD_ADDRESS_2, "Individual: Address 2"},
    {FIELD_CITY, "Individual: City"},
    {FIELD_STATE, "Individual: State"},
    {FIELD_ZIP, "Individual: Zip|Individual: Zip Code"},
    {FIELD_COUNT, NULL},
};

/* Google numbers its groups; which is preferred comes first. */
#define GOOGLE_REST                                                           \
	{FIELD_EMAIL, "E-mail 1 - Value;E-mail 2 - Value;E-mail 3 - Value"},  \
	    {FIELD_PHONE, "Phone 1 - Value;Phone 2 - Value;Phone 3 - Value;"  \
			  "Phone 4 - Value"},                                 \
	    {FIELD_BIRTH_DATE, "Birthday"}, {FIELD_SEX, "Gender"},            \
	    {FIELD_ADDRESS_1, "Address 1 - Street;Address 2 - Street"},       \
	    {FIELD_ADDRESS_2,                                                 \
		"Address 1 - Extended Address;Address 2 - Extended Address"}, \
	    {FIELD_CITY, "Address 1 - City;Address 2 - City"},                \
	    {FIELD_STATE, "Address 1 - Region;Address 2 - Region"},           \
	    {FIELD_ZIP, "Address 1 - Postal Code;Address 2 - Postal Code"},   \
	    {FIELD_NOTES, "Notes"}, {FIELD_COUNT, NULL},

static const struct preset_field google_new_fields[] = {
    {FIELD_FIRST_NAME, "First Name"}, {FIELD_LAST_NAME, "Last Name"},
    GOOGLE_REST};

static const struct preset_field google_old_fields[] = {
    {FIELD_FIRST_NAME, "Given Name"}, {FIELD_LAST_NAME, "Family Name"},
    GOOGLE_REST};

static const struct preset_field outlook_fields[] = {
    {FIELD_FIRST_NAME, "First Name"},
    {FIELD_LAST_NAME, "Last Name"},
    {FIELD_EMAIL, "E-mail Address;E-mail 2 Address;E-mail 3 Address"},
    {FIELD_PHONE, "Mobile Phone;Home Phone;Primary Phone;Other Phone"},
    {FIELD_BIRTH_DATE, "Birthday"},
    {FIELD_SEX, "Gender"},
    {FIELD_ADDRESS_1, "Home Street;Other Street;Business Street"},
    {FIELD_ADDRESS_2, "Home Street 2;Other Street 2;Business Street 2"},
    {FIELD_CITY, "Home City;Other City;Business City"},
    {FIELD_STATE, "Home State;Other State;Business State"},
    {FIELD_ZIP, "Home Postal Code;Other Postal Code;Business Postal Code"},
    {FIELD_NOTES, "Notes"},
    {FIELD_COUNT, NULL},
};

static const struct preset_field vcard_fields[] = {
    {FIELD_FIRST_NAME, "N given"},
    {FIELD_LAST_NAME, "N family"},
    {FIELD_EMAIL, "EMAIL 1;EMAIL 2;EMAIL 3"},
    {FIELD_PHONE, "TEL 1;TEL 2;TEL 3;TEL 4"},
    {FIELD_BIRTH_DATE, "BDAY"},
    {FIELD_SEX, "GENDER"},
    {FIELD_ADDRESS_1, "ADR 1 street;ADR 2 street"},
    {FIELD_ADDRESS_2, "ADR 1 extended;ADR 2 extended"},
    {FIELD_CITY, "ADR 1 city;ADR 2 city"},
    {FIELD_STATE, "ADR 1 region;ADR 2 region"},
    {FIELD_ZIP, "ADR 1 postal code;ADR 2 postal code"},
    {FIELD_NOTES, "NOTE"},
    {FIELD_COUNT, NULL},
};

static const struct preset_field no_fields[] = {
    {FIELD_COUNT, NULL},
};

const struct preset preset_table[] = {
    {"zoho", "Zoho CRM", {"Record Id|Contact Id;Contact Owner.id", NULL}, NULL,
	"Record Id|Contact Id", PRESET_ID_ZOHO, false, "zoho", zoho_fields},
    {"salesforce-report", "Salesforce report",
	{"Mailing Zip/Postal Code",
	    "Contact ID;Account Name;!Contact Owner.id"},
	NULL, "Contact ID|Contact ID 18|Contact ID (18)|Case Safe ID",
	PRESET_ID_SALESFORCE, false, "salesforce", salesforce_report_fields},
    {"salesforce-dataloader", "Salesforce Data Loader", {"Id;LastName", NULL},
	NULL, "Id", PRESET_ID_SALESFORCE, true, "salesforce",
	salesforce_dataloader_fields},
    {"hubspot", "HubSpot",
	{"Record ID;First Name;Contact owner|Associated Company|"
	 "Lifecycle Stage|Phone Number",
	    NULL},
	NULL, "Record ID|Record ID - Contact|Contact ID", PRESET_ID_DIGITS,
	false, NULL, hubspot_fields},
    {"gohighlevel", "GoHighLevel",
	{"Contact Id;First Name;Tags|Last Activity;!Contact Owner.id", NULL},
	NULL, "Contact Id", PRESET_ID_TOKEN, false, NULL, gohighlevel_fields},
    {"pipedrive", "Pipedrive", {"Person - ID;Person - Name", NULL}, NULL,
	"Person - ID", PRESET_ID_DIGITS, false, NULL, pipedrive_fields},
    {"agencybloc", "AgencyBloc", {"Individual: *", NULL}, NULL,
	"Individual: Individual ID|Individual: ID|Individual ID",
	PRESET_ID_DIGITS, false, NULL, agencybloc_fields},
    {"google-new", "Google Contacts",
	{"E-mail 1 - Value;Phonetic First Name", NULL}, NULL, NULL,
	PRESET_ID_ANY, false, NULL, google_new_fields},
    {"google-old", "older Google Contacts", {"Given Name;Yomi Name", NULL},
	NULL, NULL, PRESET_ID_ANY, false, NULL, google_old_fields},
    {"outlook", "Outlook", {"E-mail Address;Home Street", NULL}, NULL, NULL,
	PRESET_ID_ANY, false, NULL, outlook_fields},
    {"vcard", "vCard", {NULL, NULL}, "vCard", "UID", PRESET_ID_ANY, false, NULL,
	vcard_fields},
    {PRESET_GENERIC, "a sheet of any kind", {NULL, NULL}, NULL, NULL,
	PRESET_ID_ANY, false, NULL, no_fields},
};
/* clang-format on */

const size_t preset_count = sizeof(preset_table) / sizeof(preset_table[0]);

static const struct preset *
generic(void)
{
	return &preset_table[preset_count - 1];
}

bool
preset_is_called(const struct preset *preset, const char *name)
{
	size_t len = strlen(name);

	return len > 0 && strncasecmp(preset->name, name, len) == 0 &&
	       (preset->name[len] == '\0' || preset->name[len] == '-');
}

const struct preset *
preset_need(const char *name, struct err *err)
{
	const char *names[sizeof(preset_table) / sizeof(preset_table[0])];
	const char *nearest;

	for (size_t i = 0; i < preset_count; i++) {
		if (preset_is_called(&preset_table[i], name))
			return &preset_table[i];
		names[i] = preset_table[i].name;
	}
	nearest = str_nearest(name, names, preset_count);
	if (nearest)
		err_set(err, ERR_USAGE,
		    "no CRM is called '%s' here; did you mean '%s'?", name,
		    nearest);
	else
		err_set(err, ERR_USAGE,
		    "no CRM is called '%s' here; '%s' takes any sheet", name,
		    PRESET_GENERIC);
	return NULL;
}

/* ---- recognition -----------------------------------------------------------
 */

/* The next of a list of texts joined by `mark`; false at the end. */
static bool
next_part(const char **list, char mark, char part[NAME_MAX_BYTES])
{
	size_t len;

	if (!*list || !**list)
		return false;
	len = strcspn(*list, (char[]){mark, '\0'});
	if (len < NAME_MAX_BYTES) {
		memcpy(part, *list, len);
		part[len] = '\0';
	} else {
		*part = '\0';
	}
	*list += len + ((*list)[len] == mark);
	return true;
}

uint32_t
preset_column(const struct records *records, const char *spellings)
{
	char name[NAME_MAX_BYTES];
	uint32_t column = RECORDS_NONE;

	while (column == RECORDS_NONE && next_part(&spellings, '|', name))
		column = records_find_column(records, name);
	return column;
}

static bool
some_begins(const struct records *records, const char *start, size_t len)
{
	for (uint32_t i = 0; i < records_column_count(records); i++)
		if (strncasecmp(records_column_name(records, i), start, len) ==
		    0)
			return true;
	return false;
}

static bool
signature_holds(const struct records *records, const char *signature)
{
	char part[NAME_MAX_BYTES];

	while (next_part(&signature, ';', part)) {
		size_t len = strlen(part);
		bool absent = *part == '!', there;

		if (part[len - 1] == '*')
			there = some_begins(records, part, len - 1);
		else
			there = preset_column(records, part + absent) !=
				RECORDS_NONE;
		if (there == absent)
			return false;
	}
	return true;
}

static bool
all_of(const char *text, size_t len, int (*is)(int))
{
	for (size_t i = 0; i < len; i++)
		if (!is((unsigned char)text[i]))
			return false;
	return len > 0;
}

bool
preset_id_fits(const struct preset *preset, const char *id)
{
	size_t len;

	id += strspn(id, " \t");
	len = strcspn(id, " \t\r\n");
	switch (preset->id) {
	case PRESET_ID_DIGITS: return all_of(id, len, isdigit);
	case PRESET_ID_SALESFORCE:
		return (len == 15 || len == 18) && all_of(id, len, isalnum);
	case PRESET_ID_ZOHO:
		if (str_starts(id, "zcrm_"))
			return all_of(id + 5, len - 5, isdigit);
		return all_of(id, len, isdigit);
	case PRESET_ID_TOKEN: return len == 20 && all_of(id, len, isalnum);
	case PRESET_ID_ANY: break;
	}
	return len > 0;
}

/* At least half of the IDs look like that CRM's, or there are none. */
static bool
ids_fit(const struct records *records, const struct preset *preset)
{
	uint32_t column = preset_column(records, preset->ids);
	uint32_t rows = records_count(records), fit = 0, filled = 0;

	if (column == RECORDS_NONE)
		return true;
	for (uint32_t row = 0; row < rows && row < ID_ROWS; row++) {
		const char *id = records_cell(records, row, column);

		if (str_blank(id))
			continue;
		filled++;
		fit += preset_id_fits(preset, id);
	}
	return fit * 2 >= filled;
}

const struct preset *
preset_recognise(const struct records *records, const char *format)
{
	for (size_t i = 0; i < preset_count; i++) {
		const struct preset *preset = &preset_table[i];

		if (preset->format && format &&
		    str_equal_fold(preset->format, format))
			return preset;
		for (size_t k = 0; k < 2 && preset->signatures[k]; k++)
			if (signature_holds(records, preset->signatures[k]) &&
			    (!preset->id_needed || ids_fit(records, preset)))
				return preset;
	}
	return generic();
}
