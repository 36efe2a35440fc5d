/* SPDX-License-Identifier: MIT */
/*
 * Being told that something happened to a file, by inotify(7), so that nobody
 * has to look again and again. The directory is watched, since programs put a
 * new file in the old one's place.
 * Hazard: on network file systems others' changes are not told; those are not
 * watched.
 */
#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/mem.h"

struct file_watch {
	int fd;
	char *name;
};

bool
file_is_remote(const char *directory)
{
	static const long kinds[] = {0x6969 /* NFS */, 0x517b /* SMB */,
	    0xff534d42 /* CIFS */, 0xfe534d42 /* SMB2 */,
	    0x65735546 /* FUSE */};
	struct statfs info;

	if (statfs(directory, &info) != 0)
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if ((long)info.f_type == kinds[i])
			return true;
	return false;
}

struct file_watch *
file_watch_new(const char *real)
{
	const uint32_t events = IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE |
				IN_MOVED_FROM | IN_MOVED_TO;
	char *directory = mem_strndup(real, (size_t)(file_name(real) - real));
	struct file_watch *watch = NULL;
	int fd = -1;

	if (*directory && !file_is_remote(directory))
		fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (fd >= 0 && inotify_add_watch(fd, directory, events) < 0) {
		close(fd);
		fd = -1;
	}
	free(directory);
	if (fd < 0)
		return NULL;
	watch = mem_alloc(sizeof(*watch));
	watch->fd = fd;
	watch->name = mem_strdup(file_name(real));
	return watch;
}

void
file_watch_free(struct file_watch *watch)
{
	if (!watch)
		return;
	close(watch->fd);
	free(watch->name);
	free(watch);
}

int
file_watch_fd(const struct file_watch *watch)
{
	return watch->fd;
}

bool
file_watch_take(struct file_watch *watch)
{
	_Alignas(struct inotify_event) char bytes[4096];
	bool ours = false;
	ssize_t got;

	while ((got = read(watch->fd, bytes, sizeof(bytes))) > 0) {
		for (ssize_t at = 0; at < got;) {
			const struct inotify_event *event =
			    (const void *)(bytes + at);

			/* a queue that ran over may have held ours */
			ours |= (event->mask & IN_Q_OVERFLOW) ||
				(event->len > 0 &&
				    strcmp(event->name, watch->name) == 0);
			at += (ssize_t)(sizeof(*event) + event->len);
		}
	}
	return ours;
}
