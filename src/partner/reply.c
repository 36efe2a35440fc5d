/* SPDX-License-Identifier: MIT */
/*
 * What an answer means: first the transport, then the status, then the body.
 *
 * The dangerous mistakes, and what stands against them:
 * - a lost create taken for a failed one (a second create follows): without a
 *   readable ID a create's 2xx is UNKNOWN, as are 408, 5xx and every break
 *   after the first byte of the body;
 * - "could not look" taken for "not there" (a create follows): a search says
 *   NONE only for an explicit null, a plain empty answer, or one of the codes
 *   that mean so; whatever is unclear is an error.
 */
#include "partner/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/url.h"
#include "partner/refusal.h"

const char *
reply_kind_word(enum reply_kind kind)
{
	static const char *const words[REPLY_KIND_COUNT] = {
	    [REPLY_ACCEPTED] = "accepted",
	    [REPLY_FOUND] = "found",
	    [REPLY_NONE] = "none",
	    [REPLY_REFUSED] = "refused",
	    [REPLY_UNPROCESSABLE] = "unprocessable",
	    [REPLY_GONE] = "gone",
	    [REPLY_UNAUTHORISED] = "unauthorised",
	    [REPLY_FORBIDDEN] = "forbidden",
	    [REPLY_AGAIN] = "again",
	    [REPLY_SLOW_DOWN] = "slow-down",
	    [REPLY_NOT_SENT] = "not-sent",
	    [REPLY_RETRY] = "retry",
	    [REPLY_UNKNOWN] = "unknown",
	};

	return words[kind];
}

/* ---- the contact -------------------------------------------------------- */

bool
remote_id_valid(const char *id)
{
	size_t len = strlen(id);

	if (len == 0 || len >= sizeof(((struct remote_contact *)NULL)->id))
		return false;
	for (size_t i = 0; i < len; i++)
		if (id[i] < 0x21 || id[i] > 0x7e)
			return false;
	return strcmp(id, ".") != 0 && strcmp(id, "..") != 0;
}

/* The value of the first key that has one, cleaned; "" otherwise. */
static void
read_text(char *buffer, size_t size, const struct json *object, const char *key,
    const char *other)
{
	const char *text = json_scalar_text(json_get(object, key));

	if (!text && other)
		text = json_scalar_text(json_get(object, other));
	if (text)
		refusal_clean(buffer, size, text);
}

/* Digits up to `most`; returns how many, moving on; -1 for none. */
static int
read_number(const char **text, int most)
{
	int value = 0, digits = 0;

	while (digits < most && **text >= '0' && **text <= '9') {
		value = value * 10 + (*(*text)++ - '0');
		digits++;
	}
	return digits ? value : -1;
}

/* The four spellings of the schema, also as the start of a timestamp. */
static void
read_date(char out[16], const char *text)
{
	int parts[3];
	struct date date;
	char separator = '\0';

	for (int i = 0; i < 3; i++) {
		parts[i] = read_number(&text, 4);
		if (parts[i] < 0)
			return;
		if (i == 0)
			separator = *text;
		if (i < 2 && ((separator != '-' && separator != '/') ||
				 *text++ != separator))
			return;
	}
	if (*text && *text != 'T' && *text != ' ')
		return;
	date = parts[0] > 31 ? (struct date){parts[0], parts[1], parts[2]}
			     : (struct date){parts[2], parts[0], parts[1]};
	if (date.year >= 1000 && date_valid(&date))
		snprintf(
		    out, 16, "%04d-%02d-%02d", date.year, date.month, date.day);
}

/* In place: "1eg4-te5 mk73" -> "1EG4TE5MK73". */
static void
squeeze_medicare_number(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++)
		if (*from >= 'a' && *from <= 'z')
			*to++ = (char)(*from - 'a' + 'A');
		else if (*from != ' ' && *from != '-')
			*to++ = *from;
	*to = '\0';
}

/* In place: "+1 (916) 555-0123" -> "9165550123". */
static void
squeeze_phone(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++)
		if (*from >= '0' && *from <= '9')
			*to++ = *from;
	*to = '\0';
	if (to - text == 11 && *text == '1')
		memmove(text, text + 1, 11);
}

/* A list that is none, null too, says nothing: not that it is empty. */
static void
read_lists(struct reply *reply, const struct json *contact)
{
	for (unsigned i = 0; i < FIELD_LISTS; i++) {
		const struct json *list = json_get(
		    contact, field_table[FIELD_DRUGS + i].name);
		struct str text;

		if (!json_is_array(list))
			continue;
		str_init(&text, JSON_SIZE_MAX);
		json_print(&text, list);
		if (text.cut)
			str_release(&text);
		else
			reply->lists[i] = str_take(&text);
	}
}

