/* SPDX-License-Identifier: MIT */
/* A config for one agent of an agency. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "book/config.h"
#include "book/mapping.h"
#include "check.h"

static const char agency[] = "contacts: all.csv\n"
			     "service:\n"
			     "  agent_email: office@example.com\n"
			     "  api_key: {env: OFFICE}\n"
			     "mapping: {external_id: Id}\n"
			     "profiles:\n"
			     "  maria:\n"
			     "    contacts: maria.csv\n"
			     "    agent_email: maria@example.com\n"
			     "    api_key: {keyring: maria}\n"
			     "    mapping: maria.yaml\n"
			     "  jose:\n"
			     "    environment: production\n"
			     "    allow_hosts: [jose.example.com]\n"
			     "    contacts: jose.csv\n"
			     "  plain:\n";

static const char *
place(const char *name)
{
	static char paths[4][PATH_MAX];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, PATH_MAX, "%s/%s", check_directory(), name);
	return path;
}

static struct config *
load(const char *text, const char *profile, const char *file, struct err *err)
{
	const struct config_choice choice = {
	    .profile = profile, .file = file, .state_dir = "/state"};
	struct config *config;
	struct str problems;

	check_write(place("c.yaml"), text);
	check_write(place("maria.yaml"), "external_id: Number\n");
	str_init(&problems, 10000);
	config = config_load_for(place("c.yaml"), &choice, &problems, err);
	CHECK_TEXT(problems.data, "");
	str_release(&problems);
	return config;
}

static void
check_refused(
    const char *text, const char *profile, const char *file, const char *words)
{
	struct err err = ERR_INIT;

	CHECK(!load(text, profile, file, &err));
	CHECK_INT(err.kind, ERR_USAGE);
	if (!CHECK(strstr(err.text, words) != NULL))
		printf("# %s\n", err.text);
}

TEST(profile_stands_over_what_all_have)
{
	struct err err = ERR_INIT;
	struct config *config = load(agency, "maria", NULL, &err);
	struct str rule;

	REQUIRE(config != NULL);
	CHECK_TEXT(config->profile, "maria");
	CHECK_TEXT(config->contacts, place("maria.csv"));
	CHECK_TEXT(config->agent_email, "maria@example.com");
	CHECK_INT(config->environment, SERVICE_STAGING);
	CHECK_INT(config->api_key.kind, SECRET_KEYRING);
	CHECK(!config->api_key.name);
	CHECK_TEXT(config->api_key.argv[0], "secret-tool");
	CHECK_TEXT(config->api_key.argv[5], "maria");
	CHECK(!config->api_key.argv[6]);
	CHECK_TEXT(config->mapping_path, place("maria.yaml"));
	str_init(&rule, 100);
	mapping_describe(config->mapping, FIELD_EXTERNAL_ID, &rule);
	CHECK_TEXT(rule.data, "Number");
	str_release(&rule);
	CHECK_TEXT(config->profiles[2], "plain");
	CHECK(!config->profiles[3]);
	config_free(config);

	config = load(agency, "jose", NULL, &err);
	REQUIRE(config != NULL);
	CHECK_TEXT(config->agent_email, "office@example.com");
	CHECK_INT(config->environment, SERVICE_PRODUCTION);
	CHECK_TEXT(config->api_url, "https://api.medicare.healthsherpa.com/v1");
	CHECK_TEXT(config->allow_hosts[0], "jose.example.com");
	CHECK_TEXT(config->api_key.name, "OFFICE");
	config_free(config);

	config = load(agency, "plain", NULL, &err);
	REQUIRE(config != NULL);
	CHECK_TEXT(config->contacts, place("all.csv"));
	config_free(config);
}

TEST(profile_is_chosen_by_the_file)
{
	struct err err = ERR_INIT;
	struct config *config, *again;
	struct str problems;

	check_write(place("maria.csv"), "");
	unlink(place("link.csv"));
	REQUIRE(symlink(place("maria.csv"), place("link.csv")) == 0);
	config = load(agency, NULL, place("link.csv"), &err);
	REQUIRE(config != NULL);
	CHECK_TEXT(config->profile, "maria");
	str_init(&problems, 1000);
	again = config_load_again(config, &problems, &err);
	REQUIRE(again != NULL);
	CHECK_TEXT(again->profile, "maria");
	CHECK_INT(config_differs(config, again), 0);
	config_free(again);
	config_free(config);
	str_release(&problems);

	config = load(agency, NULL, place("other.csv"), &err);
	REQUIRE(config != NULL);
	CHECK(!config->profile);
	config_free(config);

	config = load("contacts: maria.csv\n"
		      "profiles: {maria: {contacts: maria.csv}}",
	    NULL, NULL, &err);
	REQUIRE(config != NULL);
	CHECK_TEXT(config->profile, "maria");
	config_free(config);
}

TEST(profile_that_cannot_be_chosen)
{
	check_refused(agency, "mara", NULL, "did you mean 'maria'?");
	check_refused(agency, "x", NULL, "has no profile 'x'");
	check_refused("", "maria", NULL, "has no profiles");
	check_refused(agency, "maria", place("jose.csv"),
	    "is the file of profile jose, not of maria");
	check_refused("profiles:\n"
		      "  maria: {contacts: a.csv}\n"
		      "  jose: {contacts: a.csv}\n",
	    NULL, place("a.csv"), "--profile maria or --profile jose");
}

/* What a profile alone makes whole is no mistake of what all have. */
TEST(profile_may_bring_what_is_needed)
{
	static const char text[] =
	    "service: {environment: practice}\n"
	    "profiles: {maria: {urls: {api: \"http://127.0.0.1:1/v1\"}}}\n";
	struct err err = ERR_INIT;
	struct config *config = load(text, "maria", NULL, &err);

	REQUIRE(config != NULL);
	CHECK_TEXT(config->api_url, "http://127.0.0.1:1/v1");
	config_free(config);
	config = load(text, NULL, NULL, &err);
	REQUIRE(config != NULL);
	CHECK(!config_ready_to_send(config, &err));
	config_free(config);
}

