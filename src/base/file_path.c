/* SPDX-License-Identifier: MIT */
/* Names of files, and the private directories of the program. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

const char *
file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *
file_join(const char *directory, const char *name)
{
	struct str path;

	str_init(&path, PATH_MAX);
	str_add(&path, directory);
	if (path.len > 0 && path.data[path.len - 1] != '/')
		str_add_char(&path, '/');
	str_add(&path, name);
	return str_take(&path);
}

static const char *
home(void)
{
	const char *variable = getenv("HOME");
	const struct passwd *user;

	if (variable && *variable == '/')
		return variable;
	user = getpwuid(geteuid());
	return user && user->pw_dir ? user->pw_dir : "/";
}

char *
file_expand(const char *path)
{
	if (strcmp(path, "~") == 0)
		return mem_strdup(home());
	if (str_starts(path, "~/"))
		return file_join(home(), path + 2);
	return mem_strdup(path);
}

char *
file_beside(const char *base_file, const char *path)
{
	char *expanded = file_expand(path), *directory, *beside;

	if (*expanded == '/' || !strchr(base_file, '/'))
		return expanded;
	directory = mem_strndup(
	    base_file, (size_t)(file_name(base_file) - base_file));
	beside = file_join(directory, expanded);
	free(directory);
	free(expanded);
	return beside;
}

char *
file_real(const char *path, struct err *err)
{
	char *real = realpath(path, NULL);

	if (!real)
		file_fail_errno(err, ERR_NO_INPUT, "find", path);
	return real;
}

/* A relative value is to be ignored (XDG Base Directory Specification). */
static char *
xdg_dir(const char *variable, const char *in_home)
{
	const char *value = getenv(variable);
	char *base, *dir;

	base = value && *value == '/' ? mem_strdup(value)
				      : file_join(home(), in_home);
	dir = file_join(base, "belay");
	free(base);
	return dir;
}

char *
file_config_dir(void)
{
	return xdg_dir("XDG_CONFIG_HOME", ".config");
}

char *
file_state_dir(void)
{
	return xdg_dir("XDG_STATE_HOME", ".local/state");
}

/* A new directory is one for sure when the one it stands in is on disk. */
static void
sync_parent(const char *path)
{
	char *parent = mem_strndup(path, (size_t)(file_name(path) - path));
	int fd = open(
	    *parent ? parent : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* one that cannot be opened or synced is no worse than before */
	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
	free(parent);
}

static bool
make_one(const char *path)
{
	if (mkdir(path, 0700) != 0)
		return errno == EEXIST;
	sync_parent(path);
	return true;
}

static bool
make_all(char *path)
{
	for (char *slash = path + 1; *slash; slash++) {
		bool made;
		int why;

		if (*slash != '/')
			continue;
		*slash = '\0';
		made = make_one(path);
		why = errno;
		/* e.g. EROFS above a mount point: what counts is below */
		made = made || access(path, X_OK) == 0;
		errno = why;
		*slash = '/';
		if (!made)
			return false;
	}
	return make_one(path);
}

bool
file_make_private_dir(const char *path, struct err *err)
{
	char *copy = mem_strdup(path);
	bool good = make_all(copy);
	struct stat info;
	struct str clean;

	free(copy);
	if (!good || stat(path, &info) < 0)
		return file_fail_errno(
		    err, ERR_CREATE, "make the directory", path);
	if (!S_ISDIR(info.st_mode))
		return file_fail(err, ERR_CREATE, "make the directory", path,
		    "a file with that name is there");
	if (info.st_uid != geteuid())
		return file_fail(err, ERR_CREATE, "use the directory", path,
		    "it belongs to another user");
	if ((info.st_mode & 022) == 0)
		return true;
	str_init(&clean, ERR_TEXT_MAX / 3);
	text_clean(&clean, path, strlen(path));
	err_set(err, ERR_CREATE,
	    "others may write in the directory '%s'; close it with: "
	    "chmod go-w '%s'",
	    clean.data, clean.data);
	str_release(&clean);
	return false;
}

/* ---- completing what is typed ------------------------------------------- */

/* The beginning that both have in common, not ending within a letter. */
static size_t
common_length(const char *a, const char *b, size_t most)
{
	size_t len = 0;

	while (len < most && a[len] && a[len] == b[len])
		len++;
	while (len > 0 && ((unsigned char)a[len] & 0xc0) == 0x80)
		len--;
	return len;
}

/* What all names in the directory that begin with `word` have in common; NULL:
 * there is none. The caller frees. */
static char *
agreed(DIR *directory, const char *word)
{
	char *common = NULL;
	const struct dirent *entry;

	while ((entry = readdir(directory))) {
		const char *name = entry->d_name;

		if (!str_starts(name, word) || (*name == '.' && *word != '.') ||
		    strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		if (!common)
			common = mem_strdup(name);
		else
			common[common_length(common, name, strlen(common))] =
			    '\0';
	}
	return common;
}

bool
file_complete(const char *before, struct str *out)
{
	size_t start = (size_t)(file_name(before) - before);
	char *typed = mem_strndup(before, start);
	char *path = start ? file_expand(typed) : mem_strdup(".");
	DIR *directory = opendir(path);
	char *common = directory ? agreed(directory, before + start) : NULL;
	bool more = false;

	if (common) {
		char *whole = file_join(path, common);
		struct stat info;
		bool inside = stat(whole, &info) == 0 && S_ISDIR(info.st_mode);

		more = strcmp(common, before + start) != 0 || inside;
		if (more)
			str_addf(
			    out, "%s%s%s", typed, common, inside ? "/" : "");
		free(whole);
	}
	if (directory)
		closedir(directory);
	free(common);
	free(path);
	free(typed);
	return more;
}
