/* SPDX-License-Identifier: MIT */
/*
 * `belay init FILE`: reads an export and writes a config with a mapping for
 * it, to be checked by the agent. What is there already is never replaced.
 *
 * The config is on disk before anything is said about it. Of columns that no
 * field takes nothing is shown but names and counts: an export may hold
 * anything about anybody.
 */
#include "command/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/contact.h"
#include "book/propose.h"
#include "command/listing.h"
#include "command/output.h"
#include "source/records.h"
#include "source/source.h"

enum { CONFIG_MAX = 1 << 20, TEXT_MAX = 64 << 10 };

static const struct listing_column columns[] = {
    {"FIELD", 18},
    {"FROM", 30},
    {"FILLED", 0},
    {"SAMPLE", 18},
    {"REMARK", 0},
};

struct making {
	const struct arguments *arguments;
	struct source *source;
	struct proposal *proposal;
	char *path; /* of the config; NULL: standard output */
	bool usual; /* where a config is looked for without -c */
};

/* ---- where to
 * --------------------------------------------------------------------
 */

static bool
choose_place(struct making *making, struct err *err)
{
	const struct arguments *arguments = making->arguments;
	const char *output = arguments->output ? arguments->output
					       : arguments->config;
	char *directory;
	bool good;

	if (output && strcmp(output, "-") == 0) {
		if (arguments->json)
			return err_set(err, ERR_USAGE,
			    "--json and --output - would both go to standard "
			    "output");
		return true;
	}
	if (output) {
		making->path = mem_strdup(output);
	} else {
		directory = file_config_dir();
		good = file_make_private_dir(directory, err);
		making->path = file_join(directory, "config.yaml");
		making->usual = true;
		free(directory);
		if (!good)
			return false;
	}
	if (access(making->path, F_OK) != 0)
		return true;
	return file_fail(err, ERR_CREATE, "make", making->path,
	    "it is there already and stays as it is; --output FILE writes "
	    "another config, --output - shows it");
}

static bool
read_source(struct making *making, const char *path, struct err *err)
{
	enum source_progress progress = SOURCE_MORE;

	making->source = source_open(path, err);
	while (making->source && progress == SOURCE_MORE &&
	       records_count(source_records(making->source)) < PROPOSAL_ROWS)
		progress = source_load(making->source,
		    PROPOSAL_ROWS -
			records_count(source_records(making->source)),
		    err);
	return making->source && progress != SOURCE_FAILED;
}

static bool
write_config(struct making *making, struct err *err)
{
	const char *real = source_real_path(making->source);
	struct str text;
	bool good;

	str_init(&text, CONFIG_MAX);
	proposal_config_text(
	    making->proposal, strcmp(real, "-") == 0 ? NULL : real, &text);
	if (text.cut)
		good = err_set(err, ERR_DATA,
		    "the columns' names are too long for a config");
	else if (making->path)
		good = file_create(making->path, text.data, text.len, err);
	else
		good = fwrite(text.data, 1, text.len, stdout) == text.len ||
		       err_errno(err, ERR_IO, "standard output");
	str_release(&text);
	return good;
}

/* ---- for people
 * -------------------------------------------------------------------
 */

static void
add_sample(struct str *out, const struct proposal_field *seen, enum field field)
{
	if (seen->sample_count > 0)
		contact_show_value(out, field, seen->samples[0], false);
}

static void
add_remark(struct str *out, const struct proposal *proposal,
    const struct proposal_field *seen)
{
	if (!seen->rule) {
		for (unsigned i = 0; i < seen->candidate_count; i++)
			str_addf(out, "%s%s", i == 0 ? "maybe: " : ", ",
			    proposal_column(proposal, seen->candidates[i])
				->name);
		return;
	}
	str_add(out, proposal_certainty_word(seen->certainty));
	if (seen->blocked > 0)
		str_addf(out, ", %u blocked", (unsigned)seen->blocked);
	if (seen->left_out > 0)
		str_addf(out, ", %u left out", (unsigned)seen->left_out);
	str_addf(out, "; %s", seen->why);
}

