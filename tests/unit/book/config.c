/* SPDX-License-Identifier: MIT */
#include "book/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/str.h"
#include "book/mapping.h"
#include "book/problems.h"
#include "check.h"

static struct config *
parse(const char *text, struct str *problems)
{
	struct err err = ERR_INIT;
	struct config *config = config_parse(
	    "c.yaml", text, strlen(text), problems, &err);

	if (!config)
		CHECK_INT(err.kind, ERR_CONFIG);
	return config;
}

static struct config *
parse_good(const char *text)
{
	struct str problems;
	struct config *config;

	str_init(&problems, 10000);
	config = parse(text, &problems);
	CHECK_TEXT(problems.data, "");
	REQUIRE(config != NULL);
	str_release(&problems);
	return config;
}

static void
check_same(const struct config *a, const struct config *b)
{
	CHECK_TEXT(a->contacts, b->contacts);
	CHECK_INT(a->version, b->version);
	CHECK_INT(a->environment, b->environment);
	CHECK_TEXT(a->agent_email, b->agent_email);
	CHECK_INT(a->api_key.kind, b->api_key.kind);
	CHECK_TEXT(a->api_url, b->api_url);
	CHECK_TEXT(a->login_url, b->login_url);
	CHECK_TEXT(a->authorize_url, b->authorize_url);
	CHECK_TEXT(a->token_url, b->token_url);
	CHECK_TEXT(a->oauth_client_id, b->oauth_client_id);
	CHECK_INT(a->oauth_client_secret.kind, b->oauth_client_secret.kind);
	CHECK_TEXT(a->oauth_redirect_uri, b->oauth_redirect_uri);
	CHECK_TEXT(a->ca_file, b->ca_file);
	CHECK(!a->allow_hosts || !a->allow_hosts[0]);
	CHECK(!b->allow_hosts || !b->allow_hosts[0]);
	CHECK_INT(a->timeout_ms, b->timeout_ms);
	CHECK_TEXT(a->birth_date_key, b->birth_date_key);
	CHECK_INT(a->flat_body, b->flat_body);
	CHECK_INT(a->flat_search, b->flat_search);
	CHECK(!a->mapping && !b->mapping);
	CHECK_TEXT(a->result_healthsherpa_id, b->result_healthsherpa_id);
	CHECK_TEXT(a->result_quote_url, b->result_quote_url);
	CHECK_TEXT(a->result_synced_at, b->result_synced_at);
	CHECK_INT(a->rate_count, b->rate_count);
	CHECK_INT(a->rate_ms, b->rate_ms);
	CHECK_INT(a->burst, b->burst);
	CHECK_INT(a->concurrency, b->concurrency);
	CHECK_INT(a->settle_ms, b->settle_ms);
	CHECK_INT(a->search_before_create, b->search_before_create);
	CHECK_INT(a->adopt, b->adopt);
	CHECK_INT(a->hold_warnings, b->hold_warnings);
	CHECK_INT(a->history_keep_ms, b->history_keep_ms);
	CHECK_INT(a->audit_keep_ms, b->audit_keep_ms);
	CHECK_INT(a->after_sync, b->after_sync);
	CHECK_INT(a->mask, b->mask);
	CHECK_INT(a->idle_blank_ms, b->idle_blank_ms);
	CHECK_TEXT(a->colors, b->colors);
	CHECK_TEXT(a->glyphs, b->glyphs);
	CHECK_INT(a->mouse, b->mouse);
	CHECK(!a->key_overrides && !b->key_overrides);
	CHECK(!a->style_overrides && !b->style_overrides);
	CHECK(config_columns_same(&a->columns, &b->columns));
	CHECK(config_columns_same(&a->sort, &b->sort));
}

TEST(config_example_equals_the_defaults)
{
	char *text = check_read(check_data("../config.example.yaml"));
	struct config *example = parse_good(text);
	struct config *defaults = parse_good("");

	check_same(example, defaults);
	config_free(example);
	config_free(defaults);
	free(text);
}

/* Every line of the example that begins "# key:" is good config as well. */
TEST(config_example_is_good_without_its_comment_signs)
{
	char *text = check_read(check_data("../config.example.yaml"));
	char *mapping = strstr(text, "# mapping:\n");
	struct config *config;
	struct str yaml;

	REQUIRE(mapping != NULL);
	str_init(&yaml, 100000);
	for (char *line = mapping; str_starts(line, "# ");) {
		char *end = strchr(line, '\n');

		str_add_bytes(&yaml, line + 2, (size_t)(end - line - 1));
		line = end + 1;
	}
	config = parse_good(yaml.data);
	REQUIRE(config->mapping != NULL);
	for (unsigned i = 0; i < FIELD_DRUGS; i++)
		CHECK(mapping_has(config->mapping, (enum field)i));
	config_free(config);
	str_release(&yaml);
	free(text);
}

