/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_LINK_CLEAN_H
#define UI_CONSOLE_LINK_CLEAN_H

#include <stdbool.h>

/*
 * Hyperlinks of a guest (OSC 8). A guest may be hostile, and what it links to
 * is followed on the user's host: a file: would be one of the host's, and an
 * unknown scheme starts some program there.
 */
#define LINK_MAX 2048

/* True if the URI is one of the web, of FTP or of mail, printable ASCII without spaces, at most LINK_MAX bytes. */
bool link_is_clean(const char *uri);

#endif