static void
print_fields(const struct making *making)
{
	struct listing listing;

	listing_init(&listing, columns, sizeof(columns) / sizeof(columns[0]),
	    making->arguments);
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const struct proposal_field *seen = proposal_field(
		    making->proposal, (enum field)i);
		struct str sample, remark;
		char filled[16];
		const char *cells[5];

		if (!seen->rule && seen->candidate_count == 0 &&
		    !seen->question)
			continue;
		str_init(&sample, TEXT_MAX);
		str_init(&remark, TEXT_MAX);
		add_sample(&sample, seen, (enum field)i);
		add_remark(&remark, making->proposal, seen);
		snprintf(filled, sizeof(filled), "%u", (unsigned)seen->filled);
		cells[0] = field_table[i].label;
		cells[1] = seen->rule ? seen->from : "-";
		cells[2] = seen->rule ? filled : "";
		cells[3] = sample.data;
		cells[4] = remark.data;
		listing_add(&listing, cells);
		str_release(&sample);
		str_release(&remark);
	}
	listing_end(&listing);
}

static void
print_questions(const struct making *making)
{
	unsigned count = 0;

	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const struct proposal_field *seen = proposal_field(
		    making->proposal, (enum field)i);
		struct str clean;

		if (!seen->question)
			continue;
		if (count++ == 0)
			puts("\nQuestions:");
		str_init(&clean, TEXT_MAX);
		text_clean(&clean, seen->question, strlen(seen->question));
		printf("  %s: %s\n", field_table[i].label, clean.data);
		str_release(&clean);
	}
}

static void
print_totals(const struct making *making, FILE *to)
{
	const struct proposal_totals *totals = proposal_totals(
	    making->proposal);
	const struct preset *preset = proposal_preset(making->proposal);

	bool named = strcmp(preset->name, PRESET_GENERIC) != 0 &&
		     !preset->format;

	fprintf(to,
	    "%s: %s%s%s; %u contact%s%s: %u could be sent, %u could not\n",
	    source_path(making->source), source_format_name(making->source),
	    named ? " of " : "", named ? preset->label : "",
	    (unsigned)totals->rows, totals->rows == 1 ? "" : "s",
	    totals->rows == PROPOSAL_ROWS ? " looked at" : "",
	    (unsigned)totals->sendable, (unsigned)totals->blocked);
}

static void
print_next(const struct making *making)
{
	const char *file = "";
	struct str path;

	str_init(&path, TEXT_MAX);
	text_clean(&path, making->path, strlen(making->path));
	/* what came through a pipe has no name in the config */
	if (strcmp(source_real_path(making->source), "-") == 0)
		file = " FILE";
	printf("\nWritten: %s. Look through it, then:\n", path.data);
	if (making->usual)
		printf("  belay check%s\n  belay%s\n", file, file);
	else
		printf("  belay check -c %s%s\n  belay -c %s%s\n", path.data,
		    file, path.data, file);
	str_release(&path);
}

/* ---- for programs
 * ------------------------------------------------------------------
 */

static void
print_field_json(const struct making *making, enum field field)
{
	const struct proposal_field *seen = proposal_field(
	    making->proposal, field);
	struct json *object = json_object(), *samples = json_array(),
		    *candidates = json_array();

	for (unsigned i = 0; i < seen->sample_count; i++) {
		struct str text;

		str_init(&text, TEXT_MAX);
		contact_show_value(&text, field, seen->samples[i], false);
		json_append_string(samples, text.data);
		str_release(&text);
	}
	for (unsigned i = 0; i < seen->candidate_count; i++)
		json_append_string(candidates,
		    proposal_column(making->proposal, seen->candidates[i])
			->name);
	json_add_string(object, "field", field_table[field].name);
	json_add_string(object, "rule", seen->rule);
	output_add_text(object, "from", seen->from);
	json_add_string(
	    object, "certainty", proposal_certainty_word(seen->certainty));
	output_add_text(object, "why", seen->why);
	json_add_string(object, "question", seen->question);
	json_add_integer(object, "filled", seen->filled);
	json_add_integer(object, "left_out", seen->left_out);
	json_add_integer(object, "blocked", seen->blocked);
	json_add(object, "samples", samples);
	json_add(object, "candidates", candidates);
	output_json(object);
}

