/* SPDX-License-Identifier: MIT */
/*
 * `belay writeback --for CRM --output OUT.csv`: the HealthSherpa IDs in a file
 * that the CRM imports. Each time only what has come since the last one.
 *
 * Order: the file is whole on disk before the ledger says that its IDs are in
 * it. Killed between the two, the next file has them once more, which an
 * import takes without harm; the other way round they would be missing.
 */
#include "command/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/crm_file.h"
#include "command/output.h"
#include "command/session.h"
#include "sync/sync.h"

enum { LINE_MAX_BYTES = 64 << 20 };

struct writing {
	struct session *session;
	const struct crm_target *target;
	struct file_writer *writer; /* until the file is whole */
	bool piped;                 /* to standard output instead */
	struct str line;
	uint32_t *rows; /* that went into the file */
	size_t count;
	size_t nameless; /* without an ID of the CRM */
	size_t doubtful; /* blocked, or in review */
	size_t linked;   /* HealthSherpa has them */
};

static bool
put(struct writing *writing, struct err *err)
{
	size_t len = writing->line.len;
	bool good;

	if (writing->piped)
		good = fwrite(writing->line.data, 1, len, stdout) == len ||
		       err_errno(err, ERR_IO, "standard output");
	else
		good = file_writer_add(
		    writing->writer, writing->line.data, len, err);
	str_reset(&writing->line);
	return good;
}

/* Everything is of the row's last sync; nothing of it is from the file. */
static bool
put_row(struct writing *writing, uint32_t row, const struct row_status *status,
    struct err *err)
{
	struct session *session = writing->session;
	struct crm_row values = {
	    .row = row,
	    .healthsherpa_id = status->healthsherpa_id,
	    .status = status_table[status->status].word,
	    .quote_url = status->quote_url,
	};
	struct str time;
	bool good = true;

	str_init(&time, 64);
	if (status->synced_at_ms)
		clock_format_time(&time, status->synced_at_ms);
	values.synced_at = time.data;
	values.error = status->status == STATUS_FAILED ||
			       status->status == STATUS_BLOCKED ||
			       status->status == STATUS_REVIEW
			   ? status->reason
			   : "";
	book_contact(session->book, row, &session->contact);
	if (crm_file_row(writing->target, session->book, &session->contact,
		&values, &writing->line)) {
		good = put(writing, err);
		writing->rows[writing->count++] = row;
	} else {
		writing->nameless++;
	}
	str_release(&time);
	return good;
}

/* Whether the row belongs into this file. */
static bool
wanted(struct writing *writing, uint32_t row, const struct row_status *status)
{
	bool all = writing->session->arguments->all;

	if (writing->target->whole)
		return true;
	if (!*status->healthsherpa_id)
		return false;
	writing->linked++;
	if (status->status == STATUS_BLOCKED ||
	    status->status == STATUS_REVIEW) {
		writing->doubtful++;
		return false;
	}
	return all || (status->synced_at_ms &&
			  !sync_handed_over(writing->session->sync, row));
}

static bool
put_rows(struct writing *writing, struct err *err)
{
	struct session *session = writing->session;
	bool good;

	crm_file_header(writing->target, session->book, &writing->line);
	good = put(writing, err);
	for (size_t i = 0; i < session->row_count && good; i++) {
		struct row_status status;

		sync_row(session->sync, session->rows[i], &status);
		if (wanted(writing, session->rows[i], &status))
			good = put_row(writing, session->rows[i], &status, err);
	}
	return good;
}

/* The mapping that an import wants; one that is there already must be it. */
static bool
put_companion(
    const struct crm_target *target, const char *output, struct err *err)
{
	size_t len;
	char *path, *directory;
	struct str present;
	struct err missing = ERR_INIT;
	bool good = true;

	if (!target->companion)
		return true;
	directory = mem_strndup(output, (size_t)(file_name(output) - output));
	path = *directory ? file_join(directory, target->companion_name)
			  : mem_strdup(target->companion_name);
	len = strlen(target->companion);
	str_init(&present, 1 << 20);
	if (!file_read_all(path, &present, NULL, &missing))
		good = file_create(path, target->companion, len, err);
	else if (strcmp(present.data, target->companion) != 0)
		good = file_fail(err, ERR_CREATE, "make", path,
		    "there is another file of that name; move it away");
	str_release(&present);
	free(path);
	free(directory);
	return good;
}

static void
tell(const struct writing *writing, const char *output)
{
	FILE *to = writing->piped ? stderr : stdout;
	const char *label = writing->target->label;

	fprintf(to, "%s: %zu contact%s for %s\n", output, writing->count,
	    writing->count == 1 ? "" : "s", label);
	if (writing->nameless)
		fprintf(to,
		    "%zu without an ID of %s left out: an import would make "
		    "them twice\n",
		    writing->nameless, label);
	if (writing->doubtful)
		fprintf(to,
		    "%zu left out that need your attention first ('belay "
		    "status')\n",
		    writing->doubtful);
	fprintf(to, "%s\n", writing->target->how);
}

