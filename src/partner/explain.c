/* SPDX-License-Identifier: MIT */
/*
 * Answers in plain words: what happened, HealthSherpa's own words where it has
 * some, and what the agent can do. Tables, so that every kind has a sentence.
 */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "book/config.h"
#include "book/field.h"
#include "partner/refusal.h"
#include "partner/reply.h"

/* What a value must look like, by the service's field. */
static const char *const field_advice[FIELD_COUNT] = {
    [FIELD_EXTERNAL_ID] =
	"the CRM's ID has 1 to 100 characters and cannot be changed",
    [FIELD_FIRST_NAME] = "a first name has 1 to 100 characters",
    [FIELD_LAST_NAME] = "a last name has 1 to 100 characters",
    [FIELD_EMAIL] = "an e-mail address looks like name@example.com",
    [FIELD_PHONE] = "a phone number must be 10 digits",
    [FIELD_BIRTH_DATE] = "a birth date is a real day, sent like 1955-01-15",
    [FIELD_SEX] = "sex must be male or female",
    [FIELD_ADDRESS_1] = "a street has 1 to 100 characters",
    [FIELD_ADDRESS_2] = "a second address line has 1 to 100 characters",
    [FIELD_CITY] = "a city has 1 to 100 characters",
    [FIELD_STATE] = "a state must be its two letters, such as CA",
    [FIELD_ZIP] = "a ZIP code must be 5 digits",
    [FIELD_TYPE] = "the type must be client or lead",
    [FIELD_MEDICARE_NUMBER] = "it has 11 letters and digits, as on the card",
    [FIELD_PART_A_DATE] = "the Part A date is sent as year-month-day",
    [FIELD_PART_B_DATE] = "the Part B date is sent as year-month-day",
    [FIELD_MEDICAID_NUMBER] = "compare the Medicaid number with the card",
    [FIELD_MEDICAID_ELIGIBLE] = "Medicaid eligible must be yes or no",
    [FIELD_EXTRA_HELP] = "extra help must be yes or no",
    [FIELD_NOTES] = "shorten the note",
    [FIELD_DRUGS] = "look at the list of drugs",
    [FIELD_PHARMACIES] = "look at the list of pharmacies",
    [FIELD_PROVIDERS] = "look at the list of providers",
};

struct words {
	const char *happened;
	const char *advice;
};

static const struct words kind_words[REPLY_KIND_COUNT] = {
    [REPLY_ACCEPTED] = {"HealthSherpa saved the contact", NULL},
    [REPLY_FOUND] = {"HealthSherpa has this contact", NULL},
    [REPLY_NONE] = {"HealthSherpa found nobody with these details", NULL},
    [REPLY_REFUSED] = {"HealthSherpa did not accept the request",
	"correct the contact and sync it again"},
    [REPLY_UNPROCESSABLE] = {"HealthSherpa did not accept the contact",
	"correct the value it names and sync the contact again"},
    [REPLY_GONE] = {"HealthSherpa does not have this contact any more, or "
		    "it belongs to another agent",
	"look for the person there, then decide in the review"},
    [REPLY_UNAUTHORISED] = {"HealthSherpa did not accept the key",
	"check that the API key is complete and is the one for this "
	"environment: staging and production have different keys"},
    [REPLY_FORBIDDEN] = {"HealthSherpa does not let this agent do that",
	"check that agent_email is exactly the e-mail of the agent's "
	"HealthSherpa login, and that the key belongs to that agency and "
	"environment (staging or production)"},
    [REPLY_SLOW_DOWN] = {"HealthSherpa asks to slow down",
	"belay goes on by itself after the pause"},
    [REPLY_NOT_SENT] = {"HealthSherpa could not be reached; nothing was sent",
	"check the network connection; belay tries again"},
    [REPLY_AGAIN] = {"the login at HealthSherpa was renewed", NULL},
    [REPLY_RETRY] = {"HealthSherpa gave no usable answer",
	"nothing is lost; try again later"},
    [REPLY_UNKNOWN] = {"the answer was lost, so it is not known whether "
		       "HealthSherpa saved the contact",
	"belay looks it up before it sends anything again"},
};

