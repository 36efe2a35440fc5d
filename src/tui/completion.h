/* SPDX-License-Identifier: MIT */
/*
 * The longest common beginning of the names that a typed word may become; for
 * lineedit_complete. Begin with word and len set, all else zero, then consider
 * each name; ASCII case does not count.
 */
#ifndef TUI_COMPLETION_H
#define TUI_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* Names are borrowed. */
struct completion {
	const char *word; /* as typed */
	size_t len;
	const char *first; /* that fits; NULL: none yet */
	size_t common;     /* so much of it all have that fit */
	size_t count; /* of those that fit, the same in another case once */
};

void completion_consider(struct completion *completion, const char *name);
/* Appends what they have in common; false when that is no more than typed. */
bool completion_add(const struct completion *completion, struct str *out);

#endif
