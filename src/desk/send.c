/* SPDX-License-Identifier: MIT */
/*
 * Sending from the desk: which rows, what would be done with them, asking for
 * the agent's e-mail, the key or client secret, asking once above a threshold
 * or for the real HealthSherpa, pausing, the login.
 *
 * What is wanted stands in desk->wanted until it is sent, dropped, or a
 * question about all of it is open. Keys go on while the plan is made and while
 * a program is asked for the key: nothing may give the rows other numbers
 * meanwhile (reload.c looks), an edit begins the plan anew, and the answer
 * waits until no other question is open.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "book/config_write.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/send_rows.h"
#include "desk/settings.h"
#include "desk/words.h"
#include "tui/prompt.h"
#include "tui/view.h"

enum {
	ASK_FROM = 11,
	STATUS_ROWS = 32, /* between two looks at the clock */
	PLAN_ROWS = 32,
	SEND_MS = 4, /* what takes longer goes on between keys */
};

bool
desk_may_change(const struct desk *desk, struct err *err)
{
	return !desk->read_only || err_set(err, ERR_USAGE,
				       "another belay has this book open: "
				       "here you can only look");
}

bool
desk_can_send(const struct desk *desk, struct err *err)
{
	char reason[ERR_TEXT_MAX], key[WORDS_KEY_MAX];

	if (book_unfit(desk->book))
		return err_set(err, ERR_USAGE,
		    "the config does not fit this file, so nothing is sent: %s "
		    "shows what is wrong",
		    words_key(desk, SCOPE_CONTACTS, DESK_PROBLEMS, key));
	if (book_broken(desk->book))
		return err_set(err, ERR_USAGE,
		    "the file could not be read to its end, so nothing is "
		    "sent: mend it and start again");
	if (!desk_may_change(desk, err))
		return false;
	if (!book_loaded(desk->book) || !desk->sync)
		return err_set(
		    err, ERR_USAGE, "the file is still being read: one moment");
	/* e-mail and key are asked for when there is something to send */
	if (config_wants_agent(desk->config) ||
	    config_wants_secret(desk->config) ||
	    config_ready_to_send(desk->config, err))
		return true;
	str_copy(reason, sizeof(reason), err->text);
	return err_set(err, err->kind, "%s (%s opens it)", reason,
	    words_key(desk, SCOPE_CONTACTS, DESK_CONFIG, key));
}

static void send(struct desk *desk, const uint32_t *rows, size_t count,
    bool retry, uint32_t ask_from);

static uint32_t
sending(const struct plan *plan)
{
	return plan->verbs[PLAN_CREATE] + plan->verbs[PLAN_UPDATE] +
	       plan->verbs[PLAN_WAIT];
}

static void
add_count(struct str *out, uint32_t count, const char *word)
{
	if (count > 0)
		str_addf(out, "%s%u %s", out->len ? ", " : "", count, word);
}

/* Why a run over these rows would do nothing. */
static void
explain_nothing(struct desk *desk, const struct plan *plan)
{
	uint32_t going = plan->verbs[PLAN_GOING];
	struct row_status status;
	char key[WORDS_KEY_MAX];
	struct str out;

	if (going == plan->count) {
		screen_say(desk->screen, STYLE_WARNING,
		    going == 1 ? "in the sync that is going on; %s shows it"
			       : "all in the sync that is going on; %s shows "
				 "it",
		    words_key(desk, SCOPE_CONTACTS, DESK_RUN, key));
		return;
	}
	if (plan->count == 1) {
		sync_row(desk->sync, plan->rows[0].row, &status);
		screen_say(desk->screen, STYLE_WARNING, "%s",
		    status.status == STATUS_SYNCED
			? "nothing to send: HealthSherpa has the latest"
		    : status.reason[0] ? status.reason
				       : status_table[status.status].meaning);
		return;
	}
	str_init(&out, 512);
	add_count(&out, going, "in the sync that is going on");
	add_count(
	    &out, plan->verbs[PLAN_NONE] - plan->unfinished, "up to date");
	add_count(&out, plan->unfinished, "up to date but for lists");
	add_count(&out, plan->verbs[PLAN_BLOCKED], "blocked");
	add_count(&out, plan->verbs[PLAN_REVIEW], "for you to decide");
	screen_say(desk->screen, STYLE_WARNING,
	    "none of these %zu can be sent: %s", plan->count, out.data);
	str_release(&out);
}

bool
desk_has_login(const struct desk *desk)
{
	return desk->config->version == SERVICE_V2 && desk->sync;
}

