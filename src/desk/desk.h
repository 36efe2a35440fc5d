/* SPDX-License-Identifier: MIT */
/*
 * The desk: what all screens share, and the loop that drives them.
 *
 * One thread. Each turn: keys that are there, signal flags, network and
 * timers (sync_step), slices of loading, statuses and saving, one paint if
 * something changed, one wait for terminal, signals and network. Views ask
 * `book` and `sync` through this struct; they never touch file or network.
 */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/contact.h"
#include "sync/sync.h"
#include "tui/canvas.h"
#include "tui/lineedit.h"

struct book;
struct clock;
struct contact_text;
struct config;
struct editor;
struct err;
struct keymap;
struct mapping_file;
struct opener;
struct proposal;
struct reload;
struct run_log;
struct secret_wait;
struct screen;
struct settings;
struct term;
struct undo;
struct view;

struct desk_options {
	struct config *config; /* borrowed */
	const char *file;      /* NULL: the config's contacts */
	const char *state_dir; /* NULL: the usual place */
	enum desk_tour {
		DESK_NO_TOUR,    /* not on practice data */
		DESK_TOUR_LATER, /* when it is asked for */
		DESK_TOUR_NOW
	} tour;            /* tour.h */
	bool linear;       /* --linear; else the config's */
	const char *color; /* auto, always, never, or NULL: the config's */
	const struct clock *clock;
};

/* Opens terminal and book, runs until the user leaves. Returns the exit status
 * (128 + signal when one ended it), -1 with the error. The terminal is as it
 * was in every case. */
int desk_run(const struct desk_options *options, struct err *err);

/* Which actions apply where: bits for action.h's `views` and view_ops.scope. */
enum desk_scope {
	SCOPE_CONTACTS = 1 << 0,
	SCOPE_CONTACT = 1 << 1,
	SCOPE_PLAN = 1 << 2,
	SCOPE_RUN = 1 << 3,
	SCOPE_HELP = 1 << 4,
	SCOPE_MAPPING = 1 << 5,
	SCOPE_REVIEW = 1 << 6,
	SCOPE_LINK = 1 << 7,
	SCOPE_COLUMN = 1 << 8,
	SCOPE_PROPOSAL = 1 << 9,
	SCOPE_PROBLEMS = 1 << 10,
	SCOPE_FILTERS = 1 << 11,
	SCOPE_LISTS = 1 << 12,
	SCOPE_LOGIN = 1 << 13,
	SCOPE_HISTORY = 1 << 15,
	SCOPE_LIST_COLUMNS = 1 << 14,
	SCOPE_PALETTE = 1 << 17,
	SCOPE_FIRST = 1 << 18,
};

/*
 * Plain data, open to the views. Made by desk_run(); tests make one with a
 * book, a sync and a canvas but no terminal (`term` NULL).
 */
struct desk {
	struct config *config; /* borrowed; follows its file (settings.h) */
	const struct clock *clock;
	struct book *book;
	struct sync *sync;
	struct term *term; /* NULL in tests */
	struct screen *screen;
	struct keymap *keymap;
	struct opener *opener;
	struct reload *reload;     /* NULL in tests (reload.h) */
	struct settings *settings; /* NULL in tests (settings.h) */
	struct editor *editor;     /* the user's, while it is open (editor.h) */
	struct contact_text *contact_text; /* in the editor; NULL: none is */
	struct undo *undo; /* the list's (undo.h); NULL: there is no list */
	struct run_log *run_log; /* fed with every event of sync (run_log.h) */
	struct contact contact;  /* scratch for one call; nobody keeps it */
	uint32_t reveal_row;     /* shown unmasked until reveal_until_ms */
	int64_t reveal_until_ms; /* monotonic; 0: nothing is revealed */
	bool ascii;              /* no UTF-8 on this terminal */
	bool linear;             /* for screen readers: words, no signs */
	bool read_only;          /* another belay holds the book */
	bool outside;            /* another program has changed the file */
	unsigned quotes;         /* quote pages opened so far */
	char *sidecar; /* why results do not go into the file; NULL: they do */
	char *broken;  /* why the file could not be read to its end; NULL */
	/*
	 * Counts up whenever a value or a status of any row may be another:
	 * what was made of a row under another number is out of date.
	 */
	uint64_t generation;
	uint64_t config_generation; /* counts up when another is in force */
	/* Where the mapping is written; NULL: not asked for (mapping_rules.h)
	 */
	struct mapping_file *mapping_file;