TEST(config_reads_every_key)
{
	static const char text[] =
	    "contacts: /c/x.csv\n"
	    "service:\n"
	    "  version: v2\n"
	    "  environment: production\n"
	    "  agent_email: a@example.com\n"
	    "  api_key: {command: [pass, show, k]}\n"
	    "  oauth: {client_id: id, client_secret: {env: S}, redirect_uri: "
	    "\"http://127.0.0.1:1/c\"}\n"
	    "  urls: {login: \"https://crm.example.com/login\"}\n"
	    "  timeout: 90s\n"
	    "  ca_file: /ca.pem\n"
	    "  allow_hosts: [crm.example.com]\n"
	    "  dialect: {v2_body: flat, search_envelope: flat, "
	    "birth_date_key: date_of_birth}\n"
	    "mapping: {city: Town}\n"
	    "result_columns: {healthsherpa_id: null, quote_url: Quote, "
	    "synced_at: At}\n"
	    "sync: {rate: 100/10s, burst: 3, concurrency: 64, adopt: exact, "
	    "search_before_create: false, warnings: hold}\n"
	    "history: {keep: 30d, keep_audit: 3650d}\n"
	    "desk: {after_sync: nothing, mask: false, idle_blank: 0s, colors: "
	    "mono, keys: {sync: F5, quit: Q}, glyphs: ascii, mouse: true, "
	    "styles: {good: bold cyan}}\n";
	struct config *config = parse_good(text);

	CHECK_TEXT(config->contacts, "/c/x.csv");
	CHECK_INT(config->version, SERVICE_V2);
	CHECK_INT(config->environment, SERVICE_PRODUCTION);
	CHECK_TEXT(config->agent_email, "a@example.com");
	CHECK_INT(config->api_key.kind, SECRET_COMMAND);
	CHECK_TEXT(config->api_key.argv[1], "show");
	CHECK(config->api_key.argv[3] == NULL);
	CHECK_TEXT(config->oauth_client_id, "id");
	CHECK_INT(config->oauth_client_secret.kind, SECRET_ENV);
	CHECK_TEXT(config->oauth_redirect_uri, "http://127.0.0.1:1/c");
	CHECK_TEXT(config->api_url, "https://api.medicare.healthsherpa.com/v2");
	CHECK_TEXT(config->login_url, "https://crm.example.com/login");
	CHECK_TEXT(
	    config->token_url, "https://medicare.healthsherpa.com/oauth/token");
	CHECK_INT(config->timeout_ms, 90000);
	CHECK_INT(config->settle_ms, 180000);
	CHECK_TEXT(config->ca_file, "/ca.pem");
	CHECK(config->flat_body && config->flat_search);
	CHECK_TEXT(config->birth_date_key, "date_of_birth");
	CHECK(config->mapping && mapping_has(config->mapping, FIELD_CITY));
	CHECK_TEXT(config->result_healthsherpa_id, NULL);
	CHECK_TEXT(config->result_quote_url, "Quote");
	CHECK_TEXT(config->result_synced_at, "At");
	CHECK_INT(config->rate_count, 100);
	CHECK_INT(config->rate_ms, 10000);
	CHECK_INT(config->burst, 3);
	CHECK_INT(config->concurrency, 64);
	CHECK(!config->search_before_create && config->hold_warnings);
	CHECK_INT(config->adopt, ADOPT_EXACT);
	CHECK_INT(config->history_keep_ms, INT64_C(30) * 86400000);
	CHECK_INT(config->audit_keep_ms, INT64_C(3650) * 86400000);
	CHECK_INT(config->after_sync, AFTER_SYNC_NOTHING);
	CHECK(!config->mask && config->idle_blank_ms == 0);
	CHECK_TEXT(config->colors, "mono");
	CHECK_TEXT(config->key_overrides[0], "sync");
	CHECK_TEXT(config->key_overrides[3], "Q");
	CHECK(config->key_overrides[4] == NULL);
	CHECK_TEXT(config->glyphs, "ascii");
	CHECK(config->mouse);
	CHECK_TEXT(config->style_overrides[0], "good");
	CHECK_TEXT(config->style_overrides[1], "bold cyan");
	config_free(config);
}

TEST(config_practice_may_be_plain_on_loopback)
{
	struct config *config = parse_good(
	    "service: {environment: practice, urls: {api: "
	    "\"http://127.0.0.1:8080/v1/\"}}");

	CHECK_TEXT(config->api_url, "http://127.0.0.1:8080/v1");
	CHECK_TEXT(config->login_url, "http://127.0.0.1:8080/sessions/new");
	CHECK(config_api_policy(config).plain_loopback);
	CHECK(config_page_policy(config).plain_loopback);
	config_free(config);
	config = parse_good("");
	CHECK(!config_api_policy(config).plain_loopback);
	config_free(config);
}

#define VARIABLE_WORDS                                                        \
	"must be a variable's name, such as BELAY_API_KEY: capitals, digits " \
	"and _; not the secret itself\n"
#define SECRET_WORDS                                                      \
	"a secret must not stand in the config; say where it is: {file: " \
	"~/.config/belay/key}, {env: BELAY_API_KEY}, {keyring: NAME}, "   \
	"{command: [pass, show, healthsherpa/api-key]} or ask\n"

