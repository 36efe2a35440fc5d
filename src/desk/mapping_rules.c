/* SPDX-License-Identifier: MIT */
/*
 * A mapping that nobody wrote (columns named as fields, a format's own) has
 * rules too: what comes to the same in this file is what the first change
 * writes. Whatever is written is taken by settings.c, the one way in which a
 * config comes into force.
 */
#include "desk/mapping_rules.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "book/mapping.h"
#include "book/mapping_file.h"
#include "book/propose.h"
#include "book/rule_text.h"
#include "desk/desk.h"
#include "desk/settings.h"

enum {
	RULE_MAX = 64 << 10,
	DOCUMENT_MAX = 1 << 20,
	LOOKED_AT = 200, /* rows of a column, two milliseconds of them */
};

/* The mapping that nobody wrote: what comes to the same in this file, as a
 * proposal, so that it can be written down. */
static struct proposal *
imply(const struct book *book, struct err *err)
{
	const char *format = source_format_name(book_source(book));
	const struct mapping *mapping = book_mapping(book);
	const struct records *records = book_records(book);
	const char *rules[FIELD_COUNT] = {NULL};
	struct str texts[FIELD_COUNT];
	struct proposal *proposal;

	if (mapping_builtin_rule(format, FIELD_EXTERNAL_ID))
		return proposal_make(records, format, NULL, LOOKED_AT, err);
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		str_init(&texts[i], RULE_MAX);
		if (mapping_identity_rule(
			mapping, records, (enum field)i, &texts[i]))
			rules[i] = texts[i].data;
	}
	proposal = proposal_of_rules(records, format, rules, LOOKED_AT, err);
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		str_release(&texts[i]);
	return proposal;
}

/* Where the first change of it would be written. */
static struct mapping_file *
begin_file(const struct desk *desk, struct err *err)
{
	const struct source *source = book_source(desk->book);
	struct proposal *proposal = imply(desk->book, err);
	struct mapping_file *file = NULL;
	struct str mapping, config;

	if (!proposal)
		return NULL;
	str_init(&mapping, DOCUMENT_MAX);
	str_init(&config, DOCUMENT_MAX);
	proposal_mapping_text(proposal, &mapping);
	proposal_config_text(proposal, source_real_path(source), &config);
	file = mapping_file_open(desk->config,
	    &(struct mapping_start){mapping.data, config.data}, err);
	str_release(&mapping);
	str_release(&config);
	proposal_free(proposal);
	return file;
}

static bool
tells_rules(const struct mapping_file *file)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (mapping_file_rule(file, (enum field)i))
			return true;
	return false;
}

/* Whether the file that is kept is where the mapping is written now. One that
 * the config has lost is implied anew. */
static bool
is_right(const struct desk *desk)
{
	const struct config *config = desk->config;
	const char *path = config->mapping_path ? config->mapping_path
						: config->path;

	return desk->mapping_file &&
	       (!path ||
		   strcmp(path, mapping_file_path(desk->mapping_file)) == 0) &&
	       (config->mapping || tells_rules(desk->mapping_file));
}

bool
mapping_rules_read(struct desk *desk, struct err *err)
{
	bool good;

	if (is_right(desk)) {
		good = mapping_file_reread(desk->mapping_file, err);
		if (!good || is_right(desk))
			return good;
	}
	mapping_file_free(desk->mapping_file);
	desk->mapping_file = desk->config->mapping
				 ? mapping_file_open(desk->config, NULL, err)
				 : begin_file(desk, err);
	return desk->mapping_file != NULL;
}

bool
mapping_rules_known(const struct desk *desk)
{
	return desk->mapping_file != NULL;
}

struct proposal *
mapping_rules_show(
    const struct desk *desk, struct proposal *shown, struct err *err)
{
	const struct records *records = book_records(desk->book);
	const char *rules[FIELD_COUNT];

	for (unsigned i = 0; i < FIELD_COUNT; i++)
		rules[i] = mapping_file_rule(desk->mapping_file, (enum field)i);
	if (shown &&
	    proposal_column_count(shown) == records_column_count(records)) {
		proposal_use_rules(shown, rules);
		return shown;
	}
	return proposal_of_rules(records,
	    source_format_name(book_source(desk->book)), rules, LOOKED_AT, err);
}

/* ---- changing -------------------------------------------------------------
 */

bool
mapping_rules_set(
    struct desk *desk, enum field field, const char *rule, struct err *err)
{
	struct err ignored = ERR_INIT;

	if (!mapping_file_set(desk->mapping_file, field, rule, err))
		return false;
	if (settings_take(desk, err))
		return true;
	/* what cannot be in force is not to be made again, either */
	if (err->kind == ERR_CONFIG &&
	    mapping_file_undo(desk->mapping_file, &field, &ignored)) {
		mapping_file_forget_redo(desk->mapping_file);
		settings_take(desk, &ignored);
	}
	return false;
}

bool
mapping_rules_set_key(struct desk *desk, enum field field, const char *key,
    const char *value, struct err *err)
{
	struct str text;
	bool good;

	str_init(&text, RULE_MAX);
	good = rule_text_set(mapping_file_rule(desk->mapping_file, field), key,
		   value, &text, err) &&
	       mapping_rules_set(desk, field, text.data, err);
	str_release(&text);
	return good;
}

bool
mapping_rules_step(
    struct desk *desk, bool back, enum field *field, struct err *err)
{
	return (back ? mapping_file_undo(desk->mapping_file, field, err)
		     : mapping_file_redo(desk->mapping_file, field, err)) &&
	       settings_take(desk, err);
}
