/* SPDX-License-Identifier: MIT */
/*
 * The script's words are split once; each step keeps a count of its own of
 * the requests that its ROUTE and @ID select, so that a step means the same
 * whatever stands before it.
 */
#include "practice/faults.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

enum { WORDS_MAX = 16 };

struct step {
	int route;         /* enum api_route; API_NONE: any of contacts */
	char *external_id; /* NULL: any */
	unsigned from, to; /* 1.. of what it counts */
	int percent;       /* 0: by number */
	bool ok;
	unsigned seen;
	struct fault fault;
};

struct faults {
	struct step *steps;
	size_t count, capacity;
	uint64_t random; /* xorshift64*, never 0 */
};

/* The words of one line, in place. */
struct words {
	char *word[WORDS_MAX];
	size_t count;
	size_t next;
};

static bool
split(struct words *words, char *line, struct err *err)
{
	char *save = NULL;

	*words = (struct words){.count = 0};
	for (char *word = strtok_r(line, " \t\r", &save); word;
	     word = strtok_r(NULL, " \t\r", &save)) {
		if (words->count == WORDS_MAX)
			return err_set(err, ERR_USAGE, "too many words");
		words->word[words->count++] = word;
	}
	return true;
}

static const char *
next_word(struct words *words)
{
	return words->next < words->count ? words->word[words->next++] : NULL;
}

/* A whole number up to a million; advances. False when there is none. */
static bool
take_number(const char **text, unsigned *number)
{
	if (!isdigit((unsigned char)**text))
		return false;
	for (*number = 0; isdigit((unsigned char)**text); (*text)++) {
		*number = *number * 10 + (unsigned)(**text - '0');
		if (*number > 1000000)
			return false;
	}
	return true;
}

/* 3, 2-5, 7+ */
static bool
parse_range(const char *text, struct step *step)
{
	if (!take_number(&text, &step->from) || step->from == 0)
		return false;
	step->to = step->from;
	if (*text == '+') {
		step->to = UINT32_MAX;
		text++;
	} else if (*text == '-') {
		text++;
		if (!take_number(&text, &step->to) || step->to < step->from)
			return false;
	}
	return *text == '\0';
}

static bool
parse_percent(const char *text, struct step *step)
{
	unsigned percent;

	if (!take_number(&text, &percent) || strcmp(text, "%") != 0 ||
	    percent < 1 || percent > 100)
		return false;
	step->percent = (int)percent;
	return true;
}

static bool
parse_when(const char *text, struct step *step, struct err *err)
{
	const char *colon = strrchr(text, ':');

	step->from = 1;
	step->to = UINT32_MAX;
	if (strcmp(text, "all") == 0)
		return true;
	if (*text == '@' && text[1] && text[1] != ':') {
		size_t len = strlen(text + 1);

		if (colon && parse_range(colon + 1, step))
			len = (size_t)(colon - text - 1);
		else
			step->from = 1, step->to = UINT32_MAX;
		step->external_id = mem_strndup(text + 1, len);
		return true;
	}
	if (parse_percent(text, step) || parse_range(text, step))
		return true;
	return err_set(err, ERR_USAGE,
	    "'%s' does not say when: write all, 3, 2-5, 7+, 5%% or @ID", text);
}

static bool
parse_route(const char *text, struct step *step, struct err *err)
{
	step->route = API_NONE;
	if (strcmp(text, "*") == 0)
		return true;
	for (int route = 0; route < API_NONE; route++)
		if (strcmp(text, api_route_name((enum api_route)route)) == 0) {
			step->route = route;
			return true;
		}
	return err_set(err, ERR_USAGE,
	    "'%s' is no route: write create, update, search, *, authorize or "
	    "token",
	    text);
}

static bool
parse_status(const char *text, struct fault *fault)
{
	unsigned status;

	if (!take_number(&text, &status) || *text || status < 400 ||
	    status > 599)
		return false;
	fault->status = (int)status;
	return true;
}

