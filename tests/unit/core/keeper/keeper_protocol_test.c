/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/keeper/clients/protocol.h"
#include "core/keeper/clients/protocol_control.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void feed(struct frame_reader *reader, const void *bytes, size_t len)
{
	size_t room;
	void *at = frame_reader_room(reader, &room);

	assert_true(len <= room);
	memcpy(at, bytes, len);
	frame_reader_added(reader, len);
}

/* Three frames, the stream cut at every pair of places. */
static void frames_come_out_whole_however_the_stream_is_cut(void **state)
{
	(void)state;
	struct str stream;

	str_init(&stream);
	frame_add(&stream, FRAME_CONSOLE, "hello", 5);
	frame_add(&stream, FRAME_HISTORY_END, NULL, 0);
	frame_add(&stream, FRAME_TYPED, "\0\xff", 2);
	for (size_t a = 0; a <= stream.len; a++) {
		for (size_t b = a; b <= stream.len; b++) {
			const size_t cuts[] = { a, b - a, stream.len - b };
			const char *at = stream.text;
			struct frame_reader reader;
			struct frame frame;
			unsigned seen = 0;

			frame_reader_init(&reader, 64);
			for (int i = 0; i < 3; i++) {
				feed(&reader, at, cuts[i]);
				at += cuts[i];
				while (frame_next(&reader, &frame) == FRAME_READY) {
					const unsigned types[] = { FRAME_CONSOLE, FRAME_HISTORY_END, FRAME_TYPED };

					assert_int_equal(frame.type, types[seen]);
					if (seen == 0)
						assert_memory_equal(frame.bytes, "hello", 5);
					if (seen == 2)
						assert_memory_equal(frame.bytes, "\0\xff", 2);
					seen++;
				}
			}
			assert_int_equal(seen, 3);
			frame_reader_finish(&reader);
		}
	}
	str_finish(&stream);
}

static void a_length_over_the_limit_breaks_the_connection(void **state)
{
	(void)state;
	for (size_t limit = 0; limit < 300; limit += 7) {
		for (size_t len = 0; len < 300; len += 3) {
			unsigned char head[FRAME_HEADER];
			struct frame_reader reader;
			struct frame frame;

			frame_reader_init(&reader, limit);
			frame_header(head, FRAME_CONSOLE, len);
			feed(&reader, head, sizeof(head));
			enum frame_outcome want = len > limit ? FRAME_BROKEN : len > 0 ? FRAME_MORE : FRAME_READY;
			assert_int_equal(frame_next(&reader, &frame), want);
			frame_reader_finish(&reader);
		}
	}
}

/* There is always room for the rest of a frame that fits, or nobody could go on reading. */
static void the_reader_always_has_room_for_the_rest_of_a_frame(void **state)
{
	(void)state;
	struct frame_reader reader;
	struct str stream;
	struct frame frame;
	char payload[64] = "";
	size_t at = 0;

	str_init(&stream);
	for (size_t len = 0; len <= sizeof(payload); len++)
		frame_add(&stream, FRAME_CONSOLE, payload, len);
	frame_reader_init(&reader, sizeof(payload));
	for (size_t want = 0; want <= sizeof(payload);) {
		size_t room, n;
		char *to = frame_reader_room(&reader, &room);

		assert_true(room > 0);
		n = stream.len - at < room ? stream.len - at : room;
		memcpy(to, stream.text + at, n);
		frame_reader_added(&reader, n);
		at += n;
		while (frame_next(&reader, &frame) == FRAME_READY)
			assert_int_equal(frame.len, want++);
	}
	frame_reader_finish(&reader);
	str_finish(&stream);
}

/* A screen keeps a reader for each running VM; a length that a peer merely announces costs nothing. */
static void a_reader_grows_only_when_it_was_filled(void **state)
{
	(void)state;
	static const size_t sizes[] = { 0, 300, 900, FRAME_MAX, 5000, 20000, 300 };
	struct frame_reader reader;
	unsigned char head[FRAME_HEADER];
	size_t longest = 0;

	frame_reader_init(&reader, FRAME_MAX);
	frame_header(head, FRAME_CONSOLE, FRAME_MAX);
	feed(&reader, head, sizeof(head));
	assert_int_equal(reader.size, FRAME_READER_FIRST);
	frame_reader_finish(&reader);

	frame_reader_init(&reader, FRAME_MAX);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct str stream;
		struct frame frame;

		str_init(&stream);
		for (size_t at = 0; at < sizes[i]; at++)
			str_addc(&stream, (char)(at * 7 + i));
		char *payload = str_detach(&stream);
		frame_add(&stream, FRAME_CONSOLE, payload, sizes[i]);
		for (size_t at = 0; at < stream.len;) {
			size_t room, n;
			char *to = frame_reader_room(&reader, &room);

			n = stream.len - at < room ? stream.len - at : room;
			memcpy(to, stream.text + at, n);
			frame_reader_added(&reader, n);
			at += n;
			assert_int_equal(frame_next(&reader, &frame), at < stream.len ? FRAME_MORE : FRAME_READY);
		}
		assert_int_equal(frame.len, sizes[i]);
		assert_memory_equal(frame.bytes, payload, sizes[i]);
		longest = stream.len > longest ? stream.len : longest;
		assert_true(reader.size <= FRAME_READER_FIRST || reader.size < 2 * longest);
		assert_true(reader.size <= FRAME_HEADER + FRAME_MAX);
		free(payload);
		str_finish(&stream);
	}
	frame_reader_finish(&reader);
}

