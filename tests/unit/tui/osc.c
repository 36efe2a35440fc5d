/* SPDX-License-Identifier: MIT */
#include "tui/osc.h"

#include <string.h>

#include "base/str.h"
#include "check.h"

static void
copied(const char *text, const char *should)
{
	struct str out;

	str_init(&out, 1 << 16);
	CHECK(osc_copy(&out, text));
	CHECK_TEXT(out.data, should);
	str_release(&out);
}

TEST(osc_copies_in_base64)
{
	copied("", "\033]52;c;\033\\");
	copied("f", "\033]52;c;Zg==\033\\");
	copied("fo", "\033]52;c;Zm8=\033\\");
	copied("foo", "\033]52;c;Zm9v\033\\");
	copied("foob~?>", "\033]52;c;Zm9vYn4/Pg==\033\\");
}

TEST(osc_takes_no_sequences_in)
{
	char big[OSC_COPY_MAX + 2];
	struct str out;

	str_init(&out, 1 << 16);
	CHECK(!osc_copy(&out, "a\033]52;c;?\007"));
	CHECK(!osc_copy(&out, "caf\xc3\xa9"));
	CHECK(!osc_link(&out, 1, "https://a/\033\\x"));
	CHECK(!osc_link(&out, 1, "https://a/\xc2\x9c"));
	memset(big, 'a', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	CHECK(!osc_copy(&out, big));
	CHECK_INT(out.len, 0);
	osc_title(&out, "book\007\033[31m\xc2\x9c.csv", true, false);
	CHECK(strstr(out.data + 12, "\033[31m") == NULL);
	CHECK(strchr(out.data, '\007') == NULL);
	CHECK(strstr(out.data, "\xc2\x9c") == NULL);
	CHECK_INT(strncmp(out.data, "\033[22;2t\033]2;book", 15), 0);
	str_reset(&out);
	osc_title(&out, "Jos\xc3\xa9\007\xe8\x8a\xb1.csv", false, true);
	CHECK_INT(strncmp(out.data, "\033]2;Jose", 8), 0);
	for (size_t i = 0; i < out.len; i++)
		CHECK((unsigned char)out.data[i] < 0x80);
	str_release(&out);
}

TEST(osc_only_where_it_is_understood)
{
	CHECK(osc_understood("xterm-256color"));
	CHECK(osc_understood("tmux-256color"));
	CHECK(!osc_understood("linux"));
	CHECK(!osc_understood("vt100"));
	CHECK(!osc_understood(NULL));
}
