/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <errno.h>
#include <string.h>

#include "check.h"

TEST(err_context_goes_before_the_text)
{
	struct err err = ERR_INIT;

	CHECK(!err_set(&err, ERR_DATA, "row %d is short", 7));
	CHECK(!err_prefix(&err, "book.csv"));
	CHECK_TEXT(err.text, "book.csv: row 7 is short");
	CHECK_INT(err_exit_status(err.kind), 65);
}

TEST(err_errno_names_the_cause)
{
	struct err err = ERR_INIT;

	errno = ENOSPC;
	CHECK(!err_errno(&err, ERR_IO, "cannot write '%s'", "x"));
	CHECK_TEXT(err.text, "cannot write 'x': No space left on device");
}

TEST(err_text_is_cut_not_overrun)
{
	struct err err = ERR_INIT;
	char text[3 * ERR_TEXT_MAX];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	err_set(&err, ERR_IO, "%s", text);
	CHECK_INT(strlen(err.text), ERR_TEXT_MAX - 1);
	err_prefix(&err, "%s", err.text);
	CHECK_INT(strlen(err.text), ERR_TEXT_MAX - 1);
}

TEST(err_text_is_clean)
{
	struct err err = ERR_INIT;
	char text[ERR_TEXT_MAX];

	err_set(&err, ERR_DATA, "column '%s'", "a\033[2J\n\xff\u202e");
	CHECK_TEXT(err.text, "column 'a␛[2J␊\ufffd'");
	/* the cut falls into a character: none of it is left */
	memset(text, 'x', sizeof(text));
	memcpy(text + sizeof(text) - 3, "\u00e9", 3);
	err_set(&err, ERR_DATA, "y%s", text);
	CHECK_INT(strlen(err.text), sizeof(text) - 2);
	CHECK_INT(err.text[sizeof(text) - 3], 'x');
}

TEST(err_exit_statuses_are_sysexits)
{
	CHECK_INT(err_exit_status(ERR_NONE), 0);
	CHECK_INT(err_exit_status(ERR_USAGE), 64);
	CHECK_INT(err_exit_status(ERR_NO_INPUT), 66);
	CHECK_INT(err_exit_status(ERR_UNAVAILABLE), 69);
	CHECK_INT(err_exit_status(ERR_CREATE), 73);
	CHECK_INT(err_exit_status(ERR_IO), 74);
	CHECK_INT(err_exit_status(ERR_HELD), 75);
	CHECK_INT(err_exit_status(ERR_AUTH), 77);
	CHECK_INT(err_exit_status(ERR_CONFIG), 78);
}
