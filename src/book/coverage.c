/* SPDX-License-Identifier: MIT */
/*
 * Counting contacts by what is in them and what is wrong with them. A finding
 * that a contact has twice in one field counts once: contacts are counted.
 */
#include "book/coverage.h"

#include <string.h>

#include "base/str.h"
#include "book/book.h"
#include "book/contact.h"

void
coverage_begin(struct coverage *coverage)
{
	memset(coverage, 0, sizeof(*coverage));
}

static void
add_findings(struct coverage *coverage, const struct contact *contact)
{
	bool blocks[FIELD_COUNT + 1] = {false};

	for (unsigned i = 0; i < contact->finding_count; i++) {
		const struct finding *finding = &contact->findings[i];
		bool counted = false;

		for (unsigned k = 0; k < i && !counted; k++)
			counted = contact->findings[k].code == finding->code &&
				  contact->findings[k].field == finding->field;
		if (!counted)
			coverage->found[finding->field][finding->code]++;
		if (finding->severity == SEVERITY_ERROR)
			blocks[finding->field] = true;
	}
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		coverage->fields[i].blocked += blocks[i];
}

void
coverage_add(struct coverage *coverage, const struct contact *contact)
{
	coverage->rows++;
	if (contact->blocked)
		coverage->blocked++;
	else
		coverage->sendable++;
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const struct contact_field *value = &contact->fields[i];
		struct coverage_field *field = &coverage->fields[i];

		field->filled += !str_blank(value->raw);
		field->sent += value->value != NULL;
		field->left_out += value->left_out;
	}
	if (contact->finding_count > 0)
		add_findings(coverage, contact);
}

bool
coverage_more(struct coverage *coverage, struct book *book,
    struct contact *contact, uint32_t rows)
{
	uint32_t count = book_count(book);

	for (; coverage->rows < count && rows > 0; rows--) {
		book_contact(book, coverage->rows, contact);
		coverage_add(coverage, contact);
	}
	return coverage->rows < count;
}

/* Whether `a` is told before `b`. */
static bool
comes_before(const uint32_t *found, unsigned a, unsigned b)
{
	enum severity worse = finding_table[a].severity;
	enum severity than = finding_table[b].severity;

	if (worse != than)
		return worse > than;
	return found[a] != found[b] ? found[a] > found[b] : a < b;
}

enum finding_code
coverage_finding(const struct coverage *coverage, enum field field,
    unsigned number, uint32_t *count)
{
	const uint32_t *found = coverage->found[field];

	/* few codes are found in one field: counting who comes before is
	 * enough of a sort */
	for (unsigned i = 0; i < FINDING_CODE_COUNT; i++) {
		unsigned before = 0;

		for (unsigned k = 0; found[i] > 0 && k < FINDING_CODE_COUNT;
		     k++)
			before += k != i && found[k] > 0 &&
				  comes_before(found, k, i);
		if (found[i] > 0 && before == number) {
			*count = found[i];
			return (enum finding_code)i;
		}
	}
	*count = 0;
	return FINDING_CODE_COUNT;
}
