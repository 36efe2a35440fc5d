/* SPDX-License-Identifier: MIT */
/*
 * The rules of the mapping in force as text, in the file where they are
 * written; changing one there. The desk keeps the file (desk->mapping_file),
 * so that what was changed can be taken back when the agent comes back to it.
 */
#ifndef DESK_MAPPING_RULES_H
#define DESK_MAPPING_RULES_H

#include <stdbool.h>

#include "book/field.h"

struct desk;
struct err;
struct proposal;

/*
 * Reads the file, for the first time or again. False, and err says why, when it
 * cannot be read or is wrong now; then the rules of before are still told, if
 * there were any (mapping_rules_known()).
 */
bool mapping_rules_read(struct desk *desk, struct err *err);
bool mapping_rules_known(const struct desk *desk);
/*
 * The rules beside what the file's columns hold; the caller frees. `shown` (may
 * be NULL) is what was given before: it is used again if it may be.
 */
struct proposal *mapping_rules_show(
    const struct desk *desk, struct proposal *shown, struct err *err);

/* Writes a field's rule (NULL: none), in force at once; nothing is written when
 * it cannot be in force. */
bool mapping_rules_set(
    struct desk *desk, enum field field, const char *rule, struct err *err);
/* Sets one key of a field's rule: "date" to "m/d/y". */
bool mapping_rules_set_key(struct desk *desk, enum field field, const char *key,
    const char *value, struct err *err);
/* Takes the last change back, or makes it again; `*field` is which one, or
 * FIELD_COUNT: anything, by an editor. */
bool mapping_rules_step(
    struct desk *desk, bool back, enum field *field, struct err *err);

#endif
