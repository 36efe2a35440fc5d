/* SPDX-License-Identifier: MIT */
/* Starts and stops the server's parts and drives them by the caller's loop. */
#include "practice/practice.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/file.h"
#include "base/httpd.h"
#include "base/mem.h"
#include "base/str.h"
#include "practice/faults.h"
#include "practice/grants.h"
#include "practice/handle.h"
#include "practice/received.h"
#include "practice/sample.h"
#include "practice/store.h"

enum { SCRIPT_MAX = 1 << 20 };

struct practice {
	struct httpd *httpd;
	struct handling handling;
	char *api_key;
	char *agent_email;
	char *client_id;
	char *client_secret;
	char *redirect_uri;
	struct grants *grants;
	char url[128];
};

void
practice_step(struct practice *practice)
{
	httpd_run(practice->httpd);
	if (handle_due(&practice->handling))
		httpd_run(practice->httpd);
}

int
practice_fd(const struct practice *practice)
{
	return httpd_fd(practice->httpd);
}

int64_t
practice_timeout(const struct practice *practice)
{
	int64_t timeout = httpd_timeout(practice->httpd);
	int64_t due = handle_next_due(&practice->handling);

	if (timeout < 0 || (due >= 0 && due < timeout))
		return due;
	return timeout;
}

static char *
copy_or_null(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

static bool
read_script(struct practice *practice, const struct practice_options *options,
    struct err *err)
{
	struct file_identity identity;
	struct str text;

	if (!options->script_path)
		return true;
	str_init(&text, SCRIPT_MAX);
	if (file_read_all(options->script_path, &text, &identity, err))
		practice->handling.faults = faults_parse(
		    options->script_path, text.data, options->seed, err);
	str_release(&text);
	return practice->handling.faults != NULL;
}

static bool
read_switches(struct practice *practice, const struct practice_options *options,
    struct err *err)
{
	switches_init(&practice->handling.switches);
	for (size_t i = 0; options->switches && options->switches[i]; i++)
		if (!switches_set(&practice->handling.switches,
			options->switches[i], err))
			return false;
	handle_start(&practice->handling);
	return true;
}

static bool
listen_on(struct practice *practice, const struct practice_options *options,
    struct err *err)
{
	const char *address = options->address ? options->address : "127.0.0.1";
	const struct httpd_options listener = {.address = address,
	    .port = options->port,
	    .cert_file = options->cert_file,
	    .key_file = options->key_file};
	bool six = strchr(address, ':') != NULL;

	practice->httpd = httpd_start(
	    &listener, handle_request, &practice->handling, err);
	if (!practice->httpd)
		return false;
	snprintf(practice->url, sizeof(practice->url), "%s://%s%s%s:%d",
	    options->cert_file ? "https" : "http", six ? "[" : "", address,
	    six ? "]" : "", httpd_port(practice->httpd));
	return true;
}

static bool
open_grants(struct practice *practice, const struct practice_options *options,
    struct err *err)
{
	char *path = NULL;
	struct str text;

	if (options->store_path) {
		str_init(&text, PATH_MAX);
		str_addf(&text, "%s.grants", options->store_path);
		path = str_take(&text);
	}
	practice->grants = grants_open(path, err);
	free(path);
	return practice->grants != NULL;
}

static bool
prepare_oauth(struct practice *practice, const struct practice_options *options,
    struct err *err)
{
	if (options->redirect_uri &&
	    !oauth_check_redirect(options->redirect_uri, err))
		return false;
	if (!open_grants(practice, options, err))
		return false;
	practice->client_id = copy_or_null(options->client_id);
	practice->client_secret = copy_or_null(options->client_secret);
	practice->redirect_uri = copy_or_null(options->redirect_uri);
	practice->handling.oauth = (struct oauth_server){
	    .grants = practice->grants,
	    .switches = &practice->handling.switches,
	    .clock = practice->handling.clock,
	    .client_id = practice->client_id,
	    .client_secret = practice->client_secret,
	    .redirect_uri = practice->redirect_uri,
	    .agent_email = practice->agent_email,
	};
	return true;
}

static bool
prepare(struct practice *practice, const struct practice_options *options,
    struct err *err)
{
	if (!read_switches(practice, options, err) ||
	    !read_script(practice, options, err))
		return false;
	practice->handling.store = store_open(
	    options->store_path, options->seed, err);
	if (!practice->handling.store)
		return false;
	if (options->log_path) {
		practice->handling.log = received_open(options->log_path, err);
		if (practice->handling.log < 0)
			return false;
	}
	practice->api_key = copy_or_null(options->api_key);
	practice->agent_email = copy_or_null(options->agent_email);
	if (!prepare_oauth(practice, options, err))
		return false;
	practice->handling.api = (struct api){
	    .store = practice->handling.store,
	    .switches = &practice->handling.switches,
	    .clock = practice->handling.clock,
	    .grants = practice->grants,
	    .api_key = practice->api_key,
	    .agent_email = practice->agent_email,
	    .base_url = practice->url,
	};
	return !options->sample || store_count(practice->handling.store) > 0 ||
	       sample_seed(practice, err);
}

struct practice *
practice_start(const struct practice_options *options, struct err *err)
{
	struct practice *practice = mem_zalloc(sizeof(*practice));

	practice->handling.log = -1;
	practice->handling.clock = options->clock ? options->clock
						  : &clock_system;
	if (!prepare(practice, options, err) ||
	    !listen_on(practice, options, err)) {
		practice_stop(practice);
		return NULL;
	}
	return practice;
}

void
practice_stop(struct practice *practice)
{
	if (!practice)
		return;
	if (practice->httpd)
		httpd_stop(practice->httpd);
	handle_release(&practice->handling);
	if (practice->handling.log >= 0)
		close(practice->handling.log);
	store_close(practice->handling.store);
	faults_free(practice->handling.faults);
	free(practice->api_key);
	free(practice->agent_email);
	free(practice->client_id);
	if (practice->client_secret)
		crypto_wipe(
		    practice->client_secret, strlen(practice->client_secret));
	free(practice->client_secret);
	free(practice->redirect_uri);
	grants_close(practice->grants);
	free(practice);
}

const char *
practice_url(const struct practice *practice)
{
	return practice->url;
}

struct store *
practice_store(struct practice *practice)
{
	return practice->handling.store;
}
