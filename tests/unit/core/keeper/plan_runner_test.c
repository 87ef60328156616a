/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/path.h"
#include "core/keeper/run/last_run.h"
#include "core/keeper/run/lock.h"
#include "fake/vm_rig.h"
#include "persist/records.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* A shell script in the rig's home; the caller's. */
static char *script(const struct rig *rig, const char *name, const char *text)
{
	char *path = rig_path(rig, name);
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fprintf(file, "#!/bin/sh\n%s\n", text);
	fclose(file);
	chmod(path, 0755);
	return path;
}

static struct plan_step *disk_step(struct rig *rig, const char *name, const char *program)
{
	char *path = rig_path(rig, name);
	struct plan_step *step = rig_step(rig, STEP_CREATE_DISK, path);

	step->what = mem_printf("creating disk %s", name);
	strv_add(&step->argv, program);
	strv_add(&step->argv, "create");
	strv_add(&step->argv, path);
	strv_add(&step->argv, "1M");
	free(path);
	return step;
}

static unsigned mode_of(const struct rig *rig, const char *name)
{
	char *path = rig_path(rig, name);
	struct stat st = { .st_mode = 0 };

	assert_int_equal(stat(path, &st), 0);
	free(path);
	return st.st_mode & 07777;
}

static void steps_are_carried_out_in_order_and_told(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	char *dir = rig_path(rig, "a");
	char *odd = mem_printf("%s/../st", dir);	/* as written: both are made */
	struct plan_step *step = rig_step(rig, STEP_MKDIR, odd);
	step->mode = 0700;
	step->what = mem_strdup("making st");
	char *file = rig_path(rig, "st/mac-addr");
	step = rig_step(rig, STEP_WRITE, file);
	step->mode = 0640;
	step->bytes = mem_strndup("52:54:00", 9);
	step->bytes_len = 9;		/* with its NUL */
	step->what = mem_strdup("writing mac-addr");
	char *img = script(rig, "img", "echo qcow > \"$2\"; echo formatting; echo warning >&2");
	disk_step(rig, "st/disk.img", img);
	char *iso = rig_path(rig, "st/data.iso");
	step = rig_step(rig, STEP_METADATA_ISO, iso);
	step->bytes = mem_strdup("hello");
	step->bytes_len = 5;
	char *vars = rig_path(rig, "st/vars.fd");
	step = rig_step(rig, STEP_COPY_VARS, vars);
	step->from = mem_strdup(img);

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	assert_string_equal(seen.step.text, "creating disk st/disk.img\n");
	assert_true(rig_has(rig, "a") && rig_has(rig, "st/disk.img") && rig_has(rig, "st/data.iso"));
	assert_int_equal(mode_of(rig, "st"), 0700);
	assert_int_equal(mode_of(rig, "st/mac-addr"), 0640);
	assert_int_equal(mode_of(rig, "st/disk.img"), 0600);	/* the keeper's umask */
	assert_int_equal(mode_of(rig, "st/data.iso"), 0600);
	char buf[16];
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(fd, buf, sizeof(buf)), 9);
	assert_memory_equal(buf, "52:54:00", 9);
	close(fd);
	struct stat a, b;
	assert_true(stat(img, &a) == 0 && stat(vars, &b) == 0 && a.st_size == b.st_size);
	rig_run_ends(rig, &seen);
	free(dir);
	free(odd);
	free(file);
	free(img);
	free(iso);
	free(vars);
}

