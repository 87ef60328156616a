/* SPDX-License-Identifier: MIT */
#include "core/import/option_list.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/vm/list.h"

#include <stdlib.h>
#include <string.h>

void option_list_read(struct option_list *list, const char *text, const char *implied)
{
	const char *at = *text ? text : NULL;

	*list = (struct option_list){ 0 };
	while (at) {
		char *word = list_word(&at);
		char *equals = strchr(word, '=');

		if (equals)
			strv_take(&list->keys, mem_strndup(word, (size_t)(equals - word)));
		else
			strv_add(&list->keys, implied && !list->keys.count ? implied : word);
		strv_add(&list->values, equals ? equals + 1 : implied && !list->values.count ? word : "on");
		strv_take(&list->words, word);
	}
	list->taken = mem_array(list->keys.count + 1, sizeof(*list->taken));
}

void option_list_finish(struct option_list *list)
{
	strv_finish(&list->keys);
	strv_finish(&list->values);
	strv_finish(&list->words);
	free(list->taken);
	*list = (struct option_list){ 0 };
}

/* Returns the place of an untaken use of the key, or the number of keys. */
static size_t find(const struct option_list *list, const char *key)
{
	size_t i = 0;

	while (i < list->keys.count && (list->taken[i] || strcmp(list->keys.items[i], key) != 0))
		i++;
	return i;
}

const char *option_list_get(const struct option_list *list, const char *key)
{
	size_t i = find(list, key);

	return i < list->keys.count ? list->values.items[i] : NULL;
}

const char *option_list_take(struct option_list *list, const char *key)
{
	size_t i = find(list, key);

	if (i == list->keys.count)
		return NULL;
	list->taken[i] = true;
	return list->values.items[i];
}

char *option_list_rest(const struct option_list *list)
{
	struct str rest;

	str_init(&rest);
	for (size_t i = 0; i < list->keys.count; i++) {
		if (list->taken[i])
			continue;
		if (rest.len)
			str_addc(&rest, ',');
		list_add(&rest, list->words.items[i]);
	}
	if (rest.len)
		return str_detach(&rest);
	str_finish(&rest);
	return NULL;
}
