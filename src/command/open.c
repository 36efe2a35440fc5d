/* SPDX-License-Identifier: MIT */
/*
 * `belay open login`, `belay open quote --id ID`: in the browser, or printed
 * where there is none.
 */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "book/config.h"
#include "command/output.h"
#include "command/session.h"
#include "desk/opener.h"
#include "sync/sync.h"

static void
print_url(const struct arguments *arguments, const struct url *url, bool opened)
{
	struct json *object;

	if (!arguments->json) {
		puts(url->text);
		return;
	}
	object = json_object();
	json_add_string(object, "url", url->text);
	json_add_bool(object, "opened", opened);
	output_json(object);
}

static int
open_page(struct session *session, const char *text, struct err *err)
{
	const struct arguments *arguments = session->arguments;
	struct url_policy policy = config_page_policy(session->config);
	struct opener *opener;
	struct url url;
	enum opener_result result;

	if (arguments->print_url) {
		if (!url_check(text, &policy, &url, err))
			return -1;
		print_url(arguments, &url, false);
		return 0;
	}
	opener = opener_new(session->config);
	result = opener_open(opener, text, &url, err);
	opener_free(opener);
	if (result == OPENER_REFUSED)
		return -1;
	if (result == OPENER_SHOW)
		fprintf(stderr, "belay: %s\n", err->text);
	if (result == OPENER_SHOW || arguments->json)
		print_url(arguments, &url, result == OPENER_STARTED);
	return 0;
}

static int
open_quote(struct session *session, struct err *err)
{
	struct row_status status;
	uint32_t row;

	if (!session_one(session, &row, err))
		return -1;
	sync_row(session->sync, row, &status);
	if (!*status.quote_url) {
		err_set(err, ERR_DATA,
		    "there is no quote page for '%s' yet: sync it first, "
		    "'belay sync --id %s'",
		    session->arguments->ids.items[0],
		    session->arguments->ids.items[0]);
		return -1;
	}
	return open_page(session, status.quote_url, err);
}

static int
run(const struct arguments *arguments, struct err *err)
{
	const char *page = arguments->words[0];
	const char *file = arguments->word_count > 1 ? arguments->words[1]
						     : NULL;
	bool login = strcmp(page, "login") == 0;
	struct session session;
	int result = -1;

	if (!login && strcmp(page, "quote") != 0) {
		err_set(err, ERR_USAGE,
		    "'%s' cannot be opened: 'belay open login' or 'belay open "
		    "quote --id ID'",
		    page);
		return -1;
	}
	if (session_open(&session, arguments, file,
		login ? SESSION_CONFIG : SESSION_LOOK, err))
		result = login ? open_page(
				     &session, session.config->login_url, err)
			       : open_quote(&session, err);
	session_close(&session);
	return result;
}

const struct command command_open = {
    .name = "open",
    .bit = COMMAND_OPEN,
    .usage = "open login | open quote --id ID [FILE] [--print-url]",
    .summary = "open the login page or a contact's quote page",
    .detail = "Without a display or over SSH the address is printed "
	      "instead.",
    .words_min = 1,
    .words_max = 2,
    .run = run,
};
