/* SPDX-License-Identifier: MIT */
#include "book/propose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book/config.h"
#include "book/mapping.h"
#include "check.h"
#include "source/records.h"
#include "source/source.h"

static struct source *
open_source(const char *path)
{
	struct err err = ERR_INIT;
	struct source *source = source_open(path, &err);
	enum source_progress progress = SOURCE_FAILED;

	if (source)
		do
			progress = source_load(source, RECORDS_ROWS_MAX, &err);
		while (progress == SOURCE_MORE);
	if (progress != SOURCE_DONE) {
		printf("# %s: %s\n", path, err.text);
		check_that(false, __FILE__, __LINE__, path);
		check_abandon();
	}
	return source;
}

static struct source *
write_source(const char *name, const char *text)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", check_directory(), name);
	check_write(path, text);
	return open_source(path);
}

static struct proposal *
propose(const struct source *source, const char *crm)
{
	struct err err = ERR_INIT;
	struct proposal *proposal = proposal_make(source_records(source),
	    source_format_name(source), crm, PROPOSAL_ROWS, &err);

	if (!proposal) {
		printf("# %s\n", err.text);
		check_that(false, __FILE__, __LINE__, "proposal");
		check_abandon();
	}
	return proposal;
}

static const char *
rule_of(const struct proposal *proposal, enum field field)
{
	return proposal_field(proposal, field)->rule;
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* What is written must load as a config without any problem. */
static void
check_config(const struct proposal *proposal, const char *what)
{
	struct str text, problems;
	struct err err = ERR_INIT;
	struct config *config;

	str_init(&text, 1 << 20);
	str_init(&problems, 1 << 16);
	proposal_config_text(proposal, "/made-up/export.csv", &text);
	config = config_parse(
	    "proposed.yaml", text.data, text.len, &problems, &err);
	if (!config)
		printf("# %s: %s\n# %s\n", what, err.text, problems.data);
	CHECK(config != NULL);
	if (config)
		CHECK_TEXT(config->contacts, "/made-up/export.csv");
	config_free(config);
	str_release(&text);
	str_release(&problems);
}

/* ---- exports of CRMs --------------------------------------------------------
 */

struct expected {
	enum field field;
	const char *rule;
};

#define NAMES                                \
	{FIELD_FIRST_NAME, "First Name"},    \
	{                                    \
		FIELD_LAST_NAME, "Last Name" \
	}
#define NO_ID                                       \
	{                                           \
		FIELD_EXTERNAL_ID, "{minted: true}" \
	}

/* clang-format off */
#define OR_BUSINESS(name)                                     \
	"[{column: Home " name                                \
	", when: {column: Home Postal Code, filled: true}}, " \
	"{column: Business " name                             \
	", when: {column: Home Postal Code, filled: false}}, Home " name "]"
#define CUSTOM(what)                                       \
	"{pair: {label: Custom Field * - Label, is: " what \
	", value: Custom Field * - Value}}"
#define POSTAL " of Postal address"

static const struct export
{
	const char *file, *preset;
	struct expected fields[FIELD_COUNT + 1]; /* up to one without rule */
}
exports[] = {
    {"hubspot", "hubspot",
	{{FIELD_EXTERNAL_ID, "Record ID"}, NAMES, {FIELD_EMAIL, "Email"},
	    {FIELD_PHONE, "Phone Number"}}},
    {"hubspot-all", "hubspot",
	{{FIELD_EXTERNAL_ID, "Record ID"}, NAMES, {FIELD_EMAIL, "Email"},
	    {FIELD_PHONE, "[Phone Number, Mobile Phone Number]"},
	    {FIELD_BIRTH_DATE, "Date of birth"}, {FIELD_SEX, "Gender"},
	    {FIELD_ADDRESS_1, "Street Address"}, {FIELD_CITY, "City"},
	    {FIELD_STATE, "State/Region"}, {FIELD_ZIP, "Postal Code"},
	    {FIELD_TYPE, "Lifecycle Stage"},
	    {FIELD_MEDICARE_NUMBER, "Medicare Number (MBI)"},
	    {FIELD_PART_A_DATE, "Part A Effective Date"},
	    {FIELD_PART_B_DATE, "Part B Effective Date"},
	    {FIELD_MEDICAID_ELIGIBLE, "Medicaid"},
	    {FIELD_MEDICAID_NUMBER, "Medicaid ID"},
	    {FIELD_EXTRA_HELP, "Extra Help / LIS"}}},
    {"salesforce-report", "salesforce-report",
	{{FIELD_EXTERNAL_ID, "{column: Contact ID, canonical: salesforce}"},
	    NAMES, {FIELD_EMAIL, "Email"}, {FIELD_PHONE, "[Phone, Mobile]"},
	    {FIELD_ADDRESS_1, "{column: Mailing Street, line: 1}"},
	    {FIELD_ADDRESS_2, "{column: Mailing Street, line: 2..}"},
	    {FIELD_CITY, "Mailing City"},
	    {FIELD_STATE, "Mailing State/Province"},
	    {FIELD_ZIP, "Mailing Zip/Postal Code"}}},
    {"salesforce-report-birthdate", "salesforce-report",
	{{FIELD_EXTERNAL_ID, "{column: Contact ID, canonical: salesforce}"},
	    NAMES, {FIELD_PHONE, "Home Phone"}, {FIELD_BIRTH_DATE, "Birthdate"},
	    {FIELD_MEDICARE_NUMBER, "MBI__c"}}},
    {"salesforce-dataloader-upper", "salesforce-dataloader",
	{{FIELD_EXTERNAL_ID, "{column: ID, canonical: salesforce}"},
	    {FIELD_FIRST_NAME, "FIRSTNAME"}, {FIELD_LAST_NAME, "LASTNAME"},
	    {FIELD_EMAIL, "EMAIL"},
	    {FIELD_PHONE, "[PHONE, MOBILEPHONE, HOMEPHONE]"},
	    {FIELD_BIRTH_DATE, "BIRTHDATE"}, {FIELD_ADDRESS_1, "MAILINGSTREET"},
	    {FIELD_CITY, "MAILINGCITY"}, {FIELD_STATE, "MAILINGSTATE"},
	    {FIELD_ZIP, "MAILINGPOSTALCODE"}}},
    {"salesforce-dataloader-query", "salesforce-dataloader",
	{{FIELD_EXTERNAL_ID, "{column: Id, canonical: salesforce}"},
	    {FIELD_FIRST_NAME, "FirstName"}, {FIELD_LAST_NAME, "LastName"},
	    {FIELD_EMAIL, "Email"},
	    {FIELD_PHONE, "[Phone, MobilePhone, HomePhone]"},
	    {FIELD_BIRTH_DATE, "Birthdate"}, {FIELD_ADDRESS_1, "MailingStreet"},
	    {FIELD_CITY, "MailingCity"}, {FIELD_STATE, "MailingState"},
	    {FIELD_ZIP, "MailingPostalCode"}}},
    {"zoho", "zoho",
	{{FIELD_EXTERNAL_ID, "{column: Record Id, canonical: zoho}"}, NAMES,
	    {FIELD_EMAIL, "[Email, Secondary Email]"},
	    {FIELD_PHONE, "[Mobile, Phone]"},
	    {FIELD_BIRTH_DATE, "Date of Birth"},
	    {FIELD_SEX, "Primary Member Gender"},
	    {FIELD_ADDRESS_1, "Mailing Street"}, {FIELD_CITY, "Mailing City"},
	    {FIELD_STATE, "Mailing State"}, {FIELD_ZIP, "Mailing Zip"},
	    {FIELD_MEDICARE_NUMBER, "Medicare ID"}}},
    {"zoho-contact-id", "zoho",
	{{FIELD_EXTERNAL_ID, "{column: Contact Id, canonical: zoho}"}, NAMES,
	    {FIELD_EMAIL, "Email"},
	    {FIELD_PHONE, "[Mobile, Home Phone, Other Phone]"},
	    {FIELD_BIRTH_DATE, "Date of Birth"},
	    {FIELD_ADDRESS_1, "Mailing Street"}, {FIELD_CITY, "Mailing City"},
	    {FIELD_STATE, "Mailing State"}, {FIELD_ZIP, "Mailing Zip"}}},
    {"gohighlevel", "gohighlevel",
	{{FIELD_EXTERNAL_ID, "Contact Id"}, NAMES, {FIELD_EMAIL, "Email"},
	    {FIELD_PHONE, "Phone"}}},
    {"gohighlevel-name", "gohighlevel",
	{{FIELD_EXTERNAL_ID, "Contact Id"}, NAMES, {FIELD_EMAIL, "Email"},
	    {FIELD_PHONE, "Phone"}, {FIELD_ADDRESS_1, "Street Address"},
	    {FIELD_CITY, "City"}, {FIELD_STATE, "State"},
	    {FIELD_ZIP, "Postal Code"}, {FIELD_BIRTH_DATE, "Date Of Birth"},
	    {FIELD_MEDICARE_NUMBER, "Medicare Number"}}},
    {"gohighlevel-short", "gohighlevel",
	{{FIELD_EXTERNAL_ID, "Contact Id"}, NAMES, {FIELD_EMAIL, "Email"},
	    {FIELD_PHONE, "Phone"}}},
    {"pipedrive", "pipedrive",
	{{FIELD_EXTERNAL_ID, "Person - ID"},
	    {FIELD_FIRST_NAME, "Person - First name"},
	    {FIELD_LAST_NAME, "Person - Last name"},
	    {FIELD_EMAIL, "[Person - Email - Home, Person - Email - Work, "
			  "Person - Email - Other]"},
	    {FIELD_PHONE, "[Person - Phone - Mobile, Person - Phone - Home, "
			  "Person - Phone - Work, Person - Phone - Other]"},
	    {FIELD_BIRTH_DATE, "Person - Birthday"},
	    {FIELD_ADDRESS_1, "{join: [Person - House number" POSTAL
			      ", Person - Street/road name" POSTAL "]}"},
	    {FIELD_CITY, "Person - City/town/village/locality" POSTAL},
	    {FIELD_STATE, "Person - State/county" POSTAL},
	    {FIELD_ZIP, "Person - ZIP/Postal code" POSTAL}}},
    {"pipedrive-old", "pipedrive",
	{{FIELD_EXTERNAL_ID, "Person - ID"},
	    {FIELD_FIRST_NAME,
		"{column: Person - Name, split: {on: \" \", take: 1}}"},
	    {FIELD_LAST_NAME,
		"{column: Person - Name, split: {on: \" \", take: -1}}"},
	    {FIELD_EMAIL, "Person - Email"}, {FIELD_PHONE, "Person - Phone"}}},
    {"agencybloc", "agencybloc",
	{{FIELD_EXTERNAL_ID, "\"Individual: Individual ID\""},
	    {FIELD_FIRST_NAME, "\"Individual: First Name\""},
	    {FIELD_LAST_NAME, "\"Individual: Last Name\""},
	    {FIELD_EMAIL, "\"Individual: Email\""},
	    {FIELD_PHONE,
		"[\"Individual: Cell Phone\", \"Individual: Home Phone\"]"},
	    {FIELD_BIRTH_DATE, "\"Individual: Birth Date\""},
	    {FIELD_SEX, "\"Individual: Gender\""},
	    {FIELD_ADDRESS_1, "\"Individual: Address 1\""},
	    {FIELD_ADDRESS_2, "\"Individual: Address 2\""},
	    {FIELD_CITY, "\"Individual: City\""},
	    {FIELD_STATE, "\"Individual: State\""},
	    {FIELD_ZIP, "\"Individual: Zip\""},
	    {FIELD_MEDICARE_NUMBER, "\"Individual: Medicare Number\""}}},
    {"google-new", "google-new",
	{NO_ID, NAMES, {FIELD_EMAIL, "[E-mail 1 - Value, E-mail 2 - Value]"},
	    {FIELD_PHONE, "Phone 1 - Value"}, {FIELD_BIRTH_DATE, "Birthday"},
	    {FIELD_ADDRESS_1, "Address 1 - Street"},
	    {FIELD_ADDRESS_2, "Address 1 - Extended Address"},
	    {FIELD_CITY, "Address 1 - City"},
	    {FIELD_STATE, "Address 1 - Region"},
	    {FIELD_ZIP, "Address 1 - Postal Code"},
	    {FIELD_MEDICARE_NUMBER, CUSTOM("MBI")},
	    {FIELD_PART_B_DATE, CUSTOM("Part B date")}}},
    {"google-old", "google-old",
	{NO_ID, {FIELD_FIRST_NAME, "Given Name"},
	    {FIELD_LAST_NAME, "Family Name"}, {FIELD_EMAIL, "E-mail 1 - Value"},
	    {FIELD_PHONE, "[Phone 1 - Value, Phone 2 - Value]"},
	    {FIELD_BIRTH_DATE, "Birthday"}, {FIELD_SEX, "Gender"},
	    {FIELD_ADDRESS_1, "Address 1 - Street"},
	    {FIELD_ADDRESS_2, "Address 1 - Extended Address"},
	    {FIELD_CITY, "Address 1 - City"},
	    {FIELD_STATE, "Address 1 - Region"},
	    {FIELD_ZIP, "Address 1 - Postal Code"}}},
    {"outlook", "outlook",
	{NO_ID, NAMES,
	    {FIELD_EMAIL,
		"[E-mail Address, E-mail 2 Address, E-mail 3 Address]"},
	    {FIELD_PHONE,
		"[Mobile Phone, Home Phone, Primary Phone, Other Phone]"},
	    {FIELD_BIRTH_DATE, "Birthday"}, {FIELD_SEX, "Gender"},
	    {FIELD_ADDRESS_1, OR_BUSINESS("Street")},
	    {FIELD_ADDRESS_2, OR_BUSINESS("Street 2")},
	    {FIELD_CITY, OR_BUSINESS("City")},
	    {FIELD_STATE, OR_BUSINESS("State")},
	    {FIELD_ZIP, "[Home Postal Code, Business Postal Code]"},
	    {FIELD_MEDICARE_NUMBER, "User 1"}}},
    {"outlook-country", "outlook",
	{NO_ID, NAMES,
	    {FIELD_EMAIL,
		"[E-mail Address, E-mail 2 Address, E-mail 3 Address]"},
	    {FIELD_PHONE,
		"[Mobile Phone, Home Phone, Primary Phone, Other Phone]"},
	    {FIELD_BIRTH_DATE, "Birthday"}, {FIELD_SEX, "Gender"},
	    {FIELD_ADDRESS_1, OR_BUSINESS("Street")},
	    {FIELD_ADDRESS_2, OR_BUSINESS("Street 2")},
	    {FIELD_CITY, OR_BUSINESS("City")},
	    {FIELD_STATE, OR_BUSINESS("State")},
	    {FIELD_ZIP, "[Home Postal Code, Business Postal Code]"},
	    {FIELD_MEDICARE_NUMBER, "Government ID Number"}}},
    {"outlook-google", "outlook",
	{NO_ID, NAMES,
	    {FIELD_EMAIL,
		"[E-mail Address, E-mail 2 Address, E-mail 3 Address]"},
	    {FIELD_PHONE, "[Mobile Phone, Home Phone, Primary Phone]"},
	    {FIELD_BIRTH_DATE, "Birthday"}, {FIELD_SEX, "Gender"},
	    {FIELD_ADDRESS_1, OR_BUSINESS("Street")},
	    {FIELD_ADDRESS_2, "Home Street 2"},
	    {FIELD_CITY, OR_BUSINESS("City")},
	    {FIELD_STATE, OR_BUSINESS("State")},
	    {FIELD_ZIP, "[Home Postal Code, Business Postal Code]"}}},
    {"agency-sheet", "generic",
	{{FIELD_EXTERNAL_ID, "\"Client #\""}, {FIELD_FIRST_NAME, "First"},
	    {FIELD_LAST_NAME, "Last"}, {FIELD_EMAIL, "E-Mail"},
	    {FIELD_PHONE, "[\"Cell #\", Home Ph]"}, {FIELD_BIRTH_DATE, "DOB"},
	    {FIELD_SEX, "M/F"}, {FIELD_ADDRESS_1, "Home Address"},
	    {FIELD_ADDRESS_2, "Apt"}, {FIELD_CITY, "City"}, {FIELD_STATE, "ST"},
	    {FIELD_ZIP, "Zip+4"}, {FIELD_MEDICARE_NUMBER, "\"Medicare #\""},
	    {FIELD_PART_A_DATE, "Part A"}, {FIELD_PART_B_DATE, "Part B"},
	    {FIELD_MEDICAID_ELIGIBLE, "\"Medicaid?\""},
	    {FIELD_EXTRA_HELP, "LIS Level"}}},
    {"book-of-business", "generic",
	{{FIELD_EXTERNAL_ID, "Member ID"},
	    {FIELD_FIRST_NAME,
		"{column: Member Name, split: {on: \",\", take: 2}}"},
	    {FIELD_LAST_NAME,
		"{column: Member Name, split: {on: \",\", take: 1}}"},
	    {FIELD_EMAIL, "Member Email"}, {FIELD_PHONE, "Member Phone"},
	    {FIELD_BIRTH_DATE, "Member Date of Birth"},
	    {FIELD_ADDRESS_1, "Residence Address Line 1"},
	    {FIELD_ADDRESS_2, "Residence Address Line 2"},
	    {FIELD_CITY, "Residence City"}, {FIELD_STATE, "Residence State"},
	    {FIELD_ZIP, "Residence Zip Code"},
	    {FIELD_MEDICARE_NUMBER, "Medicare Beneficiary Identifier"}}},
    {"plain-list", "generic",
	{NO_ID,
	    {FIELD_FIRST_NAME,
		"{column: Full Name, split: {on: \" \", take: 1}}"},
	    {FIELD_LAST_NAME,
		"{column: Full Name, split: {on: \" \", take: -1}}"},
	    {FIELD_EMAIL, "Email address"}, {FIELD_PHONE, "Telephone"},
	    {FIELD_BIRTH_DATE,
		"{column: Date of birth (dd/mm/yyyy), date: d/m/y}"},
	    {FIELD_ZIP, "Postcode"}}},
};
/* clang-format on */

enum { EXPORTS = sizeof(exports) / sizeof(exports[0]) };

static const char *
expected_rule(const struct export *export, enum field field)
{
	for (unsigned i = 0; export->fields[i].rule; i++)
		if (export->fields[i].field == field)
			return export->fields[i].rule;
	return NULL;
}

static void
check_export(const struct export *export)
{
	unsigned there = 0, right = 0, more = 0;
	struct source *source;
	struct proposal *proposal;
	char name[64];

	snprintf(name, sizeof(name), "data/exports/%s%s", export->file,
	    strchr(export->file, '.') ? "" : ".csv");
	source = open_source(check_data(name));
	proposal = propose(source, NULL);
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const char *should = expected_rule(export, i);
		const char *is = rule_of(proposal, i);

		there += should != NULL;
		right += should && same(is, should);
		more += !should && is;
		if (!same(is, should))
			printf("# %s %s: is %s, should be %s\n", export->file,
			    field_table[i].name, is ? is : "-",
			    should ? should : "-");
	}
	printf("# %-28s %-22s %2u of %2u fields right, %u too many\n",
	    export->file, proposal_preset(proposal)->name, right, there, more);
	CHECK_TEXT(proposal_preset(proposal)->name, export->preset);
	CHECK_INT(right, there);
	CHECK_INT(more, 0);
	CHECK_INT(proposal_totals(proposal)->sendable,
	    proposal_totals(proposal)->rows);
	check_config(proposal, export->file);
	proposal_free(proposal);
	source_free(source);
}