static void variables_are_copied_byte_by_byte_holes_and_all(void **state)
{
	static const struct { off_t at; size_t size; } templates[] = {
		{ 0, 1 }, { 65535, 65536 }, { 65536, 65537 }, { 70000, 300000 }, { 200000, 200001 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++) {
		struct rig rig;
		struct seen seen;
		char *whole = calloc(1, templates[i].size), *copy = calloc(1, templates[i].size + 1);

		rig_init(&rig);
		char *from = rig_path(&rig, "template.fd"), *vars = rig_path(&rig, "vars.fd");
		whole[templates[i].at] = 'v';
		int fd = open(from, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		assert_int_equal(write(fd, whole, templates[i].size), templates[i].size);
		close(fd);
		rig_step(&rig, STEP_COPY_VARS, vars)->from = mem_strdup(from);
		rig_launch(&rig, &seen, ROLE_CONSOLE);
		until(&rig, seen.state.phase == VM_RUNNING);
		fd = open(vars, O_RDONLY | O_CLOEXEC);
		assert_int_equal(read(fd, copy, templates[i].size + 1), templates[i].size);
		assert_memory_equal(copy, whole, templates[i].size);
		close(fd);
		rig_run_ends(&rig, &seen);
		free(whole);
		free(copy);
		free(from);
		free(vars);
		rig_finish(&rig);
	}
}

static void what_exists_by_now_is_not_made_again(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	char *img = script(rig, "img", "echo overwritten > \"$2\"");
	free(script(rig, "disk.img", "precious"));
	free(script(rig, "vars.fd", "precious"));
	disk_step(rig, "disk.img", img);
	char *vars = rig_path(rig, "vars.fd");
	rig_step(rig, STEP_COPY_VARS, vars)->from = mem_strdup("/dev/null");
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	char *disk = rig_path(rig, "disk.img"), text[64] = "";
	FILE *file = fopen(disk, "re");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	assert_string_equal(text, "#!/bin/sh\nprecious\n");
	fclose(file);
	free(disk);
	struct stat st;
	assert_true(stat(vars, &st) == 0 && st.st_size > 0);
	rig_run_ends(rig, &seen);
	free(img);
	free(vars);
}

static void a_disk_that_cannot_be_made_stops_the_start_with_qemu_imgs_words(void **state)
{
	(void)state;
	static const struct { const char *script, *says; } cases[] = {
		{ "echo half > \"$2\"; echo first >&2; echo 'img: no space for you' >&2; exit 1", "img: no space for you" },
		{ "exit 3", "img: exit status 3" },
		{ "kill -9 $$", "img: signal 9" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig rig;
		struct seen seen;
		struct last_run run;

		rig_init(&rig);
		char *img = script(&rig, "img", cases[i].script);
		disk_step(&rig, "disk.img", img);
		rig_launch(&rig, &seen, ROLE_CONSOLE);
		until(&rig, seen.ended);
		assert_false(seen.end.started);
		assert_non_null(strstr(seen.error, cases[i].says));
		assert_non_null(strstr(seen.error, "disk.img"));
		assert_false(rig_has(&rig, "disk.img"));
		assert_false(rig_sees(&seen, "ready"));
		assert_true(last_run_read(records_on_files(), rig.state, &run));
		assert_false(run.ran);
		assert_string_equal(run.error, seen.error);
		rig_close(&seen);
		free(img);
		rig_finish(&rig);
	}
}

/* As qemu-img does it: a user may keep the disks elsewhere. */
static void a_disk_is_made_where_a_link_leads(void **state)
{
	(void)state;
	for (int fails = 0; fails < 2; fails++) {
		struct rig rig;
		struct seen seen;
		struct stat st;

		rig_init(&rig);
		char *img = script(&rig, "img", fails ? "echo half > \"$2\"; exit 1" : "echo made > \"$2\"");
		char *link = rig_path(&rig, "disk.img");
		assert_int_equal(symlink("elsewhere.img", link), 0);
		disk_step(&rig, "disk.img", img);
		rig_launch(&rig, &seen, ROLE_CONSOLE);
		until(&rig, fails ? seen.ended : seen.state.phase == VM_RUNNING);
		assert_int_equal(rig_has(&rig, "elsewhere.img"), !fails);
		assert_true(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
		if (fails)
			rig_close(&seen);
		else
			rig_run_ends(&rig, &seen);
		free(link);
		free(img);
		rig_finish(&rig);
	}
}

/* Or a qemu-img that hangs for ever would keep the VM locked. */
static void only_qemu_inherits_the_lock(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	char *img = script(rig, "img", "ls -l /proc/$$/fd > \"$2\"");
	disk_step(rig, "disk.img", img);
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	char *path = rig_path(rig, "disk.img");
	FILE *file = fopen(path, "re");
	char text[4096];
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	assert_non_null(strstr(text, "/dev/null"));
	assert_null(strstr(text, "lock"));
	rig_run_ends(rig, &seen);
	free(img);
	free(path);
}

/* Whether the keeper's only child is there and holds such a file. */
static bool child_holds(pid_t keeper, const char *text, bool *found)
{
	char path[128], target[256];
	pid_t child = 0;

	*found = rig_children(keeper, &child, 1) > 0;
	for (int fd = 0; *found && fd < 256; fd++) {
		snprintf(path, sizeof(path), "/proc/%ld/fd/%d", (long)child, fd);

		ssize_t n = readlink(path, target, sizeof(target) - 1);

		target[n > 0 ? n : 0] = '\0';
		if (strstr(target, text))
			return true;
	}
	return false;
}

/* As a file on a dead server does: here a pipe that nobody writes to. */
static void a_copy_that_hangs_stops_neither_the_keeper_nor_the_next_start(void **state)
{
	struct rig *rig = *state;
	struct seen seen, other;
	bool found = false;
	pid_t keeper;

	char *pipe = rig_path(rig, "pipe"), *vars = rig_path(rig, "vars.fd");
	assert_int_equal(mkfifo(pipe, 0600), 0);
	struct plan_step *step = rig_step(rig, STEP_COPY_VARS, vars);
	step->from = mem_strdup(pipe);
	step->what = mem_strdup("copying");
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.steps == 1);
	rig_attach(rig, &other, ROLE_WATCH);
	until(rig, other.steps == 1);
	assert_true(rig_entry(&keeper));
	/* It has only begun: what it holds is known once it has come to the pipe. */
	until(rig, !child_holds(keeper, "lock", &found));
	keeper_command(other.client, KEEPER_KILL);
	until(rig, seen.ended && other.ended);
	assert_string_equal(seen.reason, "cancelled");
	assert_false(rig_has(rig, "vars.fd"));
	rig_close(&seen);
	rig_close(&other);
	free(pipe);
	free(vars);
}

static void a_copy_that_was_cancelled_leaves_nothing(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	char *pipe = rig_path(rig, "pipe"), *vars = rig_path(rig, "vars.fd");
	assert_int_equal(mkfifo(pipe, 0600), 0);
	int hold = open(pipe, O_RDWR | O_CLOEXEC);
	assert_int_equal(write(hold, "half", 4), 4);
	struct plan_step *step = rig_step(rig, STEP_COPY_VARS, vars);
	step->from = mem_strdup(pipe);
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, rig_has(rig, ".paddock-vars.fd"));
	keeper_command(seen.client, KEEPER_KILL);
	until(rig, seen.ended);
	assert_false(rig_has(rig, ".paddock-vars.fd"));
	assert_false(rig_has(rig, "vars.fd"));
	rig_close(&seen);
	close(hold);
	free(pipe);
	free(vars);
}

static void a_copy_goes_with_a_killed_keeper(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	bool found = false;
	pid_t keeper, child = 0;

	char *pipe = rig_path(rig, "pipe"), *vars = rig_path(rig, "vars.fd");
	assert_int_equal(mkfifo(pipe, 0600), 0);
	rig_step(rig, STEP_COPY_VARS, vars)->from = mem_strdup(pipe);
	rig_launch(rig, &seen, ROLE_CONSOLE);
	/* What it lets go of comes behind what it asks of the kernel. */
	until(rig, rig_entry(&keeper) && !child_holds(keeper, "lock", &found) && found);
	assert_int_equal(rig_children(keeper, &child, 1), 1);
	kill(keeper, SIGKILL);
	until(rig, rig_is_dead(child));
	until(rig, seen.lost);
	rig_close(&seen);
	free(pipe);
	free(vars);
}

static void a_program_that_is_missing_is_named(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	disk_step(rig, "disk.img", "no-such-qemu-img");
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.ended);
	assert_non_null(strstr(seen.error, "no-such-qemu-img"));
	rig_close(&seen);
}

static bool is_unfinished(const struct rig *rig, const char *name)
{
	char *path = rig_path(rig, name);
	bool unfinished = path_is_unfinished(path);

	free(path);
	return unfinished;
}

static void a_start_can_be_cancelled_while_a_disk_is_made(void **state)
{
	(void)state;
	static const enum keeper_command commands[] = { KEEPER_POWERDOWN, KEEPER_QUIT, KEEPER_KILL };

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct rig rig;
		struct seen seen;

		rig_init(&rig);
		char *img = script(&rig, "img", "echo half > \"$2\"; exec sleep 60");
		disk_step(&rig, "disk.img", img);
		rig_launch(&rig, &seen, ROLE_CONSOLE);
		until(&rig, rig_has(&rig, ".paddock-disk.img") && seen.steps == 1);
		assert_true(is_unfinished(&rig, "disk.img"));
		assert_int_equal(seen.state.phase, VM_STARTING);
		keeper_command(seen.client, commands[i]);
		until(&rig, seen.ended);
		assert_false(seen.end.started);
		assert_string_equal(seen.reason, "cancelled");
		assert_false(is_unfinished(&rig, "disk.img") || rig_has(&rig, ".paddock-disk.img"));
		rig_close(&seen);
		free(img);
		rig_finish(&rig);
	}
}

