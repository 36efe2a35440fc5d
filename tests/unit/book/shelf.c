/* SPDX-License-Identifier: MIT */
#include "shelf.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "check.h"

static int64_t
noon(void *context)
{
	(void)context;
	return INT64_C(1795435200000);
}

const struct clock shelf_clock = {noon, noon, NULL};

struct config *
shelf_config(const char *config)
{
	struct err err = ERR_INIT;
	struct config *made;
	struct str problems;

	str_init(&problems, 10000);
	made = config_parse("c.yaml", config, strlen(config), &problems, &err);
	CHECK_TEXT(problems.data, "");
	REQUIRE(made != NULL);
	str_release(&problems);
	return made;
}

const char *
shelf_path(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", check_directory(), name);
	return path;
}

struct book *
shelf_book(const struct config *config, const char *name, const char *text)
{
	struct err err = ERR_INIT;
	struct book *book;

	check_write(shelf_path(name), text);
	book = book_open(config, shelf_path(name), &shelf_clock, &err);
	CHECK_TEXT(err.text, "");
	REQUIRE(book != NULL);
	book_load_all(book, &err);
	CHECK_TEXT(err.text, "");
	REQUIRE(book_loaded(book));
	return book;
}

const char *
shelf_findings(struct book *book, uint32_t row)
{
	static char text[1000];
	struct contact contact;
	struct str out;

	contact_init(&contact);
	book_contact(book, row, &contact);
	str_init(&out, sizeof(text) - 1);
	for (unsigned i = 0; i < contact.finding_count; i++) {
		const struct finding *finding = &contact.findings[i];

		/* all phones in tests are */
		if (finding->code == FINDING_PHONE_FICTIONAL)
			continue;
		str_addf(&out, "%s%s:%s%s", out.len > 0 ? " " : "",
		    finding->field < FIELD_COUNT
			? field_table[finding->field].name
			: "row",
		    finding_table[finding->code].code,
		    finding->severity == SEVERITY_ERROR     ? "!"
		    : finding->severity == SEVERITY_WARNING ? "?"
							    : "");
	}
	CHECK_INT(contact.blocked, strchr(out.data, '!') != NULL);
	str_copy(text, sizeof(text), out.data);
	str_release(&out);
	contact_release(&contact);
	return text;
}

const char *
shelf_value(struct book *book, uint32_t row, enum field field)
{
	static char text[1000];
	struct contact contact;
	const char *value;

	contact_init(&contact);
	book_contact(book, row, &contact);
	value = contact.fields[field].value;
	if (value)
		str_copy(text, sizeof(text), value);
	contact_release(&contact);
	return value ? text : NULL;
}
