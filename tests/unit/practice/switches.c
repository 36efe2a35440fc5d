/* SPDX-License-Identifier: MIT */
#include "practice/switches.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

#include "check.h"

TEST(switches_each_allowed_word_can_be_set_and_is_counted)
{
	for (int id = 0; id < SWITCH_COUNT; id++) {
		const struct switch_row *row = &switches_table[id];
		const char *word = row->allowed;

		for (int number = 0; *word; number++) {
			struct err err = ERR_INIT;
			struct switches switches;
			char text[128];
			size_t len = strcspn(word, " ");

			if (*word >= 'A' && *word <= 'Z') {
				word += len + strspn(word + len, " ");
				continue;
			}
			snprintf(text, sizeof(text), "%s=%.*s", row->name,
			    (int)len, word);
			switches_init(&switches);
			CHECK(switches_set(&switches, text, &err));
			CHECK_INT(switches.choice[id], number);
			word += len + strspn(word + len, " ");
		}
	}
}

/* The enums of the header count along with the words of the table. */
TEST(switches_the_last_choice_is_the_last_word)
{
	static const struct {
		const char *text;
		enum switch_id id;
		int choice;
	} rows[] = {
	    {"create-status=200", SWITCH_CREATE_STATUS, CREATE_STATUS_200},
	    {"update-status=204-unchanged", SWITCH_UPDATE_STATUS,
		UPDATE_STATUS_204_UNCHANGED},
	    {"envelope=bare", SWITCH_ENVELOPE, ENVELOPE_BARE},
	    {"error-shape=message", SWITCH_ERROR_SHAPE, ERROR_SHAPE_MESSAGE},
	    {"no-match=empty", SWITCH_NO_MATCH, NO_MATCH_EMPTY},
	    {"birth-date-key=both", SWITCH_BIRTH_DATE_KEY, BIRTH_DATE_KEY_BOTH},
	    {"birth-date-form=any", SWITCH_BIRTH_DATE_FORM,
		BIRTH_DATE_FORM_ANY},
	    {"duplicate=existing", SWITCH_DUPLICATE, DUPLICATE_EXISTING},
	    {"same-person=422", SWITCH_SAME_PERSON, SAME_PERSON_422},
	    {"external-id-change=ignored", SWITCH_EXTERNAL_ID_CHANGE,
		EXTERNAL_ID_CHANGE_IGNORED},
	    {"several-matches=other", SWITCH_SEVERAL, SEVERAL_OTHER},
	    {"search-scope=app", SWITCH_SCOPE, SCOPE_APP},
	    {"notes=replace", SWITCH_NOTES, NOTES_REPLACE},
	    {"nulls=400", SWITCH_NULLS, NULLS_REFUSE},
	    {"partial=bare", SWITCH_PARTIAL, PARTIAL_BARE},
	    {"dates=iso", SWITCH_DATES, DATES_ISO},
	    {"validation=lenient", SWITCH_VALIDATION, VALIDATION_LENIENT},
	    {"unknown-fields=400", SWITCH_UNKNOWN_FIELDS,
		UNKNOWN_FIELDS_REFUSE},
	    {"v2-body=both", SWITCH_V2_BODY, V2_BODY_BOTH},
	    {"v2-no-match=422", SWITCH_V2_NO_MATCH, V2_NO_MATCH_422},
	    {"search-envelope=both", SWITCH_SEARCH_ENVELOPE,
		SEARCH_ENVELOPE_BOTH},
	    {"refresh=never", SWITCH_REFRESH, REFRESH_NEVER},
	    {"pkce=ignore", SWITCH_PKCE, PKCE_IGNORE},
	    {"state=drop", SWITCH_STATE, STATE_DROP},
	    {"expires-in=absent", SWITCH_EXPIRES_IN, EXPIRES_IN_ABSENT},
	    {"retry-after=none", SWITCH_RETRY_AFTER, RETRY_AFTER_NONE},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = ERR_INIT;
		struct switches switches;

		switches_init(&switches);
		CHECK(switches_set(&switches, rows[i].text, &err));
		CHECK_INT(switches.choice[rows[i].id], rows[i].choice);
	}
}

