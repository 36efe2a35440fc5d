/* SPDX-License-Identifier: MIT */
/*
 * The tree knows where every scalar is. What is between them is brackets,
 * commas, colons, dashes, tags, white space and comments, so a # there begins
 * one. Hazard: a scalar that has a tag begins with it, and a block scalar with
 * its header; comments may stand in both.
 */
#include "source/yaml_comments.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "source/yaml_tree.h"

struct scan {
	const char *text;
	size_t len;
	size_t first; /* byte, behind the byte order mark */
	size_t at;    /* what stands before is done */
	struct yaml_comments *comments;
};

size_t
yaml_break_length(const char *at, const char *end)
{
	static const struct {
		const char *bytes;
		size_t len;
	} breaks[] = {{"\r\n", 2}, {"\n", 1}, {"\r", 1}, {"\xC2\x85", 2},
	    {"\xE2\x80\xA8", 3}, {"\xE2\x80\xA9", 3}};

	if (at == end || (unsigned char)*at - 0x20u < 0xA2)
		return 0;
	for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++)
		if ((size_t)(end - at) >= breaks[i].len &&
		    memcmp(at, breaks[i].bytes, breaks[i].len) == 0)
			return breaks[i].len;
	return 0;
}

static size_t
break_at(const struct scan *scan, size_t at)
{
	return yaml_break_length(scan->text + at, scan->text + scan->len);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void
take_comment(struct scan *scan)
{
	struct yaml_comments *comments = scan->comments;
	size_t start = scan->at;

	while (scan->at < scan->len && break_at(scan, scan->at) == 0)
		scan->at++;
	comments->items = mem_grow(comments->items, &comments->room,
	    comments->count + 1, sizeof(*comments->items));
	comments->items[comments->count++] = (struct yaml_comment){
	    start, scan->at};
}

/* A comment behind a blank, in a line where a # may be part of an address (a
 * directive), or of nothing else (a block scalar's header). */
static void
take_behind_blank(struct scan *scan)
{
	for (; scan->at < scan->len && break_at(scan, scan->at) == 0;
	     scan->at++)
		if (is_blank(scan->text[scan->at]) &&
		    scan->at + 1 < scan->len &&
		    scan->text[scan->at + 1] == '#') {
			scan->at++;
			take_comment(scan);
			return;
		}
}

static void
go_to(struct scan *scan, size_t to)
{
	bool line = scan->at == scan->first;

	while (scan->at < to) {
		size_t width = break_at(scan, scan->at);

		if (scan->text[scan->at] == '#')
			take_comment(scan);
		else if (line && scan->text[scan->at] == '%')
			take_behind_blank(scan);
		else
			scan->at += width > 0 ? width : 1;
		line = width > 0;
	}
}

/* Behind the tag of a scalar, and what stands between both. */
static void
skip_tag(struct scan *scan, size_t end)
{
	while (scan->at < end && !is_blank(scan->text[scan->at]) &&
	       break_at(scan, scan->at) == 0)
		scan->at++;
	while (scan->at < end) {
		size_t width = break_at(scan, scan->at);

		if (scan->text[scan->at] == '#')
			take_comment(scan);
		else if (width > 0 || is_blank(scan->text[scan->at]))
			scan->at += width > 0 ? width : 1;
		else
			break;
	}
}

static void
scan_scalar(struct scan *scan, const struct yaml_node *node)
{
	if (node->start >= node->end || node->start < scan->at)
		return;
	go_to(scan, node->start);
	if (scan->text[scan->at] == '!')
		skip_tag(scan, node->end);
	if (node->block)
		take_behind_blank(scan);
	if (scan->at < node->end)
		scan->at = node->end;
}

static void
scan_node(struct scan *scan, const struct yaml_node *node)
{
	if (node->kind == YAML_SCALAR)
		scan_scalar(scan, node);
	for (size_t i = 0; i < node->count; i++) {
		if (node->kind == YAML_MAP)
			scan_scalar(scan, node->keys[i]);
		scan_node(scan, node->items[i]);
	}
}

void
yaml_comments_find(struct yaml_comments *comments, const char *text, size_t len,
    const struct yaml_node *root)
{
	struct scan scan = {.text = text, .len = len, .comments = comments};

	*comments = (struct yaml_comments){NULL, 0, 0};
	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		scan.first = scan.at = 3;
	scan_node(&scan, root);
	go_to(&scan, len);
}

void
yaml_comments_release(struct yaml_comments *comments)
{
	free(comments->items);
	*comments = (struct yaml_comments){NULL, 0, 0};
}
