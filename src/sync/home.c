/* SPDX-License-Identifier: MIT */
/*
 * Where a book's state is: in the file's own directory, or in that of the older
 * export it continues. Moving opens the new home, lock and all, before the old
 * one is let go: on any failure nothing has changed.
 */
#include "sync/sync_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/defence.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "partner/partner.h"
#include "sync/audit.h"
#include "sync/contact_look.h"
#include "sync/elsewhere.h"
#include "sync/people.h"
#include "sync/repair.h"
#include "sync/run.h"
#include "sync/writeback.h"

/* ---- opening -------------------------------------------------------- */

static bool
take_lock(struct sync *sync, struct home *home, struct err *err)
{
	const char *file = file_name(source_path(book_source(sync->book)));
	char *path;

	if (sync->read_only)
		return true;
	if (!file_make_private_dir(home->directory, err))
		return false;
	if (!DEFENDED(LOCK))
		return true;
	path = file_join(home->directory, "lock");
	home->lock = file_lock_take(path, file, err);
	free(path);
	return home->lock != NULL;
}

void
home_release(struct home *home)
{
	writeback_free(home->writeback);
	board_free(home->board);
	people_free(home->people);
	ledger_free(home->ledger);
	file_lock_release(home->lock);
	free(home->directory);
	*home = (struct home){0};
}

/* What opening it for sending would mark as rebuilt. */
static bool
is_behind(const struct sync *sync, const struct home *home)
{
	const char *name = config_environment_word(sync->environment);
	char *path = ledger_path(home->directory, name);
	bool gone = access(path, F_OK) != 0;

	free(path);
	return sync->read_only &&
	       ((gone && shelf_had_ledger(home->directory, name)) ||
		   ledger_number(home->ledger, LEDGER_GENERATION) <
		       shelf_generation(home->directory, name));
}

/* What looks at the book row by row. */
static void
watch_book(struct sync *sync, struct home *home)
{
	home->behind = is_behind(sync, home);
	home->people = people_new(
	    sync->book, home->ledger, sync->clock, sync->read_only);
	home->board = board_new(sync->book, home->ledger, home->people,
	    elsewhere_new(home->directory, sync->environment));
	home->writeback = writeback_new(
	    sync->book, home->ledger, sync->clock, sync->backups);
}

/* Whether it is looked for signs that the ledger has lost something. Without
 * synced writes they would tell of the power cut. */
static bool
minds_signs(const struct sync *sync)
{
	return !sync->read_only && DEFENDED(SIGNS) && DEFENDED(SYNCED);
}

/* Of the environment; NULL with the error. */
static struct ledger *
open_ledger(const struct sync *sync, const char *directory,
    enum service_environment environment, struct err *err)
{
	const char *name = config_environment_word(environment);
	struct ledger *ledger;

	if (!sync->read_only && !repair_finish(directory, name, err))
		return NULL;
	ledger = ledger_open(directory, name, sync->read_only,
	    minds_signs(sync) && shelf_had_ledger(directory, name), err);
	if (!ledger || sync->read_only)
		return ledger;
	/* an older copy may have been put back */
	if (minds_signs(sync) && ledger_number(ledger, LEDGER_GENERATION) <
				     shelf_generation(directory, name))
		ledger_mark_rebuilt(ledger, sync->opened_ms);
	if (ledger_commit(ledger, err))
		return ledger;
	ledger_free(ledger);
	return NULL;
}

/*
 * Takes the directory over; on failure everything is released. Until now
 * another process may have sent: what it sent last must have landed before
 * anybody is created, however long this one has looked on.
 */
static bool
open_home(
    struct sync *sync, char *directory, struct home *home, struct err *err)
{
	*home = (struct home){.directory = directory};
	if (take_lock(sync, home, err)) {
		sync->opened_ms = clock_monotonic(sync->clock);
		home->ledger = open_ledger(
		    sync, directory, sync->environment, err);
	}
	if (!home->ledger) {
		home_release(home);
		return false;
	}
	watch_book(sync, home);
	return true;
}

/* Another belay may decide where the file belongs before we have the lock. */
static bool
open_where_it_belongs(struct sync *sync, struct home *home, struct err *err)
{
	for (;;) {
		char *again;
		bool same;

		if (!open_home(sync, shelf_home(sync->own), home, err))
			return false;
		again = shelf_home(sync->own);
		same = strcmp(again, home->directory) == 0;
		free(again);
		if (same)
			return true;
		home_release(home);
	}
}

bool
home_open_first(struct sync *sync, struct err *err)
{
	return open_where_it_belongs(sync, &sync->home, err);
}

/* The network first, so that no answer comes to what is taken down. */
void
home_end_run(struct sync *sync)
{
	struct err err = ERR_INIT;

	if (sync->run)
		run_progress(sync->run, &sync->last);
	run_free(sync->run);
	sync->run = NULL;
	if (sync->home.people)
		people_refresh(sync->home.people);
	if (sync->home.ledger)
		ledger_commit(sync->home.ledger, &err);
}

