/* SPDX-License-Identifier: MIT */
/*
 * What the reading and the splicing of JSON contacts share. Only for json_*.c;
 * others use json_format and json_lines_format of source_format.h.
 */
#ifndef SOURCE_JSON_ROWS_H
#define SOURCE_JSON_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "source/json_text.h"
#include "source/records.h"
#include "source/source_format.h"

#define JSON_KEYS_MAX 1000u

/* A key of the record read last and its value, in the order of the text; what
 * is in an object follows its pair. Places count from the record's start. */
struct json_pair {
	uint32_t key, key_end; /* quotes included, as in `start` */
	uint32_t start, end;
	enum json_token kind; /* ARRAY: up to its end, in one piece */
	bool key_escaped, escaped;
	bool cut;        /* the cell holds only its start */
	uint8_t level;   /* 0: of the record itself */
	uint32_t column; /* RECORDS_NONE: an object, in `maps` instead: */
	uint32_t map;
};

/* A name that keys or objects have, and the record that had it last. */
struct json_name {
	char *text;
	uint32_t len;
	uint32_t record; /* its number */
	uint32_t key;    /* where in that record */
	uint32_t line;   /* of keys of the file itself */
};

struct json_names {
	struct json_name *items;
	size_t count, room;
	uint32_t guess; /* which one probably comes next */
};

struct json_rows {
	struct json_text text;
	struct records *records;
	enum {
		JSON_AT_START,
		JSON_IN_ROOT, /* the file's own object */
		JSON_IN_LIST,
		JSON_IN_LINES,
		JSON_AT_END
	} state;
	bool by_line; /* the name says so: JSON lines */
	bool lines;   /* one object after the other, no list */
	bool decided; /* by another reader */
	bool root_is_map;
	bool found, found_empty; /* the list of contacts; a list of nothing */
	uint32_t found_line;
	uint32_t found_root;       /* its key in `roots` */
	uint64_t outside;          /* sum of everything that is no record */
	struct json_names columns; /* in step with those of the records */
	struct json_names maps;    /* paths of objects in records */
	struct json_names roots;   /* keys of the file's own object */
	uint32_t number;           /* of the record, from 1 */
	struct str path;           /* of the key at hand */
	struct str scratch;

	/* the record read last */
	bool is_map;
	struct json_pair *pairs;
	size_t pair_count, pair_room;
};

/* Which of the names, or RECORDS_NONE. */
uint32_t json_find_name(struct json_names *names, const char *text, size_t len);
uint32_t json_add_name(struct json_names *names, const char *text, size_t len);
void json_release_names(struct json_names *names);

/* The key that was read is here twice; returns false. */
bool json_fail_twice(struct json_text *text, size_t at, const char *name,
    size_t len, uint32_t first, struct err *err);

/* A record whose bracket was read and marked: into the records. */
bool json_read_record(struct json_rows *json, struct err *err);

void json_splice(void *reader, struct splice_job *job, struct splice *splice);

#endif
