/* SPDX-License-Identifier: MIT */
/*
 * HealthSherpa's pages: opened in the browser, shown where there is none, or
 * copied. All go through the same gate (url_check()).
 */
#include <stdio.h>

#include "base/err.h"
#include "base/url.h"
#include "book/book.h"
#include "book/config.h"
#include "desk/desk.h"
#include "desk/opener.h"
#include "tui/term.h"
#include "tui/view.h"

/* `what`: "the quote page of Abernathy, Ruth". */
static void
open_page(struct desk *desk, const char *what, const char *text)
{
	struct err err = ERR_INIT;
	struct url url;

	switch (opener_open(desk->opener, text, &url, &err)) {
	case OPENER_STARTED:
		screen_say(
		    desk->screen, STYLE_GOOD, "%s opens in your browser", what);
		break;
	case OPENER_SHOW:
		screen_push(
		    desk->screen, v_link_new(desk, what, err.text, url.text));
		break;
	default:
		screen_say(desk->screen, STYLE_BAD, "not opened: %s", err.text);
	}
}

static bool
quote_of(struct desk *desk, uint32_t row, struct row_status *status)
{
	sync_row(desk->sync, row, status);
	if (status->quote_url[0])
		return true;
	screen_say(desk->screen, STYLE_WARNING, "no quote page yet");
	return false;
}

void
desk_open_quote(struct desk *desk, uint32_t row)
{
	struct row_status status;
	char what[320];

	if (!quote_of(desk, row, &status))
		return;
	book_contact(desk->book, row, &desk->contact);
	snprintf(
	    what, sizeof(what), "The quote page of %s", desk->contact.name);
	desk->quotes++;
	open_page(desk, what, status.quote_url);
}

void
desk_open_login(struct desk *desk)
{
	open_page(desk, "HealthSherpa's login page", desk->config->login_url);
}

void
desk_copy(struct desk *desk, const char *url)
{
	if (desk->term && term_copy(desk->term, url))
		screen_say(desk->screen, STYLE_GOOD,
		    "copied, if your terminal allows it; else select it with "
		    "the mouse");
	else
		screen_say(desk->screen, STYLE_WARNING,
		    "this terminal cannot copy for belay: select it with the "
		    "mouse");
}

/* The address goes through the same gate as for opening. */
void
desk_copy_quote(struct desk *desk, uint32_t row)
{
	struct url_policy policy = config_page_policy(desk->config);
	struct err err = ERR_INIT;
	struct row_status status;
	struct url url;

	if (!quote_of(desk, row, &status))
		return;
	if (!url_check(status.quote_url, &policy, &url, &err))
		screen_say(desk->screen, STYLE_BAD, "not copied: %s", err.text);
	else
		desk_copy(desk, url.text);
}
