/* SPDX-License-Identifier: MIT */
#include "core/vm/store.h"

#include <stdlib.h>

void revision_list_finish(struct revision_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].changes);
	free(list->items);
	*list = (struct revision_list){ 0 };
}

void trash_list_finish(struct trash_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].id);
		free(list->items[i].name);
		free(list->items[i].broken);
		free(list->items[i].profile);
		free(list->items[i].state);
	}
	free(list->items);
	*list = (struct trash_list){ 0 };
}
