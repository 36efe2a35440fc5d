/* SPDX-License-Identifier: MIT */
/* Names that a typed word may become, as far as all of them agree. */
#include "tui/completion.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"

void
completion_consider(struct completion *completion, const char *name)
{
	size_t same = 0;

	if (strncasecmp(name, completion->word, completion->len) != 0)
		return;
	/* A column "State" beside the field is the same answer. */
	if (completion->count > 0 && strcasecmp(name, completion->first) == 0)
		return;
	if (completion->count++ == 0) {
		completion->first = name;
		completion->common = strlen(name);
		return;
	}
	while (same < completion->common &&
	       strncasecmp(&name[same], &completion->first[same], 1) == 0)
		same++;
	completion->common = same;
}

bool
completion_add(const struct completion *completion, struct str *out)
{
	if (completion->count == 0 || completion->common <= completion->len)
		return false;
	str_add_bytes(out, completion->first, completion->common);
	return true;
}
