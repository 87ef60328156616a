/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_INI_INI_EDIT_H
#define PERSIST_INI_INI_EDIT_H

struct str;
struct strv;

/*
 * Changes to an INI text that keep every other byte: comments, order, what
 * is unknown. Pure. The text must be one that ini_read takes.
 */

/*
 * Let key have just these values (none: it goes), under [section]. Lines
 * whose value stays are not touched; a changed value keeps its place, the
 * spelling of its key and its comment; comments of what goes stay, on lines
 * of their own. A new key goes to the end of its section, a new section to
 * the end of the text. Names are compared without case.
 */
void ini_edit(struct str *text, const char *section, const char *key, const struct strv *values);

#endif
