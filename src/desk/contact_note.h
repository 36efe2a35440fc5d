/* SPDX-License-Identifier: MIT */
/* What the line below the list says of the contact under the cursor. */
#ifndef DESK_CONTACT_NOTE_H
#define DESK_CONTACT_NOTE_H

#include <stdint.h>

#include "tui/canvas.h"

struct desk;
struct str;

/* Appends ": ready. HealthSherpa does not have them yet" after the name;
 * nothing before the status is known. Returns how it looks. */
enum style contact_note_add(struct desk *desk, uint32_t row, struct str *out);

#endif
