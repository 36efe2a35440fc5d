/* SPDX-License-Identifier: MIT */
/* The manual's lists of fields and findings. */
#include "base/str.h"
#include "book/field.h"
#include "book/finding.h"
#include "book/mapping.h"
#include "check.h"
#include "unit/manual.h"

static void
list_fields(struct str *out)
{
	str_add(out, ".Bl -tag -width Ds\n");
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const struct field_info *info = &field_table[i];
		struct str words;

		str_init(&words, 1000);
		str_add(&words, info->help);
		if (info->flags & FIELD_REQUIRED)
			str_add(&words, "; required");
		if (info->max)
			str_addf(&words, "; at most %u characters", info->max);
		if (!(info->flags & FIELD_V1))
			str_add(&words, "; not sent with v1");
		str_addf(out, ".It Cm %s\n", info->name);
		manual_fill(out, words.data);
		str_release(&words);
	}
	str_add(out, ".El\n");
}

static void
list_findings(struct str *out)
{
	str_add(out, ".Bl -tag -width Ds\n");
	for (unsigned i = 0; i < FINDING_CODE_COUNT; i++) {
		const struct finding_info *info = &finding_table[i];
		struct str words;

		str_init(&words, 1000);
		str_addf(
		    &words, "%s What to do: %s.", info->meaning, info->advice);
		str_addf(out, ".It Sy %s Pq %s\n", info->code,
		    severity_word(info->severity));
		manual_fill(out, words.data);
		str_release(&words);
	}
	str_add(out, ".El\n");
}

static void
show_vcard(struct str *out)
{
	str_add(out, ".Bd -literal\n");
	CHECK(mapping_builtin_text("vCard", out));
	str_add(out, ".Ed\n");
}

TEST(manual_shows_the_mapping_of_vcards)
{
	manual_check("belay.yaml.5", "vcard", show_vcard);
}

TEST(manual_lists_the_fields)
{
	manual_check("belay.yaml.5", "fields", list_fields);
}

TEST(manual_lists_the_findings)
{
	manual_check("belay.yaml.5", "findings", list_findings);
}
