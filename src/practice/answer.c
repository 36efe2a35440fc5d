/* SPDX-License-Identifier: MIT */
/* Builds reply bodies; every open point of their shape is a switch. */
#include "practice/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "practice/lists.h"
#include "practice/store.h"
#include "practice/switches.h"
#include "practice/validate.h"

#define TYPE_JSON "application/json; charset=utf-8"
#define TYPE_HTML "text/html; charset=utf-8"

void
answer_init(struct answer *answer)
{
	*answer = (struct answer){.status = 0};
	str_init(&answer->body, ANSWER_BODY_MAX);
}

void
answer_release(struct answer *answer)
{
	str_release(&answer->body);
	free(answer->external_id);
	answer->external_id = NULL;
	free(answer->agent);
	answer->agent = NULL;
}

void
answer_start(struct answer *answer, int status, const char *type)
{
	answer->status = status;
	answer->type = type;
	str_reset(&answer->body);
}

void
answer_json(struct answer *answer, int status, struct json *root)
{
	answer_start(answer, status, TYPE_JSON);
	json_print(&answer->body, root);
	json_free(root);
}

void
answer_agent(struct answer *answer, const char *email)
{
	free(answer->agent);
	answer->agent = mem_strdup(email);
}

void
answer_oauth_error(struct answer *answer, int status, const char *error,
    const char *description)
{
	struct json *root = json_object();

	json_add_string(root, "error", error);
	json_add_string(root, "error_description", description);
	answer_json(answer, status, root);
}

void
answer_bearer_error(struct answer *answer, int status, const char *error,
    const char *description)
{
	answer_oauth_error(answer, status, error, description);
	snprintf(answer->challenge, sizeof(answer->challenge),
	    "Bearer realm=\"practice\", error=\"%s\", "
	    "error_description=\"%s\"",
	    error, description);
}

/* "birth_date must be a valid date"; without a field the message alone. */
static void
add_sentence(struct str *out, const char *field, const char *message)
{
	if (out->len)
		str_add(out, ", ");
	if (field) {
		str_add(out, field);
		str_add_char(out, ' ');
	}
	str_add(out, message);
}

static struct json *
field_errors(const struct validate_result *result)
{
	struct json *errors = json_object();

	for (size_t i = 0; i < result->count; i++) {
		const struct validate_problem *problem = &result->problems[i];
		struct json *list;

		if (json_get(errors, problem->field))
			continue;
		list = json_array();
		json_append_string(list, problem->message);
		json_add(errors, problem->field, list);
	}
	return errors;
}

static void
put_error(struct answer *answer, const struct switches *switches, int status,
    const char *code, const char *sentence, struct json *by_field)
{
	struct json *root = json_object(), *error;
	int shape = switches->choice[SWITCH_ERROR_SHAPE];

	if (shape == ERROR_SHAPE_STRING) {
		json_add_string(root, "error", code);
		json_add_string(root, "error_description", sentence);
	} else if (shape == ERROR_SHAPE_MESSAGE) {
		json_add_string(root, "message", sentence);
	} else if (shape == ERROR_SHAPE_ERRORS && by_field) {
		json_add(root, "errors", by_field);
		by_field = NULL;
	} else {
		error = json_object();
		json_add_string(error, "code", code);
		json_add_string(error, "message", sentence);
		json_add(root, "error", error);
	}
	json_free(by_field);
	answer_json(answer, status, root);
}

void
answer_error(struct answer *answer, const struct switches *switches, int status,
    const char *code, const char *field, const char *message)
{
	struct validate_result result = {.count = 1};
	struct str sentence;

	str_init(&sentence, 1024);
	add_sentence(&sentence, field, message);
	result.problems[0] = (struct validate_problem){field, message, status};
	put_error(answer, switches, status, code, sentence.data,
	    field ? field_errors(&result) : NULL);
	str_release(&sentence);
}

