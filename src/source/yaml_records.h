/* SPDX-License-Identifier: MIT */
/*
 * What the reading and the splicing of YAML contacts share. Only for
 * yaml_*.c; others use yaml_format of source_format.h.
 */
#ifndef SOURCE_YAML_RECORDS_H
#define SOURCE_YAML_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "source/records.h"
#include "source/source_format.h"
#include "source/yaml.h"

struct json;

enum yaml_value {
	YAML_VALUE_TEXT,
	YAML_VALUE_NULL,
	YAML_VALUE_LIST,
	YAML_VALUE_CUT
};

/* A value of the record read last that is a cell; places in characters. */
struct yaml_span {
	uint32_t column;
	enum yaml_value value;
	enum yaml_style style;
	bool flow; /* stands in a flow map */
	uint64_t key, key_end;
	uint64_t start, end;
};

/* A key of the record's own map with what it holds, be it cell or map. */
struct yaml_pair {
	uint64_t key, key_end;
	enum yaml_style key_style;
	uint64_t end; /* of the last scalar in it */
	bool empty;   /* nothing is written as value */
	bool block;   /* ends with a block scalar, which starts at: */
	uint64_t last_start;
};

/* A key of the file's own map, or one that holds a map. */
struct yaml_outer {
	char *path;
	uint64_t key;
	uint32_t line;
};

struct yaml_records {
	struct input *input;
	struct records *records;
	const char *name;
	struct yaml_reader *reader;
	enum { YAML_AT_START, YAML_IN_ROOT, YAML_IN_LIST, YAML_AT_END } state;
	bool root_is_map;
	bool found, found_empty; /* the list of contacts; a list of nothing */
	uint32_t found_line;
	uint64_t outside; /* sum of everything that is no record */
	struct yaml_outer *roots;
	size_t root_count, root_room;

	/* by column: the number of the record that had it last, and where */
	uint32_t *seen;
	uint64_t *seen_key;
	size_t seen_room, seen_key_room;
	uint32_t number; /* of the record, from 1 */
	uint32_t guess;  /* the column that probably comes next */
	struct str path; /* of the key read last */
	struct str json;

	/* the record read last */
	struct yaml_event record;
	uint32_t record_column; /* where its map starts, from 1 */
	bool is_map;
	struct yaml_span *spans;
	size_t span_count, span_room;
	struct yaml_pair *pairs;
	size_t pair_count, pair_room;
	struct yaml_outer *maps; /* keys in it that hold maps */
	size_t map_count, map_room;
	/* the scalar, or end of a flow list or map, that came last */
	uint64_t last_start, last_end;
	bool last_is_block; /* a block scalar */
};

/* The next event; where scalars and flow lists and maps end is noted. */
bool yaml_next_event(
    struct yaml_records *yaml, struct yaml_event *event, struct err *err);
/* Keys are scalars; the error says so. */
bool yaml_check_key(
    struct yaml_records *yaml, const struct yaml_event *event, struct err *err);
/* The key is here twice, first in that line; returns false. */
bool yaml_fail_twice(struct yaml_records *yaml, const struct yaml_event *key,
    const char *name, uint32_t first, struct err *err);
uint32_t yaml_line_of(struct yaml_records *yaml, uint64_t character);

/* A list or map whose first event was read; the caller frees. */
struct json *yaml_read_json(
    struct yaml_records *yaml, const struct yaml_event *event, struct err *err);

void yaml_splice(void *reader, struct splice_job *job, struct splice *splice);

#endif
