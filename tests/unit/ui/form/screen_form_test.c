/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "fake/keepers_impl.h"
#include "fake/store_memory.h"
#include "fake/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <curses.h>

/* The forms, over the small world. */

static void open_on_web(struct fixture *f, int rows, int columns)
{
	open_small_world(f, rows, columns);
	go_to(f, "web");
	press(f, "e");
}

static char *file_of(struct fixture *f, const char *name)
{
	struct error err;

	return f->store->text(f->store, name, &err);
}

static bool file_has(struct fixture *f, const char *name, const char *text)
{
	char *file = file_of(f, name);
	bool has = file && strstr(file, text) != NULL;

	free(file);
	return has;
}

static void a_wrong_value_shows_its_reason_and_is_not_saved(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 30, 100);
	go_to_field(f, "cpus");
	press(f, "0");
	assert_true(sees("! '0' is not a number"));
	go_to_field(f, "description");
	press(f, "C-s");
	assert_true(sees("not saved: cpus"));
	assert_false(file_has(f, "web", "cpus"));
	press(f, "C-u 4 C-s");
	assert_true(sees("saved web"));
	assert_true(file_has(f, "web", "cpus = 4"));
}

/* An untouched field keeps its spelling, and so does the rest of the file. */
static void only_changed_fields_are_written(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 30, 100);
	go_to_field(f, "description");
	press(f, "x C-s");
	assert_true(file_has(f, "web", "description = shop frontx"));
	assert_true(file_has(f, "web", "publish = 8443:443\n"));
}

static void assert_described(struct fixture *f, const char *text)
{
	struct store_revision revision;
	struct vm_config config;
	struct error err;

	vm_config_init(&config, CONFIG_PROFILE);
	assert_true(f->store->load(f->store, "web", &config, &revision, &err));
	assert_string_equal(vm_config_get(&config, SET_DESCRIPTION), text);
	vm_config_finish(&config);
}

static void pasted_text_is_kept_completely(void **state)
{
	struct fixture *f = *state;
	char much[1501] = "";

	open_on_web(f, 30, 100);
	go_to_field(f, "description");
	press(f, "C-u a c Left");
	paste(f, "b\r");
	press(f, "x C-s");
	assert_true(file_has(f, "web", "description = abxc\n"));
	press(f, "e");
	go_to_field(f, "description");
	paste(f, "\r\tend");
	assert_true(sees("9 bytes, e edits"));
	press(f, "C-s");
	assert_described(f, "abxc\n\tend");
	close_world(f);
	open_on_web(f, 30, 100);
	go_to_field(f, "description");
	press(f, "C-u");
	memset(much, 'y', sizeof(much) - 1);
	paste(f, much);
	assert_true(sees("1500 bytes, e edits"));
	press(f, "C-s");
	assert_described(f, much);
}

/* The pasted letters do not choose an entry. */
static void text_pasted_into_a_choice_is_dropped(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 30, 100);
	go_to_field(f, "description");
	press(f, "x");
	go_to_field(f, "arch");
	paste(f, "aarch64");
	press(f, "C-s");
	assert_true(file_has(f, "web", "description = shop frontx"));
	assert_false(file_has(f, "web", "aarch64"));
	press(f, "e");
	go_to_field(f, "arch");
	press(f, "a C-s");
	assert_true(file_has(f, "web", "aarch64"));
}

/* The text that a terminal pastes for a dropped file; in fields that are not paths it stays as it is. */
static void a_dropped_file_becomes_its_path(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 30, 100);
	go_to_field(f, "image");
	press(f, "C-u");
	paste(f, "'/srv/my iso.iso' ");
	press(f, "C-s");
	assert_true(file_has(f, "web", "image = /srv/my iso.iso\n"));
	close_world(f);
	open_on_web(f, 30, 100);
	go_to_field(f, "description");
	press(f, "C-u");
	paste(f, "'it''s'");
	press(f, "C-s");
	assert_true(file_has(f, "web", "description = 'it''s'\n"));
}

static void a_combining_mark_is_not_moved_to_another_letter(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 30, 100);
	go_to_field(f, "description");
	press(f, "C-u a \xcc\x81");
	assert_true(sees("C-o opens the editor"));
	press(f, "b C-s");
	assert_true(file_has(f, "web", "description = ab\n"));
}

