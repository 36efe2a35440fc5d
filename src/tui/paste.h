/* SPDX-License-Identifier: MIT */
/*
 * A pasted text between the terminal's two marks: kept up to a ceiling, cleaned
 * at its end, line breaks and tabs as blanks. It may be anything, so the raw
 * bytes are wiped.
 */
#ifndef TUI_PASTE_H
#define TUI_PASTE_H

#include <stdbool.h>

#include "base/str.h"

/* Most bytes of one paste; the rest is dropped. */
#define PASTE_MAX 65536

struct paste {
	bool open; /* its end has not come yet */
	struct str raw;
	struct str text; /* of the last one, cleaned */
};

void paste_init(struct paste *paste);
void paste_release(struct paste *paste);
void paste_begin(struct paste *paste);
void paste_add_byte(struct paste *paste, int byte);
void paste_end(struct paste *paste);

#endif
