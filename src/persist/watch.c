/* SPDX-License-Identifier: MIT */
#include "persist/watch.h"

#include "core/base/path.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

/* IN_CREATE: link(2) creates a name without closing a file. */
#define CHANGES (IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | \
                 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
/* IN_MOVE_SELF and IN_DELETE_SELF: if the watched parent disappears, its own parent must be watched. */
#define ARRIVALS (IN_CREATE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

/* Watches path instead of *wd. The kernel returns the same number for the same directory. */
static bool rewatch(struct watch *watch, int *wd, const char *path, uint32_t events)
{
	int now = path ? inotify_add_watch(watch->fd, path, events) : -1;

	if (*wd >= 0 && *wd != now)
		inotify_rm_watch(watch->fd, *wd);	/* fails if the directory was removed, which does not matter */
	*wd = now;
	return now >= 0;
}

static void watch_parent(struct watch *watch, const char *path)
{
	char *parent = path_parent(path);

	while (!rewatch(watch, &watch->parent, parent, ARRIVALS) && strcmp(parent, "/") != 0 &&
	       strcmp(parent, ".") != 0) {
		char *above = path_parent(parent);

		free(parent);
		parent = above;
	}
	free(parent);
}

static void rearm(struct watch *watch, const char *outer, const char *inner)
{
	/* A directory may be created between the check and the watch of its parent, so check again. */
	for (int tries = 0; tries < 3; tries++) {
		bool found = rewatch(watch, &watch->outer, outer, CHANGES);

		rewatch(watch, &watch->inner, inner, CHANGES);
		if (found) {
			rewatch(watch, &watch->parent, NULL, 0);
			if (watch->inner >= 0 || access(inner, F_OK) < 0)
				return;
		} else {
			watch_parent(watch, outer);
			if (access(outer, F_OK) < 0)
				return;
		}
	}
}

void watch_open(struct watch *watch, const char *outer, const char *inner)
{
	*watch = WATCH_OFF;
	watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watch->fd < 0)
		return;
	rearm(watch, outer, inner);
	/* No watches are left: close it, so that the caller knows that nothing will be reported. */
	if (watch->outer < 0 && watch->inner < 0 && watch->parent < 0)
		watch_close(watch);
}

void watch_close(struct watch *watch)
{
	if (watch->fd >= 0)
		close(watch->fd);
	*watch = WATCH_OFF;
}

void watch_drain(struct watch *watch, const char *outer, const char *inner)
{
	char buf[4096 + NAME_MAX + 1];

	if (watch->fd < 0)
		return;
	rearm(watch, outer, inner);
	/* After updating the watches, because removing a watch also causes an event. */
	while (read(watch->fd, buf, sizeof(buf)) > 0)
		;
}
