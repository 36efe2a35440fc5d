/* SPDX-License-Identifier: MIT */
/*
 * What a column's name says: which field an agent most likely keeps in it.
 *
 * Names are compared as words, without case, blanks, punctuation or accents
 * ("DOB (mm/dd/yyyy)", "FirstName", "Cell #"), and words that only say whose
 * it is ("Client", "Primary", "Mailing") are understood. A name is taken only
 * when all of its words are: "Spouse DOB" is nobody's birth date here.
 */
#ifndef BOOK_HEADER_NAME_H
#define BOOK_HEADER_NAME_H

#include <stdbool.h>

#include "book/field.h"

#define HEADER_WORDS_MAX 12
#define HEADER_WORD_SIZE 24

struct header_name {
	char words[HEADER_WORDS_MAX][HEADER_WORD_SIZE];
	unsigned count;
	bool foreign; /* said by its neighbours: header_name_beside() */
};

/* How well a name fits a field. */
enum header_fit {
	HEADER_NO,
	HEADER_HINT,     /* some of its words do: "LIS Status" */
	HEADER_POSSIBLE, /* means this or something else: "Status" */
	HEADER_LIKELY,   /* means this, if the values look like it */
	HEADER_EXACT,
};

struct header_match {
	enum header_fit fit;
	/* Among several columns of one field the lowest is best: a mobile
	 * phone before one at work, a home address before a mailing one. */
	unsigned rank;
};

void header_name_read(struct header_name *name, const char *text);
struct header_match header_name_match(
    const struct header_name *name, enum field field);

/*
 * "Beneficiary" is the client on Medicare's papers, and somebody else in a file
 * that names the client beside: such a name is foreign then. `client`: some
 * other column of the file names the client.
 */
bool header_names_beneficiary(const struct header_name *name);
void header_name_beside(struct header_name *name, bool client);

/* A whole name in one column: "Name", "Client Name", "Full Name". */
bool header_is_full_name(const struct header_name *name);
/* Only says who it is: "Policyholder", "Member". */
bool header_is_owner(const struct header_name *name);
/* City, state and ZIP in one column. */
bool header_is_place(const struct header_name *name);
/* Somebody else's, or about something else: "Spouse MBI", "Agent Phone". */
bool header_is_foreign(const struct header_name *name);
/* Something that is nobody's business: a Social Security number, a password,
 * a bank account. */
bool header_is_secret(const struct header_name *name);

#endif
