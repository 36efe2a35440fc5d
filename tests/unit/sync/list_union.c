/* SPDX-License-Identifier: MIT */
/* Our list and HealthSherpa's, as a table. */
#include "sync/list_union.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

#include "check.h"

#define SAME "="

static const struct {
	const char *what, *ours, *theirs;
	const char *merged; /* SAME: theirs as it is; NULL: no list */
	const char *sides;  /* +: ours, =: both, -: theirs */
} vectors[] = {
    {"nothing there", "[{\"name\":\"A\"}]", "[]", "[{\"name\":\"A\"}]", "+"},
    {"nothing here", "[]", "[{\"name\":\"A\"}]", SAME, "-"},
    {"the same", "[{\"name\":\"A\"}]", "[{\"name\":\"A\"}]", SAME, "="},
    {"case and blanks", "[{\"name\":\" aspirin  EC\"}]",
	"[{\"name\":\"Aspirin EC\"}]", "[{\"name\":\" aspirin  EC\"}]", "="},
    {"accents of one case", "[{\"name\":\"\xc3\x89lan\"}]",
	"[{\"name\":\"\xc3\xa9lan\"}]", "[{\"name\":\"\xc3\x89lan\"}]", "="},
    {"both have one of their own", "[{\"name\":\"A\"}]", "[{\"name\":\"B\"}]",
	"[{\"name\":\"B\"},{\"name\":\"A\"}]", "+-"},
    {"their keys that we lack stay", "[{\"name\":\"A\",\"dose\":\"81 mg\"}]",
	"[{\"id\":7,\"name\":\"A\",\"dose\":\"81 MG\",\"kept\":true}]",
	"[{\"id\":7,\"name\":\"A\",\"dose\":\"81 mg\",\"kept\":true}]", "="},
    {"10 mg and 20 mg are two", "[{\"name\":\"A\",\"dosage\":\"20 mg\"}]",
	"[{\"name\":\"A\",\"ndc\":\"1-1\",\"dosage\":\"10 mg\"}]",
	"[{\"name\":\"A\",\"ndc\":\"1-1\",\"dosage\":\"10 mg\"},"
	"{\"name\":\"A\",\"dosage\":\"20 mg\"}]",
	"+-"},
    {"two branches are two",
	"[{\"name\":\"CVS\",\"address\":{\"city\":\"Albany\"}}]",
	"[{\"name\":\"CVS\",\"npi\":\"1\",\"address\":{\"city\":\"Boston\"}}]",
	"[{\"name\":\"CVS\",\"npi\":\"1\",\"address\":{\"city\":\"Boston\"}},"
	"{\"name\":\"CVS\",\"address\":{\"city\":\"Albany\"}}]",
	"+-"},
    {"nothing contradicts: one, with what either lacks",
	"[{\"name\":\"CVS\",\"address\":{\"city\":\"BOSTON\",\"zip\":\"1\"}}]",
	"[{\"name\":\"CVS\",\"address\":{\"state\":\"MA\",\"city\":\"Boston\"}}"
	"]",
	"[{\"name\":\"CVS\",\"address\":{\"state\":\"MA\",\"city\":\"BOSTON\","
	"\"zip\":\"1\"}}]",
	"="},
    {"2 is \"2\"", "[{\"name\":\"A\",\"n\":2}]",
	"[{\"name\":\"A\",\"n\":\"2\"}]", "[{\"name\":\"A\",\"n\":2}]", "="},
    {"what is blank contradicts nothing",
	"[{\"name\":\"A\",\"n\":\"5\",\"at\":{\"zip\":\"1\"}}]",
	"[{\"name\":\"A\",\"n\":\" \",\"at\":{}}]",
	"[{\"name\":\"A\",\"n\":\"5\",\"at\":{\"zip\":\"1\"}}]", "="},
    {"true and false contradict", "[{\"name\":\"A\",\"n\":true}]",
	"[{\"name\":\"A\",\"n\":false}]",
	"[{\"name\":\"A\",\"n\":false},{\"name\":\"A\",\"n\":true}]", "+-"},
    {"what has more in common comes first",
	"[{\"name\":\"A\"},{\"name\":\"A\",\"n\":2}]",
	"[{\"name\":\"A\",\"n\":2},{\"name\":\"A\",\"n\":1}]", SAME, "=="},
    {"a null of ours wins over nothing", "[{\"name\":\"A\",\"dose\":null}]",
	"[{\"name\":\"A\",\"dose\":\"5 mg\"}]", SAME, "="},
    {"numbers stay as they are written", "[{\"name\":\"B\",\"n\":2.50}]",
	"[{\"name\":\"A\",\"n\":1.0}]",
	"[{\"name\":\"A\",\"n\":1.0},{\"name\":\"B\",\"n\":2.50}]", "+-"},
    {"NDC with and without dashes", "[{\"ndc\":\"00093-7150-01\"}]",
	"[{\"ndc\":\"00093715001\",\"name\":\"Zocor\"}]",
	"[{\"ndc\":\"00093-7150-01\",\"name\":\"Zocor\"}]", "="},
    {"the same name, another NDC",
	"[{\"name\":\"Zocor\",\"ndc\":\"00093-7150-02\"}]",
	"[{\"name\":\"Zocor\",\"ndc\":\"00093-7150-01\"}]",
	"[{\"name\":\"Zocor\",\"ndc\":\"00093-7150-01\"},"
	"{\"name\":\"Zocor\",\"ndc\":\"00093-7150-02\"}]",
	"+-"},
    {"one without NDC", "[{\"name\":\"Zocor\"}]",
	"[{\"name\":\"Zocor\",\"ndc\":\"00093-7150-01\"}]", SAME, "="},
    {"the code comes before the name",
	"[{\"name\":\"Zocor\"},{\"name\":\"Simva\",\"ndc\":\"1-1\"}]",
	"[{\"name\":\"Zocor\",\"ndc\":\"1-1\"},{\"name\":\"Zocor\"}]",
	"[{\"name\":\"Simva\",\"ndc\":\"1-1\"},{\"name\":\"Zocor\"}]", "=="},
    {"NPI", "[{\"npi\":\"1234567893\",\"name\":\"Corner\"}]",
	"[{\"npi\":\"1234567893\",\"name\":\"Corner Drug\"}]",
	"[{\"npi\":\"1234567893\",\"name\":\"Corner\"}]", "="},
    {"an NPI as a number", "[{\"npi\":\"1234567893\"}]",
	"[{\"npi\":1234567893}]", "[{\"npi\":\"1234567893\"}]", "="},
    {"providers by first and last name",
	"[{\"first_name\":\"Ann\",\"last_name\":\"Lee\"}]",
	"[{\"first_name\":\"ANN\",\"last_name\":\"Lee\",\"npi\":\"1\"},"
	"{\"first_name\":\"Ann\",\"last_name\":\"Low\"}]",
	"[{\"first_name\":\"Ann\",\"last_name\":\"Lee\",\"npi\":\"1\"},"
	"{\"first_name\":\"Ann\",\"last_name\":\"Low\"}]",
	"=-"},
    {"one of theirs is the same as one of ours only",
	"[{\"name\":\"A\",\"n\":1},{\"name\":\"A\",\"n\":2}]",
	"[{\"name\":\"A\"}]",
	"[{\"name\":\"A\",\"n\":1},{\"name\":\"A\",\"n\":2}]", "=+"},
    {"without name or code nothing is the same", "[{\"dose\":\"1\"}]",
	"[{\"dose\":\"1\"}]", "[{\"dose\":\"1\"},{\"dose\":\"1\"}]", "+-"},
    {"nested values that contradict are ours whole",
	"[{\"npi\":\"1\",\"at\":{\"zip\":\"1\"}}]",
	"[{\"npi\":\"1\",\"at\":{\"zip\":\"2\",\"city\":\"x\"}}]",
	"[{\"npi\":\"1\",\"at\":{\"zip\":\"1\"}}]", "="},
    {"an item that is no map stays", "[{\"name\":\"A\"}]", "[\"odd\"]",
	"[\"odd\",{\"name\":\"A\"}]", "+-"},
    {"theirs is no list", "[{\"name\":\"A\"}]", "{}", NULL, ""},
    {"ours is no list", "x", "[]", NULL, ""},
};

