/* SPDX-License-Identifier: MIT */
/*
 * What stands between a crash and a second contact, by name. The program has
 * all of them. A test leaves one out, by
 *
 *	./configure CPPFLAGS='-DBELAY_WITHOUT=DEFENCE_WAIT'
 *
 * (or several, joined by '|'), and shows that the second contact is then made
 * and found. Everything here is constant: the compiler leaves no branch behind.
 */
#ifndef BASE_DEFENCE_H
#define BASE_DEFENCE_H

enum {
	DEFENCE_JOURNAL = 1 << 0, /* the INTENT is on disk before the create */
	DEFENCE_WAIT = 1 << 1,   /* a doubt is left alone for the settle time */
	DEFENCE_LOOKUP = 1 << 2, /* it ends by a search, not by a create */
	DEFENCE_RESEND = 1 << 3, /* libcurl may not send a create again */
	DEFENCE_LOCK = 1 << 4,   /* one process works on a book */
	DEFENCE_SYNCED = 1 << 5, /* the INTENT survives a power cut */
	DEFENCE_PROBE = 1 << 6,  /* a search before a first create */
	DEFENCE_SIGNS = 1 << 7,  /* a ledger that lost something is noticed */
};

#ifndef BELAY_WITHOUT
#define BELAY_WITHOUT 0
#endif

#define DEFENDED(name) (((BELAY_WITHOUT)&DEFENCE_##name) == 0)

#endif
