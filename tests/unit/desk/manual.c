/* SPDX-License-Identifier: MIT */
/* The manual's lists of keys and of statuses. */
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "desk/action_list.h"
#include "desk/actions.h"
#include "unit/manual.h"
#include "sync/status.h"

/* The keys of an action; roff takes a backslash or a leading dot for its
 * own, and mdoc a lone delimiter for punctuation. */
static void
add_keys(struct str *out, const char *keys)
{
	for (; *keys; keys++) {
		if (*keys == ' ')
			str_add(out, " , ");
		else if (*keys == '\\')
			str_add(out, "\\e");
		else if (!(*keys >= 'a' && *keys <= 'z') &&
			 !(*keys >= 'A' && *keys <= 'Z'))
			str_addf(out, "\\&%c", *keys);
		else
			str_add_char(out, *keys);
	}
}

static void
list_keys(struct str *out)
{
	const char *group = "";

	for (size_t i = 0; i < actions_count; i++) {
		const struct action *action = &actions_table[i];
		struct str words;

		if (strcmp(action->group, group) != 0) {
			if (*group)
				str_add(out, ".El\n");
			group = action->group;
			str_addf(out, ".Ss %s\n.Bl -tag -width Ds\n", group);
		}
		str_add(out, ".It Ic ");
		add_keys(out, action->keys);
		str_addf(out, " Pq Cm %s\n", action->name);
		str_init(&words, 1000);
		str_add(&words, action->help);
		if (action->views != ACTION_EVERYWHERE) {
			str_add(&words, " (in: ");
			action_places(&words, action->views);
			str_add_char(&words, ')');
		}
		manual_fill(out, words.data);
		str_release(&words);
	}
	str_add(out, ".El\n");
}

static void
list_statuses(struct str *out)
{
	str_add(out, ".Bl -tag -width blocked\n");
	for (unsigned i = 0; i < STATUS_COUNT; i++) {
		str_addf(out, ".It Cm %s\n", status_table[i].word);
		manual_fill(out, status_table[i].meaning);
	}
	str_add(out, ".El\n");
}

TEST(manual_lists_the_keys)
{
	manual_check("belay.1", "keys", list_keys);
}

TEST(manual_lists_the_statuses)
{
	manual_check("belay.1", "statuses", list_statuses);
}
