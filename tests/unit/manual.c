/* SPDX-License-Identifier: MIT */
#include "unit/manual.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "check.h"

enum { LINE = 78 };

void
manual_fill(struct str *out, const char *text)
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

void
manual_check(const char *page, const char *mark, void (*list)(struct str *))
{
	const char *path;
	char name[64], *text, *begin, *end;
	struct str should, line;

	snprintf(name, sizeof(name), "../man/%s", page);
	path = check_data(name);
	text = check_read(path);
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
