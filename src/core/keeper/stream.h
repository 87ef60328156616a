/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_H
#define CORE_KEEPER_STREAM_H

/* Both views of the console's bytes: the modes they leave a terminal in, and the queries in them. */
#include "core/keeper/query.h"
#include "core/keeper/tracker.h"

#endif
