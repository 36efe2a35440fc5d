/* SPDX-License-Identifier: MIT */
/*
 * The comments of a YAML document, which no event of libyaml tells of: whatever
 * begins with # between its scalars.
 */
#ifndef SOURCE_YAML_COMMENTS_H
#define SOURCE_YAML_COMMENTS_H

#include <stdbool.h>
#include <stddef.h>

struct yaml_node;

struct yaml_comment {
	size_t start, end; /* bytes: from the # to before the line break */
};

struct yaml_comments {
	struct yaml_comment *items; /* in the order of the text */
	size_t count, room;
};

/* `root` is the tree of the text. To be released. */
void yaml_comments_find(struct yaml_comments *comments, const char *text,
    size_t len, const struct yaml_node *root);
void yaml_comments_release(struct yaml_comments *comments);

/* Bytes of the line break at `at`, 0: none is there. NEL, LS and PS are breaks
 * for libyaml, so they are here. `end`: of the text. */
size_t yaml_break_length(const char *at, const char *end);

#endif
