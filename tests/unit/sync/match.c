/* SPDX-License-Identifier: MIT */
#include "sync/match.h"

#include <string.h>

#include "base/str.h"
#include "check.h"

struct vector {
	const char *what;
	/* ours: id, first, last, birth date, Medicare number, e-mail, phone */
	const char *ours[7];
	/* theirs: id (NULL: none), the same; NULL is "" */
	const char *theirs[7];
	enum match match;
};

static const struct vector vectors[] = {
    {"our id", {"a1", "Ada", "Sample", NULL, NULL},
	{"a1", "Ada", "Sample", "", ""}, MATCH_OURS},
    {"our id, another name", {"a1", "Ada", "Sample", NULL, NULL},
	{"a1", "Eve", "Other", "1950-01-01", "1SG4TE5MK73"}, MATCH_OURS},
    {"ids are compared byte for byte", {"A1", "Ada", "Sample", NULL, NULL},
	{"a1", "Ada", "Sample", "", ""}, MATCH_OTHER},
    {"blank is not our id", {"a1", "Ada", "Sample", NULL, NULL},
	{"a1 ", "Ada", "Sample", "", ""}, MATCH_OTHER},
    {"same number, no id there",
	{"a1", "Ada", "Sample", "1955-01-15", "1SG4TE5MK73"},
	{NULL, "A.", "Sampel", "1955-01-16", "1SG4TE5MK73"}, MATCH_ADOPTABLE},
    {"same number, empty id there",
	{"a1", "Ada", "Sample", NULL, "1SG4TE5MK73"},
	{"", "Ada", "Sample", "", "1SG4TE5MK73"}, MATCH_ADOPTABLE},
    {"same number, another id", {"a1", "Ada", "Sample", NULL, "1SG4TE5MK73"},
	{"b2", "Ada", "Sample", "", "1SG4TE5MK73"}, MATCH_CONFLICT},
    {"twins: names and date alike, numbers differ",
	{"a1", "Ada", "Sample", "1955-01-15", "1SG4TE5MK73"},
	{NULL, "Ada", "Sample", "1955-01-15", "1SG4TE5MK72"}, MATCH_OTHER},
    {"names and birth date, no id there",
	{"a1", "José María", "O'Neill", "1955-01-15", NULL},
	{NULL, "jose  MARIA ", "O'NEILL", "1955-01-15", ""}, MATCH_ADOPTABLE},
    {"names and birth date, they know a number, we do not",
	{"a1", "Ada", "Sample", "1955-01-15", NULL},
	{NULL, "Ada", "Sample", "1955-01-15", "1SG4TE5MK73"}, MATCH_ADOPTABLE},
    {"names and birth date, another id",
	{"a1", "Ada", "Sample", "1955-01-15", NULL},
	{"b2", "Ada", "Sample", "1955-01-15", ""}, MATCH_CONFLICT},
    {"names alike, another id and another birth date",
	{"a1", "Ada", "Sample", "1955-01-15", NULL},
	{"b2", "Ada", "Sample", "1956-01-15", ""}, MATCH_OTHER},
    {"the spouse", {"a1", "Ada", "Sample", "1955-01-15", NULL},
	{NULL, "Carl", "Sample", "1953-03-05", ""}, MATCH_OTHER},
    {"junior", {"a1", "Carl", "Sample", "1983-03-05", NULL},
	{NULL, "Carl", "Sample", "1953-03-05", ""}, MATCH_OTHER},
    {"no birth date here", {"a1", "Ada", "Sample", NULL, NULL},
	{NULL, "Ada", "Sample", "1955-01-15", ""}, MATCH_OTHER},
    {"no birth date anywhere", {"a1", "Ada", "Sample", NULL, NULL},
	{NULL, "Ada", "Sample", "", ""}, MATCH_OTHER},
    {"no first name there", {"a1", "Ada", "Sample", "1955-01-15", NULL},
	{NULL, "", "Sample", "1955-01-15", ""}, MATCH_OTHER},
    {"a lead: name and e-mail, another id",
	{"a1", "Ada", "Sample", NULL, NULL, "Ada@example.com"},
	{"b2", "Ada", "Sample", "", "", "ada@Example.com"}, MATCH_ALIKE},
    {"a lead: name and phone, no id there",
	{"a1", "Ada", "Sample", "1955-01-15", NULL, NULL, "9165550101"},
	{NULL, "ADA", "Sample", "", "", NULL, "9165550101"}, MATCH_ALIKE},
    {"a lead: the birth dates differ",
	{"a1", "Carl", "Sample", "1983-03-05", NULL, "c@example.com"},
	{NULL, "Carl", "Sample", "1953-03-05", "", "c@example.com"},
	MATCH_OTHER},
    {"a lead: the Medicare numbers differ",
	{"a1", "Ada", "Sample", NULL, "1SG4TE5MK73", "c@example.com"},
	{NULL, "Ada", "Sample", "", "1SG4TE5MK72", "c@example.com"},
	MATCH_OTHER},
    {"a lead: the spouse's e-mail and phone",
	{"a1", "Ada", "Sample", NULL, NULL, "c@example.com", "9165550101"},
	{NULL, "Carl", "Sample", "", "", "c@example.com", "9165550101"},
	MATCH_OTHER},
    {"a lead: neither e-mail nor phone",
	{"a1", "Ada", "Sample", NULL, NULL, "a@example.com", "9165550101"},
	{NULL, "Ada", "Sample", "", "", "b@example.com", "9165550102"},
	MATCH_OTHER},
    {"nothing at all", {"a1", "Ada", "Sample", "1955-01-15", NULL},
	{NULL, "", "", "", ""}, MATCH_OTHER},
};