TEST(every_export_is_recognised_and_mapped)
{
	for (unsigned i = 0; i < EXPORTS; i++)
		check_export(&exports[i]);
}

/* ---- sheets nobody has seen
 * --------------------------------------------------
 */

/*
 * Columns joined by '|': a name, '=', and the field whose values stand there
 * and which it must become; "field:kind" has values of another kind, "-kind"
 * is a column that must stay unused.
 */
static const char *const sheets[] = {
    "first_name=first_name|last_name=last_name|email=email|phone=phone",
    "FirstName=first_name|LastName=last_name|DateOfBirth=birth_date|"
    "EmailAddress=email|PhoneNumber=phone|ZipCode=zip",
    "FIRST NAME=first_name|LAST NAME=last_name|DOB=birth_date|SEX=sex|"
    "MBI=medicare_number|SSN=-ssn",
    "fname=first_name|lname=last_name|dob=birth_date|cell=phone|addr1=address_"
    "1|"
    "addr2=address_2|city=city|st=state|zip=zip",
    "Last=last_name|First=first_name|MI=-letter|DOB (mm/dd/yyyy)=birth_date|"
    "Cell #=phone|Zip+4=zip|Mbr ID=external_id",
    "Client ID=external_id|Client First Name=first_name|"
    "Client Last Name=last_name|Client DOB=birth_date|Client Phone=phone|"
    "Client Email=email|Spouse First Name=-name|Spouse Last Name=-name|"
    "Spouse DOB=-date|Spouse Phone=-phone",
    "Agent=-name|Agent Email=-email|Agent Phone=-phone|"
    "Insured First Name=first_name|Insured Last Name=last_name|"
    "Insured Birth Date=birth_date|Insured Gender=sex",
    "Contact First Name=first_name|Contact Last Name=last_name|"
    "Mailing Street=address_1|Mailing City=city|Mailing State=state|"
    "Mailing Zip=zip|Emergency Contact=-name|Emergency Phone=-phone",
    "Given name=first_name|Surname=last_name|D.O.B.=birth_date|"
    "Mobile=phone|E-mail=email|Postal Code=zip",
    "Medicare Number=medicare_number|Part A Eff Date=medicare_part_a_effective_"
    "date|Part B Eff Date=medicare_part_b_effective_date|First Name=first_name|"
    "Last Name=last_name",
    "Medicare ID #=medicare_number|Medicare Part A Start Date=medicare_part_a_"
    "effective_date|Medicare Part B Start Date=medicare_part_b_effective_date|"
    "Forename=first_name|Family Name=last_name|Medicaid=medicaid_eligible|"
    "Medicaid ID=medicaid_number|LIS=extra_help",
    "Medicare=-boolean|MBI #=medicare_number|First=first_name|Last=last_name",
    "Medicare=medicare_number|First=first_name|Last=last_name|Birthday=-name|"
    "Date of Birth=birth_date",
    "Customer Number=external_id|Name First=first_name|Name Last=last_name|"
    "Tel=phone|Street Address=address_1|Apt/Suite=address_2|Town=city|"
    "State/Province=state|Zip/Postal Code=zip",
    "Primary Phone=phone|Secondary Phone=phone|Work Phone=phone|Fax=-phone|"
    "First Name=first_name|Last Name=last_name",
    "Home Address=address_1|Home City=city|Home State=state|Home Zip=zip|"
    "Mailing Address=-address_1|Mailing City=-city|Mailing State=-state|"
    "Mailing Zip=-zip|First Name=first_name|Last Name=last_name",
    "Referred By=-name|First Name=first_name|Last Name=last_name|"
    "Referral Phone=-phone|Phone=phone|Created Date=-date|DOB=birth_date",
    "Mbr First Nm=first_name|Mbr Last Nm=last_name|Mbr DOB=birth_date|"
    "Mbr Phone=phone|Mbr Addr 1=address_1|Mbr City=city|Mbr State=state|"
    "Mbr Zip=zip|HICN=medicare_number|Plan ID=-word",
    "LAST_NAME=last_name|FIRST_NAME=first_name|BIRTH_DT=birth_date|"
    "GENDER_CD=sex|ADDR_LINE_1=address_1|CITY_NM=city|STATE_CD=state|"
    "ZIP_CD=zip|MBI_ID=medicare_number|PHONE_NBR=phone",
    "Prospect First Name=first_name|Prospect Last Name=last_name|"
    "Best Phone=phone|Personal Email=email|Date of Birth:=birth_date|"
    "Lead Source=-word|Portal Password=-word",
    "Beneficiary First Name=first_name|Beneficiary Last Name=last_name|"
    "Beneficiary DOB=birth_date|Medicare Claim Number=medicare_number|"
    "Effective Date=-date|Term Date=-date|Premium=-money",
    "contact.first_name=first_name|contact.last_name=last_name|"
    "contact.email=email|address.street=address_1|address.city=city|"
    "address.state=state|address.zip=zip",
    "Cell Phone=phone|Home Phone=phone|Last Name=last_name|"
    "First Name=first_name|Gender (M/F)=sex|Email Opt Out=-boolean|"
    "Do Not Call=-boolean",
    "Dual Eligible=medicaid_eligible|Extra Help=extra_help|"
    "Medicaid Number=medicaid_number|First Name=first_name|"
    "Last Name=last_name|Hospital (Part A)=medicare_part_a_effective_date|"
    "Medical (Part B)=medicare_part_b_effective_date",
    "Status=type|First Name=first_name|Last Name=last_name|"
    "Policy Status=-word|Marital Status=-word",
    "Status=-word|First Name=first_name|Last Name=last_name|Region=-word",
    "ID=external_id|First=first_name|Last=last_name|Born=birth_date|"
    "Sex=sex|E-Mail Address=email|Phone #=phone",
    "Row=-number|First Name=first_name|Last Name=last_name|Account Id=-same|"
    "Phone=phone",
    "Pri Phone=phone|Pri Email=email|Applicant First=first_name|"
    "Applicant Last=last_name|Applicant Birthdate=birth_date|"
    "Applicant SSN=-ssn|Employer=-word",
    "Client's First Name=first_name|Client's Last Name=last_name|"
    "Client's Date of Birth=birth_date|Client's MBI=medicare_number|"
    "Husband's MBI=-medicare_number|Doctor Name=-name|Doctor Phone=-phone",
    "First Name=first_name|Last Name=last_name|Beneficiary Name=-name|"
    "Beneficiary DOB=-birth_date|Beneficiary Phone=-phone|"
    "Beneficiary ID=medicare_number",
    "CLIENT FIRST=first_name|CLIENT LAST=last_name|SP DOB=-birth_date|"
    "SP MBI=-medicare_number|SP PHONE=-phone",
    "First Name=first_name|Last Name=last_name|PCP Phone=-phone|"
    "Pharmacy Zip=-zip|Producer Email=-email|Previous City=-city|"
    "Responsible Party Email=-email|Joint Phone=-phone",
    "First Name=first_name|Last Name=last_name|Custom 7=medicare_number|"
    "Custom 8=-word|ZIP=zip",
    "Policyholder=first_name:full_name|Policyholder DOB=birth_date|"
    "Policyholder Address=address_1:whole_address|Carrier=-word|Premium=-money",
    "Name of Client=first_name:full_name|Tel. No.=phone|Email ID=email|"
    "Birth Dt=birth_date|Zip Cd=zip|Sex Cd=sex",
    "Nombre=first_name|Apellido=last_name|Fecha de nacimiento=birth_date|"
    "Teléfono=phone|Correo electrónico=email|Código postal=zip|Sexo=sex",
    "Patient Name=first_name:full_name|Patient DOB=birth_date|"
    "Guarantor Name=-name|Guarantor Phone=-phone|Patient Phone=phone",
    "Legal First Name=first_name|Legal Last Name=last_name|Preferred Name="
    "-name|Maiden Name=-name|Work Number=phone|Home Number=phone",
    "First Name=first_name|Last Name=last_name|Medicare Effective Date=-date|"
    "Part A & B=-boolean|T65 Date=-date|Account Number=external_id|"
    "City/State/Zip=city:whole_address",
    "MBI=-ssn|Medicaid ID=-ssn|First Name=first_name|Last Name=last_name",
    "Client Id=-ssn|First Name=first_name|Last Name=last_name|Zip Code=zip|"
    "Mobile Phone=phone",
};

