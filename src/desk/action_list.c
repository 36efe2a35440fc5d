/* SPDX-License-Identifier: MIT */
/*
 * An order is made for one look at a list: a hundred actions, so nothing is
 * kept and everything is counted anew.
 */
#include "desk/action_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "desk/desk.h"
#include "tui/action.h"
#include "tui/view.h"

enum { NO_RANK = 1000, LATER = 2 * NO_RANK, FOLDED_MAX = 400, KEYS_MAX = 100 };

enum action_stand
action_stand(struct desk *desk, const struct action *action, struct err *err)
{
	const struct view *view = desk_view(desk);

	if (!action_applies(action, view->ops->scope)) {
		struct str places;

		str_init(&places, ERR_TEXT_MAX - 16);
		action_places(&places, action->views);
		err_set(err, ERR_USAGE, "not here, in: %s", places.data);
		str_release(&places);
		return ACTION_ELSEWHERE;
	}
	return action->guard && !action->guard(desk, action->id, err)
		   ? ACTION_NOT_NOW
		   : ACTION_POSSIBLE;
}

void
action_places(struct str *out, uint32_t views)
{
	static const struct {
		uint32_t scope;
		const char *words;
	} places[] = {
	    {SCOPE_CONTACTS, "the list"},
	    {SCOPE_CONTACT, "a contact"},
	    {SCOPE_PLAN, "what would be sent"},
	    {SCOPE_RUN, "a run"},
	    {SCOPE_HELP, "help"},
	    {SCOPE_MAPPING, "the mapping"},
	    {SCOPE_COLUMN, "the columns of a field"},
	    {SCOPE_PROPOSAL, "a mapping that belay proposes"},
	    {SCOPE_REVIEW, "a review"},
	    {SCOPE_LINK, "an address"},
	    {SCOPE_PROBLEMS, "what is wrong"},
	    {SCOPE_FILTERS, "saved filters"},
	    {SCOPE_LIST_COLUMNS, "columns"},
	    {SCOPE_LOGIN, "a login"},
	    {SCOPE_LISTS, "lists"},
	    {SCOPE_HISTORY, "a history"},
	    {SCOPE_FIRST, "the first page"},
	};
	const char *comma = "";

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!(views & places[i].scope))
			continue;
		str_addf(out, "%s%s", comma, places[i].words);
		comma = ", ";
	}
}

/* ---- the order ----------------------------------------------------------- */

struct place {
	const struct action *action;
	int theme; /* rank of its group */
	int rank;  /* within it */
	size_t row;
};

/* Of the view, and not of every one, or of nearly every one. */
static bool
is_own(const struct action *action)
{
	return action->views != ACTION_EVERYWHERE &&
	       !(action->views & SCOPE_HELP);
}

/* Where the hint bar has it: what it begins with is wanted most. */
static int
hint_rank(const struct action *action, const int *hints)
{
	for (int i = 0; hints && hints[i] != ACTION_NONE; i++)
		if (hints[i] == action->id)
			return i;
	return NO_RANK;
}

static int
rank(struct desk *desk, const struct action *action, const int *hints)
{
	struct err why = ERR_INIT;
	int place = is_own(action) ? hint_rank(action, hints) : NO_RANK + 1;

	return action_stand(desk, action, &why) == ACTION_POSSIBLE
		   ? place
		   : place + LATER;
}

static int
fixed_theme(const char *group)
{
	static const char *const last[] = {"Finding", "Moving", "Belay"};

	for (int i = 0; i < 3; i++)
		if (strcmp(group, last[i]) == 0)
			return NO_RANK + 1 + i;
	return 0;
}

/* A theme is as wanted as the most wanted one in it. */
static void
rank_themes(struct place *places, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *group = places[i].action->group;
		int theme = fixed_theme(group);

		places[i].theme = theme ? theme : NO_RANK;
		for (size_t k = 0; theme == 0 && k < count; k++)
			if (strcmp(places[k].action->group, group) == 0 &&
			    places[k].rank < places[i].theme)
				places[i].theme = places[k].rank;
	}
}