static const struct mistake {
	const char *yaml, *message;
} mistakes[] = {
    {"contact: x", "c.yaml:1:1: contact: not known here; did you mean "
		   "contacts?\n"},
    {"colour: x",
	"c.yaml:1:1: colour: not known here; known are contacts, service, "
	"profiles, mapping, result_columns, sync, history, desk\n"},
    {"service: {verison: v1}",
	"c.yaml:1:11: service.verison: not known here; did you mean "
	"version?\n"},
    {"service: {version: 1}",
	"c.yaml:1:20: service.version: must be v1 or v2, not \"1\"\n"},
    {"service: {environment: prod}",
	"c.yaml:1:24: service.environment: must be staging, production or "
	"practice, not \"prod\"\n"},
    {"service: v1", "c.yaml:1:10: service: must be a map of settings\n"},
    {"[]", "c.yaml:1:1: must be a map of settings\n"},
    {"desk: {columns: name}",
	"c.yaml:1:17: desk.columns: must be a list of at most 40 columns, "
	"such as [name, born, {state: 4}]\n"},
    {"desk: {columns: [name, {state: x}, name, {column: a, widht: 3}, []]}",
	"c.yaml:1:32: desk.columns: a width is a number from 1 to 200\n"
	"c.yaml:1:36: desk.columns: \"name\" stands there twice\n"
	"c.yaml:1:54: desk.columns.widht: not known here; did you mean width?\n"
	"c.yaml:1:65: desk.columns: must be a column's name, {name: width}, "
	"or {column: a title of the file}\n"},
    {"desk: {sort: [{name: 3}]}",
	"c.yaml:1:15: desk.sort: must be a column's name, with - in front of "
	"it for backwards, or {column: a title of the file}\n"},
    {"service: {agent_email: nobody}",
	"c.yaml:1:24: service.agent_email: must be an e-mail address, not "
	"\"nobody\"\n"},
    {"service: {api_key: not-to-be-shown}",
	"c.yaml:1:20: service.api_key: " SECRET_WORDS},
    {"service: {oauth: {client_secret: not-to-be-shown}}",
	"c.yaml:1:34: service.oauth.client_secret: " SECRET_WORDS},
    {"service: {key: not-to-be-shown}",
	"c.yaml:1:11: service.key: " SECRET_WORDS},
    {"service: {apiKey: not-to-be-shown}",
	"c.yaml:1:11: service.apiKey: " SECRET_WORDS},
    {"access_token: not-to-be-shown",
	"c.yaml:1:1: access_token: " SECRET_WORDS},
    {"profiles: {maria: {password: not-to-be-shown}}",
	"c.yaml:1:20: profiles.maria.password: " SECRET_WORDS},
    {"profiles: {maria: {api_key: not-to-be-shown}}",
	"c.yaml:1:29: profiles.maria.api_key: " SECRET_WORDS},
    {"service: {api_key: {env: not-to-be-shown}}",
	"c.yaml:1:26: service.api_key: " VARIABLE_WORDS},
    {"service: {api_key: {env: not_to_be_shown_1}}",
	"c.yaml:1:26: service.api_key: " VARIABLE_WORDS},
    {"service: {api_key: {env: 1KEY}}",
	"c.yaml:1:26: service.api_key: " VARIABLE_WORDS},
    {"service: {api_key: {env: "
     "A123456789A123456789A123456789A123456789A123456789A123456789A1234}}",
	"c.yaml:1:26: service.api_key: " VARIABLE_WORDS},
    {"service: {api_key: {file: not_to_be_shown_12345}}",
	"c.yaml:1:27: service.api_key: there is no such file, and it looks "
	"like a secret itself; put that into a file of its own and name the "
	"file here\n"},
    {"service: {api_key: {command: [not_to_be_shown_12345]}}",
	"c.yaml:1:30: service.api_key: there is no such program, and it looks "
	"like a secret itself; name a program that prints the secret, such as "
	"[pass, show, healthsherpa/api-key]\n"},
    {"service: {api_key: {keyring: [a]}}",
	"c.yaml:1:30: service.api_key: must be a name, or the entry's "
	"attributes, such as {service: belay, account: maria}\n"},
    {"service: {api_key: {keyring: {service: }}}",
	"c.yaml:1:40: service.api_key: must be text\n"},
    {"profiles: [a]",
	"c.yaml:1:11: profiles: must be a map of names to settings, such as "
	"{maria: {agent_email: maria@example.com}}\n"},
    {"profiles: {two words: {}}",
	"c.yaml:1:12: profiles: a profile's name is one word of at most 32 "
	"letters, digits, - and _, not \"two words\"\n"},
    {"profiles: {maria: {agent_mail: a@example.com}}",
	"c.yaml:1:20: profiles.maria.agent_mail: not known here; did you mean "
	"agent_email?\n"},
    {"profiles: {maria: {mapping: {zip: A}}}",
	"c.yaml:1:29: profiles.maria.mapping: a profile's mapping is a file "
	"of its own: mapping: hubspot.yaml\n"},
    {"profiles: {maria: x}",
	"c.yaml:1:19: profiles.maria: must be a map of settings\n"},
    /* once, though both have it */
    {"service: {urls: {api: \"http://127.0.0.1:1/v1\"}}\n"
     "profiles: {maria: , jose: }",
	"c.yaml:1:23: service.urls.api: the address at 127.0.0.1 is not "
	"https, so it is not used\n"},
    {"service: {api_key: {path: x}}",
	"c.yaml:1:21: service.api_key.path: not known here; known are env, "
	"file, command, keyring\n"},
    {"service: {api_key: {env: A, file: B}}",
	"c.yaml:1:20: service.api_key: must be one of {file: ...}, {env: "
	"...}, {keyring: ...}, {command: [...]} or ask\n"},
    {"service: {api_key: {command: pass show}}",
	"c.yaml:1:30: service.api_key: must be a list: the program and its "
	"arguments\n"},
    {"service: {environment: practice}",
	"c.yaml:1:24: service.urls.api: environment: practice needs the "
	"address that belay practice prints, e.g. http://127.0.0.1:8080/v1\n"},
    {"service: {urls: {api: \"http://127.0.0.1:1/v1\"}}",
	"c.yaml:1:23: service.urls.api: the address at 127.0.0.1 is not "
	"https, so it is not used\n"},
    {"service: {urls: {api: \"https://evil.example.com/v1\"}}",
	"c.yaml:1:23: service.urls.api: evil.example.com is not a host of "
	"HealthSherpa; if it is right, add it to allow_hosts in the config\n"},
    {"service: {environment: practice, urls: {api: "
     "\"http://crm.example.com/v1\"}}",
	"c.yaml:1:46: service.urls.api: the address at crm.example.com is not "
	"https, so it is not used\n"},
    {"service: {urls: {api: \"https://api.medicare.healthsherpa.com/v1\"}}",
	"c.yaml:1:23: service.urls.api: api.medicare.healthsherpa.com does "
	"not belong to environment: staging\n"},
    {"service: {allow_hosts: [\"https://x.example.com\"]}",
	"c.yaml:1:25: service.allow_hosts: must be a host name in small "
	"letters, without https:// and path, not \"https://x.example.com\"\n"},
    {"sync: {burst: 0}",
	"c.yaml:1:15: sync.burst: must be a number from 1 to 10000\n"},
    {"sync: {concurrency: 65}",
	"c.yaml:1:21: sync.concurrency: must be a number from 1 to 64\n"},
    {"sync: {concurrency: many}",
	"c.yaml:1:21: sync.concurrency: must be a number from 1 to 64\n"},
    {"sync: {search_before_create: yes}",
	"c.yaml:1:30: sync.search_before_create: must be false or true, not "
	"\"yes\"\n"},
    {"sync: {adopt: always}",
	"c.yaml:1:15: sync.adopt: must be ask, exact or never, not "
	"\"always\"\n"},
    {"sync: {warnings: block}",
	"c.yaml:1:18: sync.warnings: must be send or hold, not \"block\"\n"},
    {"service: {timeout: 100ms}",
	"c.yaml:1:20: service.timeout: must be at least 1000ms, not 100ms\n"},
    {"desk: {colors: pink}",
	"c.yaml:1:16: desk.colors: must be auto, always, never, mono, light, "
	"dark or high-contrast, not \"pink\"\n"},
    {"desk: {styles: [a]}",
	"c.yaml:1:16: desk.styles: must be a map of styles to looks\n"},
    {"desk: {glyphs: some}",
	"c.yaml:1:16: desk.glyphs: must be auto, unicode or ascii, not "
	"\"some\"\n"},
    {"desk: {keys: [a]}",
	"c.yaml:1:14: desk.keys: must be a map of actions to keys\n"},
    {"desk: {filters: [a]}",
	"c.yaml:1:17: desk.filters: must be a map of names to filters, such "
	"as {florida: \"state:FL\"}\n"},
    {"desk: {filters: {two words: a}}",
	"c.yaml:1:18: desk.filters: a filter's name is one word of at most 32 "
	"letters, digits, - and _, not \"two words\"\n"},
    {"desk: {filters: {f: {state: FL}, g: }}",
	"c.yaml:1:21: desk.filters: must be a filter\n"
	"c.yaml:1:37: desk.filters: must be a filter\n"},
    {"mapping: {zpi: A}",
	"c.yaml:1:11: mapping.zpi: not known here; did you mean zip?\n"},
    /* all at once, in the order of the file */
    {"sync: {burst: x}\nmapping: {zpi: A}\ndesk: {mask: 1}\n",
	"c.yaml:1:15: sync.burst: must be a number from 1 to 10000\n"
	"c.yaml:2:11: mapping.zpi: not known here; did you mean zip?\n"
	"c.yaml:3:14: desk.mask: must be false or true, not \"1\"\n"},
};

