/* SPDX-License-Identifier: MIT */
/* The config changed on disk under the desk, with stand-ins for an editor. */
#include "desk/settings.h"

#include <signal.h>
#include <stdio.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "check.h"
#include "desk/actions.h"
#include "desk/editor.h"
#include "desk/work.h"
#include "tui/action.h"
#include "tui/look.h"
#include "views.h"

#define MAPPING                                   \
	"mapping:\n"                              \
	"  external_id: Record ID\n"              \
	"  first_name: First Name\n"              \
	"  last_name: Last Name\n"                \
	"  phone: [Mobile Phone, Phone Number]\n" \
	"  birth_date: {column: Date of birth, date: m/d/y}\n"
#define SERVICE                              \
	"service:\n"                         \
	"  environment: staging\n"           \
	"  agent_email: agent@example.com\n" \
	"  api_key: {env: BELAY_TEST_KEY}\n"

static const char before[] = SERVICE MAPPING;
static const char *config_path;
static char script_path[400];

static void
write_config(const char *text)
{
	check_write(config_path, text);
}

/* The desk on a config that is on disk. */
static void
open_desk(struct fixture *fixture)
{
	fixture_open(fixture);
	config_path = fixture_use_config(fixture, "config.yaml", before);
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
	fixture_screen(fixture);
}

static void
close_desk(struct fixture *fixture)
{
	settings_free(fixture->desk.settings);
	free(fixture->desk.broken);
	fixture_close(fixture);
}

static void
work(struct fixture *fixture)
{
	for (int i = 0; i < 1000 && work_slice(&fixture->desk); i++)
		;
	fixture_screen(fixture);
}

/* Another program writes the config; until the desk has looked. */
static void
change_outside(struct fixture *fixture, const char *text)
{
	write_config(text);
	settings_told(fixture->desk.settings);
	fixture->now_ms += 2000;
	work(fixture);
}

static const char *
message(const struct fixture *fixture)
{
	return screen_message(fixture->desk.screen);
}

static const char *
value(struct fixture *fixture, uint32_t row, enum field field)
{
	book_contact(fixture->desk.book, row, &fixture->desk.contact);
	return fixture->desk.contact.fields[field].value;
}

static size_t
wrong(const struct fixture *fixture)
{
	size_t count;

	settings_problems(fixture->desk.settings, &count);
	return count;
}

static uint32_t
scope(const struct fixture *fixture)
{
	return screen_top(fixture->desk.screen)->ops->scope;
}

/* `body`: of a shell script, "$file" is what it is to edit. */
static void
use_editor(const char *body)
{
	char script[4096], path[500];

	snprintf(script_path, sizeof(script_path), "%s/vi", check_directory());
	snprintf(script, sizeof(script),
	    "#!/bin/sh\nfor file in \"$@\"; do :; done\n"
	    "echo \"$*\" >%s/called\n%s\n",
	    check_directory(), body);
	check_write(script_path, script);
	REQUIRE(chmod(script_path, 0700) == 0);
	snprintf(path, sizeof(path), "%s:/usr/bin:/bin", check_directory());
	setenv("PATH", path, 1);
	setenv("VISUAL", "vi", 1);
}

static void
wait_for_editor(struct fixture *fixture)
{
	struct timespec limit = {.tv_sec = 20};
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	while (editor_runs(&fixture->desk) && !editor_ended(&fixture->desk))
		REQUIRE(sigtimedwait(&child, NULL, &limit) == SIGCHLD);
	work(fixture);
}

static void
press_and_edit(struct fixture *fixture, const char *keys)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	fixture_press(fixture, keys);
	REQUIRE(editor_runs(&fixture->desk));
	wait_for_editor(fixture);
}

static void
check_called(const char *should)
{
	char path[500], *is;

	snprintf(path, sizeof(path), "%s/called", check_directory());
	is = check_read(path);
	CHECK_TEXT(is, should);
	free(is);
}

/* ---- changed by others ----------------------------------------------------
 */

