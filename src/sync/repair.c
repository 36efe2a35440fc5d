/* SPDX-License-Identifier: MIT */
/*
 * The old ledger is renamed, its main file first: what a crash leaves is a
 * ledger that is missing where one was, which the next opening marks as
 * rebuilt (shelf_had_ledger()).
 *
 * Hazard: without its write-ahead log a ledger is an older one, so the log
 * goes with it, and never before it.
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

static bool
set_aside(
    const char *directory, const char *name, const char *aside, struct err *err)
{
	static const char *const beside[] = {"-wal", "-shm", "-journal"};
	char *from = ledger_path(directory, name);
	char *to = ledger_path(directory, aside);
	bool good = access(to, F_OK) != 0 ||
		    file_fail(err, ERR_CREATE, "make", to,
			"there is such a file already; try again");

	good = good && move_file(from, to, "", err);
	for (size_t i = 0; good && i < sizeof(beside) / sizeof(beside[0]); i++)
		good = move_file(from, to, beside[i], err);
	free(from);
	free(to);
	return good;
}

/* ---- the new one ------------------------------------------------------ */

struct rebuilding {
	struct book *book;
	struct ledger *ledger;
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

/* A new ledger: with what `old` has, if it is not NULL, and what the file has.
 */
static bool
rebuild(const char *directory, bool lost, struct ledger *old, struct book *book,
    struct repaired *out, struct err *err)
{
	struct rebuilding *rebuilding = mem_zalloc(sizeof(*rebuilding));
	bool good;

	*rebuilding = (struct rebuilding){.book = book, .out = out};
	rebuilding->ledger = ledger_open(
	    directory, name_of(book), false, lost, err);
	good = rebuilding->ledger != NULL;
	if (good && old)
		take_over(rebuilding, old);
	if (good) {
		link_by_file(rebuilding);
		good = ledger_commit(rebuilding->ledger, err);
	}
	ledger_free(rebuilding->ledger);
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

static bool
repair(const char *home, struct book *book, const struct clock *clock,
    struct repaired *out, struct err *err)
{
	struct ledger_sight sight = {0};
	struct err ignored = ERR_INIT;
	struct ledger *old = NULL;
	char aside[128], *path;
	bool good;

	switch (look(home, name_of(book), &sight)) {
	case LEDGER_NONE_YET:
	case LEDGER_SOUND:
	case LEDGER_REBUILT: return true;
	case LEDGER_UNREADABLE: return err_set(err, ERR_IO, "%s", sight.why);
	case LEDGER_OLDER:
		out->needed = true;
		return mark(home, name_of(book), clock, err);
	case LEDGER_LOST: break;
	case LEDGER_DAMAGED:
	case LEDGER_NEWER:
		aside_name(
		    aside, sizeof(aside), name_of(book), clock_wall(clock));
		if (!set_aside(home, name_of(book), aside, err))
			return false;
		path = ledger_path(home, aside);
		str_copy(out->aside, sizeof(out->aside), path);
		free(path);
		old = ledger_open(home, aside, true, false, &ignored);
		break;
	}
	out->needed = true;
	out->readable = old != NULL;
	good = rebuild(home, true, old, book, out, err);
	ledger_free(old);
	return good;
}

bool
repair_begin(const char *state_dir, struct book *book, struct err *err)
{
	char *home = home_of(state_dir, book);
	struct repaired ignored = {0};
	bool good = rebuild(home, false, NULL, book, &ignored, err);

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