static void leaving_asks_only_after_a_change(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 24, 80);
	press(f, "Esc");
	assert_true(sees("Machines"));
	press(f, "e");
	go_to_field(f, "description");
	press(f, "x Esc");
	assert_true(sees("Leave web without saving?"));
	press(f, "Enter");
	assert_true(sees("shop frontx"));
	press(f, "Esc y");
	assert_true(sees("Machines"));
	assert_false(file_has(f, "web", "frontx"));
}

static void a_resize_keeps_the_typed_text_and_the_cursor(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 30, 100);
	go_to_field(f, "description");
	press(f, "C-a a b");
	resize_world(f, 12, 40);
	press(f, "c");
	assert_true(sees("abcshop front"));
	resize_world(f, 30, 100);
	press(f, "d C-s");
	assert_true(file_has(f, "web", "description = abcdshop front"));
}

static void rows_are_added_and_removed(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 30, 100);
	go_to_field(f, "publish");
	press(f, "C-d C-n C-s");
	assert_true(file_has(f, "web", "publish = 8443:443\npublish = 127.0.0.1:8080:80/tcp\n"));
}

static void the_command_tab_marks_changed_arguments(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 30, 100);
	go_to_field(f, "cpus");
	press(f, "3 C-t");
	assert_true(sees("▌ -smp 3"));
	assert_true(sees("  -m 2048"));
	press(f, "C-t");
	assert_true(sees("cpus"));
}

static void a_file_that_has_changed_is_overwritten_only_after_a_question(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 30, 100);
	go_to_field(f, "description");
	press(f, "x");
	store_memory_put(f->store, "web", "[vm]\ndescription = theirs\n[boot]\nimage = /lab/vm/web.qcow2\n");
	press(f, "C-s");
	assert_true(sees("The file has changed since it was read"));
	assert_true(file_has(f, "web", "theirs"));
	press(f, "b");
	assert_true(sees("description = theirs"));
	assert_true(sees("description = shop frontx"));
	/* The question is still open after the text has been read. */
	press(f, "q");
	assert_true(sees("The file has changed since it was read"));
	press(f, "m");
	assert_true(file_has(f, "web", "shop frontx"));
}

static void a_failed_save_loses_nothing(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 30, 100);
	store_memory_fail(f->store, "save", "No space left on device");
	go_to_field(f, "description");
	press(f, "x C-s");
	assert_true(sees("No space left on device"));
	store_memory_fail(f->store, "save", NULL);
	press(f, "Esc C-s");
	assert_true(file_has(f, "web", "shop frontx"));
}

static void a_broken_profile_is_not_opened_in_a_form(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 30, 100);
	go_to(f, "torn");
	press(f, "e");
	assert_true(sees("line 2"));
	assert_true(sees("Open the file in your editor?"));
	press(f, "Enter");
	assert_true(sees_not("Open the file"));
}

/* The store is in memory, so the editor only gets the path that the store reports. */
static void the_file_of_a_profile_can_be_edited_in_an_editor(void **state)
{
	struct fixture *f = *state;
	char *editor = mem_printf("sh -c 'printf \"%%s\" \"$1\" >%s/given; exit 4' editor", f->scratch);
	static const char *const ways[] = { "e y", "E" };

	setenv("VISUAL", editor, 1);
	open_small_world(f, 30, 100);
	for (size_t i = 0; i < 2; i++) {
		char *path = f->store->path(f->store, "torn"), given[200] = "";
		FILE *file;

		go_to(f, "torn");
		press(f, ways[i]);
		assert_true(comes_to_see(f, "the editor ended with exit status 4"));
		file = fopen("given", "r");
		assert_non_null(file);
		assert_non_null(fgets(given, sizeof(given), file));
		assert_string_equal(given, path);
		fclose(file);
		assert_int_equal(unlink("given"), 0);
		free(path);
	}
	press(f, "End E");
	assert_true(sees("only a profile has a file"));
	free(editor);
}

