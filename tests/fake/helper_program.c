/* SPDX-License-Identifier: MIT */
#include "fake/helper_program.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void leave(int signo)
{
	static const char words[] = "asked to end\n";

	(void)signo;
	_exit(write(2, words, sizeof(words) - 1) < 0);
}

int helper_program(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), deaf = 0;
	bool once = false;

	signal(SIGTERM, leave);
	for (int i = 2; i < argc; i++) {
		if (!strncmp(argv[i], "--late=", 7))
			poll(NULL, 0, atoi(argv[i] + 7));
		if (!strncmp(argv[i], "--deaf=", 7))
			deaf = atoi(argv[i] + 7);
		once |= !strcmp(argv[i], "--once");
		if (!strcmp(argv[i], "--stubborn"))
			signal(SIGTERM, SIG_IGN);
		if (!strncmp(argv[i], "--say=", 6))
			dprintf(STDERR_FILENO, "%s\n", argv[i] + 6);
	}
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", argv[1] + strlen("--listen="));
	if (!address.sun_path[0] || bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return 3;
	poll(NULL, 0, deaf);
	if (listen(fd, 1) < 0)
		return 3;
	while (!once)
		pause();
	accept(fd, NULL, NULL);
	return 4;
}
