/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_INI_INI_EDIT_H
#define PERSIST_INI_INI_EDIT_H

struct str;
struct strv;

/*
 * Edits an INI text and keeps every other byte: comments, order and unknown
 * keys. Pure. The text must be valid for ini_read.
 */

/*
 * Sets the key in [section] to exactly these values; without values, removes
 * it. Lines with unchanged values are not modified. A changed value keeps its
 * place, the spelling of its key and its comment. Comments of removed values
 * are kept on separate lines. A new key is added to the end of its section, a
 * new section to the end of the text. Names are compared without regard to case.
 */
void ini_edit(struct str *text, const char *section, const char *key, const struct strv *values);

#endif