/* What is to be sent waits for the agent to log in. */
static void
hold(struct desk *desk, struct plan *plan)
{
	plan_free(desk->held);
	desk->held = plan;
	desk_log_in(desk);
	screen_say(desk->screen, STYLE_WARNING,
	    "first a login: the sync goes on by itself after it");
}

/* What the user has agreed to, for a run that a login cuts short. */
static void
remember(struct desk *desk, const struct plan *plan, bool joins)
{
	size_t before = joins ? desk->last.count : 0;

	desk->last.rows = mem_resize(desk->last.rows, before + plan->count + 1,
	    sizeof(*desk->last.rows));
	for (size_t i = 0; i < plan->count; i++)
		desk->last.rows[before + i] = plan->rows[i].row;
	desk->last.count = before + plan->count;
}

static void
start(struct desk *desk, struct plan *plan)
{
	const struct view *top = screen_top(desk->screen);
	struct sync_progress progress;
	struct err err = ERR_INIT;

	sync_progress(desk->sync, &progress);
	remember(desk, plan, progress.running);
	if (!sync_start(desk->sync, plan, &err)) {
		if (err.kind == ERR_AUTH && desk_has_login(desk) &&
		    !desk_look_account(desk)) {
			hold(desk, plan);
			return;
		}
		screen_say(desk->screen, STYLE_BAD, "%s", err.text);
	} else if (top && screen_depth(desk->screen) > 1 &&
		   ((top->ops->scope == SCOPE_PLAN && plan->count > 1) ||
		       top->ops->scope == SCOPE_LISTS)) {
		screen_pop(desk->screen); /* to where it is seen */
	}
	plan_free(plan);
	desk->generation++;
	screen_stale(desk->screen);
}

static bool
answer_number(void *context, const char *text, struct err *err)
{
	struct desk *desk = context;
	struct plan *plan = desk->asked;
	char number[16];
	size_t len = strlen(text);

	text = text_trim(text, &len);
	snprintf(number, sizeof(number), "%u", sending(plan));
	if (len != strlen(number) || strncmp(text, number, len) != 0)
		return err_set(err, ERR_USAGE,
		    "type %s to send them, or Esc to send nothing", number);
	desk->asked = NULL;
	/* The world may have turned since the question. */
	if (!desk_can_send(desk, err)) {
		plan_free(plan);
		screen_say(desk->screen, STYLE_WARNING, "%s", err->text);
		return true;
	}
	start(desk, plan);
	return true;
}

static void
cancel_number(void *context)
{
	struct desk *desk = context;

	plan_free(desk->asked);
	desk->asked = NULL;
}

/* "create 12, update 3, look up 2 first": the parts of the number. */
static void
add_parts(struct str *out, const struct plan *plan)
{
	static const struct {
		enum plan_verb verb;
		const char *before, *after;
	} parts[] = {{PLAN_CREATE, "create", ""}, {PLAN_UPDATE, "update", ""},
	    {PLAN_WAIT, "look up", " first"}};
	const char *between = "";

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		uint32_t count = plan->verbs[parts[i].verb];

		if (count == 0)
			continue;
		str_addf(out, "%s%s %u%s", between, parts[i].before, count,
		    parts[i].after);
		between = ", ";
	}
}

static void
ask_number(struct desk *desk, struct plan *plan)
{
	struct prompt prompt = {
	    .context = desk,
	    .answer = answer_number,
	    .cancel = cancel_number,
	};

	struct str label;

	plan_free(desk->asked);
	desk->asked = plan;
	str_init(&label, sizeof(prompt.label) - 1);
	str_addf(&label, "type %u to ", sending(plan));
	add_parts(&label, plan);
	str_addf(&label,
	    " (%s): ", config_environment_word(desk->config->environment));
	str_copy(prompt.label, sizeof(prompt.label), label.data);
	str_release(&label);
	screen_ask(desk->screen, &prompt);
}

/* The real HealthSherpa is asked for once a run, however few they are. */
static bool
asks_always(const struct desk *desk)
{
	struct sync_progress progress;

	sync_progress(desk->sync, &progress);
	return desk->config->environment == SERVICE_PRODUCTION &&
	       !progress.running;
}

/* ---- the agent's e-mail, the API key or the client secret ---------------- */

static void
drop_wanted(void *context)
{
	struct desk *desk = context;

	free(desk->wanted.rows);
	desk->wanted.rows = NULL;
	plan_free(desk->wanted.plan);
	desk->wanted.plan = NULL;
	desk->wanted.login = false;
}

/* The next question, if there is one more, takes the rows anew. */
static void
send_wanted(struct desk *desk)
{
	uint32_t *rows = desk->wanted.rows;

	desk->wanted.rows = NULL;
	send(desk, rows, desk->wanted.count, desk->wanted.retry,
	    desk->wanted.ask_from);
	free(rows);
}

