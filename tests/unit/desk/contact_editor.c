/* SPDX-License-Identifier: MIT */
/* A contact in the user's editor, which is a script of the test's. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/scratch.h"
#include "base/str.h"
#include "check.h"
#include "desk/editor.h"
#include "desk/reload.h"
#include "desk/run_log.h"
#include "desk/work.h"
#include "views.h"

#define SHOWS(fixture, text)                                                  \
	check_that(strstr(fixture_screen(fixture), (text)) != NULL, __FILE__, \
	    __LINE__, "the screen shows " #text)

/* The last argument is the file: `body` does what an agent would. */
static void
use_editor(const char *body)
{
	char script[4096], path[500];

	snprintf(path, sizeof(path), "%s/agent-editor", check_directory());
	snprintf(script, sizeof(script),
	    "#!/bin/sh\nfor file in \"$@\"; do :; done\n"
	    "cp \"$file\" %s/seen; echo \"$file\" >%s/where\n"
	    "stat -c %%a \"$file\" \"${file%%/*}\" >%s/modes\n%s\n",
	    check_directory(), check_directory(), check_directory(), body);
	check_write(path, script);
	REQUIRE(chmod(path, 0700) == 0);
	setenv("VISUAL", path, 1);
}

/* As the loop does: the editor ends, and what it left is looked at. */
static void
wait_for_editor(struct fixture *fixture)
{
	struct timespec limit = {.tv_sec = 20};
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	while (!editor_ended(&fixture->desk))
		REQUIRE(sigtimedwait(&child, NULL, &limit) == SIGCHLD);
}

static void
open_contact(struct fixture *fixture)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	fixture_open(fixture);
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
	screen_push(fixture->desk.screen, v_contact_new(&fixture->desk, JOSE));
}

static void
press_and_edit(struct fixture *fixture, const char *keys)
{
	fixture_press(fixture, keys);
	REQUIRE(editor_runs(&fixture->desk));
	wait_for_editor(fixture);
}

/* Nothing of it is left, neither the file nor its directory. */
static void
check_gone(void)
{
	char path[500], *where;

	snprintf(path, sizeof(path), "%s/where", check_directory());
	where = check_read(path);
	where[strcspn(where, "\n")] = '\0';
	CHECK(access(where, F_OK) != 0);
	*strrchr(where, '/') = '\0';
	CHECK(access(where, F_OK) != 0);
	free(where);
}

TEST(a_contact_in_the_editor_comes_back_as_one_step)
{
	struct fixture fixture;
	struct book *book;
	char path[500], *seen, *modes;

	use_editor("sed -i -e 's/^City: .*/City: Tampa/' "
		   "-e 's/^Postal Code: .*/Postal Code: 33601/' \"$file\"; "
		   "echo left >\"$(dirname \"$file\")/contact.yaml~\"");
	open_contact(&fixture);
	book = fixture.desk.book;
	press_and_edit(&fixture, "\x05");
	CHECK_TEXT(book_cell(book, JOSE, 9), "Tampa");
	CHECK_TEXT(book_cell(book, JOSE, 11), "33601");
	SHOWS(&fixture, "Ábalos, José María: 2 values changed, not in the "
			"file yet: w saves");
	CHECK_INT((long)book_unsaved(book), 2);
	/* what was seen: every column, in clear, said so */
	snprintf(path, sizeof(path), "%s/seen", check_directory());
	seen = check_read(path);
	CHECK(strstr(seen, "in here in clear"));
	CHECK(strstr(seen, "MBI: \"1SG4-TE5-MK74\"\n"));
	CHECK(strstr(seen, "Phone Number: \"\"\n"));
	free(seen);
	snprintf(path, sizeof(path), "%s/modes", check_directory());
	modes = check_read(path);
	CHECK_TEXT(modes, "600\n700\n");
	free(modes);
	check_gone();
	fixture_press(&fixture, "u");
	CHECK_TEXT(book_cell(book, JOSE, 9), "Miami");
	CHECK_TEXT(book_cell(book, JOSE, 11), "33101");
	fixture_press(&fixture, "\x12");
	CHECK_TEXT(book_cell(book, JOSE, 11), "33601");
	fixture_close(&fixture);
}

/* The file is read again when the editor is left, not under it: what is typed
 * there is for this row, and is not lost. */
TEST(the_file_is_not_read_again_under_the_editor)
{
	struct fixture fixture;
	const struct book *book;
	char *text, *rows;
	struct str more;

	use_editor("sed -i 's/^City: .*/City: Tampa/' \"$file\"");
	open_contact(&fixture);
	book = fixture.desk.book;
	fixture.desk.reload = reload_new(&fixture.desk);
	str_init(&more, 1 << 20);
	text = check_read(fixture.path);
	rows = strchr(text, '\n') + 1;
	str_add_bytes(&more, text, (size_t)(rows - text));
	str_add(&more, "901,Zoe,Zorn,,,,,,,,,,\n");
	str_add(&more, rows);
	check_write(fixture.path, more.data);
	reload_ask(fixture.desk.reload);
	fixture_press(&fixture, "\x05");
	REQUIRE(editor_runs(&fixture.desk));
	for (int i = 0; i < 1000 && work_slice(&fixture.desk); i++)
		;
	CHECK(fixture.desk.book == book);
	wait_for_editor(&fixture);
	CHECK_TEXT(book_cell(fixture.desk.book, JOSE, 9), "Tampa");
	for (int i = 0; i < 1000 && work_slice(&fixture.desk); i++)
		;
	CHECK_TEXT(book_cell(fixture.desk.book, 0, 0), "901");
	CHECK_TEXT(book_cell(fixture.desk.book, JOSE + 1, 9), "Tampa");
	check_gone();
	free(text);
	str_release(&more);
	reload_free(fixture.desk.reload);
	fixture.desk.reload = NULL;
	free(fixture.desk.sidecar);
	fixture_close(&fixture);
}