void
answer_problems(struct answer *answer, const struct switches *switches,
    const struct validate_result *result)
{
	struct str sentence;
	int status = validate_status(result);

	str_init(&sentence, 4096);
	for (size_t i = 0; i < result->count; i++)
		add_sentence(&sentence, result->problems[i].field,
		    result->problems[i].message);
	put_error(answer, switches, status,
	    status == 400 ? "validation_error" : "unprocessable_entity",
	    sentence.data, field_errors(result));
	str_release(&sentence);
}

static void
add_value(struct json *object, const struct store_contact *contact,
    enum service_field field, bool iso_dates)
{
	const char *name = validate_fields[field].name;
	const char *value = contact->values[field];
	char iso[11];

	if (!value)
		return;
	if (contact->booleans & (1u << field))
		json_add_bool(object, name, strcmp(value, "true") == 0);
	else if (iso_dates &&
		 validate_fields[field].kind == SERVICE_KIND_DATE &&
		 validate_date(value, iso))
		json_add_string(object, name, iso);
	else
		json_add_string(object, name, value);
}

/* Notes are not part of an answer: the documented sample has none. */
static struct json *
contact_json(const struct store_contact *contact,
    const struct switches *switches, bool with_id)
{
	struct json *object = json_object();
	bool iso = switches->choice[SWITCH_DATES] == DATES_ISO;

	if (with_id)
		json_add_string(object, "id", contact->id);
	json_add_string(object, "slug", contact->slug);
	if (!contact->values[SERVICE_EXTERNAL_ID])
		json_add_null(object, "external_id");
	for (int field = 0; field < SERVICE_FIELDS; field++)
		add_value(object, contact, (enum service_field)field, iso);
	return object;
}

/* What a script puts there, in the shape of lists_take(). */
static struct json *
made_up_errors(void)
{
	struct json *errors = json_object(), *list = json_array();
	struct json *item = json_object();

	json_add_integer(item, "index", 0);
	json_add_string(item, "message", "could not be saved");
	json_append(list, item);
	json_add(errors, "drugs", list);
	return errors;
}

static void
add_partial(struct json *root, struct json *data, struct json *contact,
    int place, const struct json *errors)
{
	struct json *at = place == PARTIAL_TOP       ? root
			  : place == PARTIAL_CONTACT ? contact
						     : data;

	json_add_string(at, "status", "partial_success");
	if (place != PARTIAL_BARE)
		json_add(at, "errors",
		    errors ? json_copy(errors) : made_up_errors());
}

void
answer_contact(struct answer *answer, const struct switches *switches,
    const struct answer_style *style, int status,
    const struct store_contact *contact)
{
	bool bare = switches->choice[SWITCH_ENVELOPE] == ENVELOPE_BARE;
	struct json *root = json_object();
	struct json *data = bare ? root : json_object();
	struct json *object = contact_json(contact, switches, !style->no_id);
	struct str url;

	str_init(&url, 2048);
	str_addf(&url, "%s/quote/%s", style->base_url, contact->slug);
	if (style->lists)
		lists_add(object, contact);
	if (style->partial || style->errors)
		add_partial(root, data, object,
		    switches->choice[SWITCH_PARTIAL], style->errors);
	json_add(data, "contact", object);
	json_add_string(data, "redirect_url", url.data);
	if (!bare)
		json_add(root, "data", data);
	str_release(&url);
	memcpy(answer->id, contact->id, sizeof(answer->id));
	answer_json(answer, status, root);
}

void
answer_nobody(
    struct answer *answer, const struct switches *switches, bool nulls)
{
	bool bare = switches->choice[SWITCH_ENVELOPE] == ENVELOPE_BARE;
	struct json *root = json_object();
	struct json *data = bare ? root : json_object();

	if (nulls) {
		json_add_null(data, "contact");
		json_add_null(data, "redirect_url");
	}
	if (!bare)
		json_add(root, "data", data);
	answer_json(answer, 200, root);
}

void
answer_gateway(struct answer *answer, int status)
{
	answer_start(answer, status, TYPE_HTML);
	str_addf(&answer->body,
	    "<html>\r\n<head><title>%d</title></head>\r\n<body>\r\n"
	    "<center><h1>%d</h1></center>\r\n<hr><center>nginx</center>\r\n"
	    "</body>\r\n</html>\r\n",
	    status, status);
}
