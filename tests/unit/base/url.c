/* SPDX-License-Identifier: MIT */
#include "base/url.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "check.h"

static const struct url_policy pages = {.hosts = url_page_hosts};
static const struct url_policy practice = {
    .hosts = url_page_hosts, .plain_loopback = true};

/* What must never reach a browser or a connection, and why one might try. */
static const char *const hostile[] = {
    /* not the web */
    "",
    " ",
    "x",
    "medicare.healthsherpa.com",
    "//medicare.healthsherpa.com/",
    "/etc/passwd",
    "-version",
    "--help",
    "javascript:alert(1)",
    "JaVaScRiPt://medicare.healthsherpa.com/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "file://medicare.healthsherpa.com/etc/passwd",
    "ftp://medicare.healthsherpa.com/",
    "ws://medicare.healthsherpa.com/",
    "mailto:x@medicare.healthsherpa.com",
    "tel:9165550100",
    "vbscript:msgbox(1)",
    "about:blank",
    "view-source:https://a.example/",
    "ssh://medicare.healthsherpa.com/",
    "smb://medicare.healthsherpa.com/x",
    /* not protected */
    "http://medicare.healthsherpa.com/",
    "HTTP://medicare.healthsherpa.com/",
    "http://medicare.healthsherpa.com:443/",
    /* other hosts that look like ours */
    "https://example.com/",
    "https://healthsherpa.com/",
    "https://www.medicare.healthsherpa.com/",
    "https://medicare.healthsherpa.com.example.com/",
    "https://medicarehealthsherpa.com/",
    "https://medicare.healthsherpa.co/",
    "https://medicare-healthsherpa.com/",
    "https://xmedicare.healthsherpa.com/",
    "https://medicare.healthsherpa.com./",
    "https://medicare..healthsherpa.com/",
    "https://medicare.healthsherpa.com%2eexample.com/",
    "https://medicare.healthsherpa.com%00.example.com/",
    "https://medicare.healthsherpa.com%0d%0aHost:example.com/",
    "https://medicare.healthsherpa.com%2f@example.com/",
    "https://m\xd0\xb5"
    "dicare.healthsherpa.com/",
    "https://xn--mdicare-1ve.healthsherpa.com/",
    "https://medicare.healthsherpa.com\xe3\x80\x82"
    "example.com/",
    /* who is before the @ */
    "https://medicare.healthsherpa.com@example.com/",
    "https://user@medicare.healthsherpa.com/",
    "https://user:word@medicare.healthsherpa.com/",
    "https://@medicare.healthsherpa.com/",
    "https://:@medicare.healthsherpa.com/",
    "https://medicare.healthsherpa.com:443@example.com/",
    "https://medicare.healthsherpa.com\\@example.com/",
    "https://example.com\\.medicare.healthsherpa.com/",
    "https://example.com#@medicare.healthsherpa.com/",
    "https://example.com?@medicare.healthsherpa.com/",
    "https://example.com/@medicare.healthsherpa.com/",
    "https://example.com;@medicare.healthsherpa.com/",
    /* slashes */
    "https:medicare.healthsherpa.com/",
    "https:/medicare.healthsherpa.com/",
    "https:///medicare.healthsherpa.com/",
    "https:////medicare.healthsherpa.com/",
    "https:\\\\medicare.healthsherpa.com/",
    "https:/\\medicare.healthsherpa.com/",
    "https://",
    "https:///",
    "https://?x",
    "https://#x",
    "https://:443/",
    /* ports */
    "https://medicare.healthsherpa.com:80/",
    "https://medicare.healthsherpa.com:8443/",
    "https://medicare.healthsherpa.com:0/",
    "https://medicare.healthsherpa.com:65979/",
    "https://medicare.healthsherpa.com:-443/",
    "https://medicare.healthsherpa.com:+443/",
    "https://medicare.healthsherpa.com:443x/",
    "https://medicare.healthsherpa.com:443:80/",
    "https://medicare.healthsherpa.com:0x1bb/",
    /* characters */
    " https://medicare.healthsherpa.com/",
    "https://medicare.healthsherpa.com/ ",
    "https://medicare.healthsherpa.com/a b",
    "https://medicare.healthsherpa.com/\n",
    "\thttps://a.example/",
    "https://medicare.health\tsherpa.com/",
    "https://medicare.healthsherpa.com/\r\nX: y",
    "https://medicare.healthsherpa.com/\x1b]8;;x\x07",
    "https://medicare.healthsherpa.com/\x7f",
    "https://medicare.healthsherpa.com/\xe2\x80\xae",
    "https://medicare.healthsherpa.com/\\..\\x",
    "https://$(id).healthsherpa.com/",
    "https://`id`/",
    "https://a;id/",
    "https://a|id/",
    "https://a&id/",
    "https://'a'/",
    "https://\"a\"/",
    "https://<a>/",
    "https://{a,b}.healthsherpa.com/",
    "https://[a-b].healthsherpa.com/",
    "https://-oProxyCommand=x/",
    /* addresses */
    "https://127.0.0.1/",
    "https://localhost/",
    "http://localhost/",
    "https://[::1]/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://[::1%25lo]/",
    "https://[fe80::1%25eth0]/",
    "https://[::1/",
    "https://[]/",
    "https://[medicare.healthsherpa.com]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://0/",
};

TEST(url_check_refuses_every_hostile_address)
{
	struct url url;

	CHECK(sizeof(hostile) / sizeof(*hostile) >= 60);
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		struct err err = ERR_INIT;

		if (!CHECK(!url_check(hostile[i], &pages, &url, &err)))
			printf(
			    "# accepted: '%s' as '%s'\n", hostile[i], url.text);
		CHECK(err.kind == ERR_DATA && *err.text);
	}
}