static int
compare(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	int groups;

	if (a->theme != b->theme)
		return a->theme - b->theme;
	groups = strcmp(a->action->group, b->action->group);
	if (groups != 0)
		return groups;
	if (a->rank != b->rank)
		return a->rank - b->rank;
	return a->row < b->row ? -1 : a->row > b->row;
}

size_t
action_order(struct desk *desk, const struct action **list)
{
	struct view *view = desk_view(desk);
	const int *hints = view->ops->hints ? view->ops->hints(view) : NULL;
	size_t count, used = 0;
	const struct action *actions = keymap_actions(desk->keymap, &count);
	struct place *places = mem_alloc((count + 1) * sizeof(*places));

	for (size_t i = 0; i < count; i++)
		if (action_applies(&actions[i], view->ops->scope))
			places[used++] = (struct place){
			    .action = &actions[i],
			    .rank = rank(desk, &actions[i], hints),
			    .row = i,
			};
	rank_themes(places, used);
	qsort(places, used, sizeof(*places), compare);
	for (size_t i = 0; i < used; i++)
		list[i] = places[i].action;
	free(places);
	return used;
}

/* ---- what is typed ------------------------------------------------------- */

/* The word at the beginning of one of the text's. */
static bool
begins_word(const char *text, const char *word)
{
	for (const char *at = text; (at = strstr(at, word)); at++)
		if (at == text || strchr(" -(:", at[-1]))
			return true;
	return false;
}

/* The letters in order; the fewer lie between them, the more. 0: they are
 * not. */
static int
in_order(const char *text, const char *word)
{
	int gaps = 0;

	for (; *word; word++, text++) {
		const char *at = strchr(text, *word);

		if (!at)
			return 0;
		gaps += (int)(at - text);
		text = at;
	}
	return gaps < 90 ? 100 - gaps : 10;
}

static int
word_fits(
    const char *name, const char *hint, const char *help, const char *word)
{
	if (strcmp(name, word) == 0)
		return 1000;
	if (str_starts(name, word))
		return 800;
	if (begins_word(name, word))
		return 600;
	if (begins_word(hint, word))
		return 500;
	if (strstr(name, word))
		return 400;
	if (begins_word(help, word))
		return 300;
	if (strstr(help, word) || strstr(hint, word))
		return 200;
	return in_order(name, word);
}

/* As one word, "-" between, it may be the name. */
static bool
is_name(const char *name, const char *typed)
{
	for (; *typed && *name; typed++, name++)
		if (*typed != *name && !(*typed == ' ' && *name == '-'))
			return false;
	return !*typed && !*name;
}

static int
words_fit(
    const char *name, const char *hint, const char *help, const char *typed)
{
	char word[FOLDED_MAX + 1];
	int sum = 0, words = 0;

	for (size_t len; *typed; typed += len) {
		int fit;

		typed += strspn(typed, " ");
		len = strcspn(typed, " ");
		if (len == 0)
			break;
		memcpy(word, typed, len);
		word[len] = '\0';
		fit = word_fits(name, hint, help, word);
		if (fit == 0)
			return 0;
		sum += fit;
		words++;
	}
	return words ? sum / words : 1;
}

int
action_fits(
    const struct desk *desk, const struct action *action, const char *typed)
{
	struct str line, hint, help, keys;
	size_t len = strlen(typed);
	int fit;

	typed = text_trim(typed, &len);
	str_init(&line, FOLDED_MAX);
	str_init(&hint, FOLDED_MAX);
	str_init(&help, FOLDED_MAX);
	str_init(&keys, KEYS_MAX);
	str_add_bytes(&hint, typed, len > FOLDED_MAX ? FOLDED_MAX : len);
	keymap_first_key(desk->keymap, action, &keys);
	fit = len > 0 && strcmp(keys.data, hint.data) == 0 ? 900 : 0;
	text_fold(&line, hint.data);
	str_reset(&hint);
	text_fold(&hint, action->hint ? action->hint : "");
	text_fold(&help, action->help);
	if (len > 0 && is_name(action->name, line.data))
		fit = ACTION_NAMED;
	if (fit == 0)
		fit = words_fit(action->name, hint.data, help.data, line.data);
	str_release(&line);
	str_release(&hint);
	str_release(&help);
	str_release(&keys);
	return fit;
}