enum { SHEETS = sizeof(sheets) / sizeof(sheets[0]), ROWS = 6 };

static const struct kind {
	const char *name;
	const char *values[ROWS];
} kinds[] = {
    {"external_id", {"A-101", "A-102", "A-103", "A-104", "A-105", "A-106"}},
    {"first_name", {"Ruth", "José", "Walter", "Denise", "Luis", "Ann"}},
    {"last_name", {"Bell", "Ábalos", "O'Neil", "van Dam", "Moreno", "Adams"}},
    {"name", {"Pat Doe", "Sam Roe", "Kim Poe", "Pat Doe", "Lee Moe", ""}},
    {"full_name", {"Ruth Bell", "José Ábalos", "Walter O'Neil", "Denise Dam",
		      "Luis Moreno", "Ann Adams"}},
    {"whole_address",
	{"12 Elm St, Ames, IA 50010", "9 Oak Ave, Troy, NY 12180", "",
	    "77 Lake Dr, Tampa, FL 33602-1234", "5 Hill Rd, Mesa, AZ 85201",
	    "41 Bay Ct, Newark, NJ 07102"}},
    {"email", {"a@example.com", "b@example.com", "c@example.com", "",
		  "e@example.com", "f@example.com"}},
    {"phone", {"(916) 555-0101", "617-555-0102", "5125550103", "",
		  "+1 602 555 0105", "973.555.0106"}},
    {"birth_date", {"3/14/1951", "11/2/1948", "1/15/1955", "7/30/1950",
		       "12/25/1953", "5/9/1957"}},
    {"date", {"1/1/2024", "2/1/2024", "", "3/1/2024", "4/1/2024", "5/1/2024"}},
    {"sex", {"F", "M", "M", "F", "M", "F"}},
    {"address_1", {"12 Elm St", "9 Oak Ave", "310 Main St", "77 Lake Dr",
		      "5 Hill Rd", "41 Bay Ct"}},
    {"address_2", {"Apt 4", "", "", "Unit B", "", ""}},
    {"city", {"Sacramento", "Boston", "Austin", "Tampa", "Phoenix", "Newark"}},
    {"state", {"CA", "MA", "TX", "FL", "AZ", "NJ"}},
    {"zip", {"95811", "02108", "78701", "33602-1234", "85003", "07102"}},
    {"type", {"Client", "Lead", "Prospect", "Client", "Client", "Lead"}},
    {"medicare_number", {"1EG4-TE5-MK73", "1S00E00HA26", "2S00E00HA27", "",
			    "4S00E00HA29", "5S00E00HA30"}},
    {"medicare_part_a_effective_date",
	{"3/1/2016", "11/1/2013", "1/1/2020", "7/1/2015", "12/1/2018", ""}},
    {"medicare_part_b_effective_date",
	{"3/1/2016", "11/1/2013", "1/1/2020", "7/1/2015", "12/1/2018", ""}},
    {"medicaid_number", {"M1234501A", "", "", "M1234504A", "", "M1234506A"}},
    {"medicaid_eligible", {"Yes", "No", "", "Yes", "No", "Yes"}},
    {"extra_help", {"No", "Yes", "", "No", "Full", "Yes"}},
    {"boolean", {"Yes", "No", "Yes", "Yes", "No", "Yes"}},
    {"ssn", {"000-12-3401", "000-12-3402", "000-12-3403", "000-12-3404",
		"000-12-3405", "000-12-3406"}},
    {"letter", {"A", "", "B", "", "C", "D"}},
    {"word", {"Open", "Referred", "Active", "Open", "Widowed", "West"}},
    {"number", {"1", "2", "3", "4", "5", "6"}},
    {"same", {"77", "77", "77", "78", "78", "78"}},
    {"money", {"$12.00", "$13.50", "$0.00", "$12.00", "$99.10", ""}},
};

