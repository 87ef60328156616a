/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_SPARK_H
#define UI_KIT_SPARK_H

#include "ui/kit/theme.h"

#include <stddef.h>

struct str;

/* Figures as a row of text: a column for each value, or a bar. In ASCII where the terminal has no UTF-8. */

/* Appends a column for each value, from 0 to top; a blank for a negative value, which is not known. */
void spark_line(struct str *out, const struct theme *, const float *values, size_t count, float top);
/* Appends a bar of this width of which a part is filled; share is from 0 to 1, and more counts as 1. */
void spark_bar(struct str *out, const struct theme *, double share, int width);

#endif
