/* SPDX-License-Identifier: MIT */
/*
 * `belay history`: past runs; the contacts of one, as a list or as files; what
 * became of one contact.
 *
 * The ledger knows no names: they are those that the file has now. A contact
 * that is no longer in it is listed by its ID alone, and is in no file.
 */
#include "command/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "command/history_file.h"
#include "command/listing.h"
#include "command/output.h"
#include "command/session.h"
#include "sync/history.h"
#include "sync/status.h"
#include "sync/sync.h"

enum { RUNS_MAX = 10000 };

static const struct listing_column run_columns[] = {
    {"RUN", 10},
    {"BEGUN", 20},
    {"TOOK", 8},
    {"CREATED", 8},
    {"UPDATED", 8},
    {"FAILED", 8},
    {"REVIEW", 8},
    {"WAITING", 8},
    {"REQUESTS", 10},
    {"END", 0},
};

static const struct listing_column row_columns[] = {
    {"ID", 24},
    {"NAME", 28},
    {"DID", 8},
    {"STATUS", 8},
    {"HTTP", 4},
    {"WHAT", 0},
};

static const struct listing_column contact_columns[] = {
    {"WHEN", 16},
    {"RUN", 10},
    {"DID", 8},
    {"STATUS", 8},
    {"HTTP", 4},
    {"WHAT", 0},
};

/* ---- runs ------------------------------------------------------------- */

static const char *
end_of(const struct ledger_run *run)
{
	if (!run->ended_ms)
		return "cut off";
	return *run->outcome ? run->outcome : "done";
}

static void
print_run_json(const struct ledger_run *run)
{
	struct json *object = json_object();
	struct str text;

	str_init(&text, 64);
	str_addf(&text, "%lld", (long long)run->number);
	json_add_string(object, "run", text.data);
	str_reset(&text);
	clock_format_time(&text, run->started_ms);
	json_add_string(object, "begun", text.data);
	str_reset(&text);
	if (run->ended_ms)
		clock_format_time(&text, run->ended_ms);
	output_add_text(object, "ended", text.data);
	str_release(&text);
	json_add_string(object, "outcome", end_of(run));
	json_add_integer(object, "created", run->created);
	json_add_integer(object, "updated", run->updated);
	json_add_integer(object, "unchanged", run->unchanged);
	json_add_integer(object, "blocked", run->blocked);
	json_add_integer(object, "failed", run->failed);
	json_add_integer(object, "review", run->review);
	json_add_integer(object, "waiting", run->waiting);
	json_add_integer(object, "requests", (int64_t)run->requests);
	output_json(object);
}

static void
print_run(struct listing *listing, const struct ledger_run *run)
{
	const int64_t numbers[] = {run->created, run->updated, run->failed,
	    run->review, run->waiting, (int64_t)run->requests};
	char texts[8][24];
	const char *cells[10];
	struct str begun, took;

	str_init(&begun, 64);
	str_init(&took, 64);
	clock_format_local(&begun, run->started_ms);
	if (run->ended_ms)
		clock_format_age(&took, run->ended_ms - run->started_ms);
	snprintf(texts[0], sizeof(texts[0]), "%lld", (long long)run->number);
	cells[0] = texts[0];
	cells[1] = begun.data;
	cells[2] = took.data;
	for (size_t i = 0; i < 6; i++) {
		snprintf(texts[1 + i], sizeof(texts[0]), "%lld",
		    (long long)numbers[i]);
		cells[3 + i] = texts[1 + i];
	}
	cells[9] = end_of(run);
	listing_add(listing, cells);
	str_release(&begun);
	str_release(&took);
}

static int
list_runs(struct session *session)
{
	struct ledger_run *runs = mem_resize(NULL, RUNS_MAX, sizeof(*runs));
	unsigned count = history_runs(session->sync, runs, RUNS_MAX);
	struct listing listing;

	listing_init(&listing, run_columns, 10, session->arguments);
	for (unsigned i = 0; i < count; i++)
		if (session->arguments->json)
			print_run_json(&runs[i]);
		else
			print_run(&listing, &runs[i]);
	listing_end(&listing);
	if (!count && !session->arguments->json)
		puts("nothing has been synced yet");
	free(runs);
	return 0;
}

/* ---- the rows of one -------------------------------------------------- */

struct showing {
	struct session *session;
	struct listing listing;
	bool list;
	struct history_file *success, *errors; /* NULL: not asked for */
	uint32_t rows, gone;
	struct err *err;
};

/* Null for what a decision has not. */
static void
add_number(struct json *object, const char *key, int64_t number, bool there)
{
	if (there)
		json_add_integer(object, key, number);
	else
		json_add_null(object, key);
}

