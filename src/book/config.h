/* SPDX-License-Identifier: MIT */
/*
 * The config: what belay.yaml(5) says, checked, with defaults filled in.
 *
 * Read-only after loading. All problems are found in one go; each message has
 * file:line:column, the key, and the nearest valid name. Unknown keys are
 * errors. Literal secrets are refused with the way out.
 */
#ifndef BOOK_CONFIG_H
#define BOOK_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "base/url.h"

struct err;
struct mapping;
struct str;

#define CONFIG_RESULT_ID "HealthSherpa ID"

enum service_version { SERVICE_V1 = 1, SERVICE_V2 = 2 };
enum service_environment {
	SERVICE_STAGING,
	SERVICE_PRODUCTION,
	SERVICE_PRACTICE
};
enum { SERVICE_ENVIRONMENTS = SERVICE_PRACTICE + 1 };
enum adopt { ADOPT_ASK, ADOPT_EXACT, ADOPT_NEVER };
/*
 * When nested lists (drugs, pharmacies, providers) are sent. HealthSherpa
 * replaces a list whole by an update, so one is never sent along by itself.
 */
enum list_policy {
	LISTS_CREATE,  /* with the creation only */
	LISTS_MERGE,   /* also when changed: ours and theirs together */
	LISTS_REPLACE, /* also when changed: ours alone, theirs is lost */
};
enum after_sync { AFTER_SYNC_ASK, AFTER_SYNC_OPEN, AFTER_SYNC_NOTHING };

/* A query that stands under `desk.filters`: `@name` in filters (query.h). */
struct config_filter {
	char *name; /* config_is_filter_name() */
	char *query;
	unsigned line, column; /* where the query stands, from 1 */
};

#define CONFIG_FILTER_NAME_MAX 32 /* characters */

/* A column of the desk's list of contacts (`desk.columns`), or one that the
 * list is sorted by (`desk.sort`). */
struct config_column {
	char *name;
	bool of_file;  /* {column: NAME}: the file's, whatever else is called so
			*/
	int width;     /* 0: the usual one */
	bool reversed; /* of an order */
	unsigned line, column; /* where it stands, from 1; 0: nowhere */
};
struct config_columns {
	struct config_column *list;
	size_t count; /* 0: the usual ones; the order of the file */
};

enum { CONFIG_COLUMNS_MAX = 40, CONFIG_COLUMN_WIDTH_MAX = 200 };

/* Variables that come before what the config says. */
#define CONFIG_KEY_VARIABLE "BELAY_API_KEY"
#define CONFIG_CLIENT_SECRET_VARIABLE "BELAY_CLIENT_SECRET"

#define CONFIG_PROFILE_MAX 32 /* characters of a profile's name */

struct config {
	char *path;     /* NULL: built-in defaults, no file */
	char *contacts; /* expanded path, or NULL */
	/* Of `profiles:`, the one whose keys stand over the others; NULL: none
	 * was chosen. One word, as config_is_filter_name(). */
	char *profile;
	char **profiles; /* the names of all, NULL-terminated; or NULL */
	char **others;   /* contacts of the profiles that were not chosen,
			  * NULL-terminated; or NULL */
	/* What it was loaded for, for config_load_again(); each may be NULL. */
	char *asked_profile, *asked_file, *state_dir;

	enum service_version version;
	enum service_environment environment;
	char *agent_email; /* NULL until set */
	struct secret_place api_key;
	char *api_url; /* without a trailing slash, implied or overridden;
			* NULL: practice without urls.api, not asked for */
	char *login_url;
	char *authorize_url; /* v2 */
	char *token_url;
	char *oauth_client_id;
	struct secret_place oauth_client_secret;
	char *oauth_redirect_uri;
	char *ca_file;           /* or NULL */
	char **allow_hosts;      /* NULL-terminated, or NULL */
	int64_t timeout_ms;      /* 60 s */
	char birth_date_key[32]; /* of the search: "birth_date" */
	bool flat_body;          /* v2: the contact is not wrapped */
	bool flat_search;        /* v2: the parameters are not wrapped */

