/* SPDX-License-Identifier: MIT */
/* One shape for every complaint about a config, so that editors find it. */
#include "book/problems.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "source/yaml_tree.h"

enum { TEXT_MAX = 1024, LISTED_MAX = 12 };

__attribute__((format(printf, 5, 0))) static void
add(struct problems *problems, unsigned line, unsigned column, const char *key,
    const char *format, va_list args)
{
	struct str raw;

	str_init(&raw, TEXT_MAX);
	str_add(&raw, problems->name);
	if (line > 0)
		str_addf(&raw, ":%u:%u", line, column);
	str_add(&raw, ": ");
	if (key)
		str_addf(&raw, "%s: ", key);
	str_addv(&raw, format, args);
	text_clean(problems->out, raw.data, raw.len);
	str_add_char(problems->out, '\n');
	str_release(&raw);
	problems->count++;
}

void
problems_add(struct problems *problems, const struct yaml_node *at,
    const char *key, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(problems, at ? at->line : 0, at ? at->column : 0, key, format,
	    args);
	va_end(args);
}

void
problems_add_at(struct problems *problems, unsigned line, unsigned column,
    const char *key, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(problems, line, column, key, format, args);
	va_end(args);
}

void
problems_unknown(struct problems *problems, const struct yaml_node *at,
    const char *key, const char *const *names, size_t count)
{
	const char *dot = strrchr(key, '.');
	const char *near = str_nearest(dot ? dot + 1 : key, names, count);
	struct str list;

	if (near) {
		problems_add(problems, at, key,
		    "not known here; did you mean %s?", near);
		return;
	}
	str_init(&list, TEXT_MAX);
	for (size_t i = 0; i < count && i < LISTED_MAX; i++)
		str_addf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
	if (count > LISTED_MAX)
		str_add(&list, ", ...");
	problems_add(
	    problems, at, key, "not known here; known are %s", list.data);
	str_release(&list);
}

int
problems_choice(struct problems *problems, const struct yaml_node *at,
    const char *key, const char *const *words)
{
	struct str list;
	int count = 0;

	for (; words[count]; count++)
		if (at->kind == YAML_SCALAR &&
		    strcmp(at->text, words[count]) == 0)
			return count;
	str_init(&list, TEXT_MAX);
	for (int i = 0; i < count; i++)
		str_addf(&list, "%s%s",
		    i == 0           ? ""
		    : i == count - 1 ? " or "
				     : ", ",
		    words[i]);
	if (at->kind == YAML_SCALAR && *at->text)
		str_addf(&list, ", not \"%s\"", at->text);
	problems_add(problems, at, key, "must be %s", list.data);
	str_release(&list);
	return -1;
}

/* ---- taken apart again ---------------------------------------------------
 */

/* ":12:3: " at `text`: its length, or 0. */
static size_t
place(const char *text, unsigned *line, unsigned *column)
{
	char *end;

	if (*text != ':' || !isdigit((unsigned char)text[1]))
		return 0;
	*line = (unsigned)strtoul(text + 1, &end, 10);
	if (*end != ':' || !isdigit((unsigned char)end[1]))
		return 0;
	*column = (unsigned)strtoul(end + 1, &end, 10);
	return str_starts(end, ": ") ? (size_t)(end + 2 - text) : 0;
}

/* "mapping.zip: " at `text`: the length of the key, or 0. */
static size_t
key_length(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

	return len > 0 && str_starts(text + len, ": ") ? len : 0;
}

static struct problem
split(const char *text)
{
	struct problem problem = {.line = 0};
	const char *after = NULL;
	size_t len;

	for (const char *at = text; !after && *at; at++)
		if ((len = place(at, &problem.line, &problem.column)) > 0) {
			after = at + len;
			problem.file = mem_strndup(text, (size_t)(at - text));
		}
	if (!after) {
		problem.line = problem.column = 0;
		after = strstr(text, ": ");
		len = after ? (size_t)(after - text) : 0;
		problem.file = mem_strndup(text, len);
		after = after ? after + 2 : text;
	}
	len = key_length(after);
	problem.key = mem_strndup(after, len);
	problem.text = mem_strdup(len > 0 ? after + len + 2 : after);
	return problem;
}

struct problem *
problems_split(const char *lines, size_t *count)
{
	struct problem *list = NULL;
	size_t room = 0;

	*count = 0;
	while (*lines) {
		size_t len = strcspn(lines, "\n");
		char *line = mem_strndup(lines, len);

		list = mem_grow(list, &room, *count + 1, sizeof(*list));
		list[(*count)++] = split(line);
		free(line);
		lines += len + (lines[len] == '\n');
	}
	return list;
}

void
problems_free(struct problem *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(list[i].file);
		free(list[i].key);
		free(list[i].text);
	}
	free(list);
}
