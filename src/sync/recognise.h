/* SPDX-License-Identifier: MIT */
/*
 * Which rows of a file are which persons of the ledger, when the file has no
 * IDs. Pure.
 *
 * A match counts only when it is the one on both sides. What is sure is taken
 * silently: the HealthSherpa ID that the file has, or everything that is known
 * of the person being the same. What one way alone says (book/person.h) is for
 * a person to confirm, and so is the bare name: somebody has left the file, and
 * a namesake came. Where several fit and nothing decides, nobody is taken.
 * Two different Medicare numbers are two persons unless they have one name:
 * numbers are corrected, and given anew when they were stolen. That is asked.
 */
#ifndef SYNC_RECOGNISE_H
#define SYNC_RECOGNISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/identity.h"

enum recognised {
	RECOGNISED_NOT,
	RECOGNISED_SURELY,
	RECOGNISED_BY_WAY, /* to be confirmed */
	RECOGNISED_MANY,   /* more than one fits: a person must say */
};

/* In place of a way: by all that is known, which is too little (a name), or
 * moves the contact under another ID. */
#define RECOGNISED_BY_ALL PERSON_WAYS
/* By the name alone, whatever else was changed. */
#define RECOGNISED_BY_NAME (PERSON_WAYS + 1)

struct known {
	struct identity_print print;
	uint64_t file_id; /* of the HealthSherpa ID it is linked to; 0: none */
	/* HealthSherpa may have it; else nothing is lost by a mistake, so that
	 * nothing is asked. */
	bool sent;
	bool taken; /* out of the game; set when it is recognised */
};

struct stranger {
	struct identity_print print;
	uint64_t file_id; /* of the HealthSherpa ID in the file; 0: none */
	uint32_t row;     /* the caller's */
	bool own_id;      /* has an ID of the CRM's, which is new here */

	enum recognised how;
	unsigned way;    /* RECOGNISED_BY_WAY: person_way, or BY_ALL */
	uint32_t known;  /* SURELY, BY_WAY: whom */
	bool other_name; /* BY_WAY: under another name */
};

/* The rounds of one recognition, each taking its time: to be called in this
 * order, with 0 .. RECOGNISE_ROUNDS - 1. `how` starts as RECOGNISED_NOT. */
enum { RECOGNISE_ROUNDS = 2 + PERSON_WAYS + 2 };
void recognise_round(unsigned round, struct known *known, size_t known_count,
    struct stranger *strangers, size_t stranger_count);

#endif