TEST(config_keeps_filters_in_their_order)
{
	static const char text[] = "desk:\n"
				   "  filters:\n"
				   "    turning-65: \"t65<90 status:new\"\n"
				   "    Florida_2: state:FL # mine\n";
	struct err err = ERR_INIT;
	struct str problems;
	struct config *config;

	str_init(&problems, 1000);
	config = config_parse("c.yaml", text, strlen(text), &problems, &err);
	REQUIRE(config != NULL);
	REQUIRE(config->filter_count == 2);
	CHECK_TEXT(config->filters[0].name, "turning-65");
	CHECK_TEXT(config->filters[0].query, "t65<90 status:new");
	CHECK_INT(config->filters[0].line, 3);
	CHECK_INT(config->filters[0].column, 17);
	CHECK_TEXT(config->filters[1].name, "Florida_2");
	CHECK_TEXT(config->filters[1].query, "state:FL");
	CHECK(config_filter(config, "Florida_2") == &config->filters[1]);
	CHECK(config_filter(config, "florida_2") == NULL);
	config_free(config);
	str_release(&problems);
}

TEST(config_filter_names_are_one_word)
{
	CHECK(config_is_filter_name("turning-65"));
	CHECK(config_is_filter_name("A_b"));
	CHECK(config_is_filter_name("abcdefghijklmnopqrstuvwxyz012345"));
	CHECK(!config_is_filter_name("abcdefghijklmnopqrstuvwxyz0123456"));
	CHECK(!config_is_filter_name(""));
	CHECK(!config_is_filter_name("a b"));
	CHECK(!config_is_filter_name("a.b"));
	CHECK(!config_is_filter_name("\xc3\xa4"));
}

