/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as cells: what goes out is clean text of the right shape, cleaning
 * it again changes nothing, every finding has words, and what is suggested
 * would be taken.
 *
 * The first byte chooses the field, and whether a state and a city are known;
 * from WHOLE on the rest is a whole contact, a line a field. The second chooses
 * how dates are read: order, forms of the mapping, doubt about numbers.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "book/rules.h"

enum { WHOLE = 10 * FIELD_COUNT, FINDINGS_MAX = 6, FORMS_SIZE = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
demand(bool good)
{
	if (!good)
		abort();
}

static void
check_text(const char *text, size_t len, bool lines)
{
	demand(strlen(text) == len);
	demand(text_valid(text, len, NULL));
	for (const char *at = text; *at; at++)
		demand((unsigned char)*at >= 0x20 || (*at == '\n' && lines));
}

/* So many bytes every value of the kind has, 0: any number. */
static size_t
length_of(enum field_kind kind)
{
	switch (kind) {
	case FIELD_KIND_PHONE: return 10;
	case FIELD_KIND_DATE: return 10;
	case FIELD_KIND_STATE: return 2;
	case FIELD_KIND_ZIP: return 5;
	case FIELD_KIND_MBI: return 11;
	default: return 0;
	}
}

/* Values of kinds with a shape of their own are clean when they are clean. */
static void
clean_again(const struct rules_input *input, const struct str *value)
{
	enum field_kind kind = field_table[input->field].kind;
	struct finding items[FINDINGS_MAX];
	struct findings findings = {items, 0, FINDINGS_MAX};
	struct rules_input again = *input;
	struct str twice;

	if (length_of(kind) == 0 && kind != FIELD_KIND_SEX &&
	    kind != FIELD_KIND_BOOLEAN && kind != FIELD_KIND_TYPE)
		return;
	demand(length_of(kind) == 0 || value->len == length_of(kind));
	again.raw = value->data;
	str_init(&twice, 1 << 16);
	rules_clean(&again, &twice, &findings);
	demand(strcmp(twice.data, value->data) == 0);
	str_release(&twice);
}

/* A broken text mended may be anything; all else is a value of its field. */
static void
check_suggestion(const struct rules_input *input, const struct finding *finding)
{
	struct finding items[FINDINGS_MAX];
	struct findings findings = {items, 0, FINDINGS_MAX};
	struct rules_input again = *input;
	struct str value;

	check_text(finding->suggestion,
	    strnlen(finding->suggestion, sizeof(finding->suggestion)),
	    input->field == FIELD_NOTES);
	if (finding->code == FINDING_TEXT_DAMAGED || !*finding->suggestion)
		return;
	again.raw = finding->suggestion;
	str_init(&value, 1 << 16);
	rules_clean(&again, &value, &findings);
	demand(value.len > 0);
	for (unsigned i = 0; i < findings.count; i++)
		demand(items[i].code != finding->code ||
		       finding->code == FINDING_PART_DATE);
	str_release(&value);
}

static void
clean(const struct rules_input *input, struct str *value)
{
	struct finding items[FINDINGS_MAX];
	struct findings findings = {items, 0, FINDINGS_MAX};
	bool rounded;

	rules_clean(input, value, &findings);
	demand(findings.count <= FINDINGS_MAX);
	if (field_table[input->field].kind != FIELD_KIND_LIST) {
		check_text(
		    value->data, value->len, input->field == FIELD_NOTES);
		if (value->len > 0)
			clean_again(input, value);
	}
	for (unsigned i = 0; i < findings.count; i++) {
		const struct finding *finding = &items[i];

		demand(finding->code < FINDING_CODE_COUNT);
		demand(finding->message[0] != '\0');
		check_text(finding->message,
		    strnlen(finding->message, sizeof(finding->message)), false);
		check_suggestion(input, finding);
	}
	demand(rules_date_sign(input->raw) < DATE_SIGNS);
	demand(rules_date_evidence(input->raw) <= 2);
	rules_long_id(input->raw, &rounded);
}

/* The forms whose bits are set, joined by commas; NULL: none. */
static const char *
join_forms(unsigned bits, char text[FORMS_SIZE])
{
	struct str forms;

	str_init(&forms, FORMS_SIZE - 1);
	for (unsigned i = 0; rules_date_forms[i]; i++)
		if (bits >> i & 1)
			str_addf(&forms, "%s%s", forms.len > 0 ? "," : "",
			    rules_date_forms[i]);
	str_copy(text, FORMS_SIZE, forms.data);
	str_release(&forms);
	return *text ? text : NULL;
}

/* A line a field; what comes before is known to what comes after. */
static void
clean_contact(struct rules_input *input, char *text, struct str *value)
{
	char state[8] = "", *city = NULL;

	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		char *next = strchr(text, '\n');

		if (next)
			*next++ = '\0';
		else
			next = text + strlen(text);
		input->field = (enum field)i;
		input->raw = text;
		input->state = *state ? state : NULL;
		input->city = city;
		clean(input, value);
		if (i == FIELD_STATE)
			str_copy(state, sizeof(state), value->data);
		if (i == FIELD_CITY)
			city = text;
		text = next;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rules_input input = {.today = {2026, 11, 23}};
	char forms[FORMS_SIZE];
	struct str value;
	char *raw;

	if (size < 2)
		return 0;
	input.field = (enum field)(data[0] % FIELD_COUNT);
	input.state = data[0] / FIELD_COUNT & 1 ? "MA" : NULL;
	input.city = data[0] / FIELD_COUNT & 2 ? "APO" : NULL;
	input.order = (enum date_order)(data[1] % 3);
	input.date_form = join_forms(data[1] / 3 % 32, forms);
	input.doubtful_serials = data[1] / 96 & 1;
	raw = mem_strndup((const char *)data + 2, size - 2);
	input.raw = raw;
	str_init(&value, 1 << 20);
	if (data[0] >= WHOLE)
		clean_contact(&input, raw, &value);
	else
		clean(&input, &value);
	str_release(&value);
	free(raw);
	return 0;
}
