/* SPDX-License-Identifier: MIT */
/*
 * The keeper's frames, cut from a stream that comes in pieces; what is read
 * and written again reads as the same.
 */
#include "core/base/str.h"
#include "core/keeper/clients/protocol.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define require(fine) ((fine) ? (void)0 : fail(#fine, __LINE__))

static void fail(const char *what, int line)
{
	fprintf(stderr, "line %d: %s does not hold\n", line, what);
	abort();
}

/* One frame of bytes that hold just it. */
static void read_back(const struct str *written, struct message *out)
{
	struct frame frame = {
		.type = (unsigned char)written->text[0],
		.bytes = (const unsigned char *)written->text + FRAME_HEADER,
		.len = written->len - FRAME_HEADER,
	};

	require(message_read(&frame, out));
}

static void check_message(const struct frame *frame)
{
	struct message message, again;
	struct str first, second;

	if (!message_read(frame, &message)) {
		message_finish(&message);
		return;
	}
	str_init(&first);
	str_init(&second);
	message_write(&first, (enum frame_type)frame->type, &message);
	read_back(&first, &again);
	message_write(&second, (enum frame_type)frame->type, &again);
	require(first.len == second.len && memcmp(first.text, second.text, first.len) == 0);
	message_finish(&message);
	message_finish(&again);
	str_finish(&first);
	str_finish(&second);
}

/* Returns how the stream ended; each frame is added to out as it would be sent. */
static enum frame_outcome cut(const uint8_t *bytes, size_t len, size_t step, struct str *out)
{
	struct frame_reader reader;
	struct frame frame;
	enum frame_outcome outcome = FRAME_MORE;
	size_t at = 0, room;

	frame_reader_init(&reader, FRAME_MAX_TYPED);
	while (at < len && outcome != FRAME_BROKEN) {
		void *to = frame_reader_room(&reader, &room);
		size_t part = len - at < step ? len - at : step;

		part = part < room ? part : room;
		require(part > 0);
		memcpy(to, bytes + at, part);
		frame_reader_added(&reader, part);
		at += part;
		while ((outcome = frame_next(&reader, &frame)) == FRAME_READY) {
			require(frame.len <= FRAME_MAX_TYPED);
			frame_add(out, (enum frame_type)frame.type, frame.bytes, frame.len);
			if (frame.type > 0 && frame.type < FRAME_TYPES)
				check_message(&frame);
		}
	}
	frame_reader_finish(&reader);
	return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct str whole, parts;

	if (len == 0)
		return 0;
	str_init(&whole);
	str_init(&parts);

	enum frame_outcome one = cut(bytes + 1, len - 1, len, &whole);
	enum frame_outcome other = cut(bytes + 1, len - 1, 1u + bytes[0], &parts);

	require(one == other && whole.len == parts.len && memcmp(whole.text, parts.text, whole.len) == 0);
	/* Frames are the stream, up to where it breaks off. */
	require(whole.len <= len - 1 && memcmp(whole.text, bytes + 1, whole.len) == 0);
	str_finish(&whole);
	str_finish(&parts);
	return 0;
}
