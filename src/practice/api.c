/* SPDX-License-Identifier: MIT */
/*
 * A call is checked in the order in which the service is known to check: key
 * or token, body, agent, the contact's fields, then what the store says.
 */
#include "practice/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "practice/answer.h"
#include "practice/api_search.h"
#include "practice/grants.h"
#include "practice/lists.h"
#include "practice/oauth_server.h"
#include "practice/store.h"
#include "practice/switches.h"
#include "practice/validate.h"

struct route {
	enum api_route route;
	const char *method;
	const char *path;
	bool with_id; /* a further part of the path names the contact */
};

static const struct route routes[] = {
    {API_CREATE, "POST", "/v1/contacts", false},
    {API_UPDATE, "PATCH", "/v1/contacts/", true},
    {API_SEARCH, "POST", "/v1/contacts/search", false},
    {API_CREATE, "POST", "/v2/contacts", false},
    {API_UPDATE, "PATCH", "/v2/contacts/", true},
    {API_SEARCH, "POST", "/v2/contacts/search", false},
    {API_AUTHORIZE, "GET", "/oauth/authorize", false},
    {API_AUTHORIZE, "POST", "/oauth/authorize", false},
    {API_TOKEN, "POST", "/oauth/token", false},
};

static const char *const route_names[] = {
    [API_CREATE] = "create",
    [API_UPDATE] = "update",
    [API_SEARCH] = "search",
    [API_AUTHORIZE] = "authorize",
    [API_TOKEN] = "token",
    [API_NONE] = "page",
};

static bool
path_is(const struct route *route, const char *path)
{
	size_t len = strlen(route->path);

	if (!route->with_id)
		return strcmp(route->path, path) == 0;
	return strncmp(route->path, path, len) == 0 && path[len] &&
	       !strchr(path + len, '/');
}

static const struct route *
find_route(const char *method, const char *path)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(*routes); i++)
		if (strcmp(routes[i].method, method) == 0 &&
		    path_is(&routes[i], path))
			return &routes[i];
	return NULL;
}

enum api_route
api_route(const char *method, const char *path)
{
	const struct route *route = find_route(method, path);

	return route ? route->route : API_NONE;
}

const char *
api_route_name(enum api_route route)
{
	return route_names[route];
}

bool
api_takes_token(const char *path)
{
	return str_starts(path, "/v2/") || strcmp(path, "/v2") == 0;
}

bool
api_owns(const char *path)
{
	return api_takes_token(path) || str_starts(path, "/v1/") ||
	       strcmp(path, "/v1") == 0;
}

/* NULL when the path names no contact. */
static const char *
id_in_path(const struct api_call *call)
{
	const struct route *route = find_route(call->method, call->path);

	return route && route->with_id ? call->path + strlen(route->path)
				       : NULL;
}

char *
api_subject(const struct api *api, const struct api_call *call)
{
	struct err err = ERR_INIT;
	const char *id = id_in_path(call);
	struct json *root = json_parse(call->body, call->body_len, &err);
	const struct json *contact = json_get(root, "contact");
	const char *external_id = json_string(
	    json_get(contact ? contact : root, "external_id"));
	const struct store_contact *known;
	char *copy;

	if (!external_id && id) {
		known = store_by_id(api->store, id);
		external_id = known ? known->values[SERVICE_EXTERNAL_ID] : NULL;
	}
	copy = external_id ? mem_strdup(external_id) : NULL;
	json_free(root);
	return copy;
}

/* The call being answered, with what its body was found to hold. */
struct work {
	struct api *api;
	const struct api_quirks *quirks;
	enum service_api version;
	const char *agent;
	const struct json *contact;
	struct json *errors; /* of items that were not saved; NULL: none */
	struct answer *answer;
};

static void
refuse(struct work *work, int status, const char *code, const char *field,
    const char *message)
{
	answer_error(
	    work->answer, work->api->switches, status, code, field, message);
}

static const char *
text_of(const struct work *work, enum service_field field)
{
	return json_string(
	    json_get(work->contact, validate_fields[field].name));
}

