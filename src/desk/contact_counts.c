/* SPDX-License-Identifier: MIT */
#include "desk/contact_counts.h"

#include <stdio.h>

#include "base/text.h"
#include "desk/contact_list.h"
#include "desk/desk.h"
#include "tui/canvas.h"

void
contact_counts_draw(struct desk *desk, const struct contact_list *list,
    const char *order, struct canvas *canvas, const struct area *area)
{
	uint32_t counts[STATUS_COUNT] = {0};
	size_t shown = contact_list_count(list);
	size_t marks = contact_list_mark_count(list);
	char text[320];
	int column = 1;

	contact_list_describe(list, text, sizeof(text));
	column += canvas_text(canvas, area, 0, column, STYLE_NORMAL, text);
	column += canvas_text(canvas, area, 0, column, STYLE_NORMAL, order);
	if (marks > 0) {
		snprintf(text, sizeof(text), "  %zu marked", marks);
		column += canvas_text(
		    canvas, area, 0, column, STYLE_MARK, text);
	}
	if (desk->sync)
		sync_counts(desk->sync, counts);
	for (int i = 0; i < STATUS_COUNT && shown > 0; i++) {
		int width;

		if (counts[i] == 0)
			continue;
		snprintf(text, sizeof(text), "%s %u %s",
		    desk_glyph(desk, (enum status)i), counts[i],
		    status_table[i].word);
		width = text_width(text);
		if (column + 2 + width > area->columns)
			break;
		canvas_text(canvas, area, 0, column + 2,
		    desk_status_style((enum status)i), text);
		column += 2 + width;
	}
}
