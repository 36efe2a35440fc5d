/* SPDX-License-Identifier: MIT */
/*
 * `belay explain [CODE]`: what a code means and what to do, from the tables of
 * those who give it: findings, reviews, failures.
 */
#include "command/command.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "book/finding.h"
#include "command/output.h"
#include "partner/reply.h"
#include "sync/explain.h"

enum { CODES_MAX = FINDING_CODE_COUNT + 64 };

struct explanation {
	const char *code;
	const char *kind; /* a severity, "review" or "failed" */
	const char *meaning;
	const char *advice; /* NULL: the meaning says it */
};

static struct explanation
of_finding(unsigned code)
{
	const struct finding_info *info = &finding_table[code];

	return (struct explanation){info->code, severity_word(info->severity),
	    info->meaning, info->advice};
}

static struct explanation
of_review(const char *code)
{
	return (struct explanation){code, "review", explain_review(code), NULL};
}

static struct explanation
of_failure(const char *code)
{
	struct explanation explanation = {code, "failed", "", NULL};

	reply_explain_code(code, &explanation.meaning, &explanation.advice);
	return explanation;
}

static void
explain(const struct arguments *arguments, struct explanation explanation)
{
	const char *meaning = explanation.meaning;
	struct json *object;

	if (!arguments->json) {
		printf("%s (%s)\n  %c%s%s\n", explanation.code,
		    explanation.kind, toupper((unsigned char)*meaning),
		    meaning + 1, str_ends(meaning, ".") ? "" : ".");
		if (explanation.advice)
			printf("  What to do: %s.\n", explanation.advice);
		return;
	}
	object = json_object();
	json_add_string(object, "code", explanation.code);
	json_add_string(object, "severity", explanation.kind);
	json_add_string(object, "meaning", meaning);
	json_add_string(object, "advice", explanation.advice);
	output_json(object);
}

/* A heading between groups; not in JSON lines. */
static void
head(const struct arguments *arguments, const char *text)
{
	static const char line[] = "========================================"
				   "========================================";

	if (!arguments->json)
		printf("%s\n%.*s\n", text, (int)strlen(text), line);
}

static void
part(const struct arguments *arguments)
{
	if (!arguments->json)
		putchar('\n');
}

static void
explain_findings(const struct arguments *arguments, enum severity severity,
    const char *heading)
{
	head(arguments, heading);
	for (unsigned i = 0; i < FINDING_CODE_COUNT; i++)
		if (finding_table[i].severity == severity)
			explain(arguments, of_finding(i));
	part(arguments);
}

static void
explain_all(const struct arguments *arguments)
{
	const char *code;

	explain_findings(
	    arguments, SEVERITY_ERROR, "Errors: the contact is not sent");
	explain_findings(arguments, SEVERITY_WARNING,
	    "Warnings: the contact goes, mostly without the value");
	explain_findings(
	    arguments, SEVERITY_INFO, "Notes: worth knowing, nothing changes");
	head(
	    arguments, "Reviews: you decide, with belay review or in the desk");
	for (size_t i = 0; (code = explain_review_code(i)); i++)
		explain(arguments, of_review(code));
	part(arguments);
	head(arguments, "Failures: HealthSherpa did not take the contact");
	for (size_t i = 0; (code = reply_known_code(i)); i++)
		explain(arguments, of_failure(code));
}

/* Without regard to case, as people type codes. "gone" is the code of a review
 * and of a failure: both are told. */
static bool
explain_one(const struct arguments *arguments, const char *code)
{
	enum finding_code finding = finding_from_code(code);
	bool found = finding != FINDING_CODE_COUNT;
	const char *known;

	if (found)
		explain(arguments, of_finding(finding));
	for (size_t i = 0; (known = explain_review_code(i)); i++)
		if (str_equal_fold(known, code)) {
			explain(arguments, of_review(known));
			found = true;
		}
	for (size_t i = 0; (known = reply_known_code(i)); i++)
		if (str_equal_fold(known, code)) {
			explain(arguments, of_failure(known));
			found = true;
		}
	return found;
}

static bool
unknown_code(const char *code, struct err *err)
{
	const char *codes[CODES_MAX], *known, *nearest;
	size_t count = 0;

	for (; count < FINDING_CODE_COUNT; count++)
		codes[count] = finding_table[count].code;
	for (size_t i = 0;
	     count < CODES_MAX && (known = explain_review_code(i)); i++)
		codes[count++] = known;
	for (size_t i = 0; count < CODES_MAX && (known = reply_known_code(i));
	     i++)
		codes[count++] = known;
	nearest = str_nearest(code, codes, count);
	if (nearest)
		return err_set(err, ERR_USAGE,
		    "no code is called '%s'; did you mean %s?", code, nearest);
	return err_set(err, ERR_USAGE,
	    "no code is called '%s'; 'belay explain' lists all", code);
}

static int
run(const struct arguments *arguments, struct err *err)
{
	if (arguments->word_count == 0) {
		explain_all(arguments);
		return 0;
	}
	if (explain_one(arguments, arguments->words[0]))
		return 0;
	unknown_code(arguments->words[0], err);
	return -1;
}

const struct command command_explain = {
    .name = "explain",
    .bit = COMMAND_EXPLAIN,
    .usage = "explain [CODE] [--json]",
    .summary = "what a code means and what to do",
    .detail = "Codes of findings, of reviews and of failures; without one, all "
	      "of them.",
    .words_max = 1,
    .run = run,
};