TEST(a_changed_mapping_is_in_force_at_once)
{
	struct fixture fixture;

	open_desk(&fixture);
	CHECK(value(&fixture, WALTER, FIELD_CITY) == NULL);
	change_outside(&fixture, SERVICE MAPPING "  city: City\n");
	CHECK_TEXT(value(&fixture, WALTER, FIELD_CITY), "Sacramento");
	CHECK_TEXT(message(&fixture), "config.yaml is in force");
	CHECK(book_loaded(fixture.desk.book));
	CHECK_INT(fixture.sync.restarts, 1);
	CHECK_INT(fixture.sync.configs, 0); /* whom it is sent to is the same */
	close_desk(&fixture);
}

TEST(an_unchanged_mapping_is_not_gone_through_again)
{
	struct fixture fixture;
	uint64_t revision;

	open_desk(&fixture);
	revision = book_revision(fixture.desk.book);
	change_outside(&fixture,
	    "# a word\ndesk: {mask: false}\n" SERVICE "mapping:\n"
	    "  external_id: 'Record ID' # the CRM's\n"
	    "  first_name: First Name\n"
	    "  last_name: Last Name\n"
	    "  phone: [Mobile Phone, Phone Number]\n"
	    "  birth_date:\n"
	    "    column: Date of birth\n"
	    "    date: m/d/y\n");
	CHECK(!fixture.config->mask);
	CHECK(book_revision(fixture.desk.book) == revision);
	change_outside(&fixture,
	    SERVICE "mapping:\n"
		    "  external_id: 'Record ID'\n"
		    "  first_name: First Name\n"
		    "  last_name: Last Name\n"
		    "  phone: [Mobile Phone, Phone Number]\n"
		    "  birth_date: {column: Date of birth, date: m/d/y}\n");
	CHECK(fixture.config->mask);
	CHECK(book_revision(fixture.desk.book) == revision);
	CHECK_INT(fixture.sync.restarts, 0);
	close_desk(&fixture);
}

TEST(the_last_good_config_stays_in_force)
{
	struct fixture fixture;
	const struct problem *problems;
	size_t count;

	open_desk(&fixture);
	change_outside(&fixture, SERVICE "mapping:\n  external_id: Record ID\n"
					 "  first_nam: First Name\n"
					 "  city: {column: City, date: q}\n"
					 "desk: {masked: true}\n");
	CHECK_INT(scope(&fixture), SCOPE_CONTACTS); /* nobody is interrupted */
	CHECK_TEXT(message(&fixture),
	    "config.yaml was changed, but 3 things in it are wrong, so the one "
	    "before stays in force: P shows what");
	CHECK(strstr(fixture_screen(&fixture), "CONFIG WRONG"));
	CHECK(strstr(fixture_screen(&fixture), "P what is wrong"));
	CHECK_TEXT(value(&fixture, WALTER, FIELD_FIRST_NAME), "Walter");
	problems = settings_problems(fixture.desk.settings, &count);
	REQUIRE(count == 3);
	CHECK_TEXT(problems[0].file, config_path);
	CHECK_TEXT(problems[0].key, "mapping.first_nam");
	CHECK_INT(problems[0].line, 7);
	CHECK(strstr(problems[0].text, "first_name"));
	CHECK_TEXT(problems[2].key, "desk.masked");
	change_outside(&fixture, before);
	CHECK_INT(wrong(&fixture), 0);
	CHECK_TEXT(message(&fixture), "config.yaml is in force");
	CHECK(!strstr(fixture_screen(&fixture), "CONFIG WRONG"));
	close_desk(&fixture);
}

TEST(a_config_that_is_being_written_is_none)
{
	struct fixture fixture;

	open_desk(&fixture);
	change_outside(&fixture, " \n");
	CHECK_INT(wrong(&fixture), 1);
	CHECK_TEXT(value(&fixture, WALTER, FIELD_FIRST_NAME), "Walter");
	REQUIRE(unlink(config_path) == 0);
	settings_told(fixture.desk.settings);
	fixture.now_ms += 2000;
	work(&fixture);
	CHECK_INT(wrong(&fixture), 1);
	CHECK_TEXT(value(&fixture, WALTER, FIELD_FIRST_NAME), "Walter");
	change_outside(&fixture, before);
	CHECK_INT(wrong(&fixture), 0);
	close_desk(&fixture);
}

