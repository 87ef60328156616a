/* SPDX-License-Identifier: MIT */
#ifndef CORE_IMPORT_OPTION_LIST_H
#define CORE_IMPORT_OPTION_LIST_H

#include "core/base/strv.h"

/*
 * The value of an option of QEMU as keys and values: "user,id=n0,hostfwd=...".
 * Values are asked for by key; what nobody asked for is the rest. Pure.
 */
struct option_list {
	struct strv keys;
	struct strv values;	/* of a word without '=': "on" */
	struct strv words;	/* as given, but with single commas */
	bool *taken;
};

/* implied: the key of a first word without '='; NULL: it is a key itself. */
void option_list_read(struct option_list *, const char *text, const char *implied);
void option_list_finish(struct option_list *);
/* Returns the value of the key's next use that was not taken yet, and takes it; NULL if there is none. Borrowed. */
const char *option_list_take(struct option_list *, const char *key);
/* The same without taking it. */
const char *option_list_get(const struct option_list *, const char *key);
/* Returns what was not taken, as it is written; NULL if nothing is left. The caller frees it. */
char *option_list_rest(const struct option_list *);

#endif
