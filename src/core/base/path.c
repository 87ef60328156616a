/* SPDX-License-Identifier: MIT */
#include "core/base/path.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Removes the last component from out. Returns false if there is none that ".." can remove. */
static bool step_up(struct str *out, size_t floor)
{
	if (out->len <= floor)
		return false;

	size_t len = out->len;
	while (len > floor && out->text[len - 1] != '/')
		len--;
	if (len > floor)
		len--;		/* the slash */
	str_cut(out, len);
	return true;
}

static void append_component(struct str *out, const char *name, size_t len)
{
	if (out->len && out->text[out->len - 1] != '/')
		str_addc(out, '/');
	str_add(out, name, len);
}

char *path_clean(const char *path)
{
	bool rooted = path[0] == '/';
	size_t floor = rooted;	/* length of what ".." cannot remove: the root, or leading ".." */
	struct str out;

	str_init(&out);
	if (rooted)
		str_addc(&out, '/');
	while (*path) {
		size_t len = strcspn(path, "/");

		if (len == 2 && path[0] == '.' && path[1] == '.') {
			if (!step_up(&out, floor) && !rooted) {
				append_component(&out, "..", 2);
				floor = out.len;
			}
		} else if (len && !(len == 1 && path[0] == '.')) {
			append_component(&out, path, len);
		}
		path += len;
		path += *path == '/';
	}
	if (!out.len)
		str_addc(&out, '.');
	return str_detach(&out);
}

char *path_join(const char *dir, const char *name)
{
	if (name[0] == '/' || !dir[0])
		return path_clean(name);

	char *joined = mem_printf("%s/%s", dir, name);
	char *clean = path_clean(joined);

	free(joined);
	return clean;
}

char *path_home(void)
{
	const char *home = getenv("HOME");

	if (home && home[0] == '/')
		return path_clean(home);

	const struct passwd *user = getpwuid(geteuid());
	return user && user->pw_dir && user->pw_dir[0] == '/' ? path_clean(user->pw_dir) : NULL;
}

static bool begins_at_home(const char *path)
{
	return path[0] == '~' && (!path[1] || path[1] == '/');
}

bool path_lacks_home(const char *path)
{
	char *home = begins_at_home(path) ? path_home() : NULL;
	bool lacks = begins_at_home(path) && !home;

	free(home);
	return lacks;
}

char *path_expand(const char *path)
{
	char *home = begins_at_home(path) ? path_home() : NULL;
	if (!home)
		return mem_strdup(path);

	char *full = mem_printf("%s%s", strcmp(home, "/") || !path[1] ? home : "", path + 1);
	free(home);
	return full;
}

char *path_shorten(const char *path)
{
	char *home = path_home();
	size_t len = home ? strlen(home) : 0;
	char *out;

	if (len > 1 && strncmp(path, home, len) == 0 && (path[len] == '/' || !path[len]))
		out = mem_printf("~%s", path + len);
	else
		out = mem_strdup(path);
	free(home);
	return out;
}

char *path_absolute(const char *path)
{
	if (path[0] == '/')
		return mem_strdup(path);

	char *cwd = getcwd(NULL, 0);
	char *full = mem_printf("%s/%s", cwd && strcmp(cwd, "/") != 0 ? cwd : "", path);

	free(cwd);
	return full;
}

char *path_full(const char *path)
{
	char *absolute = path_absolute(path);
	char *clean = path_clean(absolute);

	free(absolute);
	return clean;
}

bool path_same_file(const char *a, const char *b)
{
	struct stat first, second;

	return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

bool path_same(const char *a, const char *b)
{
	if (!strcmp(a, b) || path_same_file(a, b))
		return true;
	if (strcmp(path_base(a), path_base(b)) != 0)
		return false;

	char *first = path_parent(a), *second = path_parent(b);
	bool same = path_same_file(first, second);

	free(first);
	free(second);
	return same;
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *path_parent(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mem_strdup(".");
	return slash == path ? mem_strdup("/") : mem_strndup(path, (size_t)(slash - path));
}

char *path_temporary(const char *path)
{
	const char *name = path_base(path);

	return mem_printf("%.*s" PATH_TEMPORARY "%.230s", (int)(name - path), path, name);
}

/* Returns false if it is not a link. */
static bool read_link(const char *path, char text[PATH_MAX])
{
	ssize_t len = readlink(path, text, PATH_MAX - 1);

	text[len > 0 ? len : 0] = '\0';
	return len > 0;
}

static bool names_temporary(const char *path, const char *text)
{
	char *temporary = path_temporary(path);
	bool same = strcmp(path_base(temporary), text) == 0;

	free(temporary);
	return same;
}

char *path_link_target(const char *path)
{
	char *at = mem_strdup(path), text[PATH_MAX];

	/* The limit of the kernel. */
	for (unsigned links = 0; links < 40 && read_link(at, text) && !names_temporary(at, text); links++) {
		char *parent = path_parent(at);
		char *next = text[0] == '/' ? mem_strdup(text) : mem_printf("%s/%s", parent, text);

		free(parent);
		free(at);
		at = next;
	}
	return at;
}

bool path_is_unfinished(const char *path)
{
	char *target = path_link_target(path), text[PATH_MAX];
	bool unfinished = read_link(target, text) && names_temporary(target, text);

	free(target);
	return unfinished;
}

char *path_xdg(const char *variable, const char *fallback)
{
	const char *base = getenv(variable);

	if (base && base[0] == '/')
		return path_join(base, "paddock");

	char *home = path_home();
	if (!home)
		return NULL;

	char *base_dir = path_join(home, fallback), *full = path_join(base_dir, "paddock");
	free(base_dir);
	free(home);
	return full;
}

char *path_state(const char *name)
{
	char *home = path_xdg("XDG_STATE_HOME", ".local/state");
	char *path = home ? path_join(home, name) : NULL;

	free(home);
	return path;
}

static bool make_dir(const char *path, mode_t mode, struct error *err)
{
	struct stat st;

	if (mkdir(path, mode) == 0)
		return true;
	/* On a read-only file system, mkdir fails with EROFS even if the directory exists. */
	int reason = errno;
	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return true;
		reason = ENOTDIR;
	} else if (reason == EEXIST) {
		return error_set(err, "%s is a dangling symbolic link", path);
	}
	errno = reason;
	return error_errno(err, "%s", path);
}

bool path_make_dirs(const char *path, mode_t mode, struct error *err)
{
	struct stat st;

	/* Mostly it exists. */
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return true;

	char *part = mem_strdup(path);
	bool ok = true;

	for (char *p = part + (*part == '/'); ok && *p; p++) {
		if (*p != '/' || p[-1] == '/')
			continue;
		*p = '\0';
		ok = make_dir(part, mode, err);
		*p = '/';
	}
	if (ok && *part)
		ok = make_dir(part, mode, err);
	free(part);
	return ok;
}
