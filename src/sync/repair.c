/* SPDX-License-Identifier: MIT */
/*
 * The new ledger is made beside the old one, NAME.rebuilding, and called
 * NAME.rebuilt once it is whole and on disk. Only then is the old one renamed,
 * and the new one put into its place. So what fails before leaves the old one
 * where it was, and what a crash leaves is the old one, or a new one that the
 * next opening or repair puts into its place (repair_finish()).
 *
 * Hazards: without its write-ahead log a ledger is an older one, so the log
 * goes with it, and never before it. And the old one's log beside a new ledger
 * would be played into that: it is gone before that comes.
 */
#include "sync/repair.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "partner/reply.h"
#include "sync/audit.h"
#include "sync/database.h"
#include "sync/elsewhere.h"
#include "sync/ledger.h"
#include "sync/shelf.h"

static const char *
name_of(const struct book *book)
{
	return config_environment_word(book_config(book)->environment);
}

/* ---- looking ---------------------------------------------------------- */

static void
count_rows(const struct ledger *ledger, struct ledger_sight *out)
{
	out->contacts = ledger_count(ledger);
	for (uint32_t i = 0; i < out->contacts; i++) {
		struct ledger_row row;

		ledger_row(ledger, i, &row);
		out->linked += row.state == STATE_LINKED;
		out->doubtful += row.state == STATE_INTENT;
		out->review += row.state == STATE_REVIEW;
	}
}

static enum ledger_health
health_of_error(const struct err *err)
{
	return database_is_damage(err)              ? LEDGER_DAMAGED
	       : strstr(err->text, "a newer belay") ? LEDGER_NEWER
						    : LEDGER_UNREADABLE;
}

static enum ledger_health
look(const char *directory, const char *name, struct ledger_sight *out)
{
	enum ledger_health health = LEDGER_SOUND;
	struct err err = ERR_INIT;
	char *path = ledger_path(directory, name);
	bool there = access(path, F_OK) == 0;
	struct ledger *ledger;

	free(path);
	if (!there)
		return shelf_had_ledger(directory, name) ? LEDGER_LOST
							 : LEDGER_NONE_YET;
	ledger = ledger_open(directory, name, true, false, &err);
	if (!ledger || !ledger_check(ledger, &err)) {
		health = health_of_error(&err);
		str_copy(out->why, sizeof(out->why), err.text);
	} else {
		count_rows(ledger, out);
		if (ledger_number(ledger, LEDGER_GENERATION) <
		    shelf_generation(directory, name))
			health = LEDGER_OLDER;
		else if (ledger_rebuilt(ledger))
			health = LEDGER_REBUILT;
	}
	ledger_free(ledger);
	return health;
}

static char *
home_of(const char *state_dir, const struct book *book)
{
	char *own = shelf_own(state_dir, book);
	char *home = shelf_home(own);

	free(own);
	return home;
}

void
repair_look(const char *state_dir, struct book *book, struct ledger_sight *out)
{
	char *home = home_of(state_dir, book);

	memset(out, 0, sizeof(*out));
	str_copy(out->directory, sizeof(out->directory), home);
	out->health = look(home, name_of(book), out);
	free(home);
}

/* ---- setting aside ---------------------------------------------------- */

static bool
move_file(const char *from, const char *to, const char *suffix, struct err *err)
{
	struct str old, new;
	bool good;

	str_init(&old, 4096);
	str_init(&new, 4096);
	str_addf(&old, "%s%s", from, suffix);
	str_addf(&new, "%s%s", to, suffix);
	good = rename(old.data, new.data) == 0 ||
	       (errno == ENOENT && *suffix) ||
	       file_fail_errno(err, ERR_IO, "set aside", old.data);
	str_release(&old);
	str_release(&new);
	return good;
}

/* "practice.aside-20261201T005200Z": a name of its own for each. */
static void
aside_name(char *out, size_t size, const char *name, int64_t wall_ms)
{
	struct str time;
	size_t len;

	str_init(&time, 64);
	clock_format_time(&time, wall_ms);
	snprintf(out, size, "%s.aside-", name);
	len = strlen(out);
	for (const char *c = time.data; *c && len + 1 < size; c++)
		if (*c != '-' && *c != ':')
			out[len++] = *c;
	out[len] = '\0';
	str_release(&time);
}

