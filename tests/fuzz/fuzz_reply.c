/* SPDX-License-Identifier: MIT */
/*
 * Answers of the service. Two bytes choose the call and the status, the rest
 * is the body. Holds what the sync relies on, not only that nothing crashes.
 */
/* the checks are assertions, in every build */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"
#include "base/url.h"
#include "partner/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_clean(const char *text)
{
	struct str out;

	str_init(&out, 1 << 16);
	assert(!text_clean(&out, text, strlen(text)));
	str_release(&out);
}

static void
check_reply(const struct reply *reply, bool safe)
{
	bool good = reply->http >= 200 && reply->http < 300;

	assert(reply->kind >= 0 && reply->kind < REPLY_KIND_COUNT);
	assert(!*reply->contact.id || remote_id_valid(reply->contact.id));
	assert(!*reply->quote_url ||
	       str_starts(
		   reply->quote_url, "https://medicare.healthsherpa.com/") ||
	       str_starts(reply->quote_url,
		   "https://medicare-staging.healthsherpa.com/"));
	if (reply->kind == REPLY_ACCEPTED)
		assert(good && reply->verb != VERB_SEARCH);
	if (reply->kind == REPLY_ACCEPTED && reply->verb == VERB_CREATE)
		assert(*reply->contact.id);
	if (reply->kind == REPLY_FOUND)
		assert(good && *reply->contact.id);
	if (reply->kind == REPLY_FOUND || reply->kind == REPLY_NONE)
		assert(reply->verb == VERB_SEARCH);
	if (reply->kind == REPLY_UNKNOWN)
		assert(!safe);
	if (reply->kind == REPLY_RETRY)
		assert(safe);
	if (good && reply->verb == VERB_CREATE)
		assert(reply->kind == REPLY_ACCEPTED ||
		       reply->kind == REPLY_UNKNOWN);
	check_clean(reply->code);
	check_clean(reply->field);
	check_clean(reply->message);
	check_clean(reply->contact.first_name);
	check_clean(reply->contact.last_name);
	check_clean(reply->contact.medicare_number);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = {200, 201, 204, 302, 400, 401, 403, 404,
	    408, 409, 410, 413, 422, 429, 500, 503};
	static const struct url_policy pages = {.hosts = url_page_hosts};
	static struct reply reply;
	struct transport transport = {.answered = true, .retry_after_ms = -1};
	struct str out;
	enum verb verb;
	bool safe;

	if (size < 2 || size > 1 << 16)
		return 0;
	verb = (enum verb)(data[0] % 3);
	transport.body_started = data[0] & 64;
	transport.complete = !(data[0] & 128);
	transport.status = statuses[data[1] % 16];
	safe = verb == VERB_SEARCH || (verb == VERB_UPDATE && (data[1] & 64));
	reply_read(&reply, verb, safe, &transport, (const char *)data + 2,
	    size - 2, &pages);
	check_reply(&reply, safe);
	str_init(&out, 1 << 16);
	reply_explain(&out, &reply);
	assert(out.len > 0);
	check_clean(out.data);
	str_release(&out);
	for (unsigned i = 0; i < reply.unsaved.count && i < PARTIAL_ITEMS_MAX;
	     i++) {
		check_clean(reply.unsaved.items[i].name);
		check_clean(reply.unsaved.items[i].message);
	}
	reply_release(&reply);
	return 0;
}
