/* SPDX-License-Identifier: MIT */
/* What sync_ask_lists() or sync_ask_contact() asked. Inside sync/. */
#ifndef SYNC_CONTACT_LOOK_H
#define SYNC_CONTACT_LOOK_H

struct contact_look;

/* No answer may come any more: the partner is gone. NULL is fine. */
void contact_look_free(struct contact_look *look);
/* Its row is another's now; an answer that comes still is dropped. NULL is
 * fine. */
void contact_look_outdate(struct contact_look *look);

#endif
