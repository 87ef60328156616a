/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"

void build_display_args(struct build *b)
{
	static const char *const others[] = { "-display", "-vnc", "-spice", "-curses", "-nographic" };

	if (!b->spec->gui) {
		build_arg(b, "default", "-nographic");
		return;
	}
	/* Without a window module, QEMU silently serves the screen over VNC instead. */
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (build_has_arg(b, others[i]))
			return;
	if (b->facts->qemu_windowless)
		problem_add(b->problems, PROBLEM_HOST, SET_GUI, -1,
		            "this QEMU has no module for a window; install qemu-system-gui (Debian, Ubuntu) or qemu-ui-gtk (others)");
}