/* In its screen when that is open, else in a new one. */
static bool
begin_login(struct desk *desk, struct err *err)
{
	static const struct action log_in = {.id = DESK_LOG_IN};
	struct view *top = screen_top(desk->screen);

	if (top && top->ops->scope == SCOPE_LOGIN)
		return top->ops->act(top, &log_in, err) == VIEW_DONE;
	screen_push(desk->screen, v_login_new(desk));
	return true;
}

static bool
answer_secret(void *context, const char *text, struct err *err)
{
	struct desk *desk = context;

	if (!secret_take_typed(
		config_secret(desk->config), text, strlen(text), err))
		return false;
	if (desk->wanted.login) {
		desk->wanted.login = false;
		return begin_login(desk, err);
	}
	send_wanted(desk);
	return true;
}

static bool
type_secret(void *context, const char *text, struct err *err)
{
	struct desk *desk = context;
	struct prompt prompt = {
	    .context = desk,
	    .answer = answer_secret,
	    .cancel = drop_wanted,
	    .masked = true,
	};

	(void)text;
	(void)err;
	snprintf(prompt.label, sizeof(prompt.label),
	    "your agency's %s, not shown: ", config_secret_word(desk->config));
	screen_ask(desk->screen, &prompt);
	return true;
}

static void
ask_secret(struct desk *desk)
{
	struct prompt prompt = {
	    .context = desk,
	    .answer = type_secret,
	    .cancel = drop_wanted,
	    .choices = "\r",
	};
	struct str label;

	str_init(&label, sizeof(prompt.label) - 1);
	config_explain_secret(desk->config, &label);
	str_add(&label, " Enter types it.");
	str_copy(prompt.label, sizeof(prompt.label), label.data);
	str_release(&label);
	screen_ask(desk->screen, &prompt);
}

/* From `ask_from` on the number is asked for. They join who is looked at or
 * waits for the key, as carefully as the more careful of the two. */
static void
want(struct desk *desk, const uint32_t *rows, size_t count, bool retry,
    uint32_t ask_from)
{
	bool joins = desk->wanted.rows && (desk->wanted.plan || desk->key);

	if (!joins) {
		drop_wanted(desk);
		desk->wanted.count = 0;
	}
	plan_free(desk->wanted.plan);
	send_rows_add(&desk->wanted.rows, &desk->wanted.count, rows, count,
	    book_count(desk->book));
	desk->wanted.retry = retry && (!joins || desk->wanted.retry);
	if (!joins || ask_from < desk->wanted.ask_from)
		desk->wanted.ask_from = ask_from;
	desk->wanted.revision = book_revision(desk->book);
	desk->wanted.plan = sync_plan_begin(desk->sync, desk->wanted.rows,
	    desk->wanted.count, desk->wanted.retry);
}

static bool
answer_agent(void *context, const char *text, struct err *err)
{
	struct desk *desk = context;
	size_t len = strlen(text);
	char email[320];
	bool good;

	text = text_trim(text, &len);
	snprintf(email, sizeof(email), "%.*s", (int)len, text);
	good = config_keep_agent(desk->config, email, err) &&
	       settings_take(desk, err);
	if (good)
		send_wanted(desk);
	return good;
}

/* Whoever sends for the first time has a config without it, and perhaps has
 * never seen an editor. */
static void
ask_agent(struct desk *desk)
{
	struct prompt prompt = {
	    .label = "your HealthSherpa e-mail: ",
	    .context = desk,
	    .answer = answer_agent,
	    .cancel = drop_wanted,
	};

	screen_ask(desk->screen, &prompt);
}

/* The command or keyring that gives it may wait for somebody to unlock it:
 * keys go on meanwhile. */
static bool
await_secret(struct desk *desk)
{
	if (sync_asks_at_once(desk->sync))
		return false;
	if (!desk->key)
		desk->key = secret_wait_begin(config_secret(desk->config));
	return desk->key != NULL;
}

void
desk_look_for_key(struct desk *desk)
{
	struct err err = ERR_INIT;

	if (!desk->key || screen_asking(desk->screen))
		return;
	if (!secret_wait_over(desk->key, &err)) {
		if (!*screen_message(desk->screen))
			screen_say(desk->screen, STYLE_NORMAL,
			    "waiting for %s to give the %s, then it is sent; "
			    "Esc does not send",
			    secret_wait_for(desk->key),
			    config_secret_word(desk->config));
		return;
	}
	desk->key = NULL;
	screen_hush(desk->screen);
	if (err.kind == ERR_NONE) {
		if (desk->wanted.rows)
			send_wanted(desk);
		return;
	}
	drop_wanted(desk);
	screen_say(desk->screen, STYLE_BAD, "%s", err.text);
}