static struct message pass(enum frame_type type, const struct message *message, struct str *stream)
{
	struct message back;
	struct frame frame = { .type = type };

	str_clear(stream);
	message_write(stream, type, message);
	frame.bytes = (const unsigned char *)stream->text + FRAME_HEADER;
	frame.len = stream->len - FRAME_HEADER;
	assert_true(message_read(&frame, &back));
	return back;
}

static void a_message_comes_back_as_it_was_written(void **state)
{
	(void)state;
	struct str stream;

	str_init(&stream);
	struct message said = { .phase = "running", .uuid = "1b4e28ba", .name = "b\xc3\xbcro \"x\"\n", .pid = 4242,
		                .started = INT64_MAX, .clients = 3, .unresponsive = true, .paused = false,
		                .resets = 7, .resetting = true, .panicked = true };
	struct message back = pass(FRAME_STATE, &said, &stream);
	assert_string_equal(back.phase, said.phase);
	assert_string_equal(back.uuid, said.uuid);
	assert_string_equal(back.name, said.name);
	assert_int_equal(back.pid, 4242);
	assert_true(back.started == INT64_MAX);
	assert_int_equal(back.clients, 3);
	assert_true(back.unresponsive);
	assert_int_equal(back.resets, 7);
	assert_true(back.resetting);
	assert_true(back.panicked);
	assert_false(back.paused);
	assert_string_equal(back.error, "");	/* not of this frame */
	message_finish(&back);
	str_finish(&stream);
}

static void attached_screens_come_back_as_far_as_they_are_sane(void **state)
{
	(void)state;
	const struct attached_screen screens[] = { { 4711, false, 24, 80 }, { 0, true, 0, 0 } };
	static const char odd[] = "{\"screens\":[7,{\"pid\":-1,\"rows\":99999,\"columns\":80,\"read_only\":\"yes\"}]}";
	struct message back;
	struct str stream;

	str_init(&stream);
	back = pass(FRAME_STATE, &(struct message){ .screens = screens, .screen_count = 2 }, &stream);
	assert_int_equal(back.screen_count, 2);
	assert_int_equal(back.screens[0].pid, 4711);
	assert_int_equal(back.screens[0].columns, 80);
	assert_true(back.screens[1].read_only);
	message_finish(&back);

	back = pass(FRAME_STATE, &(struct message){ .screens = screens }, &stream);
	assert_non_null(back.screens);
	assert_int_equal(back.screen_count, 0);
	message_finish(&back);

	/* Older keepers do not say. */
	back = pass(FRAME_STATE, &(struct message){ 0 }, &stream);
	assert_null(back.screens);
	message_finish(&back);

	assert_true(message_read(&(struct frame){ .type = FRAME_STATE, .bytes = (const unsigned char *)odd,
	                                          .len = strlen(odd) }, &back));
	assert_int_equal(back.screen_count, 2);
	assert_int_equal(back.screens[0].pid, 0);
	assert_int_equal(back.screens[1].pid, 0);
	assert_int_equal(back.screens[1].rows, 0);
	assert_int_equal(back.screens[1].columns, 80);
	assert_false(back.screens[1].read_only);
	message_finish(&back);
	str_finish(&stream);
}

static void a_text_that_is_no_utf8_keeps_what_is_ascii_of_it(void **state)
{
	(void)state;
	struct str stream;

	str_init(&stream);
	struct message back = pass(FRAME_NOTICE, &(struct message){ .text = "disk \xff\xc3 full" }, &stream);
	assert_string_equal(back.text, "disk ?? full");
	message_finish(&back);
	str_finish(&stream);
}

