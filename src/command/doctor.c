/* SPDX-License-Identifier: MIT */
/*
 * `belay doctor`: looks at everything a sync needs, one line each, and goes on
 * where something is wrong. It changes nothing: HealthSherpa gets one search
 * for a person that nobody is. With --repair a ledger that cannot be used is
 * set aside and made anew.
 */
#include "command/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "command/command.h"
#include "command/output.h"
#include "command/session.h"
#include "partner/login.h"
#include "partner/partner.h"
#include "sync/elsewhere.h"
#include "sync/repair.h"
#include "sync/sync.h"

enum { TEXT_MAX = 4096 };

static const char *const verdict_words[VERDICT_COUNT] = {
    [VERDICT_OK] = "ok",
    [VERDICT_LOOK] = "look",
    [VERDICT_WRONG] = "wrong",
};

void
doctor_say(struct doctor *doctor, enum verdict verdict, const char *check,
    const char *text, const char *advice)
{
	struct json *object;
	struct str line;

	doctor->counts[verdict]++;
	if (doctor->json) {
		object = json_object();
		json_add_string(object, "check", check);
		json_add_string(object, "verdict", verdict_words[verdict]);
		json_add_string(object, "text", text);
		output_add_text(object, "advice", advice);
		output_json(object);
		return;
	}
	str_init(&line, 4 * TEXT_MAX);
	text_clean(&line, text, strlen(text));
	printf("%-6s %-12s %s\n", verdict_words[verdict], check, line.data);
	str_reset(&line);
	text_clean(&line, advice, strlen(advice));
	if (*advice)
		printf("%20s-> %s\n", "", line.data);
	str_release(&line);
}

void
doctor_sayf(struct doctor *doctor, enum verdict verdict, const char *check,
    const char *advice, const char *format, ...)
{
	struct str text;
	va_list args;

	str_init(&text, TEXT_MAX);
	va_start(args, format);
	str_addv(&text, format, args);
	va_end(args);
	doctor_say(doctor, verdict, check, text.data, advice);
	str_release(&text);
}

/* ---- HealthSherpa ------------------------------------------------------ */

struct answer {
	bool done;
	struct reply reply;
};

static void
take(void *context, const struct reply *reply)
{
	struct answer *answer = context;

	answer->reply = *reply;
	answer->done = true;
}

static void
say_answer(struct doctor *doctor, const struct config *config,
    const struct reply *reply)
{
	struct str text;

	str_init(&text, TEXT_MAX);
	reply_explain(&text, reply);
	switch (reply->kind) {
	case REPLY_FOUND:
	case REPLY_NONE:
	case REPLY_UNPROCESSABLE:
		doctor_sayf(doctor, VERDICT_OK, "service", "",
		    "%s (%s) answers and takes the %s",
		    config_environment_word(config->environment),
		    config->api_url,
		    config->version == SERVICE_V2 ? "login" : "key");
		break;
	case REPLY_SLOW_DOWN:
		doctor_say(doctor, VERDICT_LOOK, "service", text.data,
		    "it can be reached; try again later");
		break;
	case REPLY_UNAUTHORISED:
	case REPLY_FORBIDDEN:
		doctor_say(doctor, VERDICT_WRONG, "service", text.data,
		    config->version == SERVICE_V2
			? ""
			: "see service: in the config (key, agent_email, "
			  "environment)");
		break;
	default:
		doctor_say(doctor, VERDICT_WRONG, "service", text.data,
		    "see whether this computer has a connection, and "
		    "service.urls and ca_file in the config");
		break;
	}
	str_release(&text);
}

static void
ask(struct doctor *doctor, struct partner *partner, const char *other_key,
    struct answer *answer)
{
	struct field_values values = {0};
	struct err err = ERR_INIT;

	values.text[FIELD_FIRST_NAME] = "Nobody";
	values.text[FIELD_LAST_NAME] = "Belay-Doctor";
	values.text[FIELD_BIRTH_DATE] = "1900-01-01";
	if (!partner_search(partner, SELECTOR_BIRTH_DATE, &values, other_key,
		take, answer, &err))
		doctor_say(doctor, VERDICT_WRONG, "service", err.text, "");
	while (partner_in_flight(partner)) {
		partner_wait(partner, NULL, 0, -1);
		partner_step(partner);
	}
}

/* Who, until when, for what; after the search, which may have renewed it. */
static void
say_login(
    struct doctor *doctor, const struct config *config, const char *state_dir)
{
	char advice[CONFIG_ADVICE_SIZE];
	struct login_info info;
	struct err err = ERR_INIT;
	struct str text;