	/* NULL: columns named as fields map themselves. Not bound: a book works
	 * with a copy. */
	struct mapping *mapping;
	char *mapping_path; /* the file that `mapping:` names; NULL: none */
	/* Column names; NULL: not written. CONFIG_RESULT_ID stands for
	 * the format's own name for it (source_result_id()). */
	char *result_healthsherpa_id;
	char *result_quote_url;
	char *result_synced_at;

	int rate_count;  /* requests per rate_ms */
	int64_t rate_ms; /* 0: no limit */
	int burst;
	int concurrency; /* 1..64 */
	int64_t settle_ms;
	bool search_before_create;
	enum adopt adopt;
	enum list_policy lists;
	bool hold_warnings;

	int64_t history_keep_ms; /* runs and their rows */
	int64_t audit_keep_ms;

	enum after_sync after_sync;
	bool mask;
	bool linear;           /* for screen readers */
	int64_t idle_blank_ms; /* 0: never */
	char
	    *colors; /* auto, always, never, mono, light, dark, high-contrast */
	char *glyphs; /* auto, unicode, ascii */
	bool mouse;
	char **key_overrides; /* action, key, action, key, ..., NULL; or NULL */
	char **style_overrides;        /* style, look, ..., likewise */
	struct config_filter *filters; /* in the order of the config */
	size_t filter_count;
	struct config_columns columns, sort; /* of the list of contacts */
};

/*
 * `path` NULL: the default place, and defaults when there is no file there.
 * On failure every problem stands in `problems`, one a line, and the error
 * says how many. ERR_CONFIG; ERR_NO_INPUT (then only the error tells).
 */
struct config *config_load(
    const char *path, struct str *problems, struct err *err);
/*
 * The same for one agent of an agency. `profile`: the one of --profile; NULL:
 * the one whose `contacts` is the file, if one is. `file` NULL: the config's
 * contacts. `state_dir` NULL: the usual one. Also ERR_USAGE: there is no such
 * profile (nearest named), the file is another one's, or several have it.
 */
struct config_choice {
	const char *profile, *file, *state_dir;
};
struct config *config_load_for(const char *path,
    const struct config_choice *choice, struct str *problems, struct err *err);
/* As its file is now, for the same choice. */
struct config *config_load_again(
    const struct config *config, struct str *problems, struct err *err);
/* The same as config_load() from memory; `name` stands in messages and as base
 * for paths. */
struct config *config_parse(const char *name, const char *text, size_t len,
    struct str *problems, struct err *err);
void config_free(struct config *config);

/* The line (from 1) of a dotted key in a YAML file as it is now, or of its
 * nearest parent; 0: none of it is there, or it is no YAML. */
unsigned config_place(const char *path, const char *key, unsigned *column);

/* The mapping that is in force from now on; taken over. Books that are open go
 * on with theirs until book_remap(). */
void config_set_mapping(struct config *config, struct mapping *mapping);

/* What is otherwise in another config; bits. */
enum {
	/* the mapping, the result columns, what blocks: all rows are seen
	 * otherwise */
	CONFIG_DIFFERS_ROWS = 1 << 0,
	CONFIG_DIFFERS_RESULTS = 1 << 1, /* the result columns, of these */
	/* whom, as whom, how and how fast is sent: a partner is made anew */
	CONFIG_DIFFERS_SERVICE = 1 << 2,
	CONFIG_DIFFERS_ENVIRONMENT = 1 << 3, /* another ledger, too */
	CONFIG_DIFFERS_KEYS = 1 << 4,
	CONFIG_DIFFERS_COLORS = 1 << 5,   /* glyphs and mouse, too */
	CONFIG_DIFFERS_CONTACTS = 1 << 6, /* another file */
	CONFIG_DIFFERS_REST = 1 << 7, /* what is looked up when it is needed */
};
unsigned config_differs(const struct config *a, const struct config *b);
/*
 * Each gets all that the other had. Whoever borrows the struct itself sees the
 * other's values from now on; what points into it (a partner, a policy) must be
 * made anew before the other one is freed.
 */
