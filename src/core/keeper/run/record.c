/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/record.h"

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/str.h"

void record_put(struct record *record, const char *key, const char *text)
{
	strv_add(&record->keys, key);
	strv_add(&record->values, text ? text : "");
}

void record_put_number(struct record *record, const char *key, long long number)
{
	strv_add(&record->keys, key);
	strv_addf(&record->values, "%lld", number);
}

const char *record_get(const struct record *record, const char *key)
{
	for (size_t i = 0; i < record->keys.count; i++)
		if (text_equal(record->keys.items[i], key))
			return record->values.items[i];
	return "";
}

uint64_t record_number(const char *text, uint64_t max)
{
	struct error ignored;
	uint64_t number;

	return number_parse(text, 0, max, &number, &ignored) ? number : 0;
}

void record_finish(struct record *record)
{
	strv_finish(&record->keys);
	strv_finish(&record->values);
}
