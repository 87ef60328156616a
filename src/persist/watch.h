/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_WATCH_H
#define PERSIST_WATCH_H

/*
 * Reports changes in a directory and one of its subdirectories, with inotify.
 * While they do not exist, watches their nearest existing parent.
 */
struct watch {
	int fd;			/* -1 if not watching */
	int inner, outer;	/* watch descriptors of the two directories, or -1 */
	int parent;		/* of the nearest directory that exists, while outer does not */
};

#define WATCH_OFF ((struct watch){ -1, -1, -1, -1 })

/* inner: a directory in outer. fd is -1 if inotify is not available. */
void watch_open(struct watch *, const char *outer, const char *inner);
void watch_close(struct watch *);
/* Updates the watches and discards pending events. The caller must read the directories afterwards. */
void watch_drain(struct watch *, const char *outer, const char *inner);

#endif
