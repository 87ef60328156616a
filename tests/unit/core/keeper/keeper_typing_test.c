/* SPDX-License-Identifier: MIT */
#include "core/base/loop.h"
#include "core/keeper/stream/ring.h"
#include "core/terminal/terminal.h"
#include "fake/serve_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static void all_may_type_but_who_only_reads(void **state)
{
	(void)state;
	struct stage stage;
	struct peer one, other, reader;

	stage_init(&stage);
	join(&stage, &one, "console");
	join(&stage, &other, "console");
	join(&stage, &reader, "read-only");
	settle(&stage, &one, &other);
	say(&one, FRAME_TYPED, "one ", 4);
	settle(&stage, &one, &other);
	say(&reader, FRAME_TYPED, "reader ", 7);
	settle(&stage, &reader, NULL);
	say(&other, FRAME_TYPED, "other", 5);
	settle(&stage, &one, &other);
	assert_string_equal(stage.guest.text, "one other");
	assert_false(reader.gone);
	peer_finish(&one);
	peer_finish(&other);
	peer_finish(&reader);
	stage_finish(&stage);
}

static void the_keeper_answers_the_guest_watched_or_not(void **state)
{
	(void)state;
	struct stage stage;
	struct peer peer;

	stage_init(&stage);
	output(&stage, "login: \033[6n");
	assert_string_equal(stage.guest.text, "\033[1;8R");
	join(&stage, &peer, "console");
	settle(&stage, &peer, NULL);
	/* What a client of protocol 1 answers would be a second answer. */
	say(&peer, FRAME_ANSWER, "[1;1R", 5);
	settle(&stage, &peer, NULL);
	output(&stage, "\033[18t");
	assert_string_equal(stage.guest.text, "\033[1;8R\033[8;24;80t");
	peer_finish(&peer);
	stage_finish(&stage);
}

/* What is typed next must not become a part of it. */
static void an_answer_is_not_cut_off(void **state)
{
	(void)state;
	struct stage stage;
	struct peer peer;

	stage_init(&stage);
	join(&stage, &peer, "console");
	settle(&stage, &peer, NULL);
	stage.appetite = 5;
	output(&stage, "\033[c");
	say(&peer, FRAME_TYPED, "keys", 4);
	settle(&stage, &peer, NULL);
	output(&stage, "\033[6n");		/* has to wait: no answer */
	assert_string_equal(stage.guest.text, "\033[?65");
	for (int i = 0; i < 10; i++) {
		stage.appetite = 3;
		serve_input_accepted(stage.serve);
		settle(&stage, &peer, NULL);
	}
	assert_string_equal(stage.guest.text, "\033[?65;6;9;15;21;22;28ckeys");
	peer_finish(&peer);
	stage_finish(&stage);
}

/* The guest would take it for typing, as it has stopped waiting for an answer. */
static void an_answer_that_would_wait_behind_typing_is_lost(void **state)
{
	(void)state;
	struct stage stage;
	struct peer peer;

	stage_init(&stage);
	stage.appetite = 2;
	join(&stage, &peer, "console");
	say(&peer, FRAME_TYPED, "typed", 5);
	settle(&stage, &peer, NULL);
	stage.appetite = SIZE_MAX;
	output(&stage, "\033[6n");
	assert_string_equal(stage.guest.text, "ty");
	serve_input_accepted(stage.serve);
	output(&stage, "\033[6n");
	assert_string_equal(stage.guest.text, "typed\033[1;1R");
	peer_finish(&peer);
	stage_finish(&stage);
}

static void size(struct stage *stage, struct peer *peer, int rows, int columns)
{
	say_message(peer, FRAME_SIZE, &(struct message){ .rows = rows, .columns = columns });
	settle(stage, peer, NULL);
}

static void assert_size(const struct stage *stage, int rows, int columns)
{
	assert_int_equal(terminal_rows(stage->screen), rows);
	assert_int_equal(terminal_columns(stage->screen), columns);
}

static void the_screen_has_the_size_of_who_typed_last(void **state)
{
	(void)state;
	struct stage stage;
	struct peer one, other, reader;

	stage_init(&stage);
	join_as(&stage, &reader, &(struct message){ .role = "read-only", .rows = 50, .columns = 150 });
	settle(&stage, &reader, NULL);
	assert_size(&stage, 24, 80);
	/* Who cannot type does not count. */
	join_as(&stage, &one, &(struct message){ .role = "console", .rows = 30, .columns = 100 });
	settle(&stage, &one, NULL);
	assert_size(&stage, 30, 100);
	size(&stage, &one, 31, 101);
	assert_size(&stage, 31, 101);
	join_as(&stage, &other, &(struct message){ .role = "console", .rows = 40, .columns = 120 });
	settle(&stage, &one, &other);
	assert_size(&stage, 31, 101);
	say(&other, FRAME_TYPED, "a", 1);
	settle(&stage, &one, &other);
	assert_size(&stage, 40, 120);
	size(&stage, &one, 32, 102);
	size(&stage, &other, 0, 70000);		/* absurd: nothing changes */
	assert_size(&stage, 40, 120);
	say(&one, FRAME_TYPED, "b", 1);
	settle(&stage, &one, &other);
	assert_size(&stage, 32, 102);
	/* Who stays alone has the screen for himself. */
	peer_finish(&one);
	settle(&stage, &other, NULL);
	assert_size(&stage, 40, 120);
	peer_finish(&other);
	peer_finish(&reader);
	stage_finish(&stage);
}

