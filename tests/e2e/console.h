/* SPDX-License-Identifier: MIT */
#ifndef E2E_CONSOLE_H
#define E2E_CONSOLE_H

struct home;
struct tty;

/* The console of a fake guest in the screen, as a user opens and leaves it. */
#define CONSOLE_PREFIX "\007"
#define CONSOLE_GREETING "fake guest ready"	/* what the guest prints first */

/* Makes the profile `web`, opens the screen at 30x100, and starts the machine with its console on the whole screen. */
struct tty *console_open(struct home *);
/* Goes back to the list, quits, and stops the machine. Frees the tty. */
void console_leave(struct home *, struct tty *);

#endif