/* ---- where the file belongs ------------------------------------------- */

static bool
continues(const struct sync *sync)
{
	return strcmp(sync->own, sync->home.directory) != 0;
}

/* Whether any environment has contacts in the file's own directory. */
static bool
has_history(const struct sync *sync)
{
	uint32_t contacts;

	for (unsigned i = 0; i < SERVICE_ENVIRONMENTS; i++) {
		ledger_known(sync->own,
		    config_environment_word((enum service_environment)i), NULL,
		    0, &contacts);
		if (contacts > 0)
			return true;
	}
	return false;
}

/* Names without their directories, unless only these tell them apart. */
static void
tell_older(const struct sync *sync, char *sentence, size_t size)
{
	const struct shelf_older *older = &sync->older;
	const char *file = file_name(source_path(book_source(sync->book)));
	const char *before = file_name(older->path);
	uint32_t count = book_count(sync->book);
	struct str out;

	if (strcmp(file, before) == 0)
		before = older->path;
	str_init(&out, size - 1);
	str_addf(&out, "%s looks like a newer export of %s: ",
	    strcmp(file, "-") == 0 ? "standard input" : file,
	    strcmp(before, "-") == 0 ? "an earlier standard input" : before);
	if (older->sampled == 0)
		str_add(&out, "the same columns, and a name like it");
	else if (older->sampled == count)
		str_addf(
		    &out, "%u of %u contacts are known", older->known, count);
	else
		str_addf(&out, "of %u contacts looked at, %u are known",
		    older->sampled, older->known);
	if (config_is_anothers(sync->config, older->path))
		str_add(&out, "; that one is the list of another profile");
	str_copy(sentence, size, out.data);
	str_release(&out);
}

bool
sync_find_older(struct sync *sync, struct sync_older *out)
{
	shelf_older_release(&sync->older);
	if (!book_loaded(sync->book) || book_count(sync->book) == 0 ||
	    continues(sync) || shelf_is_separate(sync->own) ||
	    has_history(sync) ||
	    !shelf_find_older(sync->own, sync->book, &sync->older))
		return false;
	out->anothers = config_is_anothers(sync->config, sync->older.path);
	if (out->anothers &&
	    config_is_own(sync->config, source_path(book_source(sync->book))))
		return false;
	out->path = sync->older.path;
	out->known = sync->older.known;
	out->sampled = sync->older.sampled;
	tell_older(sync, out->sentence, sizeof(out->sentence));
	return true;
}

static void
use_home(struct sync *sync, const struct home *home)
{
	home_end_run(sync);
	home_release(&sync->home);
	/* what they were recognised by was the other ledger */
	book_detach_ids(sync->book);
	sync->home = *home;
	if (sync->audit)
		audit_follow(sync->audit, home->directory);
	sync->described = false;
}

/* Durable before it takes effect; a sync opened for looking only forgets. */
static bool
move_to(struct sync *sync, char *directory, struct err *err)
{
	bool own = strcmp(directory, sync->own) == 0;
	struct home home;

	if (sync->run && run_going_on(sync->run)) {
		free(directory);
		return err_set(err, ERR_USAGE,
		    "something is being sent: this can be decided after it");
	}
	if (strcmp(directory, sync->home.directory) == 0) {
		free(directory);
		return sync->read_only ||
		       shelf_decide(sync->own, sync->book, NULL, err);
	}
	if (!open_home(sync, directory, &home, err))
		return false;
	if (!sync->read_only && !shelf_decide(sync->own, sync->book,
				    own ? NULL : home.directory, err)) {
		home_release(&home);
		return false;
	}
	use_home(sync, &home);
	return true;
}

bool
sync_take_over(struct sync *sync, struct err *err)
{
	struct home home;

	sync->read_only = false;
	if (!open_where_it_belongs(sync, &home, err)) {
		sync->read_only = true;
		return false;
	}
	use_home(sync, &home);
	return true;
}

bool
sync_continue(struct sync *sync, const char *older, struct err *err)
{
	char *own, *home;

	if (!older) {
		assert(sync->older.directory); /* sync_find_older() said so */
		return move_to(sync, mem_strdup(sync->older.directory), err);
	}
	own = shelf_own_of_path(sync->state_dir, older);
	home = shelf_home(own);
	free(own);
	if (strcmp(home, sync->home.directory) == 0) {
		free(home);
		return true;
	}
	if (shelf_has(home) && !has_history(sync))
		return move_to(sync, home, err);
	if (shelf_has(home))
		err_set(err, ERR_USAGE,
		    "%s has links and history of its own already, so it "
		    "cannot take those of %s",
		    file_name(source_path(book_source(sync->book))), older);
	else
		err_set(err, ERR_USAGE,
		    "belay has no history of %s: --continues names the older "
		    "export, by the path it had when belay opened it",
		    older);
	free(home);
	return false;
}

