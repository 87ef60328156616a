/* SPDX-License-Identifier: MIT */
#include "core/base/hash.h"

uint64_t hash_bytes(uint64_t so_far, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++)
		so_far = (so_far ^ at[i]) * UINT64_C(1099511628211);
	return so_far;
}

uint32_t hash_short(const char *text)
{
	uint32_t hash = 2166136261U;

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619U;
	return hash;
}