/* Control characters take six bytes each in JSON: the worst case must still fit a frame. */
static void the_longest_texts_fit_a_frame(void **state)
{
	(void)state;
	static char text[100000];
	struct str stream;

	str_init(&stream);
	memset(text, 1, sizeof(text) - 1);
	struct message back = pass(FRAME_EXIT, &(struct message){ .reason = text, .error = text }, &stream);
	assert_true(strlen(back.error) >= 1024);
	assert_true(stream.len <= FRAME_HEADER + FRAME_MAX);
	message_finish(&back);

	memset(text, 0, sizeof(text));
	for (size_t i = 0; i + 4 < sizeof(text); i += 3)
		memcpy(text + i, "\xe2\x82\xac", 3);
	back = pass(FRAME_NOTICE, &(struct message){ .text = text }, &stream);
	assert_memory_equal(back.text, text, strlen(back.text));	/* cut between characters */
	assert_true(strlen(back.text) > 1024);
	message_finish(&back);
	str_finish(&stream);
}

static void what_is_no_object_is_refused_and_wrong_types_read_as_nothing(void **state)
{
	(void)state;
	const char *bad[] = { "", "{", "[]", "1", "\"x\"", "{\"text\":\"\xff\"}", "{} {}" };
	struct message message;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct frame frame = { FRAME_NOTICE, (const unsigned char *)bad[i], strlen(bad[i]) };

		assert_false(message_read(&frame, &message));
		message_finish(&message);
	}
	const char *odd = "{\"phase\":7,\"pid\":\"x\",\"paused\":1,\"new\":{}}";
	struct frame frame = { FRAME_STATE, (const unsigned char *)odd, strlen(odd) };
	assert_true(message_read(&frame, &message));
	assert_string_equal(message.phase, "");
	assert_int_equal(message.pid, 0);
	assert_false(message.paused);
	message_finish(&message);
}

static bool frame_of(const struct str *stream, struct frame *frame)
{
	struct frame_reader reader;
	bool ready;
	size_t room;

	frame_reader_init(&reader, FRAME_MAX);
	for (size_t at = 0; at < stream->len;) {
		void *to = frame_reader_room(&reader, &room);
		size_t n = stream->len - at < room ? stream->len - at : room;

		memcpy(to, stream->text + at, n);
		frame_reader_added(&reader, n);
		at += n;
	}
	ready = frame_next(&reader, frame) == FRAME_READY;
	frame->bytes = (const unsigned char *)stream->text + FRAME_HEADER;
	frame_reader_finish(&reader);
	return ready;
}

static void a_control_frame_comes_back_as_it_was_written(void **state)
{
	(void)state;
	struct control_frame back;
	struct frame frame;
	struct str stream;
	char *path = mem_alloc(6001);

	memset(path, 'p', 6000);
	str_init(&stream);
	assert_true(setting_frame_write(&stream, 9, "disks.disk", SETTING_ADD, path, FRAME_MAX_TYPED));
	assert_true(frame_of(&stream, &frame) && control_frame_read(&frame, &back));
	assert_int_equal(back.id, 9);
	assert_string_equal(back.name, "disks.disk");
	assert_string_equal(back.detail, path);
	assert_int_equal(setting_action_find(back.action), SETTING_ADD);
	control_frame_finish(&back);
	str_clear(&stream);
	event_frame_write(&stream, "STOP", "");
	assert_true(frame_of(&stream, &frame) && control_frame_read(&frame, &back));
	assert_string_equal(back.name, "STOP");
	assert_null(back.detail);
	control_frame_finish(&back);
	str_clear(&stream);
	assert_false(setting_frame_write(&stream, 9, "disks.disk", SETTING_ADD, path, 6000));
	assert_false(qmp_frame_write(&stream, FRAME_QMP, 9, "device_add", "{\"a\":", FRAME_MAX_TYPED));
	assert_false(qmp_frame_write(&stream, FRAME_QMP, 9, "device_add", "[1]", FRAME_MAX_TYPED));
	assert_int_equal(stream.len, 0);
	str_finish(&stream);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_come_out_whole_however_the_stream_is_cut),
		cmocka_unit_test(a_length_over_the_limit_breaks_the_connection),
		cmocka_unit_test(the_reader_always_has_room_for_the_rest_of_a_frame),
		cmocka_unit_test(a_reader_grows_only_when_it_was_filled),
		cmocka_unit_test(a_message_comes_back_as_it_was_written),
		cmocka_unit_test(attached_screens_come_back_as_far_as_they_are_sane),
		cmocka_unit_test(a_text_that_is_no_utf8_keeps_what_is_ascii_of_it),
		cmocka_unit_test(the_longest_texts_fit_a_frame),
		cmocka_unit_test(a_control_frame_comes_back_as_it_was_written),
		cmocka_unit_test(what_is_no_object_is_refused_and_wrong_types_read_as_nothing),
	};

	return cmocka_run_group_tests_name("keeper protocol", tests, NULL, NULL);
}