static void a_new_profile_begins_with_its_image(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 30, 100);
	press(f, "/ a l p i n e Enter n");
	assert_true(sees("Name of the new VM"));
	press(f, "Enter");
	assert_true(sees("/lab/vm/alpine.iso"));
	press(f, "C-s");
	assert_true(file_has(f, "alpine", "image = /lab/vm/alpine.iso"));
	assert_true(file_has(f, "alpine", "directory = /lab/vm/alpine-state"));
	assert_true(file_has(f, "alpine", "uuid = "));
}

static void a_name_that_is_taken_is_rejected(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 30, 100);
	press(f, "/ a l p i n e Enter n C-u w e b");
	assert_true(sees("^ a VM named web already exists"));
	/* The typed text stays and can be corrected. */
	press(f, "Enter s Enter");
	assert_true(sees("new webs"));
}

static void the_help_of_a_field_is_shown_completely(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 12, 40);
	assert_true(sees("identity that the guest sees: a UUID,"));
	assert_true(sees("1b4e28ba-2fa1-11d2-883f-0016d3cca427"));
	assert_true(sees("uuid     (generated once)"));
	go_to_field(f, "memory");
	press(f, "x");
	assert_true(sees("memory: '2Gx' is not a size; write a"));
	assert_true(sees("whole number followed by K, M, G or T,"));
	close_world(f);
	/* Each part of a value has its own help. */
	open_small_world(f, 24, 80);
	go_to(f, "db");
	press(f, "e");
	go_to_field(f, "disk");
	press(f, "Tab");
	assert_true(sees("size of a new disk: a number with K, M, G or T"));
	press(f, "Tab");
	assert_true(sees("disk format: qcow2, raw"));
}

static void the_longest_label_is_shown_completely(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 24, 62);
	go_to_field(f, "trust_backing");
	assert_true(sees(" trust_backing (no)"));
}

/* Next to the longest extent, and whatever the name is. */
static void a_change_is_shown_in_the_title_of_the_smallest_form(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 12, 40);
	press(f, "PgDn PgDn");
	assert_true(sees(" web ─ Settings ─"));
	go_to_field(f, "description");
	press(f, "x");
	assert_true(sees(" web ─ Settings (changed) "));
	press(f, "PgDn PgDn");
	assert_true(sees(" web (changed) ─"));
	assert_true(sees(" 12-17 of 45 "));
	close_world(f);
	open_small_world(f, 12, 40);
	press(f, "n C-u a - v e r y - l o n g - n a m e - o f - a - m a c h i n e Enter");
	assert_true(sees("new a-very-long-name-of… "));
	go_to_field(f, "description");
	press(f, "x");
	assert_true(sees("… (changed) "));
	assert_true(sees(" 1-6 of "));
}

static void add_a_disk(struct fixture *f)
{
	open_on_web(f, 30, 100);
	go_to_field(f, "+disk");
	press(f, "Enter");
	assert_true(sees("disk file"));
}

static void a_disk_can_be_typed_as_its_help_shows_it(void **state)
{
	struct fixture *f = *state;
	static const char *const ways[] = {
		"C-u d . i m g Tab C-u 8 G Tab q c o w 2 Tab n v m e C-s",
		"C-u d . i m g Tab C-u 8 G Tab v d i q Tab v i n v m e C-s",
		"C-u d . i m g , s i z e = 8 G , f o r m a t = q c o w 2 , b u s = n v m e C-s",
		"C-u d . i m g , b u s = n v m e Tab C-u s i z e = 8 G Tab Tab C-s",
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		add_a_disk(f);
		press(f, ways[i]);
		assert_true(file_has(f, "web", "disk = d.img,size=8G,format=qcow2,bus=nvme\n"));
		close_world(f);
	}
}

/* The current row is visible, and no line is left empty. */
static void a_resize_shows_the_field_and_fills_the_screen(void **state)
{
	struct fixture *f = *state;
	static const int sizes[][2] = { { 12, 40 }, { 40, 160 }, { 24, 80 }, { 14, 60 }, { 36, 80 } };

	open_on_web(f, 30, 100);
	press(f, "PgDn PgDn PgDn PgDn");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int row, column, count = 0;

		resize_world(f, sizes[i][0], sizes[i][1]);
		getyx(newscr, row, column);
		assert_true(column > 1);
		assert_true(row > 0 && row < sizes[i][0] - 1);
		for (int line = 1; line < sizes[i][0] - 7; line++) {
			char text[400] = "";

			mvwinnstr(newscr, line + 1, 1, text, sizes[i][1] - 3);
			count += strspn(text, " ") == strlen(text);
		}
		assert_int_equal(count, 0);
		wmove(newscr, row, column);
	}
}

