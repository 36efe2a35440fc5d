/* SPDX-License-Identifier: MIT */
#include "sync/stop.h"

#include <signal.h>
#include <stdlib.h>

void
stop_init(struct stop *stop)
{
	const char *at = getenv("BELAY_DEBUG_STOP_AT");

	stop->at = at ? strtol(at, NULL, 10) : 0;
	stop->passed = 0;
}

void
stop_here(struct stop *stop)
{
	if (stop->at > 0 && ++stop->passed == stop->at)
		raise(SIGKILL);
}
