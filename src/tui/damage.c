/* SPDX-License-Identifier: MIT */
#include "tui/damage.h"

#include <string.h>

#include "tui/canvas.h"

static bool
same(const struct cell *a, const struct cell *b, int count)
{
	return memcmp(a, b, (size_t)count * sizeof(*a)) == 0;
}

bool
damage_range(const struct cell *old, const struct cell *now, int columns,
    int *first, int *end)
{
	int from = 0, to = columns;

	if (same(old, now, columns))
		return false;
	while (same(&old[from], &now[from], 1))
		from++;
	while (same(&old[to - 1], &now[to - 1], 1))
		to--;
	while (from > 0 && (now[from].width == 0 || old[from].width == 0))
		from--;
	while (to < columns && (now[to].width == 0 || old[to].width == 0))
		to++;
	*first = from;
	*end = to;
	return true;
}

static int
longest_run(const struct cell *old, const struct cell *now, int rows,
    int columns, int shift, int *top)
{
	int best = 0, run = 0;

	for (int row = 0; row < rows; row++) {
		const struct cell *here = now + row * columns;
		int from = row + shift;

		if (from < 0 || from >= rows ||
		    same(old + row * columns, here, columns) ||
		    !same(old + from * columns, here, columns)) {
			run = 0;
			continue;
		}
		run++;
		if (run > best) {
			best = run;
			*top = row - run + 1;
		}
	}
	return best;
}

int
damage_scroll(const struct cell *old, const struct cell *now, int rows,
    int columns, int *top, int *shift)
{
	int up_top = 0, down_top = 0;
	int up = longest_run(old, now, rows, columns, 1, &up_top);
	int down = longest_run(old, now, rows, columns, -1, &down_top);

	*shift = up >= down ? 1 : -1;
	*top = up >= down ? up_top : down_top;
	return up >= down ? up : down;
}