static void
tell_nothing(const struct writing *writing)
{
	FILE *to = writing->piped ? stderr : stdout;

	if (writing->nameless)
		fprintf(to, "nothing to write: %zu contact%s no ID of %s\n",
		    writing->nameless,
		    writing->nameless == 1 ? " has" : "s have",
		    writing->target->label);
	else if (writing->linked == 0)
		fprintf(to,
		    "nothing to write: no contact has a HealthSherpa ID yet; "
		    "'belay sync' gets them\n");
	else if (writing->doubtful == writing->linked)
		fprintf(to,
		    "nothing to write: %zu need your attention first ('belay "
		    "status')\n",
		    writing->doubtful);
	else
		fprintf(to,
		    "nothing new since the last file for a CRM; --all writes "
		    "every contact that HealthSherpa has\n");
}

static void
tell_json(const struct writing *writing, const char *output)
{
	struct json *object = json_object(), *summary = json_object();

	output_add_text(summary, "output", output);
	output_add_text(summary, "crm", writing->target->name);
	json_add_integer(summary, "written", (int64_t)writing->count);
	json_add_integer(summary, "without_id", (int64_t)writing->nameless);
	json_add_integer(
	    summary, "needs_attention", (int64_t)writing->doubtful);
	json_add(object, "summary", summary);
	output_json(object);
}

/* The file whole on disk, then what belongs to it, then the ledger. */
static bool
finish_file(struct writing *writing, const char *output, struct err *err)
{
	struct file_writer *writer = writing->writer;

	writing->writer = NULL;
	if (writing->piped ? fflush(stdout) != 0 &&
				 !err_errno(err, ERR_IO, "standard output")
			   : !file_writer_create(writer, err))
		return false;
	return (writing->piped ||
		   put_companion(writing->target, output, err)) &&
	       sync_hand_over(
		   writing->session->sync, writing->rows, writing->count, err);
}

static bool
finish(struct writing *writing, const char *output, struct err *err)
{
	bool made = writing->count > 0 || writing->target->whole;

	if (made && !finish_file(writing, output, err))
		return false;
	if (writing->session->arguments->json)
		tell_json(writing, made ? output : NULL);
	else if (made)
		tell(writing, output);
	else
		tell_nothing(writing);
	return true;
}

static bool
write_file(struct session *session, const struct crm_target *target,
    const char *output, struct err *err)
{
	struct writing writing = {.session = session, .target = target};
	bool good = true;

	str_init(&writing.line, LINE_MAX_BYTES);
	writing.rows = mem_resize(
	    NULL, session->row_count + 1, sizeof(*writing.rows));
	writing.piped = strcmp(output, "-") == 0;
	if (!writing.piped) {
		writing.writer = file_writer_open(output, err);
		good = writing.writer != NULL;
	}
	good = good && put_rows(&writing, err) && finish(&writing, output, err);
	file_writer_abort(writing.writer);
	free(writing.rows);
	str_release(&writing.line);
	return good;
}

static int
run(const struct arguments *arguments, struct err *err)
{
	const struct crm_target *target;
	const char *output = arguments->output;
	struct session session;
	int result = -1;

	if (!arguments->crm_file || !output) {
		err_set(
		    err, ERR_USAGE, "usage: belay %s", command_writeback.usage);
		return -1;
	}
	target = crm_target_find(arguments->crm_file, err);
	if (!target)
		return -1;
	if (target->refusal) {
		err_set(err, ERR_USAGE, "%s", target->refusal);
		return -1;
	}
	if (arguments->json && strcmp(output, "-") == 0) {
		err_set(err, ERR_USAGE,
		    "--json and --output - would both go to standard output");
		return -1;
	}
	if (session_open(&session, arguments,
		arguments->word_count ? arguments->words[0] : NULL,
		SESSION_SEND, err) &&
	    session_collect(&session, err) &&
	    write_file(&session, target, output, err))
		result = 0;
	session_close(&session);
	return result;
}

const struct command command_writeback = {
    .name = "writeback",
    .bit = COMMAND_WRITEBACK,
    .usage = "writeback [FILE] --for CRM --output OUT.csv [--all]",
    .summary = "a file that brings the IDs into your CRM",
    .detail =
	"Writes the HealthSherpa IDs that have come since the last such file "
	"into OUT.csv,\nready to be imported into CRM: hubspot, salesforce, "
	"zoho, gohighlevel, pipedrive,\nagencybloc, or any (all columns of "
	"FILE and belay's results). How the import is\ndone there is printed. "
	"OUT.csv must be new; - is standard output.",
    .words_max = 1,
    .run = run,
};