TEST(columns_that_the_file_lacks_are_problems_of_the_config)
{
	struct fixture fixture;
	const struct problem *problems;
	size_t count;

	open_desk(&fixture);
	change_outside(&fixture,
	    SERVICE MAPPING "  city: Town\n  zip: Postal Cod\n"
			    "result_columns: {quote_url: City}\n");
	problems = settings_problems(fixture.desk.settings, &count);
	REQUIRE(count == 2);
	CHECK_TEXT(problems[0].key, "mapping.city");
	CHECK_INT(problems[0].line, 11);
	CHECK_TEXT(problems[1].key, "mapping.zip");
	CHECK(strstr(problems[1].text, "Postal Code"));
	change_outside(&fixture,
	    SERVICE MAPPING "  city: City\nresult_columns:\n"
			    "  quote_url: City\n");
	problems = settings_problems(fixture.desk.settings, &count);
	REQUIRE(count == 1);
	CHECK_TEXT(problems[0].key, "result_columns.quote_url");
	CHECK_INT(problems[0].line, 13);
	CHECK(value(&fixture, WALTER, FIELD_CITY) == NULL);
	close_desk(&fixture);
}

TEST(a_mapping_in_a_file_of_its_own_is_followed)
{
	struct fixture fixture;
	char path[500];
	size_t count;

	open_desk(&fixture);
	snprintf(path, sizeof(path), "%s/ours.yaml", check_directory());
	check_write(path, "external_id: Record ID\ncity: Town\n");
	change_outside(&fixture, SERVICE "mapping: ours.yaml\n");
	REQUIRE(wrong(&fixture) == 1);
	CHECK_TEXT(
	    settings_problems(fixture.desk.settings, &count)->file, path);
	CHECK_INT(settings_problems(fixture.desk.settings, &count)->line, 2);
	/* the one that is wrong is looked at, and the one in force */
	check_write(path, "external_id: Record ID\ncity: City\n");
	settings_told(fixture.desk.settings);
	fixture.now_ms += 2000;
	work(&fixture);
	CHECK_TEXT(message(&fixture), "config.yaml is in force");
	CHECK_TEXT(value(&fixture, WALTER, FIELD_CITY), "Sacramento");
	check_write(path, "mapping: {external_id: Record ID, zip: MBI}\n");
	settings_told(fixture.desk.settings);
	fixture.now_ms += 2000;
	work(&fixture);
	CHECK(value(&fixture, WALTER, FIELD_CITY) == NULL);
	use_editor("exit 0");
	press_and_edit(&fixture, "E");
	snprintf(path, sizeof(path), "+1 %s/ours.yaml\n", check_directory());
	check_called(path);
	change_outside(&fixture, SERVICE "mapping: theirs.yaml\n");
	CHECK_INT(wrong(&fixture), 1);
	CHECK_TEXT(
	    settings_problems(fixture.desk.settings, &count)->key, "mapping");
	close_desk(&fixture);
}

TEST(keys_of_the_desk_follow)
{
	struct fixture fixture;
	size_t count;

	open_desk(&fixture);
	change_outside(
	    &fixture, SERVICE MAPPING "desk:\n  keys:\n    help: Z\n");
	fixture_press(&fixture, "Z");
	CHECK_INT(scope(&fixture), SCOPE_HELP);
	fixture_press(&fixture, "\033");
	change_outside(&fixture,
	    SERVICE MAPPING "desk:\n  keys:\n    hepl: F2\n    undo: F3\n");
	CHECK_INT(wrong(&fixture), 1);
	CHECK_TEXT(settings_problems(fixture.desk.settings, &count)->key,
	    "desk.keys.hepl");
	CHECK_INT(settings_problems(fixture.desk.settings, &count)->line, 13);
	fixture_press(&fixture, "Z");
	CHECK_INT(scope(&fixture), SCOPE_HELP);
	fixture_press(&fixture, "\033");
	/* Two change places; what is for every screen does not hide in one. */
	change_outside(&fixture,
	    SERVICE MAPPING "desk:\n  keys:\n    sort: c\n    columns: o\n");
	CHECK_INT(wrong(&fixture), 0);
	change_outside(&fixture,
	    SERVICE MAPPING "desk:\n  keys:\n    undo: F2\n    help: s\n");
	CHECK_INT(wrong(&fixture), 1);
	CHECK_TEXT(settings_problems(fixture.desk.settings, &count)->text,
	    "the key s is taken by 'sync', and 'help' is for every screen: "
	    "give one of the two another key");
	CHECK_INT(settings_problems(fixture.desk.settings, &count)->line, 14);
	close_desk(&fixture);
}