/* A contact of the same agent with that value, other than `self`. */
static struct store_contact *
find_other(const struct work *work, enum service_field field,
    const struct store_contact *self)
{
	const char *value = text_of(work, field);
	struct store_contact *contact;
	uint32_t cursor = 0;

	while (value &&
	       (contact = store_with(work->api->store, field, value, &cursor)))
		if (contact != self &&
		    str_equal_fold(contact->agent, work->agent))
			return contact;
	return NULL;
}

static void
apply_field(struct store_contact *contact, enum service_field field,
    const struct json *value, const struct switches *switches)
{
	if (json_is_null(value)) {
		if (switches->choice[SWITCH_NULLS] == NULLS_CLEAR)
			store_set(contact, field, NULL, false);
	} else if (json_is_bool(value)) {
		store_set(
		    contact, field, json_true(value) ? "true" : "false", true);
	} else {
		store_set(contact, field, json_string(value), false);
	}
}

static void
apply_notes(struct store_contact *contact, const struct json *notes,
    const struct switches *switches)
{
	if (!notes || json_is_null(notes))
		return;
	if (switches->choice[SWITCH_NOTES] == NOTES_REPLACE)
		store_clear_notes(contact);
	for (const struct json *note = json_first(notes); note;
	     note = json_next(note))
		store_add_note(contact, json_string(note));
}

static void
apply(struct work *work, struct store_contact *contact)
{
	const struct switches *switches = work->api->switches;

	for (int field = 0; field < SERVICE_FIELDS; field++) {
		const struct json *value = json_get(
		    work->contact, validate_fields[field].name);

		if (value)
			apply_field(contact, (enum service_field)field, value,
			    switches);
	}
	apply_notes(contact, json_get(work->contact, "notes"), switches);
	if (work->version == SERVICE_API_2)
		work->errors = lists_take(contact, work->contact, switches);
}

/* Saves and answers; a full disk is an error of the server. */
static bool
save(struct work *work, struct store_contact *contact)
{
	struct err err = ERR_INIT;

	if (!store_save(work->api->store, contact, &err)) {
		refuse(work, 500, "internal_error", NULL, err.text);
		return false;
	}
	work->answer->committed = true;
	return true;
}

static void
answer_saved(struct work *work, int status, const struct store_contact *contact)
{
	const struct answer_style style = {.base_url = work->api->base_url,
	    .no_id = work->quirks->no_id,
	    .partial = work->quirks->partial,
	    .lists = work->version == SERVICE_API_2,
	    .errors = work->errors};

	answer_contact(
	    work->answer, work->api->switches, &style, status, contact);
}

/* True when the create ends here because of a contact that exists. */
static bool
ends_at_existing(struct work *work)
{
	const int *choice = work->api->switches->choice;
	struct store_contact *existing = find_other(
	    work, SERVICE_EXTERNAL_ID, NULL);

	if (existing && choice[SWITCH_DUPLICATE] == DUPLICATE_EXISTING) {
		answer_saved(work, 200, existing);
		return true;
	}
	if (existing && choice[SWITCH_DUPLICATE] == DUPLICATE_422) {
		refuse(work, 422, "unprocessable_entity", "external_id",
		    "has already been taken");
		return true;
	}
	if (choice[SWITCH_SAME_PERSON] == SAME_PERSON_422 &&
	    find_other(work, SERVICE_MEDICARE_NUMBER, NULL)) {
		refuse(work, 422, "unprocessable_entity", "medicare_number",
		    "has already been taken");
		return true;
	}
	return false;
}

static void
create(struct work *work)
{
	struct api *api = work->api;
	struct store_contact *contact;

	if (ends_at_existing(work))
		return;
	contact = store_new(api->store, work->agent, NULL);
	contact->visible_at = clock_wall(api->clock) +
			      api->switches->search_lag + work->quirks->lag;
	apply(work, contact);
	if (!save(work, contact)) {
		store_discard(contact);
		return;
	}
	answer_saved(work,
	    api->switches->choice[SWITCH_CREATE_STATUS] == CREATE_STATUS_200
		? 200
		: 201,
	    contact);
}