static const struct kind *
kind_of(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i].name) == len &&
		    strncmp(kinds[i].name, name, len) == 0)
			return &kinds[i];
	printf("# no kind '%.*s'\n", (int)len, name);
	check_that(false, __FILE__, __LINE__, name);
	check_abandon();
}

/* The text of a sheet: its header (row 0) or row `row`. */
static void
add_row(struct str *out, const char *sheet, unsigned row)
{
	while (*sheet) {
		size_t name = strcspn(sheet, "="), len = strcspn(sheet, "|");
		size_t start = name + 1 + (sheet[name + 1] == '-');
		const char *colon = memchr(sheet + start, ':', len - start);
		const struct kind *kind;

		if (colon)
			start = (size_t)(colon - sheet) + 1;
		kind = kind_of(sheet + start, len - start);
		if (row == 0)
			str_add_bytes(out, sheet, name);
		else
			str_add(out, kind->values[row - 1]);
		sheet += len;
		if (*sheet) {
			str_add_char(out, ';');
			sheet++;
		}
	}
	str_add_char(out, '\n');
}

/* How many columns of a sheet are not what they should be. */
static unsigned
wrong_columns(
    const struct proposal *proposal, const char *sheet, unsigned *columns)
{
	unsigned wrong = 0, number = 0;

	for (; *sheet; number++) {
		size_t name = strcspn(sheet, "="), len = strcspn(sheet, "|");
		char should[64] = "";
		enum field field;
		const struct proposal_column *column = proposal_column(
		    proposal, number);

		if (sheet[name + 1] != '-') {
			memcpy(should, sheet + name + 1, len - name - 1);
			should[len - name - 1] = '\0';
			should[strcspn(should, ":")] = '\0';
		}
		field = *should ? field_from_name(should) : FIELD_COUNT;
		if (column->field != field) {
			wrong++;
			printf("# \"%s\": is %s, should be %s\n", column->name,
			    column->field < FIELD_COUNT
				? field_table[column->field].name
				: "-",
			    *should ? should : "-");
		}
		sheet += len + (sheet[len] == '|');
	}
	*columns = number;
	return wrong;
}

