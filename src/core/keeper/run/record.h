/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_RECORD_H
#define CORE_KEEPER_RUN_RECORD_H

#include "core/base/strv.h"

#include <stdint.h>

/*
 * The keys and values of a record as its file holds them (struct record_io).
 * Used only by the records of this folder.
 */
struct record {
	struct strv keys, values;
};

/* NULL is written as "". */
void record_put(struct record *, const char *key, const char *text);
void record_put_number(struct record *, const char *key, long long number);
/* The value of the first such key; "" if there is none. */
const char *record_get(const struct record *, const char *key);
/* 0 if the text is not a number from 0 to max. */
uint64_t record_number(const char *text, uint64_t max);
void record_finish(struct record *);

#endif