TEST(wrong_looks_are_told_with_their_place)
{
	struct fixture fixture;
	const struct problem *problems;
	size_t count;

	open_desk(&fixture);
	change_outside(&fixture, SERVICE MAPPING "desk:\n  styles:\n"
						 "    good: bold pnik\n"
						 "    godo: red\n"
						 "    bad: bold red\n");
	CHECK_INT(wrong(&fixture), 2);
	problems = settings_problems(fixture.desk.settings, &count);
	CHECK_TEXT(problems[0].key, "desk.styles.good");
	CHECK_INT(problems[0].line, 13);
	CHECK(strstr(problems[0].text, "'pnik' is no look"));
	CHECK_TEXT(problems[1].key, "desk.styles.godo");
	CHECK(strstr(problems[1].text, "there are normal, title"));
	change_outside(&fixture, SERVICE MAPPING "desk:\n  styles:\n"
						 "    good: bold cyan\n");
	CHECK_INT(wrong(&fixture), 0);
	close_desk(&fixture);
}

TEST(looks_of_the_config_and_the_command_line)
{
	struct fixture fixture;
	struct looks looks;
	struct str problems;

	fixture_open(&fixture);
	str_init(&problems, 4096);
	fixture_use_config(&fixture, "looks.yaml",
	    SERVICE MAPPING "desk: {colors: light, styles: {dim: '245'}}\n");
	settings_looks(fixture.config, NULL, &looks, &problems);
	CHECK_INT(looks.preset, LOOK_LIGHT);
	CHECK(looks.is_own[STYLE_DIM] && looks.own[STYLE_DIM].color == 245);
	settings_looks(fixture.config, "never", &looks, &problems);
	CHECK_INT(looks.preset, LOOK_MONO);
	CHECK_TEXT(problems.data, "");
	str_release(&problems);
	close_desk(&fixture);
}

TEST(signs_are_ascii_where_fonts_have_few)
{
	static const struct {
		const char *terminal, *glyphs;
		bool ascii;
	} vectors[] = {
	    {"xterm-256color", "auto", false},
	    {"tmux-256color", "auto", false},
	    {"linux", "auto", true},
	    {"linux", "unicode", false},
	    {"putty-256color", "auto", true},
	    {"vt100", "auto", true},
	    {"vte-256color", "auto", false},
	    {"xterm", "ascii", true},
	};
	struct config config = {.glyphs = NULL};

	if (!setlocale(LC_ALL, "C.UTF-8"))
		return;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		char glyphs[16];

		str_copy(glyphs, sizeof(glyphs), vectors[i].glyphs);
		config.glyphs = glyphs;
		setenv("TERM", vectors[i].terminal, 1);
		CHECK_INT(settings_ascii(&config), vectors[i].ascii);
	}
	setlocale(LC_ALL, "C");
	setenv("TERM", "xterm-256color", 1);
	CHECK(settings_ascii(&config));
}

TEST(whom_it_is_sent_to_follows)
{
	struct fixture fixture;

	open_desk(&fixture);
	change_outside(&fixture, "service:\n  environment: production\n"
				 "  agent_email: other@example.com\n"
				 "  api_key: {env: BELAY_TEST_KEY}\n" MAPPING);
	CHECK_INT(fixture.sync.configs, 1);
	CHECK_TEXT(message(&fixture),
	    "config.yaml is in force; contacts are sent to production from now "
	    "on");
	CHECK(
	    strstr(fixture_screen(&fixture), "PRODUCTION  other@example.com"));
	fixture.sync.refuses = "the ledger cannot be opened";
	change_outside(&fixture, before);
	CHECK(strstr(message(&fixture), "the ledger cannot be opened"));
	CHECK_INT(fixture.config->environment, SERVICE_PRODUCTION);
	close_desk(&fixture);
}

