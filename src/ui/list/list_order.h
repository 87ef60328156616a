/* SPDX-License-Identifier: MIT */
#ifndef UI_LIST_LIST_ORDER_H
#define UI_LIST_LIST_ORDER_H

#include "ui/model/item.h"

#include <stddef.h>

struct model;

/*
 * The order of the items within a group. All but the names' put what runs first, the largest figure at the top; that of
 * the states then what has failed. What is the same is in the order of names.
 */
enum list_order { ORDER_NAME, ORDER_STATE, ORDER_CPU, ORDER_MEMORY, ORDER_UPTIME, LIST_ORDERS };

const char *list_order_word(enum list_order);	/* "name", "state", "cpu", "memory", "uptime" */
/* Returns the order with this word, or ORDER_NAME if there is none. */
enum list_order list_order_named(const char *word);
/* Sorts indexes of the model's items of this kind, which are in the order of their names. */
void list_order_sort(const struct model *, enum item_kind, enum list_order, size_t *indexes, size_t count);

#endif