/* Memory does not grow with what a guest does not read; what was typed comes in order, and commands pass it. */
static void what_a_guest_does_not_read_waits_in_a_window(void **state)
{
	(void)state;
	struct stage stage;
	struct peer peer;
	char text[4096];

	stage_init(&stage);
	stage.appetite = 0;
	join(&stage, &peer, "console");
	settle(&stage, &peer, NULL);
	for (int i = 0; i < TYPED_WINDOW / 4096; i++) {
		memset(text, 'a' + i, sizeof(text));
		say(&peer, FRAME_TYPED, text, sizeof(text));
	}
	say_message(&peer, FRAME_COMMAND, &(struct message){ .id = 7, .command = "kill" });
	settle(&stage, &peer, NULL);
	assert_int_equal(stage.guest.len, 0);
	assert_int_equal(stage.commands, 1);
	assert_int_equal(stage.command, KEEPER_KILL);
	assert_int_equal(peer.taken, 0);

	for (int i = 0; i < 2 * TYPED_WINDOW / 1000; i++) {
		stage.appetite = 1000;
		serve_input_accepted(stage.serve);
	}
	settle(&stage, &peer, NULL);
	assert_int_equal(stage.guest.len, TYPED_WINDOW);
	for (int i = 0; i < TYPED_WINDOW; i++)
		assert_int_equal(stage.guest.text[i], 'a' + i / 4096);
	assert_true(peer.taken >= TYPED_WINDOW / 2);
	peer_finish(&peer);
	stage_finish(&stage);
}

static void who_types_more_than_the_window_is_closed(void **state)
{
	(void)state;
	struct stage stage;
	struct peer peer;
	char text[4096] = "";

	stage_init(&stage);
	stage.appetite = 0;
	join(&stage, &peer, "console");
	settle(&stage, &peer, NULL);
	for (int i = 0; i <= TYPED_WINDOW / 4096; i++)
		say(&peer, FRAME_TYPED, text, sizeof(text));
	settle(&stage, &peer, NULL);
	assert_true(peer.gone);
	peer_finish(&peer);
	stage_finish(&stage);
}

static void two_who_type_at_a_guest_that_reads_slowly_are_not_mixed_up(void **state)
{
	(void)state;
	struct stage stage;
	struct peer one, other;

	stage_init(&stage);
	stage.appetite = 2;
	join(&stage, &one, "console");
	join(&stage, &other, "console");
	settle(&stage, &one, &other);
	say(&one, FRAME_TYPED, "111111", 6);
	settle(&stage, &one, &other);
	stage.appetite = 2;	/* not told: the other must wait its turn all the same */
	say(&other, FRAME_TYPED, "222", 3);
	settle(&stage, &one, &other);
	while (stage.guest.len < 9) {
		stage.appetite = 2;
		serve_input_accepted(stage.serve);
	}
	assert_string_equal(stage.guest.text, "111111222");
	peer_finish(&one);
	peer_finish(&other);
	stage_finish(&stage);
}

static void unknown_frames_are_skipped_and_broken_ones_close(void **state)
{
	(void)state;
	static const struct { const char *bytes; size_t len; } broken[] = {
		{ "\x0d\xff\xff\xff\x7f", 5 },			/* a length of 2 GiB */
		{ "\x0d\x01\x40\x00\x00", 5 },			/* one byte over the limit */
		{ "\x0f\x02\x00\x00\x00{]", 7 },		/* no JSON */
		{ "\x0f\x01\x00\x00\x00" "1", 6 },		/* no object */
	};
	struct stage stage;
	struct peer peer;

	stage_init(&stage);
	join(&stage, &peer, "console");
	say_bytes(&peer, "\xc8\x03\x00\x00\x00new", 8);
	say_message(&peer, FRAME_COMMAND, &(struct message){ .id = 3, .command = "levitate" });
	settle(&stage, &peer, NULL);
	assert_false(peer.gone);
	assert_non_null(strchr(peer.order.text, 'r'));
	assert_non_null(strstr(peer.text.text, "unknown command"));
	peer_finish(&peer);
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		join(&stage, &peer, "console");
		say_bytes(&peer, broken[i].bytes, broken[i].len);
		settle(&stage, &peer, NULL);
		assert_true(peer.gone);
		peer_finish(&peer);
	}
	join(&stage, &peer, NULL);	/* no hello */
	say(&peer, FRAME_TYPED, "x", 1);
	settle(&stage, &peer, NULL);
	assert_true(peer.gone);
	assert_int_equal(stage.guest.len, 0);
	peer_finish(&peer);
	stage_finish(&stage);
}