static void
print_column_json(const struct making *making, uint32_t column)
{
	const struct proposal_column *seen = proposal_column(
	    making->proposal, column);
	struct json *object = json_object();

	json_add_string(object, "column", seen->name);
	json_add_string(object, "field",
	    seen->field < FIELD_COUNT ? field_table[seen->field].name : NULL);
	json_add_integer(object, "filled", seen->filled);
	json_add_integer(object, "distinct", seen->distinct);
	json_add_bool(object, "secret", seen->secret);
	output_json(object);
}

static void
print_json(const struct making *making)
{
	const struct proposal_totals *totals = proposal_totals(
	    making->proposal);
	struct json *object = json_object(), *summary = json_object();

	for (unsigned i = 0; i < FIELD_COUNT; i++)
		print_field_json(making, (enum field)i);
	for (uint32_t i = 0; i < proposal_column_count(making->proposal); i++)
		print_column_json(making, i);
	json_add_string(summary, "config", making->path);
	json_add_string(
	    summary, "crm", proposal_preset(making->proposal)->name);
	json_add_integer(summary, "rows", totals->rows);
	json_add_integer(summary, "sendable", totals->sendable);
	json_add_integer(summary, "blocked", totals->blocked);
	json_add_integer(summary, "fields", totals->fields);
	json_add_integer(summary, "questions", totals->questions);
	json_add(object, "summary", summary);
	output_json(object);
}

/* ---- all of it
 * ----------------------------------------------------------------------
 */

static void
tell(const struct making *making)
{
	if (making->arguments->json) {
		print_json(making);
	} else if (making->path) {
		print_totals(making, stdout);
		if (proposal_is_builtin(making->proposal))
			puts("No mapping is needed: the columns are named "
			     "like HealthSherpa's fields.");
		puts("");
		print_fields(making);
		print_questions(making);
		print_next(making);
	} else {
		print_totals(making, stderr);
	}
}

static bool
make(struct making *making, struct err *err)
{
	const struct arguments *arguments = making->arguments;

	if (arguments->crm && !preset_need(arguments->crm, err))
		return false;
	if (!choose_place(making, err) ||
	    !read_source(making, arguments->words[0], err))
		return false;
	making->proposal = proposal_make(source_records(making->source),
	    source_format_name(making->source), arguments->crm, PROPOSAL_ROWS,
	    err);
	return making->proposal && write_config(making, err);
}

static int
run(const struct arguments *arguments, struct err *err)
{
	struct making making = {.arguments = arguments};
	int result = -1;

	if (make(&making, err)) {
		tell(&making);
		output_notes(making.source);
		result = 0;
	}
	proposal_free(making.proposal);
	source_free(making.source);
	free(making.path);
	return result;
}

const struct command command_init = {
    .name = "init",
    .bit = COMMAND_INIT,
    .usage = "init FILE [--crm NAME] [--output CONFIG]",
    .summary = "propose a config for a CRM's export",
    .detail =
	"Reads an export, tells whose it is, and writes a config with a "
	"proposed mapping and\nquestions for you to check. Nothing that is "
	"there is ever replaced. CRMs known:\nhubspot, salesforce-report, "
	"salesforce-dataloader, zoho, gohighlevel, pipedrive,\nagencybloc, "
	"google-new, google-old, outlook, vcard; generic takes any sheet.",
    .words_min = 1,
    .words_max = 1,
    .run = run,
};
