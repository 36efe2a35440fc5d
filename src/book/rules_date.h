/* SPDX-License-Identifier: MIT */
/* Reading a date, apart from what is odd about it; for rules_date*.c only. */
#ifndef BOOK_RULES_DATE_H
#define BOOK_RULES_DATE_H

#include "book/rules.h"

enum date_form {
	FORM_MDY = 1,
	FORM_DMY = 2,
	FORM_YMD = 4,
	FORM_EXCEL = 8,
	FORM_EXCEL_1904 = 16,
};

enum date_outcome {
	DATE_READ,
	DATE_NOTHING, /* 0/0/00 and the like */
	DATE_UNREADABLE,
	DATE_NO_YEAR,
	DATE_AMBIGUOUS,
};

struct date_reading {
	const struct date *today;
	unsigned forms; /* 0: any */
	enum date_order order;
	bool birth; /* two-digit years are never in the future */
	/* found: how much of it is a guess */
	bool century, serial;
};

/* No date is as long, with its NUL. */
#define DATE_LONGEST 48
/* The same number of a spreadsheet is so many days later if it counts from
 * 1904, and not from 1900. */
#define DATE_DAYS_TO_1904 1462

/* The forms of a rule as bits. */
unsigned date_forms(const char *text);
/* Tidied text into DATE_LONGEST bytes of small letters; false: too long. */
bool date_lower(char *text, const char *raw, size_t len);
enum date_outcome date_read(
    struct date_reading *how, const char *raw, struct date *date);

#endif