TEST(a_change_waits_for_what_is_under_way)
{
	struct fixture fixture;
	struct err err = ERR_INIT;

	open_desk(&fixture);
	fixture.sync.progress.running = true;
	CHECK(!settings_may(&fixture.desk, &err));
	change_outside(&fixture, SERVICE MAPPING "  city: City\n");
	CHECK(value(&fixture, WALTER, FIELD_CITY) == NULL);
	CHECK_TEXT(message(&fixture),
	    "config.yaml was changed; what is being sent is finished first: "
	    "then the config is taken");
	fixture_press(&fixture, "j");
	fixture.now_ms += 5000;
	work(&fixture);
	CHECK_TEXT(message(&fixture), ""); /* told once */
	fixture.sync.progress.running = false;
	screen_say(fixture.desk.screen, STYLE_GOOD, "62 done");
	work(&fixture);
	CHECK_TEXT(message(&fixture), "62 done; config.yaml is in force");
	CHECK_TEXT(value(&fixture, WALTER, FIELD_CITY), "Sacramento");
	fixture_press(&fixture, "f"); /* a question */
	change_outside(&fixture, before);
	CHECK_TEXT(value(&fixture, WALTER, FIELD_CITY), "Sacramento");
	fixture_press(&fixture, "\033");
	work(&fixture);
	CHECK(value(&fixture, WALTER, FIELD_CITY) == NULL);
	close_desk(&fixture);
}

TEST(what_a_screen_of_ours_wrote_is_not_told_again)
{
	struct fixture fixture;
	struct err err = ERR_INIT;

	open_desk(&fixture);
	write_config(SERVICE MAPPING "  city: City\n");
	CHECK(settings_take(&fixture.desk, &err));
	CHECK_TEXT(value(&fixture, WALTER, FIELD_CITY), "Sacramento");
	settings_told(fixture.desk.settings);
	fixture.now_ms += 5000;
	work(&fixture);
	CHECK_TEXT(message(&fixture), "");
	write_config(SERVICE "mapping: {external_id: Nobody}\n");
	CHECK(!settings_take(&fixture.desk, &err));
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK_TEXT(err.text,
	    "config.yaml:5:24: mapping.external_id: there is no column "
	    "\"Nobody\"");
	close_desk(&fixture);
}

/* ---- the editor -----------------------------------------------------------
 */

TEST(the_editor_opens_the_config_at_the_mapping)
{
	struct fixture fixture;
	char should[500];

	open_desk(&fixture);
	use_editor("echo '  city: City' >>\"$file\"");
	press_and_edit(&fixture, "E");
	snprintf(should, sizeof(should), "+5 %s\n", config_path);
	check_called(should);
	CHECK_TEXT(value(&fixture, WALTER, FIELD_CITY), "Sacramento");
	CHECK_TEXT(message(&fixture), "config.yaml is in force");
	use_editor("exit 0");
	press_and_edit(&fixture, "E");
	CHECK_TEXT(message(&fixture), "nothing in config.yaml has changed");
	use_editor("exit 3");
	press_and_edit(&fixture, "E");
	CHECK_TEXT(message(&fixture), "your editor (vi) ended with error 3");
	use_editor("echo '  state: State' >>\"$file\"; exit 4");
	press_and_edit(&fixture, "E");
	CHECK_TEXT(message(&fixture),
	    "your editor (vi) ended with error 4; config.yaml is in force");
	/* what was said meanwhile is not lost */
	use_editor("exit 0");
	fixture_press(&fixture, "E");
	screen_say(fixture.desk.screen, STYLE_GOOD, "62 done");
	wait_for_editor(&fixture);
	CHECK_TEXT(message(&fixture), "62 done");
	use_editor("kill -9 $$");
	press_and_edit(&fixture, "E");
	CHECK(str_starts(
	    message(&fixture), "your editor (vi) was ended by force"));
	close_desk(&fixture);
}

