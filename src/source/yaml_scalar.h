/* SPDX-License-Identifier: MIT */
/* Writing one scalar so that it reads back as the same text. */
#ifndef SOURCE_YAML_SCALAR_H
#define SOURCE_YAML_SCALAR_H

#include <stdbool.h>

#include "source/yaml.h"

struct str;

/*
 * Appends the text in the wished style, or in double quotes when that cannot
 * hold it. Plain text that another reader would take for a number, a date, a
 * boolean or null is quoted, unless `number_too`: numbers and dates may stay
 * plain (their neighbours are). Never breaks lines. `flow`: inside [] or {}.
 */
void yaml_scalar_write(struct str *out, const char *text, enum yaml_style style,
    bool flow, bool number_too);

/* Whether plain text could be taken for a number or a date. */
bool yaml_scalar_like_number(const char *text);

#endif