static void
take(void *context, const struct json *ours, const struct json *theirs)
{
	str_add_char(context, ours && theirs ? '=' : ours ? '+' : '-');
}

TEST(list_union_is_what_the_table_says)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const char *should = vectors[i].merged;
		struct str merged, sides;
		bool differs = false, good;

		str_init(&merged, 4096);
		str_init(&sides, 64);
		good = list_merge(
		    &merged, vectors[i].ours, vectors[i].theirs, &differs);
		if (!CHECK(good == (should != NULL)))
			printf("# %s\n", vectors[i].what);
		if (should && strcmp(should, SAME) == 0) {
			CHECK(!differs);
			should = vectors[i].theirs;
		} else if (should) {
			CHECK(differs);
		}
		if (should && !CHECK_TEXT(merged.data, should))
			printf("# %s\n", vectors[i].what);
		list_compare(vectors[i].ours, vectors[i].theirs, take, &sides);
		if (!CHECK_TEXT(sides.data, vectors[i].sides))
			printf("# %s\n", vectors[i].what);
		str_release(&merged);
		str_release(&sides);
	}
}

/* Merged once more nothing changes: the next sync sends nothing. */
TEST(list_union_once_more_changes_nothing)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct str once, twice;
		bool differs = true;

		if (!vectors[i].merged ||
		    strstr(vectors[i].what, "without name or code"))
			continue;
		str_init(&once, 4096);
		str_init(&twice, 4096);
		CHECK(list_merge(
		    &once, vectors[i].ours, vectors[i].theirs, &differs));
		CHECK(list_merge(&twice, vectors[i].ours, once.data, &differs));
		if (!CHECK(!differs) || !CHECK_TEXT(twice.data, once.data))
			printf("# %s\n", vectors[i].what);
		str_release(&once);
		str_release(&twice);
	}
}

