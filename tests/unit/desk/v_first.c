/* SPDX-License-Identifier: MIT */
/* The page before there is a book. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "check.h"
#include "desk/actions.h"
#include "desk/first.h"
#include "golden/golden.h"
#include "tui/action.h"
#include "tui/canvas.h"
#include "views.h"

static const struct screen_host nobody = {.act = NULL};

struct page {
	struct config config;
	struct first_choice choice;
	struct keymap *keymap;
	struct screen *screen;
};

static void
open_page(struct page *page, char **profiles)
{
	memset(page, 0, sizeof(*page));
	page->config.profiles = profiles;
	page->keymap = keymap_new(actions_table, actions_count);
	page->screen = screen_new(page->keymap, &nobody, NULL);
	screen_push(page->screen, v_first_new(&page->config, &page->choice));
}

static void
close_page(struct page *page)
{
	screen_free(page->screen);
	keymap_free(page->keymap);
	free(page->choice.name);
}

static void
press(struct page *page, const char *keys)
{
	for (; *keys; keys++)
		screen_key(page->screen, (unsigned char)*keys);
}

static void
golden_at(
    struct page *page, const char *name, int rows, int columns, bool ascii)
{
	struct canvas *canvas = canvas_new(rows, columns, ascii);
	char file[128];

	screen_dirty(page->screen);
	CHECK(screen_draw(page->screen, canvas));
	snprintf(file, sizeof(file), "desk/%s-%dx%d%s", name, columns, rows,
	    ascii ? "-ascii" : "");
	GOLDEN(canvas, file);
	canvas_free(canvas);
}

static void
golden(struct page *page, const char *name)
{
	golden_at(page, name, 24, 80, false);
	golden_at(page, name, 40, 132, false);
	golden_at(page, name, 10, 40, false);
	golden_at(page, name, 24, 80, true);
}

/* As somebody hears it (tui/linear.h). */
static void
golden_linear(struct page *page, const char *name, int rows, int columns)
{
	struct canvas *canvas = canvas_new(rows, columns, false);
	char file[128];

	canvas_set_linear(canvas, true);
	screen_dirty(page->screen);
	CHECK(screen_draw(page->screen, canvas));
	snprintf(
	    file, sizeof(file), "desk/%s-linear-%dx%d", name, columns, rows);
	GOLDEN(canvas, file);
	canvas_free(canvas);
}

static bool
shows(struct page *page, const char *text)
{
	struct canvas *canvas = canvas_new(24, 80, false);
	struct str out;
	bool there;

	str_init(&out, 16384);
	screen_dirty(page->screen);
	screen_draw(page->screen, canvas);
	canvas_dump(canvas, &out);
	there = strstr(out.data, text) != NULL;
	if (!there)
		printf("# no '%s' in:\n# %s\n", text, out.data);
	str_release(&out);
	canvas_free(canvas);
	return there;
}

TEST(first_screens)
{
	static char maria[] = "maria", bea[] = "bea";
	static char *profiles[] = {maria, bea, NULL};
	struct page page;

	open_page(&page, NULL);
	golden(&page, "first");
	golden_linear(&page, "first", 24, 80);
	golden_linear(&page, "first", 10, 40);
	press(&page, "jj\r");
	golden(&page, "first-key");
	golden_linear(&page, "first-key", 24, 80);
	press(&page, "G");
	golden_at(&page, "first-key-end", 10, 40, false);
	press(&page, "\033");
	CHECK_INT(screen_depth(page.screen), 1);
	press(&page, "\033");
	CHECK(shows(&page, "nothing to go back to; q leaves"));
	press(&page, "q");
	CHECK(screen_top(page.screen) == NULL);
	CHECK_INT(page.choice.kind, FIRST_LEFT);
	close_page(&page);

	open_page(&page, profiles);
	golden(&page, "first-profiles");
	press(&page, "j\r");
	CHECK_INT(page.choice.kind, FIRST_PROFILE);
	CHECK_TEXT(page.choice.name, "bea");
	close_page(&page);
}

TEST(first_practice)
{
	struct page page;

	open_page(&page, NULL);
	press(&page, "\r");
	CHECK(screen_top(page.screen) == NULL);
	CHECK_INT(page.choice.kind, FIRST_PRACTICE);
	close_page(&page);
}

TEST(first_path_is_completed_and_checked)
{
	struct page page;
	char path[500];

	REQUIRE(chdir(check_directory()) == 0);
	REQUIRE(setenv("HOME", check_directory(), 1) == 0);
	CHECK(mkdir("exports", 0700) == 0);
	check_write("exports/march.csv", "a\n");
	check_write("exports/may.csv", "a\n");
	open_page(&page, NULL);
	press(&page, "j\r\r");
	CHECK(shows(&page, "type the file's name, with Tab for the rest"));
	press(&page, "ex\t");
	CHECK(shows(&page, "file: exports/\n"));
	press(&page, "\r");
	CHECK(shows(&page, "'exports/' is a folder"));
	press(&page, "\t\t");
	CHECK(shows(&page, "file: exports/ma\n"));
	press(&page, "x\r");
	CHECK(shows(&page, "there is no file 'exports/max'"));
	press(&page, "\025~/exp\tmay\t\r");
	CHECK(screen_top(page.screen) == NULL);
	CHECK_INT(page.choice.kind, FIRST_FILE);
	snprintf(path, sizeof(path), "%s/exports/may.csv", check_directory());
	CHECK_TEXT(page.choice.name, path);
	close_page(&page);
}
