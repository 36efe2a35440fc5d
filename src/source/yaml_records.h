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

#include "base/err.h"
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

/*
 * A value of the record read last that is a cell. Places are characters while
 * libyaml reads the record, bytes of the text for a flat one and once
 * yaml_splice() has turned them.
 */
struct yaml_span {
	uint32_t column;
	enum yaml_value value;
	enum yaml_style style;
	bool flow; /* stands in a flow map */
	uint64_t key, key_end;
	uint64_t start, end;
};

/* The last key of the record's own map with what it holds, cell or map. */
struct yaml_pair {
	uint64_t key, key_end;
	uint32_t key_indent;
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

/* A column's name as yaml_flat.c compares it. */
struct yaml_flat_name {
	const char *text;
	uint32_t len; /* 0: may not stand plain as a key */
};

/* Where the scanner of flat records is. */
struct yaml_flat {
	uint64_t start;  /* byte of the text: where the record read last is */
	uint64_t at;     /* where the next one is, at the start of its line */
	uint32_t line;   /* the number of that line */
	uint32_t indent; /* blanks before the dashes */
	bool ended;      /* there is no next record */
	const char *line_end;         /* of the line before it */
	struct yaml_flat_name *names; /* by column */
	size_t name_count, name_room;
	struct str changed; /* the record read last, with edits */
	uint32_t *pairs;    /* of columns, for yaml_prove() */
	uint32_t pair_old, pair_new;
	struct yaml_probe *probe; /* of yaml_flat_probe() */
	struct err ignored;       /* libyaml says it better, reading the file */
};

struct yaml_records {
	struct input *input;
	struct records *records;
	const char *name;
	struct yaml_reader *reader; /* NULL: the record read last is flat */
	enum {
		YAML_AT_START,
		YAML_IN_ROOT,
		YAML_IN_LIST,
		YAML_IN_FLAT_LIST,
		YAML_AT_END
	} state;
	bool whole;         /* libyaml reads everything */
	uint32_t delivered; /* records */
	uint32_t to_skip;   /* of them, to be passed over after a restart */
	struct yaml_flat flat;
	const char *line_end; /* of the line before the record */
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
	uint32_t record_indent; /* of its map, as in yaml_event */
	bool is_map;
	struct yaml_span *spans;
	size_t span_count, span_room;
	struct yaml_pair pair;
	size_t pair_count;       /* of its own map, `pair` is the last one */
	bool in_bytes;           /* all places are */
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

/* The column of a name, probably the one after that asked for last. */
uint32_t yaml_find_column(struct yaml_records *yaml, const char *name);
/* False when there are too many columns or it is too long. */
bool yaml_add_column(struct yaml_records *yaml, const char *name, size_t len,
    uint32_t *column, struct err *err);
/* A record that starts there begins, without a cell. */
bool yaml_begin_record(
    struct yaml_records *yaml, uint32_t line, uint32_t column, struct err *err);
/* What ended the line before this byte of the text, or one further up. */
void yaml_note_line_end(struct yaml_records *yaml, uint64_t byte);
/* A record whose first event was read, to its end. */
bool yaml_read_record(
    struct yaml_records *yaml, const struct yaml_event *first, struct err *err);

/*
 * Reading without libyaml (yaml_flat.c). Whether the list, of which libyaml has
 * read the first event of the first record, can be read so from here on.
 */
bool yaml_flat_enter(struct yaml_records *yaml, const struct yaml_event *first);
/*
 * The next record: RECORD or END. FAILED, without an error: only libyaml
 * can tell, reading the whole file.
 */
enum source_unit yaml_flat_next(struct yaml_records *yaml);
/*
 * Whether `text`, in the place of the record read last, is one record by
 * itself, as libyaml would read it too: then it is the first of what is
 * returned, until the next call. NULL: it is not, or that cannot be told.
 */
const struct records *yaml_flat_probe(
    struct yaml_records *yaml, const char *text, size_t len);
void yaml_flat_release(struct yaml_flat *flat);

enum splice_proof yaml_prove(
    void *reader, const struct splice_job *job, const struct splice *splice);

/* yaml_format without yaml_flat.c; for tests that compare the two. */
extern const struct source_format yaml_whole_format;

void yaml_splice(void *reader, struct splice_job *job, struct splice *splice);

#endif
