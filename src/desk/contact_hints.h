/* SPDX-License-Identifier: MIT */
/* What can be done with the contact under the cursor of the list now, most
 * likely first. */
#ifndef DESK_CONTACT_HINTS_H
#define DESK_CONTACT_HINTS_H

#include <stdbool.h>
#include <stdint.h>

struct desk;

enum { CONTACT_HINTS_MAX = 24 };

/* As view_ops.hints; `room` is for those that are not always the same. */
const int *contact_hints(const struct desk *desk, uint32_t row, bool marks,
    int room[CONTACT_HINTS_MAX]);

#endif
