/* SPDX-License-Identifier: MIT */
/*
 * The table, in the order of the help screen, and the guards that say why an
 * action is not possible now. A guard looks, it changes nothing: the hint bar
 * asks all of them at each drawing.
 */
#include "desk/actions.h"

#include "base/err.h"
#include "book/book.h"
#include "book/config.h"
#include "desk/desk.h"
#include "desk/reload.h"
#include "desk/settings.h"
#include "desk/tour.h"
#include "desk/words.h"
#include "tui/view.h"

/* What only the view can tell, it is asked: view_ops.may. */
static bool
may(struct view *view, int id, struct err *err)
{
	return !view->ops->may || view->ops->may(view, id, err);
}

static bool
the_view_may(void *host, int id, struct err *err)
{
	return may(desk_view(host), id, err);
}

/* Help speaks of the view below, but which line is chosen is its own. */
static bool
the_help_may(void *host, int id, struct err *err)
{
	struct desk *desk = host;

	return may(screen_top(desk->screen), id, err);
}

static bool
a_row(void *host, int id, struct err *err)
{
	(void)id;
	return desk_row(host) != RECORDS_NONE ||
	       err_set(err, ERR_USAGE, "there is no contact here");
}

static bool
some_row(void *host, int id, struct err *err)
{
	struct desk *desk = host;

	(void)id;
	return book_count(desk->book) > 0 ||
	       err_set(err, ERR_USAGE, "there are no contacts");
}

static bool
can_send(void *host, int id, struct err *err)
{
	(void)id;
	return desk_can_send(host, err);
}

/* Whether there is somebody for it: the marked ones need not be shown, and all
 * are all, whatever is shown. */
static bool
somebody(void *host, int id, struct err *err)
{
	const struct view *top = desk_view(host);

	if (id == DESK_SYNC_ALL)
		return some_row(host, id, err);
	return (top->ops->scope == SCOPE_CONTACTS &&
		   v_contacts_marks(top) > 0) ||
	       a_row(host, id, err);
}

/* Marked ones count together; one alone must have something to send. */
static bool
can_sync(void *host, int id, struct err *err)
{
	struct desk *desk = host;
	const struct row_status *status;
	const struct view *top = desk_view(desk);
	char key[WORDS_KEY_MAX];

	if (!somebody(host, id, err) || !can_send(host, id, err))
		return false;
	if (top->ops->scope == SCOPE_CONTACTS && v_contacts_marks(top) > 0)
		return true;
	switch (sync_status(desk->sync, desk_row(desk))) {
	case STATUS_SYNCED:
		status = desk_status(desk, desk_row(desk));
		if (status && status->lists_open)
			return err_set(err, ERR_USAGE,
			    "nothing to send but its lists: %s shows them "
			    "beside HealthSherpa's",
			    words_key(desk, SCOPE_CONTACTS, DESK_LISTS, key));
		return err_set(err, ERR_USAGE,
		    "nothing to send: HealthSherpa has the latest");
	case STATUS_QUEUED:
	case STATUS_SENDING:
		return err_set(err, ERR_USAGE,
		    "in the sync that is going on; %s shows it",
		    words_key(desk, SCOPE_CONTACTS, DESK_RUN, key));
	case STATUS_REVIEW:
		if (top->ops->scope == SCOPE_REVIEW)
			return err_set(err, ERR_USAGE,
			    "answer the question first: then it can be sent");
		return err_set(err, ERR_USAGE, "it waits for your decision: %s",
		    words_key(desk, SCOPE_CONTACTS, DESK_DECIDE, key));
	default: return true;
	}
}

static bool
can_plan(void *host, int id, struct err *err)
{
	struct desk *desk = host;

	if (!somebody(host, id, err))
		return false;
	return (book_loaded(desk->book) && desk->sync) ||
	       err_set(
		   err, ERR_USAGE, "the file is still being read: one moment");
}

static bool
some_failed(void *host, int id, struct err *err)
{
	struct desk *desk = host;
	uint32_t counts[STATUS_COUNT] = {0};

	if (desk->sync)
		sync_counts(desk->sync, counts);
	if (counts[STATUS_FAILED] + counts[STATUS_PARTIAL] == 0)
		return err_set(err, ERR_USAGE,
		    "nothing was refused, and all was saved whole");
	return can_send(host, id, err);
}