static void
print_row_json(const struct ledger_run_row *what, uint32_t row)
{
	struct json *object = json_object(), *fields;
	bool of_run = !*what->decision;
	struct str text;

	json_add_string(object, "external_id", what->external_id);
	add_number(object, "row", (int64_t)row + 1, row != RECORDS_NONE);
	str_init(&text, 64);
	if (of_run)
		str_addf(&text, "%lld", (long long)what->run);
	output_add_text(object, "run", text.data);
	output_add_text(object, "decision", what->decision);
	output_add_text(object, "verb", what->verb);
	output_add_text(object, "status", what->status);
	add_number(object, "http", what->http, what->http != 0);
	output_add_text(object, "healthsherpa_id", what->healthsherpa_id);
	output_add_text(object, "code", what->code);
	output_add_text(object, "message", what->message);
	add_number(object, "requests", what->requests, of_run);
	fields = json_array();
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (what->fields & 1u << i)
			json_append_string(fields, field_table[i].name);
	json_add(object, "fields", fields);
	str_reset(&text);
	clock_format_time(&text, what->at_ms);
	json_add_string(object, "at", text.data);
	str_release(&text);
	output_json(object);
}

static void
print_row(
    struct showing *showing, const struct ledger_run_row *what, uint32_t row)
{
	struct session *session = showing->session;
	char http[16] = "";

	if (what->http)
		snprintf(http, sizeof(http), "%d", what->http);
	if (row != RECORDS_NONE)
		book_contact(session->book, row, &session->contact);
	listing_add(&showing->listing,
	    (const char *const[]){what->external_id,
		row == RECORDS_NONE ? "(no longer in the file)"
				    : session->contact.name,
		what->verb, what->status, http, what->message});
}

static bool
is_success(const struct ledger_run_row *what)
{
	return strcmp(what->status, status_table[STATUS_SYNCED].word) == 0 ||
	       strcmp(what->status, status_table[STATUS_PARTIAL].word) == 0;
}

static bool
take(void *context, const struct ledger_run_row *what)
{
	struct showing *showing = context;
	struct session *session = showing->session;
	struct history_file *file = is_success(what) ? showing->success
						     : showing->errors;
	uint32_t row = book_find(session->book, what->external_id);

	showing->rows++;
	if (row != RECORDS_NONE &&
	    !book_reach(session->book, row, showing->err))
		return false;
	if (showing->list && session->arguments->json)
		print_row_json(what, row);
	else if (showing->list)
		print_row(showing, what, row);
	if (!file)
		return true;
	showing->gone += row == RECORDS_NONE;
	return row == RECORDS_NONE ||
	       history_file_add(file, row, what, showing->err);
}

static bool
open_files(struct showing *showing, struct err *err)
{
	const struct arguments *arguments = showing->session->arguments;

	if (arguments->success) {
		showing->success = history_file_new(
		    arguments->success, showing->session->book, err);
		if (!showing->success)
			return false;
	}
	if (arguments->errors) {
		showing->errors = history_file_new(
		    arguments->errors, showing->session->book, err);
		if (!showing->errors)
			return false;
	}
	return true;
}

static bool
finish_file(struct history_file **file, const char *path, struct err *err)
{
	struct history_file *whole = *file;
	size_t count;

	if (!whole)
		return true;
	count = history_file_count(whole);
	*file = NULL;
	if (!history_file_finish(whole, err))
		return false;
	printf("%s: %zu contact%s\n", path, count, count == 1 ? "" : "s");
	return true;
}

static bool
finish_files(struct showing *showing, struct err *err)
{
	const struct arguments *arguments = showing->session->arguments;
	bool mend = showing->errors && history_file_count(showing->errors) > 0;

	if (!finish_file(&showing->success, arguments->success, err) ||
	    !finish_file(&showing->errors, arguments->errors, err))
		return false;
	if (showing->gone)
		printf("%u left out that are no longer in the file\n",
		    showing->gone);
	if (mend)
		printf("Mend them there, then: belay sync %s --continues %s\n",
		    arguments->errors,
		    source_path(book_source(showing->session->book)));
	return true;
}

static int
show_run(struct session *session, const char *number, struct err *err)
{
	const struct arguments *arguments = session->arguments;
	struct ledger_run *runs = mem_resize(NULL, RUNS_MAX, sizeof(*runs));
	unsigned count = history_runs(session->sync, runs, RUNS_MAX), at = 0;
	struct showing showing = {.session = session,
	    .list = !arguments->success && !arguments->errors,
	    .err = err};
	int64_t wanted = strtoll(number, NULL, 10);
	int result = -1;

	while (at < count && runs[at].number != wanted)
		at++;
	free(runs);
	if (at == count) {
		err_set(err, ERR_DATA,
		    "there is no run %s; 'belay history' lists them, older "
		    "ones are forgotten (history.keep)",
		    number);
		return -1;
	}
	listing_init(&showing.listing, row_columns, 6, arguments);
	if (open_files(&showing, err)) {
		history_rows(session->sync, wanted, take, &showing);
		if (err->kind == ERR_NONE && finish_files(&showing, err))
			result = 0;
	}
	listing_end(&showing.listing);
	if (result == 0 && !showing.rows && !arguments->json)
		puts("in this run nothing was sent");
	history_file_free(showing.success);
	history_file_free(showing.errors);
	return result;
}

