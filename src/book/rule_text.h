/* SPDX-License-Identifier: MIT */
/* Rules as text on one line, as they may stand behind a field in a mapping. */
#ifndef BOOK_RULE_TEXT_H
#define BOOK_RULE_TEXT_H

#include <stdbool.h>

struct err;
struct str;
struct yaml_node;

/* Whether it is one value on one line, and what is said when it is not. */
bool rule_text_good(const char *rule);
extern const char rule_text_trouble[];

/* Appends a rule of a document on one line: as it stands in the document's
 * text, if it does so on one line, else (`text` NULL: always) put together
 * anew. */
void rule_text_write(
    const struct yaml_node *node, const char *text, struct str *out);

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