TEST(sheets_of_any_kind)
{
	unsigned right = 0, all = 0;

	for (unsigned i = 0; i < SHEETS; i++) {
		struct source *source;
		struct proposal *proposal;
		unsigned columns, wrong;
		struct str text;

		str_init(&text, 1 << 16);
		for (unsigned row = 0; row <= ROWS; row++)
			add_row(&text, sheets[i], row);
		source = write_source("sheet.csv", text.data);
		proposal = propose(source, NULL);
		wrong = wrong_columns(proposal, sheets[i], &columns);
		CHECK_INT(wrong, 0);
		right += columns - wrong;
		all += columns;
		CHECK_TEXT(proposal_preset(proposal)->name, "generic");
		check_config(proposal, sheets[i]);
		proposal_free(proposal);
		source_free(source);
		str_release(&text);
	}
	printf("# %u sheets, %u columns: %u right, %u wrong\n", SHEETS, all,
	    right, all - right);
}

/* ---- what must never happen
 * ---------------------------------------------------
 */

TEST(what_is_secret_is_not_shown)
{
	struct source *source = write_source("s.csv",
	    "Record ID,First Name,Last Name,Phone Number,SSN,Code,Portal "
	    "Password,Remarks\n"
	    "51,Ruth,Bell,916-555-0101,000-12-3456,000123457,swordfish,her "
	    "number is 000-12-3458\n"
	    "52,Walter,Ames,916-555-0102,000-12-4456,000124457,tuna,\n");
	struct proposal *proposal = propose(source, NULL);
	struct err err = ERR_INIT;
	struct str text;

	str_init(&text, 1 << 20);
	proposal_config_text(proposal, "/x", &text);
	CHECK(!strstr(text.data, "000-12") && !strstr(text.data, "00012"));
	CHECK(!strstr(text.data, "swordfish"));
	/* nor anything else of a person: a config is copied and mailed */
	CHECK(!strstr(text.data, "Ruth") && !strstr(text.data, "Bell") &&
	      !strstr(text.data, "916-555"));
	for (uint32_t i = 0; i < proposal_column_count(proposal); i++) {
		const struct proposal_column *column = proposal_column(
		    proposal, i);

		CHECK_INT(column->secret, i >= 4 && i <= 6);
		for (unsigned k = 0; k < column->sample_count; k++)
			CHECK(!strstr(column->samples[k], "000-12"));
	}
	/* not even when somebody maps it */
	CHECK(proposal_set(proposal, FIELD_MEDICAID_NUMBER, "SSN", &err));
	CHECK_INT(
	    proposal_field(proposal, FIELD_MEDICAID_NUMBER)->sample_count, 0);
	str_release(&text);
	proposal_free(proposal);
	source_free(source);
}

