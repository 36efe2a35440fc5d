/* SPDX-License-Identifier: MIT */
/* What opening (source.c) and saving (source_save.c) share. */
#ifndef SOURCE_SOURCE_PRIVATE_H
#define SOURCE_SOURCE_PRIVATE_H

#include "base/file.h"
#include "source/input.h"
#include "source/records.h"
#include "source/source_format.h"
#include "source/source_pass.h"

struct source {
	char *path;
	char *real; /* links resolved */
	const struct source_format *format;
	struct input input;
	struct records *records;
	void *reader;
	struct file_identity identity; /* what was read, or last saved */
	uint64_t total;
	bool is_stdin;
	bool loaded;
	/* Once loaded; the records get more by source_add_column(). */
	uint32_t file_columns;
	struct source_pass again; /* source_again(): the rows once more */
	char **extra; /* columns the file has got by saves, not in `records` */
	size_t extra_count, extra_room;
	bool moved; /* rows in the file are no longer those read, by number */
};

/* Changed so shortly before that its times prove nothing. */
static inline bool
source_is_racy(const struct file_identity *identity)
{
	int64_t changed = identity->mtime_ns > identity->ctime_ns
			      ? identity->mtime_ns
			      : identity->ctime_ns;

	return identity->read_at_ns - changed <= INT64_C(2000000000);
}

#endif
