/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_MAP_H
#define CORE_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

/*
 * A hash table from strings to pointers, for example to match 10,000 profiles
 * with as many images by path. Keys are copied. A zeroed struct is an empty map.
 */
struct map_entry {
	char *key;		/* NULL if the entry is free */
	uint64_t hash;
	void *value;
};

struct map {
	struct map_entry *entries;
	size_t count, size;	/* size: 0 or a power of two */
};

void map_finish(struct map *);
void map_put(struct map *, const char *key, void *value);	/* replaces an existing value */
void *map_get(const struct map *, const char *key);		/* returns NULL if there is none */

#endif