static void expect_text(const struct rig *rig, const char *name, const char *wanted)
{
	char *path = rig_path(rig, name), text[64];
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	assert_string_equal(text, wanted);
	fclose(file);
	free(path);
}

/* Keeper and qemu-img are killed while the disk grows; and the second may outlive the first. */
static void a_disk_is_whole_or_not_there(void **state)
{
	struct rig *rig = *state;
	struct seen first, second;
	pid_t keeper, img_pid = 0;

	char *img = script(rig, "img", "trap '' TERM; echo half > \"$2\"; test -e \"$0.go\" || exec sleep 600; echo whole > \"$2\"");
	disk_step(rig, "disk.img", img);
	rig_launch(rig, &first, ROLE_CONSOLE);
	until(rig, rig_has(rig, ".paddock-disk.img"));
	assert_true(rig_entry(&keeper));
	assert_int_equal(rig_children(keeper, &img_pid, 1), 1);
	kill(keeper, SIGKILL);
	until(rig, first.lost || first.ended);
	assert_true(is_unfinished(rig, "disk.img"));
	rig_close(&first);
	assert_int_equal(kill(img_pid, 0), 0);

	free(script(rig, "img.go", ""));
	rig_launch(rig, &second, ROLE_CONSOLE);
	until(rig, second.steps == 1);
	assert_true(is_unfinished(rig, "disk.img"));
	kill(img_pid, SIGKILL);
	until(rig, second.state.phase == VM_RUNNING);
	expect_text(rig, "disk.img", "whole\n");
	assert_false(is_unfinished(rig, "disk.img"));
	assert_false(rig_has(rig, ".paddock-disk.img") || rig_has(rig, ".paddock-disk.img.making"));
	rig_run_ends(rig, &second);
	free(img);
}