void config_swap(struct config *a, struct config *b);

/* One word of letters, digits, - and _. */
bool config_is_filter_name(const char *name);
/* The filter of that name, or NULL. */
const struct config_filter *config_filter(
    const struct config *config, const char *name);
/* Reads filters, columns and sort of the desk again from config->path, whatever
 * else stands there now; false: the file cannot be read, they stay as they are.
 */
bool config_reread_lists(struct config *config, struct err *err);

/* Appends a copy. */
void config_columns_add(
    struct config_columns *columns, const struct config_column *column);
void config_columns_free(struct config_columns *columns);
/* Whether both say the same, wherever it stands. */
bool config_columns_same(
    const struct config_columns *a, const struct config_columns *b);
/* Appends them as YAML on one line. */
void config_columns_write(
    const struct config_columns *columns, struct str *out);

/* What the environment implies for hosts; for url_check(). */
struct url_policy config_api_policy(const struct config *config);
struct url_policy config_page_policy(const struct config *config);
struct url_policy config_login_policy(const struct config *config); /* OAuth */

const char *config_environment_word(enum service_environment environment);

/* Whether contacts bring their agent by a rule of the mapping (v1). */
bool config_agent_by_contact(const struct config *config);

/* Whether the file is the contacts of a profile that was not chosen: another
 * agent's. */
bool config_is_anothers(const struct config *config, const char *file);
/* Whether it is the file that the chosen profile, or the config, names. */
bool config_is_own(const struct config *config, const char *file);

/*
 * "log in with 'belay login -P maria', or L in the desk": the login of that
 * profile (NULL or "": of none). `again`: "log in again with...". Written into
 * `text`, which is returned.
 */
#define CONFIG_ADVICE_SIZE 112
/* The same without a profile and again, for tables. */
#define CONFIG_LOG_IN_AGAIN "log in again with 'belay login', or L in the desk"
const char *config_login_advice(
    const char *profile, bool again, char text[CONFIG_ADVICE_SIZE]);
/* "staging", or "staging, profile maria": whose login it is. */
const char *config_login_place(
    const struct config *config, char text[CONFIG_ADVICE_SIZE]);

/*
 * Who sends, for people. v1: the agent's e-mail, "agents by contact", or "no
 * agent yet"; `account` is not looked at. v2: whom HealthSherpa named, else the
 * config's agent_email, else "logged in" or "not logged in". `account`: of the
 * login that is kept, "" when it is not known whose; NULL: there is none.
 * Borrowed from either.
 */
const char *config_agent_words(
    const struct config *config, const char *account);

/* What a sync or a login still needs (agent e-mail, application, secret);
 * ERR_CONFIG/ERR_AUTH with how. */
bool config_ready_to_send(const struct config *config, struct err *err);
/* The secret that the version needs: the API key (v1), or the client secret of
 * the agency's application (v2); and what it is called. */
const struct secret_place *config_secret(const struct config *config);
const char *config_secret_word(const struct config *config);
/* Whether the agent's e-mail (v1) is what is needed first, and belay can write
 * it down: config_keep_agent(). With profiles it is not known in which. */
bool config_wants_agent(const struct config *config);
/* Whether that secret, and nothing else of the config, is what is needed, and
 * somebody at a terminal can type it: secret_ask(), secret_take_typed(). */
bool config_wants_secret(const struct config *config);
/* What is to be said when it is asked for: where it comes from, and where this
 * one will be kept. Sentences, without a line's end. */
void config_explain_secret(const struct config *config, struct str *out);

#endif