static void
fill(const struct vector *vector, struct field_values *ours,
    struct remote_contact *theirs)
{
	memset(ours, 0, sizeof(*ours));
	memset(theirs, 0, sizeof(*theirs));
	ours->text[FIELD_EXTERNAL_ID] = vector->ours[0];
	ours->text[FIELD_FIRST_NAME] = vector->ours[1];
	ours->text[FIELD_LAST_NAME] = vector->ours[2];
	ours->text[FIELD_BIRTH_DATE] = vector->ours[3];
	ours->text[FIELD_MEDICARE_NUMBER] = vector->ours[4];
	ours->text[FIELD_EMAIL] = vector->ours[5];
	ours->text[FIELD_PHONE] = vector->ours[6];
	theirs->has_external_id = vector->theirs[0] != NULL;
	if (vector->theirs[0])
		str_copy(theirs->external_id, sizeof(theirs->external_id),
		    vector->theirs[0]);
	str_copy(
	    theirs->first_name, sizeof(theirs->first_name), vector->theirs[1]);
	str_copy(
	    theirs->last_name, sizeof(theirs->last_name), vector->theirs[2]);
	str_copy(
	    theirs->birth_date, sizeof(theirs->birth_date), vector->theirs[3]);
	str_copy(theirs->medicare_number, sizeof(theirs->medicare_number),
	    vector->theirs[4]);
	if (vector->theirs[5])
		str_copy(
		    theirs->email, sizeof(theirs->email), vector->theirs[5]);
	if (vector->theirs[6])
		str_copy(
		    theirs->phone, sizeof(theirs->phone), vector->theirs[6]);
}

TEST(match_table)
{
	for (unsigned i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		struct field_values ours;
		struct remote_contact theirs;

		fill(&vectors[i], &ours, &theirs);
		check_integer(match_contact(&ours, &theirs), vectors[i].match,
		    __FILE__, __LINE__, vectors[i].what);
	}
}

static bool
differs(const char *first, const char *birth, const char *their_first,
    const char *their_birth)
{
	struct field_values ours = {{[FIELD_FIRST_NAME] = first,
	    [FIELD_LAST_NAME] = "Sample",
	    [FIELD_BIRTH_DATE] = birth}};
	struct remote_contact theirs = {.last_name = "Sample"};

	str_copy(theirs.first_name, sizeof(theirs.first_name), their_first);
	str_copy(theirs.birth_date, sizeof(theirs.birth_date), their_birth);
	return match_differs(&ours, &theirs);
}

TEST(match_differs_by_first_name_and_birth_date)
{
	CHECK(differs("Ada", "1955-01-15", "Carl", "1953-03-05"));
	/* twins; a corrected birth date; another spelling */
	CHECK(!differs("Ada", "1955-01-15", "Eve", "1955-01-15"));
	CHECK(!differs("Ada", "1955-01-15", "Ada", "1953-03-05"));
	CHECK(!differs("Jos\u00e9", "1955-01-15", "JOSE ", "1953-03-05"));
	/* what one side lacks says nothing */
	CHECK(!differs("Ada", NULL, "Carl", "1953-03-05"));
	CHECK(!differs(NULL, "1955-01-15", "Carl", "1953-03-05"));
	CHECK(!differs("Ada", "1955-01-15", "", "1953-03-05"));
	CHECK(!differs("Ada", "1955-01-15", "Carl", ""));
}