bool
desk_give_up_sending(struct desk *desk)
{
	if (!desk->key && !desk->wanted.plan)
		return false;
	secret_wait_free(desk->key);
	desk->key = NULL;
	drop_wanted(desk);
	screen_say(desk->screen, STYLE_NORMAL, "nothing is sent");
	return true;
}

bool
desk_ask_for_login(struct desk *desk)
{
	if (!config_wants_secret(desk->config))
		return false;
	drop_wanted(desk);
	desk->wanted.login = true;
	ask_secret(desk);
	return true;
}

/* What is wanted was looked at: it is sent, or what is missing is asked for. */
static void
send_planned(struct desk *desk)
{
	struct plan *plan = desk->wanted.plan;
	uint32_t ask_from = asks_always(desk) ? 1 : desk->wanted.ask_from;

	desk->wanted.plan = NULL;
	if (sending(plan) == 0) {
		drop_wanted(desk);
		explain_nothing(desk, plan);
	} else if (config_wants_agent(desk->config)) {
		ask_agent(desk);
	} else if (config_wants_secret(desk->config)) {
		ask_secret(desk);
	} else if (await_secret(desk)) {
		screen_hush(desk->screen);
		desk_look_for_key(desk);
	} else {
		drop_wanted(desk);
		if (sending(plan) >= ask_from)
			ask_number(desk, plan);
		else
			start(desk, plan);
		return;
	}
	plan_free(plan);
}

/* True while there is more to look at before anything can be sent. */
static bool
plan_wanted(struct desk *desk, int64_t end)
{
	uint64_t revision = book_revision(desk->book);

	while (sync_refresh(desk->sync, STATUS_ROWS))
		if (clock_monotonic(desk->clock) >= end)
			return true;
	if (desk->wanted.revision != revision) {
		plan_free(desk->wanted.plan);
		desk->wanted.plan = sync_plan_begin(desk->sync,
		    desk->wanted.rows, desk->wanted.count, desk->wanted.retry);
		desk->wanted.revision = revision;
	}
	while (sync_plan_part(desk->sync, desk->wanted.plan, PLAN_ROWS))
		if (clock_monotonic(desk->clock) >= end)
			return true;
	return false;
}

bool
desk_send_work(struct desk *desk, int64_t end)
{
	struct err err = ERR_INIT;

	if (!desk->wanted.plan || screen_asking(desk->screen))
		return false;
	if (!desk_can_send(desk, &err)) {
		drop_wanted(desk);
		screen_say(desk->screen, STYLE_WARNING, "%s", err.text);
		return false;
	}
	if (plan_wanted(desk, end)) {
		if (!*screen_message(desk->screen))
			screen_say(desk->screen, STYLE_NORMAL,
			    "%zu contacts are looked at before they are sent; "
			    "Esc does not send",
			    desk->wanted.count);
		return true;
	}
	screen_hush(desk->screen);
	send_planned(desk);
	return false;
}

static void
send(struct desk *desk, const uint32_t *rows, size_t count, bool retry,
    uint32_t ask_from)
{
	struct err err = ERR_INIT;

	if (count == 0)
		return;
	if (!desk_can_send(desk, &err)) {
		screen_say(desk->screen, STYLE_WARNING, "%s", err.text);
		return;
	}
	if (desk->older_open && desk_ask_older(desk))
		return;
	want(desk, rows, count, retry, ask_from);
	if (!plan_wanted(desk, clock_monotonic(desk->clock) + SEND_MS))
		send_planned(desk);
}

/* One contact, asked for by name, is tried again even when refused before. */
void
desk_sync(struct desk *desk, const uint32_t *rows, size_t count)
{
	send(desk, rows, count, count == 1, ASK_FROM);
}

void
desk_sync_rest(struct desk *desk)
{
	uint32_t count = book_count(desk->book);
	uint32_t *rows = mem_resize(NULL, (size_t)count + 1, sizeof(*rows));

	for (uint32_t row = 0; row < count; row++)
		rows[row] = row;
	send(desk, rows, count, false, 1);
	free(rows);
}

void
desk_retry(struct desk *desk)
{
	uint32_t all = book_count(desk->book);
	uint32_t *rows = mem_resize(NULL, (size_t)all + 1, sizeof(*rows));
	size_t count = 0;

	for (uint32_t row = 0; row < all; row++)
		if (sync_status(desk->sync, row) == STATUS_FAILED ||
		    sync_status(desk->sync, row) == STATUS_PARTIAL)
			rows[count++] = row;
	send(desk, rows, count, true, ASK_FROM);
	free(rows);
}

