/* SPDX-License-Identifier: MIT */
/*
 * One contact against one row.
 *
 * Hazard: saying "ours" or "adoptable" of a stranger overwrites a person's
 * data; saying "other" of ours makes a second contact. So "ours" rests on
 * external_id alone, and two different Medicare numbers are two persons
 * whatever their names and birth dates say. The same names and birth date
 * under another external_id are a conflict and not "other": after a change
 * of CRM every lead without a Medicare number would be created once more, and
 * HealthSherpa has no way to delete. Most leads have no birth date either: the
 * same names beside the same e-mail address or phone are father and son at
 * times, so that is asked about, never linked by itself.
 */
#include "sync/match.h"

#include <string.h>

#include "base/str.h"
#include "book/person.h"

enum { NAME_MAX_BYTES = 4096 };

static bool
filled(const char *text)
{
	return text && *text;
}

static bool
same_name(const char *a, const char *b)
{
	struct str x, y;
	bool same;

	if (!filled(a) || !filled(b))
		return false;
	str_init(&x, NAME_MAX_BYTES);
	str_init(&y, NAME_MAX_BYTES);
	person_fold_name(&x, a);
	person_fold_name(&y, b);
	same = x.len > 0 && !x.cut && !y.cut && strcmp(x.data, y.data) == 0;
	str_release(&x);
	str_release(&y);
	return same;
}

bool
match_same_names(
    const struct field_values *ours, const struct remote_contact *theirs)
{
	return same_name(ours->text[FIELD_LAST_NAME], theirs->last_name) &&
	       same_name(ours->text[FIELD_FIRST_NAME], theirs->first_name);
}

static bool
same_person(
    const struct field_values *ours, const struct remote_contact *theirs)
{
	const char *birth = ours->text[FIELD_BIRTH_DATE];

	return filled(birth) && strcmp(birth, theirs->birth_date) == 0 &&
	       match_same_names(ours, theirs);
}

static bool
same_text(const char *ours, const char *theirs)
{
	return filled(ours) && filled(theirs) && str_equal_fold(ours, theirs);
}

/* Nothing tells them apart, and families do not share all of this often. */
static bool
alike(const struct field_values *ours, const struct remote_contact *theirs)
{
	const char *birth = ours->text[FIELD_BIRTH_DATE];

	if (filled(birth) && *theirs->birth_date)
		return false; /* same_person() has compared them */
	return match_same_names(ours, theirs) &&
	       (same_text(ours->text[FIELD_EMAIL], theirs->email) ||
		   same_text(ours->text[FIELD_PHONE], theirs->phone));
}

enum match
match_contact(
    const struct field_values *ours, const struct remote_contact *theirs)
{
	const char *id = ours->text[FIELD_EXTERNAL_ID];
	const char *number = ours->text[FIELD_MEDICARE_NUMBER];
	bool taken = theirs->has_external_id && *theirs->external_id;

	if (taken && id && strcmp(id, theirs->external_id) == 0)
		return MATCH_OURS;
	if (filled(number) && *theirs->medicare_number) {
		if (!str_equal_fold(number, theirs->medicare_number))
			return MATCH_OTHER;
		return taken ? MATCH_CONFLICT : MATCH_ADOPTABLE;
	}
	if (same_person(ours, theirs))
		return taken ? MATCH_CONFLICT : MATCH_ADOPTABLE;
	return alike(ours, theirs) ? MATCH_ALIKE : MATCH_OTHER;
}

bool
match_differs(
    const struct field_values *ours, const struct remote_contact *theirs)
{
	const char *name = ours->text[FIELD_FIRST_NAME];
	const char *birth = ours->text[FIELD_BIRTH_DATE];

	return filled(name) && *theirs->first_name && filled(birth) &&
	       *theirs->birth_date && strcmp(birth, theirs->birth_date) != 0 &&
	       !same_name(name, theirs->first_name);
}