	if (!login_look(config, state_dir, &info, &err)) {
		doctor_say(doctor, VERDICT_WRONG, "login", err.text, "");
		return;
	}
	str_init(&text, TEXT_MAX);
	str_addf(&text, "of %s, since ",
	    *info.account ? info.account : "the agent who agreed");
	clock_format_time(&text, info.logged_in_ms);
	if (*info.scope)
		str_addf(&text, ", for %s", info.scope);
	if (info.expires_ms > 0) {
		str_add(&text, ", until ");
		clock_format_time(&text, info.expires_ms);
	}
	if (info.renews)
		str_add(&text, "; it renews itself");
	if (config->profile)
		str_addf(&text, " (profile %s)", config->profile);
	if (info.renews) {
		doctor_say(doctor, VERDICT_OK, "login", text.data, "");
	} else {
		config_login_advice(config->profile, true, advice);
		doctor_sayf(doctor, VERDICT_LOOK, "login", advice,
		    "%s; it does not renew itself", text.data);
	}
	str_release(&text);
}

/* One search, for nobody: it shows TLS, the address, the key and the agent. */
static void
check_service(
    struct doctor *doctor, const struct config *config, const char *state_dir)
{
	struct answer *answer = mem_zalloc(sizeof(*answer));
	struct partner *partner = NULL;
	struct err err = ERR_INIT;
	struct str place;

	if (session_may_send(config, &err))
		partner = partner_new(config, &clock_system, state_dir, &err);
	if (!partner) {
		if (config->version == SERVICE_V2)
			doctor_say(
			    doctor, VERDICT_WRONG, "login", err.text, "");
		else
			doctor_say(doctor, VERDICT_WRONG, "key", err.text,
			    "see service: in the config");
		free(answer);
		return;
	}
	str_init(&place, TEXT_MAX);
	secret_place_describe(&place, config_secret(config));
	doctor_sayf(doctor, VERDICT_OK, "key", "", "%sfound: %s",
	    config->version == SERVICE_V2 ? "client secret " : "", place.data);
	str_release(&place);
	ask(doctor, partner, NULL, answer);
	/* the documentation has another key than the service */
	if (answer->done && answer->reply.other_key)
		ask(doctor, partner, answer->reply.other_key, answer);
	/* an access token that has run out is the usual thing in the morning */
	for (int i = 0;
	     i < 2 && answer->done && answer->reply.kind == REPLY_AGAIN; i++)
		ask(doctor, partner, answer->reply.other_key, answer);
	if (answer->done)
		say_answer(doctor, config, &answer->reply);
	if (config->version == SERVICE_V2)
		say_login(doctor, config, state_dir);
	partner_free(partner);
	free(answer);
}

/* ---- the ledger -------------------------------------------------------- */

/* How many contacts have a HealthSherpa ID in the file, but for those that
 * other environments gave. */
static uint32_t
count_ids(struct book *book, const char *directory)
{
	struct elsewhere *elsewhere = elsewhere_new(
	    directory, book_config(book)->environment);
	struct err ignored = ERR_INIT;
	uint32_t count = 0;

	for (uint32_t row = 0; row < book_count(book); row++) {
		const char *id;

		if (!book_reach(book, row, &ignored))
			break;
		id = book_result_id(book, row);
		count += id && *id &&
			 elsewhere_find(elsewhere, id) == ELSEWHERE_NOT;
	}
	elsewhere_free(elsewhere);
	return count;
}

static void
say_no_ledger(struct doctor *doctor, uint32_t ids)
{
	if (ids)
		doctor_sayf(doctor, VERDICT_LOOK, "ledger",
		    "put it back if you have it as it was last; else just "
		    "sync: these are sent once more, everybody else is looked "
		    "up with all that is known, and nobody new is created "
		    "before sync.settle is over",
		    "none here, but the file has %u HealthSherpa ID%s: it is "
		    "gone, or was made elsewhere",
		    ids, ids == 1 ? "" : "s");
	else
		doctor_say(doctor, VERDICT_OK, "ledger",
		    "none yet: this file was not synced so far", "");
}