/* Whether the update would alter a value; notes that append always do. */
static bool
alters(const struct work *work, const struct store_contact *contact)
{
	for (int field = 0; field < SERVICE_FIELDS; field++) {
		const struct json *sent = json_get(
		    work->contact, validate_fields[field].name);
		const char *text = json_is_bool(sent)
				       ? json_true(sent) ? "true" : "false"
				       : json_string(sent);
		const char *has = contact->values[field];

		if (sent && (!text || !has || strcmp(text, has) != 0) &&
		    (text || has))
			return true;
	}
	if (work->version == SERVICE_API_2 &&
	    lists_differ(contact, work->contact, work->api->switches))
		return true;
	return json_count(json_get(work->contact, "notes")) > 0;
}

/* The external_id of a contact is permanent; true when the update ends. */
static bool
ends_at_external_id(
    struct work *work, const struct store_contact *contact, bool *ignored)
{
	const int *choice = work->api->switches->choice;
	const char *sent = text_of(work, SERVICE_EXTERNAL_ID);
	const char *has = contact->values[SERVICE_EXTERNAL_ID];

	*ignored = false;
	if (!sent || (has && strcmp(sent, has) == 0))
		return false;
	if (has) {
		/* of version 2 it is documented */
		*ignored = work->version == SERVICE_API_1 &&
			   choice[SWITCH_EXTERNAL_ID_CHANGE] ==
			       EXTERNAL_ID_CHANGE_IGNORED;
		if (!*ignored)
			refuse(work, 422, "unprocessable_entity", "external_id",
			    "cannot be changed once set");
		return !*ignored;
	}
	if (choice[SWITCH_DUPLICATE] == DUPLICATE_SECOND ||
	    !find_other(work, SERVICE_EXTERNAL_ID, contact))
		return false;
	refuse(work, 422, "unprocessable_entity", "external_id",
	    "has already been taken");
	return true;
}

static void
put_no_content(struct answer *answer, const struct store_contact *contact)
{
	answer_start(answer, 204, NULL);
	memcpy(answer->id, contact->id, sizeof(answer->id));
}

static void
update(struct work *work, const char *id)
{
	int status = work->api->switches->choice[SWITCH_UPDATE_STATUS];
	struct store_contact *contact = store_by_id(work->api->store, id);
	char *permanent = NULL;
	bool altered, ignored;

	if (!contact || !str_equal_fold(contact->agent, work->agent)) {
		refuse(work, 404, "not_found", NULL, "contact not found");
		return;
	}
	if (ends_at_external_id(work, contact, &ignored))
		return;
	if (ignored)
		permanent = mem_strdup(contact->values[SERVICE_EXTERNAL_ID]);
	altered = alters(work, contact);
	apply(work, contact);
	if (permanent)
		store_set(contact, SERVICE_EXTERNAL_ID, permanent, false);
	free(permanent);
	if (!save(work, contact))
		return;
	/* what was not saved has to be said */
	if (!work->errors && !work->quirks->partial &&
	    (status == UPDATE_STATUS_204 ||
		(status == UPDATE_STATUS_204_UNCHANGED && !altered)))
		put_no_content(work->answer, contact);
	else
		answer_saved(work, 200, contact);
}

static bool
key_fits(const struct api *api, const char *key)
{
	size_t len;

	if (!key || !*key)
		return false;
	if (!api->api_key)
		return true;
	len = strlen(api->api_key);
	return strlen(key) == len && crypto_equal(key, api->api_key, len);
}

/* False when the call has been refused, here and below. */
static bool
admit_key(struct work *work, const struct api_call *call)
{
	if (key_fits(work->api, call->api_key))
		return true;
	refuse(work, 401, "unauthorized", NULL,
	    "the API key is missing or not valid");
	return false;
}

