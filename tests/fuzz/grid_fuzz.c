/* SPDX-License-Identifier: MIT */
/* Bytes as operations on a terminal's grid: what must always hold does. */
#include "fake/grid_play.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	grid_play(data, size);
	return 0;
}
