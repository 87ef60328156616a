/* SPDX-License-Identifier: MIT */
#include "ui/kit/key_input.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/number.h"
#include "ui/kit/key_meaning.h"
#include "ui/kit/key_terminfo.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define ESCAPE_MS	50	/* if ESCDELAY is not set; the default of ncurses is a whole second */
#define ESCAPE_MAX	INT_MAX
#define EMPTY_MAX	1000	/* how often in a row the terminal may be ready without data */

struct key_input {
	int fd;
	const struct key_input_events *events;
	void *data;
	struct loop_watch *watch;
	struct loop_timer *timer;	/* while something is held, or keys are left over from the last turn */
	struct key_known *known;
	struct key_parser parser;
	unsigned escape_ms;
	unsigned empty;
	bool paused;
};

unsigned key_escape_ms(void)
{
	const char *text = getenv("ESCDELAY");
	struct error err;
	uint64_t ms;

	return text && number_parse(text, 0, ESCAPE_MAX, &ms, &err) ? (unsigned)ms : ESCAPE_MS;
}

static bool is_kitty(const struct key_token *token)
{
	return token->kind == KEY_TOKEN_CSI && token->sequence.prefix == '?' && token->sequence.final == 'u';
}

static bool is_for_receiver(enum key_meaning meaning, const struct key *key)
{
	bool focus = key->is_code && (key->code == KEY_FOCUS_IN || key->code == KEY_FOCUS_OUT);

	return meaning == KEY_MEANS_KEY || meaning == KEY_MEANS_MOUSE || meaning == KEY_MEANS_FOREIGN ||
	       (meaning == KEY_MEANS_REPORT && focus);
}

/* Returns false if the receiver wants no more keys. */
static bool hand_out(struct key_input *input)
{
	struct key_token token;
	struct key key;

	while (!input->paused && key_parser_next(&input->parser, &token)) {
		enum key_meaning meaning = key_meaning(&input->parser, &token, &key);

		if (meaning == KEY_MEANS_ANSWER && is_kitty(&token) && input->events->kitty)
			input->events->kitty(input->data);
		if (is_for_receiver(meaning, &key) && !input->events->key(input->data, &key))
			return false;
	}
	return !input->paused;
}

static void hand_out_and_wait(struct key_input *input)
{
	unsigned ms;

	loop_timer_disarm(input->timer);
	if (hand_out(input) && key_parser_waits(&input->parser, input->escape_ms, &ms))
		loop_timer_arm(input->timer, ms);
}

bool key_is_ready(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	return poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN);
}

/* Returns false at the end of the terminal. */
static bool take(struct key_input *input)
{
	unsigned char bytes[4096];
	ssize_t got = read(input->fd, bytes, sizeof(bytes));

	if (got > 0) {
		input->empty = 0;
		key_parser_feed(&input->parser, bytes, (size_t)got);
	} else if (got < 0 && errno != EINTR && errno != EAGAIN) {
		return false;
	}
	/* Some terminals stay ready forever after their end, without reporting it. */
	return ++input->empty < EMPTY_MAX;
}

static void on_ready(void *data, int fd, short revents)
{
	struct key_input *input = data;
	bool fine = true;

	(void)fd;
	if (revents & POLLIN)
		fine = take(input);
	hand_out_and_wait(input);
	if (!fine || revents & (POLLHUP | POLLERR | POLLNVAL))
		input->events->ended(input->data);
}

/* If this process was slow, the rest may already have arrived. */
static void on_timer(void *data)
{
	struct key_input *input = data;

	if (!key_is_ready(input->fd) || !take(input))
		key_parser_expire(&input->parser);
	hand_out_and_wait(input);
}

struct key_input *key_input_new(struct loop *loop, int fd, const struct key_input_events *events, void *data)
{
	struct key_input *input = mem_alloc(sizeof(*input));
	size_t count;

	input->fd = fd;
	input->events = events;
	input->data = data;
	input->escape_ms = key_escape_ms();
	input->known = key_terminfo(&count);
	key_parser_init(&input->parser, input->known, count);
	input->parser.backspace = key_terminfo_backspace();
	input->timer = loop_timer(loop, on_timer, input);
	input->watch = loop_watch(loop, fd, POLLIN, on_ready, input);
	return input;
}

void key_input_free(struct key_input *input)
{
	if (!input)
		return;
	loop_unwatch(input->watch);
	loop_timer_free(input->timer);
	key_parser_finish(&input->parser);
	free(input->known);
	free(input);
}

void key_input_pause(struct key_input *input, bool pause)
{
	input->paused = pause;
	loop_watch_events(input->watch, pause ? -1 : POLLIN);
	if (pause)
		loop_timer_disarm(input->timer);
	else
		loop_timer_arm(input->timer, 0);
}
