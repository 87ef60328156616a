/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_DROPPED_PATH_H
#define UI_KIT_DROPPED_PATH_H

/*
 * A file that is dropped onto the terminal arrives as pasted text: quoted for
 * a shell ('/a b', "/a b", /a\ b), as a URI (file:///a%20b, RFC 8089), or
 * unchanged with a blank after it. Pure.
 *
 * Returns its path, absolute or below ~/, which the caller frees. Returns NULL
 * if the text is not a single such word; use the text unchanged then.
 */
char *dropped_path(const char *text);

#endif
