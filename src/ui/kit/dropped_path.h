/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_DROPPED_PATH_H
#define UI_KIT_DROPPED_PATH_H

/*
 * A file that was dropped onto the terminal arrives as pasted text, spelled
 * for a shell ('/a b', "/a b", /a\ b), as a URI (file:///a%20b, RFC 8089), or as it is
 * with a blank behind it. Pure.
 *
 * Returns the path that is meant, absolute or below ~/; the caller's. NULL
 * when the text is not one such word: then it is taken as it stands.
 */
char *dropped_path(const char *text);

#endif
