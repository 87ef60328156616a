/* SPDX-License-Identifier: MIT */
#include "core/base/map.h"

#include "core/base/alloc.h"
#include "core/base/hash.h"

#include <stdlib.h>
#include <string.h>

/* Returns the entry of the key, or the free entry for it. */
static struct map_entry *slot(const struct map *map, const char *key, uint64_t hashed)
{
	size_t at = hashed & (map->size - 1);

	while (map->entries[at].key != NULL &&
	       (map->entries[at].hash != hashed || strcmp(map->entries[at].key, key) != 0))
		at = (at + 1) & (map->size - 1);
	return &map->entries[at];
}

static void grow(struct map *map)
{
	struct map old = *map;

	map->size = old.size > 0 ? old.size * 4 : 64;
	map->entries = mem_array(map->size, sizeof(map->entries[0]));
	for (size_t i = 0; i < old.size; i++)
		if (old.entries[i].key != NULL)
			*slot(map, old.entries[i].key, old.entries[i].hash) = old.entries[i];
	free(old.entries);
}

void map_finish(struct map *map)
{
	for (size_t i = 0; i < map->size; i++)
		free(map->entries[i].key);
	free(map->entries);
	*map = (struct map){ 0 };
}

void map_put(struct map *map, const char *key, void *value)
{
	if ((map->count + 1) * 2 > map->size)
		grow(map);

	uint64_t hashed = hash_bytes(HASH_BEGIN, key, strlen(key));
	struct map_entry *entry = slot(map, key, hashed);

	if (entry->key == NULL) {
		entry->key = mem_strdup(key);
		map->count++;
	}
	entry->hash = hashed;
	entry->value = value;
}

void *map_get(const struct map *map, const char *key)
{
	return map->size > 0 ? slot(map, key, hash_bytes(HASH_BEGIN, key, strlen(key)))->value : NULL;
}
