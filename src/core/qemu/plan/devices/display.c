/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"


/* Without a window module, QEMU silently serves the screen over VNC instead. */
static void check_window(struct build *b)
{
	static const char *const others[] = { "-display", "-vnc", "-spice", "-curses", "-nographic" };

	if (!b->spec->gui || !b->facts->qemu_windowless)
		return;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (build_has_arg(b, others[i]))
			return;
	problem_add(b->problems, PROBLEM_HOST, SET_GUI, -1,
	            "this QEMU has no module for a window; install qemu-system-gui (Debian, Ubuntu) or qemu-ui-gtk (others)");
}

void build_display_args(struct build *b)
{
	check_window(b);
	if (!b->spec->gui)
		build_arg(b, "default", "-nographic");
}
