/* SPDX-License-Identifier: MIT */
/*
 * The config: one table of keys says where each value goes, how it is read
 * and what is allowed; config.example.yaml and belay.yaml(5) follow it.
 * What depends on other keys (URLs on the environment, the settle time on the
 * timeout) is settled after all keys are read, in any order.
 */
#include "book/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/config_keys.h"
#include "book/mapping.h"
#include "book/problems.h"
#include "source/yaml_tree.h"

enum { CONFIG_MAX = 1 << 20 };

#define TIMEOUT_MS INT64_C(60000)
#define SETTLE_MS INT64_C(120000)
#define IDLE_BLANK_MS INT64_C(300000)
#define DAY_MS INT64_C(86400000)
#define HISTORY_KEEP_MS (90 * DAY_MS)
#define AUDIT_KEEP_MS (2190 * DAY_MS)

/* Whether both names lead to one file. */
static bool
same_file(const char *a, const char *b)
{
	struct stat one, other;

	return stat(a, &one) == 0 && stat(b, &other) == 0 &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* A file of its own. */
static struct mapping *
load_mapping(struct config_reader *reader, const struct yaml_node *node)
{
	struct problems *problems = reader->problems;
	char *place = file_beside(problems->name, node->text);
	struct mapping *mapping = NULL;
	struct err err = ERR_INIT;
	struct str text;

	str_init(&text, CONFIG_MAX);
	if (same_file(place, problems->name))
		problems_add(problems, node, "mapping",
		    "this names the config itself; put the rules here, or into "
		    "a file of their own");
	else if (!file_read_all(place, &text, NULL, &err))
		problems_add(problems, node, "mapping", "%s", err.text);
	else
		mapping = mapping_parse_file(
		    place, text.data, text.len, problems->out);
	str_release(&text);
	reader->config->mapping_path = place;
	return mapping;
}

/* Those that were added without being counted, one a line. */
static void
count_problems(struct problems *problems, size_t from)
{
	for (size_t i = from; i < problems->out->len; i++)
		problems->count += problems->out->data[i] == '\n';
}

void
config_read_mapping(struct config_reader *reader, const struct yaml_node *node)
{
	struct problems *problems = reader->problems;
	size_t before = problems->out->len, counted = problems->count;

	/* a profile's stands over that of all */
	mapping_free(reader->config->mapping);
	free(reader->config->mapping_path);
	reader->config->mapping_path = NULL;
	if (node->kind == YAML_SCALAR)
		reader->config->mapping = load_mapping(reader, node);
	else
		reader->config->mapping = mapping_parse(
		    problems->name, node, problems->out);
	problems->count = counted;
	count_problems(problems, before);
}

/* ---- what depends on other keys
 * --------------------------------------------------- */

static const struct place {
	const char *api, *page;
} places[] = {
    [SERVICE_STAGING] = {"api.medicare-staging.healthsherpa.com",
	"medicare-staging.healthsherpa.com"},
    [SERVICE_PRODUCTION] = {"api.medicare.healthsherpa.com",
	"medicare.healthsherpa.com"},
    [SERVICE_PRACTICE] = {NULL, NULL},
};

/* Test keys and real contacts must not meet: the other one's host is refused
 * even though it is HealthSherpa's. */
static bool
host_of_other(const struct config *config, const char *host)
{
	enum service_environment other = config->environment == SERVICE_STAGING
					     ? SERVICE_PRODUCTION
					     : SERVICE_STAGING;

	if (config->environment == SERVICE_PRACTICE)
		return strcmp(host, places[SERVICE_PRODUCTION].api) == 0 ||
		       strcmp(host, places[SERVICE_PRODUCTION].page) == 0;
	return strcmp(host, places[other].api) == 0 ||
	       strcmp(host, places[other].page) == 0;
}

/* Checks a URL of `urls:` and rebuilds it from its parts. */
static void
check_url(struct config_reader *reader, enum config_url which, char **text)
{
	static const char *const keys[] = {"service.urls.api",
	    "service.urls.authorize", "service.urls.token",
	    "service.urls.login"};
	const struct config *config = reader->config;
	struct url_policy policy = which == CONFIG_URL_API
				       ? config_api_policy(config)
				   : which == CONFIG_URL_LOGIN
				       ? config_page_policy(config)
				       : config_login_policy(config);
	struct err err = ERR_INIT;
	struct url url;

	if (!*text)
		return;
	if (!url_check(*text, &policy, &url, &err)) {
		problems_add(reader->problems, reader->urls[which], keys[which],
		    "%s", err.text);
		return;
	}
	if (host_of_other(config, url.host)) {
		problems_add(reader->problems, reader->urls[which], keys[which],
		    "%s does not belong to environment: %s", url.host,
		    config_environment_word(config->environment));
		return;
	}
	free(*text);
	*text = mem_strdup(url.text);
	if (which == CONFIG_URL_API)
		while (str_ends(*text, "/"))
			(*text)[strlen(*text) - 1] = '\0';
}

static void
imply(char **text, const char *host, const char *path)
{
	struct str url;

	if (*text || !host)
		return;
	str_init(&url, URL_MAX);
	str_addf(&url, "https://%s%s", host, path);
	*text = str_take(&url);
}

/* The practice server has everything at one place. */
static void
imply_practice(struct config *config)
{
	struct str url;
	struct url api;
	struct err err = ERR_INIT;

	if (!config->api_url || !url_parse(config->api_url, &api, &err))
		return;
	str_init(&url, URL_MAX);
	str_add_bytes(&url, api.text, strcspn(api.text + 8, "/") + 8);
	if (!config->login_url) {
		config->login_url = mem_alloc(url.len + 20);
		snprintf(config->login_url, url.len + 20, "%s/sessions/new",
		    url.data);
	}
	if (!config->authorize_url) {
		config->authorize_url = mem_alloc(url.len + 20);
		snprintf(config->authorize_url, url.len + 20,
		    "%s/oauth/authorize", url.data);
	}
	if (!config->token_url) {
		config->token_url = mem_alloc(url.len + 20);
		snprintf(config->token_url, url.len + 20, "%s/oauth/token",
		    url.data);
	}
	str_release(&url);
}

static void
settle_urls(struct config_reader *reader)
{
	struct config *config = reader->config;
	const struct place *place = &places[config->environment];

	check_url(reader, CONFIG_URL_API, &config->api_url);
	check_url(reader, CONFIG_URL_AUTHORIZE, &config->authorize_url);
	check_url(reader, CONFIG_URL_TOKEN, &config->token_url);
	check_url(reader, CONFIG_URL_LOGIN, &config->login_url);
	if (reader->problems->count > 0)
		return;
	if (config->environment == SERVICE_PRACTICE) {
		if (!config->api_url)
			problems_add(reader->problems, reader->environment_node,
			    "service.urls.api",
			    "environment: practice needs the address that "
			    "belay practice prints, e.g. "
			    "http://127.0.0.1:8080/v1");
		imply_practice(config);
		return;
	}
	imply(&config->api_url, place->api,
	    config->version == SERVICE_V1 ? "/v1" : "/v2");
	imply(&config->login_url, place->page, "/sessions/new");
	imply(&config->authorize_url, place->page, "/oauth/authorize");
	imply(&config->token_url, place->page, "/oauth/token");
}

void
config_settle(struct config_reader *reader)
{
	struct config *config = reader->config;

	settle_urls(reader);
	/* a lost create may land as long as two calls take */
	if (config->settle_ms < 0)
		config->settle_ms = config->timeout_ms * 2 > SETTLE_MS
					? config->timeout_ms * 2
					: SETTLE_MS;
}

/* ---- loading
 * ------------------------------------------------------------------------ */

struct config *
config_defaults(void)
{
	struct config *config = mem_zalloc(sizeof(*config));

	config->version = SERVICE_V1;
	config->environment = SERVICE_STAGING;
	config->timeout_ms = TIMEOUT_MS;
	str_copy(config->birth_date_key, sizeof(config->birth_date_key),
	    "birth_date");
	config->oauth_redirect_uri = mem_strdup(
	    "http://127.0.0.1:53682/callback");
	config->result_healthsherpa_id = mem_strdup(CONFIG_RESULT_ID);
	config->rate_count = 8;
	config->rate_ms = 1000;
	config->burst = 16;
	config->concurrency = 8;
	config->settle_ms = -1;
	config->search_before_create = true;
	config->adopt = ADOPT_ASK;
	config->lists = LISTS_CREATE;
	config->history_keep_ms = HISTORY_KEEP_MS;
	config->audit_keep_ms = AUDIT_KEEP_MS;
	config->after_sync = AFTER_SYNC_ASK;
	config->mask = true;
	config->idle_blank_ms = IDLE_BLANK_MS;
	config->colors = mem_strdup("auto");
	config->glyphs = mem_strdup("auto");
	config->api_key.variable = CONFIG_KEY_VARIABLE;
	config->oauth_client_secret.variable = CONFIG_CLIENT_SECRET_VARIABLE;
	return config;
}

static void
free_list(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}

void
config_set_mapping(struct config *config, struct mapping *mapping)
{
	mapping_free(config->mapping);
	config->mapping = mapping;
}

static void
free_filters(struct config *config)
{
	for (size_t i = 0; i < config->filter_count; i++) {
		free(config->filters[i].name);
		free(config->filters[i].query);
	}
	free(config->filters);
	config->filters = NULL;
	config->filter_count = 0;
}

void
config_free(struct config *config)
{
	if (!config)
		return;
	free(config->path);
	free(config->contacts);
	free(config->profile);
	free_list(config->profiles);
	free_list(config->others);
	free(config->asked_profile);
	free(config->asked_file);
	free(config->state_dir);
	free(config->agent_email);
	secret_place_release(&config->api_key);
	free(config->api_url);
	free(config->login_url);
	free(config->authorize_url);
	free(config->token_url);
	free(config->oauth_client_id);
	secret_place_release(&config->oauth_client_secret);
	free(config->oauth_redirect_uri);
	free(config->ca_file);
	free_list(config->allow_hosts);
	mapping_free(config->mapping);
	free(config->mapping_path);
	free(config->result_healthsherpa_id);
	free(config->result_quote_url);
	free(config->result_synced_at);
	free(config->colors);
	free(config->glyphs);
	free_list(config->key_overrides);
	free_list(config->style_overrides);
	free_filters(config);
	config_columns_free(&config->columns);
	config_columns_free(&config->sort);
	free(config);
}

bool
config_reread_lists(struct config *config, struct err *err)
{
	struct config *now;
	struct str problems;

	str_init(&problems, CONFIG_MAX);
	now = config_load_again(config, &problems, err);
	str_release(&problems);
	if (!now)
		return false;
	free_filters(config);
	config->filters = now->filters;
	config->filter_count = now->filter_count;
	now->filters = NULL;
	now->filter_count = 0;
	config_columns_free(&config->columns);
	config_columns_free(&config->sort);
	config->columns = now->columns;
	config->sort = now->sort;
	now->columns = now->sort = (struct config_columns){.list = NULL};
	config_free(now);
	return true;
}

/* ---- what is asked about it
 * ------------------------------------------------------------ */

static struct url_policy
policy(const struct config *config, const char *const *hosts)
{
	return (struct url_policy){
	    .hosts = hosts,
	    .more = (const char *const *)config->allow_hosts,
	    .plain_loopback = config->environment == SERVICE_PRACTICE,
	};
}

bool
config_is_filter_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789-_");

	return len > 0 && !name[len] && len <= CONFIG_FILTER_NAME_MAX;
}

