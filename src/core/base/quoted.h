/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_QUOTED_H
#define CORE_BASE_QUOTED_H

/*
 * User input for a message: in quotes, on one line, and truncated if it is
 * long. Valid as long as the expression that it is used in:
 *
 *	error_set(err, "%s is not a port", quoted(text).text);
 */
struct quoted {
	char text[72];
};

struct quoted quoted(const char *text);

#endif
