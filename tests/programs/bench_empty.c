/* SPDX-License-Identifier: MIT */
/* Does nothing, with every library that paddock is linked to: what a process costs before it is ours. */
#include <unistd.h>

int main(void)
{
	pause();
	return 0;
}