const struct config_filter *
config_filter(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->filter_count; i++)
		if (strcmp(config->filters[i].name, name) == 0)
			return &config->filters[i];
	return NULL;
}

struct url_policy
config_api_policy(const struct config *config)
{
	return policy(config, url_api_hosts);
}

struct url_policy
config_page_policy(const struct config *config)
{
	return policy(config, url_page_hosts);
}

struct url_policy
config_login_policy(const struct config *config)
{
	return policy(config, url_login_hosts);
}

const char *
config_environment_word(enum service_environment environment)
{
	return config_environments[environment];
}

bool
config_agent_by_contact(const struct config *config)
{
	return config->version == SERVICE_V1 && config->mapping &&
	       mapping_has(config->mapping, FIELD_AGENT_EMAIL);
}

const char *
config_agent_words(const struct config *config, const char *account)
{
	if (config->version == SERVICE_V2)
		return account && *account   ? account
		       : config->agent_email ? config->agent_email
		       : account             ? "logged in"
					     : "not logged in";
	return config_agent_by_contact(config) ? "agents by contact"
	       : config->agent_email           ? config->agent_email
					       : "no agent yet";
}

const char *
config_login_advice(
    const char *profile, bool again, char text[CONFIG_ADVICE_SIZE])
{
	bool one = profile && *profile;

	snprintf(text, CONFIG_ADVICE_SIZE,
	    "log in%s with 'belay login%s%.*s', or L in the desk",
	    again ? " again" : "", one ? " -P " : "", CONFIG_PROFILE_MAX,
	    one ? profile : "");
	return text;
}