static void put_in_state(const struct rig *rig, const char *name)
{
	char *path = path_join(rig->state, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
	free(path);
}

static bool state_has(const struct rig *rig, const char *name)
{
	char *path = path_join(rig->state, name);
	bool has = access(path, F_OK) == 0;

	free(path);
	return has;
}

static void what_killed_starts_left_in_the_state_directory_goes(void **state)
{
	static const char *const left[] = {
		".paddock-uefi-vars.fd", ".paddock-data.iso", ".paddock-disk1.img", ".paddock-disk1.img.making",
	};
	struct rig *rig = *state;
	struct seen seen;

	assert_int_equal(mkdir(rig->state, 0700), 0);
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		put_in_state(rig, left[i]);
	put_in_state(rig, ".mine");
	put_in_state(rig, ".paddock-disk2.img");
	char *busy = path_join(rig->state, ".paddock-disk2.img.making");
	int lock = lock_take(busy);

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		assert_false(state_has(rig, left[i]));
	/* A qemu-img is still at work on this one. */
	assert_true(state_has(rig, ".paddock-disk2.img") && state_has(rig, ".mine"));
	close(lock);
	free(busy);
	rig_run_ends(rig, &seen);
}

/* Who comes while a disk is made sees that it is. */
static void a_second_client_is_told_the_step_under_way(void **state)
{
	struct rig *rig = *state;
	struct seen first, second;

	char *img = script(rig, "img", "exec sleep 60");
	disk_step(rig, "disk.img", img);
	rig_launch(rig, &first, ROLE_WATCH);
	until(rig, first.steps == 1);
	rig_attach(rig, &second, ROLE_CONSOLE);
	until(rig, second.steps == 1);
	assert_string_equal(second.step.text, "creating disk disk.img\n");
	assert_int_equal(second.state.phase, VM_STARTING);
	keeper_command(second.client, KEEPER_KILL);
	until(rig, first.ended && second.ended);
	rig_close(&first);
	rig_close(&second);
	free(img);
}

static void what_is_typed_while_a_disk_is_made_is_for_the_guest(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	char *img = script(rig, "img", "while [ ! -e \"$0.go\" ]; do sleep 0.01; done; echo made > \"$2\"");
	disk_step(rig, "disk.img", img);
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.steps == 1);
	rig_type(&seen, "early\n");
	keeper_command(seen.client, KEEPER_RESUME);
	until(rig, seen.replies == 1);	/* so what was typed before has arrived */
	free(script(rig, "img.go", ""));
	until(rig, rig_sees(&seen, "early"));
	rig_run_ends(rig, &seen);
	free(img);
}

int main(int argc, char **argv)
{
	int status = rig_keeper(argc, argv);
	const struct CMUnitTest tests[] = {
		rig_test(steps_are_carried_out_in_order_and_told),
		cmocka_unit_test(variables_are_copied_byte_by_byte_holes_and_all),
		rig_test(what_exists_by_now_is_not_made_again),
		cmocka_unit_test(a_disk_that_cannot_be_made_stops_the_start_with_qemu_imgs_words),
		cmocka_unit_test(a_disk_is_made_where_a_link_leads),
		rig_test(only_qemu_inherits_the_lock),
		rig_test(a_copy_that_hangs_stops_neither_the_keeper_nor_the_next_start),
		rig_test(a_copy_that_was_cancelled_leaves_nothing),
		rig_test(a_copy_goes_with_a_killed_keeper),
		rig_test(a_program_that_is_missing_is_named),
		cmocka_unit_test(a_start_can_be_cancelled_while_a_disk_is_made),
		rig_test(a_disk_is_whole_or_not_there),
		rig_test(what_killed_starts_left_in_the_state_directory_goes),
		rig_test(a_second_client_is_told_the_step_under_way),
		rig_test(what_is_typed_while_a_disk_is_made_is_for_the_guest),
	};

	if (status >= 0)
		return status;
	return cmocka_run_group_tests_name("a keeper's steps", tests, NULL, NULL);
}
