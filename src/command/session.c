/* SPDX-License-Identifier: MIT */
/*
 * Opening in order, closing in the mirror order. The book is read to its end:
 * commands speak about all rows or a choice among all, unlike the desk, which
 * shows the first ones while the rest is still coming.
 *
 * Who only looks goes from row to row and computes what it needs of each, so
 * that a file too big for memory needs no other way.
 */
#include "command/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "book/query.h"
#include "command/arguments.h"
#include "partner/login.h"
#include "source/records.h"
#include "source/source.h"
#include "sync/sync.h"

enum { REFRESH_SLICE = 4096, PROBLEMS_MAX = 256 << 10 };

/* For this once, in the place of what the config says. */
static bool
use_lists(struct session *session, struct err *err)
{
	const char *word = session->arguments->lists;

	if (!word)
		return true;
	if (strcmp(word, "merge") != 0 && strcmp(word, "replace") != 0)
		return err_set(err, ERR_USAGE,
		    "--lists takes merge or replace, not '%s'", word);
	if (session->config->version == SERVICE_V1)
		return err_set(err, ERR_USAGE,
		    "drugs, pharmacies and providers need service.version v2 "
		    "in the config: v1 does not take them");
	session->config->lists = *word == 'm' ? LISTS_MERGE : LISTS_REPLACE;
	return true;
}

/* The key that options name stands for that of the environment, which comes
 * before the config's. */
static bool
take_key(const struct arguments *arguments, struct err *err)
{
	struct secret_place place = {.kind = SECRET_FILE};
	struct secret *secret = NULL;

	secret_take_variable(CONFIG_KEY_VARIABLE);
	secret_take_variable(CONFIG_CLIENT_SECRET_VARIABLE);
	if (arguments->api_key_file && arguments->api_key_stdin)
		return err_set(err, ERR_USAGE,
		    "choose one of --api-key-file and --api-key-stdin");
	if (arguments->api_key_file) {
		place.name = mem_strdup(arguments->api_key_file);
		secret = secret_fetch(&place, err);
		secret_place_release(&place);
	} else if (arguments->api_key_stdin) {
		secret = secret_read(
		    STDIN_FILENO, "standard input (--api-key-stdin)", err);
	} else {
		return true;
	}
	if (secret)
		secret_set_variable(CONFIG_KEY_VARIABLE, secret);
	return secret != NULL;
}

static bool
load_config(struct session *session, const char *file, struct err *err)
{
	const struct config_choice choice = {
	    .profile = session->arguments->profile,
	    .file = file,
	    .state_dir = session->arguments->state_dir,
	};
	struct str problems;

	str_init(&problems, PROBLEMS_MAX);
	session->config = config_load_for(
	    session->arguments->config, &choice, &problems, err);
	/* One problem alone may be the error itself, which is printed too. */
	if (!session->config && !str_starts(problems.data, err->text))
		fputs(problems.data, stderr);
	str_release(&problems);
	return session->config && use_lists(session, err);
}

/* Whether the file is to be gone through without being kept. */
static bool
too_big(const struct book *book)
{
	const char *debug = getenv("BELAY_DEBUG_KEEP");
	uint64_t most = debug ? strtoull(debug, NULL, 10) : SESSION_KEEP_MAX;
	uint64_t read, size; /* of standard input: 0 */

	source_bytes(book_source(book), &read, &size);
	/* rows without an ID are told apart by what others say */
	return size > most && !book_mints(book);
}

static bool
load_book(struct session *session, const char *file, enum session_need need,
    struct err *err)
{
	if (!file && !session->config->contacts)
		return err_set(err, ERR_USAGE,
		    session->config->profiles && !session->config->profile
			? "no contacts: name a file, or one of the profiles "
			  "with --profile"
			: "no contacts: name a file, or put contacts: into "
			  "the config");
	session->book = book_open(session->config, file, &clock_system, err);
	if (!session->book)
		return false;
	book_name_statuses(session->book, status_word);
	if (!(need != SESSION_SEND && too_big(session->book)
		    ? book_survey(session->book, err)
		    : book_load_all(session->book, err)))
		return false;
	if (book_count(session->book) == 0 || book_is_mapped(session->book))
		return true;
	file = source_path(book_source(session->book));
	return err_set(err, ERR_CONFIG,
	    "%s: nothing says which column is the ID and which are the names: "
	    "'belay init %s' proposes a mapping for it",
	    file, file);
}