static bool
somebody_needed(void *host, int id, struct err *err)
{
	struct desk *desk = host;
	const struct view *top = desk_view(desk);
	uint32_t counts[STATUS_COUNT] = {0};
	char key[WORDS_KEY_MAX];

	(void)id;
	if (desk->sync)
		sync_counts(desk->sync, counts);
	for (unsigned i = 0; i < STATUS_COUNT; i++)
		if (counts[i] > 0 && status_needs_somebody((enum status)i))
			return true;
	/* It may be on still: then it can be taken back. */
	return (top->ops->scope == SCOPE_CONTACTS &&
		   v_contacts_narrowed(top)) ||
	       err_set(err, ERR_USAGE,
		   "nothing needs you now; %s finding:warning shows the "
		   "contacts "
		   "with a warning",
		   words_key(desk, SCOPE_CONTACTS, DESK_FILTER, key));
}

/* No statuses are known while nothing is looked at yet. */
static bool
some_counts(void *host, int id, struct err *err)
{
	struct desk *desk = host;
	uint32_t counts[STATUS_COUNT] = {0};
	uint32_t all = 0;

	(void)id;
	if (desk->sync)
		sync_counts(desk->sync, counts);
	for (unsigned i = 0; i < STATUS_COUNT; i++)
		all += counts[i];
	return all > 0 ||
	       err_set(err, ERR_USAGE,
		   book_count(desk->book) > 0
		       ? "where the contacts stand is not known yet: one moment"
		       : "there are no contacts");
}

static bool
running(void *host, int id, struct err *err)
{
	struct desk *desk = host;
	struct sync_progress progress = {.running = false};

	(void)id;
	if (desk->sync)
		sync_progress(desk->sync, &progress);
	return progress.running ||
	       err_set(err, ERR_USAGE, "nothing is being sent now");
}

static bool
has_quote(void *host, int id, struct err *err)
{
	struct desk *desk = host;
	const struct row_status *status;
	char key[WORDS_KEY_MAX];

	if (!a_row(host, id, err))
		return false;
	status = desk_status(desk, desk_row(desk));
	if (status && status->status == STATUS_BLOCKED && !*status->quote_url)
		return err_set(err, ERR_USAGE,
		    "no quote page before this contact can be sent: %s",
		    status->reason);
	return (status && status->quote_url[0]) ||
	       err_set(err, ERR_USAGE, "no quote page yet: sync first, %s",
		   words_key(desk, SCOPE_CONTACTS, DESK_SYNC, key));
}

static bool
can_edit(void *host, int id, struct err *err)
{
	struct desk *desk = host;

	if (!a_row(host, id, err) || !desk_may_change(desk, err))
		return false;
	return !book_broken(desk->book) || err_set(err, ERR_USAGE,
					       "the file could not be read to "
					       "its end, so nothing is changed "
					       "in it");
}

/* Into the file, that is: what is left out is nothing of the file's. */
static bool
can_type(void *host, int id, struct err *err)
{
	struct desk *desk = host;
	struct err why = ERR_INIT;

	if (!can_edit(host, id, err))
		return false;
	return source_writable(book_source(desk->book), &why) ||
	       err_set(err, ERR_USAGE,
		   "nothing can be changed in this file: %s", why.text);
}

/* Into the file's column, so it must be one that can be written. */
static bool
can_write(void *host, int id, struct err *err)
{
	return can_type(host, id, err) && the_view_may(host, id, err);
}

static bool
can_send_so(void *host, int id, struct err *err)
{
	return the_view_may(host, id, err) && can_send(host, id, err);
}

static bool
can_decide(void *host, int id, struct err *err)
{
	return a_row(host, id, err) &&
	       desk_can_decide(host, desk_row(host), err);
}

/* Whether the row has lists, and HealthSherpa the contact. */
static bool
can_compare(void *host, int id, struct err *err)
{
	struct desk *desk = host;
	uint32_t row = desk_row(desk);
	const struct row_status *status;
	bool any = false;

	if (!a_row(host, id, err))
		return false;
	if (desk->config->version == SERVICE_V1)
		return err_set(err, ERR_USAGE,
		    "drugs, pharmacies and providers go with HealthSherpa's "
		    "v2: service.version in the config");
	book_contact(desk->book, row, &desk->contact);
	for (unsigned i = FIELD_DRUGS; i <= FIELD_PROVIDERS; i++)
		any = any || desk->contact.fields[i].value;
	if (!any)
		return err_set(err, ERR_USAGE,
		    "it has no drugs, pharmacies or providers in the file");
	status = desk_status(desk, row);
	if (!status || !*status->healthsherpa_id)
		return err_set(err, ERR_USAGE,
		    "HealthSherpa does not have it yet: its lists go along "
		    "when it is created");
	return can_send(host, id, err);
}

