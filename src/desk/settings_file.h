/* SPDX-License-Identifier: MIT */
/*
 * The files that a config was read from, and whether they are still what was
 * read.
 */
#ifndef DESK_SETTINGS_FILE_H
#define DESK_SETTINGS_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/file.h"

struct clock;

/* One of them; nothing where `path` is NULL. */
struct settings_file {
	char *path;
	struct file_watch *watch; /* NULL: nobody tells */
	struct file_identity identity;
	bool known; /* it could be read */
	bool empty; /* with nothing in it but blanks */
};

/* Zeroed: none. */
struct settings_files {
	struct settings_file file[2]; /* the config, the mapping's own */
	int64_t look_at, quiet_by;    /* monotonic */
};

/* From now on these two (either may be NULL; the second may be the first). */
void settings_files_follow(struct settings_files *files, const char *config,
    const char *mapping, const struct clock *clock);
void settings_files_release(struct settings_files *files);

/* What they are now is what is being read. */
void settings_files_note(struct settings_files *files);
/* Whether the config had nothing in it at the last note. */
bool settings_files_empty(const struct settings_files *files);

/* Descriptors to wait for; how many. */
unsigned settings_files_fds(const struct settings_files *files, int fds[2]);
/* One was ready: look_at is set to when it will have been quiet for long
 * enough. */
void settings_files_told(struct settings_files *files, int64_t now);
/* When it is time: whether one is not what was noted. */
bool settings_files_changed(struct settings_files *files, int64_t now);

#endif
