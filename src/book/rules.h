/* SPDX-License-Identifier: MIT */
/*
 * Rules for values: from what stands in a file to what HealthSherpa takes,
 * and what is wrong with it. Pure: no state, no clock, no file.
 *
 * One function a kind of field, in rules_*.c. It gets the tidied text in
 * `value` and leaves the result there: "" when nothing can be sent. A value
 * that is well-formed but odd stays there beside its warning, so that
 * `invalid: send` can send it.
 */
#ifndef BOOK_RULES_H
#define BOOK_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/str.h"
#include "book/field.h"
#include "book/finding.h"

/* How 1/2/1950 is read in a column; found out by looking at all of it. */
enum date_order {
	DATE_MONTH_FIRST,
	DATE_DAY_FIRST,
	DATE_MIXED, /* both occur: what can be read both ways is not read */
};

struct rules_input {
	enum field field;
	const char *raw;       /* not NULL */
	const char *date_form; /* the mapping's forms, "m/d/y,y-m-d"; or NULL */
	enum date_order order; /* when there is no form */
	/* The book's Part A and B dates say that a spreadsheet counted days
	 * since 1904; asked of numbers whose form is not given. */
	bool doubtful_serials;
	struct date today;
	const char
	    *state; /* for the ZIP: the contact's state, cleaned; or NULL */
	const char *city; /* for the state: the city as it stands; or NULL */
};

/*
 * Cleans `raw` into `value` (reset first) and adds findings. Values that mean
 * "nothing" ("", "-", "N/A", "00/00/0000") give "" and no finding.
 */
void rules_clean(const struct rules_input *input, struct str *value,
    struct findings *findings);

/* Items of a list; one of more is left out whole. */
enum { RULES_LIST_MAX = 50 };

typedef void rules_kind(const struct rules_input *input, struct str *value,
    struct findings *findings);
rules_kind rules_agent;
rules_kind rules_boolean;
rules_kind rules_date;
rules_kind rules_email;
rules_kind rules_id;
rules_kind rules_list;
rules_kind rules_mbi;
rules_kind rules_name;
rules_kind rules_notes;
rules_kind rules_phone;
rules_kind rules_sex;
rules_kind rules_state;
rules_kind rules_text;
rules_kind rules_type;
rules_kind rules_zip;

/*
 * Appends `raw` without outer blanks, control and invisible characters,
 * Excel's ="..." and leading '; blanks are single. `lines`: newlines stay.
 */
void rules_tidy(struct str *out, const char *raw, bool lines);
/* A number as a spreadsheet writes long ones: 1.42556E+10. */
bool rules_scientific(const char *text);
/* An ID of digits that is too long for a spreadsheet; `*rounded`: with zeros
 * in all places that one cannot keep. */
bool rules_long_id(const char *id, bool *rounded);
/* Whether so many of them are no chance: a spreadsheet has cut them. */
bool rules_ids_cut(uint32_t rounded_ids, uint32_t long_ids);
/*
 * A bounded, quotable piece of a value for messages: what is written like a
 * Social Security number, a Medicare number or a date is hidden, as it may
 * stand in the wrong column. _date: for a column of dates, which are not
 * hidden.
 */
struct rules_quote {
	char text[64];
};
struct rules_quote rules_quote(const char *text);
struct rules_quote rules_quote_date(const char *text);
/* Warns of letters that were broken before the file came here. */
void rules_check_damage(const struct rules_input *input,
    const struct str *value, struct findings *findings);
/* Puts a likely right value beside a finding, if there is room for all of it.
 */
void rules_suggest(struct finding *finding, const char *text);
/* A copy of `text` with the digits for which O, o, I and l were typed; false
 * when it does not fit. */
bool rules_retype_digits(const char *text, char *out, size_t size);
/* What a field with few values may be, as people write it ("yes", "Texas"), one
 * after the other from 0 on; NULL: no more, or it may be anything. */
const char *rules_choice(enum field field, unsigned number);
/* Of the states, by name and by letters. */
const char *rules_state_word(unsigned number);
/* Whether a word is in a NULL-terminated list, without regard to case. */
bool rules_in(const char *word, const char *const *list);

/* The forms that `date:` takes; NULL-terminated. */
extern const char *const rules_date_forms[];
/* What forms of the mapping settle: which of day and month comes first; since
 * when a spreadsheet counts. NULL settles nothing. */
bool rules_form_orders(const char *forms);
bool rules_form_counts(const char *forms);

/* What a value tells of how its column writes dates. */
enum date_sign {
	DATE_SIGN_NONE,
	DATE_SIGN_MONTH_FIRST, /* 1/13/1950 */
	DATE_SIGN_DAY_FIRST,   /* 13/1/1950 */
	DATE_SIGN_EITHER,      /* 1/2/1950: it can be read both ways */
	/* numbers: the first of a month when days are counted from 1900, when
	 * from 1904, or neither */
	DATE_SIGN_SINCE_1900,
	DATE_SIGN_SINCE_1904,
	DATE_SIGN_NUMBER,
	DATE_SIGNS
};
enum date_sign rules_date_sign(const char *raw);
/* The same of the order alone: 0 tells nothing, 1: month first, 2: day first.
 */
int rules_date_evidence(const char *raw);
/* The order of a column in which so many values tell one or the other. */
enum date_order rules_date_order(uint32_t month_first, uint32_t day_first);
/* Reads a date in any accepted form, month first; for queries. */
bool rules_read_date(
    const char *text, const struct date *today, struct date *date);
/* Reads a date as it is sent, YYYY-MM-DD; quick. */
bool rules_sent_date(const char *text, struct date *date);

#endif
