/* SPDX-License-Identifier: MIT */
/*
 * The fields of a contact as the service documents them, and its rules.
 *
 * This is the service's side: a table of its own, so that belay's own rules
 * (book/) are checked against something they did not write.
 */
#ifndef PRACTICE_VALIDATE_H
#define PRACTICE_VALIDATE_H

#include <stdbool.h>
#include <stddef.h>

struct json;
struct switches;

/* Scalars; notes are apart, being a list that appends. */
enum service_field {
	SERVICE_EXTERNAL_ID,
	SERVICE_FIRST_NAME,
	SERVICE_LAST_NAME,
	SERVICE_EMAIL,
	SERVICE_PHONE,
	SERVICE_BIRTH_DATE,
	SERVICE_SEX,
	SERVICE_TYPE,
	SERVICE_ADDRESS_1,
	SERVICE_ADDRESS_2,
	SERVICE_CITY,
	SERVICE_STATE,
	SERVICE_ZIP,
	SERVICE_MEDICARE_NUMBER,
	SERVICE_PART_A_DATE,
	SERVICE_PART_B_DATE,
	SERVICE_MEDICAID_NUMBER,
	SERVICE_MEDICAID_ELIGIBLE,
	SERVICE_EXTRA_HELP,
	SERVICE_FIELDS
};

/* Lists of a contact, of version 2 only; lists.h has their rules. */
enum service_list {
	SERVICE_DRUGS,
	SERVICE_PHARMACIES,
	SERVICE_PROVIDERS,
	SERVICE_LISTS
};

enum service_api { SERVICE_API_1, SERVICE_API_2 };

enum service_kind {
	SERVICE_KIND_TEXT,
	SERVICE_KIND_EMAIL,
	SERVICE_KIND_PHONE,
	SERVICE_KIND_DATE,
	SERVICE_KIND_SEX,
	SERVICE_KIND_TYPE,
	SERVICE_KIND_STATE,
	SERVICE_KIND_ZIP,
	SERVICE_KIND_MBI,
	SERVICE_KIND_TRI_STATE, /* true, false, null; strings are taken too */
};

struct service_field_row {
	const char *name;
	enum service_kind kind;
	unsigned max;  /* characters; the least is 1; 0: no limit given; more
			  than 100 in version 1 only */
	bool required; /* on create */
	bool nullable;
};

extern const struct service_field_row validate_fields[SERVICE_FIELDS];

/* The names of the lists, by enum service_list. */
extern const char *const validate_lists[SERVICE_LISTS];

/* The number of a field by its name; -1 when the service has none such. */
int validate_field(const char *name);

struct validate_problem {
	const char *field;   /* as the service names it; borrowed */
	const char *message; /* "must be a valid phone number" */
	int status; /* 400, or 422 for a malformed Medicare number or list */
};

#define VALIDATE_PROBLEMS_MAX 32

struct validate_result {
	struct validate_problem problems[VALIDATE_PROBLEMS_MAX];
	size_t count;
	char unknown[128]; /* name of the first unknown field, if refused */
};

/*
 * Checks the "contact" object of a create or update. Messages are borrowed
 * constants; `result->unknown` is referred to by its own problem.
 */
void validate_contact(const struct json *contact, bool create,
    enum service_api version, const struct switches *switches,
    struct validate_result *result);

/* Adds a problem, of which there may be no more than the result holds. */
void validate_add(struct validate_result *result, const char *field,
    const char *message, int status);

/* The status of an answer to it: 400 if any problem is one, else 422. */
int validate_status(const struct validate_result *result);

/*
 * Rewrites one of the four spellings (YYYY-MM-DD, YYYY/MM/DD, MM-DD-YYYY,
 * MM/DD/YYYY) as YYYY-MM-DD; false when it is no date.
 */
bool validate_date(const char *text, char iso[11]);

#endif
