/* SPDX-License-Identifier: MIT */
/*
 * Each round sorts both sides by one hash and looks at the groups with the
 * same one: by the HealthSherpa ID, by everything, by each way, by the name; at
 * last those left over whom some hash still connects are told to be many.
 *
 * Hazard: within a group all pairs are counted before any is taken, so that
 * the order of rows decides nothing.
 */
#include "sync/recognise.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	ROUND_FILE_ID,
	ROUND_WHOLE,
	ROUND_WAYS,
	ROUND_NAME = ROUND_WAYS + PERSON_WAYS,
	ROUND_DOUBT
};

/* A group with more pairs than this is not looked through: it tells nobody
 * apart. */
enum { PAIRS_MAX = 4096 };

struct member {
	uint64_t hash;
	uint32_t index;
	bool stranger;
};

struct game {
	unsigned round;
	struct known *known;
	struct stranger *strangers;
	struct member *members;
	size_t count;
};

struct group {
	const struct member *known, *strangers;
	size_t known_count, stranger_count;
};

static int
by_hash(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->stranger != y->stranger)
		return x->stranger ? 1 : -1;
	return (x->index > y->index) - (x->index < y->index);
}

/* The hash of a round; 0: takes no part in it. */
static uint64_t
hash_of(unsigned round, const struct identity_print *print, uint64_t file_id)
{
	if (round == ROUND_FILE_ID)
		return file_id;
	if (round == ROUND_NAME)
		return print->name;
	return round == ROUND_WHOLE ? print->whole
				    : print->way[round - ROUND_WAYS];
}

static void
add_member(struct game *game, uint64_t hash, size_t index, bool stranger)
{
	if (hash)
		game->members[game->count++] = (struct member){
		    hash, (uint32_t)index, stranger};
}

/* The next group from `at` that has both sides; where it ends. */
static size_t
next_group(const struct game *game, size_t at, struct group *group)
{
	while (at < game->count) {
		const struct member *first = &game->members[at];
		size_t known = 0, strangers = 0;

		for (;
		     at < game->count && game->members[at].hash == first->hash;
		     at++)
			game->members[at].stranger ? strangers++ : known++;
		*group = (struct group){first, first + known, known, strangers};
		if (known && strangers)
			return at;
	}
	group->known_count = group->stranger_count = 0;
	return at;
}

static bool
may_be(const struct known *known, const struct stranger *stranger)
{
	uint64_t ours = known->print.way[PERSON_BY_NUMBER];
	uint64_t theirs = stranger->print.way[PERSON_BY_NUMBER];

	if (known->taken || stranger->how != RECOGNISED_NOT)
		return false;
	/* a corrected Medicare number does not make another contact of it */
	if (stranger->file_id && stranger->file_id == known->file_id)
		return true;
	/* what was never sent has nothing to move under another ID */
	if (stranger->own_id && !known->sent)
		return false;
	return !ours || !theirs || ours == theirs ||
	       (known->print.name && known->print.name == stranger->print.name);
}

/* The one of the group's known that the stranger may be; else NULL. */
static struct known *
only_known(const struct game *game, const struct group *group,
    const struct stranger *stranger)
{
	struct known *found = NULL;

	for (size_t i = 0; i < group->known_count; i++) {
		struct known *known = &game->known[group->known[i].index];

		if (!may_be(known, stranger))
			continue;
		if (found)
			return NULL;
		found = known;
	}
	return found;
}

static bool
is_only_stranger(const struct game *game, const struct group *group,
    const struct known *known)
{
	unsigned count = 0;

	for (size_t i = 0; i < group->stranger_count; i++)
		count += may_be(
		    known, &game->strangers[group->strangers[i].index]);
	return count == 1;
}