TEST(config_names_every_mistake)
{
	for (unsigned i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		struct str problems;

		str_init(&problems, 10000);
		CHECK(parse(mistakes[i].yaml, &problems) == NULL);
		CHECK_TEXT(problems.data, mistakes[i].message);
		str_release(&problems);
	}
}

TEST(config_counts_its_problems)
{
	static const char text[] = "sync: {burst: x}\ndesk: {mask: 1}\n";
	struct err err = ERR_INIT;
	struct str problems;

	str_init(&problems, 1000);
	CHECK(!config_parse("c.yaml", text, strlen(text), &problems, &err));
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK_TEXT(err.text, "c.yaml has 2 problems");
	str_reset(&problems);
	CHECK(!config_parse("c.yaml", "a: [", 4, &problems, &err));
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK_TEXT(err.text, "c.yaml has 1 problem");
	CHECK(str_starts(problems.data, "c.yaml:"));
	str_release(&problems);
}

TEST(config_mapping_may_be_a_file_beside)
{
	char path[512];
	struct err err = ERR_INIT;
	struct str problems;
	struct config *config;

	str_init(&problems, 1000);
	snprintf(path, sizeof(path), "%s/hub.yaml", check_directory());
	check_write(path, "city: Town\nzip: Postal\n");
	snprintf(path, sizeof(path), "%s/wrapped.yaml", check_directory());
	check_write(path, "# ours\nmapping:\n  city: Town\n");
	snprintf(path, sizeof(path), "%s/bad.yaml", check_directory());
	check_write(path, "\ncity: {}\n");
	snprintf(path, sizeof(path), "%s/c.yaml", check_directory());
	for (unsigned i = 0; i < 4; i++) {
		static const char *const texts[] = {"mapping: hub.yaml\n",
		    "mapping: wrapped.yaml\n", "mapping: bad.yaml\n",
		    "mapping: none.yaml\n"};

		check_write(path, texts[i]);
		str_reset(&problems);
		config = config_load(path, &problems, &err);
		CHECK_INT(config != NULL, i < 2);
		if (config)
			CHECK(mapping_has(config->mapping, FIELD_CITY));
		if (i == 2)
			CHECK(strstr(problems.data,
			    "/bad.yaml:2:7: mapping.city: needs one of"));
		if (i == 3)
			CHECK(strstr(problems.data, "c.yaml:1:10: mapping: "));
		config_free(config);
	}
	str_release(&problems);
}

static char *
load_problems(const char *name, const char *text)
{
	char path[512];
	struct err err = ERR_INIT;
	struct str problems;
	struct config *config;

	snprintf(path, sizeof(path), "%s/%s", check_directory(), name);
	check_write(path, text);
	str_init(&problems, 10000);
	config = config_load(path, &problems, &err);
	CHECK((config == NULL) == (problems.len > 0));
	config_free(config);
	return str_take(&problems);
}

TEST(config_mapping_must_be_rules)
{
	static const struct {
		const char *mapping, *should;
	} cases[] = {
	    {"mapping: other.yaml\n",
		"/m.yaml:1:10: mapping: a mapping's file cannot name another "
		"one; it has the rules\n"},
	    {"mapping: m.yaml\n",
		"/m.yaml:1:10: mapping: a mapping's file cannot name another "
		"one; it has the rules\n"},
	    {"sync: {rate: 4/s}\nmapping: {city: Town}\n",
		"/m.yaml:2:10: mapping: this is a whole config; a file that is "
		"named as a mapping has nothing but the rules\n"},
	    {"just text\n",
		"/m.yaml:1:1: mapping: must be a map of HealthSherpa's fields "
		"to columns\n"},
	    {"city: [\n", "/m.yaml:2:1: no valid YAML: "},
	    {"", ""},
	    {"mapping:\n", ""},
	};
	char path[512];

	snprintf(path, sizeof(path), "%s/m.yaml", check_directory());
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *problems;

		check_write(path, cases[i].mapping);
		problems = load_problems("c.yaml", "mapping: m.yaml\n");
		if (!CHECK(strstr(problems, cases[i].should) &&
			   (*cases[i].should || !*problems)))
			CHECK_TEXT(problems, cases[i].should);
		free(problems);
	}
	{
		char *problems = load_problems("c.yaml", "mapping: c.yaml\n");

		CHECK(strstr(problems, "/c.yaml:1:10: mapping: this names the "
				       "config itself; put the rules here, or "
				       "into a file of their own\n"));
		free(problems);
	}
}