static bool
can_map(void *host, int id, struct err *err)
{
	struct desk *desk = host;
	char key[WORDS_KEY_MAX];

	(void)id;
	if (records_column_count(book_records(desk->book)) == 0)
		return err_set(err, ERR_USAGE, "the file has no columns yet");
	return !book_unfit(desk->book) ||
	       err_set(err, ERR_USAGE,
		   "the mapping does not fit this file: %s shows why",
		   words_key(desk, SCOPE_CONTACTS, DESK_PROBLEMS, key));
}

static bool
some_recognised(void *host, int id, struct err *err)
{
	struct desk *desk = host;

	(void)id;
	if (!desk->sync || sync_recognised(desk->sync) == 0)
		return err_set(err, ERR_USAGE,
		    "no contact waits to be confirmed as recognised");
	return desk_may_change(desk, err);
}

static bool
some_similar(void *host, int id, struct err *err)
{
	struct desk *desk = host;

	(void)id;
	if (!desk->sync || sync_similar(desk->sync) == 0)
		return err_set(err, ERR_USAGE,
		    "no contact in review looks exactly like one that "
		    "HealthSherpa has");
	return desk_may_change(desk, err);
}

static bool
unsaved(void *host, int id, struct err *err)
{
	struct desk *desk = host;

	(void)id;
	return book_unsaved(desk->book) > 0 ||
	       err_set(err, ERR_USAGE, "there is nothing to save");
}

static bool
can_configure(void *host, int id, struct err *err)
{
	struct desk *desk = host;

	(void)id;
	return desk->settings ||
	       err_set(err, ERR_USAGE, "the desk is not open yet: one moment");
}

static bool
config_wrong(void *host, int id, struct err *err)
{
	struct desk *desk = host;

	(void)id;
	return settings_wrong(desk->settings) ||
	       err_set(err, ERR_USAGE, "nothing is wrong with the config");
}

static bool
can_reload(void *host, int id, struct err *err)
{
	struct desk *desk = host;

	(void)id;
	if (!desk->reload)
		return err_set(
		    err, ERR_USAGE, "the desk is not open yet: one moment");
	return reload_may(desk->reload, err);
}

static bool
can_tour(void *host, int id, struct err *err)
{
	(void)id;
	return tour_may(host, err);
}

#define LISTS (SCOPE_CONTACTS | SCOPE_PLAN | SCOPE_RUN)
#define ROWS (LISTS | SCOPE_CONTACT | SCOPE_REVIEW)

