/* SPDX-License-Identifier: MIT */
/*
 * HealthSherpa's contact fields: one table, used by mapping, rules, requests,
 * screens, help and manual. Source: the contact schemas of the Partner API
 * v1 and v2.
 */
#ifndef BOOK_FIELD_H
#define BOOK_FIELD_H

#include <stdbool.h>
#include <stddef.h>

enum field {
	FIELD_EXTERNAL_ID,
	FIELD_FIRST_NAME,
	FIELD_LAST_NAME,
	FIELD_EMAIL,
	FIELD_PHONE,
	FIELD_BIRTH_DATE,
	FIELD_SEX,
	FIELD_ADDRESS_1,
	FIELD_ADDRESS_2,
	FIELD_CITY,
	FIELD_STATE,
	FIELD_ZIP,
	FIELD_TYPE,
	FIELD_MEDICARE_NUMBER,
	FIELD_PART_A_DATE,
	FIELD_PART_B_DATE,
	FIELD_MEDICAID_NUMBER,
	FIELD_MEDICAID_ELIGIBLE,
	FIELD_EXTRA_HELP,
	FIELD_NOTES,
	FIELD_DRUGS,
	FIELD_PHARMACIES,
	FIELD_PROVIDERS,
	FIELD_AGENT_EMAIL, /* whose contact it is: FIELD_BESIDE */
	FIELD_COUNT
};

/* How many lists (FIELD_KIND_LIST) there are, one after another from
 * FIELD_DRUGS on. */
enum { FIELD_LISTS = FIELD_PROVIDERS - FIELD_DRUGS + 1 };

/* How a value is cleaned, checked and sent. */
enum field_kind {
	FIELD_KIND_ID,
	FIELD_KIND_NAME,
	FIELD_KIND_TEXT,
	FIELD_KIND_EMAIL,
	FIELD_KIND_PHONE,
	FIELD_KIND_DATE, /* sent as YYYY-MM-DD */
	FIELD_KIND_SEX,
	FIELD_KIND_STATE,
	FIELD_KIND_ZIP,
	FIELD_KIND_TYPE,
	FIELD_KIND_MBI,
	FIELD_KIND_BOOLEAN, /* "true" or "false"; sent as JSON true/false */
	FIELD_KIND_NOTES,   /* text; sent as an array of one; appends */
	FIELD_KIND_LIST,    /* JSON text of a list of maps; v2 only */
	FIELD_KIND_AGENT,   /* an e-mail address, or the contact is blocked */
};

enum field_flag {
	FIELD_REQUIRED = 1,  /* on create */
	FIELD_SENSITIVE = 2, /* masked on screen and in output */
	FIELD_V1 = 4,
	FIELD_V2 = 8,
	FIELD_CREATE_ONLY = 16, /* external_id: never changed by an update */
	/* No value of the contact: it stands beside it in every request, its
	 * searches included, and is nothing that could be changed there. */
	FIELD_BESIDE = 32,
};

struct field_info {
	const char *name;  /* the service's key: "birth_date" */
	const char *label; /* for people: "birth date" */
	enum field_kind kind;
	unsigned flags;
	unsigned max;     /* characters, 0: no limit stated */
	const char *help; /* one sentence */
};

extern const struct field_info field_table[FIELD_COUNT];

/* FIELD_COUNT when there is none of that name. */
enum field field_from_name(const char *name);

#endif