static void a_long_argument_of_the_command_tab_is_shown_completely(void **state)
{
	struct fixture *f = *state;

	open_on_web(f, 12, 40);
	press(f, "C-t End");
	assert_true(sees("-mon"));
	press(f, "Up Up");
	assert_true(sees("hostfwd=tcp::8443-:443"));
	assert_true(sees("C-t back to the settings"));
}

static void a_world_with_twins(struct store *store)
{
	a_small_world(store);
	store_memory_put(store, "zwei", "[boot]\nimage = /lab/vm/zwei.img\n[network]\nmac = 52-54-00-12-34-56\n");
}

static void a_mac_address_of_another_vm_gives_a_warning(void **state)
{
	struct fixture *f = *state;

	open_world(f, 50, 160, "xterm", "C.UTF-8", a_world_with_twins);
	go_to(f, "web");
	press(f, "e");
	assert_true(sees("52:54:00:12:34:56 is also used by zwei"));
	/* A warning does not prevent saving. */
	go_to_field(f, "description");
	press(f, "x C-s");
	assert_true(sees("saved web; warning: 52:54:00:12:34:56 is also used by zwei"));
	store_memory_put(f->store, "zwei", NULL);
	press(f, "e");
	assert_true(sees_not("is also used by zwei"));
}

/* Edits the description of web with this command; then the screen shows the message, or the text in its field. */
static void edit_with(struct fixture *f, const char *command, const char *seen)
{
	setenv("VISUAL", command, 1);
	open_on_web(f, 30, 100);
	go_to_field(f, "description");
	press(f, "C-o");
	assert_true(comes_to_see(f, seen));
	close_world(f);
}

/* The shell runs the command, so it can have options, even with a ";" in them. */
static void a_value_can_be_edited_in_an_editor(void **state)
{
	struct fixture *f = *state;

	edit_with(f, "sh -c 'printf \"shop; back\\n\" >\"$1\"' editor", "shop; back");
	edit_with(f, "sh -c 'exit 3' editor", "exit status 3: nothing was changed");
	edit_with(f, "head -c 70000 /dev/zero >", "64 KiB: nothing was changed");
	edit_with(f, "head -c 7 /dev/zero >", "zero byte: nothing was changed");
	edit_with(f, "rm", "No such file or directory: nothing was changed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(a_wrong_value_shows_its_reason_and_is_not_saved),
		world_test(only_changed_fields_are_written),
		world_test(pasted_text_is_kept_completely),
		world_test(text_pasted_into_a_choice_is_dropped),
		world_test(a_dropped_file_becomes_its_path),
		world_test(a_combining_mark_is_not_moved_to_another_letter),
		world_test(leaving_asks_only_after_a_change),
		world_test(a_resize_keeps_the_typed_text_and_the_cursor),
		world_test(rows_are_added_and_removed),
		world_test(the_command_tab_marks_changed_arguments),
		world_test(a_file_that_has_changed_is_overwritten_only_after_a_question),
		world_test(a_failed_save_loses_nothing),
		world_test(a_broken_profile_is_not_opened_in_a_form),
		world_scratch_test(the_file_of_a_profile_can_be_edited_in_an_editor),
		world_test(a_new_profile_begins_with_its_image),
		world_test(a_name_that_is_taken_is_rejected),
		world_test(the_help_of_a_field_is_shown_completely),
		world_test(the_longest_label_is_shown_completely),
		world_test(a_change_is_shown_in_the_title_of_the_smallest_form),
		world_test(a_disk_can_be_typed_as_its_help_shows_it),
		world_test(a_resize_shows_the_field_and_fills_the_screen),
		world_test(a_long_argument_of_the_command_tab_is_shown_completely),
		world_test(a_mac_address_of_another_vm_gives_a_warning),
		world_test(a_value_can_be_edited_in_an_editor),
	};

	return cmocka_run_group_tests_name("screen form", tests, NULL, NULL);
}
