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

/* Providers as fingers miss them, and ends that no domain has. */
static const struct {
	const char *wrong, *right;
} domains[] = {
    {"aol.co", "aol.com"},
    {"comcast.com", "comcast.net"},
    {"gamil.com", "gmail.com"},
    {"gmai.com", "gmail.com"},
    {"gmaill.com", "gmail.com"},
    {"gmail.co", "gmail.com"},
    {"gmail.cm", "gmail.com"},
    {"gmail.net", "gmail.com"},
    {"gmal.com", "gmail.com"},
    {"gmial.com", "gmail.com"},
    {"gmil.com", "gmail.com"},
    {"gnail.com", "gmail.com"},
    {"hotmai.com", "hotmail.com"},
    {"hotmail.co", "hotmail.com"},
    {"hotmal.com", "hotmail.com"},
    {"hotmial.com", "hotmail.com"},
    {"hotnail.com", "hotmail.com"},
    {"iclod.com", "icloud.com"},
    {"icloud.co", "icloud.com"},
    {"outlok.com", "outlook.com"},
    {"outlook.co", "outlook.com"},
    {"yaho.com", "yahoo.com"},
    {"yahoo.co", "yahoo.com"},
    {"yahoo.cm", "yahoo.com"},
    {"yahooo.com", "yahoo.com"},
    {"yhaoo.com", "yahoo.com"},
    {"yhoo.com", "yahoo.com"},
    {".cmo", ".com"},
    {".comm", ".com"},
    {".con", ".com"},
    {".ocm", ".com"},
    {".vom", ".com"},
    {".xom", ".com"},
    {".nte", ".net"},
    {".ogr", ".org"},
};

/* What a misspelt domain ends with; its place in the table, or -1. */
static int
misspelt(const char *domain)
{
	const char *end = strrchr(domain, '.');

	for (int i = 0; i < (int)(sizeof(domains) / sizeof(domains[0])); i++) {
		const char *wrong = domains[i].wrong;

		/* the letters first: every address comes this way */
		if (*wrong == *domain && strcmp(wrong, domain) == 0)
			return i;
		if (*wrong == '.' && wrong[1] == end[1] &&
		    strcmp(wrong, end) == 0)
			return i;
	}
	return -1;
}

/* The address with its domain spelt right; gmial.con has two mistakes. */
static void
suggest_domain(struct finding *finding, const char *address)
{
	char text[ADDRESS_MAX + 16];
	char *domain;
	int wrong;

	str_copy(text, sizeof(text), address);
	domain = strrchr(text, '@') + 1;
	while ((wrong = misspelt(domain)) >= 0) {
		size_t kept = strlen(text) - strlen(domains[wrong].wrong);

		str_copy(
		    text + kept, sizeof(text) - kept, domains[wrong].right);
	}
	rules_suggest(finding, text);
}

static bool
address_good(const char *address)
{
	const char *at = strrchr(address, '@');

	return at && local_good(address, (size_t)(at - address)) &&
	       domain_good(at + 1);
}

/* Slips of the hand: a comma for the dot, blanks, a sign too many. */
static void
suggest_address(struct finding *finding, const char *text)
{
	char mended[FINDING_SUGGESTION_SIZE] = "";
	size_t len = 0;
	bool domain = false;

	for (; *text; text++) {
		char c = *text;

		/* a blank in front may part a name from the address */
		if (c == ' ' && !domain && text[1] != '@')
			return;
		if (c == ' ' || (c == '@' && domain))
			continue;
		if (domain && c == ',')
			c = '.';
		domain = domain || c == '@';
		if (c == '.' && len > 0 &&
		    (mended[len - 1] == '.' || mended[len - 1] == '@'))
			continue;
		if (c == '@' && len > 0 && mended[len - 1] == '.')
			len--;
		if (len + 1 == sizeof(mended))
			return;
		mended[len++] = c;
	}
	while (len > 0 && mended[len - 1] == '.')
		len--;
	mended[len] = '\0';
	/* an apostrophe in front would be taken for Excel's text mark */
	if (*mended == '\'' || !address_good(mended))
		return;
	len = (size_t)(strrchr(mended, '@') - mended) + 1;
	for (char *c = mended + len; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	suggest_domain(finding, mended);
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
		good = address_good(address);
	}
	if (!good) {
		suggest_address(
		    findings_add(findings, FINDING_EMAIL_SHAPE, input->field,
			"\"%s\" is not an e-mail address",
			rules_quote(value->data).text),
		    value->data);
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
	else if (misspelt(at + 1) >= 0)
		suggest_domain(
		    findings_add(findings, FINDING_EMAIL_DOMAIN, input->field,
			"the domain of \"%s\" looks misspelt",
			rules_quote(value->data).text),
		    value->data);
}

/*
 * A contact sent under a wrong login is another agent's: what is in any way
 * odd is neither guessed nor left out.
 */
void
rules_agent(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	struct finding list[4];
	struct findings odd = {list, 0, sizeof(list) / sizeof(list[0])};
	struct rules_quote quote = rules_quote(value->data);
	/* of several the first is as good as any for mail, but not here */
	bool several = strchr(value->data, '@') != strrchr(value->data, '@');

	rules_email(input, value, &odd);
	if (!several && odd.count == 0 && value->len > 0)
		return;
	findings_add(findings, FINDING_AGENT_SHAPE, input->field,
	    "\"%s\" is not one agent's e-mail address", quote.text);
	str_reset(value);
}
