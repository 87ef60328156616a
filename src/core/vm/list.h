/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_LIST_H
#define CORE_VM_LIST_H

struct str;

/*
 * Words separated by commas, as in a disk or a share. A comma that belongs
 * to a word is doubled; commas are paired from the left, as in QEMU's own
 * option lists.
 */

/* Returns the word at *at and moves *at to the next one, or to NULL after the last. "" has one, empty, word. The caller frees it. */
char *list_word(const char **at);
/* Appends a word with its commas doubled. */
void list_add(struct str *, const char *word);

#endif
