/* SPDX-License-Identifier: MIT */
/*
 * Two sorted lists: what test environments gave, and what production gave.
 *
 * Hazard: an ID that our own ledger has linked is ours whatever another one
 * says; the caller looks there first.
 */
#include "sync/elsewhere.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sync/ledger.h"

struct ids {
	char **id;
	size_t count, capacity;
};

struct elsewhere {
	char *directory;
	enum service_environment ours;
	bool read;
	struct ids test, production;
};

struct elsewhere *
elsewhere_new(const char *directory, enum service_environment ours)
{
	struct elsewhere *elsewhere = mem_zalloc(sizeof(*elsewhere));

	elsewhere->directory = mem_strdup(directory);
	elsewhere->ours = ours;
	return elsewhere;
}

static void
ids_release(struct ids *ids)
{
	for (size_t i = 0; i < ids->count; i++)
		free(ids->id[i]);
	free(ids->id);
}

void
elsewhere_free(struct elsewhere *elsewhere)
{
	if (!elsewhere)
		return;
	ids_release(&elsewhere->test);
	ids_release(&elsewhere->production);
	free(elsewhere->directory);
	free(elsewhere);
}

static void
take(void *context, const char *id)
{
	struct ids *ids = context;

	ids->id = mem_grow(
	    ids->id, &ids->capacity, ids->count + 1, sizeof(*ids->id));
	ids->id[ids->count++] = mem_strdup(id);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
sort(struct ids *ids)
{
	if (ids->count > 0)
		qsort(ids->id, ids->count, sizeof(*ids->id), compare);
}

static bool
has(const struct ids *ids, const char *id)
{
	return ids->count > 0 && bsearch(&id, ids->id, ids->count,
				     sizeof(*ids->id), compare) != NULL;
}

static void
read_all(struct elsewhere *elsewhere)
{
	elsewhere->read = true;
	for (unsigned i = 0; i < SERVICE_ENVIRONMENTS; i++) {
		enum service_environment each = (enum service_environment)i;

		if (each != elsewhere->ours)
			ledger_each_id(elsewhere->directory,
			    config_environment_word(each), take,
			    each == SERVICE_PRODUCTION ? &elsewhere->production
						       : &elsewhere->test);
	}
	sort(&elsewhere->test);
	sort(&elsewhere->production);
}

enum elsewhere_place
elsewhere_find(struct elsewhere *elsewhere, const char *id)
{
	if (!elsewhere->read)
		read_all(elsewhere);
	if (has(&elsewhere->production, id))
		return ELSEWHERE_STAYS;
	return has(&elsewhere->test, id) ? ELSEWHERE_GAVE : ELSEWHERE_NOT;
}