TEST(rows_with_both_names_in_one_column_are_cut)
{
	struct source *source = write_source("s.csv",
	    "Record ID,First Name,Last Name,Phone Number\n"
	    "51,Ruth,Bell,916-555-0101\n"
	    "52,,\"Smith, John\",916-555-0102\n"
	    "53,Ann,\"Dean, \",916-555-0103\n");
	struct proposal *proposal = propose(source, NULL);

	CHECK_TEXT(rule_of(proposal, FIELD_FIRST_NAME),
	    "[First Name, {column: Last Name, split: {on: \",\", take: 2}}]");
	CHECK_TEXT(rule_of(proposal, FIELD_LAST_NAME),
	    "{column: Last Name, split: {on: \",\", take: 1}}");
	CHECK(strstr(proposal_field(proposal, FIELD_LAST_NAME)->question,
	    "In 1 row \"Last Name\" holds the whole name"));
	CHECK_INT(proposal_totals(proposal)->sendable, 3);
	check_config(proposal, "names of some rows");
	proposal_free(proposal);
	source_free(source);

	/* a suffix would be lost: then nothing is cut */
	source = write_source("j.csv",
	    "Record ID,First Name,Last Name,Phone Number\n"
	    "51,Ruth,\"Bell, Sr.\",916-555-0101\n"
	    "52,,\"Smith, John\",916-555-0102\n");
	proposal = propose(source, NULL);
	CHECK_TEXT(rule_of(proposal, FIELD_LAST_NAME), "Last Name");
	CHECK_TEXT(rule_of(proposal, FIELD_FIRST_NAME), "First Name");
	proposal_free(proposal);
	source_free(source);
}

/* ---- changing it
 * ---------------------------------------------------------------
 */

TEST(a_rule_is_changed_and_counted_anew)
{
	struct source *source = write_source("c.csv",
	    "Record ID,First Name,Last Name,Phone Number,Alt Day\n"
	    "51,Ruth,Bell,12,916-555-0101\n"
	    "52,Walter,,916-555-0102,\n");
	struct proposal *proposal = propose(source, NULL);
	struct err err = ERR_INIT;
	struct mapping *mapping;

	CHECK_INT(proposal_totals(proposal)->sendable, 1);
	CHECK_INT(proposal_field(proposal, FIELD_LAST_NAME)->blocked, 1);
	CHECK_INT(proposal_field(proposal, FIELD_PHONE)->filled, 2);
	CHECK_INT(proposal_field(proposal, FIELD_PHONE)->left_out, 1);
	CHECK(proposal_set(
	    proposal, FIELD_PHONE, "[Alt Day, Phone Number]", &err));
	CHECK_INT(proposal_field(proposal, FIELD_PHONE)->left_out, 0);
	CHECK_INT(
	    proposal_field(proposal, FIELD_PHONE)->certainty, PROPOSAL_CHOSEN);
	CHECK_INT(proposal_column(proposal, 4)->field, FIELD_PHONE);
	CHECK(proposal_set(proposal, FIELD_LAST_NAME,
	    "{column: Last Name, default: Doe}", &err));
	CHECK_INT(proposal_totals(proposal)->sendable, 2);
	mapping = proposal_mapping(proposal);
	REQUIRE(mapping);
	CHECK(mapping_has(mapping, FIELD_PHONE));
	mapping_free(mapping);
	CHECK(proposal_set(proposal, FIELD_PHONE, NULL, &err));
	CHECK(!rule_of(proposal, FIELD_PHONE));
	CHECK_INT(proposal_field(proposal, FIELD_PHONE)->candidate_count, 1);
	proposal_free(proposal);
	source_free(source);
}

TEST(a_wrong_rule_changes_nothing)
{
	static const struct {
		const char *rule, *message;
	} wrong[] = {
	    {"Phone Numer",
		"mapping.phone: there is no column \"Phone Numer\"; did you "
		"mean \"Phone Number\"?"},
	    {"{colum: A}", NULL},
	    {"[",
		"this is no rule: look whether every { [ and quote is closed, "
		"and put \"quotes\" around a column's name that has one of : # "
		", "
		"[ { in it"},
	    {"A\nlast_name: B", "a rule is one value on one line"},
	    {"{minted: true}", NULL},
	};
	struct source *source = write_source("w.csv",
	    "Record ID,First Name,Last Name,Phone Number\n51,Ruth,Bell,12\n");
	struct proposal *proposal = propose(source, NULL);

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct err err = ERR_INIT;

		CHECK(
		    !proposal_set(proposal, FIELD_PHONE, wrong[i].rule, &err));
		CHECK(err.kind != ERR_NONE);
		if (wrong[i].message)
			CHECK_TEXT(err.text, wrong[i].message);
		CHECK_TEXT(rule_of(proposal, FIELD_PHONE), "Phone Number");
	}
	proposal_free(proposal);
	source_free(source);
}

/* ---- other sources
 * ---------------------------------------------------------------
 */