/* ---- one contact --------------------------------------------------------- */

static void
print_step(struct listing *listing, const struct ledger_run_row *what)
{
	char run[24] = "", http[16] = "";
	struct str when;

	str_init(&when, 64);
	clock_format_local(&when, what->at_ms);
	if (what->run)
		snprintf(run, sizeof(run), "%lld", (long long)what->run);
	if (what->http)
		snprintf(http, sizeof(http), "%d", what->http);
	listing_add(listing,
	    (const char *const[]){when.data, run,
		*what->decision ? "decided" : what->verb,
		*what->decision ? what->decision : what->status, http,
		*what->decision ? what->healthsherpa_id : what->message});
	str_release(&when);
}

static int
show_contact(struct session *session, struct err *err)
{
	bool json = session->arguments->json;
	struct ledger_run_row *steps;
	struct listing listing;
	unsigned count;
	uint32_t row;

	if (!session_one(session, &row, err))
		return -1;
	steps = mem_resize(NULL, HISTORY_ROWS, sizeof(*steps));
	count = history_of_contact(session->sync, row, steps);
	listing_init(&listing, contact_columns, 6, session->arguments);
	for (unsigned i = 0; i < count; i++)
		if (json)
			print_row_json(&steps[i], row);
		else
			print_step(&listing, &steps[i]);
	listing_end(&listing);
	if (!count && !json)
		puts("nothing of this contact was sent or decided yet");
	free(steps);
	return 0;
}

/* ---- the command ------------------------------------------------------ */

static int
purge(struct session *session, struct err *err)
{
	const struct config *config = session->config;
	const char *age = session->arguments->purge;
	int64_t keep = config->history_keep_ms;
	struct history_purged purged;

	if (*age && !clock_parse_duration(age, &keep, err)) {
		err->kind = ERR_USAGE;
		return -1;
	}
	if (!history_purge(
		session->sync, keep, config->audit_keep_ms, &purged, err))
		return -1;
	if (!session->arguments->json)
		printf("%u run%s and %u month%s of the audit removed\n",
		    purged.runs, purged.runs == 1 ? "" : "s", purged.months,
		    purged.months == 1 ? "" : "s");
	return 0;
}

static bool
is_number(const char *word)
{
	return *word && word[strspn(word, "0123456789")] == '\0';
}

/* "history", "history 7", "history export.csv 7" */
static bool
read_words(const struct arguments *arguments, const char **file,
    const char **run, struct err *err)
{
	*file = *run = NULL;
	for (size_t i = 0; i < arguments->word_count; i++) {
		const char *word = arguments->words[i];

		if (is_number(word) && !*run)
			*run = word;
		else if (!is_number(word) && !*file)
			*file = word;
		else
			return err_set(err, ERR_USAGE,
			    "'%s' is too much; usage: belay %s", word,
			    command_history.usage);
	}
	if (arguments->ids.count > 0 &&
	    (*run || arguments->purge || arguments->success ||
		arguments->errors))
		return err_set(err, ERR_USAGE,
		    "--id is for one contact over all runs: give no RUN, "
		    "--success, --errors or --purge with it");
	if ((arguments->success || arguments->errors) && !*run)
		return err_set(err, ERR_USAGE,
		    "of which run? 'belay history' lists them, then: belay "
		    "history RUN --errors FILE");
	if (arguments->purge && *run)
		return err_set(err, ERR_USAGE,
		    "--purge is for all runs of a file that are too old; it "
		    "takes no run");
	return true;
}

static int
run(const struct arguments *arguments, struct err *err)
{
	const char *file, *number;
	struct session session;
	int result = -1;

	if (!read_words(arguments, &file, &number, err))
		return -1;
	if (session_open(&session, arguments, file,
		arguments->purge ? SESSION_SEND : SESSION_LOOK, err))
		result = arguments->purge ? purge(&session, err)
			 : number         ? show_run(&session, number, err)
			 : arguments->ids.count > 0
			     ? show_contact(&session, err)
			     : list_runs(&session);
	session_close(&session);
	return result;
}

const struct command command_history = {
    .name = "history",
    .bit = COMMAND_HISTORY,
    .usage = "history [FILE] [RUN [--success OUT.csv] [--errors OUT.csv]] | "
	     "--id ID | --purge[=AGE]",
    .summary = "past runs, and what became of their contacts",
    .detail = "Without RUN it lists the runs, newest first; with RUN the "
	      "contacts of that run; with --id\nwhat was sent and decided of "
	      "one contact.\n--errors writes those that were not "
	      "synced into a new CSV file, with all columns\nof FILE and the "
	      "reason beside them; mended there, it can be synced itself.\n"
	      "--success writes the others. --purge forgets runs older than "
	      "the config's\nhistory.keep, or than AGE (30d), and old months "
	      "of the audit.",
    .words_max = 2,
    .run = run,
};
