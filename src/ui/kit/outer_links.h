/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_OUTER_LINKS_H
#define UI_KIT_OUTER_LINKS_H

#include <curses.h>
#include <stdbool.h>

/*
 * Hyperlinks (OSC 8) of cells that curses has drawn, since it has no attribute
 * for them. A cell has a link if it has the attribute OUTER_LINKED, so that what
 * covers it has none, and if outer_links_place gave its position one. After each
 * doupdate the cells whose links the terminal does not show, or may have lost,
 * are written again, with the links around them. Only for screen.c.
 */
#define OUTER_LINKED A_PROTECT		/* terminals have no sequence for it, or ignore it */
#define OUTER_LINKS_KEPT 1024		/* links that have a number at the same time */
#define OUTER_LINKS_BYTES 65536		/* of addresses that are written at once; what is beyond has no link until it is drawn again */

struct outer_links *outer_links_new(void);
void outer_links_free(struct outer_links *);	/* accepts NULL */

/*
 * Returns the number for a link, which the caller has found safe to write, or 0 if there are too many. name: a number
 * below 256 that the caller mostly uses for this link.
 */
int outer_links_number(struct outer_links *, unsigned name, const char *uri);
/* Gives positions of the screen a link; 0: none. */
void outer_links_place(struct outer_links *, int row, int column, int count, int number);

/* Call them before and after doupdate. put: takes a byte for the terminal, as for tputs. */
void outer_links_before(struct outer_links *);
void outer_links_after(struct outer_links *, int (*put)(int));

#endif
