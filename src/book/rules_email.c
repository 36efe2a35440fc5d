/* SPDX-License-Identifier: MIT */
/*
 * E-mail addresses: the first of several, without name and angle brackets,
 * the domain in lower case. What is taken is the dot-atom form of RFC 5322
 * 3.4.1 with a host name of RFC 1123; quoted local parts and address literals
 * are left out, since nobody's CRM has them but by mistake.
 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "book/rules.h"

enum { LOCAL_MAX = 64, ADDRESS_MAX = 254, LABEL_MAX = 63 };

/* Parts of non-ASCII text are letters too (RFC 6531). */
static bool
atom(char c)
{
	return isalnum((unsigned char)c) || (c & 0x80) ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool
local_good(const char *text, size_t len)
{
	if (len == 0 || len > LOCAL_MAX || text[0] == '.' ||
	    text[len - 1] == '.')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!atom(text[i]) && (text[i] != '.' || text[i + 1] == '.'))
			return false;
	return true;
}

static bool
label_good(const char *text, size_t len)
{
	if (len == 0 || len > LABEL_MAX || text[0] == '-' ||
	    text[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '-' &&
		    !(text[i] & 0x80))
			return false;
	return true;
}

static bool
domain_good(const char *text)
{
	unsigned labels = 0;
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, ".");
		if (!label_good(text, len))
			return false;
		labels++;
		if (!text[len])
			break;
	}
	return labels >= 2 && len >= 2 && !isdigit((unsigned char)*text);
}

static const char *
trim(const char *text, size_t *len)
{
	while (*len > 0 && *text == ' ') {
		text++;
		(*len)--;
	}
	while (*len > 0 && text[*len - 1] == ' ')
		(*len)--;
	return text;
}

/* Cuts one address out of: several, "Name <a@b>", mailto:a@b. */
static const char *
first_address(const char *text, size_t *len)
{
	static const char *const marks[] = {" ::: ", ";", ",", "\n", " or "};
	const char *open, *close;

	open = strchr(text, '<');
	close = open ? strchr(open, '>') : NULL;
	if (close && memchr(open, '@', (size_t)(close - open))) {
		*len = (size_t)(close - open - 1);
		return trim(open + 1, len);
	}
	*len = strlen(text);
	for (unsigned i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		const char *at = strstr(text, marks[i]);

		if (at && (size_t)(at - text) < *len)
			*len = (size_t)(at - text);
	}
	if (*len > 7 && strncmp(text, "mailto:", 7) == 0) {
		text += 7;
		*len -= 7;
	}
	return trim(text, len);
}

static bool
filler(const char *local, const char *domain)
{
	static const char *const locals[] = {"none", "noemail", "no-email",
	    "no.email", "noreply", "no-reply", "na", "unknown", "donotemail",
	    "declined", NULL};
	static const char *const domains[] = {"none.com", "noemail.com",
	    "na.com", "email.invalid", "none.none", "no.com", NULL};

	return rules_in(local, locals) || rules_in(domain, domains);
}

void
rules_email(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	char address[ADDRESS_MAX + 1], local[LOCAL_MAX + 1];
	const char *text;
	char *at = NULL;
	size_t len;
	bool good = false;

	text = first_address(value->data, &len);
	if (len <= ADDRESS_MAX) {
		memcpy(address, text, len);
		address[len] = '\0';
		at = strrchr(address, '@');
		good = at && local_good(address, (size_t)(at - address)) &&
		       domain_good(at + 1);
	}
	if (!good) {
		findings_add(findings, FINDING_EMAIL_SHAPE, input->field,
		    "\"%s\" is not an e-mail address",
		    rules_quote(value->data).text);
		str_reset(value);
		return;
	}
	for (char *c = at + 1; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	str_reset(value);
	str_add(value, address);
	*at = '\0';
	str_copy(local, sizeof(local), address);
	if (filler(local, at + 1))
		findings_add(findings, FINDING_EMAIL_PLACEHOLDER, input->field,
		    "\"%s\" looks like a filler", value->data);
}