/* Actions that are one word without a value. */
static bool
plain_action(const char *word, struct step *step)
{
	struct fault *fault = &step->fault;
	const struct {
		const char *word;
		bool *flag;
	} flags[] = {
	    {"ok", &step->ok},
	    {"truncate", &fault->truncate},
	    {"huge", &fault->huge},
	    {"no-id", &fault->quirks.no_id},
	    {"partial", &fault->quirks.partial},
	    {"other", &fault->quirks.other_person},
	    {"null", &fault->quirks.nobody},
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (strcmp(flags[i].word, word) == 0) {
			*flags[i].flag = true;
			return true;
		}
	return false;
}

/* Actions that replace the answer: they may follow commit-then-. */
static bool
ending_action(
    const char *word, struct words *words, struct fault *fault, struct err *err)
{
	const char *value;

	if (parse_status(word, fault))
		return true;
	if (strcmp(word, "twin") == 0) {
		fault->twin = true;
		fault->status = 422;
		return true;
	}
	if (strcmp(word, "junk") == 0) {
		fault->junk = true;
		fault->status = 200;
		return true;
	}
	if (strcmp(word, "drop") == 0 || strcmp(word, "stall") == 0) {
		fault->end = *word == 'd' ? FAULT_DROP : FAULT_STALL;
		return true;
	}
	if (strcmp(word, "redirect") != 0)
		return err_set(err, ERR_USAGE, "'%s' is no action", word);
	value = next_word(words);
	if (!value)
		return err_set(err, ERR_USAGE, "redirect needs a URL");
	fault->status = 302;
	return str_copy(fault->redirect, sizeof(fault->redirect), value) ||
	       err_set(err, ERR_USAGE, "the URL is too long");
}

/* Where the duration of such an action goes; NULL: it is no such action. */
static int64_t *
timed_action(const char *word, struct fault *fault)
{
	if (strcmp(word, "delay") == 0)
		return &fault->delay;
	if (strcmp(word, "lag") == 0)
		return &fault->quirks.lag;
	if (strcmp(word, "late") != 0)
		return NULL;
	fault->end = FAULT_LATE;
	return &fault->late;
}

static bool
set_retry_after(struct fault *fault, const char *value, struct err *err)
{
	if (!value ||
	    !str_copy(fault->retry_after, sizeof(fault->retry_after), value))
		return err_set(err, ERR_USAGE, "retry-after needs a value");
	for (char *c = fault->retry_after; *c; c++)
		if (*c == '_')
			*c = ' ';
	return true;
}

static bool
parse_action(
    const char *word, struct words *words, struct step *step, struct err *err)
{
	static const char commit[] = "commit-then-";
	int64_t *duration;

	if (plain_action(word, step))
		return true;
	duration = timed_action(word, &step->fault);
	if (duration) {
		const char *value = next_word(words);

		return value ? clock_parse_duration(value, duration, err)
			     : err_set(err, ERR_USAGE,
				   "%s needs a duration, such as 2s", word);
	}
	if (strcmp(word, "retry-after") == 0)
		return set_retry_after(&step->fault, next_word(words), err);
	if (str_starts(word, commit)) {
		step->fault.commit = true;
		word += sizeof(commit) - 1;
	}
	return ending_action(word, words, &step->fault, err);
}

static bool
parse_step(char *line, struct step *step, struct err *err)
{
	struct words words;
	const char *word;

	if (!split(&words, line, err))
		return false;
	if (words.count < 3)
		return err_set(
		    err, ERR_USAGE, "a step is ROUTE WHEN ACTION...");
	if (!parse_route(next_word(&words), step, err) ||
	    !parse_when(next_word(&words), step, err))
		return false;
	while ((word = next_word(&words)))
		if (!parse_action(word, &words, step, err))
			return false;
	return true;
}

/* The words from the third on. */
static void
keep_text(struct fault *fault, const char *line)
{
	for (int skipped = 0; skipped < 2; skipped++) {
		line += strspn(line, " \t");
		line += strcspn(line, " \t");
	}
	line += strspn(line, " \t");
	str_copy(fault->text, sizeof(fault->text), line);
}

static bool
add_line(struct faults *faults, char *line, struct err *err)
{
	char *hash = strchr(line, '#');
	struct step *step;

	if (hash)
		*hash = '\0';
	if (str_blank(line))
		return true;
	if (faults->count == FAULTS_STEPS_MAX)
		return err_set(
		    err, ERR_USAGE, "more than %u steps", FAULTS_STEPS_MAX);
	faults->steps = mem_grow(faults->steps, &faults->capacity,
	    faults->count + 1, sizeof(*faults->steps));
	step = &faults->steps[faults->count++];
	*step = (struct step){.seen = 0};
	keep_text(&step->fault, line);
	return parse_step(line, step, err);
}

struct faults *
faults_parse(const char *name, const char *text, uint64_t seed, struct err *err)
{
	struct faults *faults = mem_zalloc(sizeof(*faults));

	faults->random = seed * 2 + 0x9e3779b97f4a7c15u;
	for (unsigned number = 1; *text; number++) {
		size_t len = strcspn(text, "\n");
		char *line = mem_strndup(text, len);
		bool good = add_line(faults, line, err);

		free(line);
		if (!good) {
			err->kind = ERR_USAGE;
			err_prefix(err, "%s:%u", name, number);
			faults_free(faults);
			return NULL;
		}
		text += len + (text[len] == '\n');
	}
	return faults;
}

void
faults_free(struct faults *faults)
{
	if (!faults)
		return;
	for (size_t i = 0; i < faults->count; i++)
		free(faults->steps[i].external_id);
	free(faults->steps);
	free(faults);
}

/* 0..99 */
static int
roll(struct faults *faults)
{
	uint64_t x = faults->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	faults->random = x;
	return (int)((x * 0x2545f4914f6cdd1du >> 33) % 100);
}

static bool
selects(const struct step *step, enum api_route route, const char *external_id)
{
	if (step->route == API_NONE ? route >= API_CONTACTS
				    : step->route != (int)route)
		return false;
	return !step->external_id ||
	       (external_id && strcmp(step->external_id, external_id) == 0);
}

const struct fault *
faults_next(
    struct faults *faults, enum api_route route, const char *external_id)
{
	const struct step *found = NULL;

	for (size_t i = 0; faults && i < faults->count; i++) {
		struct step *step = &faults->steps[i];
		bool fits;

		if (!selects(step, route, external_id))
			continue;
		step->seen++;
		fits = step->percent
			   ? roll(faults) < step->percent
			   : step->seen >= step->from && step->seen <= step->to;
		if (fits && !found)
			found = step;
	}
	return found && !found->ok ? &found->fault : NULL;
}

bool
fault_works(const struct fault *fault)
{
	if (!fault || fault->commit)
		return true;
	return fault->status == 0 && fault->end == FAULT_REPLY;
}