TEST(config_and_its_mapping_tell_their_problems_together)
{
	char path[512], should[2048];
	char *problems;

	snprintf(path, sizeof(path), "%s/m.yaml", check_directory());
	check_write(path, "zap: Z\ncity: {line: 0}\n");
	problems = load_problems(
	    "c.yaml", "sync: {rite: 4/s}\nmapping: m.yaml\ndesk: {musk: 1}\n");
	snprintf(should, sizeof(should),
	    "%s/c.yaml:1:8: sync.rite: not known here; did you mean rate?\n"
	    "%s/m.yaml:1:1: mapping.zap: not known here; did you mean zip?\n"
	    "%s/m.yaml:2:14: mapping.city.line: must be a number from 1, or "
	    "2.. or 1..3\n"
	    "%s/m.yaml:2:7: mapping.city: needs one of column, join, template, "
	    "value, pair or list\n"
	    "%s/c.yaml:3:8: desk.musk: not known here; did you mean mask?\n",
	    check_directory(), check_directory(), check_directory(),
	    check_directory(), check_directory());
	CHECK_TEXT(problems, should);
	free(problems);
}

/* Each names it from where it lies itself. */
TEST(config_mapping_serves_several_configs)
{
	static const char *const configs[][2] = {
	    {"c1.yaml", "mapping: office/m.yaml\n"},
	    {"office/c2.yaml", "mapping: m.yaml\nsync: {rate: 4/s}\n"},
	    {"deep/c3.yaml", "mapping: ../office/m.yaml\n"},
	};
	char path[512];

	snprintf(path, sizeof(path), "%s/office", check_directory());
	CHECK(mkdir(path, 0700) == 0);
	snprintf(path, sizeof(path), "%s/deep", check_directory());
	CHECK(mkdir(path, 0700) == 0);
	snprintf(path, sizeof(path), "%s/office/m.yaml", check_directory());
	check_write(path, "city: Town\n");
	for (size_t i = 0; i < sizeof(configs) / sizeof(configs[0]); i++) {
		struct err err = ERR_INIT;
		struct str problems;
		struct config *config;

		str_init(&problems, 10000);
		snprintf(path, sizeof(path), "%s/%s", check_directory(),
		    configs[i][0]);
		check_write(path, configs[i][1]);
		config = config_load(path, &problems, &err);
		CHECK_TEXT(problems.data, "");
		REQUIRE(config != NULL);
		CHECK(config->mapping_path &&
		      str_ends(config->mapping_path, "office/m.yaml"));
		CHECK(mapping_has(config->mapping, FIELD_CITY));
		config_free(config);
		str_release(&problems);
	}
}

TEST(config_load_finds_its_place)
{
	char path[512];
	struct err err = ERR_INIT;
	struct str problems;
	struct config *config;

	str_init(&problems, 1000);
	setenv("XDG_CONFIG_HOME", check_directory(), 1);
	config = config_load(NULL, &problems, &err);
	REQUIRE(config != NULL);
	CHECK(config->path == NULL);
	config_free(config);
	snprintf(path, sizeof(path), "%s/none.yaml", check_directory());
	CHECK(!config_load(path, &problems, &err));
	CHECK_INT(err.kind, ERR_NO_INPUT);
	CHECK(strstr(err.text, "none.yaml"));
	CHECK_TEXT(problems.data, "");
	str_release(&problems);
}

TEST(config_wants_the_agent_where_it_can_be_kept)
{
	static const struct {
		const char *yaml;
		bool wants;
	} tests[] = {
	    {"", true},
	    {"service: {environment: staging}", true},
	    {"service: {agent_email: a@example.com}", false},
	    {"service: {version: v2}", false},
	    {"profiles: {ann: {agent_email: a@example.com}}", false},
	};

	for (unsigned i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		struct config *config = parse_good(tests[i].yaml);

		CHECK_INT(config_wants_agent(config), tests[i].wants);
		config_free(config);
	}
}

TEST(config_says_what_sending_needs)
{
	static const struct {
		const char *yaml, *words;
	} tests[] = {
	    {"", "your e-mail is missing"},
	    {"service: {agent_email: a@example.com}", "the API key is missing"},
	    {"service: {version: v2}", "v2 needs service.oauth.client_id"},
	    {"service: {version: v2, oauth: {client_id: x}}",
		"the client secret is missing"},
	};
	struct config *config;
	struct err err = ERR_INIT;

	for (unsigned i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		config = parse_good(tests[i].yaml);
		CHECK(!config_ready_to_send(config, &err));
		CHECK(str_starts(err.text, tests[i].words));
		config_free(config);
	}
	config = parse_good("service: {agent_email: a@example.com, api_key: "
			    "{env: K}}");
	CHECK(config_ready_to_send(config, &err));
	config_free(config);
}

/* ---- two of them -----------------------------------------------------------
 */