TEST(profile_list_that_is_empty_is_none)
{
	static const char incomplete[] =
	    "profiles: {}\nservice: {environment: practice}";
	struct err err = ERR_INIT;
	struct config *config = load("profiles: {}", NULL, NULL, &err);
	struct str problems;

	REQUIRE(config != NULL);
	CHECK(!config->profiles);
	config_free(config);
	str_init(&problems, 1000);
	CHECK(!config_parse(
	    "c.yaml", incomplete, strlen(incomplete), &problems, &err));
	CHECK(strstr(problems.data, "service.urls.api") != NULL);
	str_release(&problems);
}

/* A key is kept for the config, the environment and the profile that it was
 * typed for. */
TEST(profile_has_a_key_of_its_own)
{
	static const char *const names[] = {"maria", "jose", "plain", NULL};
	struct config *configs[4];
	struct err err = ERR_INIT;

	for (unsigned i = 0; i < 4; i++) {
		configs[i] = load(agency, names[i], NULL, &err);
		REQUIRE(configs[i] != NULL);
		CHECK(str_starts(configs[i]->api_key.kept, "/state/keys/"));
		CHECK_TEXT(configs[i]->api_key.variable, "BELAY_API_KEY");
	}
	CHECK(strstr(configs[0]->api_key.kept, "-maria.api-key") != NULL);
	CHECK(strstr(configs[1]->api_key.kept, "production-") != NULL);
	for (unsigned i = 0; i < 4; i++)
		for (unsigned k = 0; k < i; k++)
			CHECK(strcmp(configs[i]->api_key.kept,
				  configs[k]->api_key.kept) != 0);
	for (unsigned i = 0; i < 4; i++)
		config_free(configs[i]);
}

