/* SPDX-License-Identifier: MIT */
/* `belay explain [CODE]`: what a finding means and what to do. */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "book/finding.h"
#include "command/output.h"

static void
explain(const struct arguments *arguments, const struct finding_info *info)
{
	struct json *object;

	if (!arguments->json) {
		printf("%s (%s)\n  %s\n  What to do: %s.\n", info->code,
		    severity_word(info->severity), info->meaning, info->advice);
		return;
	}
	object = json_object();
	json_add_string(object, "code", info->code);
	json_add_string(object, "severity", severity_word(info->severity));
	json_add_string(object, "meaning", info->meaning);
	json_add_string(object, "advice", info->advice);
	output_json(object);
}

static bool
unknown_code(const char *code, struct err *err)
{
	const char *nearest = finding_nearest(code);

	if (nearest)
		return err_set(err, ERR_USAGE,
		    "no code is called '%s'; did you mean %s?", code, nearest);
	return err_set(err, ERR_USAGE,
	    "no code is called '%s'; 'belay explain' lists all", code);
}

static int
run(const struct arguments *arguments, struct err *err)
{
	enum finding_code code;

	if (arguments->word_count == 0) {
		for (int i = 0; i < FINDING_CODE_COUNT; i++)
			explain(arguments, &finding_table[i]);
		return 0;
	}
	code = finding_from_code(arguments->words[0]);
	if (code == FINDING_CODE_COUNT) {
		unknown_code(arguments->words[0], err);
		return -1;
	}
	explain(arguments, &finding_table[code]);
	return 0;
}

const struct command command_explain = {
    .name = "explain",
    .bit = COMMAND_EXPLAIN,
    .usage = "explain [CODE] [--json]",
    .summary = "what a code of a finding means and what to do",
    .detail = NULL,
    .words_max = 1,
    .run = run,
};