	/* The desk's own; views leave these alone. */
	struct {
		enum desk_tour kind;
		bool on;
		size_t step;
		uint32_t row;    /* under the cursor when the step began */
		unsigned quotes; /* opened by then */
	} tour;
	char *backup_dir;  /* NULL: no backups */
	bool looked_over;  /* a book that does not fit was read to its end */
	bool background;   /* something to show that may wait 100 ms */
	bool save_wanted;  /* the user asked; begins when nobody saves */
	bool saving;       /* our save is under way */
	bool older_sought; /* desk_ask_older() was called, since it is ours */
	bool older_open;   /* and not answered */
	bool rest_offered; /* desk_offer_rest() was, likewise */
	bool taken_over;   /* another belay had the book; the offer says so */
	bool drop_edits;   /* the user leaves without them */
	bool stop_wanted;  /* ^Z */
	enum desk_leaving {
		DESK_STAYS,
		DESK_LEAVES_SAVED,   /* when the edits are in the file */
		DESK_LEAVES_FINISHED /* when nothing is in flight */
	} leaving;
	struct plan *asked; /* waits for the number to be typed */
	struct plan *held;  /* waits for a login; NULL: none does */
	char account[160];  /* who sends, for the head; "": not looked yet */
	bool cut_short;     /* a run ended for want of a login */
	struct {
		uint32_t *rows;
		size_t count;
	} last; /* rows of the last run, which the user has agreed to */
	struct {
		uint32_t *rows; /* NULL: nothing waits */
		size_t count;
		bool retry;
		uint32_t ask_from;
		struct plan *plan; /* being made; NULL: waits for an answer */
		uint64_t revision; /* of the book that the plan is of */
		bool login;        /* none of these, but the login */
	} wanted; /* to be sent: looked at, or its key waited for */
	struct secret_wait *key; /* or for this to give it; NULL: it does not */
	struct {
		struct row_status status;
		uint32_t row;
		uint64_t generation;
		int64_t until; /* monotonic; 0: nothing is kept */
	} kept;                /* desk_status()'s */
	struct history commands;
};

/* The view that actions concern: the one on top, or that below help and
 * palette, which speak of it. NULL: none is left. */
struct view *desk_view(const struct desk *desk);
/* The row that actions concern: asked from that view; RECORDS_NONE: none. */
uint32_t desk_row(const struct desk *desk);

/*
 * After a change of the book's rows (edit, undo): statuses are computed anew,
 * views recalculate. RECORDS_NONE: all rows, in slices.
 */
void desk_row_changed(struct desk *desk, uint32_t row);

/*
 * The status of a row, kept for a second while nothing changes: several
 * parts of one drawing ask for that of the row under the cursor. NULL before
 * it is known. Borrowed until the next call.
 */
const struct row_status *desk_status(struct desk *desk, uint32_t row);

/* Whether a row's sensitive values are shown in clear now. */
bool desk_revealed(const struct desk *desk, uint32_t row);

/*
 * Syncs rows: asks for the number when there are many, refuses with a reason
 * when nothing can be sent. Joins a run that is going on.
 */
void desk_sync(struct desk *desk, const uint32_t *rows, size_t count);
/* All rows that were refused before, or not saved whole. */
void desk_retry(struct desk *desk);
/* The lists of one contact, in the way that the agent chose; comes back from
 * the screen of the lists when it has begun. */
void desk_send_lists(struct desk *desk, uint32_t row, enum list_policy lists);
/* Shows that screen and asks HealthSherpa, unless there is a reason not to. */
void desk_show_lists(struct desk *desk, uint32_t row);

