/* SPDX-License-Identifier: MIT */
#include "ui/cli/attach.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_MS 300

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Reads what has arrived. True if the answer is complete or no more will come. *matched: length of the answer's part so far. */
static bool read_until(int in, const char *answer, size_t *matched)
{
	unsigned char bytes[4096];
	ssize_t got = read(in, bytes, sizeof(bytes));

	for (ssize_t i = 0; i < got; i++) {
		/* An answer contains ESC only as its first byte. */
		if (bytes[i] == (unsigned char)answer[*matched])
			++*matched;
		else
			*matched = bytes[i] == (unsigned char)answer[0];
		if (!answer[*matched])
			return true;
	}
	return got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
}

void attach_swallow_answers(int in, int out)
{
	/* DSR 5, "terminal is ready". The filter never lets a guest's DSR 5 pass. */
	static const char query[] = "\033[5n", answer[] = "\033[0n";
	const long long end = now_ms() + ANSWER_MS;
	size_t matched = 0;

	if (write(out, query, strlen(query)) != (ssize_t)strlen(query))
		return;
	for (long long left = ANSWER_MS; left > 0; left = end - now_ms()) {
		struct pollfd ready = { .fd = in, .events = POLLIN };

		if (poll(&ready, 1, (int)left) > 0 && read_until(in, answer, &matched))
			break;
	}
	tcflush(in, TCIFLUSH);
}