TEST(keys_named_like_fields_need_no_mapping)
{
	struct source *source = write_source("k.yaml",
	    "- {external_id: a1, first_name: Ruth, last_name: Bell, "
	    "birth_date: 1951-03-14}\n"
	    "- {external_id: a2, first_name: Walter, last_name: Ames}\n");
	struct proposal *proposal = propose(source, NULL);
	struct str text;

	str_init(&text, 1 << 20);
	CHECK(proposal_is_builtin(proposal));
	CHECK_TEXT(rule_of(proposal, FIELD_BIRTH_DATE), "birth_date");
	CHECK_INT(proposal_totals(proposal)->sendable, 2);
	proposal_config_text(proposal, "/x", &text);
	CHECK(!strstr(text.data, "\nmapping:"));
	str_release(&text);
	check_config(proposal, "YAML");
	proposal_free(proposal);
	source_free(source);

	source = write_source("o.yaml",
	    "- {id: a1, firstName: Ruth, lastName: Bell, dob: 1951-03-14}\n");
	proposal = propose(source, NULL);
	CHECK(!proposal_is_builtin(proposal));
	CHECK_TEXT(rule_of(proposal, FIELD_BIRTH_DATE), "dob");
	check_config(proposal, "other YAML");
	proposal_free(proposal);
	source_free(source);
}

TEST(a_header_alone_is_enough)
{
	struct source *source = write_source(
	    "e.csv", "Record ID,First Name,Last Name,Contact owner,DOB,MBI\n");
	struct proposal *proposal = propose(source, NULL);

	CHECK_TEXT(proposal_preset(proposal)->name, "hubspot");
	CHECK_TEXT(rule_of(proposal, FIELD_BIRTH_DATE), "DOB");
	CHECK_TEXT(rule_of(proposal, FIELD_MEDICARE_NUMBER), "MBI");
	check_config(proposal, "header");
	proposal_free(proposal);
	source_free(source);
}

TEST(a_preset_is_asked_for_by_name)
{
	struct source *source = write_source(
	    "n.csv", "Contact ID,First Name,Last Name\n51,Ruth,Bell\n");
	struct proposal *proposal = propose(source, "HubSpot");
	struct err err = ERR_INIT;

	CHECK_TEXT(rule_of(proposal, FIELD_EXTERNAL_ID), "Contact ID");
	CHECK_INT(proposal_field(proposal, FIELD_EXTERNAL_ID)->certainty,
	    PROPOSAL_SURE);
	proposal_free(proposal);
	CHECK(!proposal_make(
	    source_records(source), "CSV", "hubspt", PROPOSAL_ROWS, &err));
	CHECK_INT(err.kind, ERR_USAGE);
	CHECK_TEXT(err.text,
	    "no CRM is called 'hubspt' here; did you mean 'hubspot'?");
	source_free(source);
}

TEST(a_file_without_a_header_is_not_taken_for_one)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
	    {"Ruth,Abernathy,219-09-9999\nWalter,Adams,219-09-9998\n", false},
	    {"Ruth,Abernathy,1EG4-TE5-MK73\nWalter,Adams,\n", false},
	    {"Ruth,Abernathy,ruth@example.com\nWalter,Adams,\n", false},
	    {"51,Ruth,Abernathy,(916) 555-0123\n52,Walter,Adams,\n", false},
	    {"51,First Name,Last Name\n51,Walter,Adams\n", true},
	    {"E-mail 1 - Value,Line 2,2024\na@example.com,b,1\n", true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct source *source = write_source("h.csv", cases[i].text);
		struct err err = ERR_INIT;
		struct proposal *proposal = proposal_make(
		    source_records(source), "CSV", NULL, PROPOSAL_ROWS, &err);

		CHECK((proposal != NULL) == cases[i].good);
		if (!cases[i].good) {
			CHECK_INT(err.kind, ERR_DATA);
			CHECK(strstr(err.text, "header line") != NULL);
			CHECK(strstr(err.text, "219") == NULL);
		}
		proposal_free(proposal);
		source_free(source);
	}
}

/* Names that would be syntax in YAML. */
TEST(column_names_of_any_kind_are_written_well)
{
	struct source *source = write_source("y.csv",
	    "\"Record ID\",First Name,Last Name,Contact owner,\"Phone: #1, "
	    "{cell}\",\"- E-mail\",\"DOB\n(date)\"\n"
	    "51,Ruth,Bell,A,916-555-0101,r@example.com,3/14/1951\n");
	struct proposal *proposal = propose(source, NULL);

	CHECK_INT(proposal_column(proposal, 5)->field, FIELD_EMAIL);
	CHECK_INT(proposal_column(proposal, 6)->field, FIELD_BIRTH_DATE);
	check_config(proposal, "odd names");
	proposal_free(proposal);
	source_free(source);
}

/* ---- what is asked
 * -----------------------------------------------------------
 */

static const struct question {
	const char *text;
	enum field field;
	const char *words; /* in the question; NULL: none is asked */
	unsigned blocked;
} questions[] = {
    {"Individual: Individual ID,Individual: First Name,Individual: Last Name\n"
     "7,Ruth,Bell\n7,Ruth,Bell\n8,Walter,Ames\n",
	FIELD_EXTERNAL_ID, "one for each policy", 2},
    {"Record ID,First Name,Last Name,Contact "
     "owner\n7,Ruth,Bell,A\n,Walter,Ames,A"
     "\n",
	FIELD_EXTERNAL_ID, "is blank in 1 of the rows", 1},
    {"Record ID,First Name,Last Name,Contact owner\n7,Ruth,Bell,A\n",
	FIELD_EXTERNAL_ID, NULL, 0},
    {"Client ID,First Name,Last Name\n7,Ruth,Bell\n8,Walter,Ames\n",
	FIELD_EXTERNAL_ID, "the CRM's own number for each contact", 0},
    {"First Name,Last Name,E-mail 1 - Value,Phonetic First Name\nRuth,Bell,,\n",
	FIELD_EXTERNAL_ID, NULL, 0},
    {"First Name,Last Name\nRuth,Bell\nRuth,Bell\n", FIELD_EXTERNAL_ID,
	"Does the CRM have a number", 2},
    {"ID,First,Last,Sex\n7,Ruth,Bell,1\n8,Walter,Ames,2\n9,Kim,Lee,1\n",
	FIELD_SEX, "\"Sex\" holds codes", 0},
    {"ID,First,Last,DOB\n7,Ruth,Bell,25/12/1950\n8,Walter,Ames,1/2/1950\n",
	FIELD_BIRTH_DATE, "does the day come first", 0},
    {"ID,First,Last,DOB\n7,Ruth,Bell,25/12/1950\n8,Walter,Ames,1/13/1950\n",
	FIELD_BIRTH_DATE, NULL, 0},
    {"ID,First,Last,MBI\n7,Ruth,Bell,000-12-3456\n8,Walter,Ames,000-12-3457\n",
	FIELD_MEDICARE_NUMBER, "looks like Social Security numbers", 0},
    {"ID,First,Last,Extra\n7,Ruth,Bell,1EG4-TE5-MK73\n"
     "8,Walter,Ames,1S00E00HA26\n",
	FIELD_MEDICARE_NUMBER, "the client's own Medicare number", 0},
    {"Record ID,First Name,Last Name,Contact owner\n1234567890123450000,Ruth,"
     "Bell,A\n1234567890123460000,Walter,Ames,A\n",
	FIELD_EXTERNAL_ID, NULL, 2},
};

