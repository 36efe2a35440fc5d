/* SPDX-License-Identifier: MIT */
/*
 * A config against a later reading of it. Hazard: a key that is forgotten here
 * is taken over without anybody being told; a test has one of each.
 */
#include <stddef.h>
#include <string.h>

#include "base/str.h"
#include "book/config.h"
#include "book/mapping.h"

#define AT(member) offsetof(struct config, member)

static const struct {
	size_t offset;
	unsigned bits;
} texts[] = {
    {AT(contacts), CONFIG_DIFFERS_CONTACTS},
    {AT(profile), CONFIG_DIFFERS_SERVICE},
    {AT(agent_email), CONFIG_DIFFERS_SERVICE},
    {AT(api_url), CONFIG_DIFFERS_SERVICE},
    {AT(login_url), CONFIG_DIFFERS_SERVICE},
    {AT(authorize_url), CONFIG_DIFFERS_SERVICE},
    {AT(token_url), CONFIG_DIFFERS_SERVICE},
    {AT(oauth_client_id), CONFIG_DIFFERS_SERVICE},
    {AT(oauth_redirect_uri), CONFIG_DIFFERS_SERVICE},
    {AT(ca_file), CONFIG_DIFFERS_SERVICE},
    {AT(result_healthsherpa_id), CONFIG_DIFFERS_ROWS | CONFIG_DIFFERS_RESULTS},
    {AT(result_quote_url), CONFIG_DIFFERS_ROWS | CONFIG_DIFFERS_RESULTS},
    {AT(result_synced_at), CONFIG_DIFFERS_ROWS | CONFIG_DIFFERS_RESULTS},
    {AT(colors), CONFIG_DIFFERS_COLORS},
    {AT(glyphs), CONFIG_DIFFERS_COLORS},
};

static bool
same_list(char *const *a, char *const *b)
{
	if (!a || !b)
		return (!a || !*a) && (!b || !*b);
	for (; *a && *b; a++, b++)
		if (strcmp(*a, *b) != 0)
			return false;
	return *a == *b;
}

static bool
same_mapping(const struct config *a, const struct config *b)
{
	if (!a->mapping || !b->mapping)
		return a->mapping == b->mapping;
	return mapping_same(a->mapping, b->mapping);
}

static bool
same_service(const struct config *a, const struct config *b)
{
	return secret_place_same(&a->api_key, &b->api_key) &&
	       secret_place_same(
		   &a->oauth_client_secret, &b->oauth_client_secret) &&
	       same_list(a->allow_hosts, b->allow_hosts) &&
	       strcmp(a->birth_date_key, b->birth_date_key) == 0 &&
	       a->version == b->version && a->environment == b->environment &&
	       a->timeout_ms == b->timeout_ms && a->flat_body == b->flat_body &&
	       a->flat_search == b->flat_search &&
	       a->rate_count == b->rate_count && a->rate_ms == b->rate_ms &&
	       a->burst == b->burst && a->concurrency == b->concurrency &&
	       a->settle_ms == b->settle_ms &&
	       a->search_before_create == b->search_before_create &&
	       a->adopt == b->adopt && a->lists == b->lists;
}

static bool
same_filters(const struct config *a, const struct config *b)
{
	bool same = a->filter_count == b->filter_count;

	for (size_t i = 0; same && i < a->filter_count; i++)
		same = str_same(a->filters[i].name, b->filters[i].name) &&
		       str_same(a->filters[i].query, b->filters[i].query);
	return same;
}

static bool
same_rest(const struct config *a, const struct config *b)
{
	return a->after_sync == b->after_sync && a->mask == b->mask &&
	       a->linear == b->linear && a->idle_blank_ms == b->idle_blank_ms &&
	       same_filters(a, b) &&
	       config_columns_same(&a->columns, &b->columns) &&
	       config_columns_same(&a->sort, &b->sort);
}

unsigned
config_differs(const struct config *a, const struct config *b)
{
	unsigned result = 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *const *one = (const void *)((const char *)a +
							texts[i].offset);
		const char *const *other = (const void *)((const char *)b +
							  texts[i].offset);

		if (!str_same(*one, *other))
			result |= texts[i].bits;
	}
	/* without one, contacts that bring none are blocked */
	if (!a->agent_email != !b->agent_email &&
	    (config_agent_by_contact(a) || config_agent_by_contact(b)))
		result |= CONFIG_DIFFERS_ROWS;
	if (!same_mapping(a, b) || a->version != b->version ||
	    a->hold_warnings != b->hold_warnings)
		result |= CONFIG_DIFFERS_ROWS;
	if (!same_service(a, b))
		result |= CONFIG_DIFFERS_SERVICE;
	if (a->environment != b->environment)
		result |= CONFIG_DIFFERS_ENVIRONMENT;
	if (!same_list(a->key_overrides, b->key_overrides))
		result |= CONFIG_DIFFERS_KEYS;
	if (!same_list(a->style_overrides, b->style_overrides) ||
	    a->mouse != b->mouse)
		result |= CONFIG_DIFFERS_COLORS;
	if (!same_rest(a, b))
		result |= CONFIG_DIFFERS_REST;
	return result;
}

void
config_swap(struct config *a, struct config *b)
{
	struct config kept = *a;

	*a = *b;
	*b = kept;
}