static bool
says_yes(const char *question)
{
	char answer[32] = "";

	fprintf(
	    stderr, "%s. Go on with its links and history? y/n: ", question);
	while (fgets(answer, sizeof(answer), stdin))
		if (*answer == 'y' || *answer == 'Y' || *answer == 'n' ||
		    *answer == 'N')
			break;
	return *answer == 'y' || *answer == 'Y';
}

/* Sending as a book of its own would lose what is known: never by itself. */
static bool
ask_older(
    struct session *session, const struct sync_older *older, struct err *err)
{
	if (!session->arguments->yes) {
		if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
			return err_set(err, ERR_USAGE,
			    "%s; say whether it is: --continues '%s' goes on "
			    "with its links and history, --separate does not",
			    older->sentence, older->path);
		if (!says_yes(older->sentence))
			return sync_separate(session->sync, err);
	} else {
		fprintf(stderr,
		    "belay: %s; --yes goes on with its links and history\n",
		    older->sentence);
	}
	return sync_continue(session->sync, NULL, err);
}

/* Which book the file is: its own, or that of an older export. */
static bool
place_book(struct session *session, bool look, struct err *err)
{
	const struct arguments *arguments = session->arguments;
	struct sync_older older;

	if (arguments->continues && arguments->separate)
		return err_set(
		    err, ERR_USAGE, "choose one of --continues and --separate");
	if (arguments->separate)
		return sync_separate(session->sync, err);
	if (arguments->continues)
		return sync_continue(session->sync, arguments->continues, err);
	if (!sync_find_older(session->sync, &older))
		return true;
	if (older.anothers && !look)
		return err_set(err, ERR_USAGE,
		    "%s: --profile sends it as that agent's, --separate as "
		    "contacts of their own",
		    older.sentence);
	if (older.anothers) {
		fprintf(stderr, "belay: %s; shown as a list of its own\n",
		    older.sentence);
		return true;
	}
	if (!look)
		return ask_older(session, &older, err);
	fprintf(stderr,
	    "belay: %s; shown with its links and history, and the first sync "
	    "asks\n",
	    older.sentence);
	return sync_continue(session->sync, NULL, err);
}

static void
tell_sidecar(struct session *session)
{
	struct err why = ERR_INIT;

	/* who makes the file that it speaks of need not be told */
	if (sync_sidecar(session->sync, &why) && !session->arguments->crm_file)
		fprintf(stderr, "belay: %s\n", why.text);
}

bool
session_open(struct session *session, const struct arguments *arguments,
    const char *file, enum session_need need, struct err *err)
{
	memset(session, 0, sizeof(*session));
	session->arguments = arguments;
	contact_init(&session->contact);
	if (!take_key(arguments, err) || !load_config(session, file, err))
		return false;
	if (need == SESSION_CONFIG)
		return true;
	if (!load_book(session, file, need, err))
		return false;
	if (need == SESSION_BOOK)
		return true;

	struct sync_options options = {
	    .clock = &clock_system,
	    .state_dir = arguments->state_dir,
	    .read_only = need == SESSION_LOOK,
	};
	session->sync = sync_open(session->book, &options, err);
	if (!session->sync || !place_book(session, need == SESSION_LOOK, err) ||
	    !sync_recognise(session->sync, err))
		return false;
	if (need == SESSION_SEND) {
		session_refresh(session);
		tell_sidecar(session);
	}
	return true;
}

bool
session_ask_secret(const struct config *config, struct err *err)
{
	struct str question;
	bool good;

	if (!config_wants_secret(config))
		return true;
	str_init(&question, 2048);
	config_explain_secret(config, &question);
	str_addf(&question, "\nThe %s (it is not shown): ",
	    config->version == SERVICE_V2 ? "secret" : "key");
	good = secret_ask(config_secret(config), question.data, err);
	str_release(&question);
	return good;
}

const char *
session_agent_words(const struct config *config, char text[SESSION_AGENT_SIZE])
{
	struct login_info info;
	struct err ignored = ERR_INIT;
	bool known = config->version == SERVICE_V2 &&
		     login_look(config, config->state_dir, &info, &ignored);

	str_copy(text, SESSION_AGENT_SIZE,
	    config_agent_words(config, known ? info.account : NULL));
	return text;
}

bool
session_may_send(const struct config *config, struct err *err)
{
	struct login_info info;

	if (config->version == SERVICE_V2 && config_wants_secret(config) &&
	    !login_look(config, config->state_dir, &info, err))
		return false;
	return session_ask_secret(config, err) &&
	       config_ready_to_send(config, err);
}