TEST(config_knows_what_differs)
{
	static const struct {
		const char *text;
		unsigned bits;
	} cases[] = {
	    {"", 0},
	    {"# a word", 0},
	    {"contacts: /c/y.csv", CONFIG_DIFFERS_CONTACTS},
	    {"service: {version: v2}",
		CONFIG_DIFFERS_SERVICE | CONFIG_DIFFERS_ROWS},
	    {"service: {environment: production}",
		CONFIG_DIFFERS_SERVICE | CONFIG_DIFFERS_ENVIRONMENT},
	    {"service: {agent_email: b@example.com}", CONFIG_DIFFERS_SERVICE},
	    {"service: {api_key: {env: K}}", CONFIG_DIFFERS_SERVICE},
	    {"service: {api_key: {file: k}}", CONFIG_DIFFERS_SERVICE},
	    {"service: {api_key: {command: [k]}}", CONFIG_DIFFERS_SERVICE},
	    {"service: {oauth: {client_id: i}}", CONFIG_DIFFERS_SERVICE},
	    {"service: {oauth: {client_secret: {env: S}}}",
		CONFIG_DIFFERS_SERVICE},
	    {"service: {oauth: {redirect_uri: 'http://127.0.0.1:1/c'}}",
		CONFIG_DIFFERS_SERVICE},
	    {"service: {timeout: 50s}", CONFIG_DIFFERS_SERVICE},
	    {"service: {ca_file: /ca.pem}", CONFIG_DIFFERS_SERVICE},
	    {"service: {allow_hosts: [a.example]}", CONFIG_DIFFERS_SERVICE},
	    {"service: {dialect: {v2_body: flat}}", CONFIG_DIFFERS_SERVICE},
	    {"service: {dialect: {search_envelope: flat}}",
		CONFIG_DIFFERS_SERVICE},
	    {"service: {dialect: {birth_date_key: date_of_birth}}",
		CONFIG_DIFFERS_SERVICE},
	    {"mapping: {city: Town}", CONFIG_DIFFERS_ROWS},
	    {"result_columns: {healthsherpa_id: null}",
		CONFIG_DIFFERS_ROWS | CONFIG_DIFFERS_RESULTS},
	    {"result_columns: {quote_url: Q}",
		CONFIG_DIFFERS_ROWS | CONFIG_DIFFERS_RESULTS},
	    {"result_columns: {synced_at: S}",
		CONFIG_DIFFERS_ROWS | CONFIG_DIFFERS_RESULTS},
	    {"sync: {rate: 9/s}", CONFIG_DIFFERS_SERVICE},
	    {"sync: {rate: 16/2s}", CONFIG_DIFFERS_SERVICE},
	    {"sync: {burst: 3}", CONFIG_DIFFERS_SERVICE},
	    {"sync: {concurrency: 3}", CONFIG_DIFFERS_SERVICE},
	    {"sync: {settle: 3s}", CONFIG_DIFFERS_SERVICE},
	    {"sync: {search_before_create: false}", CONFIG_DIFFERS_SERVICE},
	    {"sync: {adopt: never}", CONFIG_DIFFERS_SERVICE},
	    {"sync: {warnings: hold}", CONFIG_DIFFERS_ROWS},
	    {"desk: {after_sync: open}", CONFIG_DIFFERS_REST},
	    {"desk: {mask: false}", CONFIG_DIFFERS_REST},
	    {"desk: {idle_blank: 1s}", CONFIG_DIFFERS_REST},
	    {"desk: {columns: [name]}", CONFIG_DIFFERS_REST},
	    {"desk: {sort: [-name]}", CONFIG_DIFFERS_REST},
	    {"desk: {colors: never}", CONFIG_DIFFERS_COLORS},
	    {"desk: {glyphs: ascii}", CONFIG_DIFFERS_COLORS},
	    {"desk: {mouse: true}", CONFIG_DIFFERS_COLORS},
	    {"desk: {styles: {good: red}}", CONFIG_DIFFERS_COLORS},
	    {"desk: {keys: {sync: F5}}", CONFIG_DIFFERS_KEYS},
	};
	struct config *usual = parse_good("");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config *config = parse_good(cases[i].text);
		unsigned bits = config_differs(usual, config);

		/* what the environment implies goes along */
		if (!CHECK_INT(bits, cases[i].bits) ||
		    !CHECK_INT(config_differs(config, usual), cases[i].bits))
			printf("# %s\n", cases[i].text);
		CHECK_INT(config_differs(config, config), 0);
		config_free(config);
	}
	config_free(usual);
}

TEST(config_compares_mappings_by_what_they_say)
{
	struct config *a = parse_good(
	    "mapping: {city: Town, zip: {column: ZIP, line: 1}}\n");
	struct config *b = parse_good(
	    "# moved\nmapping:\n  city: Town # theirs\n"
	    "  zip:\n    column: ZIP\n    line: 1\n");
	struct config *c = parse_good(
	    "mapping: {city: Town, zip: {column: ZIP, line: 2}}\n");

	CHECK_INT(config_differs(a, b), 0);
	CHECK_INT(config_differs(a, c), CONFIG_DIFFERS_ROWS);
	config_swap(a, c);
	CHECK_INT(config_differs(a, b), CONFIG_DIFFERS_ROWS);
	CHECK_INT(config_differs(b, c), 0);
	/* wherever it came from */
	config_set_mapping(a, mapping_clone(b->mapping));
	CHECK_INT(config_differs(a, b), 0);
	config_free(a);
	config_free(b);
	config_free(c);
}