static void
text_of(struct str *out, const char *text)
{
	struct err err = ERR_INIT;
	struct json *item = json_parse(text, strlen(text), &err);

	REQUIRE(item != NULL);
	list_item_text(out, item);
	json_free(item);
}

TEST(list_union_names_items)
{
	static const char list[] =
	    "[{\"name\":\"Zocor\\u001b\"},{\"first_name\":\"Ann\","
	    "\"last_name\":\"Lee\"},{\"npi\":\"1234567893\"},{},"
	    "{\"name\":\"Twice\"},{\"name\":\"twice\"}]";
	static const char *const names[] = {
	    "Zocor\xe2\x90\x9b", "Ann Lee", "1234567893", "", "Twice", "twice"};
	struct str name;

	str_init(&name, 200);
	CHECK_INT(list_count(list), 6);
	CHECK_INT(list_count(NULL), 0);
	CHECK_INT(list_count("x"), 0);
	for (unsigned i = 0; i < 6; i++) {
		str_reset(&name);
		CHECK(list_name_at(&name, list, i + 1));
		CHECK_TEXT(name.data, names[i]);
	}
	str_reset(&name);
	text_of(&name, "{\"name\":\"Zocor\\u001b\",\"n\":2.50,\"at\":{\"zip\":"
		       "\"02139\"},\"x\":null}");
	CHECK_TEXT(name.data, "name Zocor\xe2\x90\x9b, n 2.50, at "
			      "{\"zip\":\"02139\"}, x null");
	CHECK(!list_name_at(&name, list, 0));
	CHECK(!list_name_at(&name, list, 7));
	CHECK_INT(list_place_of(list, "ann lee"), 2);
	CHECK_INT(list_place_of(list, "nobody"), 0);
	CHECK_INT(list_place_of(list, "twice"), 0);
	str_release(&name);
}

/* ---- any two lists -------------------------------------------------- */

static uint32_t seed = 7;

static unsigned
any(unsigned below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 16) % below;
}

/* Up to six items of few names and codes, so that many are alike. */
static void
add_any_list(struct str *out, char side)
{
	unsigned count = any(7);

	str_add_char(out, '[');
	for (unsigned i = 0; i < count; i++) {
		str_addf(out, "%s{\"%c%u\":1", i ? "," : "", side, i);
		if (any(4))
			str_addf(out, ",\"name\":\"N%u\"", any(4));
		if (any(3) == 0)
			str_addf(out, ",\"ndc\":\"0-%u\"", any(4));
		if (any(5) == 0)
			str_addf(out, ",\"npi\":\"%u\"", any(3));
		if (any(3) == 0)
			str_addf(out, ",\"dose\":\"%u\"", any(3));
		str_add_char(out, '}');
	}
	str_add_char(out, ']');
}

/* Whether some item has the mark of the side's item of that number. */
static bool
has_mark(const char *list, char side, size_t number)
{
	char mark[40];

	snprintf(mark, sizeof(mark), "\"%c%zu\":1", side, number);
	return strstr(list, mark) != NULL;
}

static bool
both_have(const struct json *a, const struct json *b, const char *key)
{
	return json_get(a, key) && json_get(b, key);
}

/* A name alone never makes one of two items that contradict. */
static void
take_pair(void *context, const struct json *ours, const struct json *theirs)
{
	take(context, ours, theirs);
	if (!ours || !theirs || both_have(ours, theirs, "ndc") ||
	    both_have(ours, theirs, "npi") || !both_have(ours, theirs, "dose"))
		return;
	if (!CHECK_TEXT(json_string(json_get(ours, "dose")),
		json_string(json_get(theirs, "dose"))))
		check_abandon();
}

/* Whatever the two are, no item of either side is lost, each is handed over
 * once, and so many fewer are left as are the same. */
TEST(list_union_loses_nothing)
{
	for (unsigned round = 0; round < 20000; round++) {
		struct str ours, theirs, merged, signs;
		size_t own, other, both = 0;
		bool differs = false;

		str_init(&ours, 4096);
		str_init(&theirs, 4096);
		str_init(&merged, 8192);
		str_init(&signs, 64);
		add_any_list(&ours, 'o');
		add_any_list(&theirs, 't');
		own = list_count(ours.data);
		other = list_count(theirs.data);
		CHECK(list_merge(&merged, ours.data, theirs.data, &differs));
		CHECK(list_compare(ours.data, theirs.data, take_pair, &signs));
		for (const char *sign = signs.data; *sign; sign++)
			both += *sign == '=';
		if (!CHECK(signs.len == own + other - both) ||
		    !CHECK(list_count(merged.data) == signs.len) ||
		    !CHECK(list_lacking(ours.data, theirs.data) == own - both))
			check_abandon();
		for (size_t i = 0; i < own; i++)
			if (!CHECK(has_mark(merged.data, 'o', i)))
				check_abandon();
		for (size_t i = 0; i < other; i++)
			if (!CHECK(has_mark(merged.data, 't', i)))
				check_abandon();
		str_release(&ours);
		str_release(&theirs);
		str_release(&merged);
		str_release(&signs);
	}
}