void
session_close(struct session *session)
{
	free(session->rows);
	free(session->candidates);
	query_free(session->query);
	sync_free(session->sync);
	book_free(session->book);
	config_free(session->config);
	contact_release(&session->contact);
}

void
session_refresh(struct session *session)
{
	while (sync_refresh(session->sync, REFRESH_SLICE))
		;
}

static bool
find_row(
    struct session *session, const char *id, uint32_t *row, struct err *err)
{
	*row = book_find(session->book, id);
	if (*row == RECORDS_NONE)
		return err_set(err, ERR_DATA,
		    "no contact has the external ID '%s'; 'belay status' lists "
		    "them",
		    id);
	return true;
}

bool
session_one(struct session *session, uint32_t *row, struct err *err)
{
	const struct argument_list *ids = &session->arguments->ids;

	if (ids->count != 1)
		return err_set(err, ERR_USAGE,
		    "which contact? give one --id, e.g. --id 1042 or "
		    "--id row:17");
	return find_row(session, ids->items[0], row, err) &&
	       book_reach(session->book, *row, err);
}

static bool
select_ids(struct session *session, struct err *err)
{
	const struct argument_list *ids = &session->arguments->ids;

	session->candidates = mem_resize(NULL, ids->count, sizeof(uint32_t));
	session->candidate_count = ids->count;
	for (size_t i = 0; i < ids->count; i++)
		if (!find_row(
			session, ids->items[i], &session->candidates[i], err))
			return false;
	return true;
}

/* --limit is for going on in parts: rows with nothing to send are no part. */
static bool
has_work(struct session *session, uint32_t row, enum status status)
{
	struct sync_look look;

	switch (status) {
	case STATUS_NEW:
	case STATUS_CHANGED:
	case STATUS_WAITING: return true;
	case STATUS_PARTIAL:
	case STATUS_FAILED:
		/* refused ones wait for a change, others go again */
		sync_look(
		    session->sync, row, session->arguments->failed, &look);
		return look.plan.verb == PLAN_CREATE ||
		       look.plan.verb == PLAN_UPDATE;
	default: return false;
	}
}

/* Whether the row, which is here, is one of those chosen. */
static bool
is_chosen(struct session *session, uint32_t row)
{
	const struct arguments *arguments = session->arguments;
	bool by_status = arguments->failed || arguments->limit;
	enum status status = STATUS_COUNT;

	if (session->sync && (by_status || session->query))
		status = sync_find_status(session->sync, row);
	if (arguments->failed && status != STATUS_FAILED &&
	    status != STATUS_PARTIAL)
		return false;
	if (arguments->limit && !has_work(session, row, status))
		return false;
	return !session->query ||
	       query_match(session->query, session->book, row,
		   status < STATUS_COUNT ? status_table[status].word : "",
		   &session->contact);
}

bool
session_select(struct session *session, struct err *err)
{
	const struct arguments *arguments = session->arguments;

	session->candidate_count = book_count(session->book);
	if (arguments->ids.count && !select_ids(session, err))
		return false;
	if (!arguments->filter)
		return true;
	session->query = query_parse(session->book, arguments->filter, err);
	return session->query != NULL;
}

enum session_step
session_next(struct session *session, uint32_t *row, struct err *err)
{
	const struct arguments *arguments = session->arguments;

	while (
	    session->at < session->candidate_count &&
	    (!arguments->limit || session->chosen < (size_t)arguments->limit)) {
		size_t at = session->at++;

		*row = session->candidates ? session->candidates[at]
					   : (uint32_t)at;
		if (!book_reach(session->book, *row, err))
			return SESSION_FAILED;
		if (is_chosen(session, *row)) {
			session->chosen++;
			return SESSION_ROW;
		}
	}
	if (!session->chosen && arguments->filter)
		fprintf(
		    stderr, "belay: no contact fits '%s'\n", arguments->filter);
	return SESSION_END;
}

bool
session_collect(struct session *session, struct err *err)
{
	enum session_step step;
	size_t room = 0;
	uint32_t row;

	if (!session_select(session, err))
		return false;
	while ((step = session_next(session, &row, err)) == SESSION_ROW) {
		session->rows = mem_grow(session->rows, &room,
		    session->row_count + 1, sizeof(*session->rows));
		session->rows[session->row_count++] = row;
	}
	return step == SESSION_END;
}