/* All that a search says of the contact, for a person to look at. */
static void
read_values(struct reply *reply, const struct json *contact)
{
	char text[2048];

	for (unsigned i = 0; i < FIELD_DRUGS; i++) {
		const char *key = field_table[i].name;
		const struct json *value = json_get(contact, key);

		if (i == FIELD_PHONE && !value)
			value = json_get(contact, "phone_number");
		if (i == FIELD_BIRTH_DATE && !value)
			value = json_get(contact, "date_of_birth");
		text[0] = '\0';
		if (json_is_bool(value))
			str_copy(text, sizeof(text),
			    json_true(value) ? "true" : "false");
		else if (json_scalar_text(value))
			refusal_clean(
			    text, sizeof(text), json_scalar_text(value));
		if (*text)
			reply->values[i] = mem_strdup(text);
	}
}

void
reply_release(struct reply *reply)
{
	for (unsigned i = 0; i < FIELD_DRUGS; i++) {
		free(reply->values[i]);
		reply->values[i] = NULL;
	}
	for (unsigned i = 0; i < FIELD_LISTS; i++) {
		free(reply->lists[i]);
		reply->lists[i] = NULL;
	}
}

static void
read_contact(struct remote_contact *contact, const struct json *json)
{
	const char *id = json_scalar_text(json_get(json, "id"));
	const char *external = json_scalar_text(json_get(json, "external_id"));
	char date[64] = "";

	if (id && remote_id_valid(id))
		str_copy(contact->id, sizeof(contact->id), id);
	if (external && *external) {
		contact->has_external_id = true;
		str_copy(contact->external_id, sizeof(contact->external_id),
		    external);
	}
	read_text(contact->slug, sizeof(contact->slug), json, "slug", NULL);
	read_text(contact->first_name, sizeof(contact->first_name), json,
	    "first_name", NULL);
	read_text(contact->last_name, sizeof(contact->last_name), json,
	    "last_name", NULL);
	read_text(contact->email, sizeof(contact->email), json, "email", NULL);
	read_text(contact->phone, sizeof(contact->phone), json, "phone",
	    "phone_number");
	read_text(contact->medicare_number, sizeof(contact->medicare_number),
	    json, "medicare_number", NULL);
	read_text(date, sizeof(date), json, "birth_date", "date_of_birth");
	read_date(contact->birth_date, date);
	squeeze_medicare_number(contact->medicare_number);
	squeeze_phone(contact->phone);
}

/* ---- 2xx ---------------------------------------------------------------- */

/* An answer's parts, with or without the "data" envelope. */
struct envelope {
	const struct json *root;
	const struct json *inner;   /* "data", or the root */
	const struct json *contact; /* NULL: the key is absent */
};

static struct envelope
open_envelope(const struct json *root)
{
	struct envelope envelope = {.root = root, .inner = root};
	const struct json *data = json_get(root, "data");

	if (data && !json_get(root, "contact"))
		envelope.inner = data;
	envelope.contact = json_get(envelope.inner, "contact");
	/* a contact that stands there by itself */
	if (!envelope.contact && json_get(envelope.inner, "id") &&
	    (json_get(envelope.inner, "external_id") ||
		json_get(envelope.inner, "last_name")))
		envelope.contact = envelope.inner;
	return envelope;
}

static bool
says_partial(const struct json *object)
{
	const char *status = json_string(json_get(object, "status"));
	const struct json *flag = json_get(object, "partial_success");

	if (status && strcmp(status, "partial_success") == 0)
		return true;
	return json_true(flag) || json_count(flag) > 0 ||
	       !str_blank(json_string(flag));
}

static void
read_quote_url(struct reply *reply, const struct envelope *envelope,
    const struct url_policy *pages)
{
	const char *text = json_string(
	    json_get(envelope->inner, "redirect_url"));
	struct err err = ERR_INIT;
	struct url url;

	if (!text)
		text = json_string(json_get(envelope->root, "redirect_url"));
	if (text && url_check(text, pages, &url, &err))
		str_copy(reply->quote_url, sizeof(reply->quote_url), url.text);
}

static void
read_refusal(struct reply *reply, const struct json *json)
{
	struct refusal refusal;

	refusal_read(&refusal, json);
	str_copy(reply->code, sizeof(reply->code), refusal.code);
	str_copy(reply->field, sizeof(reply->field), refusal.field);
	str_copy(reply->message, sizeof(reply->message), refusal.message);
}

