/* SPDX-License-Identifier: MIT */
/*
 * Scripted misbehaviour: which request is answered how.
 *
 * A script is text, one step a line; blank lines and what follows a '#' are
 * ignored. The first step that fits a request is used, the rest are not.
 *
 *	ROUTE WHEN ACTION...
 *
 *	ROUTE   create, update, search, or * for any of these; authorize or
 *	        token for those of OAuth
 *	WHEN    all
 *	        3  2-5  7+   by number, counted from 1 over the step's ROUTE
 *	        5%           at random, the same each time for one seed
 *	        @ID          every create or update of the contact with the
 *	                     external_id ID
 *	        @ID:2        the second such (also @ID:1-3, @ID:2+)
 *	ACTION  ok               as if no step had fitted
 *	        400 ... 599      this status, and nothing is done
 *	        retry-after V    with a status: this Retry-After (seconds, or a
 *	                         date with _ for blanks)
 *	        redirect URL     302 to there
 *	        twin             422 "external_id has already been taken"
 *	        drop             the connection is closed without a byte
 *	        stall            no answer, ever
 *	        late D           dropped at once, carried out D later
 *	        delay D          the answer comes D later (with any other)
 *	        truncate         the right answer, cut in the middle
 *	        junk             200 with an HTML page, and nothing is done
 *	        huge             the right answer, padded to 8 MiB
 *	        no-id            2xx without the contact's id
 *	        partial          partial_success
 *	        lag D            create: search does not see it for D
 *	        other            search: somebody else comes back
 *	        null             search: nobody comes back
 *	        commit-then-X    X is a status, twin, junk, drop, stall or
 *	                         redirect: the work is done first
 *
 * D is a duration: 500ms 2s 5m. Example:
 *
 *	create 3 commit-then-drop
 *	search 1-2 500
 *	* 5% 503 retry-after 1
 */
#ifndef PRACTICE_FAULTS_H
#define PRACTICE_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "practice/api.h"

struct err;
struct faults;

#define FAULTS_STEPS_MAX 1000u

enum fault_end {
	FAULT_REPLY, /* an answer is sent */
	FAULT_DROP,
	FAULT_STALL,
	FAULT_LATE,
};

struct fault {
	enum fault_end end;
	bool commit; /* the work is done although status or end say
			otherwise */
	int status;  /* 0: the answer of the work itself */
	bool twin;
	bool truncate;
	bool junk;
	bool huge;
	struct api_quirks quirks;
	int64_t delay;        /* ms */
	int64_t late;         /* ms, with FAULT_LATE */
	char retry_after[64]; /* "": by the switch when the status is 429 */
	char redirect[512];   /* with status 302 */
	char text[128];       /* the actions as written, for the log */
};

/* `name` is for messages ("script.txt:3: ..."). ERR_USAGE. */
struct faults *faults_parse(
    const char *name, const char *text, uint64_t seed, struct err *err);
void faults_free(struct faults *faults); /* NULL is fine */

/*
 * Counts the request in every step that it could fit and returns the first
 * that does; NULL: none, or `ok`. Borrowed. `external_id` may be NULL.
 */
const struct fault *faults_next(
    struct faults *faults, enum api_route route, const char *external_id);

/* Whether the work of the call is carried out under this fault. */
bool fault_works(const struct fault *fault);

#endif
