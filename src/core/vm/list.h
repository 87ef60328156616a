/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_LIST_H
#define CORE_VM_LIST_H

struct str;

/*
 * Words with commas between them, as in a disk or a share. A comma that
 * belongs to a word is written twice, read from the left, so that what
 * QEMU's own option lists do holds here too.
 */

/* The word at *at, which moves behind it: NULL after the last. "" has one word, an empty one. The caller's. */
char *list_word(const char **at);
/* Append a word with its commas doubled. */
void list_add(struct str *, const char *word);

#endif
