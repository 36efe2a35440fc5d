/* SPDX-License-Identifier: MIT */
#include "desk/contact_head.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "desk/contact_counts.h"
#include "desk/contact_list.h"
#include "desk/contact_order.h"
#include "desk/desk.h"

enum { ORDER_MAX = 256 };

/* Why the file could not be read, and a rule; returns the rows they take. */
static int
draw_broken(
    const struct desk *desk, struct canvas *canvas, const struct area *area)
{
	struct area text = area_columns(area, 1, area->columns - 2);
	struct str why;
	int rows;

	if (!desk->broken)
		return 0;
	text = area_rows(&text, 0, area->rows / 3);
	str_init(&why, ERR_TEXT_MAX);
	text_clean(&why, desk->broken, strlen(desk->broken));
	rows = canvas_paragraph(canvas, &text, 0, 0, STYLE_BAD, why.data);
	str_release(&why);
	rows = rows < text.rows ? rows : text.rows;
	canvas_rule(canvas, area, rows);
	return rows + 1;
}

struct area
contact_head_draw(struct desk *desk, const struct contact_list *list,
    bool say_order, struct contact_counts *counts, struct canvas *canvas,
    const struct area *area)
{
	struct area body = area_rows(area, 2, area->rows - 2);
	struct str order;
	int rows;

	str_init(&order, ORDER_MAX);
	if (say_order)
		contact_order_words(
		    desk->book, contact_list_orders(list), &order);
	contact_counts_draw(desk, list, order.data, counts, canvas, area);
	str_release(&order);
	canvas_rule(canvas, area, 1);
	rows = desk->sync ? v_run_strip(desk, canvas, &body) : 0;
	body = area_rows(&body, rows, body.rows - rows);
	rows = draw_broken(desk, canvas, &body);
	return area_rows(&body, rows, body.rows - rows);
}
