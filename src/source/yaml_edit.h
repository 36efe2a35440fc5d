/* SPDX-License-Identifier: MIT */
/*
 * Changing one entry of a small YAML document (a config, a mapping) where it
 * stands. Every byte that is not the entry's stays: other values, comments,
 * line ends, the byte order mark, a missing last line end.
 *
 * - A new entry goes on a line behind the last one of its map, as far in as
 *   its siblings, or behind a comma where the map is written in braces. Maps
 *   that are missing on the way are made; one without a value, or written {},
 *   becomes a map in lines.
 * - A comment behind a value stays behind the new one. Comments inside of what
 *   is replaced or taken out stay as lines of their own, as far in as before.
 * - What is left of a map whose only entry is taken out is {}.
 */
#ifndef SOURCE_YAML_EDIT_H
#define SOURCE_YAML_EDIT_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

/*
 * Sets the entry at a path of `depth` (at least 1) keys from the root.
 * `value`: YAML on one line, as it may stand behind a key ("Zip", "[A, B]",
 * "{column: A}", "null"); NULL: the entry is taken out, if it is there.
 * `out` gets the whole document; what stood in it is dropped.
 *
 * The new document is read again, and must say the same as the old one but for
 * that entry, and have all its comments. False with ERR_DATA, and `out` empty,
 * when it would not, when something else than a map is in the way, when the
 * value is none, and when the text is not good in the first place (yaml_tree.h,
 * UTF-8). `name` stands in messages.
 */
bool yaml_edit(const char *name, const char *text, size_t len,
    const char *const path[], size_t depth, const char *value, struct str *out,
    struct err *err);

#endif
