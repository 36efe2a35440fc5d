/* SPDX-License-Identifier: MIT */
/*
 * One table of synonyms a field, in plain words. A name is cut into words,
 * its words are brought to one spelling ("#" is "number", "cell" is "mobile"),
 * words that only say whose or which it is are taken off its start, and what
 * is left must be a synonym as a whole, written together or apart.
 */
#include "book/header_name.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"

enum { TEXT_MAX = 1024, PLAIN_MAX = HEADER_WORDS_MAX * HEADER_WORD_SIZE };

/* ---- words -----------------------------------------------------------------
 */

/* Other spellings of a word; both are whole words. */
static const char *const spellings[][2] = {
    {"#", "number"},
    {"num", "number"},
    {"nbr", "number"},
    {"no", "number"},
    {"nr", "number"},
    {"cell", "mobile"},
    {"cellphone", "mobile"},
    {"cellular", "mobile"},
    {"mob", "mobile"},
    {"tel", "phone"},
    {"telephone", "phone"},
    {"ph", "phone"},
    {"phn", "phone"},
    {"phones", "phone"},
    {"eff", "effective"},
    {"effect", "effective"},
    {"dt", "date"},
    {"mbr", "member"},
    {"cust", "customer"},
    {"addr", "address"},
    {"adr", "address"},
    {"add", "address"},
    {"mcare", "medicare"},
    {"mcaid", "medicaid"},
    {"identifier", "id"},
    {"prim", "primary"},
    {"pri", "primary"},
    {"insd", "insured"},
    {"ins", "insured"},
    {"mail", "email"},
    {"emails", "email"},
    {"e-mail", "email"},
    {"clt", "client"},
    {"clients", "client"},
    {"cnty", "county"},
    {"nm", "name"},
    {"frst", "first"},
    {"lst", "last"},
    {"birthdt", "birthdate"},
    {"cd", "code"},
    {"res", "residence"},
    {"residential", "residence"},
    {"hm", "home"},
    {"wk", "work"},
    {"bus", "business"},
    {"eml", "email"},
    {"postcode", "zip"},
    {"zipcode", "zip"},
    {"sp", "spouse"},
    {"sps", "spouse"},
};

/* "E" and "mail" are one word, and so are these. */
static const char *const pairs[][3] = {
    {"e", "email", "email"},
    {"zip", "code", "zip"},
    {"postal", "code", "zip"},
    {"post", "code", "zip"},
    {"birth", "date", "birthdate"},
    {"birth", "day", "birthdate"},
    {"mobile", "phone", "mobile"},
    {"text", "phone", "mobile"},
    {"given", "name", "given"},
};