/* Who has a login has neither key nor agent_email. */
static const struct words login_refused = {
    "HealthSherpa does not take the login", CONFIG_LOG_IN_AGAIN};
static const struct words login_forbidden = {
    "HealthSherpa does not let this agent, or your agency's application, do "
    "that",
    "ask HealthSherpa whether both may use the Partner API, and check "
    "service.environment in the config (staging or production)"};
static const struct words login_no_agent = {
    "HealthSherpa knows no agent for this login",
    "log in as the agent whose contacts these are; whether that login is an "
    "agent's, HealthSherpa can tell"};

/* Of a code alone, which may be of either version. */
static const struct words refused_code = {
    "HealthSherpa did not accept the key (v1), or does not take the login (v2)",
    "v1: check that the API key is complete and is the one for this "
    "environment, staging or production; v2: " CONFIG_LOG_IN_AGAIN};
static const struct words forbidden_code = {
    "HealthSherpa does not let this agent do that, or does not know the agent",
    "v1: check that agent_email is exactly the e-mail of the agent's "
    "HealthSherpa login, and that the key belongs to that agency and "
    "environment (staging or production); v2: check whose login it is with "
    "'belay doctor', and log in as the agent whose contacts these are"};

/* By HealthSherpa's code, or the status where that says more. */
static const struct {
	const char *code;
	int http;
	struct words words;
} special[] = {
    {"insufficient_scope", 0,
	{"the login does not cover contacts",
	    "log in again and agree to all that is asked"}},
    {"invalid_token", 0,
	{"the login has expired or was withdrawn", CONFIG_LOG_IN_AGAIN}},
    {"login-ended", 0,
	{"the login at HealthSherpa has ended",
	    CONFIG_LOG_IN_AGAIN "; what is to be sent waits"}},
    {"login-refused", 0,
	{"the login at HealthSherpa could not be renewed",
	    "correct that; what is to be sent waits"}},
    /* said by sync/ of lists, not by HealthSherpa */
    {"partial", 0,
	{"HealthSherpa saved the contact, but not all of its drugs, "
	 "pharmacies or providers",
	    "correct what it names and try the contact again (s in the desk, "
	    "--failed on the command line), or complete the list on its "
	    "page"}},
    {"lists", 0,
	{"drugs, pharmacies or providers were not sent, as it could not be "
	 "seen what HealthSherpa has of them",
	    "look at its page there; to replace them sends them all the "
	    "same"}},
    {"", 407,
	{"the proxy wants a password",
	    "set it in the https_proxy variable, or ask your "
	    "administrator"}},
    {"", 413,
	{"HealthSherpa found the contact too large",
	    "shorten the note and sync the contact again"}},
    {"", 415,
	{"HealthSherpa did not understand the request",
	    "check service.version and service.urls in the config"}},
    {"", 404,
	{"there is no such address at the service",
	    "check service.environment, service.version and service.urls "
	    "in the config"}},
};

static const struct words *
find_words(const struct reply *reply)
{
	bool refused = reply->kind == REPLY_REFUSED ||
		       reply->kind == REPLY_UNAUTHORISED ||
		       reply->kind == REPLY_FORBIDDEN;

	for (size_t i = 0; refused && i < sizeof(special) / sizeof(*special);
	     i++)
		if (*special[i].code ? strcmp(special[i].code, reply->code) == 0
				     : reply->kind == REPLY_REFUSED &&
					   special[i].http == reply->http)
			return &special[i].words;
	if (reply->has_login && reply->kind == REPLY_UNAUTHORISED)
		return &login_refused;
	if (reply->has_login && reply->kind == REPLY_FORBIDDEN)
		return reply->http == 403 ? &login_forbidden : &login_no_agent;
	return &kind_words[reply->kind];
}

/*
 * What belay never leaves out is said to be missing: what was sent has another
 * form than the service wants. NULL: not that.
 */
