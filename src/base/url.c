/* SPDX-License-Identifier: MIT */
/*
 * curl_url() takes the address apart, and what comes out is put together again:
 * the string that is used is the string that was checked, so no other parser
 * can read it differently.
 * Hazards: curl is lenient (one or three slashes, an IPv6 zone, quotes in a
 * path), so the outer shape is checked here as well; a URL may hold a token, so
 * no message repeats one.
 */
#include "base/url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

const char *const url_api_hosts[] = {
    "api.medicare.healthsherpa.com",
    "api.medicare-staging.healthsherpa.com",
    NULL,
};

const char *const url_page_hosts[] = {
    "medicare.healthsherpa.com",
    "medicare-staging.healthsherpa.com",
    NULL,
};

const char *const url_login_hosts[] = {
    "medicare.healthsherpa.com",
    "medicare-staging.healthsherpa.com",
    "api.medicare.healthsherpa.com",
    "api.medicare-staging.healthsherpa.com",
    NULL,
};

static bool
unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("-._~", c));
}

/*
 * Browsers take a backslash for a slash, and blanks and controls end or vanish
 * from a URL depending on who reads it: none of them gets past this.
 */
static bool
shape_good(const char *text, struct err *err)
{
	size_t len = strnlen(text, URL_MAX + 1);
	const char *rest = strstr(text, "://");

	if (len == 0)
		return err_set(err, ERR_DATA, "the web address is empty");
	if (len > URL_MAX)
		return err_set(err, ERR_DATA,
		    "the web address is longer than %d characters", URL_MAX);
	for (size_t i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '\\')
			return err_set(err, ERR_DATA,
			    "the web address has a character at place %zu that "
			    "is not allowed in one",
			    i + 1);
	if (!rest || rest[3] == '/' ||
	    strcspn(text, ":") != (size_t)(rest - text))
		return err_set(err, ERR_DATA,
		    "the web address is not complete; it has to begin with "
		    "https:// and a host");
	return true;
}

/* Copies one part; an absent part is "". */
static bool
get_part(CURLU *parsed, CURLUPart part, char *buffer, size_t size)
{
	char *text = NULL;
	bool fits = true;

	*buffer = '\0';
	if (curl_url_get(parsed, part, &text, 0) == CURLUE_OK && text)
		fits = str_copy(buffer, size, text);
	curl_free(text);
	return fits;
}

