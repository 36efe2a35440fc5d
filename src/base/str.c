/* SPDX-License-Identifier: MIT */
/*
 * A string that cannot outgrow its owner's limit.
 * Hazards: an empty string points at a shared byte and owns no memory
 * (size 0); appended text must not lie inside the string itself, because
 * growing moves it.
 */
#include "base/str.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SIZE_FIRST = 64 };

/* Never written but with the NUL that it holds. */
static char nothing[1];

void
str_init(struct str *str, size_t limit)
{
	if (limit > SIZE_MAX / 4)
		limit = SIZE_MAX / 4;
	*str = (struct str){.data = nothing, .limit = limit};
}

void
str_release(struct str *str)
{
	if (str->size > 0)
		free(str->data);
	str_init(str, str->limit);
}

void
str_reset(struct str *str)
{
	if (str->size > 0)
		str->data[0] = '\0';
	str->len = 0;
	str->cut = false;
}

char *
str_take(struct str *str)
{
	char *data = str->size > 0 ? str->data : mem_strdup("");

	str_init(str, str->limit);
	return data;
}

/* Room for `more` bytes and the NUL; gives how many of them may come. */
static size_t
make_room(struct str *str, size_t more)
{
	size_t room = str->limit - str->len;
	size_t size;

	if (more > room) {
		more = room;
		str->cut = true;
	}
	if (str->len + more < str->size)
		return more;
	size = str->size > 0 ? 2 * str->size : SIZE_FIRST;
	if (size <= str->len + more)
		size = str->len + more + 1;
	if (size > str->limit + 1)
		size = str->limit + 1;
	str->data = mem_resize(str->size > 0 ? str->data : NULL, size, 1);
	str->data[str->len] = '\0';
	str->size = size;
	return more;
}

void
str_add(struct str *str, const char *text)
{
	str_add_bytes(str, text, strlen(text));
}

void
str_add_bytes(struct str *str, const void *bytes, size_t len)
{
	if (len == 0)
		return;
	len = make_room(str, len);
	memcpy(str->data + str->len, bytes, len);
	str->len += len;
	str->data[str->len] = '\0';
}

void
str_add_char(struct str *str, char c)
{
	if (make_room(str, 1) == 0)
		return;
	str->data[str->len++] = c;
	str->data[str->len] = '\0';
}

void
str_addf(struct str *str, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	str_addv(str, format, args);
	va_end(args);
}

void
str_addv(struct str *str, const char *format, va_list args)
{
	va_list again;
	size_t need, room;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	assert(len >= 0);
	need = len > 0 ? (size_t)len : 0;
	room = make_room(str, need);
	vsnprintf(str->data + str->len, room + 1, format, again);
	va_end(again);
	str->len += room;
}

static inline char
lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c | 0x20);
	return c;
}

bool
str_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool
str_equal_fold(const char *a, const char *b)
{
	while (*a && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

bool
str_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
str_ends(const char *text, const char *suffix)
{
	size_t text_len = strlen(text), suffix_len = strlen(suffix);

	return suffix_len <= text_len &&
	       memcmp(text + text_len - suffix_len, suffix, suffix_len) == 0;
}

bool
str_blank(const char *text)
{
	return !text || text[strspn(text, " \t\n\v\f\r")] == '\0';
}

bool
str_copy(char *buffer, size_t size, const char *text)
{
	size_t len = strlen(text);
	bool whole = len < size;

	assert(size > 0);
	if (!whole) {
		len = size - 1;
		/* text[len] is the first byte left out: it must start one */
		while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
			len--;
	}
	memcpy(buffer, text, len);
	buffer[len] = '\0';
	return whole;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Swapped neighbours are one, since that is how people mistype. */
size_t
str_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][STR_DISTANCE_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2], *spare;

	for (size_t j = 0; j <= b_len; j++)
		now[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		spare = before;
		before = last;
		last = now;
		now = spare;
		now[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			char x = lower(a[i - 1]), y = lower(b[j - 1]);
			size_t best = last[j - 1] + (x == y ? 0 : 1);

			best = least(best, last[j] + 1);
			best = least(best, now[j - 1] + 1);
			if (i > 1 && j > 1 && x == lower(b[j - 2]) &&
			    y == lower(a[i - 2]))
				best = least(best, before[j - 2] + 1);
			now[j] = best;
		}
	}
	return now[b_len];
}

const char *
str_nearest(const char *word, const char *const *names, size_t count)
{
	size_t len = strlen(word);
	size_t limit = len < 3 ? len / 2 : len / 3;
	const char *nearest = NULL;

	if (len > STR_DISTANCE_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t name_len = strlen(names[i]), far;

		/* so far apart they are by their lengths alone */
		if (name_len > STR_DISTANCE_MAX || name_len > len + limit ||
		    len > name_len + limit)
			continue;
		far = str_distance(word, len, names[i], name_len);
		if (far < limit || (far == limit && !nearest)) {
			nearest = names[i];
			if (far == 0)
				break;
			limit = far;
		}
	}
	return nearest;
}

void
str_grow(struct str *str)
{
	size_t len = str->len;

	while (str->len < str->limit)
		str_add_char(str, ' ');
	str->len = len;
	str->data[len] = '\0';
}
