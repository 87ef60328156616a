/* SPDX-License-Identifier: MIT */
/* The Log tab. */
#include "core/base/alloc.h"
#include "core/base/path.h"
#include "fake/keepers_impl.h"
#include "fake/scratch.h"
#include "fake/store_memory.h"
#include "fake/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A profile whose state directory is in the directory of the test. */
static void a_logged_world(struct store *store)
{
	char *here = path_absolute("state");
	char *ini = mem_printf("[vm]\narch = x86_64\naccel = tcg\n[boot]\nimage = /lab/vm/web.qcow2\n[state]\ndirectory = %s\n",
	                       here);

	store_memory_add_directory(store, "/lab/vm");
	store_memory_put(store, "web", ini);
	store_memory_add_item(store, "/lab/vm/web.qcow2", BOOT_DISK, 1288490188);
	free(ini);
	free(here);
}

static void put(const char *name, const char *text)
{
	scratch_put(name, text, strlen(text), 0);
}

static void put_logs(void)
{
	FILE *log;

	put("state/console.1.log", "an older boot\r\nand its last line\r\n");
	put("state/console.times", "0 1700000000000\n300 1700000060000\n500 1700003600000\n");
	log = fopen("state/console.log", "we");
	assert_non_null(log);
	for (int i = 1; i <= 40; i++)
		fprintf(log, "[%8d.000] \033[1mdevice%d\033[0m%s\r\n", i, i, i % 10 == 4 ? ": error 5, a long line that does not fit" : ": ok");
	fprintf(log, "login: ");
	fclose(log);
}

static void open_log(struct fixture *f, int rows, int columns, const char *locale)
{
	setenv("TZ", "UTC", 1);
	put_logs();
	open_world(f, rows, columns, "xterm", locale, a_logged_world);
	go_to(f, "web");
	press(f, "5");
}

/* Lets the searches come to their end. */
static void settle(struct fixture *f)
{
	for (int i = 0; i < 10; i++)
		turn(f);
}

static void type(struct fixture *f, const char *keys)
{
	press(f, keys);
	settle(f);
}

static const struct { int rows, columns; const char *locale, *name; } sizes[] = {
	{ 30, 100, "C.UTF-8", "100x30" }, { 24, 80, "C.UTF-8", "80x24" }, { 12, 40, "C.UTF-8", "40x12" }, { 24, 80, "C", "ascii" },
};

static const struct { const char *name, *keys; } scenes[] = {
	{ "end", "" },
	{ "search", "/ e r r o r Enter n" },
	{ "typing", "/ D E V" },
	{ "filter", "& e r r . r Enter t" },
	{ "older", "[" },
};

static void the_log_is_drawn_at_every_size(void **state)
{
	struct fixture *f = *state;

	for (size_t scene = 0; scene < sizeof(scenes) / sizeof(scenes[0]); scene++)
		for (size_t size = 0; size < sizeof(sizes) / sizeof(sizes[0]); size++) {
			char *name = mem_printf("log/%s-%s", scenes[scene].name, sizes[size].name);

			open_log(f, sizes[size].rows, sizes[size].columns, sizes[size].locale);
			type(f, scenes[scene].keys);
			assert_int_equal(chdir(f->back), 0);
			hold_against_golden(name);
			assert_int_equal(chdir(f->scratch), 0);
			close_world(f);
			free(name);
		}
}

static void what_the_guest_adds_is_followed(void **state)
{
	struct fixture *f = *state;
	FILE *log;

	open_log(f, 24, 80, "C.UTF-8");
	assert_true(sees("login:"));
	log = fopen("state/console.log", "ae");
	assert_non_null(log);
	fprintf(log, "root\r\nlast login: never\r\n");
	fclose(log);
	assert_true(comes_to_see(f, "last login: never"));
	type(f, "g f");
	assert_true(sees("last login: never"));
	type(f, "f");
	log = fopen("state/console.log", "ae");
	assert_non_null(log);
	for (int i = 0; i < 30; i++)
		fprintf(log, "more\r\n");
	fclose(log);
	type(f, "Down Up");
	assert_true(sees_not("more"));
	type(f, "G");
	assert_true(sees("more"));
}

static void a_first_log_appears_by_itself(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(mkdir("state", 0700), 0);
	open_world(f, 24, 80, "xterm", "C.UTF-8", a_logged_world);
	go_to(f, "web");
	press(f, "5");
	assert_true(sees("no console.log yet"));
	press(f, "/ n t s [");
	put("state/console.log", "the first line\n");
	assert_true(comes_to_see(f, "the first line"));
}

static void assert_file(const char *path, const char *text)
{
	char got[4096] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_true(read(fd, got, sizeof(got) - 1) >= 0);
	assert_string_equal(got, text);
	close(fd);
}

/* The proposed name is deleted first. */
static void save_as(struct fixture *f, const char *name)
{
	press(f, "s");
	for (int i = 0; i < 200; i++)
		press(f, "Backspace");
	press(f, name);
	type(f, "Enter");
}

/* What is saved are the lines that are shown, and no file is replaced without a question. */
static void lines_are_saved_but_not_over_a_file(void **state)
{
	static const char wanted[] = "[      24.000] device24: error 5, a long line that does not fit\n";
	struct fixture *f = *state;

	open_log(f, 24, 80, "C.UTF-8");
	put("x", "precious");
	type(f, "& i c e 2 4 Enter");
	save_as(f, "x");
	assert_true(sees("x exists. Replace it?"));
	type(f, "n");
	assert_file("x", "precious");
	save_as(f, "y");
	assert_true(sees("1 line saved in y"));
	assert_file("y", wanted);
	save_as(f, "x");
	type(f, "y");
	assert_file("x", wanted);
}

static void keys_of_the_log_go_back_one_by_one(void **state)
{
	struct fixture *f = *state;

	open_log(f, 24, 80, "C.UTF-8");
	type(f, "& e r r o r Enter / 2 4 Enter");
	assert_true(sees("1 of 1 /24"));
	assert_true(sees("4 lines &error"));
	type(f, "Esc");
	assert_true(sees_not("/24"));
	assert_true(sees("4 lines &error"));
	type(f, "Esc");
	assert_true(sees_not("&error"));
	assert_true(sees("login:"));
	type(f, "Esc /");
	assert_true(sees("letters of a name"));
}

static void the_last_boot_and_the_oldest_are_the_ends(void **state)
{
	struct fixture *f = *state;

	open_log(f, 24, 80, "C.UTF-8");
	type(f, "]");
	assert_true(sees("this is the log of the last boot"));
	type(f, "[");
	assert_true(sees("an older boot"));
	assert_true(sees("1 boot ago"));
	type(f, "[");
	assert_true(sees("no log of an older boot is kept"));
	assert_true(sees("an older boot"));
	type(f, "]");
	assert_true(sees("login:"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_scratch_test(the_log_is_drawn_at_every_size),
		world_scratch_test(what_the_guest_adds_is_followed),
		world_scratch_test(a_first_log_appears_by_itself),
		world_scratch_test(lines_are_saved_but_not_over_a_file),
		world_scratch_test(keys_of_the_log_go_back_one_by_one),
		world_scratch_test(the_last_boot_and_the_oldest_are_the_ends),
	};

	return cmocka_run_group_tests_name("screen log", tests, NULL, NULL);
}