TEST(profile_asks_for_a_key_when_that_is_all_that_is_missing)
{
	struct err err = ERR_INIT;
	struct config *config = load(
	    "service: {agent_email: a@example.com}", NULL, NULL, &err);
	struct str words;

	REQUIRE(config != NULL);
	CHECK(config_wants_secret(config));
	CHECK(!config_ready_to_send(config, &err));
	str_init(&words, 2000);
	config_explain_secret(config, &words);
	CHECK(strstr(words.data, config->api_key.kept) != NULL);
	str_reset(&words);
	config_free(config);

	config = load("service: {agent_email: a@example.com, api_key: ask}",
	    NULL, NULL, &err);
	REQUIRE(config != NULL);
	CHECK(config_wants_secret(config));
	config_explain_secret(config, &words);
	CHECK(strstr(words.data, "not written down") != NULL);
	config_free(config);

	config = load("service: {version: v2, agent_email: a@example.com, "
		      "oauth: {client_id: x, client_secret: ask}}",
	    NULL, NULL, &err);
	REQUIRE(config != NULL);
	CHECK(config_wants_secret(config));
	CHECK(!config_ready_to_send(config, &err));
	CHECK(strstr(err.text, "client secret has to be typed") != NULL);
	str_reset(&words);
	config_explain_secret(config, &words);
	CHECK(str_starts(words.data,
	    "The client secret of your agency's application at HealthSherpa"));
	config_free(config);

	config = load(
	    "service: {version: v2, oauth: {client_id: x}}", NULL, NULL, &err);
	REQUIRE(config != NULL);
	CHECK(config_wants_secret(config));
	str_reset(&words);
	config_explain_secret(config, &words);
	CHECK(strstr(words.data, config->oauth_client_secret.kept) != NULL);
	str_release(&words);
	config_free(config);

	/* a client ID cannot be typed */
	config = load("service: {version: v2}", NULL, NULL, &err);
	REQUIRE(config != NULL);
	CHECK(!config_wants_secret(config));
	config_free(config);

	config = load("service: {api_key: ask}", NULL, NULL, &err);
	REQUIRE(config != NULL);
	CHECK(!config_wants_secret(config));
	config_free(config);
}

TEST(profile_agent_by_contact_needs_none_for_all)
{
	struct err err = ERR_INIT;
	struct config *config = load(
	    "service: {api_key: {env: K}}\n"
	    "mapping: {external_id: Id, agent_email: Owner}\n",
	    NULL, NULL, &err);

	REQUIRE(config != NULL);
	CHECK(config_agent_by_contact(config));
	CHECK(config_ready_to_send(config, &err));
	CHECK_TEXT(config_agent_words(config, NULL), "agents by contact");
	config->version = SERVICE_V2;
	CHECK(!config_agent_by_contact(config));
	config_free(config);
}

TEST(profile_who_sends_by_version)
{
	static const struct {
		const char *yaml, *account, *words;
	} cases[] = {
	    {"{}", NULL, "no agent yet"},
	    {"{agent_email: a@example.com}", "b@example.com", "a@example.com"},
	    {"{version: v2}", NULL, "not logged in"},
	    {"{version: v2}", "", "logged in"},
	    {"{version: v2}", "b@example.com", "b@example.com"},
	    {"{version: v2, agent_email: a@example.com}", NULL,
		"a@example.com"},
	    {"{version: v2, agent_email: a@example.com}", "", "a@example.com"},
	    {"{version: v2, agent_email: a@example.com}", "b@example.com",
		"b@example.com"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = ERR_INIT;
		struct config *config;
		struct str yaml;

		str_init(&yaml, 200);
		str_addf(&yaml, "service: %s", cases[i].yaml);
		config = load(yaml.data, NULL, NULL, &err);
		REQUIRE(config != NULL);
		CHECK_TEXT(config_agent_words(config, cases[i].account),
		    cases[i].words);
		config_free(config);
		str_release(&yaml);
	}
}