bool
sync_separate(struct sync *sync, struct err *err)
{
	return move_to(sync, mem_strdup(sync->own), err);
}

/* What did not get into the file yet is put into its next reading. */
static void
put_pending(struct sync *sync, char *const *ids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t row = book_find(sync->book, ids[i]);

		if (row == RECORDS_NONE ||
		    !ledger_load(sync->home.ledger, ids[i], &sync->entry))
			continue;
		board_look(sync->home.board, row, NULL, &sync->row);
		if (!sync->row.keeps_cell)
			writeback_put(sync->home.writeback, row, &sync->entry,
			    sync->row.file_id);
	}
}

bool
sync_use_book(struct sync *sync, struct book *book, struct err *err)
{
	size_t count;
	char **ids;

	if ((sync->run && run_going_on(sync->run)) ||
	    writeback_saving(sync->home.writeback))
		return err_set(
		    err, ERR_USAGE, "what is being sent is finished first");
	contact_look_outdate(sync->look);
	review_forget_decided(sync);
	home_end_run(sync);
	ids = writeback_pending(sync->home.writeback, &count);
	writeback_free(sync->home.writeback);
	board_free(sync->home.board);
	people_free(sync->home.people);
	sync->book = book;
	watch_book(sync, &sync->home);
	put_pending(sync, ids, count);
	for (size_t i = 0; i < count; i++)
		free(ids[i]);
	free(ids);
	sync->described = false;
	return true;
}

/* In the same directory, under the same lock. */
static bool
change_ledger(struct sync *sync, struct err *err)
{
	enum service_environment environment = sync->config->environment;
	struct home *home = &sync->home;
	struct ledger *ledger = open_ledger(
	    sync, home->directory, environment, err);

	if (!ledger)
		return false;
	writeback_free(home->writeback);
	board_free(home->board);
	people_free(home->people);
	ledger_free(home->ledger);
	/* what is not in the file yet stays in the ledger that it came from */
	book_forget_results(sync->book);
	book_detach_ids(sync->book);
	home->ledger = ledger;
	sync->environment = environment;
	watch_book(sync, home);
	sync->described = false;
	return true;
}

bool
sync_use_config(struct sync *sync, struct err *err)
{
	if ((sync->run && run_going_on(sync->run)) ||
	    writeback_saving(sync->home.writeback))
		return err_set(
		    err, ERR_USAGE, "what is being sent is finished first");
	sync_login_end(sync);
	partner_free(sync->partner);
	sync->partner = NULL;
	contact_look_free(sync->look);
	sync->look = NULL;
	review_forget_decided(sync); /* they may be of another ledger */
	home_end_run(sync);
	audit_follow(sync->audit, sync->home.directory);
	if (sync->environment != sync->config->environment)
		return change_ledger(sync, err);
	sync_restart(sync);
	return true;
}

bool
home_has_strangers(const struct sync *sync)
{
	return board_strange(sync->home.board) >
	       ledger_number(sync->home.ledger, LEDGER_STRANGE);
}

bool
home_is_rebuilt(const struct sync *sync)
{
	return ledger_rebuilt(sync->home.ledger) || sync->home.behind ||
	       home_has_strangers(sync);
}

/*
 * Before anything is sent: does the file know of contacts that the ledger does
 * not, more than at the last time? Then the ledger is older than the file, or
 * somebody else syncs the same contacts. And the card hears of this sync, so
 * that a copy of the ledger as it is now is known to be one.
 */
bool
home_begin_sync(struct sync *sync, struct err *err)
{
	struct ledger *ledger = sync->home.ledger;
	const char *name = config_environment_word(sync->environment);
	int64_t strange = board_strange(sync->home.board);
	int64_t mine = ledger_number(ledger, LEDGER_GENERATION);
	int64_t cards = shelf_generation(sync->home.directory, name);
	int64_t next = (mine > cards ? mine : cards) + 1;

	sync->stranger = minds_signs(sync) && home_has_strangers(sync);
	if (sync->stranger)
		ledger_mark_rebuilt(ledger, sync->opened_ms);
	ledger_put_number(ledger, LEDGER_STRANGE, strange);
	ledger_put_number(ledger, LEDGER_GENERATION, next);
	return ledger_commit(ledger, err) &&
	       shelf_set_generation(sync->home.directory, name, next, err);
}

void
home_describe(struct sync *sync)
{
	struct err ignored = ERR_INIT;

	if (sync->described || sync->read_only || !book_loaded(sync->book))
		return;
	sync->described = true;
	shelf_describe(sync->home.directory, sync->book,
	    clock_wall(sync->clock), &ignored);
}
