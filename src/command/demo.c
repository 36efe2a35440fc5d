/* SPDX-License-Identifier: MIT */
/*
 * `belay demo`: practice server, sample contacts and desk in one step.
 *
 * The practice server is a forked child that lives until our end of a pipe
 * closes, so that it goes however we end. Everything lies in one private
 * directory, removed at the end unless it is to be kept.
 */
#include "command/command.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "command/desk.h"
#include "command/listing.h"
#include "command/output.h"
#include "command/send.h"
#include "command/session.h"
#include "practice/practice.h"
#include "practice/sample.h"
#include "sync/repair.h"
#include "sync/sync.h"

enum { CONTACTS_MAX = 100000, SAMPLE_MAX = 64 << 20 };

struct demo {
	char *directory;
	char *config_path;
	char *contacts_path;
	char *state_dir;
	bool keep;
	pid_t server;
	int life; /* our end of the server's pipe */
	char url[128];
};

static int
remove_entry(
    const char *path, const struct stat *info, int kind, struct FTW *where)
{
	(void)info;
	(void)kind;
	(void)where;
	return remove(path);
}

static bool
make_directory(struct demo *demo, const char *keep, struct err *err)
{
	const char *temporary = getenv("TMPDIR");
	char *pattern;

	demo->life = -1;
	if (keep) {
		demo->keep = true;
		demo->directory = file_expand(keep);
		if (access(demo->directory, F_OK) == 0)
			return err_set(err, ERR_CREATE,
			    "'%s' exists; name a directory that does not",
			    demo->directory);
		if (!file_make_private_dir(demo->directory, err))
			return false;
	} else {
		pattern = file_join(
		    temporary && *temporary ? temporary : "/tmp",
		    "belay-demo-XXXXXX");
		if (!mkdtemp(pattern)) {
			err_errno(err, ERR_CREATE, "cannot make '%s'", pattern);
			free(pattern);
			return false;
		}
		demo->directory = pattern;
	}
	demo->config_path = file_join(demo->directory, "config.yaml");
	demo->contacts_path = file_join(demo->directory, "contacts.csv");
	demo->state_dir = file_join(demo->directory, "state");
	return true;
}

static _Noreturn void
serve(const char *directory, int ready, int life)
{
	struct err err = ERR_INIT;
	char *log_path = file_join(directory, "requests.jsonl");
	FILE *stream = fdopen(ready, "w");
	struct practice_options options = {
	    .log_path = log_path,
	    .sample = true,
	};

	/* The keys ^C and ^\ are for the desk; we go when the pipe ends. */
	setsid();
	if (!stream || !practice_run(&options, stream, life, &err)) {
		if (stream)
			fprintf(stream, "error %s\n", err.text);
		_exit(1);
	}
	_exit(0);
}

/* The first line of the server: its address, or why it did not start. */
static bool
read_address(struct demo *demo, int fd, struct err *err)
{
	static const char listening[] = "listening on ";
	FILE *stream = fdopen(fd, "r");
	char line[512] = "";

	if (stream && fgets(line, sizeof(line), stream))
		line[strcspn(line, "\n")] = '\0';
	if (stream)
		fclose(stream);
	if (!str_starts(line, listening))
		return err_set(err, ERR_UNAVAILABLE,
		    "the practice server did not start%s%s", *line ? ": " : "",
		    line);
	str_copy(demo->url, sizeof(demo->url), line + strlen(listening));
	return true;
}

static bool
start_server(struct demo *demo, struct err *err)
{
	int ready[2], life[2];

	if (pipe(ready) < 0)
		return err_errno(err, ERR_IO, "cannot make a pipe");
	if (pipe(life) < 0) {
		close(ready[0]);
		close(ready[1]);
		return err_errno(err, ERR_IO, "cannot make a pipe");
	}
	fflush(NULL);
	demo->server = fork();
	if (demo->server == 0) {
		close(ready[0]);
		close(life[1]);
		serve(demo->directory, ready[1], life[0]);
	}
	close(ready[1]);
	close(life[0]);
	demo->life = life[1];
	fcntl(demo->life, F_SETFD, FD_CLOEXEC);
	if (demo->server < 0) {
		close(ready[0]);
		return err_errno(
		    err, ERR_IO, "cannot start the practice server");
	}
	return read_address(demo, ready[0], err);
}

static bool
write_files(struct demo *demo, unsigned count, struct err *err)
{
	struct str text;
	bool good;

	str_init(&text, SAMPLE_MAX);
	sample_csv(&text, count ? count : SAMPLE_WRITTEN);
	good = file_replace(demo->contacts_path, text.data, text.len, err);
	str_reset(&text);
	sample_config(&text, demo->url, demo->contacts_path);
	good = good &&
	       file_replace(demo->config_path, text.data, text.len, err);
	str_release(&text);
	return good;
}