static void
add_word(struct header_name *name, const char *word)
{
	if (!*word || name->count == HEADER_WORDS_MAX)
		return;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		if (strcmp(word, spellings[i][0]) == 0)
			word = spellings[i][1];
	for (size_t i = 0;
	     name->count > 0 && i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (strcmp(name->words[name->count - 1], pairs[i][0]) == 0 &&
		    strcmp(word, pairs[i][1]) == 0) {
			word = pairs[i][2];
			name->count--;
		}
	str_copy(name->words[name->count++], HEADER_WORD_SIZE, word);
}

/* Blanks where a new word begins by its capital: "MailingStreet", "DOBDate".
 */
static void
split_capitals(struct str *out, const char *text)
{
	for (const char *at = text; *at; at++) {
		if (at > text && isupper((unsigned char)*at) &&
		    (islower((unsigned char)at[-1]) ||
			(isupper((unsigned char)at[-1]) &&
			    islower((unsigned char)at[1]))))
			str_add_char(out, ' ');
		str_add_char(out, *at);
	}
}

/*
 * Takes out what stands in brackets, if something stands before it: a form or
 * a remark, "(mm/dd/yyyy)". "Hospital (Part A)" is the only thing lost by that
 * and has a synonym without the bracket.
 */
static void
drop_brackets(char *text)
{
	char *open = strpbrk(text, "(["), *close;

	if (!open || str_starts(text, "(") || str_starts(text, "["))
		return;
	close = strpbrk(open, ")]");
	if (close)
		memmove(open, close + 1, strlen(close + 1) + 1);
	else
		*open = '\0';
}

static void
read_words(struct header_name *name, const char *folded)
{
	char word[HEADER_WORD_SIZE];
	size_t len = 0;

	for (const char *at = folded;; at++) {
		unsigned char c = (unsigned char)*at;
		bool letter = isalpha(c) || c >= 0x80, number = isdigit(c);
		bool cut = len > 0 &&
			   ((letter && isdigit((unsigned char)word[len - 1])) ||
			       (number &&
				   !isdigit((unsigned char)word[len - 1])));

		if (cut || !(letter || number)) {
			word[len] = '\0';
			add_word(name, word);
			len = 0;
		}
		if ((letter || number) && len + 1 < sizeof(word))
			word[len++] = (char)c;
		if (c == '#')
			add_word(name, "number");
		if (!c)
			break;
	}
}

void
header_name_read(struct header_name *name, const char *text)
{
	struct str apart, folded;

	name->count = 0;
	name->foreign = false;
	str_init(&apart, TEXT_MAX);
	str_init(&folded, TEXT_MAX);
	split_capitals(&apart, text);
	if (apart.len > 0)
		drop_brackets(apart.data);
	text_fold(&folded, apart.data);
	read_words(name, folded.data);
	str_release(&apart);
	str_release(&folded);
}

/* ---- synonyms --------------------------------------------------------------
 */

struct synonym {
	enum field field;
	enum header_fit fit;
	const char *texts; /* words written together, joined by blanks */
};

/* clang-format off */
static const struct synonym synonyms[] = {
    {FIELD_EXTERNAL_ID, HEADER_LIKELY,
	"externalid recordid contactid clientid customerid personid "
	"individualid crmid leadid clientnumber customernumber recordnumber "
	"uniqueid prospectid householdmemberid"},
    {FIELD_EXTERNAL_ID, HEADER_POSSIBLE,
	"id uid uuid guid key recordkey memberid systemid internalid "
	"accountid insuredid policyholderid patientid number membernumber "
	"accountnumber"},
    {FIELD_FIRST_NAME, HEADER_EXACT,
	"firstname givenname given namefirst forename fname firstnm"},
    {FIELD_FIRST_NAME, HEADER_LIKELY,
	"nombre primernombre "
	"first"},
    {FIELD_LAST_NAME, HEADER_EXACT,
	"lastname familyname surname namelast lname lastnm"},
    {FIELD_LAST_NAME, HEADER_LIKELY,
	"apellido apellidos "
	"last family"},
    {FIELD_EMAIL, HEADER_EXACT,
	"correoelectronico correo "
	"email emailaddress emailid"},
    {FIELD_PHONE, HEADER_EXACT, "phone phonenumber mobile mobilenumber"},
    {FIELD_PHONE, HEADER_LIKELY,
	"telefono celular "
	"phonemobile phonehome home landline landlinephone hm homenumber "
	"contactnumber number phoneday phonework"},
    {FIELD_BIRTH_DATE, HEADER_EXACT,
	"birthdate dateofbirth dob birthday bday dobdate birthdateofclient"},
    {FIELD_BIRTH_DATE, HEADER_LIKELY,
	"fechadenacimiento fechanacimiento nacimiento "
	"birth born datebirth bdate"},
    {FIELD_SEX, HEADER_EXACT, "sex gender"},
    {FIELD_SEX, HEADER_LIKELY,
	"sexo genero "
	"mf gendercode sexcode genderidentity"},
    {FIELD_ADDRESS_1, HEADER_EXACT,
	"address address1 addressline1 street streetaddress address1line "
	"streetaddress1 streetline1 street1 line1 addressstreet "
	"addressstreet1 addressaddress1"},
    {FIELD_ADDRESS_1, HEADER_LIKELY,
	"direccion domicilio "
	"addresslineone addressone housestreet"},
    {FIELD_ADDRESS_2, HEADER_EXACT,
	"address2 addressline2 street2 streetaddress2 streetline2 line2 "
	"addressstreet2 addressaddress2"},
    {FIELD_ADDRESS_2, HEADER_LIKELY,
	"apt apartment aptnumber unit unitnumber suite apartmentnumber "
	"aptsuite aptunit aptste addresslinetwo addresstwo aptsuiteunit"},
    {FIELD_CITY, HEADER_EXACT, "city town citytown cityname townname"},
    {FIELD_CITY, HEADER_LIKELY,
	"ciudad "
	"municipality locality cty addresslocality"},
    {FIELD_STATE, HEADER_EXACT,
	"state stateprovince stateregion stateabbreviation statecode "
	"stateabbr"},
    {FIELD_STATE, HEADER_LIKELY,
	"estado provincestate regionstate "
	"st region province stprov"},
    {FIELD_ZIP, HEADER_EXACT,
	"zip zipzip zip4 zip5 zipplus4 zippostal postalzip postalcode "
	"zippostalcode "
	"postalzipcode"},
    {FIELD_ZIP, HEADER_LIKELY,
	"codigopostal "
	"postal post pcode"},
    {FIELD_TYPE, HEADER_POSSIBLE,
	"type contacttype clienttype recordtype lifecyclestage leadstatus "
	"status clientstatus contactstatus stage category clientorlead "
	"leadorclient relationship persontype"},
    {FIELD_MEDICARE_NUMBER, HEADER_EXACT,
	"mbihicn hicnmbi "
	"medicarenumber medicareid medicareidnumber mbi mbinumber "
	"medicarebeneficiaryid medicarebeneficiaryidnumber medicareclaimnumber "
	"medicarecardnumber mbiid medicarembi medicarembinumber "
	"beneficiaryid medicarebeneficiarynumber medicareidmbi "
	"medicarenumbermbi mbimedicarenumber"},
    {FIELD_MEDICARE_NUMBER, HEADER_LIKELY,
	"medicare hicn hic hicnumber medicareclaim medicarecard claimnumber "
	"medid governmentidnumber medicaremember"},
    {FIELD_PART_A_DATE, HEADER_EXACT,
	"parta partaeffectivedate medicareparta medicarepartadate partadate "
	"partaeffective medicarepartaeffectivedate medicarepartaeffective "
	"partastartdate partastart hospitalparta hospital "
	"medicareaeffectivedate medicareaeffective medicareadate "
	"medicarepartastartdate effectivedateparta partabegindate"},
    {FIELD_PART_A_DATE, HEADER_LIKELY,
	"pta ptadate aeffectivedate ptaeffective "
	"ptaeffectivedate medicarea aeffective"},
    {FIELD_PART_B_DATE, HEADER_EXACT,
	"partb partbeffectivedate medicarepartb medicarepartbdate partbdate "
	"partbeffective medicarepartbeffectivedate medicarepartbeffective "
	"partbstartdate partbstart medicalpartb medical "
	"medicarebeffectivedate medicarebeffective medicarebdate "
	"medicarepartbstartdate effectivedatepartb partbbegindate"},
    {FIELD_PART_B_DATE, HEADER_LIKELY,
	"ptb ptbdate beffectivedate ptbeffective "
	"ptbeffectivedate medicareb beffective"},
    {FIELD_MEDICAID_NUMBER, HEADER_EXACT,
	"medicaidnumber medicaidid medicaididnumber medicaidcardnumber "
	"medicaidrecipientid medicaidmemberid"},
    {FIELD_MEDICAID_NUMBER, HEADER_POSSIBLE, "medicaid"},
    {FIELD_MEDICAID_ELIGIBLE, HEADER_EXACT,
	"medicaideligible dualeligible onmedicaid hasmedicaid dual dualstatus "
	"medicaideligibility medicaidyn medicaidstatus"},
    {FIELD_MEDICAID_ELIGIBLE, HEADER_LIKELY,
	"medicaid msp medicaidlevel duals medicaidrecipient "
	"medicaresavingsprogram"},
    {FIELD_EXTRA_HELP, HEADER_EXACT,
	"extrahelp lis lowincomesubsidy extrahelplis lislevel lisextrahelp "
	"haslis hasextrahelp lisyn extrahelpyn"},
    {FIELD_EXTRA_HELP, HEADER_LIKELY, "subsidy pdpextrahelp lissubsidy"},
    {FIELD_NOTES, HEADER_LIKELY,
	"notes note description comments comment remarks memo"},
};

/* Say whose it is. "Member" is also a carrier's, so it counts for less. */
static const char *const owners =
    " x client contact primary member insured "
    "applicant customer policyholder person individual lead prospect patient "
    "subscriber enrollee consumer your my current legal main preferred best "
    "personal s the crm beneficiary full enter what is on has ";
/* Say which of several; the place in the list is the rank. */
static const char *const places[] = {
    " ",
    " home residence physical permanent ",
    " mailing evening day daytime ",
    " other alternate alt secondary second additional ",
    " work business office ",
};
/* Say how it is written. */
static const char *const forms =
    " mm dd yyyy yy c field required optional value mdy text yn y n ";
/* Belong to somebody else, or say something about the value only. */
static const char *const foreign =
    " spouse partner emergency agent broker "
    "owner referred referral refer created modified employer company carrier "
    "policy plan doctor physician poa caregiver dependent child father mother "
    "kin fax dnc opt consent verified bounced by rep assistant manager "
    "billing husband wife son daughter premium termination term end expires "
    "ssn social score count updated previous prior pcp pharmacy producer "
    "upline advisor joint coapplicant assigned ice responsible ";
/* clang-format on */

static bool
in_words(const char *list, const char *word)
{
	char padded[HEADER_WORD_SIZE + 2];

	snprintf(padded, sizeof(padded), " %s ", word);
	return strstr(list, padded) != NULL;
}

static void
join(const struct header_name *name, unsigned from, unsigned to,
    char out[PLAIN_MAX + 2])
{
	size_t len = 0;

	for (unsigned i = from; i < to; i++)
		len += (size_t)snprintf(
		    out + len, PLAIN_MAX + 2 - len, "%s", name->words[i]);
	out[len] = '\0';
}

static bool
has_places(enum field field)
{
	return field == FIELD_PHONE || field == FIELD_EMAIL ||
	       (field >= FIELD_ADDRESS_1 && field <= FIELD_ZIP);
}

static enum header_fit
synonym_fit(const char *plain, enum field field)
{
	char padded[PLAIN_MAX + 4];
	enum header_fit fit = HEADER_NO;

	if (!*plain)
		return HEADER_NO;
	snprintf(padded, sizeof(padded), "%s", plain);
	for (size_t i = 0; i < sizeof(synonyms) / sizeof(synonyms[0]); i++) {
		const char *list = synonyms[i].texts;
		size_t len = strlen(plain);

		if (synonyms[i].field != field || synonyms[i].fit <= fit)
			continue;
		for (const char *at = list; (at = strstr(at, padded)); at++)
			if ((at == list || at[-1] == ' ') &&
			    (at[len] == ' ' || at[len] == '\0'))
				fit = synonyms[i].fit;
	}
	return fit;
}

/* The rank of the first word as a place, or -1. */
static int
place_of(const struct header_name *name, unsigned at)
{
	for (unsigned i = 1; i < sizeof(places) / sizeof(places[0]); i++)
		if (in_words(places[i], name->words[at]))
			return (int)i;
	return -1;
}

/* Phone 2 and Email 3 come after the first one. */
static unsigned
number_at_end(const struct header_name *name, unsigned *end, enum field field)
{
	const char *last = *end > 1 ? name->words[*end - 1] : "";

	if ((field != FIELD_PHONE && field != FIELD_EMAIL) ||
	    strlen(last) != 1 || *last < '1' || *last > '9')
		return 0;
	(*end)--;
	return (unsigned)(*last - '1');
}

static unsigned
phone_rank(const struct header_name *name, unsigned place)
{
	for (unsigned i = 0; i < name->count; i++)
		if (strcmp(name->words[i], "mobile") == 0)
			return place >= 3 ? place : 0;
	return place + 1;
}

bool
header_is_foreign(const struct header_name *name)
{
	if (name->foreign)
		return true;
	for (unsigned i = 0; i < name->count; i++)
		if (in_words(foreign, name->words[i]))
			return true;
	return false;
}

/* Some run of its words is a synonym that means nothing else. */
static bool
hints(const struct header_name *name, enum field field)
{
	char plain[PLAIN_MAX + 2];

	if (header_is_foreign(name))
		return false;
	for (unsigned from = 0; from < name->count; from++)
		for (unsigned to = from + 1; to <= name->count; to++) {
			join(name, from, to, plain);
			if (synonym_fit(plain, field) == HEADER_EXACT)
				return true;
		}
	return false;
}

struct header_match
header_name_match(const struct header_name *name, enum field field)
{
	struct header_match match = {HEADER_NO, 0};
	unsigned end = name->count, number, place = 0;
	char plain[PLAIN_MAX + 2];

	if (name->foreign)
		return match;
	while (end > 1 && in_words(forms, name->words[end - 1]))
		end--;
	number = number_at_end(name, &end, field);
	for (unsigned from = 0; from < end && match.fit == HEADER_NO; from++) {
		int where;

		join(name, from, end, plain);
		match.fit = synonym_fit(plain, field);
		if (match.fit != HEADER_NO)
			break;
		where = has_places(field) ? place_of(name, from) : -1;
		if (where > 0)
			place = (unsigned)where;
		else if (!in_words(owners, name->words[from]) &&
			 !(field >= FIELD_CITY && field <= FIELD_ZIP &&
			     strcmp(name->words[from], "address") == 0))
			break;
	}
	if (match.fit == HEADER_NO && hints(name, field))
		match.fit = HEADER_HINT;
	match.rank = 8 * (field == FIELD_PHONE ? phone_rank(name, place)
					       : place) +
		     number;
	return match;
}

/* "Beneficiary ID" is the Medicare number, whoever is named beside it. */
bool
header_names_beneficiary(const struct header_name *name)
{
	return name->count > 0 && strcmp(name->words[0], "beneficiary") == 0 &&
	       header_name_match(name, FIELD_MEDICARE_NUMBER).fit <
		   HEADER_LIKELY;
}

void
header_name_beside(struct header_name *name, bool client)
{
	name->foreign = client && header_names_beneficiary(name);
}

bool
header_is_full_name(const struct header_name *name)
{
	static const char *const texts =
	    " name fullname completename "
	    "nameoncard clientname contactname firstlast lastfirst "
	    "lastnamefirstname firstnamelastname firstandlastname "
	    "lastfirstname firstlastname namelastfirst namefirstlast "
	    "formattedname displayname fn nameofclient nameofmember "
	    "nameofinsured headofhousehold nombrecompleto ";
	char plain[PLAIN_MAX + 2], padded[PLAIN_MAX + 4];

	for (unsigned from = 0; from < name->count && !name->foreign; from++) {
		join(name, from, name->count, plain);
		snprintf(padded, sizeof(padded), " %s ", plain);
		if (strstr(texts, padded))
			return true;
		if (!in_words(owners, name->words[from]))
			return false;
	}
	return false;
}

bool
header_is_owner(const struct header_name *name)
{
	static const char *const persons =
	    " client member insured applicant "
	    "customer policyholder patient prospect lead subscriber enrollee "
	    "beneficiary contact person individual primary ";

	for (unsigned i = 0; i < name->count; i++)
		if (!in_words(persons, name->words[i]))
			return false;
	return name->count > 0 && !name->foreign;
}

bool
header_is_place(const struct header_name *name)
{
	char plain[PLAIN_MAX + 2];

	join(name, 0, name->count, plain);
	return strstr(plain, "citystatezip") || strstr(plain, "citystzip");
}

bool
header_is_secret(const struct header_name *name)
{
	static const char *const words =
	    " ssn social password passwd pwd pin "
	    "passcode passphrase secret routing bank cvv iban sin itin tin ";
	static const char *const runs[] = {"ssn", "socialsecurity", "ssnumber",
	    "creditcard", "cardnumber", "bankaccount", "password",
	    "driverslicense", "taxid", "securityquestion"};
	char plain[PLAIN_MAX + 2];

	for (unsigned i = 0; i < name->count; i++)
		if (in_words(words, name->words[i]))
			return true;
	join(name, 0, name->count, plain);
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
		if (strstr(plain, runs[i]) &&
		    !(strcmp(runs[i], "cardnumber") == 0 &&
			strstr(plain, "medic")))
			return true;
	return false;
}