static const char *
form_advice(const struct reply *reply)
{
	bool missing = refusal_mentions(reply->message, "required") ||
		       refusal_mentions(reply->message, "blank") ||
		       refusal_mentions(reply->message, "missing");

	if (!missing || (reply->kind != REPLY_REFUSED &&
			    reply->kind != REPLY_UNPROCESSABLE))
		return NULL;
	if (reply->verb == VERB_SEARCH)
		return "it was sent: the service may want a search in another "
		       "form, see service.dialect.search_envelope and "
		       "birth_date_key in the config";
	if (strcmp(reply->field, "contact") == 0 ||
	    strcmp(reply->field, "external_id") == 0 ||
	    refusal_mentions(reply->message, "external_id") ||
	    refusal_mentions(reply->message, "contact is required"))
		return "it was sent: the service may want it in another form, "
		       "see service.dialect.v2_body in the config";
	return NULL;
}

static const char *
find_advice(const struct reply *reply, const struct words *words)
{
	enum field field = field_from_name(reply->field);
	const char *form = form_advice(reply);

	if (form)
		return form;
	if (reply->kind == REPLY_REFUSED && reply->http >= 300 &&
	    reply->http < 400)
		return "belay does not follow redirects: check service.urls in "
		       "the config";
	if ((reply->kind == REPLY_REFUSED ||
		reply->kind == REPLY_UNPROCESSABLE) &&
	    field != FIELD_COUNT)
		return field_advice[field];
	return words->advice;
}

static bool
says_only_status(const struct reply *reply)
{
	char text[32];

	snprintf(text, sizeof(text), "HTTP %d", reply->http);
	return strcmp(reply->message, text) == 0;
}

static void
add_advice(struct str *out, const struct reply *reply, const char *advice)
{
	char own[CONFIG_ADVICE_SIZE];

	str_add(out, "; ");
	if (str_starts(advice, CONFIG_LOG_IN_AGAIN)) {
		str_add(out, config_login_advice(reply->profile, true, own));
		advice += strlen(CONFIG_LOG_IN_AGAIN);
	}
	str_add(out, advice);
}

void
reply_explain(struct str *out, const struct reply *reply)
{
	const struct words *words = find_words(reply);
	const char *advice = find_advice(reply, words);

	if (reply->kind == REPLY_ACCEPTED && reply->partial) {
		str_add(out, "HealthSherpa saved the contact, but not all of "
			     "its drugs, pharmacies or providers");
		advice = "complete them on its page";
	} else {
		str_add(out, words->happened);
	}
	if (*reply->message && !says_only_status(reply))
		str_addf(out, " (%s)", reply->message);
	else if (*reply->code)
		str_addf(out, " (%s)", reply->code);
	else if (reply->http >= 300)
		str_addf(out, " (HTTP %d)", reply->http);
	if (reply->kind == REPLY_SLOW_DOWN && reply->retry_after_ms >= 0)
		str_addf(out, " for %lld s",
		    (long long)((reply->retry_after_ms + 999) / 1000));
	if (advice)
		add_advice(out, reply, advice);
}

/* ---- by code ---------------------------------------------------------------
 */

const char *
reply_known_code(size_t index)
{
	for (unsigned kind = 0; kind < REPLY_KIND_COUNT; kind++)
		/* there is nothing to do about what went well */
		if (kind_words[kind].advice && index-- == 0)
			return reply_kind_word((enum reply_kind)kind);
	for (size_t i = 0; i < sizeof(special) / sizeof(*special); i++)
		if (*special[i].code && index-- == 0)
			return special[i].code;
	return NULL;
}

static const struct words *
words_of(const char *code)
{
	for (unsigned kind = 0; kind < REPLY_KIND_COUNT; kind++)
		if (str_equal_fold(
			reply_kind_word((enum reply_kind)kind), code))
			return kind == REPLY_UNAUTHORISED ? &refused_code
			       : kind == REPLY_FORBIDDEN  ? &forbidden_code
							  : &kind_words[kind];
	for (size_t i = 0; *code && i < sizeof(special) / sizeof(*special); i++)
		if (str_equal_fold(special[i].code, code))
			return &special[i].words;
	return NULL;
}

bool
reply_explain_code(const char *code, const char **happened, const char **advice)
{
	const struct words *words = words_of(code);

	if (!words || !words->advice)
		return false;
	*happened = words->happened;
	*advice = words->advice;
	return true;
}