/* All that is to be sent; asks for the number, however small it is. */
void desk_sync_rest(struct desk *desk);
/* Offers that, when the last run was broken off; nothing else happens. */
void desk_offer_rest(struct desk *desk);

/* The quote page of a row, the login page: opened, or shown with copying. */
void desk_open_quote(struct desk *desk, uint32_t row);
void desk_open_login(struct desk *desk);
/* Whether there is a login at the API (v2). */
bool desk_has_login(const struct desk *desk);
/* L: the login at the API where there is one (v2), else that page. */
void desk_log_in(struct desk *desk);
/* Before a login that is begun in its own screen: whether the client secret has
 * to be typed first; it is asked for, and the login begins after that. */
bool desk_ask_for_login(struct desk *desk);
/* Looks who sends, after another may have logged in or the config changed;
 * false: nobody is logged in, or there is no login (v1). */
bool desk_look_account(struct desk *desk);
/* After a login: what had to wait for it. */
void desk_go_on(struct desk *desk);
void desk_copy_quote(struct desk *desk, uint32_t row);

/* Asks whether the file is a newer export of one that was synced before; false
 * when there is nothing to ask. */
bool desk_ask_older(struct desk *desk);

/* While a program is asked for the key: whether it has given it, and what was
 * to be sent is; says whom it waits for. */
void desk_look_for_key(struct desk *desk);
/* Until `end` (monotonic) looks at what is to be sent, sends it when all is
 * looked at and no question is open. True while there is more to look at. */
bool desk_send_work(struct desk *desk, int64_t end);
/* Esc, while it is looked at or a program is asked for the key. False: there is
 * nothing to give up. */
bool desk_give_up_sending(struct desk *desk);
/* The file was read again: what waits for a login is still who was meant. Row r
 * is rows[r] now, RECORDS_NONE when it is gone. */
void desk_move_sending(struct desk *desk, const uint32_t *rows, size_t count);

/* Saves edits into the file, in steps; says so on the message line. */
void desk_save(struct desk *desk);

/* False, and err says why, while another belay holds the book. */
bool desk_may_change(const struct desk *desk, struct err *err);
/* Whether anything can be sent at all now; else err says why and what to do. */
bool desk_can_send(const struct desk *desk, struct err *err);
/* Whether the row waits for a person's decision, or was decided never to be
 * sent; else err says why not. */
bool desk_can_decide(struct desk *desk, uint32_t row, struct err *err);
/*
 * Decides as sync_decide() does, and says what comes next. False with the
 * reason: nothing was decided.
 */
bool desk_decide(struct desk *desk, uint32_t row, enum decision decision,
    const char *healthsherpa_id, struct err *err);
/* Asks whether all that were recognised are the same persons. */
void desk_ask_recognised(struct desk *desk);
/* Asks whether all that look exactly like a contact there are to be linked. */
void desk_ask_similar(struct desk *desk);
/* Asks whether to pause, go on with or stop the run. */
void desk_ask_pause(struct desk *desk);
/* Copies text through the terminal (OSC 52), or says that it cannot. */
void desk_copy(struct desk *desk, const char *url);

/* Glyph or ASCII twin, and the style of a status. */
const char *desk_glyph(const struct desk *desk, enum status status);
enum style desk_status_style(enum status status);

/* ---- the views; each in its own v_*.c ------------------------------------ */

struct view *v_contacts_new(struct desk *desk);
struct view *v_contact_new(struct desk *desk, uint32_t row);
/* The rows are copied. */
struct view *v_plan_new(struct desk *desk, const uint32_t *rows, size_t count);
/* Goes on with the plan for about 2 ms; true while there is more to do. */
bool v_plan_work(struct view *view);
struct view *v_run_new(struct desk *desk);
/*
 * While a run is going on: its progress, drawn from the top of the area, for
 * the list to draw its rows below. Returns the rows it took; 0: no run.
 */
int v_run_strip(
    struct desk *desk, struct canvas *canvas, const struct area *area);
/* The question about a row in review, and its exits. */
struct view *v_review_new(struct desk *desk, uint32_t row);
/* Opens the row's record in the user's editor, to be taken over as edits;
 * false: err says why not. */
