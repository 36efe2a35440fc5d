/* SPDX-License-Identifier: MIT */
/* Which statuses a person has to look at; decides exit status 1. */
#ifndef COMMAND_ATTENTION_H
#define COMMAND_ATTENTION_H

#include <stdbool.h>

#include "sync/status.h"

static inline bool
attention_needed(enum status status)
{
	return status_needs_somebody(status) || status == STATUS_WAITING;
}

#endif