static const char *const beside[] = {"-wal", "-shm", "-journal"};
enum { BESIDE = sizeof(beside) / sizeof(beside[0]) };

/* Back where it was; what cannot be is told by the next look. */
static void
bring_back(const char *from, const char *to)
{
	struct err ignored = ERR_INIT;

	for (size_t i = BESIDE; i-- > 0;)
		move_file(to, from, beside[i], &ignored);
	move_file(to, from, "", &ignored);
}

/* All of it or, with the error, nothing. */
static bool
set_aside(const char *from, const char *to, struct err *err)
{
	if (access(to, F_OK) == 0)
		return file_fail(err, ERR_CREATE, "make", to,
		    "there is such a file already; try again");
	if (!move_file(from, to, "", err))
		return false;
	for (size_t i = 0; i < BESIDE; i++)
		if (!move_file(from, to, beside[i], err)) {
			bring_back(from, to);
			return false;
		}
	return true;
}

static bool
remove_file(const char *path, const char *suffix, struct err *err)
{
	struct str full;
	bool good;

	str_init(&full, 4096);
	str_addf(&full, "%s%s", path, suffix);
	good = unlink(full.data) == 0 || errno == ENOENT ||
	       file_fail_errno(err, ERR_IO, "remove", full.data);
	str_release(&full);
	return good;
}

static bool
remove_beside(const char *path, struct err *err)
{
	bool good = true;

	for (size_t i = 0; good && i < BESIDE; i++)
		good = remove_file(path, beside[i], err);
	return good;
}

static char *
path_of(const char *directory, const char *name, const char *what)
{
	char both[128];

	snprintf(both, sizeof(both), "%s.%s", name, what);
	return ledger_path(directory, both);
}

static bool
exists(const char *path, const char *suffix)
{
	struct str full;
	bool found;

	str_init(&full, 4096);
	str_addf(&full, "%s%s", path, suffix);
	found = access(full.data, F_OK) == 0;
	str_release(&full);
	return found;
}

static bool
put_in_place(const char *rebuilt, const char *path, struct err *err)
{
	return remove_beside(path, err) && move_file(rebuilt, path, "", err) &&
	       (file_sync_directory_of(path) ||
		   file_fail_errno(err, ERR_IO, "write", path));
}

bool
repair_finish(const char *directory, const char *name, struct err *err)
{
	char *rebuilt = path_of(directory, name, "rebuilt");
	char *path = ledger_path(directory, name);
	bool good = !exists(rebuilt, "") ||
		    (exists(path, "") ? remove_file(rebuilt, "", err)
				      : put_in_place(rebuilt, path, err));

	free(rebuilt);
	free(path);
	return good;
}

/* ---- the new one ------------------------------------------------------ */

struct rebuilding {
	struct book *book;
	struct ledger *ledger;
	struct elsewhere *elsewhere;
	struct ledger_entry entry; /* scratch */
	struct repaired *out;
};

/* What nothing else tells: what a person decided, what is in doubt, and links
 * that only the old ledger had. */
static bool
is_worth(const struct ledger_entry *entry)
{
	switch (entry->state) {
	case STATE_INTENT:
	case STATE_REVIEW: return true;
	case STATE_LINKED: return remote_id_valid(entry->healthsherpa_id);
	case STATE_REJECTED: return (entry->flags & LEDGER_NEVER) != 0;
	case STATE_NEW:
	case STATE_COUNT: break;
	}
	return false;
}

