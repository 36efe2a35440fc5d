/* SPDX-License-Identifier: MIT */
/*
 * The question is the screen's; what was typed outlives it, since the list
 * stays narrow until Esc.
 */
#include "tui/finder.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "tui/prompt.h"
#include "tui/view.h"

void
finder_init(struct finder *finder, const struct finder_ops *ops, void *context)
{
	memset(finder, 0, sizeof(*finder));
	finder->ops = ops;
	finder->context = context;
}

void
finder_type(struct finder *finder, const char *text)
{
	struct str folded;

	str_copy(finder->typed, sizeof(finder->typed), text);
	str_init(&folded, sizeof(finder->letters) - 1);
	text_fold(&folded, finder->typed);
	str_copy(finder->letters, sizeof(finder->letters), folded.data);
	str_release(&folded);
	finder->ops->narrow(finder->context);
}

static void
change(void *context, const char *text)
{
	finder_type(context, text);
}

static bool
answer(void *context, const char *text, struct err *err)
{
	const struct finder *finder = context;

	(void)text;
	return finder->ops->any(finder->context, err);
}

static void
cancel(void *context)
{
	finder_type(context, "");
}

void
finder_ask(struct finder *finder, struct screen *screen)
{
	struct prompt prompt = {
	    .context = finder,
	    .answer = answer,
	    .change = change,
	    .cancel = cancel,
	};

	str_copy(prompt.label, sizeof(prompt.label), finder->ops->label);
	screen_ask(screen, &prompt);
}

bool
finder_leave(struct finder *finder)
{
	if (!*finder->typed)
		return false;
	finder_type(finder, "");
	return true;
}

bool
finder_has(const struct finder *finder, const char *text)
{
	return text_contains_folded(text, finder->letters);
}
