/* SPDX-License-Identifier: MIT */
/*
 * Rules as tables and one small predicate a kind. Strict is the default: a
 * client that formats a phone or keeps the dashes of a Medicare number is
 * refused here, as the service is reported to do.
 */
#include "practice/validate.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"
#include "base/text.h"
#include "practice/lists.h"
#include "practice/switches.h"

enum { NOTES_MAX = 50 };

const struct service_field_row validate_fields[SERVICE_FIELDS] = {
    [SERVICE_EXTERNAL_ID] = {"external_id", SERVICE_KIND_TEXT, 100, true,
	false},
    [SERVICE_FIRST_NAME] = {"first_name", SERVICE_KIND_TEXT, 100, true, false},
    [SERVICE_LAST_NAME] = {"last_name", SERVICE_KIND_TEXT, 100, true, false},
    [SERVICE_EMAIL] = {"email", SERVICE_KIND_EMAIL, 0, false, false},
    [SERVICE_PHONE] = {"phone", SERVICE_KIND_PHONE, 0, false, false},
    [SERVICE_BIRTH_DATE] = {"birth_date", SERVICE_KIND_DATE, 0, false, false},
    [SERVICE_SEX] = {"sex", SERVICE_KIND_SEX, 0, false, false},
    [SERVICE_TYPE] = {"type", SERVICE_KIND_TYPE, 0, false, false},
    [SERVICE_ADDRESS_1] = {"address_1", SERVICE_KIND_TEXT, 100, false, false},
    [SERVICE_ADDRESS_2] = {"address_2", SERVICE_KIND_TEXT, 100, false, true},
    [SERVICE_CITY] = {"city", SERVICE_KIND_TEXT, 100, false, false},
    [SERVICE_STATE] = {"state", SERVICE_KIND_STATE, 0, false, false},
    [SERVICE_ZIP] = {"zip", SERVICE_KIND_ZIP, 0, false, false},
    [SERVICE_MEDICARE_NUMBER] = {"medicare_number", SERVICE_KIND_MBI, 1000,
	false, false},
    [SERVICE_PART_A_DATE] = {"medicare_part_a_effective_date",
	SERVICE_KIND_DATE, 0, false, false},
    [SERVICE_PART_B_DATE] = {"medicare_part_b_effective_date",
	SERVICE_KIND_DATE, 0, false, false},
    [SERVICE_MEDICAID_NUMBER] = {"medicaid_number", SERVICE_KIND_TEXT, 0, false,
	false},
    [SERVICE_MEDICAID_ELIGIBLE] = {"medicaid_eligible", SERVICE_KIND_TRI_STATE,
	0, false, true},
    [SERVICE_EXTRA_HELP] = {"extra_help", SERVICE_KIND_TRI_STATE, 0, false,
	true},
};

const char *const validate_lists[SERVICE_LISTS] = {
    [SERVICE_DRUGS] = "drugs",
    [SERVICE_PHARMACIES] = "pharmacies",
    [SERVICE_PROVIDERS] = "providers",
};

int
validate_field(const char *name)
{
	for (int field = 0; field < SERVICE_FIELDS; field++)
		if (strcmp(validate_fields[field].name, name) == 0)
			return field;
	return -1;
}

static bool
all_digits(const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!isdigit((unsigned char)text[i]))
			return false;
	return text[count] == '\0';
}

static bool
one_of(const char *text, const char *words)
{
	size_t len = strlen(text);

	while (*words) {
		size_t word = strcspn(words, " ");

		if (word == len && memcmp(words, text, len) == 0)
			return true;
		words += word;
		words += strspn(words, " ");
	}
	return false;
}

static bool
valid_email(const char *text)
{
	const char *at = strchr(text, '@');
	const char *dot = at ? strrchr(at, '.') : NULL;

	if (!dot || at == text || strchr(at + 1, '@') || dot == at + 1 ||
	    dot[1] == '\0')
		return false;
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || *text == ',' || *text == ';')
			return false;
	return true;
}