const char *
config_login_place(const struct config *config, char text[CONFIG_ADVICE_SIZE])
{
	snprintf(text, CONFIG_ADVICE_SIZE, "%s%s%.*s",
	    config_environment_word(config->environment),
	    config->profile ? ", profile " : "", CONFIG_PROFILE_MAX,
	    config->profile ? config->profile : "");
	return text;
}

static const char *
where(const struct config *config)
{
	return config->path ? config->path : "the config";
}

const struct secret_place *
config_secret(const struct config *config)
{
	return config->version == SERVICE_V2 ? &config->oauth_client_secret
					     : &config->api_key;
}

const char *
config_secret_word(const struct config *config)
{
	return config->version == SERVICE_V2 ? "client secret" : "API key";
}

static bool
has_agent(const struct config *config, struct err *err)
{
	if (config->agent_email || config_agent_by_contact(config))
		return true;
	return err_set(err, ERR_CONFIG,
	    "your e-mail is missing: set service.agent_email in %s to the one "
	    "you log in to HealthSherpa with%s",
	    where(config),
	    config->profiles && !config->profile
		? ", or choose a profile with --profile"
		: "");
}

static bool
has_application(const struct config *config, struct err *err)
{
	return config->oauth_client_id ||
	       err_set(err, ERR_CONFIG,
		   "v2 needs service.oauth.client_id in %s; HealthSherpa gives "
		   "it to your agency",
		   where(config));
}