static void
say_ledger(
    struct doctor *doctor, struct book *book, const struct ledger_sight *sight)
{
	switch (sight->health) {
	case LEDGER_NONE_YET:
		say_no_ledger(doctor, count_ids(book, sight->directory));
		break;
	case LEDGER_SOUND:
		doctor_sayf(doctor, VERDICT_OK, "ledger", "",
		    "sound, %u contacts, %u linked", sight->contacts,
		    sight->linked);
		break;
	case LEDGER_REBUILT:
		doctor_sayf(doctor, VERDICT_OK, "ledger", "",
		    "sound, %u contacts, %u linked; it was rebuilt, so that "
		    "everybody new is looked up with all that is known",
		    sight->contacts, sight->linked);
		break;
	case LEDGER_LOST:
		doctor_say(doctor, VERDICT_LOOK, "ledger",
		    "it is gone: this file was synced before",
		    "put it back if you have it as it was last; else just "
		    "sync: everybody without an ID in the file is looked up "
		    "before anything is created");
		break;
	case LEDGER_OLDER:
		doctor_say(doctor, VERDICT_LOOK, "ledger",
		    "an older copy of it was put back",
		    "just sync: everybody it does not know is looked up before "
		    "anything is created");
		break;
	case LEDGER_DAMAGED:
		doctor_say(doctor, VERDICT_WRONG, "ledger", sight->why,
		    "belay doctor --repair");
		break;
	case LEDGER_NEWER:
		doctor_say(doctor, VERDICT_WRONG, "ledger", sight->why,
		    "use the newer belay; 'belay doctor --repair' sets the "
		    "ledger aside and begins a new one");
		break;
	case LEDGER_UNREADABLE:
		doctor_say(doctor, VERDICT_WRONG, "ledger", sight->why, "");
		break;
	}
	if (sight->doubtful)
		doctor_sayf(doctor, VERDICT_LOOK, "doubt",
		    "sync: they are looked up before anything else",
		    "%u contact%s may have been created when a run stopped",
		    sight->doubtful, sight->doubtful == 1 ? "" : "s");
}

/* What the statuses say of file and ledger beside each other. */
struct agreement {
	uint32_t apart, strangers, missing;
	uint32_t counts[STATUS_COUNT];
};

static void
look_at_rows(struct session *session, struct agreement *out)
{
	struct err ignored = ERR_INIT;

	memset(out, 0, sizeof(*out));
	for (uint32_t row = 0; row < book_count(session->book); row++) {
		struct row_status status;
		const char *id;

		if (!book_reach(session->book, row, &ignored))
			break;
		sync_row(session->sync, row, &status);
		id = book_result_id(session->book, row);
		out->counts[status.status]++;
		out->apart += strcmp(status.code, "two-ids") == 0 ||
			      strcmp(status.code, "shared") == 0;
		out->missing += *status.healthsherpa_id && !(id && *id);
	}
	out->strangers = sync_strangers(session->sync);
}

static void
say_agreement(struct doctor *doctor, const struct agreement *rows)
{
	if (rows->apart)
		doctor_sayf(doctor, VERDICT_WRONG, "agreement", "belay review",
		    "%u contact%s: file and ledger name different HealthSherpa "
		    "IDs, or two rows the same",
		    rows->apart, rows->apart == 1 ? "" : "s");
	else if (rows->strangers)
		doctor_sayf(doctor, VERDICT_LOOK, "agreement",
		    "the next sync sends these contacts once more, looks "
		    "everybody else up with all that is known, and creates "
		    "nobody new before sync.settle is over",
		    "the file has %u HealthSherpa ID%s that no ledger here "
		    "knows",
		    rows->strangers, rows->strangers == 1 ? "" : "s");
	else if (rows->missing)
		doctor_sayf(doctor, VERDICT_LOOK, "agreement",
		    "the next sync puts them in, if the file takes them",
		    "%u HealthSherpa ID%s not in the file", rows->missing,
		    rows->missing == 1 ? " is" : "s are");
	else
		doctor_say(doctor, VERDICT_OK, "agreement",
		    "file and ledger say the same", "");
}

static void
check_rows(struct doctor *doctor, struct session *session)
{
	struct agreement rows;
	uint32_t review, failed;

	look_at_rows(session, &rows);
	say_agreement(doctor, &rows);
	review = rows.counts[STATUS_REVIEW];
	failed = rows.counts[STATUS_FAILED];
	if (review)
		doctor_sayf(doctor, VERDICT_LOOK, "review", "belay review",
		    "%u contact%s a person to decide", review,
		    review == 1 ? " needs" : "s need");
	if (failed)
		doctor_sayf(doctor, VERDICT_LOOK, "failed",
		    "belay status --filter status:failed",
		    "%u contact%s not be sent", failed,
		    failed == 1 ? " could" : "s could");
}

static void
say_repaired(const struct repaired *done)
{
	if (!done->needed) {
		fputs("belay: the ledger needs no repair\n", stderr);
		return;
	}
	if (*done->aside)
		fprintf(stderr, "belay: the old ledger is kept as %s\n",
		    done->aside);
	fprintf(stderr,
	    "belay: a new ledger: %u contact%s linked by the IDs in the file, "
	    "%u taken over from the old one%s\n"
	    "belay: everybody else is looked up with all that is known, and "
	    "the next sync creates nobody before what was sent earlier must "
	    "have arrived\n",
	    done->from_file, done->from_file == 1 ? "" : "s", done->taken_over,
	    *done->aside && !done->readable
		? ", which cannot be read; decisions to never send a contact "
		  "are to be made again"
		: "");
}