/*
 * Nothing in it that could be a contact, or a trouble, that we fail to
 * recognise.
 */
static bool
plainly_empty(const struct json *inner)
{
	if (json_is_null(inner))
		return true;
	if (!json_is_object(inner))
		return false;
	for (const struct json *member = json_first(inner); member;
	     member = json_next(member)) {
		bool container = json_is_object(member) ||
				 json_is_array(member);

		if (!json_is_null(member) &&
		    !(container && json_count(member) == 0) &&
		    strcmp(json_key(member), "redirect_url") != 0)
			return false;
	}
	return true;
}

static bool
is_any(const char *text, const char *const *words)
{
	while (*words && strcmp(text, *words) != 0)
		words++;
	return *words != NULL;
}

static bool
mentions_any(const char *text, const char *const *words)
{
	while (*words && !refusal_mentions(text, *words))
		words++;
	return *words != NULL;
}

/* It is the agent that is not known, not the contact. */
static bool
misses_agent(const struct reply *reply)
{
	return refusal_mentions(reply->message, "agent") &&
	       !refusal_mentions(reply->message, "contact");
}

/*
 * An error that means "nobody matches": by its code, or, when it has none, by
 * a sentence that can mean nothing else.
 */
static bool
means_nobody(const struct reply *reply)
{
	static const char *const codes[] = {
	    "not_found", "resource_not_found", "contact_not_found", NULL};
	static const char *const sentences[] = {"contact not found",
	    "contact was not found", "contact could not be found",
	    "no matching contact", "no contact found", "no contact match",
	    "no contact was found", NULL};
	static const char *const others[] = {"endpoint", "route", NULL};

	if (misses_agent(reply) || mentions_any(reply->message, others))
		return false;
	return *reply->code ? is_any(reply->code, codes)
			    : mentions_any(reply->message, sentences);
}

static enum reply_kind
search_result(struct reply *reply, const struct envelope *envelope)
{
	const struct json *contact = envelope->contact;

	if (*reply->contact.id)
		return REPLY_FOUND;
	if (refusal_present(envelope->root)) {
		read_refusal(reply, envelope->root);
		return means_nobody(reply) ? REPLY_NONE : REPLY_REFUSED;
	}
	if (contact && (json_is_null(contact) || (json_is_object(contact) &&
						     json_count(contact) == 0)))
		return REPLY_NONE;
	if (!contact && plainly_empty(envelope->inner))
		return REPLY_NONE;
	return REPLY_RETRY;
}

static enum reply_kind
write_result(
    struct reply *reply, const struct envelope *envelope, enum reply_kind doubt)
{
	const struct json *contact = envelope->contact;
	bool complains = refusal_present(envelope->root);

	reply->partial = says_partial(envelope->root) ||
			 says_partial(envelope->inner) ||
			 says_partial(contact) || (complains && contact);
	if (complains)
		read_refusal(reply, envelope->root);
	if (reply->partial)
		partial_read(&reply->unsaved, envelope->root, contact);
	if (*reply->contact.id)
		return REPLY_ACCEPTED;
	if (reply->verb == VERB_CREATE)
		return doubt;
	return complains && !reply->partial ? REPLY_REFUSED : REPLY_ACCEPTED;
}

static enum reply_kind
read_success(struct reply *reply, const struct transport *transport,
    const struct json *json, size_t len, enum reply_kind doubt,
    const struct url_policy *pages)
{
	struct envelope envelope;

	if (!json_is_object(json)) {
		/* No body: an update that changed nothing, or nobody found. */
		if (transport->complete && len == 0) {
			if (reply->verb == VERB_UPDATE)
				return REPLY_ACCEPTED;
			if (reply->verb == VERB_SEARCH && reply->http == 204)
				return REPLY_NONE;
		}
		return doubt;
	}
	envelope = open_envelope(json);
	if (json_is_object(envelope.contact))
		read_contact(&reply->contact, envelope.contact);
	read_quote_url(reply, &envelope, pages);
	if (reply->verb == VERB_SEARCH) {
		read_lists(reply, envelope.contact);
		read_values(reply, envelope.contact);
		return search_result(reply, &envelope);
	}
	return write_result(reply, &envelope, doubt);
}

/* ---- everything else ---------------------------------------------------- */

/* The agent is not known there: every row will be refused alike. */
static bool
blames_agent(const struct reply *reply)
{
	static const char *const codes[] = {
	    "agent_not_found", "invalid_agent", "agent_invalid", NULL};

	return is_any(reply->code, codes) ||
	       strcmp(reply->field, "agent_email") == 0 ||
	       refusal_mentions(reply->message, "agent_email") ||
	       (reply->http == 404 && misses_agent(reply));
}