static bool
ready_but_for_secret(const struct config *config, struct err *err)
{
	if (!config->api_url)
		return err_set(err, ERR_CONFIG,
		    "where to send to is not known: set service.urls.api in %s",
		    where(config));
	return config->version == SERVICE_V2 ? has_application(config, err)
					     : has_agent(config, err);
}

bool
config_wants_agent(const struct config *config)
{
	struct err ignored = ERR_INIT;

	return config->version == SERVICE_V1 && config->api_url &&
	       !config->profiles && !has_agent(config, &ignored);
}

bool
config_wants_secret(const struct config *config)
{
	const struct secret_place *place = config_secret(config);
	struct err ignored = ERR_INIT;

	return place->kept && secret_is_missing(place) &&
	       ready_but_for_secret(config, &ignored);
}

void
config_explain_secret(const struct config *config, struct str *out)
{
	const struct secret_place *place = config_secret(config);

	if (config->version == SERVICE_V2)
		str_addf(out,
		    "The client secret of your agency's application at "
		    "HealthSherpa (%s) is needed. ",
		    config_environment_word(config->environment));
	else
		str_addf(out,
		    "HealthSherpa's API key of your agency (%s) is needed. ",
		    config_environment_word(config->environment));
	str_addf(out, "%s from medicare-integrations@healthsherpa.com. ",
	    config->version == SERVICE_V2 ? "It comes" : "Keys come");
	if (secret_is_forgotten(place))
		str_add(out, "It is not written down.");
	else
		str_addf(
		    out, "It will be kept in %s, for you alone.", place->kept);
}

bool
config_ready_to_send(const struct config *config, struct err *err)
{
	const struct secret_place *place = config_secret(config);
	const char *word = config_secret_word(config);
	const char *key = config->version == SERVICE_V2 ? "oauth.client_secret"
							: "api_key";

	if (!ready_but_for_secret(config, err))
		return false;
	if (!secret_is_missing(place))
		return true;
	if (secret_is_forgotten(place))
		return err_set(err, ERR_AUTH,
		    "the %s has to be typed, at a terminal, as service.%s in "
		    "%s says",
		    word, key, where(config));
	return err_set(err, ERR_AUTH,
	    "the %s is missing: set service.%s in %s to {file: ...}, "
	    "{env: ...}, {keyring: ...}, {command: [...]} or ask; %s "
	    "from medicare-integrations@healthsherpa.com",
	    word, key, where(config),
	    config->version == SERVICE_V2 ? "it comes" : "keys come");
}
