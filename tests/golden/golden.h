/* SPDX-License-Identifier: MIT */
/*
 * Golden screens: what a view draws on a canvas, kept as a text file below
 * tests/golden. BELAY_GOLDEN_UPDATE=1 in the environment writes the files
 * anew; look at the difference before keeping it.
 */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "tui/canvas.h"

/* Prints the lines that differ, the kept one first. */
static inline void
golden_explain(const char *kept, const char *now)
{
	for (int line = 1; *kept || *now; line++) {
		size_t a = strcspn(kept, "\n"), b = strcspn(now, "\n");

		if (a != b || memcmp(kept, now, a) != 0)
			printf("# line %d\n#   kept '%.*s'\n#   now  '%.*s'\n",
			    line, (int)a, kept, (int)b, now);
		kept += a + (kept[a] == '\n');
		now += b + (now[b] == '\n');
	}
}

/* `name`: below tests/golden, without ".txt": "tui/table-narrow". */
static inline void
golden_check(
    const struct canvas *canvas, const char *name, const char *file, int line)
{
	char path[512];
	const char *update = getenv("BELAY_GOLDEN_UPDATE");
	struct str now;
	char *kept;

	snprintf(path, sizeof(path), "golden/%s.txt", name);
	str_init(&now, 1 << 20);
	canvas_dump(canvas, &now);
	if (update && *update) {
		check_write(check_data(path), now.data);
	} else {
		kept = check_read(check_data(path));
		if (!check_that(strcmp(kept, now.data) == 0, file, line, name))
			golden_explain(kept, now.data);
		free(kept);
	}
	str_release(&now);
}

#define GOLDEN(canvas, name) golden_check((canvas), (name), __FILE__, __LINE__)

#endif
