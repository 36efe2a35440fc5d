/* SPDX-License-Identifier: MIT */
#include "sync/stop.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
stop_init(struct stop *stop)
{
	const char *at = getenv("BELAY_DEBUG_STOP_AT");
	char *end = NULL;

	*stop = (struct stop){.at = at ? strtol(at, &end, 10) : 0};
	stop->exits = end && strcmp(end, ":exit") == 0;
}

void
stop_here(struct stop *stop)
{
	if (stop->at <= 0 || ++stop->passed != stop->at)
		return;
	if (stop->exits)
		_exit(STOP_STATUS);
	raise(SIGKILL);
}