static void
lower(char *text)
{
	for (; *text; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
}

/* Takes the brackets off an IPv6 address; true for names and addresses. */
static bool
host_good(char *host)
{
	unsigned char address[16];
	size_t len = strlen(host);

	lower(host);
	if (host[0] == '[') {
		if (len < 3 || host[len - 1] != ']')
			return false;
		memmove(host, host + 1, len - 2);
		host[len - 2] = '\0';
		return inet_pton(AF_INET6, host, address) == 1;
	}
	return len > 0 && host[0] != '-' &&
	       strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") == len;
}

static bool
is_loopback(const char *host)
{
	unsigned char address[16];

	if (strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0)
		return true;
	return inet_pton(AF_INET, host, address) == 1 && address[0] == 127;
}

/* Appends a path, query or fragment, encoding what RFC 3986 wants encoded. */
static void
add_part(struct str *out, const char *part)
{
	for (; *part; part++) {
		if (strchr("\"<>^`{|}", *part))
			str_addf(out, "%%%02X", (unsigned)*part);
		else
			str_add_char(out, *part);
	}
}

static int
default_port(const struct url *url)
{
	return strcmp(url->scheme, "http") == 0 ? 80 : 443;
}

/* Makes the text that is used from the parts that were checked. */
static bool
rebuild(struct url *url, const char *fragment)
{
	bool brackets = strchr(url->host, ':') != NULL;
	struct str text;
	bool fits;

	str_init(&text, URL_MAX);
	str_addf(&text, "%s://%s%s%s", url->scheme, brackets ? "[" : "",
	    url->host, brackets ? "]" : "");
	if (url->port != default_port(url))
		str_addf(&text, ":%d", url->port);
	add_part(&text, url->path);
	if (*url->query) {
		str_add_char(&text, '?');
		add_part(&text, url->query);
	}
	if (*fragment) {
		str_add_char(&text, '#');
		add_part(&text, fragment);
	}
	fits = !text.cut;
	str_copy(url->text, sizeof(url->text), text.data);
	str_release(&text);
	return fits;
}

static bool
take_parts(CURLU *parsed, struct url *url, struct err *err)
{
	char port[8], zone[16], fragment[URL_MAX + 1];
	bool fits;

	fits = get_part(
	    parsed, CURLUPART_SCHEME, url->scheme, sizeof(url->scheme));
	fits &= get_part(parsed, CURLUPART_HOST, url->host, sizeof(url->host));
	fits &= get_part(parsed, CURLUPART_PATH, url->path, sizeof(url->path));
	fits &= get_part(
	    parsed, CURLUPART_QUERY, url->query, sizeof(url->query));
	fits &= get_part(parsed, CURLUPART_PORT, port, sizeof(port));
	fits &= get_part(
	    parsed, CURLUPART_FRAGMENT, fragment, sizeof(fragment));
	get_part(parsed, CURLUPART_ZONEID, zone, sizeof(zone));
	lower(url->scheme);
	if (!fits || (strcmp(url->scheme, "https") != 0 &&
			 strcmp(url->scheme, "http") != 0))
		return err_set(err, ERR_DATA,
		    "the web address does not begin with https://");
	if (*zone || !host_good(url->host))
		return err_set(
		    err, ERR_DATA, "the web address has no proper host name");
	if (*port)
		url->port = (int)strtol(port, NULL, 10);
	else
		url->port = default_port(url);
	if (url->port == 0)
		return err_set(
		    err, ERR_DATA, "the web address has port 0, which is none");
	url->loopback = is_loopback(url->host);
	if (!rebuild(url, fragment))
		return err_set(err, ERR_DATA,
		    "the web address is longer than %d characters", URL_MAX);
	return true;
}

bool
url_parse(const char *text, struct url *url, struct err *err)
{
	CURLU *parsed;
	CURLUcode code;
	bool good;

	memset(url, 0, sizeof(*url));
	if (!shape_good(text, err))
		return false;
	parsed = curl_url();
	if (!parsed)
		mem_die(71, "out of memory");
	code = curl_url_set(parsed, CURLUPART_URL, text,
	    CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER);
	if (code == CURLUE_OK)
		good = take_parts(parsed, url, err);
	else if (code == CURLUE_USER_NOT_ALLOWED)
		good = err_set(err, ERR_DATA,
		    "the web address has a user name before the host, which is "
		    "a common trick");
	else
		good = err_set(err, ERR_DATA,
		    "the web address cannot be read: %s",
		    curl_url_strerror(code));
	curl_url_cleanup(parsed);
	return good;
}

static bool
listed(const char *host, const char *const *hosts)
{
	for (; hosts && *hosts; hosts++)
		if (strcasecmp(host, *hosts) == 0)
			return true;
	return false;
}

bool
url_check(const char *text, const struct url_policy *policy, struct url *url,
    struct err *err)
{
	if (!url_parse(text, url, err))
		return false;
	if (policy->plain_loopback && url->loopback)
		return true;
	if (strcmp(url->scheme, "https") != 0)
		return err_set(err, ERR_DATA,
		    "the address at %s is not https, so it is not used",
		    url->host);
	if (!listed(url->host, policy->hosts) &&
	    !listed(url->host, policy->more))
		return err_set(err, ERR_DATA,
		    "%s is not a host of HealthSherpa; if it is right, add it "
		    "to allow_hosts in the config",
		    url->host);
	if (url->port != 443)
		return err_set(err, ERR_DATA,
		    "the address at %s has port %d; only 443 is used",
		    url->host, url->port);
	return true;
}

void
url_encode(struct str *out, const char *text)
{
	for (; *text; text++) {
		if (unreserved(*text))
			str_add_char(out, *text);
		else
			str_addf(out, "%%%02X", (unsigned)(unsigned char)*text);
	}
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
url_decode(struct str *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = (char)(text[i] == '+' ? ' ' : text[i]);

		if (c == '%') {
			int high = len - i > 2 ? hex_digit(text[i + 1]) : -1;
			int low = len - i > 2 ? hex_digit(text[i + 2]) : -1;

			if (high < 0 || low < 0)
				return false;
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (!c)
			return false;
		str_add_char(out, c);
	}
	return true;
}

bool
url_parameter(const char *query, const char *name, struct str *out)
{
	size_t name_len = strlen(name), value_len = 0;
	const char *value = NULL;

	for (const char *part = query; *part;) {
		size_t len = strcspn(part, "&");

		if (len > name_len && part[name_len] == '=' &&
		    strncmp(part, name, name_len) == 0) {
			if (value)
				return false;
			value = part + name_len + 1;
			value_len = len - name_len - 1;
		}
		part += len + (part[len] == '&');
	}
	return value && url_decode(out, value, value_len) && !out->cut;
}