static bool
admit_token(struct work *work, const struct api_call *call)
{
	static const char bearer[] = "Bearer ";
	const char *header = call->authorization;
	const struct grant *grant;

	if (!header || !str_starts(header, bearer)) {
		answer_bearer_error(work->answer, 401, "invalid_token",
		    "the access token is missing");
		return false;
	}
	grant = grants_by_access(work->api->grants, header + sizeof(bearer) - 1,
	    clock_wall(work->api->clock));
	if (!grant) {
		answer_bearer_error(work->answer, 401, "invalid_token",
		    "the access token is unknown, expired or revoked");
		return false;
	}
	answer_agent(work->answer, grant->agent);
	work->agent = grant->agent;
	if (strcmp(grant->scope, OAUTH_SCOPE) == 0)
		return true;
	answer_bearer_error(work->answer, 403, "insufficient_scope",
	    "the access token lacks the scope " OAUTH_SCOPE);
	return false;
}

/* Whether the agent, of the token or of the body, is one. */
static bool
check_agent(struct work *work, const struct json *root)
{
	const char *only = work->api->agent_email;

	if (work->version == SERVICE_API_1)
		work->agent = json_string(json_get(root, "agent_email"));
	if (!work->agent || !strchr(work->agent, '@')) {
		refuse(work, 400, "validation_error", "agent_email",
		    "is required");
		return false;
	}
	if (only && !str_equal_fold(work->agent, only)) {
		refuse(work, 404, "not_found", NULL,
		    work->version == SERVICE_API_1
			? "no agent with this agent_email"
			: "no agent for the authenticated user");
		return false;
	}
	return true;
}

static void
write_contact(struct work *work, const char *id)
{
	struct validate_result result;

	if (!json_is_object(work->contact)) {
		refuse(work, 400, "validation_error", "contact", "is required");
		return;
	}
	validate_contact(work->contact, id == NULL, work->version,
	    work->api->switches, &result);
	if (result.count)
		answer_problems(work->answer, work->api->switches, &result);
	else if (id)
		update(work, id);
	else
		create(work);
}

/* What stands inside `key`, or flat in the body, as the switch has it. */
static const struct json *
unwrap(const struct json *root, const char *key, bool flat, bool both)
{
	const struct json *inside = json_get(root, key);

	return flat || (both && !inside) ? root : inside;
}

static void
answer_body(
    struct work *work, const struct api_call *call, const struct json *root)
{
	const int *choice = work->api->switches->choice;
	int body = work->version == SERVICE_API_2 ? choice[SWITCH_V2_BODY]
						  : V2_BODY_WRAPPED;
	int envelope = choice[SWITCH_SEARCH_ENVELOPE];

	if (!check_agent(work, root))
		return;
	if (api_route(call->method, call->path) == API_SEARCH) {
		api_search(work->api, work->agent,
		    unwrap(root, "params", envelope == SEARCH_ENVELOPE_FLAT,
			envelope == SEARCH_ENVELOPE_BOTH),
		    work->version, work->quirks, work->answer);
		return;
	}
	work->contact = unwrap(
	    root, "contact", body == V2_BODY_FLAT, body == V2_BODY_BOTH);
	write_contact(work, id_in_path(call));
}

void
api_answer(struct api *api, const struct api_call *call,
    const struct api_quirks *quirks, struct answer *answer)
{
	struct work work = {.api = api, .quirks = quirks, .answer = answer};
	struct err err = ERR_INIT;
	struct json *root;

	work.version = api_takes_token(call->path) ? SERVICE_API_2
						   : SERVICE_API_1;
	if (!(work.version == SERVICE_API_2 ? admit_token : admit_key)(
		&work, call))
		return;
	if (api_route(call->method, call->path) == API_NONE) {
		refuse(&work, 404, "not_found", NULL, "no such endpoint");
		return;
	}
	root = json_parse(call->body, call->body_len, &err);
	if (!json_is_object(root) || !call->content_type ||
	    !str_starts(call->content_type, "application/json"))
		refuse(&work, 400, "bad_request", NULL,
		    "the body must be a JSON object");
	else
		answer_body(&work, call, root);
	json_free(work.errors);
	json_free(root);
}
