/* SPDX-License-Identifier: MIT */
/* What sync_ask_lists() asked for one contact. Inside sync/. */
#ifndef SYNC_LIST_LOOK_H
#define SYNC_LIST_LOOK_H

struct list_look;

/* No answer may come any more: the partner is gone. NULL is fine. */
void list_look_free(struct list_look *look);
/* Its row is another's now; an answer that comes still is dropped. NULL is
 * fine. */
void list_look_outdate(struct list_look *look);

#endif
