/* SPDX-License-Identifier: MIT */
#include "ui/list/status_look.h"

struct status_look status_look(enum status_kind kind)
{
	static const struct status_look looks[STATUS_KINDS] = {
		[STATUS_OFF]     = { GLYPH_OFF, STYLE_DIM },
		[STATUS_BUSY]    = { GLYPH_BUSY, STYLE_BUSY },
		[STATUS_RUNNING] = { GLYPH_RUNNING, STYLE_RUNNING },
		[STATUS_UNSTARTABLE] = { GLYPH_UNSTARTABLE, STYLE_FAILED },
		[STATUS_FAILED]  = { GLYPH_FAILED, STYLE_FAILED },
		[STATUS_UNKNOWN] = { GLYPH_UNKNOWN, STYLE_WARNING },
	};

	return looks[kind];
}
