/* SPDX-License-Identifier: MIT */
/*
 * What the reading and the splicing of vCards share: vCard 2.1, 3.0 (RFC 2426
 * with RFC 2425) and 4.0 (RFC 6350 with RFC 6868). Only for vcard*.c; others
 * use vcard_format of source_format.h.
 */
#ifndef SOURCE_VCARD_H
#define SOURCE_VCARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "source/records.h"
#include "source/source_format.h"

/* Photos and all: phones write some 300 KB, address books a few MiB. */
#define VCARD_CARD_MAX (16u << 20)

enum {
	VCARD_NUMBER_MAX = 20, /* "TEL 20" is the last */
	VCARD_PARTS_MAX = 7,
	VCARD_LINES_MAX = 1024,  /* of a card, that may be cells */
	VCARD_OWN_MAX = 400,     /* different X- columns */
	VCARD_OWN_NAME_MAX = 100 /* bytes of an X- name */
};

enum vcard_version { VCARD_21, VCARD_30, VCARD_40 };

enum vcard_kind {
	VCARD_TEXT,
	VCARD_LIST,  /* commas separate its items */
	VCARD_PARTS, /* semicolons separate its parts */
	VCARD_URI,
};

struct vcard_property {
	const char *name;
	enum vcard_kind kind;
	bool numbered; /* "TEL 1", "TEL 2" and their types; else " #2" */
	/* What names a part: "N family"; "": nothing ("ORG"). */
	const char *parts[VCARD_PARTS_MAX];
};

enum { VCARD_TEL, VCARD_EMAIL, VCARD_ADR, VCARD_BDAY, VCARD_PROPERTIES = 16 };
extern const struct vcard_property vcard_properties[VCARD_PROPERTIES];

/* ---- columns ------------------------------------------------------------ */

/* In place of a property: an X- by its name. */
#define VCARD_OWN (-1)
/* In place of a part. */
#define VCARD_WHOLE 0
#define VCARD_TYPE VCARD_PARTS_MAX

struct vcard_column {
	int property;    /* index, or VCARD_OWN */
	unsigned number; /* from 1 */
	unsigned part;   /* of VCARD_PARTS; VCARD_WHOLE; VCARD_TYPE */
	size_t own_len;  /* VCARD_OWN: how much of the column is the name */
};

/* The index of a property without regard to case, VCARD_OWN, or -2. */
int vcard_find_property(const char *name, size_t len);
/* `own`: the name of VCARD_OWN, of `own_len` bytes. */
void vcard_column_name(
    const struct vcard_column *column, const char *own, struct str *out);
/* NULL, or why there is no such column. */
const char *vcard_read_column(const char *name, struct vcard_column *column);
const char *vcard_refuse_column(const char *name);

/* ---- lines -------------------------------------------------------------- */

enum vcard_charset {
	VCARD_CHARSET_NONE,
	VCARD_CHARSET_UTF8,
	VCARD_CHARSET_1252,
	VCARD_CHARSET_UNKNOWN
};

/* A property with its value: one line of the card, or several by folding. */
struct vcard_line {
	uint32_t start, end; /* from the card's start, folds included */
	bool quoted_printable;
	bool label;   /* X-ABLABEL */
	int property; /* VCARD_OWN, or an index */

	/* the rest by vcard_line_parse(); places in the text, unfolded */
	uint32_t text, name, value, stop;
	uint32_t group_len, name_len; /* the group is at `text` */
	uint32_t name_sum;   /* of its letters in any case: names differ fast */
	uint32_t types;      /* in vcard->words */
	uint16_t label_line; /* index of the X-ABLABEL of its group, + 1 */
	uint16_t number;     /* of those of its name, from 1; 0: no cells */
	uint16_t omit_year;  /* X-APPLE-OMIT-YEAR; 0: none */
	uint8_t preference;  /* 1 first; 255: none */
	uint8_t charset;     /* enum vcard_charset */
	bool charset_said, parsed, base64, home;
};

struct vcard {
	struct input *input;
	struct records *records;
	const char *name;
	bool lone_cr; /* lines end with CR alone */
	bool started;
	uint32_t cards;
	uint64_t outside; /* sum of everything that is no cell */
	uint32_t own_columns;
	uint32_t guess; /* the X- column that probably comes next */
	/* columns by property, number from 0, part; 0: none yet, else + 1 */
	uint32_t columns[VCARD_PROPERTIES][VCARD_NUMBER_MAX]
			[VCARD_PARTS_MAX + 1];
	struct str scratch, bytes, value, column;

	/* the unit read last */
	size_t at;   /* where it starts in the window */
	size_t next; /* from there: where the next one starts */
	uint32_t line, next_line;
	bool is_card;
	bool whole;         /* ends with END:VCARD, which starts at: */
	uint32_t finish;    /* from `at` */
	bool cut_off;       /* what stands before that is not finished */
	bool is_group;      /* names other cards, is no person */
	uint32_t first_end; /* of the line BEGIN:VCARD, without its break */
	enum vcard_version version;
	struct vcard_line *lines;
	size_t line_count, line_room;
	struct str text;  /* the lines, unfolded */
	struct str words; /* types, each ended by NUL */
};

/* Whether an X- that is no column yet may become one. */
bool vcard_takes_own(const struct vcard *vcard, const char *name);
/* Counts the card's lines by name, the preferred one first. */
void vcard_count_lines(struct vcard *vcard);
/* Appends what a group's label says, as types are written. */
void vcard_add_label(
    struct vcard *vcard, const struct vcard_line *label, struct str *types);

/* A line of the file from the unit's start, and where the next one starts. */
struct vcard_piece {
	size_t start, end, next;
};

/* False when more must be read to see its end. */
bool vcard_next_piece(
    const struct vcard *vcard, size_t from, struct vcard_piece *piece);
/* Whether the line is nothing but that, blanks behind it, in any case. */
bool vcard_is_word(const struct vcard *vcard, const struct vcard_piece *piece,
    const char *word);

/* Where the name ends that the text begins with, without a group; 0: no such
 * name is there, or not all of it. */
size_t vcard_name_end(const char *text, size_t len);
/* Where the ':' before the value stands, or `len`. */
size_t vcard_header_end(const char *text, size_t len);
/* Whether a header says so; parameters without a name are allowed. */
bool vcard_says_quoted_printable(const char *header, size_t len);
/* Appends the line to vcard->text, unfolded, and parses it. */
void vcard_line_read(struct vcard *vcard, struct vcard_line *line);
/* Parses what stands in vcard->text from line->text to line->stop; the property
 * is known. */
void vcard_line_parse(struct vcard *vcard, struct vcard_line *line);
/* The range of a part of the value in vcard->text; false: it has fewer. */
bool vcard_line_part(const struct vcard *vcard, const struct vcard_line *line,
    unsigned part, size_t *from, size_t *to);

/* ---- values ------------------------------------------------------------- */

/* The value of a part into `out`; NULL, or what is wrong with it. */
const char *vcard_decode(struct vcard *vcard, const struct vcard_line *line,
    unsigned part, struct str *out);
/* Escapes a value for a part; NULL, or why that is impossible. */
const char *vcard_encode(const struct vcard *vcard,
    const struct vcard_line *line, const char *text, struct str *out);
/* Whether quoted-printable has a byte there: =C3. */
bool vcard_is_quoted(const char *at, size_t len);
/* Appends bytes that quoted-printable can carry anywhere. */
void vcard_quote(struct str *out, const char *bytes, size_t len);
bool vcard_is_ascii(const char *text, size_t len);

void vcard_splice(void *reader, struct splice_job *job, struct splice *splice);

#endif
