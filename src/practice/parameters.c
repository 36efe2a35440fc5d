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

char *
parameters_decode(const char *text, size_t len)
{
	struct str out;

	str_init(&out, len);
	if (url_decode(&out, text, len))
		return str_take(&out);
	str_release(&out);
	return NULL;
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