/*
 * CMS's shape, and S as second character too: CMS numbers its made-up
 * beneficiaries so, and practice data uses those.
 */
static bool
valid_mbi(const char *text)
{
	static const char shape[] = "CAXNAXNAANN";
	static const char letters[] = "ACDEFGHJKMNPQRTUVWXY";

	if (strlen(text) != sizeof(shape) - 1)
		return false;
	for (size_t i = 0; shape[i]; i++) {
		bool digit = isdigit((unsigned char)text[i]);
		bool letter = strchr(letters, text[i]) != NULL ||
			      (i == 1 && text[i] == 'S');

		if ((shape[i] == 'C' && (!digit || text[i] == '0')) ||
		    (shape[i] == 'N' && !digit) ||
		    (shape[i] == 'A' && !letter) ||
		    (shape[i] == 'X' && !digit && !letter))
			return false;
	}
	return true;
}

static int
number_at(const char *digits, size_t count)
{
	int number = 0;

	for (size_t i = 0; i < count; i++)
		number = number * 10 + (digits[i] - '0');
	return number;
}

bool
validate_date(const char *text, char iso[11])
{
	char form[11];
	struct date date;

	if (strlen(text) != 10)
		return false;
	for (size_t i = 0; i < 10; i++)
		form[i] = isdigit((unsigned char)text[i]) ? '9' : text[i];
	form[10] = '\0';
	if (!one_of(form, "9999-99-99 9999/99/99 99-99-9999 99/99/9999"))
		return false;
	if (form[4] == '9') {
		date.month = number_at(text, 2);
		date.day = number_at(text + 3, 2);
		date.year = number_at(text + 6, 4);
	} else {
		date.year = number_at(text, 4);
		date.month = number_at(text + 5, 2);
		date.day = number_at(text + 8, 2);
	}
	if (!date_valid(&date))
		return false;
	snprintf(iso, 11, "%04u-%02u-%02u", (unsigned)date.year % 10000u,
	    (unsigned)date.month % 100u, (unsigned)date.day % 100u);
	return true;
}

/* What is wrong with a string by its kind; NULL when nothing is. */
static const char *
kind_problem(enum service_kind kind, const char *text)
{
	static const char states[] =
	    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA "
	    "MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX "
	    "UT VT VA WA WV WI WY AS GU MP PR VI";
	char iso[11];

	switch (kind) {
	case SERVICE_KIND_TEXT: return NULL;
	case SERVICE_KIND_EMAIL:
		return valid_email(text) ? NULL : "must be a valid email";
	case SERVICE_KIND_PHONE:
		return strlen(text) == 10 && all_digits(text, 10)
			   ? NULL
			   : "must be a valid phone number";
	case SERVICE_KIND_DATE:
		return validate_date(text, iso) ? NULL : "must be a valid date";
	case SERVICE_KIND_SEX:
		return one_of(text, "male female M F m f")
			   ? NULL
			   : "must be one of male, female, M, F, m, f";
	case SERVICE_KIND_TYPE:
		return one_of(text, "client lead")
			   ? NULL
			   : "must be one of client, lead";
	case SERVICE_KIND_STATE:
		return one_of(text, states) ? NULL
					    : "must be a two-letter state";
	case SERVICE_KIND_ZIP:
		return strlen(text) == 5 && all_digits(text, 5)
			   ? NULL
			   : "must be a 5 digit ZIP code";
	case SERVICE_KIND_MBI:
		return valid_mbi(text) ? NULL
				       : "must be a valid Medicare number";
	case SERVICE_KIND_TRI_STATE:
		return one_of(text, "true false")
			   ? NULL
			   : "must be true, false or null";
	}
	return NULL;
}

void
validate_add(struct validate_result *result, const char *field,
    const char *message, int status)
{
	if (result->count < VALIDATE_PROBLEMS_MAX)
		result->problems[result->count++] = (struct validate_problem){
		    field, message, status};
}

