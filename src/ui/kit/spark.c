/* SPDX-License-Identifier: MIT */
#include "ui/kit/spark.h"

#include "core/base/str.h"

#define LEVELS 8

void spark_line(struct str *out, const struct theme *theme, const float *values, size_t count, float top)
{
	static const char *const levels[2][LEVELS] = {
		{ ".", ":", "-", "=", "+", "*", "#", "@" },
		{ "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" },
	};

	for (size_t i = 0; i < count; i++) {
		float share = top > 0 ? values[i] / top : 0;
		int level = share >= 1 ? LEVELS - 1 : (int)(share * LEVELS);

		str_adds(out, values[i] < 0 ? " " : levels[theme->utf8][level]);
	}
}

void spark_bar(struct str *out, const struct theme *theme, double share, int width)
{
	int filled = share >= 1 ? width : share > 0 ? (int)(share * width + 0.5) : 0;

	for (int i = 0; i < width; i++)
		str_adds(out, i < filled ? (theme->utf8 ? "█" : "#") : theme->utf8 ? "░" : ".");
}
