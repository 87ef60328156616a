/* SPDX-License-Identifier: MIT */
#ifndef FAKE_GRID_PLAY_H
#define FAKE_GRID_PLAY_H

#include <stddef.h>
#include <stdint.h>

/*
 * Plays bytes as operations on a grid, with coordinates of all sorts, and after
 * each looks whether what must always hold still does; if not, it says what is
 * wrong on standard error and calls abort(). For unit tests and the fuzzer.
 */
void grid_play(const uint8_t *bytes, size_t len);

#endif
