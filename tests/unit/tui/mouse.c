/* SPDX-License-Identifier: MIT */
#include "tui/mouse.h"

#include <string.h>

#include "check.h"

static enum mouse_result
read_report(struct mouse *mouse, const char *report)
{
	enum mouse_result result = MOUSE_MORE;

	mouse_begin(mouse);
	for (; *report && result == MOUSE_MORE; report++)
		result = mouse_add_byte(mouse, (unsigned char)*report);
	CHECK(!*report);
	return result;
}

TEST(mouse_reports)
{
	struct mouse mouse;

	CHECK_INT(read_report(&mouse, "0;12;5M"), MOUSE_PRESSED);
	CHECK_INT(mouse.button, MOUSE_LEFT);
	CHECK_INT(mouse.row, 4);
	CHECK_INT(mouse.column, 11);
	CHECK_INT(read_report(&mouse, "0;12;5m"), MOUSE_NOTHING);
	CHECK_INT(read_report(&mouse, "64;300;100M"), MOUSE_PRESSED);
	CHECK_INT(mouse.button, MOUSE_WHEEL_UP);
	CHECK_INT(mouse.column, 299);
	CHECK_INT(read_report(&mouse, "65;1;1M"), MOUSE_PRESSED);
	CHECK_INT(mouse.button, MOUSE_WHEEL_DOWN);
	CHECK_INT(read_report(&mouse, "2;1;1M"), MOUSE_PRESSED);
	CHECK_INT(mouse.button, MOUSE_OTHER);
}

TEST(mouse_reports_that_are_none)
{
	struct mouse mouse;

	CHECK_INT(read_report(&mouse, "0;0;0M"), MOUSE_NOTHING);
	CHECK_INT(read_report(&mouse, "0;12M"), MOUSE_NOTHING);
	CHECK_INT(read_report(&mouse, "0;12;5;"), MOUSE_NOTHING);
	CHECK_INT(read_report(&mouse, "\033"), MOUSE_NOTHING);
	CHECK_INT(read_report(&mouse, "99999999999999;1;1M"), MOUSE_PRESSED);
	CHECK_INT(mouse.button, MOUSE_OTHER);
	CHECK_INT(read_report(&mouse, "0;12"), MOUSE_MORE);
}
