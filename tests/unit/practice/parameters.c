/* SPDX-License-Identifier: MIT */
#include "practice/parameters.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/str.h"

#include "check.h"

TEST(parameters_are_decoded_and_found)
{
	static const char text[] = "a=1+2%2B3&b&c=&%64=%e2%82%ac&&e==";
	struct parameters form;

	parameters_parse(&form, text, strlen(text));
	CHECK(!form.bad);
	CHECK_INT(form.count, 5);
	CHECK_TEXT(parameters_get(&form, "a"), "1 2+3");
	CHECK(!parameters_get(&form, "b"));
	CHECK(!parameters_get(&form, "c"));
	CHECK_TEXT(parameters_get(&form, "d"), "\xe2\x82\xac");
	CHECK_TEXT(parameters_get(&form, "e"), "=");
	CHECK(!parameters_get(&form, "A"));
	parameters_release(&form);
}

TEST(parameters_say_when_they_are_bad)
{
	static const char *const bad[] = {
	    "a=1&a=2", "a=1&%61=1", "a=%", "a=%4", "a=%4g", "%00=1", "a=%00"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct parameters form;

		parameters_parse(&form, bad[i], strlen(bad[i]));
		if (!CHECK(form.bad))
			check_text(bad[i], "", __FILE__, __LINE__, "form");
		parameters_release(&form);
	}
}

TEST(parameters_have_a_limit)
{
	struct parameters form;
	struct str text;

	str_init(&text, 1024);
	for (int i = 0; i < PARAMETERS_MAX; i++)
		str_addf(&text, "p%d=x&", i);
	parameters_parse(&form, text.data, text.len);
	CHECK(!form.bad);
	parameters_release(&form);
	str_add(&text, "more=x");
	parameters_parse(&form, text.data, text.len);
	CHECK(form.bad);
	parameters_release(&form);
	str_release(&text);
}

TEST(parameters_written_are_read_again)
{
	static const char hard[] = "a&b=c+d %\xc3\xa9/?#";
	struct parameters form;
	struct str text;

	str_init(&text, 256);
	parameters_add(&text, "first", hard);
	parameters_add(&text, hard, "x");
	parameters_parse(&form, text.data, text.len);
	CHECK(!form.bad);
	CHECK_TEXT(parameters_get(&form, "first"), hard);
	CHECK_TEXT(parameters_get(&form, hard), "x");
	parameters_release(&form);
	str_release(&text);
}

/* The vectors of RFC 4648, section 10, and the two signs that differ. */
TEST(parameters_base64)
{
	static const char *const vectors[][3] = {
	    {"", "", ""},
	    {"f", "Zg==", "Zg"},
	    {"fo", "Zm8=", "Zm8"},
	    {"foo", "Zm9v", "Zm9v"},
	    {"foob", "Zm9vYg==", "Zm9vYg"},
	    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
	    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
	    {"\xfb\xff", "+/8=", "-_8"},
	};
	char url[CRYPTO_BASE64URL_SIZE(8)];
	struct str out;

	str_init(&out, 64);
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		str_reset(&out);
		CHECK(parameters_base64_decode(&out, vectors[i][1]));
		CHECK_TEXT(out.data, vectors[i][0]);
		crypto_base64url(url, vectors[i][0], strlen(vectors[i][0]));
		CHECK_TEXT(url, vectors[i][2]);
	}
	CHECK(!parameters_base64_decode(&out, "Zm9v-"));
	CHECK(!parameters_base64_decode(&out, "Zg==x"));
	str_release(&out);
}