TEST(a_mistake_in_the_editor_keeps_the_text)
{
	struct fixture fixture;
	struct book *book;

	use_editor("if grep -q Nobody \"$file\"; then "
		   "sed -i 's/^Town:.*/City: Tampa/' \"$file\"; else "
		   "sed -i -e 's/^City: .*/Town: Tampa/' "
		   "-e 's/^First Name: .*/First Name: Nobody/' \"$file\"; fi");
	open_contact(&fixture);
	book = fixture.desk.book;
	press_and_edit(&fixture, "\x05");
	SHOWS(&fixture, ": the file has no column 'Town'");
	SHOWS(&fixture, "columns are not added here. y opens");
	CHECK_INT((long)book_unsaved(book), 0);
	press_and_edit(&fixture, "y");
	CHECK_TEXT(book_cell(book, JOSE, 9), "Tampa");
	CHECK_TEXT(book_cell(book, JOSE, 1), "Nobody");
	check_gone();
	fixture_press(&fixture, "u");
	/* it can be dropped, too */
	use_editor("echo '  - : {' >>\"$file\"");
	press_and_edit(&fixture, "\x05");
	SHOWS(&fixture, "contact:");
	SHOWS(&fixture, "Esc drops it");
	fixture_press(&fixture, "\033");
	CHECK_INT((long)book_unsaved(book), 0);
	check_gone();
	SHOWS(&fixture, "is dropped; nothing was changed");
	/* an editor that fails, and one that changes nothing */
	use_editor("sed -i 's/^City: .*/City: Tampa/' \"$file\"; exit 3");
	press_and_edit(&fixture, "\x05");
	SHOWS(&fixture, "ended with error 3: nothing was changed");
	CHECK_INT((long)book_unsaved(book), 0);
	use_editor("exit 0");
	press_and_edit(&fixture, "\x05");
	SHOWS(&fixture, "nothing of Ábalos, José María was changed");
	check_gone();
	fixture_close(&fixture);
}

TEST(an_editor_is_told_to_keep_nothing)
{
	struct err err = ERR_INIT;
	char **argv = editor_arguments("vim -R", "/m/c.yaml", 0, true, &err);
	struct str out;

	REQUIRE(argv != NULL);
	str_init(&out, 1000);
	for (size_t i = 0; argv[i]; i++) {
		str_addf(&out, "%s%s", i ? "|" : "", argv[i]);
		free(argv[i]);
	}
	CHECK_TEXT(out.data,
	    "vim|-R|-n|-i|NONE|--cmd|set noswapfile nobackup nowritebackup "
	    "noundofile|/m/c.yaml");
	free(argv);
	str_release(&out);
}

/* What editors put beside a file; the link must not be followed. */
static bool
fill_beside(const char *path)
{
	char *directory = strdup(path);
	bool good;

	*strrchr(directory, '/') = '\0';
	good = chdir(directory) == 0 && mkdir("swap", 0700) == 0 &&
	       mkdir("swap/deep", 0700) == 0 &&
	       symlink(check_directory(), "swap/link") == 0;
	free(directory);
	if (good)
		check_write("swap/deep/c.yaml.swp", "Ada");
	return good;
}

TEST(what_a_dead_process_left_is_wiped)
{
	struct err err = ERR_INIT;
	char path[500], kept[500];
	int status, ends[2];
	ssize_t len;
	pid_t pid;

	snprintf(kept, sizeof(kept), "%s/kept", check_directory());
	REQUIRE(pipe(ends) == 0);
	pid = fork();
	if (pid == 0) {
		struct scratch *left = scratch_new("c.yaml", "Ada", 3, &err);
		const char *at = left ? scratch_path(left) : "";

		/* and what an editor put into directories of its own */
		if (!left || !fill_beside(at))
			_exit(1);

		_exit(write(ends[1], at, strlen(at)) <= 0);
	}
	REQUIRE(waitpid(pid, &status, 0) == pid && status == 0);
	len = read(ends[0], path, sizeof(path) - 1);
	REQUIRE(len > 0);
	path[len] = '\0';
	CHECK(access(path, F_OK) == 0);
	check_write(kept, "of others");
	scratch_sweep();
	CHECK(access(path, F_OK) != 0);
	*strrchr(path, '/') = '\0';
	CHECK(access(path, F_OK) != 0);
	CHECK(access(kept, F_OK) == 0);
	/* nowhere but in memory */
	setenv("XDG_RUNTIME_DIR", check_directory(), 1);
	close(ends[0]);
	close(ends[1]);
}
