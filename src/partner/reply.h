/* SPDX-License-Identifier: MIT */
/*
 * What an answer of HealthSherpa means. Pure: bytes in, struct out.
 *
 * Takes every reading of the Partner API documentation: with and without the
 * `data` envelope, 200/201/204, the error shapes {"error":{"code","message"}},
 * {"error":"..","error_description":".."}, {"errors":{field:[..]}}, message,
 * detail, title, reason; "no match" as 404, 422 with a not-found code, 200
 * with nulls, 200 without a contact; all four spellings of dates.
 */
#ifndef PARTNER_REPLY_H
#define PARTNER_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/config.h"
#include "partner/partial.h"

enum verb { VERB_CREATE, VERB_UPDATE, VERB_SEARCH };

/*
 * The outcome, decided from verb, transport and HTTP status (the retry table
 * of src/README.md). UNKNOWN is only said of calls that are not safe to
 * repeat: a create, and an update that carries notes.
 */
enum reply_kind {
	REPLY_ACCEPTED,      /* took effect; a create's contact.id is known, an
			      * update's may be "" (204) */
	REPLY_FOUND,         /* search: one contact */
	REPLY_NONE,          /* search: nobody matches */
	REPLY_REFUSED,       /* 3xx, 400, 413, 415, other 4xx: definite */
	REPLY_UNPROCESSABLE, /* 422 or 409 that is not "no match" */
	REPLY_GONE,          /* update: 404, 410 */
	REPLY_UNAUTHORISED,  /* 401 */
	REPLY_FORBIDDEN,     /* 403, or no such agent (by 404, or by code) */
	REPLY_SLOW_DOWN,     /* 429 */
	REPLY_NOT_SENT,      /* no byte of the body left: repeat at will */
	REPLY_AGAIN,         /* surely not carried out, for a reason that is
			      * gone (the login was renewed): send it again;
			      * `http` 0: it had not left */
	REPLY_RETRY,         /* safe call failed: repeat after a pause */
	REPLY_UNKNOWN,       /* may have taken effect */
	REPLY_KIND_COUNT
};

const char *reply_kind_word(enum reply_kind kind);

/* A contact as HealthSherpa has it; "" when absent. Values are cleaned. */
struct remote_contact {
	char id[128];
	char slug[256];
	char external_id[512]; /* byte for byte, not cleaned: it is compared */
	bool has_external_id;
	char first_name[512];
	char last_name[512];
	char birth_date[16];      /* YYYY-MM-DD, "" when unreadable */
	char medicare_number[64]; /* upper case, no blanks or dashes */
	char email[512];
	char phone[32]; /* bare digits, without the country's 1 */
};

/* Whether a text can be HealthSherpa's ID: 1..127 printable ASCII bytes
 * without blanks, and not "." or "..", since it becomes part of a path. */
bool remote_id_valid(const char *id);

struct reply {
	enum reply_kind kind;
	enum verb verb;
	/* Of partner.c, for the words: whose refusal it is. */
	bool has_login;                       /* v2: not by a key */
	char profile[CONFIG_PROFILE_MAX + 1]; /* v2; "": of none */
	int http;                             /* status, 0: none */
	bool partial;           /* saved, some nested items were not */
	bool taken;             /* a create's 422 or 409 says that its ID or
				 * the contact is there already */
	const char *other_key;  /* of partner.c: a search was refused for the
				 * birth date's key, it may be asked again
				 * with this one; lives on; NULL: not so */
	int64_t retry_after_ms; /* -1: not said */
	char code[64];          /* HealthSherpa's error code, cleaned, or "" */
	char field[64];         /* the field it complains of, or "" */
	char message[512];      /* its words, cleaned, or ours for transport */
	struct partial unsaved; /* partial: what is said of those items */
	struct remote_contact contact; /* id "" when there is none */
	/* Of a contact that a search found: its lists as JSON text, by field
	 * from FIELD_DRUGS on; "[]" when it has none, NULL: not said. */
	char *lists[FIELD_LISTS];
	/* Of that contact, by field before FIELD_DRUGS: as HealthSherpa wrote
	 * it, cleaned, "true" and "false" for JSON's; NULL: nothing, not said.
	 */
	char *values[FIELD_DRUGS];
	char quote_url[2049]; /* passed the page gate; "" when none */
};

/* What the transport saw; see http.h. */
struct transport {
	bool answered;          /* a status line arrived */
	bool body_started;      /* a byte of our body may have left */
	bool complete;          /* the answer's body arrived whole */
	bool unreachable;       /* DNS, connect or TLS handshake failed */
	int status;             /* >= 200, or 0 */
	int64_t retry_after_ms; /* -1: not said */
	const char
	    *problem; /* in words, when not complete or a redirect; NULL */
};

struct url_policy;

/* Frees lists and values; the struct itself is the caller's. */
void reply_release(struct reply *reply);

/*
 * Reads an answer into `reply`, to be released. `repeatable`: the update may be
 * sent again without harm; a create never may, a search always. `body` need not
 * end with a NUL. `pages`: what quote_url must pass.
 */
void reply_read(struct reply *reply, enum verb verb, bool repeatable,
    const struct transport *transport, const char *body, size_t len,
    const struct url_policy *pages);

/* A sentence for the agent: what happened and what to do. Cleaned. */
struct str;
void reply_explain(struct str *out, const struct reply *reply);
/*
 * The same of a code alone, as a row that failed shows it: a kind's word, or a
 * code of HealthSherpa's that says more than the kind. False: neither.
 */
bool reply_explain_code(
    const char *code, const char **happened, const char **advice);
/* Those codes in turn; NULL behind the last. */
const char *reply_known_code(size_t index);

#endif
