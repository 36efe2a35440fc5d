/* SPDX-License-Identifier: MIT */
/*
 * The manual's lists of fields and findings are written out from the tables;
 * BELAY_UPDATE=1 in the environment puts them into the source.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "book/field.h"
#include "book/finding.h"
#include "check.h"

enum { LINE = 78 };

/* Words filled into lines, as mandoc's linter likes them. */
static void
add_filled(struct str *out, const char *text)
{
	size_t column = 0;

	for (size_t len; *text; text += len + (text[len] == ' ')) {
		len = strcspn(text, " ");
		if (column > 0 && column + 1 + len > LINE) {
			str_add_char(out, '\n');
			column = 0;
		}
		if (column > 0)
			str_add_char(out, ' ');
		str_add_bytes(out, text, len);
		column += len + (column > 0);
		/* a new sentence is a new line */
		if (text[len - 1] == '.' && text[len]) {
			str_add_char(out, '\n');
			column = 0;
		}
	}
	str_add_char(out, '\n');
}

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
		add_filled(out, words.data);
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
		add_filled(out, words.data);
		str_release(&words);
	}
	str_add(out, ".El\n");
}

/* Compares, or replaces, what stands between the two marks. */
static void
check_list(const char *mark, void (*list)(struct str *))
{
	const char *path = check_data("../man/belay.yaml.5");
	char *text = check_read(path), *begin, *end;
	struct str should, line;

	str_init(&should, 100000);
	str_init(&line, 200);
	list(&should);
	str_addf(&line, ".\\\" %s: begin", mark);
	begin = strstr(text, line.data);
	REQUIRE(begin != NULL);
	begin = strchr(begin, '\n') + 1;
	str_reset(&line);
	str_addf(&line, ".\\\" %s: end", mark);
	end = strstr(begin, line.data);
	REQUIRE(end != NULL);
	if (getenv("BELAY_UPDATE")) {
		struct str whole;

		str_init(&whole, 1000000);
		str_add_bytes(&whole, text, (size_t)(begin - text));
		str_add(&whole, should.data);
		str_add(&whole, end);
		check_write(path, whole.data);
		str_release(&whole);
	} else {
		*end = '\0';
		CHECK_TEXT(begin, should.data);
	}
	str_release(&should);
	str_release(&line);
	free(text);
}

TEST(manual_lists_the_fields)
{
	check_list("fields", list_fields);
}

TEST(manual_lists_the_findings)
{
	check_list("findings", list_findings);
}
