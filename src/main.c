/* SPDX-License-Identifier: MIT */
/* clang-format off */
/*
 * The map of the house. A contact goes down this list and its result comes
 * back up: source, book, sync, partner. `command` and `desk` look at sync and
 * book and ask; README.md beside this file tells the why.
 *
 * command/ - one file per sub-command
 *	command/command.c	finds the command, parses, runs, prints errors
 *	command/arguments.c	the one table of options
 *	command/session.c	config, book, ledger, the chosen rows
 *	command/send.c		one run: confirm, start, show, sum up
 *	command/signals.c	SIGINT and its like, as a descriptor
 *	command/progress.c	the line on standard error
 *	command/left.c		what the last run left, in a line
 *	command/listing.c	aligned columns
 *	command/output.c	JSON lines
 *	command/check.c		all findings
 *	command/demo.c		practice server, sample contacts, desk
 *	command/desk.c		opens the desk
 *	command/doctor.c	is everything there
 *	command/doctor_machine.c	of this computer
 *	command/explain.c	what a code means
 *	command/history.c	past runs
 *	command/history_file.c	their contacts in a file
 *	command/init.c		a config for an export
 *	command/login.c		the agent's login, and out
 *	command/open.c		login page, quote page
 *	command/plan.c		what a sync would do
 *	command/practice.c	the practice server in the foreground
 *	command/review.c	decisions about doubtful contacts
 *	command/set.c		edits from scripts
 *	command/show.c		one contact
 *	command/status.c	a line per contact
 *	command/sync.c		create and update
 *	command/writeback.c	the IDs in a file for the CRM
 *
 * desk/ - the screens
 *	desk/desk.c		the loop: keys, signals, network, paint, wait
 *	desk/first.c		before there is a book: what to open
 *	desk/host.c		what the screens may ask of the desk
 *	desk/work.c		slices of loading, statuses, saving
 *	desk/actions.c		THE table of what a user can do
 *	desk/action_list.c	which are wanted, possible, meant
 *	desk/opener.c		pages in a browser, or shown
 *	desk/settings.c		the config changed on disk: in force at once
 *	desk/settings_file.c	its files, and whether they have changed
 *	desk/settings_edit.c	opening it in the editor
 *	desk/editor.c		the user's editor over the whole terminal
 *	desk/reload.c		the file changed outside, and reading it again
 *	desk/older.c		is this a newer export of that
 *	desk/send.c		syncing from the screen: confirm, start, report
 *	desk/send_rows.c	who waits to be sent
 *	desk/pages.c		HealthSherpa's pages: opened, shown, copied
 *	desk/resume.c		the offer to go on after a broken run
 *	desk/row_marks.c	which rows are marked
 *	desk/row_sort.c		sorting rows in parts
 *	desk/decide.c		deciding about a contact in review
 *	desk/run_log.c		the rows of a run, in order
 *	desk/tour.c		over the practice data, step by step
 *	desk/undo.c		taking back what is the desk's own
 *	desk/words.c		wording that screens share
 *	desk/v_contacts.c	the list
 *	desk/contact_list.c	its rows: filtered, sorted, marked
 *	desk/contact_note.c	the line below the list
 *	desk/contact_order.c	its orders: as text, and the question
 *	desk/contact_keys.c	what it is sorted by, as bytes
 *	desk/contact_complete.c	the words of a query on it
 *	desk/contact_columns.c	its columns, in the config and here
 *	desk/contact_cells.c	its cells
 *	desk/contact_head.c	what stands above it
 *	desk/contact_counts.c	its line of counts
 *	desk/contact_hints.c	what is possible in it now
 *	desk/contact_match.c	whether a contact is the one looked for
 *	desk/contact_search.c	finding in it
 *	desk/v_list_columns.c	its columns, to choose from
 *	desk/v_filters.c	the saved filters, to choose from
 *	desk/v_contact.c	one contact
 *	desk/contact_form.c	the rows of that screen
 *	desk/contact_notes.c	what is said below one of them
 *	desk/contact_editor.c	a whole contact in the user's editor
 *	desk/contact_edit.c	typing, proposals, leaving out
 *	desk/v_plan.c		what would be sent
 *	desk/plan_list.c	its rows
 *	desk/v_review.c		the question about a contact in review
 *	desk/review_case.c	why it is in review, in words
 *	desk/review_sides.c	the row beside HealthSherpa's, field by field
 *	desk/review_take.c	HealthSherpa's value into the file
 *	desk/v_history.c	what became of a contact, sync by sync
 *	desk/v_lists.c		a contact's lists beside HealthSherpa's
 *	desk/v_run.c		a run, row by row
 *	desk/v_mapping.c	the mapping in force, over the whole book
 *	desk/mapping_rules.c	its rules in their file
 *	desk/v_proposal.c	what belay proposes for a new export
 *	desk/mapping_form.c	its rows
 *	desk/mapping_notes.c	what is said below one of them
 *	desk/column_sample.c	what a column is like
 *	desk/v_column.c		the columns to choose from
 *	desk/v_problems.c	what is wrong with the config
 *	desk/v_first.c		that page
 *	desk/v_help.c		the keys of a view
 *	desk/v_palette.c	the actions by name, to be typed
 *	desk/v_login.c		the login at the API
 *	desk/v_link.c		a page's address, to be copied
 *
 * tui/ - the toolkit; knows no contact
 *	tui/term.c		the terminal; the one file with curses
 *	tui/tty.c		its bytes beside curses, and putting it back
 *	tui/look.c		colours and attributes of what is meant
 *	tui/sequences.c		what keys send besides what terminfo says
 *	tui/mouse.c		reports of the mouse
 *	tui/paste.c		pasted text between its marks
 *	tui/damage.c		what changed between two screens
 *	tui/signals.c		signals as bytes in a pipe
 *	tui/osc.c		copying, links, the title
 *	tui/canvas.c		a grid of cells
 *	tui/linear.c		for screen readers: rows as lines, signs as words
 *	tui/columns.c		what fits into a line
 *	tui/key.c		keys and their names
 *	tui/action.c		keys bound to a table of actions
 *	tui/view.c		a stack of views, the frame around them
 *	tui/prompt.c		questions on the message line
 *	tui/finder.c		letters that narrow a list
 *	tui/table.c		a list of any length
 *	tui/form.c		labelled rows, edited in place
 *	tui/completion.c	names that a typed word may become
 *	tui/lineedit.c		one line of text
 *
 * sync/ - a book against HealthSherpa; nobody is created twice
 *	sync/sync.c		the one door: status, plan, run, decisions
 *	sync/state.c		five durable states and what follows what
 *	sync/history.c		past runs, and forgetting them
 *	sync/home.c		where a book's state is, and moving there
 *	sync/shelf.c		the directories of all books, and who continues whom
 *	sync/lineage.c		is this a newer export of that
 *	sync/ledger.c		states on disk
 *	sync/ledger_history.c	runs and their rows
 *	sync/ledger_key.c	the key of its hashes
 *	sync/ledger_mark.c	whether it may have forgotten something
 *	sync/ledger_people.c	whose the IDs of belay's own are
 *	sync/ledger_trouble.c	why rows could not be sent
 *	sync/database.c		SQL; the one file with SQLite
 *	sync/repair.c		how a ledger is; a new one in its place
 *	sync/review.c		what people decide: one row, or many at once
 *	sync/roster.c		the ledger's rows in memory
 *	sync/mark.c		transitions, staged and committed
 *	sync/board.c		one status per row of the book
 *	sync/stand.c		where a row stands, decided once
 *	sync/status.c		words and glyphs
 *	sync/explain.c		a status in sentences
 *	sync/plan.c		what a run would do
 *	sync/run.c		a run: queue, pace, sending, commits
 *	sync/run_look.c		what it tells of itself
 *	sync/task.c		one row's way through a run
 *	sync/search.c		the probe, and the look-up after doubt
 *	sync/answer.c		what an answer leads to
 *	sync/login.c		the agent's login, for the desk
 *	sync/match.c		is that contact ours
 *	sync/lists.c		drugs, pharmacies, providers: whether they go
 *	sync/list_ask.c		what HealthSherpa has of them, before a merge
 *	sync/contact_look.c	and of a contact, for somebody who looks on
 *	sync/list_union.c	our list and theirs, together
 *	sync/pace.c		how fast, and when again
 *	sync/fingerprint.c	what was sent, without keeping it
 *	sync/elsewhere.c	which IDs other environments gave
 *	sync/hash_set.c		a small set of such hashes
 *	sync/people.c		the persons behind rows without an ID
 *	sync/recognise.c	which rows are which persons
 *	sync/identity.c		who an ID of ours belongs to, in hashes
 *	sync/redact.c		HealthSherpa's words without the contact's
 *	sync/audit.c		who sent what when
 *	sync/decide.c		what a person decides
 *	sync/writeback.c	results into the source
 *	sync/events.c		what happened, once it is on disk
 *	sync/stop.c		ends the process at a step, for the crash tests
 *
 * partner/ - HealthSherpa
 *	partner/partner.c	calls as functions, answers as structs
 *	partner/http.c		one curl_multi; the one file with libcurl
 *	partner/auth.c		who we are: the key, or a login that renews itself
 *	partner/login.c		a login, from the consent page to tokens
 *	partner/oauth.c		its texts
 *	partner/token_request.c	asking for tokens
 *	partner/tokens.c	the file that keeps them
 *	partner/dialect.c	what differs between the versions
 *	partner/request.c	bodies out
 *	partner/reply.c		answers in
 *	partner/partial.c	which items of lists were not saved
 *	partner/refusal.c	error bodies of every shape
 *	partner/explain.c	answers in plain words
 *
 * practice/ - a server in HealthSherpa's place; shares no code with partner/
 *	practice/practice.c	starts, steps, stops
 *	practice/run.c		in the foreground
 *	practice/handle.c	a request between arrival and answer
 *	practice/api.c		create, update
 *	practice/api_search.c	search
 *	practice/oauth_server.c	consent, tokens
 *	practice/grants.c	who consented to what
 *	practice/parameters.c		form-encoded bodies, base64
 *	practice/answer.c	envelopes and error shapes
 *	practice/validate.c	fields by the service's rules
 *	practice/lists.c	drugs, pharmacies, providers of a contact
 *	practice/store.c	its contacts
 *	practice/switches.c	one for each open point of the service
 *	practice/faults.c	scripted misbehaviour
 *	practice/received.c	the request log
 *	practice/pages.c	login page, consent page, quote page
 *	practice/sample.c	the demo's made-up people
 *
 * book/ - all contacts of one source
 *	book/book.c		opens, sees a row through the mapping
 *	book/book_load.c	reads in slices, binds the mapping
 *	book/book_remap.c	another mapping for an open book
 *	book/book_edit.c	edits, undo, results
 *	book/book_carry.c	edits into a later reading of the file
 *	book/book_save.c	puts them into the source
 *	book/overlay.c		changed cells over the records
 *	book/alike.c		rows that share a value, for hints
 *	book/decision.c		what was decided of a column
 *	book/record_text.c	one record as YAML for an editor, and back
 *	book/repeats.c		IDs and Medicare numbers that occur twice
 *	book/minted.c		IDs of belay's own, for rows without one
 *	book/person.c		who a row without an ID is
 *	book/canonical.c	IDs that CRMs write in two ways
 *	book/contact.c		a record seen through the mapping
 *	book/coverage.c		what the mapping gives over a whole book
 *	book/crm_file.c		files that CRMs import
 *	book/query.c		the query language
 *	book/query_match.c	terms held against a row
 *	book/query_next.c	going past rows that cannot match
 *	book/query_saved.c	saved filters as terms
 *	book/glance.c		age, 65th birthday, Parts A and B today
 *	book/field.c		HealthSherpa's fields
 *	book/finding.c		codes of what can be wrong
 *	book/mapping.c		rules bound to columns
 *	book/mapping_builtin.c	of formats that need none from the user
 *	book/mapping_evaluate.c	a rule for a row
 *	book/mapping_file.c	where it is written, changing a rule, undo
 *	book/rule_parse.c	the grammar of rules
 *	book/rule_text.c	a rule's text with one key changed
 *	book/preset.c		what the exports of CRMs look like
 *	book/propose.c		a mapping proposed for an export
 *	book/propose_rules.c	which column is which field
 *	book/propose_preset.c	by the CRM's own columns
 *	book/propose_guess.c	by what no single name tells
 *	book/propose_choice.c	a rule out of columns
 *	book/propose_scan.c	what columns hold, what rules give
 *	book/propose_text.c	the proposal as a config
 *	book/header_name.c	what a column's name says
 *	book/column_shape.c	what a column's values look like
 *	book/problems.c		all problems of a config at once
 *	book/config.c		the config
 *	book/config_keys.c	its keys
 *	book/config_columns.c	the columns of the list in it
 *	book/config_differ.c	what is otherwise in another one
 *	book/config_place.c	where a key stands in it
 *	book/config_profile.c	for one agent of an agency
 *	book/config_secret.c	where a secret is
 *	book/config_write.c	a new config, or a mapping into one
 *	book/rules.c		values: cleaning and checking, by kind
 *	book/rules_date.c	dates: reading
 *	book/rules_date_check.c	what is odd about them
 *	book/rules_email.c	e-mail addresses
 *	book/rules_list.c	lists of drugs, pharmacies and providers
 *	book/rules_mbi.c	Medicare numbers
 *	book/rules_name.c	names, broken letters
 *	book/rules_phone.c	phone numbers
 *	book/rules_place.c	states and ZIPs
 *	book/rules_words.c	sex, booleans, type
 *
 * source/ - files in, files out
 *	source/source.c		opens, recognises, reads in slices
 *	source/records.c	raw rows in memory
 *	source/input.c		the text, in a sliding window
 *	source/encoding.c	UTF-16, UTF-32, Windows-1252
 *	source/csv.c		reads CSV
 *	source/csv_detect.c	delimiter, line ends, header
 *	source/csv_edges.c	what stands above and below the table
 *	source/csv_words.c	words that headers and footers have
 *	source/csv_splice.c	changes cells of a row
 *	source/json_text.c	JSON through the window, with places
 *	source/json_rows.c	reads JSON and JSON lines
 *	source/json_record.c	a contact in it
 *	source/json_splice.c	changes values, adds keys
 *	source/vcard.c		reads vCards
 *	source/vcard_line.c	a line: folds, name, parameters
 *	source/vcard_value.c	a value: quoted-printable, character sets
 *	source/vcard_columns.c	what lines are called as columns
 *	source/vcard_splice.c	changes values, adds lines
 *	source/yaml.c		events with places; the one file with libyaml
 *	source/yaml_tree.c	small documents: config, mapping
 *	source/yaml_edit.c	changes an entry of one, keeps its comments
 *	source/yaml_edit_write.c	the changed text
 *	source/yaml_edit_prove.c	that nothing else changed
 *	source/yaml_comments.c	where comments are
 *	source/yaml_prove.c	that an edit changes its cell alone
 *	source/yaml_records.c	reads contacts
 *	source/yaml_flat.c	contacts of the flat shape, without libyaml
 *	source/yaml_list.c	a list in a record as JSON
 *	source/yaml_scalar.c	writes a scalar
 *	source/yaml_splice.c	changes scalars, adds keys
 *	source/splice.c		the list of edits of one unit
 *	source/source_pass.c	one pass over a file for a save
 *	source/source_save.c	the save: its steps, up to the replacing
 *	source/source_write.c	old bytes, and new cells between them
 *	source/source_check.c	old and new file, record by record
 *
 * base/ - knows nothing of contacts
 *	base/err.c		one error
 *	base/mem.c		memory, the arena
 *	base/near.c		words that are nearly others
 *	base/str.c		bounded strings
 *	base/text.c		Unicode (utf8proc)
 *	base/clock.c		time and dates
 *	base/file.c		reading, and whether a file changed
 *	base/file_writer.c	replacing a file
 *	base/file_backup.c	the last versions of it
 *	base/file_lock.c	one writer
 *	base/file_path.c	names and private directories
 *	base/file_watch.c	being told that a file changed
 *	base/worker.c		a thread that waits for a disk
 *	base/json.c		JSON (cJSON)
 *	base/json_pull.c	its grammar, token by token
 *	base/json_scan.c	that grammar before cJSON
 *	base/url.c		URLs and the gate for hosts (curl_url)
 *	base/word.h		eight bytes of a text at a time
 *	base/crypto.c		hashes, random bytes, guarded memory (libsodium)
 *	base/secret.c		where secrets come from
 *	base/secret_ask.c	one that is typed
 *	base/secret_command.c	one that a program gives
 *	base/scratch.c		a text in memory that another program works on
 *	base/secret_kept.c	one that is remembered, or kept
 *	base/spawn.c		other programs
 *	base/httpd.c		serving HTTP (libmicrohttpd)
 *	base/log.c		the log, without personal data
 */
/* clang-format on */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/secret.h"
#include "command/command.h"

/*
 * Started with stdout closed, what is printed would go into the next file that
 * is opened. Each gets a descriptor that cannot do what it is for, so that
 * printing fails as it should.
 */
static bool
fill_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null",
			fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return false;
	return true;
}

int
main(int argc, char **argv)
{
	/* Before anything is created: nothing of ours is for others. */
	umask(077);
	if (!fill_standard_descriptors())
		return 71;
	secret_harden_process();
	/* A reader that has gone, a file that may not grow: errors of the
	 * write, not our end. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	setlocale(LC_ALL, "");
	if (!crypto_init()) {
		fputs("belay: the system gives no random numbers\n", stderr);
		return 71;
	}
	return command_main(argc, argv);
}
