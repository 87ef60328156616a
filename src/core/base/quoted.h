/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_QUOTED_H
#define CORE_BASE_QUOTED_H

/*
 * What a user wrote, for a message about it: in quotes, on one line, cut
 * where it would hide the message. Lives as long as the expression it is in:
 *
 *	error_set(err, "%s is not a port", quoted(text).text);
 */
struct quoted {
	char text[72];
};

struct quoted quoted(const char *text);

#endif