void
desk_send_lists(struct desk *desk, uint32_t row, enum list_policy lists)
{
	struct err err = ERR_INIT;
	struct plan *plan;

	if (!desk_can_send(desk, &err)) {
		screen_say(desk->screen, STYLE_WARNING, "%s", err.text);
		return;
	}
	plan = sync_plan_lists(desk->sync, row, lists);
	if (sending(plan) == 0) {
		explain_nothing(desk, plan);
		plan_free(plan);
	} else if (asks_always(desk)) {
		ask_number(desk, plan);
	} else {
		start(desk, plan);
	}
}

static bool
answer_login(void *context, const char *text, struct err *err)
{
	(void)text;
	(void)err;
	desk_log_in(context);
	return true;
}

/* Nobody is logged in: a key away, instead of only said. */
static void
offer_login(struct desk *desk)
{
	struct prompt prompt = {
	    .label = "nobody is logged in to HealthSherpa, so it cannot be "
		     "asked: Enter logs in ",
	    .choices = "\r",
	    .offer = true,
	    .context = desk,
	    .answer = answer_login,
	};

	screen_ask(desk->screen, &prompt);
}

void
desk_show_lists(struct desk *desk, uint32_t row)
{
	struct err err = ERR_INIT;

	if (!sync_ask_lists(desk->sync, row, &err)) {
		if (err.kind == ERR_AUTH && desk_has_login(desk) &&
		    !desk_look_account(desk))
			offer_login(desk);
		else
			screen_say(desk->screen, STYLE_WARNING, "%s", err.text);
		return;
	}
	screen_push(desk->screen, v_lists_new(desk, row));
}

static bool
answer_pause(void *context, const char *text, struct err *err)
{
	struct desk *desk = context;
	struct sync_progress progress;

	(void)err;
	sync_progress(desk->sync, &progress);
	if (*text == 'c') {
		sync_cancel(desk->sync);
		screen_say(desk->screen, STYLE_NORMAL,
		    "stopping: what is in flight is finished");
	} else {
		sync_pause(desk->sync, !progress.paused);
	}
	screen_stale(desk->screen);
	return true;
}

void
desk_ask_pause(struct desk *desk)
{
	struct sync_progress progress;
	struct prompt prompt = {
	    .context = desk,
	    .answer = answer_pause,
	};

	sync_progress(desk->sync, &progress);
	/* the key that asked, and Enter, are for who wants no choice */
	prompt.choices = progress.paused ? "gcx\r" : "pcx\r";
	str_copy(prompt.label, sizeof(prompt.label),
	    progress.paused ? "paused: g goes on, c cancels the rest "
			    : "p pauses, c cancels the rest ");
	screen_ask(desk->screen, &prompt);
}

/* ---- the login ----------------------------------------------------------- */

void
desk_log_in(struct desk *desk)
{
	const struct view *top = screen_top(desk->screen);
	bool known = desk_look_account(desk);

	if (!desk_has_login(desk))
		desk_open_login(desk);
	else if ((!top || top->ops->scope != SCOPE_LOGIN) &&
		 (known || !desk_ask_for_login(desk)))
		screen_push(desk->screen, v_login_new(desk));
}

bool
desk_look_account(struct desk *desk)
{
	struct sync_account account;
	struct err ignored = ERR_INIT;
	bool known = desk_has_login(desk) &&
		     sync_account(desk->sync, &account, &ignored);

	str_copy(desk->account, sizeof(desk->account),
	    config_agent_words(desk->config, known ? account.name : NULL));
	screen_dirty(desk->screen);
	return known;
}

/* It was agreed to before it was cut short. */
static void
go_on_with_last(struct desk *desk)
{
	struct err err = ERR_INIT;
	struct plan *plan;

	if (!desk_can_send(desk, &err))
		return;
	while (sync_refresh(desk->sync, STATUS_ROWS))
		;
	plan = sync_plan(desk->sync, desk->last.rows, desk->last.count, false);
	if (sending(plan) > 0)
		start(desk, plan);
	else
		plan_free(plan);
}

void
desk_go_on(struct desk *desk)
{
	struct plan *plan = desk->held;
	struct err err = ERR_INIT;

	desk->held = NULL;
	if (plan && desk_can_send(desk, &err))
		start(desk, plan);
	else
		plan_free(plan);
	if (!plan && desk->cut_short)
		go_on_with_last(desk);
	desk->cut_short = false;
}