static void a_reply_goes_to_who_asked_and_to_nobody_when_it_is_gone(void **state)
{
	(void)state;
	struct stage stage;
	struct peer one, other;

	stage_init(&stage);
	join(&stage, &one, "watch");
	say_message(&one, FRAME_COMMAND, &(struct message){ .id = 5, .command = "pause" });
	settle(&stage, &one, NULL);
	assert_int_equal(stage.command_id, 5);
	unsigned asked = stage.command_peer;
	peer_finish(&one);
	settle(&stage, NULL, NULL);
	join(&stage, &other, "watch");
	settle(&stage, &other, NULL);
	serve_reply(stage.serve, asked, 5, "too late");
	settle(&stage, &other, NULL);
	assert_string_equal(other.order.text, "h");
	say_message(&other, FRAME_COMMAND, &(struct message){ .id = 6, .command = "resume" });
	settle(&stage, &other, NULL);
	serve_reply(stage.serve, stage.command_peer, 6, "cannot");
	settle(&stage, &other, NULL);
	assert_string_equal(other.order.text, "hr");
	assert_string_equal(other.text.text, "cannot");
	peer_finish(&other);
	stage_finish(&stage);
}

/* As another user, over a socket that the file system would let anybody use. */
static void another_user_is_not_served(void **state)
{
	(void)state;
	struct stage stage;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char dir[] = "/tmp/paddock-serve.XXXXXX";
	int status = -1;

	if (geteuid() != 0) {
		print_message("skipped: only root can be two users\n");
		skip();
	}
	stage_init(&stage);
	assert_non_null(mkdtemp(dir));
	chmod(dir, 0755);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/s", dir);
	for (uid_t uid = 0; uid <= 65534; uid += 65534) {
		int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

		unlink(address.sun_path);
		assert_int_equal(bind(listener, (const struct sockaddr *)&address, sizeof(address)), 0);
		assert_int_equal(listen(listener, 4), 0);
		chmod(address.sun_path, 0777);
		if (uid == 0)
			serve_listen(stage.serve, dup(listener));

		pid_t pid = fork();

		if (pid == 0) {
			int fd = socket(AF_UNIX, SOCK_STREAM, 0);
			char hello[64];

			if (setuid(uid) < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
				_exit(9);
			_exit(read(fd, hello, sizeof(hello)) > 0 ? 1 : 2);
		}
		if (uid != 0) {
			serve_free(stage.serve);
			stage.serve = serve_new(stage.loop, stage.ring, stage.screen, &stage_events, &stage);
			serve_listen(stage.serve, dup(listener));
		}
		while (waitpid(pid, &status, WNOHANG) == 0)
			loop_turn(stage.loop, 20);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), uid == 0 ? 1 : 2);
		close(listener);
	}
	unlink(address.sun_path);
	rmdir(dir);
	stage_finish(&stage);
}

/* A socket that clients come to. */
struct door {
	char dir[32];
	struct sockaddr_un address;
};

static void door_open(struct door *door, struct stage *stage)
{
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	*door = (struct door){ .dir = "/tmp/paddock-serve.XXXXXX", .address.sun_family = AF_UNIX };
	assert_non_null(mkdtemp(door->dir));
	snprintf(door->address.sun_path, sizeof(door->address.sun_path), "%s/s", door->dir);
	assert_int_equal(bind(listener, (const struct sockaddr *)&door->address, sizeof(door->address)), 0);
	assert_int_equal(listen(listener, 128), 0);
	serve_listen(stage->serve, listener);
}

static void door_close(const struct door *door)
{
	unlink(door->address.sun_path);
	rmdir(door->dir);
}

static int knock(const struct door *door)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (const struct sockaddr *)&door->address, sizeof(door->address)), 0);
	return fd;
}

static bool is_greeted(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT) == 1 && byte == FRAME_HELLO;
}

/* As an administrator who looks into a user's VM. */
static void root_is_served_by_a_keeper_of_anybody(void **state)
{
	(void)state;
	struct stage stage;
	struct door door;

	if (geteuid() != 0)
		skip();
	stage_init(&stage);
	door_open(&door, &stage);
	int fd = knock(&door);
	assert_int_equal(seteuid(65534), 0);
	loop_turn(stage.loop, 0);
	assert_int_equal(seteuid(0), 0);
	assert_true(is_greeted(fd));
	close(fd);
	door_close(&door);
	stage_finish(&stage);
}

