/* SPDX-License-Identifier: MIT */
/* One table makes the question and reads the answer. */
#include "desk/contact_order.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "tui/prompt.h"
#include "tui/view.h"

static const struct {
	enum contact_cell cell;
	const char *word;
} orders[] = {
    {CELL_NAME, "name"},
    {CELL_BORN, "born"},
    {CELL_AGE, "age"},
    {CELL_T65, "T65"},
    {CELL_PARTS, "parts"},
    {CELL_PHONE, "phone"},
    {CELL_STATE, "state"},
    {CELL_ZIP, "ZIP"},
    {CELL_STATUS, "status"},
    {CELL_COUNT, "as in the file"},
};

enum { ORDERS = sizeof(orders) / sizeof(orders[0]) };

/* The keys of the question, in their order. */
static const char keys[] = "nbatrpezsf";

_Static_assert(sizeof(keys) == ORDERS + 1, "a key for each order");

static bool
answer(void *context, const char *text, struct err *err)
{
	(void)err;
	v_contacts_sort(context, orders[strchr(keys, *text) - keys].cell);
	return true;
}

void
contact_order_ask(struct view *contacts)
{
	struct prompt prompt = {
	    .label = "sort by:",
	    .choices = keys,
	    .context = contacts,
	    .answer = answer,
	};
	size_t len = strlen(prompt.label);

	for (size_t i = 0; i < ORDERS; i++)
		len += (size_t)snprintf(&prompt.label[len],
		    sizeof(prompt.label) - len, "%s %c %s", i > 0 ? " " : "",
		    keys[i], orders[i].word);
	snprintf(&prompt.label[len], sizeof(prompt.label) - len,
	    "; again: reversed ");
	screen_ask(contacts->screen, &prompt);
}

void
contact_order_words(int sorted, bool down, struct str *out)
{
	for (size_t i = 0; i < ORDERS; i++)
		if (sorted >= 0 && (int)orders[i].cell == sorted)
			str_addf(out, " by %s%s", orders[i].word,
			    down ? ", reversed" : "");
}
