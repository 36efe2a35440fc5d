/* SPDX-License-Identifier: MIT */
/*
 * One table makes the question and reads the answer: a small letter is the only
 * order, its capital one more. What has no letter is typed.
 */
#include "desk/contact_order.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "book/config_write.h"
#include "desk/desk.h"
#include "tui/completion.h"
#include "tui/prompt.h"
#include "tui/view.h"

static const struct {
	enum contact_cell cell;
	char key;
	const char *word;
} letters[] = {
    {CELL_NAME, 'n', "name"},
    {CELL_BORN, 'b', "born"},
    {CELL_AGE, 'a', "age"},
    {CELL_T65, 't', "T65"},
    {CELL_PARTS, 'r', "parts"},
    {CELL_PHONE, 'p', "phone"},
    {CELL_STATE, 'e', "state"},
    {CELL_ZIP, 'z', "ZIP"},
    {CELL_STATUS, 's', "status"},
};

enum { LETTERS = sizeof(letters) / sizeof(letters[0]), TEXT_MAX = 1024 };

/* Those above, their capitals, and what else there is. */
static const char choices[] = "nbatrpezsNBATRPEZSfok";

/* ---- as text --------------------------------------------------------------
 */

/* Takes a name in quotes, or up to the next comma, out of the text. */
static bool
take_name(const char **text, struct config_column *named, char name[TEXT_MAX],
    struct err *err)
{
	const char *at = *text + strspn(*text, " \t");
	const char *end;
	size_t len;

	*named = (struct config_column){.name = name};
	named->reversed = *at == '-';
	at += named->reversed;
	named->of_file = *at == '"';
	at += named->of_file;
	end = named->of_file ? strchr(at, '"') : at + strcspn(at, ",");
	if (!end)
		return err_set(
		    err, ERR_USAGE, "a quote is not closed: \"%s", at);
	len = (size_t)(end - at);
	end += named->of_file;
	while (!named->of_file && len > 0 && strchr(" \t", at[len - 1]))
		len--;
	snprintf(name, TEXT_MAX, "%.*s",
	    (int)(len < TEXT_MAX ? len : TEXT_MAX - 1), at);
	end += strspn(end, " \t");
	if (*end && *end != ',')
		return err_set(
		    err, ERR_USAGE, "a comma is missing behind \"%s\"", name);
	*text = *end ? end + 1 : end;
	return *name || err_set(err, ERR_USAGE,
			    "a column's name is missing, as in state, -t65");
}

static int
find(const struct contact_orders *orders, const struct contact_column *column)
{
	for (int i = 0; i < orders->count; i++)
		if (contact_column_same(&orders->list[i].column, column))
			return i;
	return -1;
}

bool
contact_order_parse(const struct book *book, const char *text,
    struct contact_orders *out, struct err *err)
{
	char name[TEXT_MAX];

	out->count = 0;
	while (text[strspn(text, " \t")]) {
		struct config_column named;
		struct contact_column column;

		if (!take_name(&text, &named, name, err) ||
		    !contact_column_find(book, &named, &column, err))
			return false;
		if (out->count == CONTACT_ORDERS_MAX)
			return err_set(err, ERR_USAGE,
			    "at most %d columns can be sorted by",
			    CONTACT_ORDERS_MAX);
		if (find(out, &column) >= 0)
			return err_set(
			    err, ERR_USAGE, "\"%s\" stands there twice", name);
		out->list[out->count].column = column;
		out->list[out->count++].down = named.reversed;
	}
	return true;
}

void
contact_order_write(const struct book *book,
    const struct contact_orders *orders, struct str *out)
{
	for (int i = 0; i < orders->count; i++) {
		struct config_column named;
		const char *quote;

		contact_column_name(book, &orders->list[i].column, &named);
		quote = named.of_file || strpbrk(named.name, ",\"") ? "\"" : "";
		str_addf(out, "%s%s%s%s%s", i > 0 ? ", " : "",
		    orders->list[i].down ? "-" : "", quote, named.name, quote);
	}
}

void
contact_order_make(const struct desk *desk, struct contact_orders *out)
{
	const struct config_columns *named = &desk->config->sort;

	out->count = 0;
	for (size_t i = 0; i < named->count && out->count < CONTACT_ORDERS_MAX;
	     i++) {
		struct contact_column column;
		struct err ignored = ERR_INIT;

		if (!contact_column_find(
			desk->book, &named->list[i], &column, &ignored) ||
		    find(out, &column) >= 0)
			continue;
		out->list[out->count].column = column;
		out->list[out->count++].down = named->list[i].reversed;
	}
}

static const char *
word_of(const struct book *book, const struct contact_column *column)
{
	struct config_column named;

	for (unsigned i = 0; i < LETTERS; i++)
		if (column->kind == SHOWS_CELL &&
		    column->index == letters[i].cell)
			return letters[i].word;
	if (column->kind == SHOWS_FIELD)
		return field_table[column->index].label;
	contact_column_name(book, column, &named);
	return named.name;
}

void
contact_order_words(const struct book *book,
    const struct contact_orders *orders, struct str *out)
{
	for (int i = 0; i < orders->count; i++) {
		const char *word = word_of(book, &orders->list[i].column);

		str_add(out, i == 0 ? " by " : ", ");
		text_clean(out, word, strlen(word));
		str_add(out, !orders->list[i].down ? ""
			     : orders->count > 1   ? " reversed"
						   : ", reversed");
	}
}