TEST(what_is_not_sure_is_asked)
{
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		const struct question *one = &questions[i];
		struct source *source = write_source("q.csv", one->text);
		struct proposal *proposal = propose(source, NULL);
		const char *question =
		    proposal_field(proposal, one->field)->question;

		if (one->words && !(question && strstr(question, one->words)))
			printf("# asked: %s\n", question ? question : "-");
		CHECK(one->words ? question && strstr(question, one->words)
				 : !question);
		CHECK_INT(proposal_totals(proposal)->blocked, one->blocked);
		check_config(proposal, one->text);
		proposal_free(proposal);
		source_free(source);
	}
}

/* A street of one place with the city of another is nobody's address. */
TEST(a_name_is_taken_at_its_word_or_asked_for)
{
	static const struct {
		const char *text, *first, *last, *question;
	} cases[] = {
	    {"Record ID,First Name,Last Name\n1,Test1,User1\n2,Test2,User2\n"
	     "3,Test3,User3\n",
		"First Name", "Last Name",
		"Is \"Last Name\" the last name? Most of its values do not "
		"look like names."},
	    {"Record ID,First Name,Nachname\n1,Ruth,Bell\n2,Ann,Cole\n"
	     "3,Joe,Dean\n",
		"First Name", NULL,
		"Which column has the last name? Every contact needs one."},
	    {"Record ID,First Name,Last Name\n1,Ruth,a@example.com\n"
	     "2,Ann,b@example.com\n3,Joe,c@example.com\n",
		"First Name", NULL,
		"Which column has the last name? Every contact needs one."},
	    {"Record ID,First Name,Last Name\n1,Ruth,Bell\n2,Ann,Cole\n"
	     "3,Joe,Dean\n",
		"First Name", "Last Name", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct source *source = write_source("n.csv", cases[i].text);
		struct proposal *proposal = propose(source, NULL);

		if (!same(
			rule_of(proposal, FIELD_FIRST_NAME), cases[i].first) ||
		    !same(rule_of(proposal, FIELD_LAST_NAME), cases[i].last) ||
		    !same(proposal_field(proposal, FIELD_LAST_NAME)->question,
			cases[i].question))
			check_that(false, __FILE__, __LINE__, cases[i].text);
		check_config(proposal, cases[i].text);
		proposal_free(proposal);
		source_free(source);
	}
}

TEST(a_column_with_odd_values_is_not_passed_over)
{
	struct source *source = write_source("o.csv",
	    "Record ID,First Name,Last Name,Phone,Part B Effective Date\n"
	    "1,Ruth,Bell,555-0101,45000\n2,Ann,Cole,555-0102,45031\n"
	    "3,Joe,Dean,555-0103,45061\n");
	struct proposal *proposal = propose(source, NULL);
	const struct proposal_field *phone = proposal_field(
	    proposal, FIELD_PHONE);

	CHECK(!phone->rule);
	CHECK_TEXT(phone->question,
	    "\"Phone\" is not taken, because most of its values do not look "
	    "like phone numbers: is it the phone?");
	CHECK(proposal_field(proposal, FIELD_PART_B_DATE)->question);
	CHECK(!proposal_field(proposal, FIELD_BIRTH_DATE)->question);
	CHECK_INT(proposal_totals(proposal)->sendable, 3);
	check_config(proposal, "odd values");
	proposal_free(proposal);
	source_free(source);
}

TEST(an_address_is_taken_as_a_whole)
{
	struct source *source = write_source("a.csv",
	    "First Name,Last Name,E-mail Address,Home Street,Home City,"
	    "Home State,Home Postal Code,Other Street,Other City,Other State,"
	    "Other Postal Code\n"
	    "Ruth,Bell,,12 Elm St,,IA,50010,1 Bad St,Wrong,NY,12180\n"
	    "Walter,Ames,,,Nowhere,,,9 Oak Ave,Troy,NY,12180\n"
	    "Kim,Lee,,,Nowhere,,,,,,\n");
	struct proposal *proposal = propose(source, NULL);

	CHECK_INT(proposal_field(proposal, FIELD_CITY)->filled, 2);
	CHECK_TEXT(proposal_field(proposal, FIELD_CITY)->samples[0], "Troy");
	CHECK_TEXT(proposal_field(proposal, FIELD_CITY)->samples[1], "Nowhere");
	CHECK_TEXT(
	    proposal_field(proposal, FIELD_ADDRESS_1)->samples[1], "9 Oak Ave");
	CHECK_TEXT(rule_of(proposal, FIELD_ZIP),
	    "[Home Postal Code, Other Postal Code]");
	proposal_free(proposal);
	source_free(source);
}

TEST(rules_in_force_are_shown_beside_what_else_there_is)
{
	struct source *source = write_source("f.csv",
	    "ID,Given,Family,Cell,Home phone,Zip,Old\n"
	    "1,Ruth,Bell,,(916) 555-0101,95811,\n"
	    "2,Ann,Cole,(916) 555-0102,,9581,x\n");
	const char *rules[FIELD_COUNT] = {
	    [FIELD_EXTERNAL_ID] = "ID",
	    [FIELD_FIRST_NAME] = "Given",
	    [FIELD_PHONE] = "{column: [Cell, Home phone]}",
	    [FIELD_CITY] = "Town", /* not in this file */
	};
	struct err err = ERR_INIT;
	struct proposal *proposal = proposal_of_rules(
	    source_records(source), "CSV", rules, 100, &err);
	const struct proposal_field *field;

	REQUIRE(proposal);
	CHECK_INT(proposal_column(proposal, 6)->filled, 0); /* not looked at */
	while (proposal_look(proposal))
		;
	field = proposal_field(proposal, FIELD_PHONE);
	CHECK_TEXT(field->rule, "{column: [Cell, Home phone]}");
	CHECK_TEXT(field->from, "Cell, then Home phone");
	CHECK_INT(field->certainty, PROPOSAL_CHOSEN);
	CHECK(!field->question);
	CHECK(!rule_of(proposal, FIELD_CITY));
	field = proposal_field(proposal, FIELD_LAST_NAME);
	CHECK(!field->rule);
	REQUIRE(field->candidate_count == 1);
	CHECK_TEXT(
	    proposal_column(proposal, field->candidates[0])->name, "Family");
	CHECK_INT(proposal_column(proposal, 3)->field, FIELD_PHONE);
	CHECK_INT(proposal_column(proposal, 6)->field, FIELD_COUNT);
	CHECK_INT(proposal_column(proposal, 6)->filled, 1);
	CHECK(proposal_set(proposal, FIELD_LAST_NAME, "Family", &err));
	CHECK_INT(proposal_field(proposal, FIELD_LAST_NAME)->filled, 2);
	proposal_free(proposal);
	source_free(source);
}