TEST(config_finds_places)
{
	const char *text = "service: {}\nmapping:\n  # a word\n  city: Town\n";
	unsigned column;
	char path[300];

	snprintf(path, sizeof(path), "%s/c.yaml", check_directory());
	check_write(path, text);
	CHECK_INT(config_place(path, "mapping.city", &column), 4);
	CHECK_INT(column, 3);
	CHECK_INT(config_place(path, "mapping.zip", &column), 2);
	CHECK_INT(config_place(path, "mapping", &column), 2);
	CHECK_INT(config_place(path, "desk.keys", &column), 0);
	check_write(path, "a: [");
	CHECK_INT(config_place(path, "a", &column), 0);
	CHECK_INT(config_place("/nonexistent", "a", &column), 0);
}

static void
check_split(const char *line, const char *file, unsigned number,
    unsigned column, const char *key, const char *text)
{
	size_t count;
	struct problem *list = problems_split(line, &count);

	REQUIRE(count == 1);
	CHECK_TEXT(list->file, file);
	CHECK_INT(list->line, number);
	CHECK_INT(list->column, column);
	CHECK_TEXT(list->key, key);
	CHECK_TEXT(list->text, text);
	problems_free(list, count);
}

TEST(problems_are_taken_apart)
{
	size_t count;

	check_split("/c/b.yaml:12:3: mapping.zip: no such column\n",
	    "/c/b.yaml", 12, 3, "mapping.zip", "no such column");
	check_split("/c/b.yaml: result_columns.x: why: so", "/c/b.yaml", 0, 0,
	    "result_columns.x", "why: so");
	check_split("/c:1/b:2.yaml:12:3: bad text: here", "/c:1/b:2.yaml", 12,
	    3, "", "bad text: here");
	check_split("no more", "", 0, 0, "", "no more");
	check_split("a:1:2:3: b", "a:1", 2, 3, "", "b");
	CHECK(problems_split("", &count) == NULL && count == 0);
}

TEST(config_login_advice_names_the_profile)
{
	char text[CONFIG_ADVICE_SIZE], longest[CONFIG_PROFILE_MAX + 1];
	size_t len;

	CHECK_TEXT(config_login_advice(NULL, true, text), CONFIG_LOG_IN_AGAIN);
	CHECK_TEXT(config_login_advice("", false, text),
	    "log in with 'belay login', or L in the desk");
	CHECK_TEXT(config_login_advice("maria", true, text),
	    "log in again with 'belay login -P maria', or L in the desk");
	memset(longest, 'x', CONFIG_PROFILE_MAX);
	longest[CONFIG_PROFILE_MAX] = '\0';
	len = strlen(config_login_advice(longest, true, text));
	CHECK_INT(len,
	    strlen(CONFIG_LOG_IN_AGAIN) + strlen(" -P ") + CONFIG_PROFILE_MAX);
}

TEST(config_places_of_secrets_that_are_fine)
{
	static const char *const places[] = {"{env: KEY_2}",
	    "{env: A123456789A123456789A123456789A123456789A123456789A12345678"
	    "9A123}",
	    "{file: key}", "{file: ~/.config/belay/not-there-2026-client-key}",
	    "{file: key-of-the-agency-2026.txt}", "{command: [pass, show, x]}",
	    "{command: [sh, -c, cat_not_to_be_shown_12345]}"};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct str yaml;

		str_init(&yaml, 400);
		str_addf(&yaml, "service: {api_key: %s}", places[i]);
		config_free(parse_good(yaml.data));
		str_release(&yaml);
	}
}

/* Written and read again they are the same, whatever they are called. */
TEST(config_columns_come_back)
{
	static const char text[] =
	    "desk: {columns: [name, {t65: 12}, {column: status}, \"a, b\", "
	    "{column: \"x: y\", width: 3}, \"12\"], sort: [-t65, name, "
	    "{column: -x, reversed: true}, -]}";
	static const char *const columns[] = {
	    "name", "t65", "status", "a, b", "x: y", "12"};
	struct config *config = parse_good(text), *again;
	struct str yaml;

	REQUIRE(config->columns.count == 6 && config->sort.count == 4);
	for (size_t i = 0; i < 6; i++)
		CHECK_TEXT(config->columns.list[i].name, columns[i]);
	CHECK_INT(config->columns.list[1].width, 12);
	CHECK(config->columns.list[2].of_file);
	CHECK_INT(config->columns.list[4].width, 3);
	CHECK_TEXT(config->sort.list[0].name, "t65");
	CHECK(config->sort.list[0].reversed && !config->sort.list[1].reversed);
	CHECK_TEXT(config->sort.list[2].name, "-x");
	CHECK_TEXT(config->sort.list[3].name, "-");
	str_init(&yaml, 4096);
	str_add(&yaml, "desk:\n  columns: ");
	config_columns_write(&config->columns, &yaml);
	str_add(&yaml, "\n  sort: ");
	config_columns_write(&config->sort, &yaml);
	again = parse_good(yaml.data);
	CHECK(config_columns_same(&config->columns, &again->columns));
	CHECK(config_columns_same(&config->sort, &again->sort));
	CHECK_INT(config_differs(config, again), 0);
	str_release(&yaml);
	config_free(config);
	config_free(again);
}
