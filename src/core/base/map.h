/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_MAP_H
#define CORE_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

/*
 * From names to whatever they stand for: 10,000 profiles and as many images
 * are matched by path without comparing each with each. Keys are copied: what they
 * are taken from is read again and freed at any time. All zeroes is an empty map.
 */
struct map_entry {
	char *key;		/* NULL: free */
	uint64_t hash;
	void *value;
};

struct map {
	struct map_entry *entries;
	size_t count, size;	/* size: 0 or a power of two */
};

void map_finish(struct map *);
void map_put(struct map *, const char *key, void *value);	/* replaces */
void *map_get(const struct map *, const char *key);		/* NULL: not there */

#endif