/* ---- the question ---------------------------------------------------------
 */

static struct desk *
desk_of(const struct view *contacts)
{
	return contacts->host;
}

static bool
answer_typed(void *context, const char *text, struct err *err)
{
	struct view *contacts = context;
	struct contact_orders orders;

	if (!contact_order_parse(desk_of(contacts)->book, text, &orders, err))
		return false;
	v_contacts_sort(contacts, &orders);
	return true;
}

static bool
complete_typed(void *context, const char *before, struct str *out)
{
	const struct book *book = desk_of(context)->book;
	const char *comma = strrchr(before, ',');
	struct completion completion = {.word = comma ? comma + 1 : before};
	struct contact_column column;

	completion.word += strspn(completion.word, " -\"");
	completion.len = strlen(completion.word);
	for (size_t i = 0; contact_column_number(book, i, &column); i++) {
		struct config_column named;

		contact_column_name(book, &column, &named);
		if (!named.of_file)
			completion_consider(&completion, named.name);
	}
	str_add_bytes(out, before, (size_t)(completion.word - before));
	return completion_add(&completion, out);
}

static void
ask_typed(struct view *contacts)
{
	struct prompt prompt = {
	    .label = "sort by, e.g. state, -t65, name: ",
	    .complete = complete_typed,
	    .context = contacts,
	    .answer = answer_typed,
	};
	struct str text;

	str_init(&text, TEXT_MAX);
	contact_order_write(
	    desk_of(contacts)->book, v_contacts_orders(contacts), &text);
	prompt.initial = text.data;
	screen_ask(contacts->screen, &prompt);
	str_release(&text);
}

/* Into the config: so it stands when belay starts next. */
static void
keep(struct view *contacts)
{
	const struct contact_orders *orders = v_contacts_orders(contacts);
	struct desk *desk = desk_of(contacts);
	struct config_columns named = {.list = NULL};
	struct err err = ERR_INIT;
	struct str words;
	bool good;

	for (int i = 0; i < orders->count; i++) {
		struct config_column one;

		contact_column_name(desk->book, &orders->list[i].column, &one);
		one.width = 0;
		one.reversed = orders->list[i].down;
		config_columns_add(&named, &one);
	}
	str_init(&words, TEXT_MAX);
	contact_order_words(desk->book, orders, &words);
	good = config_keep_columns(desk->config, "sort", &named, &err);
	desk->config_generation += good;
	v_contacts_take(contacts);
	if (good)
		screen_say(desk->screen, STYLE_GOOD,
		    "saved in %s: the list begins%s from now on",
		    file_name(desk->config->path),
		    orders->count > 0 ? words.data : " as in the file");
	else
		screen_say(desk->screen, STYLE_BAD, "not saved: %s", err.text);
	str_release(&words);
	config_columns_free(&named);
}

/* By that cell alone, or by it as well; again: the other way round. */
static void
choose(struct view *contacts, char key)
{
	struct contact_orders orders = *v_contacts_orders(contacts);
	struct contact_column column = {.kind = SHOWS_CELL};
	bool more = isupper((unsigned char)key);
	int at;

	for (unsigned i = 0; i < LETTERS; i++)
		if (letters[i].key == tolower((unsigned char)key))
			column.index = letters[i].cell;
	at = find(&orders, &column);
	if (!more && (at < 0 || orders.count > 1)) {
		orders.count = 0;
		at = -1;
	}
	if (at >= 0) {
		orders.list[at].down = !orders.list[at].down;
	} else if (orders.count < CONTACT_ORDERS_MAX) {
		orders.list[orders.count].column = column;
		orders.list[orders.count++].down = false;
	}
	v_contacts_sort(contacts, &orders);
}

static bool
answer(void *context, const char *text, struct err *err)
{
	static const struct contact_orders file = {.count = 0};

	(void)err;
	if (*text == 'f')
		v_contacts_sort(context, &file);
	else if (*text == 'o')
		ask_typed(context);
	else if (*text == 'k')
		keep(context);
	else
		choose(context, *text);
	return true;
}

void
contact_order_ask(struct desk *desk, struct view *contacts)
{
	struct prompt prompt = {
	    .label = "sort by:",
	    .choices = choices,
	    .context = contacts,
	    .answer = answer,
	};
	size_t len = strlen(prompt.label);

	for (unsigned i = 0; i < LETTERS; i++)
		len += (size_t)snprintf(&prompt.label[len],
		    sizeof(prompt.label) - len, "%s %c %s", i > 0 ? " " : "",
		    letters[i].key, letters[i].word);
	snprintf(&prompt.label[len], sizeof(prompt.label) - len,
	    "  f as in the file; again: reversed; a capital letter: then by "
	    "that; o types any columns; k keeps the order in the config ");
	screen_ask(desk->screen, &prompt);
}

void
contact_order_by(struct view *contacts, const struct contact_column *column)
{
	const struct contact_orders *now = v_contacts_orders(contacts);
	struct contact_orders orders = {.count = 1};

	orders.list[0].column = *column;
	orders.list[0].down = now->count == 1 && !now->list[0].down &&
			      contact_column_same(&now->list[0].column, column);
	v_contacts_sort(contacts, &orders);
}
