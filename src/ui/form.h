/* SPDX-License-Identifier: MIT */
#ifndef UI_FORM_H
#define UI_FORM_H

struct app;

/*
 * The forms over a VM's settings. Each opens a view on the stack; what is
 * wrong with opening it is said on the screen.
 */
void form_open_edit(struct app *, const char *profile);
/* image: absolute path to begin with; NULL: none yet. */
void form_open_new(struct app *, const char *image);

#endif