static bool
take_over(struct rebuilding *rebuilding, struct ledger *old)
{
	struct ledger_entry *entry = &rebuilding->entry;
	struct identity *people;
	size_t count;
	bool good = true;

	for (uint32_t i = 0; good && i < ledger_count(old); i++) {
		struct ledger_row row;

		ledger_row(old, i, &row);
		if (!ledger_load(old, row.external_id, entry) ||
		    !is_worth(entry))
			continue;
		good = ledger_store(rebuilding->ledger, entry);
		rebuilding->out->taken_over++;
	}
	people = ledger_identities(old, &count);
	for (size_t i = 0; good && i < count; i++)
		good = ledger_store_identity(rebuilding->ledger, &people[i]);
	free(people);
	return good;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The IDs that the file has, sorted; the caller frees the array. */
static const char **
file_ids(const struct book *book, size_t *count)
{
	const char **ids = mem_resize(
	    NULL, (size_t)book_count(book) + 1, sizeof(*ids));

	*count = 0;
	for (uint32_t row = 0; row < book_count(book); row++) {
		const char *id = book_result_id(book, row);

		if (id && remote_id_valid(id))
			ids[(*count)++] = id;
	}
	qsort(ids, *count, sizeof(*ids), compare);
	return ids;
}

/* Of two rows with one ID neither is believed. */
static bool
stands_once(const char *const *ids, size_t count, const char *id)
{
	const char *const *found = bsearch(
	    &id, ids, count, sizeof(*ids), compare);

	return found && (found == ids || strcmp(found[-1], id) != 0) &&
	       (found + 1 == ids + count || strcmp(found[1], id) != 0);
}

static bool
link_by_file(struct rebuilding *rebuilding)
{
	struct ledger_entry *entry = &rebuilding->entry;
	struct book *book = rebuilding->book;
	size_t count;
	const char **ids = file_ids(book, &count);
	bool good = true;

	for (uint32_t row = 0; good && row < book_count(book); row++) {
		const char *id = book_external_id(book, row);
		const char *file = book_result_id(book, row);

		if (!id || !file || !stands_once(ids, count, file) ||
		    elsewhere_find(rebuilding->elsewhere, file) !=
			ELSEWHERE_NOT ||
		    ledger_find(rebuilding->ledger, id) != LEDGER_NONE ||
		    ledger_find_id(rebuilding->ledger, file, LEDGER_NONE) !=
			LEDGER_NONE)
			continue;
		ledger_load(rebuilding->ledger, id, entry);
		entry->state = STATE_LINKED;
		entry->flags = LEDGER_WRITTEN_BACK | LEDGER_NOTE_ASSUMED;
		str_copy(entry->healthsherpa_id, sizeof(entry->healthsherpa_id),
		    file);
		good = ledger_store(rebuilding->ledger, entry);
		rebuilding->out->from_file++;
	}
	free(ids);
	return good;
}

/* A new ledger of that name: with what `old` has, if it is not NULL, and what
 * the file has. */
static bool
rebuild(const char *directory, const char *name, bool lost, struct ledger *old,
    struct book *book, struct repaired *out, struct err *err)
{
	struct rebuilding *rebuilding = mem_zalloc(sizeof(*rebuilding));
	bool good;

	*rebuilding = (struct rebuilding){.book = book,
	    .elsewhere = elsewhere_new(
		directory, book_config(book)->environment),
	    .out = out};
	rebuilding->ledger = ledger_open(directory, name, false, lost, err);
	good = rebuilding->ledger != NULL;
	if (good && old)
		take_over(rebuilding, old);
	if (good) {
		link_by_file(rebuilding);
		good = ledger_commit(rebuilding->ledger, err);
	}
	ledger_free(rebuilding->ledger);
	elsewhere_free(rebuilding->elsewhere);
	free(rebuilding);
	return good;
}

static void
note(const char *state_dir, const struct book *book, const char *directory,
    const struct clock *clock)
{
	struct audit *audit = audit_new(
	    state_dir, book_config(book), directory, clock);

	audit_add(audit, &(struct audit_event){.action = "ledger-rebuilt"});
	audit_free(audit);
}

/* An older copy is known by its number; opening it for writing marks it. */
static bool
mark(const char *directory, const char *name, const struct clock *clock,
    struct err *err)
{
	struct ledger *ledger = ledger_open(directory, name, false, true, err);
	bool good = ledger &&
		    (ledger_rebuilt(ledger) ||
			ledger_mark_rebuilt(ledger, clock_monotonic(clock))) &&
		    ledger_commit(ledger, err);

	ledger_free(ledger);
	return good;
}

/* Whole, in one file and on disk under its second name; `old` is read where it
 * is. On failure nothing is left of it. */
static bool
make_new(const char *home, struct book *book, bool is_there,
    struct repaired *out, struct err *err)
{
	struct err ignored = ERR_INIT;
	const char *name = name_of(book);
	char first[64];
	char *from = path_of(home, name, "rebuilding");
	char *to = path_of(home, name, "rebuilt");
	struct ledger *old =
	    is_there ? ledger_open(home, name, true, false, &ignored) : NULL;
	bool good;

	snprintf(first, sizeof(first), "%s.rebuilding", name);
	out->readable = old != NULL;
	good = remove_file(from, "", err) && remove_beside(from, err) &&
	       rebuild(home, first, true, old, book, out, err);
	ledger_free(old);
	/* closing it empties its log, if there is room */
	good = good && (!exists(from, "-wal") ||
			   file_fail(err, ERR_IO, "write", from,
			       "it could not be written whole; free some space "
			       "on the disk"));
	good = good && move_file(from, to, "", err);
	if (!good) {
		remove_file(from, "", &ignored);
		remove_beside(from, &ignored);
	}
	free(from);
	free(to);
	return good;
}

/* The new one is made: the old one goes, if it is there, and it comes. */
static bool
exchange(const char *home, const char *name, bool is_there,
    const struct clock *clock, struct repaired *out, struct err *err)
{
	struct err ignored = ERR_INIT;
	char *path = ledger_path(home, name);
	char *rebuilt = path_of(home, name, "rebuilt");
	char aside[128], *to;
	bool good;

	aside_name(aside, sizeof(aside), name, clock_wall(clock));
	to = ledger_path(home, aside);
	good = !is_there || set_aside(path, to, err);
	if (good && !put_in_place(rebuilt, path, err)) {
		good = false;
		if (is_there)
			bring_back(path, to);
	}
	if (!good)
		remove_file(rebuilt, "", &ignored);
	else if (is_there)
		str_copy(out->aside, sizeof(out->aside), to);
	free(path);
	free(rebuilt);
	free(to);
	return good;
}

/* An earlier repair was cut off before its last step. */
static bool
is_cut_off(const char *home, const char *name)
{
	char *path = ledger_path(home, name);
	char *rebuilt = path_of(home, name, "rebuilt");
	bool so = exists(rebuilt, "") && !exists(path, "");

	free(path);
	free(rebuilt);
	return so;
}

static bool
go_on(const char *home, const char *name, struct repaired *out, struct err *err)
{
	struct ledger *ledger = NULL;

	if (repair_finish(home, name, err))
		ledger = ledger_open(home, name, true, false, err);
	if (!ledger)
		return false;
	out->needed = out->readable = true;
	out->taken_over = ledger_count(ledger);
	ledger_free(ledger);
	return true;
}

static bool
repair(const char *home, struct book *book, const struct clock *clock,
    struct repaired *out, struct err *err)
{
	struct ledger_sight sight = {0};
	const char *name = name_of(book);
	enum ledger_health health = look(home, name, &sight);
	bool is_there = health == LEDGER_DAMAGED || health == LEDGER_NEWER;

	switch (health) {
	case LEDGER_NONE_YET:
	case LEDGER_SOUND:
	case LEDGER_REBUILT: return repair_finish(home, name, err);
	case LEDGER_UNREADABLE: return err_set(err, ERR_IO, "%s", sight.why);
	case LEDGER_OLDER:
		out->needed = true;
		return mark(home, name, clock, err);
	case LEDGER_LOST:
		if (is_cut_off(home, name))
			return go_on(home, name, out, err);
		break;
	case LEDGER_DAMAGED:
	case LEDGER_NEWER: break;
	}
	out->needed = true;
	return make_new(home, book, is_there, out, err) &&
	       exchange(home, name, is_there, clock, out, err);
}

bool
repair_begin(const char *state_dir, struct book *book, struct err *err)
{
	char *home = home_of(state_dir, book);
	struct repaired ignored = {0};
	bool good = rebuild(
	    home, name_of(book), false, NULL, book, &ignored, err);

	free(home);
	return good;
}

bool
repair_ledger(const char *state_dir, struct book *book,
    const struct clock *clock, struct repaired *out, struct err *err)
{
	char *home = home_of(state_dir, book);
	char *path = file_join(home, "lock");
	struct file_lock *lock;
	bool good;

	memset(out, 0, sizeof(*out));
	lock = file_make_private_dir(home, err)
		   ? file_lock_take(
			 path, file_name(source_path(book_source(book))), err)
		   : NULL;
	good = lock && repair(home, book, clock, out, err);
	if (good && out->needed)
		note(state_dir, book, home, clock);
	file_lock_release(lock);
	free(path);
	free(home);
	return good;
}