/* Some of the sample contacts are at the practice server already. */
static bool
make_ledger(const struct demo *demo, struct err *err)
{
	struct config *config;
	struct book *book = NULL;
	struct str problems;
	bool good;

	str_init(&problems, SAMPLE_MAX);
	config = config_load(demo->config_path, &problems, err);
	if (config)
		book = book_open(config, NULL, &clock_system, err);
	good = book && book_load_all(book, err) &&
	       repair_begin(demo->state_dir, book, err);
	book_free(book);
	config_free(config);
	str_release(&problems);
	return good;
}

static const struct listing_column columns[] = {
    {"ID", 10},
    {"NAME", 26},
    {"STATUS", 8},
    {"HEALTHSHERPA ID", 36},
    {"QUOTE PAGE, OR WHY NOT", 0},
};

static void
print_results(struct session *session)
{
	struct listing listing;

	listing_init(&listing, columns, 5, session->arguments);
	for (size_t i = 0; i < session->row_count; i++) {
		struct row_status status;
		const char *cells[5];
		char id[OUTPUT_ID_SIZE];

		sync_row(session->sync, session->rows[i], &status);
		if (session->arguments->json) {
			output_json(output_status(session, session->rows[i]));
			continue;
		}
		book_contact(
		    session->book, session->rows[i], &session->contact);
		cells[0] = output_id(&session->contact, id);
		cells[1] = session->contact.name;
		cells[2] = status_table[status.status].word;
		cells[3] = status.healthsherpa_id;
		cells[4] = status.status == STATUS_SYNCED ? status.quote_url
							  : status.reason;
		listing_add(&listing, cells);
	}
	listing_end(&listing);
}

static int
run_headless(const struct arguments *arguments, struct err *err)
{
	struct session session;
	int result = -1;

	if (session_open(&session, arguments, NULL, SESSION_SEND, err) &&
	    session_collect(&session, err))
		result = send_rows(&session, true, err);
	/* Rows that need attention belong to the demo. */
	if (result == EXIT_ATTENTION)
		result = 0;
	if (result == 0)
		print_results(&session);
	session_close(&session);
	return result;
}

static void
end_demo(struct demo *demo)
{
	if (demo->life >= 0)
		close(demo->life);
	if (demo->server > 0)
		while (waitpid(demo->server, NULL, 0) < 0 && errno == EINTR)
			;
	if (demo->directory && !demo->keep)
		nftw(demo->directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	free(demo->directory);
	free(demo->config_path);
	free(demo->contacts_path);
	free(demo->state_dir);
}

static int
run(const struct arguments *arguments, struct err *err)
{
	struct arguments inner = *arguments;
	struct demo demo = {.life = -1};
	bool headless = arguments->headless || !isatty(STDIN_FILENO) ||
			!isatty(STDOUT_FILENO);
	int result = -1;

	if (arguments->contacts > CONTACTS_MAX) {
		err_set(
		    err, ERR_USAGE, "--contacts is at most %d", CONTACTS_MAX);
		return -1;
	}
	/* a real key has nothing to do here, wherever it is set */
	secret_set_variable(CONFIG_KEY_VARIABLE,
	    secret_new(SAMPLE_API_KEY, strlen(SAMPLE_API_KEY)));
	if (make_directory(&demo, arguments->keep, err) &&
	    start_server(&demo, err) &&
	    write_files(&demo, (unsigned)arguments->contacts, err) &&
	    make_ledger(&demo, err)) {
		inner.config = demo.config_path;
		inner.state_dir = demo.state_dir;
		inner.yes = true;
		result = headless ? run_headless(&inner, err)
				  : desk_open(&inner, NULL,
					arguments->no_tour ? DESK_TOUR_LATER
							   : DESK_TOUR_NOW,
					err);
	}
	if (demo.keep && result >= 0)
		fprintf(arguments->json ? stderr : stdout,
		    "kept in %s: 'belay status -c %s/config.yaml' looks at "
		    "it\n",
		    demo.directory, demo.directory);
	end_demo(&demo);
	return result;
}

const struct command command_demo = {
    .name = "demo",
    .bit = COMMAND_DEMO,
    .usage = "demo [--headless] [--no-tour] [--contacts N] [--keep DIR]",
    .summary = "try belay on made-up contacts and a practice server",
    .detail =
	"Everything happens on this machine. Some of the contacts are "
	"broken on purpose,\nso that there is something to mend; the exit "
	"status is 0 all the same.",
    .run = run,
};