bool desk_edit_contact(struct desk *desk, uint32_t row, struct err *err);
/* Wipes what is left of it; also when there is nothing. */
void contact_text_free(struct desk *desk);
/* What became of the row, sync by sync. */
struct view *v_history_new(struct desk *desk, uint32_t row);
uint32_t v_history_row(const struct view *view);
/* The row's lists beside HealthSherpa's. */
struct view *v_lists_new(struct desk *desk, uint32_t row);
/* What belay proposes for a file that no mapping fits yet. */
struct view *v_proposal_new(struct desk *desk);
/* The mapping in force: what gives which field, for `row` and the whole book;
 * changes go into the config. */
struct view *v_mapping_new(struct desk *desk, uint32_t row);
/* Counts on for about a millisecond; true while there is more to do. */
bool v_mapping_work(struct view *view);
uint32_t v_mapping_row(const struct view *view);
/* Gives a field another rule (propose.h) in the view; NULL: none. */
typedef bool desk_set_rule(
    struct view *view, enum field field, const char *rule, struct err *err);
/*
 * The columns to choose from; above the view whose proposal it borrows, which
 * is told the choice.
 */
struct view *v_column_new(struct desk *desk, const struct proposal *proposal,
    enum field field, desk_set_rule *set);
/* The login at HealthSherpa's API (v2); begins one when nobody is logged in. */
struct view *v_login_new(struct desk *desk);
/* What is wrong with the config; each leads into the editor. */
struct view *v_problems_new(struct desk *desk);
/* The saved filters of the config, to be pushed over the list of contacts,
 * which is on top when it is made. */
struct view *v_filters_new(struct desk *desk);
/* Goes on with counting for about 2 ms; true while there is more to do. Called
 * by the list below. */
bool v_filters_work(struct view *view);
/* The actions by name, to be typed and chosen; opens itself, with the line
 * that is typed into. */
void v_palette_open(struct desk *desk);
/* Keys of desk_view(), by theme, and what the signs mean. */
struct view *v_help_new(struct desk *desk);
/* The columns of the list, with what the row has in them (RECORDS_NONE:
 * nobody's). */
struct view *v_list_columns_new(struct desk *desk, uint32_t row);
/*
 * A URL to select, click or copy, because it could not be opened; all three
 * texts are copied, `why` is a sentence.
 */
struct view *v_link_new(
    struct desk *desk, const char *title, const char *why, const char *url);
/*
 * Goes on with filtering and sorting for a slice of about 2 ms; true while
 * there is more to do.
 */
bool v_contacts_work(struct view *view);

/* The file was read again, desk->book is the new reading; contact_list.h. */
struct contact_list_move;
void v_contacts_move(struct view *view, const struct contact_list_move *move);
/* The contact's row is another; false: it is gone, and the view is to close. */
bool v_contact_move(struct view *view, uint32_t row);
/* Whether a value is being typed. */
bool v_contact_typing(const struct view *view);

/* Which row a view stands on; implemented beside each view's operations. */
uint32_t v_contacts_row(const struct view *view);
size_t v_contacts_marks(const struct view *view);  /* how many are marked */
bool v_contacts_narrowed(const struct view *view); /* not all are shown */
/* Shows what fits a query, "" all; ERR_USAGE, ERR_CONFIG: as query_parse(). */
bool v_contacts_filter(struct view *view, const char *text, struct err *err);
struct contact_list;
struct contact_list_state;
const struct contact_list *v_contacts_list(const struct view *view);
/* As it was; false: as contact_list_restore(). */
bool v_contacts_restore(
    struct view *view, const struct contact_list_state *state, struct err *err);
const char *v_contacts_filter_text(const struct view *view); /* "": none */
uint32_t v_contact_row(const struct view *view);
uint32_t v_plan_row(const struct view *view);
uint32_t v_run_row(const struct view *view);
uint32_t v_review_row(const struct view *view);
uint32_t v_lists_row(const struct view *view);

#endif