TEST(switches_defaults_are_what_is_assumed)
{
	struct switches switches;

	switches_init(&switches);
	for (int id = 0; id < SWITCH_COUNT; id++)
		CHECK_INT(switches.choice[id], 0);
	CHECK_INT(switches.expires_in, 7200 * 1000);
	CHECK_INT(switches.latency, 0);
	CHECK_INT(switches.search_lag, 0);
	CHECK_INT(switches.rate_per, 0);
}

TEST(switches_take_durations_and_rates)
{
	struct err err = ERR_INIT;
	struct switches switches;

	switches_init(&switches);
	CHECK(switches_set(&switches, "latency=300ms", &err));
	CHECK(switches_set(&switches, "search-lag=2s", &err));
	CHECK(switches_set(&switches, "rate=8/s", &err));
	CHECK_INT(switches.latency, 300);
	CHECK_INT(switches.search_lag, 2000);
	CHECK_INT(switches.rate_count, 8);
	CHECK_INT(switches.rate_per, 1000);
	CHECK(switches_set(&switches, "expires-in=1s", &err));
	CHECK_INT(switches.expires_in, 1000);
	CHECK(switches_set(&switches, "expires-in=absent", &err));
	CHECK_INT(switches.expires_in, 1000);
	CHECK(switches_set(&switches, "expires-in=2s", &err));
	CHECK_INT(switches.choice[SWITCH_EXPIRES_IN], EXPIRES_IN_DURATION);
	CHECK(!switches_set(&switches, "expires-in=DURATION", &err));
	CHECK(!switches_set(&switches, "latency=soon", &err));
	CHECK_INT(err.kind, ERR_USAGE);
	CHECK(strncmp(err.text, "switch 'latency': ", 18) == 0);
}

TEST(switches_refuse_with_a_way_out)
{
	struct err err = ERR_INIT;
	struct switches switches;

	switches_init(&switches);
	CHECK(!switches_set(&switches, "envelop=data", &err));
	CHECK_TEXT(
	    err.text, "there is no switch 'envelop', did you mean 'envelope'?");
	CHECK(!switches_set(&switches, "envelope=none", &err));
	CHECK_TEXT(err.text,
	    "switch 'envelope': 'none' is none of its values (data bare)");
	CHECK(!switches_set(&switches, "envelope=dat", &err));
	CHECK(!switches_set(&switches, "envelope", &err));
	CHECK(!switches_set(&switches, "=x", &err));
	CHECK_INT(err.kind, ERR_USAGE);
}

/* "201 200" stands there as "201 | 200", its default first. */
static void
describe(struct str *out, const struct switch_row *row)
{
	const char *word = row->allowed;

	str_addf(out, ".It Cm %s Ns = Ns ", row->name);
	/* a run of words has one macro, a kind of value its own */
	for (char kind = '\0'; *word;) {
		bool named = *word >= 'A' && *word <= 'Z';
		size_t len = strcspn(word, " ");

		if (word != row->allowed)
			str_add(out, " | ");
		if (kind != (named ? 'A' : 'C'))
			str_add(out, named ? "Ar " : "Cm ");
		kind = named ? 'A' : 'C';
		for (size_t i = 0; i < len; i++)
			str_add_char(
			    out, named ? (char)(word[i] - 'A' + 'a') : word[i]);
		word += len + strspn(word + len, " ");
	}
	str_add_char(out, '\n');
}

TEST(switches_are_in_the_manual)
{
	char *manual = check_read(check_data("../man/belay-practice.1"));
	struct str entry;

	str_init(&entry, 256);
	for (int id = 0; id < SWITCH_COUNT; id++) {
		str_reset(&entry);
		describe(&entry, &switches_table[id]);
		if (!CHECK(strstr(manual, entry.data) != NULL))
			printf("# %s", entry.data);
	}
	str_release(&entry);
	free(manual);
}
