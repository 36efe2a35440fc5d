/* SPDX-License-Identifier: MIT */
/*
 * Hazard: a program may write in steps, each of them told. So it is looked at
 * when nothing came for QUIET_MS, but no later than LATEST_MS after the first.
 */
#include "desk/settings_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

enum {
	LOOK_MS = 2000, /* where nobody tells */
	QUIET_MS = 100,
	LATEST_MS = 1000,
	FILE_MAX = 2 << 20,
};

static void
release(struct settings_file *file)
{
	file_watch_free(file->watch);
	free(file->path);
	*file = (struct settings_file){.path = NULL};
}

static void
note(struct settings_file *file)
{
	struct err ignored = ERR_INIT;
	struct str text;

	if (!file->path)
		return;
	str_init(&text, FILE_MAX);
	file->known = file_read_all(
	    file->path, &text, &file->identity, &ignored);
	file->empty = file->known && str_blank(text.data);
	str_release(&text);
}

static bool
changed(const struct settings_file *file)
{
	struct file_identity identity;
	struct err ignored = ERR_INIT;
	int fd;

	if (!file->path)
		return false;
	if (file->known)
		return !file_unchanged(file->path, &file->identity);
	fd = file_open_regular(file->path, &identity, &ignored);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static void
follow(struct settings_file *file, const char *path)
{
	struct err ignored = ERR_INIT;
	char *real;

	if (path && file->path && strcmp(path, file->path) == 0)
		return;
	release(file);
	if (!path)
		return;
	file->path = mem_strdup(path);
	real = file_real(path, &ignored);
	file->watch = real ? file_watch_new(real) : NULL;
	free(real);
	note(file);
}

static bool
must_look(const struct settings_files *files)
{
	for (size_t i = 0; i < 2; i++)
		if (files->file[i].path && !files->file[i].watch)
			return true;
	return false;
}

void
settings_files_follow(struct settings_files *files, const char *config,
    const char *mapping, const struct clock *clock)
{
	if (mapping && (!*mapping || (config && strcmp(config, mapping) == 0)))
		mapping = NULL;
	follow(&files->file[0], config);
	follow(&files->file[1], mapping);
	files->quiet_by = INT64_MAX;
	files->look_at = must_look(files) ? clock_monotonic(clock) + LOOK_MS
					  : INT64_MAX;
}

void
settings_files_release(struct settings_files *files)
{
	release(&files->file[0]);
	release(&files->file[1]);
}

void
settings_files_note(struct settings_files *files)
{
	note(&files->file[0]);
	note(&files->file[1]);
}

bool
settings_files_empty(const struct settings_files *files)
{
	return files->file[0].empty;
}

unsigned
settings_files_fds(const struct settings_files *files, int fds[2])
{
	unsigned count = 0;

	for (size_t i = 0; i < 2; i++)
		if (files->file[i].watch)
			fds[count++] = file_watch_fd(files->file[i].watch);
	return count;
}

void
settings_files_told(struct settings_files *files, int64_t now)
{
	bool ours = false;

	for (size_t i = 0; i < 2; i++)
		if (files->file[i].watch)
			ours |= file_watch_take(files->file[i].watch);
	if (!ours)
		return;
	if (files->quiet_by == INT64_MAX)
		files->quiet_by = now + LATEST_MS;
	files->look_at = now + QUIET_MS < files->quiet_by ? now + QUIET_MS
							  : files->quiet_by;
}

bool
settings_files_changed(struct settings_files *files, int64_t now)
{
	bool is = false;

	if (now < files->look_at)
		return false;
	files->quiet_by = INT64_MAX;
	files->look_at = must_look(files) ? now + LOOK_MS : INT64_MAX;
	for (size_t i = 0; i < 2; i++)
		if (changed(&files->file[i]))
			is = true;
	return is;
}