static const char *
null_problem(const struct service_field_row *row, int nulls)
{
	if (row->required)
		return "can't be blank";
	return nulls == NULLS_REFUSE && !row->nullable ? "can't be null" : NULL;
}

static void
check_value(const struct service_field_row *row, const struct json *value,
    enum service_api version, const struct switches *switches,
    struct validate_result *result)
{
	unsigned max = version == SERVICE_API_2 && row->max > 100 ? 100
								  : row->max;
	bool strict = switches->choice[SWITCH_VALIDATION] == VALIDATION_STRICT;
	const char *text = json_string(value);
	const char *problem = NULL;

	if (json_is_null(value))
		problem = null_problem(row, switches->choice[SWITCH_NULLS]);
	else if (row->kind == SERVICE_KIND_TRI_STATE && json_is_bool(value))
		problem = NULL;
	else if (!text)
		problem = "must be a string";
	else if (!*text)
		problem = "is too short (minimum is 1 character)";
	else if (max && text_length(text) > max)
		problem = max == 100
			      ? "is too long (maximum is 100 characters)"
			      : "is too long (maximum is 1000 characters)";
	else if (strict)
		problem = kind_problem(row->kind, text);
	if (problem)
		validate_add(result, row->name, problem,
		    row->kind == SERVICE_KIND_MBI && text && *text ? 422 : 400);
}

static void
check_notes(const struct json *notes, struct validate_result *result)
{
	if (json_is_null(notes))
		return;
	if (!json_is_array(notes)) {
		validate_add(result, "notes", "must be a list of strings", 400);
		return;
	}
	if (json_count(notes) > NOTES_MAX)
		validate_add(
		    result, "notes", "has too many items (maximum is 50)", 400);
	for (const struct json *note = json_first(notes); note;
	     note = json_next(note)) {
		if (json_string(note) && *json_string(note))
			continue;
		validate_add(result, "notes", "must be a list of strings", 400);
		return;
	}
}

/* Answers carry these; a client that sends them back is not refused. */
static bool
read_only(const char *name)
{
	return one_of(name, "id slug created_at updated_at");
}

static bool
is_list(const char *name)
{
	for (int list = 0; list < SERVICE_LISTS; list++)
		if (strcmp(validate_lists[list], name) == 0)
			return true;
	return false;
}

void
validate_contact(const struct json *contact, bool create,
    enum service_api version, const struct switches *switches,
    struct validate_result *result)
{
	bool refuse = switches->choice[SWITCH_UNKNOWN_FIELDS] ==
		      UNKNOWN_FIELDS_REFUSE;

	*result = (struct validate_result){.count = 0};
	for (int field = 0; create && field < SERVICE_FIELDS; field++)
		if (validate_fields[field].required &&
		    !json_get(contact, validate_fields[field].name))
			validate_add(result, validate_fields[field].name,
			    "can't be blank", 400);
	if (version == SERVICE_API_2)
		lists_check(contact, switches, result);
	for (const struct json *member = json_first(contact); member;
	     member = json_next(member)) {
		int field = validate_field(json_key(member));

		if (field >= 0) {
			check_value(&validate_fields[field], member, version,
			    switches, result);
		} else if (strcmp(json_key(member), "notes") == 0) {
			check_notes(member, result);
		} else if (version == SERVICE_API_2 &&
			   is_list(json_key(member))) {
			continue;
		} else if (refuse && !*result->unknown &&
			   !read_only(json_key(member))) {
			str_copy(result->unknown, sizeof(result->unknown),
			    json_key(member));
			validate_add(
			    result, result->unknown, "is not a field", 400);
		}
	}
}

int
validate_status(const struct validate_result *result)
{
	for (size_t i = 0; i < result->count; i++)
		if (result->problems[i].status == 400)
			return 400;
	return 422;
}
