/* SPDX-License-Identifier: MIT */
#include "core/terminal/width.h"

#include "core/terminal/width_table.h"

int width_lookup(uint32_t character)
{
	uint32_t at = character >> 8;
	const uint8_t *block = width_block[width_stage[at < WIDTH_STAGES ? at : WIDTH_STAGES - 1]];

	return block[character >> 2 & 63] >> (character & 3) * 2 & 3;
}