static void
check_book(struct doctor *doctor, struct session *session, bool repair_it,
    struct err *err)
{
	const char *state_dir = session->arguments->state_dir;
	struct repaired done;
	struct ledger_sight *sight;

	doctor_sayf(doctor, VERDICT_OK, "contacts", "", "%u in %s",
	    book_count(session->book), source_path(book_source(session->book)));
	doctor_closed(
	    doctor, "file", source_real_path(book_source(session->book)));
	if (repair_it) {
		if (!repair_ledger(
			state_dir, session->book, &clock_system, &done, err))
			return;
		say_repaired(&done);
	}
	sight = mem_zalloc(sizeof(*sight));
	repair_look(state_dir, session->book, sight);
	say_ledger(doctor, session->book, sight);
	doctor_disk(doctor, sight->directory);
	free(sight);
}

/* The rows need a ledger that can be opened, of whichever book it is. */
static void
check_statuses(
    struct doctor *doctor, const struct arguments *arguments, const char *file)
{
	struct session session;
	struct err err = ERR_INIT;

	if (session_open(&session, arguments, file, SESSION_LOOK, &err))
		check_rows(doctor, &session);
	session_close(&session);
}

/* ---- the command ------------------------------------------------------- */

static void
print_summary(const struct doctor *doctor)
{
	struct json *object, *summary;

	if (!doctor->json) {
		printf("\n%u ok, %u to look at, %u wrong\n",
		    doctor->counts[VERDICT_OK], doctor->counts[VERDICT_LOOK],
		    doctor->counts[VERDICT_WRONG]);
		return;
	}
	object = json_object();
	summary = json_object();
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		json_add_integer(summary, verdict_words[i], doctor->counts[i]);
	json_add(object, "summary", summary);
	output_json(object);
}

static void
check_config(struct doctor *doctor, const struct config *config)
{
	char agent[SESSION_AGENT_SIZE];
	bool named;

	session_agent_words(config, agent);
	named = strchr(agent, '@') != NULL;

	doctor_sayf(doctor, VERDICT_OK, "config", "", "%s%s%s, %s, %s%s",
	    config->path ? config->path : "none, so the defaults",
	    config->profile ? ", profile " : "",
	    config->profile ? config->profile : "",
	    config_environment_word(config->environment), named ? "agent " : "",
	    agent);
	if (config->path)
		doctor_closed(doctor, "config file", config->path);
}

static int
run(const struct arguments *arguments, struct err *err)
{
	struct doctor doctor = {.json = arguments->json};
	const char *file = arguments->word_count ? arguments->words[0] : NULL;
	struct err bad = ERR_INIT, repair_error = ERR_INIT;
	struct session session;
	bool good;

	good = session_open(&session, arguments, file, SESSION_BOOK, &bad);
	if (session.config)
		check_config(&doctor, session.config);
	doctor_clock(&doctor, session.config);
	if (!good)
		doctor_say(&doctor,
		    bad.kind == ERR_USAGE ? VERDICT_LOOK : VERDICT_WRONG,
		    session.config ? "contacts" : "config", bad.text, "");
	else
		check_book(&doctor, &session, arguments->repair, &repair_error);
	if (repair_error.kind != ERR_NONE) {
		*err = repair_error;
		session_close(&session);
		return -1;
	}
	if (good)
		check_statuses(&doctor, arguments, file);
	if (session.config)
		check_service(&doctor, session.config, arguments->state_dir);
	doctor_terminal(&doctor);
	doctor_opener(&doctor);
	doctor_swap(&doctor);
	print_summary(&doctor);
	session_close(&session);
	return doctor.counts[VERDICT_WRONG] ? EXIT_ATTENTION : 0;
}

const struct command command_doctor = {
    .name = "doctor",
    .bit = COMMAND_DOCTOR,
    .usage = "doctor [FILE] [--repair] [--json]",
    .summary = "is everything there that a sync needs",
    .detail =
	"Looks at config, mapping, key, clock, HealthSherpa, ledger, terminal, "
	"browser and\nwho may read the files; one line each: ok, look, or "
	"wrong with what to do. Sends\nHealthSherpa one search for a person "
	"that nobody is, and changes nothing.\n"
	"--repair sets a damaged ledger aside and makes a new one from the "
	"file; nobody is\ncreated twice because of it. Exit status 1 when "
	"something is wrong.",
    .words_max = 1,
    .run = run,
};