static enum reply_kind
read_not_found(const struct reply *reply, bool readable)
{
	switch (reply->verb) {
	case VERB_UPDATE: return REPLY_GONE;
	case VERB_CREATE:
		/* documented as "no agent"; a bare 404 is a wrong address */
		return readable ? REPLY_FORBIDDEN : REPLY_REFUSED;
	case VERB_SEARCH: break;
	}
	return means_nobody(reply) ? REPLY_NONE : REPLY_REFUSED;
}

static enum reply_kind
read_failure(const struct reply *reply, bool complete, bool readable,
    enum reply_kind doubt)
{
	switch (reply->http) {
	case 401: return REPLY_UNAUTHORISED;
	case 403: return REPLY_FORBIDDEN;
	case 408: return doubt;
	case 429: return REPLY_SLOW_DOWN;
	default: break;
	}
	if (reply->http < 300 || reply->http >= 500)
		return doubt;
	/* cut off, the words that tell "nobody" from "bad question" are
	 * missing: asked again */
	if (!complete && reply->verb == VERB_SEARCH &&
	    (reply->http == 404 || reply->http == 422))
		return doubt;
	if (blames_agent(reply))
		return REPLY_FORBIDDEN;
	switch (reply->http) {
	case 404: return read_not_found(reply, readable);
	case 409:
	case 422:
		return reply->verb == VERB_SEARCH && means_nobody(reply)
			   ? REPLY_NONE
			   : REPLY_UNPROCESSABLE;
	case 410:
		return reply->verb == VERB_UPDATE ? REPLY_GONE : REPLY_REFUSED;
	default: return REPLY_REFUSED;
	}
}

/* No list of codes is published, so the words are what there is; of a field by
 * which nobody is known they mean something else. */
static bool
says_taken(const struct reply *reply)
{
	static const char *const words[] = {
	    "taken", "already", "duplicate", "exists", "unique", NULL};
	static const char *const fields[] = {"external_id", "medicare_number",
	    "email", "phone", "contact", "base", NULL};

	if (reply->verb != VERB_CREATE || reply->kind != REPLY_UNPROCESSABLE)
		return false;
	if (reply->http == 409)
		return true;
	return (!*reply->field || is_any(reply->field, fields)) &&
	       (mentions_any(reply->code, words) ||
		   mentions_any(reply->message, words));
}

/* Our own words where the service has none. */
static void
say_something(struct reply *reply, const struct transport *transport)
{
	bool good = reply->kind == REPLY_ACCEPTED ||
		    reply->kind == REPLY_FOUND || reply->kind == REPLY_NONE;

	if (good || *reply->message)
		return;
	if (transport->problem)
		refusal_clean(
		    reply->message, sizeof(reply->message), transport->problem);
	else if (reply->http >= 200 && reply->http < 300)
		snprintf(reply->message, sizeof(reply->message),
		    "HTTP %d with an answer that cannot be read", reply->http);
	else if (reply->http)
		snprintf(reply->message, sizeof(reply->message), "HTTP %d",
		    reply->http);
	else
		str_copy(reply->message, sizeof(reply->message), "no answer");
}

void
reply_read(struct reply *reply, enum verb verb, bool repeatable,
    const struct transport *transport, const char *body, size_t len,
    const struct url_policy *pages)
{
	bool safe = verb == VERB_SEARCH || (verb == VERB_UPDATE && repeatable);
	enum reply_kind doubt = safe ? REPLY_RETRY : REPLY_UNKNOWN;
	struct err err = ERR_INIT;
	struct json *json = NULL;

	memset(reply, 0, sizeof(*reply));
	reply->verb = verb;
	reply->retry_after_ms = transport->retry_after_ms;
	if (!transport->answered) {
		reply->kind = transport->body_started ? doubt : REPLY_NOT_SENT;
		say_something(reply, transport);
		return;
	}
	reply->http = transport->status;
	if (transport->complete && len > 0)
		json = json_parse(body, len, &err);
	if (reply->http >= 200 && reply->http < 300) {
		reply->kind = read_success(
		    reply, transport, json, len, doubt, pages);
	} else {
		read_refusal(reply, json);
		reply->kind = read_failure(
		    reply, transport->complete, json_is_object(json), doubt);
	}
	json_free(json);
	reply->taken = says_taken(reply);
	say_something(reply, transport);
}