const struct action actions_table[] = {
    {ACTION_DOWN, ACTION_EVERYWHERE, "down", "j Down", "Moving", "down",
	"go one row down", NULL},
    {ACTION_UP, ACTION_EVERYWHERE, "up", "k Up", "Moving", "up",
	"go one row up", NULL},
    {ACTION_PAGE_DOWN, ACTION_EVERYWHERE, "page-down", "PgDn ^F", "Moving",
	"page down", "go one screen down", NULL},
    {ACTION_PAGE_UP, ACTION_EVERYWHERE, "page-up", "PgUp ^B", "Moving",
	"page up", "go one screen up", NULL},
    {ACTION_FIRST, ACTION_EVERYWHERE, "first", "g Home", "Moving", "top",
	"go to the first row", NULL},
    {ACTION_LAST, ACTION_EVERYWHERE, "last", "G End", "Moving", "bottom",
	"go to the last row", NULL},
    {ACTION_LEFT, ACTION_EVERYWHERE, "left", "h Left", "Moving", "left",
	"go to the left", NULL},
    {ACTION_RIGHT, ACTION_EVERYWHERE, "right", "l Right", "Moving", "right",
	"go to the right", NULL},
    {DESK_OPEN, LISTS, "open", "Enter", "Moving", "open",
	"look at this contact, or decide if it is in review", a_row},
    {ACTION_BACK, ACTION_EVERYWHERE, "back", "Esc", "Moving", "back",
	"go back to where you came from, or show all rows again", NULL},
    {ACTION_LEAVE, ACTION_EVERYWHERE, "quit", "q", "Moving", "quit",
	"go back; from the list of contacts, leave belay", NULL},

    {DESK_SEARCH, SCOPE_CONTACTS, "search", "/", "Finding", "search",
	"go to the next contact with these words", some_row},
    {DESK_SEARCH_NEXT, SCOPE_CONTACTS, "search-next", "n", "Finding", "next",
	"go to the next one found", some_row},
    {DESK_SEARCH_PREVIOUS, SCOPE_CONTACTS, "search-previous", "N", "Finding",
	"previous", "go to the one found before", some_row},
    {DESK_FILTER, SCOPE_CONTACTS, "filter", "f", "Finding", "filter",
	"show only contacts that match: state:ca status:new", NULL},
    {DESK_FILTERS, SCOPE_CONTACTS, "filters", "F", "Finding", "saved filters",
	"choose a filter that is saved, or save the one in force", NULL},
    {DESK_CHOOSE, SCOPE_FILTERS, "use-filter", "Enter", "Finding", "show these",
	"show the contacts that fit this filter", the_view_may},
    {DESK_SEARCH, SCOPE_FILTERS, "find-filter", "/", "Finding", "find",
	"leave the filters with these letters in name or terms", the_view_may},
    {DESK_KEEP_FILTER, SCOPE_FILTERS, "save-filter", "a", "Finding",
	"save the one in force",
	"write the filter in force into the config, under a name",
	the_view_may},
    {DESK_DROP_FILTER, SCOPE_FILTERS, "remove-filter", "x", "Finding",
	"take out", "take this filter out of the config", the_view_may},
    {DESK_ATTENTION, SCOPE_CONTACTS, "attention", "!", "Finding", "needs me",
	"show only the contacts that need somebody", somebody_needed},
    {DESK_NEXT_STATUS, SCOPE_CONTACTS, "next-status", "Tab", "Finding",
	"by status", "show only those of the next count: new, changed",
	some_counts},
    {DESK_PREVIOUS_STATUS, SCOPE_CONTACTS, "previous-status", "Shift-Tab",
	"Finding", "status before", "show only those of the count before",
	some_counts},
    {DESK_SORT, SCOPE_CONTACTS, "sort", "o", "Finding", "sort",
	"put the contacts in another order", NULL},
    {DESK_COLUMNS, SCOPE_CONTACTS, "columns", "c", "Finding", "columns",
	"choose the columns of this list, their order and width", NULL},
    {DESK_SEARCH, SCOPE_LIST_COLUMNS, "find-column", "/", "Finding", "find",
	"leave the columns with these letters in their name", NULL},
    {DESK_MARK, SCOPE_LIST_COLUMNS, "show-column", "Space", "Finding",
	"show or hide", "put this column into the list, or take it out",
	the_view_may},
    {DESK_MOVE_DOWN, SCOPE_LIST_COLUMNS, "column-right", "J", "Finding",
	"further right", "move this column one place to the right",
	the_view_may},
    {DESK_MOVE_UP, SCOPE_LIST_COLUMNS, "column-left", "K", "Finding",
	"further left", "move this column one place to the left", the_view_may},
    {DESK_WIDER, SCOPE_LIST_COLUMNS, "wider", "+", "Finding", "wider",
	"make this column one character wider", the_view_may},
    {DESK_NARROWER, SCOPE_LIST_COLUMNS, "narrower", "-", "Finding", "narrower",
	"make this column one character narrower", the_view_may},
    {DESK_USUAL_WIDTH, SCOPE_LIST_COLUMNS, "usual-width", "=", "Finding",
	"usual width", "give this column its usual width again", the_view_may},
    {DESK_USUAL, SCOPE_LIST_COLUMNS, "usual-columns", "U", "Finding",
	"the usual ones", "go back to the columns that belay chooses", NULL},
    {DESK_MARK, SCOPE_CONTACTS, "mark", "Space", "Finding", "mark",
	"mark this contact: the next sync is for the marked ones", a_row},
    {DESK_MARK_ALL, SCOPE_CONTACTS, "mark-all", "a", "Finding", "mark all",
	"mark all contacts that are shown, or none", a_row},
    {DESK_MARK_RANGE, SCOPE_CONTACTS, "mark-range", "V", "Finding",
	"mark to here", "mark all from the one marked last to this one, or not",
	a_row},

    {DESK_SYNC, SCOPE_CONTACTS | SCOPE_CONTACT | SCOPE_RUN | SCOPE_REVIEW,
	"sync", "s", "Sending", "sync",
	"send this contact, or the marked ones, to HealthSherpa", can_sync},
    {DESK_SYNC, SCOPE_PLAN, "send-one", "s", "Sending", "send this",
	"send this contact to HealthSherpa", can_sync},
    {DESK_PLAN,
	SCOPE_CONTACTS | SCOPE_CONTACT | SCOPE_RUN | SCOPE_REVIEW |
	    SCOPE_HISTORY,
	"plan", "d", "Sending", "what would be sent",
	"show what would be sent of this one, or the marked ones", can_plan},
    {DESK_SYNC_ALL, SCOPE_CONTACTS, "sync-all", "S", "Sending", "sync all",
	"show what would be sent of all that need it, then send it", can_plan},
    {DESK_SYNC_ALL, SCOPE_PLAN, "send-all", "S", "Sending", "send all",
	"send everything shown here to HealthSherpa", can_send},
    {DESK_MARK, SCOPE_PLAN, "skip", "Space", "Sending", "leave out",
	"do not send this contact now, or do", a_row},
    {DESK_MARK_ALL, SCOPE_PLAN, "skip-all", "a", "Sending", "leave out all",
	"send none of them now, or all", a_row},
    {DESK_RETRY, SCOPE_CONTACTS | SCOPE_RUN, "retry", "r", "Sending", "retry",
	"send all once more that were refused or not saved whole", some_failed},
    {DESK_PAUSE, SCOPE_CONTACTS | SCOPE_RUN, "pause", "x", "Sending", "pause",
	"pause the sending, go on with it, or stop it", running},
    {DESK_RUN, SCOPE_CONTACTS | SCOPE_CONTACT | SCOPE_PLAN | SCOPE_REVIEW,
	"run", "R", "Sending", "the run", "show the sending contact by contact",
	NULL},
    {DESK_DECIDE, LISTS | SCOPE_CONTACT, "decide", "D", "Sending", "decide",
	"decide about a contact in review: link, create, never", can_decide},
    {DESK_LINK, SCOPE_REVIEW, "link", "l", "Sending", "link",
	"the same person: this row is that contact from now on", the_view_may},
    {DESK_CREATE, SCOPE_REVIEW, "create", "c", "Sending", "create",
	"another person: created for good; a second key is asked for",
	the_view_may},
    {DESK_NEVER, SCOPE_REVIEW, "never", "n", "Sending", "never",
	"this row is not sent any more", the_view_may},
    {DESK_LISTS, SCOPE_CONTACTS | SCOPE_CONTACT, "lists", "t", "Sending",
	"drugs, doctors",
	"compare drugs, pharmacies, providers with HealthSherpa's",
	can_compare},
    {DESK_LISTS, SCOPE_LISTS, "ask-again", "t", "Sending", "ask again",
	"ask HealthSherpa once more what it has", can_send_so},
    {DESK_MERGE, SCOPE_LISTS, "merge", "m", "Sending", "merge",
	"send these lists and what is only there: nothing is lost",
	can_send_so},
    {DESK_REPLACE, SCOPE_LISTS, "replace", "r", "Sending", "replace",
	"send these lists alone: what is only there is lost for good",
	can_send_so},
    {DESK_TAKE_THEIRS, SCOPE_REVIEW, "take-theirs", "t", "Changing",
	"take theirs",
	"put HealthSherpa's value into the file; undo takes it back",
	can_write},
    {DESK_KEEP_OURS, SCOPE_REVIEW, "keep-ours", "o", "Changing", "keep ours",
	"go back to the file's own value", can_write},
    {DESK_ASK_CONTACT, SCOPE_REVIEW, "ask-contact", "r", "Sending",
	"ask HealthSherpa", "ask HealthSherpa once more what it has", can_send},
    {DESK_NEXT_CONTACT, SCOPE_REVIEW, "next-found", "Tab", "Moving",
	"next one found",
	"see the next contact that HealthSherpa has for this row",
	the_view_may},
    {DESK_PREVIOUS_CONTACT, SCOPE_REVIEW, "previous-found", "Shift-Tab",
	"Moving", "one found before", "see the one before", the_view_may},
    {DESK_HISTORY, SCOPE_CONTACTS | SCOPE_CONTACT | SCOPE_RUN | SCOPE_REVIEW,
	"history", "H", "Sending", "history",
	"show what was sent and decided of this contact, and what came of it",
	a_row},
    {DESK_RECOGNISED, SCOPE_CONTACTS | SCOPE_REVIEW, "confirm-recognised", "C",
	"Sending", "confirm all",
	"those recognised under their name are the same persons",
	some_recognised},
    {DESK_SIMILAR, SCOPE_CONTACTS | SCOPE_REVIEW, "link-similar", "A",
	"Sending", "link all alike",
	"link all whom HealthSherpa has exactly so, typed by hand",
	some_similar},

    {DESK_EDIT, LISTS | SCOPE_REVIEW, "edit", "e", "Changing", "edit",
	"change this contact's values", can_type},
    {DESK_EDIT, SCOPE_CONTACT, "edit-value", "Enter e", "Changing", "edit",
	"type another value into the file's column", can_type},
    {DESK_EDIT_ALL, SCOPE_CONTACTS | SCOPE_CONTACT, "edit-all", "^E",
	"Changing", "in your editor",
	"open all values of this contact in your editor, as YAML", can_type},
    {DESK_FIX, SCOPE_CONTACT, "fix", "f", "Changing", "take the proposal",
	"put what belay proposes for this value into the file", can_write},
    {DESK_LEAVE_OUT, SCOPE_CONTACT, "leave-out", "x", "Changing", "leave out",
	"do not send this value, or do", can_edit},
    {DESK_SEARCH_NEXT, SCOPE_CONTACT, "next-problem", "n", "Changing",
	"next problem", "go to the next value with a problem", NULL},
    {DESK_SEARCH_PREVIOUS, SCOPE_CONTACT, "previous-problem", "N", "Changing",
	"previous problem", "go to the value with a problem before", NULL},
    {DESK_MAPPING, SCOPE_CONTACTS | SCOPE_CONTACT, "mapping", "m", "Changing",
	"mapping", "see which column gives which field", can_map},
    {DESK_ACCEPT, SCOPE_PROPOSAL, "accept", "a", "Changing", "use it",
	"use this mapping: write it into the config", the_view_may},
    {DESK_CONFIRM, SCOPE_PROPOSAL, "confirm", "y", "Changing", "it is right",
	"take what stands here as right, and go to the next question",
	the_view_may},
    {DESK_CHOOSE, SCOPE_PROPOSAL, "choose", "Enter e", "Changing",
	"another column", "choose the column that gives this field",
	the_view_may},
    {DESK_CHOOSE, SCOPE_MAPPING, "change-rule", "Enter", "Changing", "change",
	"choose the column for this field, or the other way round",
	the_view_may},
    {DESK_CHOOSE, SCOPE_COLUMN, "take-column", "Enter", "Changing", "take it",
	"take this column for the field", NULL},
    {DESK_RULE, SCOPE_PROPOSAL | SCOPE_MAPPING, "rule", "r", "Changing",
	"type a rule",
	"type the rule as it stands in the config (belay.yaml(5))",
	the_view_may},
    {DESK_LEAVE_OUT, SCOPE_PROPOSAL | SCOPE_MAPPING, "no-rule", "x", "Changing",
	"nothing", "let no column give this field", the_view_may},
    {DESK_SEARCH_NEXT, SCOPE_PROPOSAL, "next-question", "n", "Changing",
	"next question", "go to the next field that is asked about",
	the_view_may},
    {DESK_SEARCH_NEXT, SCOPE_MAPPING, "next-finding", "n", "Changing",
	"next problem", "go to the next field in which something was found",
	the_view_may},
    {DESK_SHOW_FOUND, SCOPE_MAPPING, "show-found", "f", "Changing", "who",
	"show the contacts with the first finding of this field", the_view_may},
    {DESK_PIN, SCOPE_MAPPING, "pin", "p", "Changing", "pin",
	"write into the mapping how this column is read", the_view_may},
    {DESK_NEXT_CONTACT, SCOPE_MAPPING, "next-contact", "Tab", "Moving",
	"next contact", "see what the rules give for the next contact",
	the_view_may},
    {DESK_PREVIOUS_CONTACT, SCOPE_MAPPING, "previous-contact", "Shift-Tab",
	"Moving", "previous contact", "see the contact before", the_view_may},
    {DESK_REVEAL, ROWS | SCOPE_MAPPING, "reveal", "v", "Changing", "reveal",
	"show Medicare number and birth date for 30 seconds", a_row},
    {DESK_UNDO, ACTION_EVERYWHERE, "undo", "u", "Changing", "undo",
	"take the last change back", NULL},
    {DESK_REDO, ACTION_EVERYWHERE, "redo", "^R", "Changing", "redo",
	"make the change again that was taken back", NULL},
    {DESK_SAVE, ACTION_EVERYWHERE, "save", "w", "Changing", "save",
	"write the changes into the file", unsaved},

    {DESK_RELOAD, SCOPE_CONTACTS | SCOPE_CONTACT, "reload", "F5", "Changing",
	"read again", "read the file again; changes that are not saved stay",
	can_reload},

    {DESK_CONFIG, ACTION_EVERYWHERE, "config", "E", "Changing", "edit config",
	"open the config in your editor; saving puts it in force",
	can_configure},
    {DESK_CONFIG, SCOPE_MAPPING, "edit-rule", "e", "Changing", "edit the YAML",
	"open the config in your editor, at this rule", can_configure},
    {DESK_CONFIG, SCOPE_PROBLEMS, "mend", "Enter e", "Changing", "mend it",
	"open the config in your editor, at what is wrong here", can_configure},
    {DESK_PROBLEMS, ACTION_EVERYWHERE, "problems", "P", "Changing",
	"what is wrong", "show all that is wrong with the config",
	config_wrong},

    {DESK_QUOTE, ROWS, "quote", "b", "Pages", "quote",
	"open this contact's quote page at HealthSherpa", has_quote},
    {DESK_COPY, ROWS, "copy", "y", "Pages", "copy",
	"copy the address of the quote page", has_quote},
    {DESK_COPY, SCOPE_LINK | SCOPE_LOGIN, "copy-link", "y", "Pages", "copy",
	"copy the address", NULL},
    {DESK_SITE, SCOPE_LOGIN, "site", "o", "Pages", "HealthSherpa's site",
	"open HealthSherpa's own login page; belay's login is another", NULL},
    {DESK_LOG_IN, SCOPE_LOGIN, "log-in", "Enter L", "Pages", "log in",
	"log in to HealthSherpa's API, as another agent or anew", NULL},
    {DESK_PASTE, SCOPE_LOGIN, "paste", "p", "Pages", "paste the address",
	"give the address that the browser shows in the end", NULL},
    {DESK_LOGIN, ~(uint32_t)(SCOPE_LOGIN | SCOPE_FIRST), "login", "L", "Pages",
	"login page", "open HealthSherpa's login page; with v2, log in", NULL},

    {DESK_CHOOSE, SCOPE_FIRST, "begin", "Enter", "Belay", "choose",
	"do what this line says", NULL},
    {DESK_CHOOSE, SCOPE_HELP, "do-it", "Enter", "Belay", "do it",
	"go back and do what this line says", the_help_may},
    {DESK_SEARCH, SCOPE_HELP, "find-help", "/", "Finding", "find",
	"leave the lines with these words, or letters of the name", NULL},
    {ACTION_HELP, ACTION_EVERYWHERE, "help", "? F1", "Belay", "help",
	"show what the keys do here", NULL},
    {DESK_COMMAND, ACTION_EVERYWHERE, "command", ":", "Belay", "all by name",
	"look for anything belay can do by its name or in words", NULL},
    {DESK_TOUR, ACTION_EVERYWHERE, "tour", "T", "Belay", "tour",
	"begin or end the tour over the practice data", can_tour},
    {ACTION_REDRAW, ACTION_EVERYWHERE, "redraw", "^L", "Belay", "redraw",
	"paint the screen anew", NULL},
    {DESK_SUSPEND, ACTION_EVERYWHERE, "suspend", "^Z", "Belay", "suspend",
	"stop belay; the shell's fg brings it back", NULL},
};

const size_t actions_count = sizeof(actions_table) / sizeof(actions_table[0]);
