/* SPDX-License-Identifier: MIT */
/* Completing a query on the list of contacts. */
#ifndef DESK_CONTACT_COMPLETE_H
#define DESK_CONTACT_COMPLETE_H

#include <stdbool.h>

struct desk;
struct str;

/* Completes the last word of a query: a name, a saved filter behind @, a value
 * of status, iep or parts; see lineedit_complete. */
bool contact_complete(
    const struct desk *desk, const char *before, struct str *out);

#endif
