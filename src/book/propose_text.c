/* SPDX-License-Identifier: MIT */
/*
 * The proposal as a config: rules as they are evaluated, each under a comment
 * that says why and how many have it.
 * Hazards: names are somebody's text inside comments, so they are cleaned (no
 * line breaks) and cut. Values are people's, and a config is copied, mailed and
 * checked in: none of them stands in it.
 */
#include <string.h>

#include "base/text.h"
#include "book/config_write.h"
#include "book/mapping.h"
#include "book/propose_private.h"
#include "source/records.h"
#include "source/yaml_scalar.h"

enum { NAME_COLUMNS = 48, COMMENT_COLUMNS = 76 };

/* ---- whether it is needed at all
 * -------------------------------------------------
 */

static bool
is_own_name(const struct proposal *proposal, enum field field)
{
	const char *rule = proposal->fields[field].rule;
	uint32_t column = mapping_find_alike(
	    proposal->records, field_table[field].name);
	struct str name;
	bool same;

	if (!rule)
		return column == RECORDS_NONE;
	if (column == RECORDS_NONE)
		return field == FIELD_EXTERNAL_ID && propose_mints(proposal);
	str_init(&name, PROPOSE_RULE_MAX);
	propose_add_name(&name, proposal, column);
	same = strcmp(rule, name.data) == 0;
	str_release(&name);
	return same;
}

bool
proposal_is_builtin(const struct proposal *proposal)
{
	if (!proposal->keys)
		return false;
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (!is_own_name(proposal, (enum field)i))
			return false;
	return true;
}

/* ---- comments
 * ---------------------------------------------------------------------
 */

static void
add_fitted(struct str *out, const char *text, int columns)
{
	struct str clean;

	str_init(&clean, PROPOSE_RULE_MAX);
	text_clean(&clean, text, strlen(text));
	text_fit(out, clean.data, columns, "\xe2\x80\xa6");
	str_release(&clean);
}

/* Words as comment lines of a bounded length, each behind `start`. */
static void
add_comment(struct str *out, const char *start, const char *text)
{
	struct str clean;
	/* what goes on in a field's comment stands deeper */
	const char *at, *next = *start == ' ' ? "  #  " : start;
	int used = 0;

	str_init(&clean, PROPOSE_TEXT_MAX);
	text_clean(&clean, text, strlen(text));
	for (at = clean.data; *at;) {
		size_t len = strcspn(at, " ");
		int width = (int)len + 1;

		if (used == 0 || used + width > COMMENT_COLUMNS) {
			if (used > 0)
				str_add_char(out, '\n');
			str_add(out, used ? next : start);
			used = (int)strlen(start);
		}
		str_add_char(out, ' ');
		str_add_bytes(out, at, len);
		used += width;
		at += len + strspn(at + len, " ");
	}
	str_add_char(out, '\n');
	str_release(&clean);
}

static void
describe_field(
    struct str *out, const struct proposal *proposal, enum field field)
{
	const struct proposal_field *seen = proposal_field(proposal, field);
	struct str text;

	str_init(&text, PROPOSE_RULE_MAX);
	str_addf(&text, "%s: %s. %u of %u have it",
	    proposal_certainty_word(seen->certainty), seen->why,
	    (unsigned)seen->filled, (unsigned)proposal->totals.rows);
	if (seen->left_out > 0)
		str_addf(&text, ", %u left out", (unsigned)seen->left_out);
	if (seen->blocked > 0)
		str_addf(&text, ", %u blocked", (unsigned)seen->blocked);
	add_comment(out, "  #", text.data);
	str_release(&text);
}

static void
add_question(
    struct str *out, const struct proposal_field *seen, const char *start)
{
	if (seen->question)
		add_comment(out, start, seen->question);
}

/* A field without a rule is there as a comment, with what could give it. */
static void
add_absent(struct str *out, const struct proposal *proposal, enum field field)
{
	const struct proposal_field *seen = proposal_field(proposal, field);

	add_question(out, seen, "  # QUESTION:");
	if (seen->candidate_count == 0)
		return;
	str_add(out, "  # ");
	str_addf(out, "%s: ", field_table[field].name);
	for (unsigned i = 0; i < seen->candidate_count; i++) {
		const char *name = records_column_name(
		    proposal->records, seen->candidates[i]);

		if (i > 0)
			str_add(out, i == 1 ? "    # or " : ", ");
		if (i == 0)
			yaml_scalar_write(out, name, YAML_PLAIN, true, false);
		else
			add_fitted(out, name, NAME_COLUMNS);
	}
	str_add(out, "\n");
}

