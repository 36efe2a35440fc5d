/* SPDX-License-Identifier: MIT */
/*
 * A form is a handful of short values, so they are decoded once and looked up
 * one by one. A name that comes twice spoils the form: OAuth forbids it, and
 * two readers could each take another of the two.
 */
#include "practice/parameters.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/url.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that "%XX" at `text` stands for; 0 when it is broken. */
static char
escaped(const char *text, size_t left)
{
	int high = left > 2 ? hex_digit(text[1]) : -1;
	int low = left > 2 ? hex_digit(text[2]) : -1;

	return high < 0 || low < 0 ? '\0' : (char)(high * 16 + low);
}

char *
parameters_decode(const char *text, size_t len)
{
	char *out = mem_alloc(len + 1);
	size_t count = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i] == '+' ? ' ' : text[i];

		if (c == '%') {
			c = escaped(text + i, len - i);
			i += 2;
		}
		if (!c) {
			free(out);
			return NULL;
		}
		out[count++] = c;
	}
	out[count] = '\0';
	return out;
}

static void
add_field(struct parameters *form, const char *text, size_t len)
{
	const char *equals = memchr(text, '=', len);
	size_t name_len = equals ? (size_t)(equals - text) : len;
	char *name, *value;

	if (form->count == PARAMETERS_MAX) {
		form->bad = true;
		return;
	}
	name = parameters_decode(text, name_len);
	value = equals ? parameters_decode(equals + 1, len - name_len - 1)
		       : mem_strdup("");
	for (size_t i = 0; name && i < form->count; i++)
		if (strcmp(form->names[i], name) == 0)
			form->bad = true;
	if (!name || !value) {
		form->bad = true;
		free(name);
		free(value);
		return;
	}
	form->names[form->count] = name;
	form->values[form->count++] = value;
}

void
parameters_parse(struct parameters *form, const char *text, size_t len)
{
	*form = (struct parameters){.count = 0};
	while (len > 0) {
		const char *end = memchr(text, '&', len);
		size_t part = end ? (size_t)(end - text) : len;

		if (part > 0)
			add_field(form, text, part);
		part += end ? 1 : 0;
		text += part;
		len -= part;
	}
}

void
parameters_release(struct parameters *form)
{
	for (size_t i = 0; i < form->count; i++) {
		free(form->names[i]);
		free(form->values[i]);
	}
	form->count = 0;
}

const char *
parameters_get(const struct parameters *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->names[i], name) == 0)
			return *form->values[i] ? form->values[i] : NULL;
	return NULL;
}

void
parameters_add(struct str *out, const char *name, const char *value)
{
	if (out->len)
		str_add_char(out, '&');
	url_encode(out, name);
	str_add_char(out, '=');
	url_encode(out, value);
}

void
parameters_base64url(struct str *out, const void *bytes, size_t len)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const uint8_t *in = bytes;
	uint32_t bits = 0;
	unsigned held = 0;

	for (size_t i = 0; i < len; i++) {
		bits = bits << 8 | in[i];
		for (held += 8; held >= 6; held -= 6)
			str_add_char(out, alphabet[bits >> (held - 6) & 63]);
	}
	if (held)
		str_add_char(out, alphabet[bits << (6 - held) & 63]);
}

bool
parameters_base64_decode(struct str *out, const char *text)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	unsigned held = 0;

	for (; *text && *text != '='; text++) {
		const char *at = strchr(alphabet, *text);

		if (!at)
			return false;
		bits = bits << 6 | (uint32_t)(at - alphabet);
		held += 6;
		if (held >= 8) {
			held -= 8;
			str_add_char(out, (char)(bits >> held & 255));
		}
	}
	return text[strspn(text, "=")] == '\0';
}
