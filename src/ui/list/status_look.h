/* SPDX-License-Identifier: MIT */
#ifndef UI_LIST_STATUS_LOOK_H
#define UI_LIST_STATUS_LOOK_H

#include "ui/kit/theme.h"
#include "ui/model/item.h"

/* The glyph and style of an item's state, in the list and in its details. */
struct status_look {
	enum glyph glyph;
	enum style style;
};

struct status_look status_look(enum status_kind);

#endif