void
proposal_mapping_text(const struct proposal *proposal, struct str *out)
{
	bool any = false;

	for (unsigned i = 0; i < FIELD_COUNT; i++)
		any = any || proposal->fields[i].rule;
	str_add(out, any ? "mapping:\n" : "mapping: {}\n");
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const struct proposal_field *seen = proposal_field(
		    proposal, (enum field)i);

		if (!seen->rule) {
			add_absent(out, proposal, (enum field)i);
			continue;
		}
		add_question(out, seen, "  # QUESTION:");
		describe_field(out, proposal, (enum field)i);
		str_addf(out, "  %s: %s\n", field_table[i].name, seen->rule);
	}
}

/* ---- the config
 * --------------------------------------------------------------------
 */

/* Names and counts only: these columns may hold anything about anybody. */
static void
add_unused(struct str *out, const struct proposal *proposal)
{
	struct str text;
	uint32_t count = 0;

	str_init(&text, PROPOSE_TEXT_MAX);
	for (uint32_t i = 0; i < proposal->column_count; i++) {
		const struct proposal_column *seen = &proposal->columns[i].seen;

		if (seen->field != FIELD_COUNT)
			continue;
		str_add(&text, count++ > 0 ? ", " : "");
		add_fitted(&text, *seen->name ? seen->name : "(no name)",
		    NAME_COLUMNS);
		str_addf(&text, " (%u)", (unsigned)seen->filled);
	}
	if (count > 0) {
		str_add(out,
		    "\n# Columns that are not sent, and how many rows have "
		    "them:\n");
		add_comment(out, "#", text.data);
	}
	str_release(&text);
}

static void
add_head(struct str *out, const struct proposal *proposal)
{
	const struct proposal_totals *totals = &proposal->totals;
	struct str text;

	str_init(&text, PROPOSE_RULE_MAX);
	str_addf(&text,
	    "A proposal by belay, made of %s. Under it %u of %u contacts "
	    "could be sent",
	    proposal->preset->fields[0].columns
		? proposal->preset->label
		: "the columns' names and values",
	    (unsigned)totals->sendable, (unsigned)totals->rows);
	if (totals->blocked > 0)
		str_addf(&text, ", %u could not ('belay check' says why)",
		    (unsigned)totals->blocked);
	str_addf(&text, ". Look at every rule%s. belay.yaml(5) has all keys.",
	    totals->questions ? " and answer each QUESTION" : "");
	add_comment(out, "#", text.data);
	str_release(&text);
}

void
proposal_config_text(
    const struct proposal *proposal, const char *contacts, struct str *out)
{
	add_head(out, proposal);
	if (contacts) {
		str_add(out, "\ncontacts: ");
		yaml_scalar_write(out, contacts, YAML_PLAIN, false, false);
		str_add(out, "\n");
	} else {
		str_add(out, "\n# contacts: /path/of/the/export\n");
	}
	str_add(out,
	    "\nservice:\n"
	    "  version: v1\n"
	    "  # staging is HealthSherpa's test system, production the real "
	    "one.\n"
	    "  environment: staging\n"
	    "  # The first sync on the desk asks for your e-mail at "
	    "HealthSherpa and for the\n"
	    "  # API key. Or write here who you are and where the key is, "
	    "never the key itself:\n" CONFIG_AGENT_EXAMPLE
	    "  # api_key: {command: [pass, show, healthsherpa/api-key]}\n"
	    "  # api_key: {file: ~/.config/belay/api-key}\n"
	    "  # api_key: {env: BELAY_API_KEY}\n"
	    "  # With version: v2 every agent logs in instead (belay login). "
	    "It needs the\n"
	    "  # application that your agency has registered with "
	    "HealthSherpa: its ID, where\n"
	    "  # its secret is, and the address registered for it:\n"
	    "  # oauth:\n"
	    "  #   client_id: your-client-id\n"
	    "  #   client_secret: {command: [pass, show, "
	    "healthsherpa/client-secret]}\n"
	    "  #   redirect_uri: http://127.0.0.1:53682/callback\n\n");
	if (proposal_is_builtin(proposal))
		str_add(out,
		    "# No mapping is needed: the columns are named like "
		    "HealthSherpa's fields.\n");
	else
		proposal_mapping_text(proposal, out);
	add_unused(out, proposal);
}
