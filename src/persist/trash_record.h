/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_TRASH_RECORD_H
#define PERSIST_TRASH_RECORD_H

#include <stdbool.h>
#include <time.h>

struct error;

/* The record of an item in the trash, ROOT/ID/item.ini. For trash.c only. */

#define TRASH_RECORD "item.ini"
/* The names of what is in an item, */
#define TRASH_PROFILE_NAME "profile.ini"
#define TRASH_STATE_NAME "state"
/* and of the trash of another file system, in the directory that it came from. There, a name begins with the item's ID and "-". */
#define TRASH_BESIDE ".paddock-trash"

enum { TRASH_PROFILE, TRASH_STATE, TRASH_PIECES };

/* A profile's file or a state directory, which is at either path. */
struct trash_piece {
	char *from, *to;	/* absolute; from NULL: the item has none */
};

struct trash_record {
	char *id, *dir;		/* set also if the record cannot be read */
	char *name;
	time_t when;
	bool emptying;		/* it is being removed for good */
	struct trash_piece piece[TRASH_PIECES];
};

/* Writes it to disk before it returns. */
bool trash_record_write(const struct trash_record *, struct error *);
/*
 * Fails for a record whose places are not in the trash: what is there is removed one day. The caller finishes the record,
 * also on failure. err->code is ENOENT if there is none.
 */
bool trash_record_read(const char *root, const char *id, struct trash_record *, struct error *);
void trash_record_finish(struct trash_record *);

#endif