TEST(what_the_editor_left_wrong_is_shown_until_it_is_mended)
{
	struct fixture fixture;
	char should[500];

	open_desk(&fixture);
	use_editor("printf '  city: Town\\n  zip: Code\\n' >>\"$file\"");
	press_and_edit(&fixture, "E");
	CHECK_INT(scope(&fixture), SCOPE_PROBLEMS);
	CHECK_INT(wrong(&fixture), 2);
	use_editor("sed 's/Town/City/' \"$file\" >\"$file.new\"; "
		   "mv \"$file.new\" \"$file\"");
	press_and_edit(&fixture, "e");
	snprintf(should, sizeof(should), "+11 %s\n", config_path);
	check_called(should);
	CHECK_INT(scope(&fixture), SCOPE_PROBLEMS);
	CHECK_INT(wrong(&fixture), 1);
	use_editor("sed 's/ Code/ Postal Code/' \"$file\" >\"$file.new\"; "
		   "mv \"$file.new\" \"$file\"");
	press_and_edit(&fixture, "\r");
	CHECK_INT(scope(&fixture), SCOPE_CONTACTS);
	CHECK_TEXT(message(&fixture), "config.yaml is in force");
	CHECK_TEXT(value(&fixture, JOSE, FIELD_ZIP), "33101");
	close_desk(&fixture);
}

TEST(an_editor_that_cannot_start_is_told)
{
	struct fixture fixture;

	open_desk(&fixture);
	setenv("VISUAL", "no-such-editor -x", 1);
	fixture_press(&fixture, "E");
	CHECK(!editor_runs(&fixture.desk));
	CHECK_TEXT(message(&fixture),
	    "cannot run 'no-such-editor': there is no such program");
	close_desk(&fixture);
}

TEST(the_editor_sees_no_secret)
{
	struct fixture fixture;
	char path[500], *is;

	open_desk(&fixture);
	setenv("BELAY_TEST_KEY", "made-up", 1);
	setenv("VIM_TEST_KEY", "made-up", 1);
	setenv("VIMINIT", "set number", 1);
	use_editor("env >\"$file.env\"");
	press_and_edit(&fixture, "E");
	snprintf(path, sizeof(path), "%s.env", config_path);
	is = check_read(path);
	CHECK(!strstr(is, "made-up"));
	CHECK(strstr(is, "VIMINIT=set number"));
	CHECK(strstr(is, "VISUAL=vi"));
	free(is);
	close_desk(&fixture);
}

static void
check_arguments(const char *command, const char *should)
{
	struct err err = ERR_INIT;
	char **argv = editor_arguments(
	    command, "/c/belay.yaml", 12, false, &err);
	struct str out;

	str_init(&out, 1000);
	for (size_t i = 0; argv && argv[i]; i++) {
		str_addf(&out, "%s%s", i ? "|" : "", argv[i]);
		free(argv[i]);
	}
	CHECK_TEXT(argv ? out.data : err.text, should);
	free(argv);
	str_release(&out);
}

TEST(editors_are_called_as_they_want_it)
{
	check_arguments("vim", "vim|+12|/c/belay.yaml");
	check_arguments(
	    "/usr/bin/nano -w", "/usr/bin/nano|-w|+12|/c/belay.yaml");
	check_arguments(
	    "emacsclient -t -a ''", "emacsclient|-t|-a||+12|/c/belay.yaml");
	check_arguments(" hx ", "hx|/c/belay.yaml:12");
	check_arguments("code", "code|--wait|--goto|/c/belay.yaml:12");
	check_arguments("codium -w", "codium|-w|--goto|/c/belay.yaml:12");
	check_arguments("\"/opt/my editor/run\" --x='a b'",
	    "/opt/my editor/run|--x=a b|/c/belay.yaml");
	check_arguments("vi 'x",
	    "your editor (VISUAL or EDITOR) cannot be started: a quote in it "
	    "is not closed");
	check_arguments("''", "|/c/belay.yaml");
}

TEST(problems_screens)
{
	struct fixture fixture;

	open_desk(&fixture);
	change_outside(&fixture,
	    SERVICE "mapping:\n"
		    "  external_id: Record ID\n"
		    "  first_nam: First Name\n"
		    "  state: {column: State, values: 5}\n"
		    "  notes: {template: \"from {City\"}\n"
		    "result_colums: {}\n"
		    "sync: {rate: fast, concurrency: 900}\n");
	fixture_press(&fixture, "Pj");
	fixture_golden(&fixture, "problems");
	close_desk(&fixture);
}
