/* SPDX-License-Identifier: MIT */
/* Changing the text of a rule, as it stands in a mapping, by one key. */
#ifndef BOOK_RULE_TEXT_H
#define BOOK_RULE_TEXT_H

#include <stdbool.h>

struct err;
struct str;

/* Whether it is one value on one line, and what is said when it is not. */
bool rule_text_good(const char *rule);
extern const char rule_text_trouble[];

/*
 * Appends to `out` the rule with one key set to a value (YAML on one line), or
 * taken out (NULL). "DOB" and date m/d/y give "{column: DOB, date: m/d/y}",
 * "[A, B]" gives "{column: [A, B], date: m/d/y}"; in a map the other keys stay
 * as they are, in their order. What has nothing left but `column` becomes
 * short again; nothing at all is appended when no key is left. `rule` NULL or
 * blank: none yet. ERR_CONFIG when the rule or the value is none on one line.
 * Whether the key fits the field is for the parser to say.
 */
bool rule_text_set(const char *rule, const char *key, const char *value,
    struct str *out, struct err *err);

#endif
