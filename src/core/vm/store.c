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
