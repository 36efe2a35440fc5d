/* SPDX-License-Identifier: MIT */
#include "command/left.h"

#include <stdio.h>
#include <unistd.h>

#include "command/arguments.h"
#include "command/session.h"
#include "sync/sync.h"

void
left_tell(const struct session *session)
{
	const struct arguments *arguments = session->arguments;
	struct sync_left left;
	uint32_t all;

	if (!isatty(STDERR_FILENO) || arguments->filter ||
	    arguments->ids.count > 0 || !sync_left(session->sync, &left) ||
	    !left.how)
		return;
	all = left.to_send + left.doubts;
	fprintf(stderr, "belay: the last sync %s: %u contact%s left", left.how,
	    all, all == 1 ? " is" : "s are");
	if (left.doubts > 0)
		fprintf(stderr,
		    ", %u of them may have been created already and %s "
		    "looked up first",
		    left.doubts, left.doubts == 1 ? "is" : "are");
	fputs("\n", stderr);
}