TEST(url_check_refuses_a_long_address)
{
	struct err err = ERR_INIT;
	struct url url;
	char text[URL_MAX + 2];
	size_t start;

	start = (size_t)snprintf(
	    text, sizeof(text), "https://medicare.healthsherpa.com/");
	memset(text + start, 'a', sizeof(text) - start);
	text[URL_MAX + 1] = '\0';
	CHECK(!url_check(text, &pages, &url, &err));
	text[URL_MAX] = '\0';
	CHECK(url_check(text, &pages, &url, &err));
	CHECK_INT(strlen(url.text), URL_MAX);
	/* what grows beyond the limit by encoding is refused, not cut */
	memset(text + URL_MAX - 3, '"', 3);
	CHECK(!url_check(text, &pages, &url, &err));
}

TEST(url_check_gives_the_rebuilt_text)
{
	static const struct {
		const char *given, *used;
	} cases[] = {
	    {"https://medicare.healthsherpa.com",
		"https://medicare.healthsherpa.com/"},
	    {"HTTPS://Medicare.HealthSherpa.COM:443/Quote/7?Zip=95811#top",
		"https://medicare.healthsherpa.com/Quote/7?Zip=95811#top"},
	    {"https://medicare.healthsherpa.com:/a/../b/./c",
		"https://medicare.healthsherpa.com/b/c"},
	    {"https://medicare-staging.healthsherpa.com/?a=1&b=%20x",
		"https://medicare-staging.healthsherpa.com/?a=1&b=%20x"},
	    {"https://medicare.healthsherpa.com/a\"b<c>`{|}^?q=\"'",
		"https://medicare.healthsherpa.com/"
		"a%22b%3Cc%3E%60%7B%7C%7D%5E?q=%22'"},
	    {"https://medicare.healthsherpa.com/$(id);x",
		"https://medicare.healthsherpa.com/$(id);x"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = ERR_INIT;
		struct url url;

		CHECK(url_check(cases[i].given, &pages, &url, &err));
		CHECK_TEXT(url.text, cases[i].used);
		CHECK_INT(url.port, 443);
	}
}

TEST(url_check_allows_plain_loopback_only_for_practice)
{
	static const char *const good[] = {"http://127.0.0.1:8080/v1",
	    "http://localhost:1/", "http://[::1]:8080/v1?x=1",
	    "https://127.9.9.9:5/", "http://127.0.0.1/"};
	static const char *const bad[] = {"http://127.0.0.1.example.com/",
	    "http://128.0.0.1/", "http://localhost.example.com/",
	    "http://localhost./", "http://[::2]/", "http://0.0.0.0/",
	    "http://[::ffff:10.0.0.1]/", "http://10.0.0.1:8080/",
	    "http://medicare.healthsherpa.com/", "http://a@127.0.0.1/"};
	struct url url;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct err err = ERR_INIT;

		if (CHECK(url_check(good[i], &practice, &url, &err)))
			CHECK_TEXT(url.text, good[i]);
		CHECK(!url_check(good[i], &pages, &url, &err));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err err = ERR_INIT;

		if (!CHECK(!url_check(bad[i], &practice, &url, &err)))
			printf("# accepted: %s\n", bad[i]);
	}
}

TEST(url_check_takes_more_hosts_from_the_config)
{
	static const char *const more[] = {"crm.example.com", NULL};
	struct url_policy policy = {.hosts = url_api_hosts, .more = more};
	struct err err = ERR_INIT;
	struct url url;

	CHECK(url_check("https://CRM.example.com/x", &policy, &url, &err));
	CHECK(!url_check("http://crm.example.com/x", &policy, &url, &err));
	CHECK(!url_check("https://crm.example.com:8443/", &policy, &url, &err));
	CHECK(!url_check("https://x.crm.example.com/", &policy, &url, &err));
	CHECK(url_check(
	    "https://api.medicare.healthsherpa.com/v1", &policy, &url, &err));
	CHECK_TEXT(url.path, "/v1");
	CHECK(!url_check(
	    "https://medicare.healthsherpa.com/", &policy, &url, &err));
}

TEST(url_errors_do_not_repeat_the_query)
{
	static const char *const texts[] = {
	    "https://example.com/p?token=canary", "https://a b/?token=canary",
	    "http://example.com/?canary", "canary", "https://canary@h/",
	    "https://example.com:99999/?canary", "https:/canary"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct err err = ERR_INIT;
		struct url url;

		CHECK(!url_check(texts[i], &pages, &url, &err));
		CHECK(!strstr(err.text, "canary"));
	}
}

TEST(url_parse_takes_a_url_apart)
{
	struct err err = ERR_INIT;
	struct url url;

	REQUIRE(url_parse(
	    "http://[::1]:53682/callback?code=a&state=b#c", &url, &err));
	CHECK_TEXT(url.scheme, "http");
	CHECK_TEXT(url.host, "::1");
	CHECK_INT(url.port, 53682);
	CHECK_TEXT(url.path, "/callback");
	CHECK_TEXT(url.query, "code=a&state=b");
	CHECK(url.loopback);
	REQUIRE(url_parse("http://example.com", &url, &err));
	CHECK_INT(url.port, 80);
	CHECK(!url.loopback);
}

TEST(url_encode_leaves_only_what_needs_no_encoding)
{
	struct str text;

	str_init(&text, URL_MAX);
	url_encode(&text, "J\xc3\xa9 & Co=100%/~._-?#+");
	CHECK_TEXT(text.data, "J%C3%A9%20%26%20Co%3D100%25%2F~._-%3F%23%2B");
	str_release(&text);
}