static void
take(unsigned round, const struct game *game, struct stranger *stranger)
{
	struct known *known = &game->known[stranger->known];
	bool has_way = false;

	for (unsigned i = 0; i < PERSON_WAYS; i++)
		has_way = has_way || stranger->print.way[i];
	known->taken = true;
	stranger->other_name = known->print.name != stranger->print.name;
	stranger->way = round < ROUND_WAYS    ? RECOGNISED_BY_ALL
			: round == ROUND_NAME ? RECOGNISED_BY_NAME
					      : round - ROUND_WAYS;
	if (stranger->own_id)
		stranger->how = RECOGNISED_BY_WAY;
	else if (round == ROUND_FILE_ID || !known->sent ||
		 (round == ROUND_WHOLE && has_way))
		stranger->how = RECOGNISED_SURELY;
	else
		stranger->how = RECOGNISED_BY_WAY;
}

static bool
is_large(const struct group *group)
{
	return group->known_count * group->stranger_count > PAIRS_MAX;
}

static void
pair_group(unsigned round, const struct game *game, const struct group *group)
{
	struct known *matches[PAIRS_MAX];

	/* one side may be long only when the other is short */
	if (is_large(group))
		return;
	for (size_t i = 0; i < group->stranger_count; i++) {
		const struct stranger *stranger =
		    &game->strangers[group->strangers[i].index];

		matches[i] = only_known(game, group, stranger);
		if (matches[i] && !is_only_stranger(game, group, matches[i]))
			matches[i] = NULL;
	}
	for (size_t i = 0; i < group->stranger_count; i++) {
		struct stranger *stranger =
		    &game->strangers[group->strangers[i].index];

		if (!matches[i])
			continue;
		stranger->known = (uint32_t)(matches[i] - game->known);
		take(round, game, stranger);
	}
}

/* Those who may still be one of several. */
static void
doubt_group(const struct game *game, const struct group *group)
{
	for (size_t i = 0; i < group->stranger_count; i++) {
		struct stranger *stranger =
		    &game->strangers[group->strangers[i].index];
		/* a name that so many have is nobody's */
		bool any = is_large(group) && game->round != ROUND_NAME;

		for (size_t k = 0;
		     k < group->known_count && !any && !is_large(group); k++) {
			const struct known *known =
			    &game->known[group->known[k].index];

			any = known->sent && may_be(known, stranger);
		}
		if (any && stranger->how == RECOGNISED_NOT)
			stranger->how = RECOGNISED_MANY;
	}
}

static void
gather(unsigned round, struct game *game, size_t known_count,
    size_t stranger_count)
{
	game->count = 0;
	for (size_t i = 0; i < known_count; i++)
		if (!game->known[i].taken)
			add_member(game,
			    hash_of(round, &game->known[i].print,
				game->known[i].file_id),
			    i, false);
	for (size_t i = 0; i < stranger_count; i++) {
		const struct stranger *stranger = &game->strangers[i];

		/* the ID in the file is believed before what is like it */
		if (stranger->how != RECOGNISED_NOT ||
		    (stranger->file_id && round >= ROUND_WAYS))
			continue;
		add_member(game,
		    hash_of(round, &stranger->print, stranger->file_id), i,
		    true);
	}
	qsort(game->members, game->count, sizeof(*game->members), by_hash);
}

static void
play(unsigned round, struct game *game, size_t known_count,
    size_t stranger_count, bool doubt)
{
	struct group group;

	game->round = round;
	gather(round, game, known_count, stranger_count);
	for (size_t at = 0; at < game->count;) {
		at = next_group(game, at, &group);
		if (!group.known_count)
			break;
		if (doubt)
			doubt_group(game, &group);
		else
			pair_group(round, game, &group);
	}
}

void
recognise_round(unsigned round, struct known *known, size_t known_count,
    struct stranger *strangers, size_t stranger_count)
{
	struct game game = {.known = known, .strangers = strangers};

	game.members = mem_resize(
	    NULL, known_count + stranger_count + 1, sizeof(*game.members));
	if (round < ROUND_DOUBT)
		play(round, &game, known_count, stranger_count, false);
	/* two rows with one HealthSherpa ID are nobody for sure */
	if (round == ROUND_FILE_ID)
		play(round, &game, known_count, stranger_count, true);
	for (unsigned i = ROUND_WHOLE; round == ROUND_DOUBT && i < ROUND_DOUBT;
	     i++)
		play(i, &game, known_count, stranger_count, true);
	free(game.members);
}
