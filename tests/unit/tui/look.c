/* SPDX-License-Identifier: MIT */
/* Presets that can be read, computed; and looks in words. */
#include "tui/look.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "check.h"

/* WCAG 2, "relative luminance". */
static double
luminance(uint32_t rgb)
{
	static const double weights[] = {0.2126, 0.7152, 0.0722};
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		double part = (double)(rgb >> (16 - 8 * i) & 0xff) / 255;

		part = part <= 0.04045 ? part / 12.92
				       : pow((part + 0.055) / 1.055, 2.4);
		sum += weights[i] * part;
	}
	return sum;
}

static double
contrast(uint32_t a, uint32_t b)
{
	double one = luminance(a), other = luminance(b);
	double more = one > other ? one : other;
	double less = one > other ? other : one;

	return (more + 0.05) / (less + 0.05);
}

/* `text`, `ground`: what the terminal's own colours are taken to be. */
static void
check_preset(
    const char *word, int colors, uint32_t text, uint32_t ground, double least)
{
	struct looks looks = {.preset = LOOK_AUTO};
	struct look made[STYLE_COUNT];

	looks_choose(&looks, word);
	looks_make(&looks, colors, made);
	for (int i = 0; i < STYLE_COUNT; i++) {
		uint32_t front = made[i].color < 0 ? text
						   : look_rgb(made[i].color);
		uint32_t back = made[i].background < 0
				    ? ground
				    : look_rgb(made[i].background);
		double is = contrast(front, back);

		CHECK(made[i].color < colors && made[i].background < colors);
		CHECK(!(made[i].attributes & LOOK_DIM));
		if (!CHECK(is >= least))
			printf("# %s, %d colours, %s: %.2f\n", word, colors,
			    look_style_names[i], is);
	}
}

TEST(contrast_is_computed_as_told)
{
	CHECK_INT(10 * contrast(0xffffff, 0x000000) + 0.5, 210);
	CHECK_INT(100 * contrast(0x777777, 0xffffff) + 0.5, 448);
}

TEST(presets_can_be_read)
{
	static const int depths[] = {8, 16, 256};

	for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		check_preset("light", depths[i], 0x000000, 0xffffff, 4.5);
		check_preset("dark", depths[i], 0xe5e5e5, 0x000000, 4.5);
		/* whatever the terminal's own background is */
		check_preset("high-contrast", depths[i], 0xe5e5e5, 0x000000, 7);
		check_preset("high-contrast", depths[i], 0x000000, 0xffffff, 7);
	}
}

static bool
colored(const char *word, int colors)
{
	struct looks looks = {.preset = LOOK_AUTO};
	struct look made[STYLE_COUNT];

	looks_choose(&looks, word);
	looks_make(&looks, colors, made);
	for (int i = 0; i < STYLE_COUNT; i++)
		if (made[i].color >= 0 || made[i].background >= 0)
			return true;
	return false;
}

TEST(colors_come_when_they_are_wanted)
{
	unsetenv("NO_COLOR");
	CHECK(colored("auto", 8));
	CHECK(!colored("auto", 0));
	CHECK(!colored("never", 256));
	CHECK(!colored("mono", 256));
	setenv("NO_COLOR", "1", 1);
	CHECK(!colored("auto", 256));
	CHECK(colored("always", 256));
	CHECK(colored("light", 8));
	setenv("NO_COLOR", "", 1);
	CHECK(colored("auto", 256));
	unsetenv("NO_COLOR");
}

TEST(background_is_taken_from_who_tells_it)
{
	struct looks looks = {.preset = LOOK_AUTO};
	struct look made[STYLE_COUNT], should[STYLE_COUNT];

	static const struct {
		const char *told, *preset;
	} vectors[] = {{"0;15", "light"}, {"15;0", "dark"},
	    {"0;default;7", "light"}, {"15;default", "auto"}, {"", "auto"}};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		unsetenv("COLORFGBG");
		looks_choose(&looks, vectors[i].preset);
		looks_make(&looks, 256, should);
		setenv("COLORFGBG", vectors[i].told, 1);
		looks_choose(&looks, "auto");
		looks_make(&looks, 256, made);
		CHECK(memcmp(made, should, sizeof(made)) == 0);
	}
	unsetenv("COLORFGBG");
}

TEST(looks_in_words)
{
	struct err err = ERR_INIT;
	struct look look;

	CHECK(look_parse("bold bright-red on black", &look, &err));
	CHECK_INT(look.attributes, LOOK_BOLD);
	CHECK_INT(look.color, 9);
	CHECK_INT(look.background, 0);
	CHECK(look_parse(" reverse  underline 208", &look, &err));
	CHECK_INT(look.attributes, LOOK_REVERSE | LOOK_UNDERLINE);
	CHECK_INT(look.color, 208);
	CHECK(look_parse("plain", &look, &err));
	CHECK_INT(look.color, LOOK_DEFAULT);
	CHECK(!look_parse("bold pnik", &look, &err));
	CHECK_TEXT(err.text,
	    "'pnik' is no look: bold, dim, underline, reverse, a colour (red, "
	    "bright-red, 0 to 255), on and a colour");
	CHECK(!look_parse("256", &look, &err));
	CHECK(!look_parse("red on", &look, &err));
	CHECK_TEXT(err.text, "a colour is missing after 'on'");
	CHECK(!look_parse("red on bold", &look, &err));
	CHECK_INT(look_style("good"), STYLE_GOOD);
	CHECK_INT(look_style("goof"), STYLE_COUNT);
}

TEST(own_looks_stand_over_a_preset)
{
	struct looks looks = {.preset = LOOK_AUTO};
	struct look made[STYLE_COUNT];

	looks_choose(&looks, "dark");
	looks.own[STYLE_GOOD] = (struct look){LOOK_BOLD, 208, LOOK_DEFAULT};
	looks.is_own[STYLE_GOOD] = true;
	looks_make(&looks, 256, made);
	CHECK_INT(made[STYLE_GOOD].color, 208);
	/* a terminal that has no such colour */
	looks_make(&looks, 8, made);
	CHECK_INT(made[STYLE_GOOD].color, LOOK_DEFAULT);
	CHECK_INT(made[STYLE_GOOD].attributes, LOOK_BOLD);
}
