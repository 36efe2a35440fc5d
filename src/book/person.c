/* SPDX-License-Identifier: MIT */
/*
 * Parts are joined with a control character that no cleaned value has, so that
 * two rows cannot give the same text from different parts.
 */
#include "book/person.h"

#include <string.h>

#include "base/text.h"
#include "book/contact.h"

enum { PART_MAX = 1 << 18, NAME_MAX_BYTES = 4096, SEPARATOR = '\x1f' };

static const enum field fields[PERSON_PARTS] = {
    [PERSON_NUMBER] = FIELD_MEDICARE_NUMBER,
    [PERSON_EMAIL] = FIELD_EMAIL,
    [PERSON_PHONE] = FIELD_PHONE,
    [PERSON_BIRTH_DATE] = FIELD_BIRTH_DATE,
    [PERSON_FIRST_NAME] = FIELD_FIRST_NAME,
    [PERSON_LAST_NAME] = FIELD_LAST_NAME,
};

/* Bits of the parts that a way needs. */
#define BIT(part) (1u << (part))
#define NAME (BIT(PERSON_FIRST_NAME) | BIT(PERSON_LAST_NAME))

static const unsigned ways[PERSON_WAYS] = {
    [PERSON_BY_NUMBER] = BIT(PERSON_NUMBER),
    [PERSON_BY_EMAIL_AND_BIRTH] = BIT(PERSON_EMAIL) | BIT(PERSON_BIRTH_DATE),
    [PERSON_BY_PHONE_NAME_AND_BIRTH] = BIT(PERSON_PHONE) | NAME |
				       BIT(PERSON_BIRTH_DATE),
    [PERSON_BY_EMAIL_AND_NAME] = BIT(PERSON_EMAIL) | NAME,
    [PERSON_BY_PHONE_AND_NAME] = BIT(PERSON_PHONE) | NAME,
};

void
person_init(struct person *person)
{
	for (unsigned i = 0; i < PERSON_PARTS; i++)
		str_init(&person->part[i], PART_MAX);
	str_init(&person->raw, PART_MAX);
	str_init(&person->clean, PART_MAX);
}

void
person_release(struct person *person)
{
	for (unsigned i = 0; i < PERSON_PARTS; i++)
		str_release(&person->part[i]);
	str_release(&person->raw);
	str_release(&person->clean);
}

void
person_fold_name(struct str *out, const char *name)
{
	struct str folded;
	bool gap = false;
	size_t start = out->len;

	str_init(&folded, NAME_MAX_BYTES);
	text_fold(&folded, name);
	for (size_t i = 0; i < folded.len; i++) {
		if (folded.data[i] == ' ') {
			gap = out->len > start;
			continue;
		}
		if (gap)
			str_add_char(out, ' ');
		gap = false;
		str_add_char(out, folded.data[i]);
	}
	str_release(&folded);
}

static bool
is_odd(const struct findings *findings)
{
	for (unsigned i = 0; i < findings->count; i++)
		if (findings->items[i].severity > SEVERITY_INFO &&
		    !finding_table[findings->items[i].code].goes)
			return true;
	return false;
}

static void
see_part(struct person *person, enum person_part part, uint32_t row,
    const struct contact_view *view)
{
	struct finding items[4];
	struct findings findings = {items, 0, 4};
	struct rules_input input = {
	    .field = fields[part],
	    .order = view->orders[fields[part]],
	    .doubtful_serials = view->doubtful_serials,
	    .today = view->today,
	};
	struct str *out = &person->part[part];
	uint32_t column;

	str_reset(out);
	if (!mapping_has(view->mapping, fields[part]) ||
	    !mapping_evaluate(view->mapping, fields[part], row, view->cell,
		view->context, &person->raw, &column, &input.date_form))
		return;
	input.raw = person->raw.data;
	rules_clean(&input, &person->clean, &findings);
	if ((BIT(part) & NAME) || !is_odd(&findings))
		person_fold_name(out, person->clean.data);
}

void
person_see(struct person *person, uint32_t row, const struct contact_view *view)
{
	for (unsigned i = 0; i < PERSON_PARTS; i++)
		see_part(person, (enum person_part)i, row, view);
}

/* The parts whose bits are set; false when `all` are wanted and one lacks. */
static bool
join(const struct person *person, unsigned parts, bool all, struct str *out)
{
	bool any = false;

	str_reset(out);
	for (unsigned i = 0; i < PERSON_PARTS; i++) {
		const struct str *part = &person->part[i];

		if (!(parts & BIT(i)))
			continue;
		if (part->len == 0 && all)
			return false;
		any = any || part->len > 0;
		str_add(out, part->data);
		str_add_char(out, SEPARATOR);
	}
	return any;
}

bool
person_key(const struct person *person, enum person_way way, struct str *out)
{
	return join(person, ways[way], true, out);
}

bool
person_whole(const struct person *person, struct str *out)
{
	return join(person, BIT(PERSON_PARTS) - 1, false, out);
}

bool
person_name(const struct person *person, struct str *out)
{
	return join(person, NAME, false, out);
}

bool
person_has_way(const struct person *person)
{
	unsigned has = 0;

	for (unsigned part = 0; part < PERSON_PARTS; part++)
		if (person->part[part].len > 0)
			has |= BIT(part);
	for (unsigned i = 0; i < PERSON_WAYS; i++)
		if ((ways[i] & has) == ways[i])
			return true;
	return false;
}
