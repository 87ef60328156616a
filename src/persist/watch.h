/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_WATCH_H
#define PERSIST_WATCH_H

/*
 * Tells when something in a directory or one below it changes, by inotify.
 * Where they are not there yet, their nearest parent is watched until they are.
 */
struct watch {
	int fd;			/* -1: not watching */
	int inner, outer;	/* watch descriptors of the two directories, -1: none */
	int parent;		/* of the nearest directory that exists, while outer does not */
};

#define WATCH_OFF ((struct watch){ -1, -1, -1, -1 })

/* inner is a directory in outer. fd stays -1 where inotify is not possible. */
void watch_open(struct watch *, const char *outer, const char *inner);
void watch_close(struct watch *);
/* Watch what is there now and take what was reported; the caller looks at the directories after this. */
void watch_drain(struct watch *, const char *outer, const char *inner);

#endif