/* Nobody is looked at in vain until a descriptor is free again; then who waited is served. */
static void without_descriptors_a_newcomer_waits(void **state)
{
	(void)state;
	struct stage stage;
	struct door door;
	struct peer first, second;
	struct rlimit before, tight;

	stage_init(&stage);
	door_open(&door, &stage);
	join(&stage, &first, "watch");
	join(&stage, &second, NULL);
	settle(&stage, &first, &second);
	int fd = knock(&door);

	getrlimit(RLIMIT_NOFILE, &before);
	tight = (struct rlimit){ .rlim_cur = (rlim_t)fd + 1, .rlim_max = before.rlim_max };
	setrlimit(RLIMIT_NOFILE, &tight);
	uint64_t begin = loop_now();
	loop_turn(stage.loop, 0);
	loop_turn(stage.loop, 30);	/* waits: it is not told again */
	assert_true(loop_now() - begin >= 25);
	peer_finish(&second);
	for (int i = 0; i < 10; i++)
		loop_turn(stage.loop, 10);
	assert_true(is_greeted(fd));
	setrlimit(RLIMIT_NOFILE, &before);
	close(fd);
	peer_finish(&first);
	door_close(&door);
	stage_finish(&stage);
}

/* The whole system may be short of them: there is no client then whose end would tell that it is over. */
static void when_a_shortage_is_over_who_waited_is_served_though_nobody_left(void **state)
{
	(void)state;
	struct stage stage;
	struct door door;
	struct rlimit before, tight;

	stage_init(&stage);
	door_open(&door, &stage);
	int fd = knock(&door);

	getrlimit(RLIMIT_NOFILE, &before);
	tight = (struct rlimit){ .rlim_cur = (rlim_t)fd + 1, .rlim_max = before.rlim_max };
	setrlimit(RLIMIT_NOFILE, &tight);
	loop_turn(stage.loop, 0);
	setrlimit(RLIMIT_NOFILE, &before);
	assert_false(is_greeted(fd));
	uint64_t deadline = loop_now() + 15000;
	while (!is_greeted(fd)) {
		assert_true(loop_now() < deadline);
		loop_turn(stage.loop, 50);
	}
	close(fd);
	door_close(&door);
	stage_finish(&stage);
}

static void one_client_too_many_is_told_so(void **state)
{
	(void)state;
	struct stage stage;
	struct door door;
	struct frame_reader in;
	struct frame frame;
	struct message message;
	size_t room;
	int fds[65];

	stage_init(&stage);
	door_open(&door, &stage);
	for (int i = 0; i < 65; i++)
		fds[i] = knock(&door);
	for (int i = 0; i < 65; i++)
		loop_turn(stage.loop, 0);
	frame_reader_init(&in, FRAME_MAX);
	void *at = frame_reader_room(&in, &room);
	frame_reader_added(&in, (size_t)recv(fds[64], at, room, MSG_DONTWAIT));
	assert_int_equal(frame_next(&in, &frame), FRAME_READY);
	assert_int_equal(frame.type, FRAME_HELLO);
	assert_true(message_read(&frame, &message));
	assert_non_null(strstr(message.error, "too many clients"));
	assert_int_equal(recv(fds[64], at, 1, MSG_DONTWAIT), 0);
	assert_true(is_greeted(fds[63]));
	message_finish(&message);
	frame_reader_finish(&in);
	for (int i = 0; i < 65; i++)
		close(fds[i]);
	door_close(&door);
	stage_finish(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_may_type_but_who_only_reads),
		cmocka_unit_test(the_keeper_answers_the_guest_watched_or_not),
		cmocka_unit_test(an_answer_is_not_cut_off),
		cmocka_unit_test(an_answer_that_would_wait_behind_typing_is_lost),
		cmocka_unit_test(the_screen_has_the_size_of_who_typed_last),
		cmocka_unit_test(what_a_guest_does_not_read_waits_in_a_window),
		cmocka_unit_test(who_types_more_than_the_window_is_closed),
		cmocka_unit_test(two_who_type_at_a_guest_that_reads_slowly_are_not_mixed_up),
		cmocka_unit_test(unknown_frames_are_skipped_and_broken_ones_close),
		cmocka_unit_test(a_reply_goes_to_who_asked_and_to_nobody_when_it_is_gone),
		cmocka_unit_test(another_user_is_not_served),
		cmocka_unit_test(root_is_served_by_a_keeper_of_anybody),
		cmocka_unit_test(without_descriptors_a_newcomer_waits),
		cmocka_unit_test(when_a_shortage_is_over_who_waited_is_served_though_nobody_left),
		cmocka_unit_test(one_client_too_many_is_told_so),
	};

	return cmocka_run_group_tests_name("what a keeper's clients say", tests, NULL, NULL);
}
