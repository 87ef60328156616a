/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/vm/store.h"
#include "fake/store_home.h"
#include "persist/atomic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void save(const struct home *home, const char *name, enum vm_setting setting, const char *value)
{
	struct vm_config config = store_home_named(name);
	struct store_revision revision;
	struct error err;

	home->store->load(home->store, name, &config, &revision, &err);
	vm_config_set(&config, setting, value);
	if (home->store->save(home->store, &config, NULL, NULL, &err) != STORE_OK)
		fail_msg("%s", err.text);
	vm_config_finish(&config);
}

/* "1: / 2: memory /": the numbers, what was changed, and "bad" for what cannot be parsed. */
static void assert_history(const struct home *home, const char *name, const char *wanted)
{
	struct revision_list list;
	struct error err;
	struct str text;

	str_init(&text);
	assert_true(home->store->revisions(home->store, name, &list, &err));
	for (size_t i = 0; i < list.count; i++) {
		const struct revision_item *item = &list.items[i];

		str_addf(&text, "%u:%s%s / ", item->number, item->changes ? item->changes : "-", item->readable ? "" : " bad");
		assert_true(item->when > 0);
	}
	assert_string_equal(text.text, wanted);
	str_finish(&text);
	revision_list_finish(&list);
}

static void assert_text(const struct home *home, const char *name, const char *wanted)
{
	struct error err;
	char *text = home->store->text(home->store, name, &err);

	if (!text)
		fail_msg("%s", err.text);
	assert_string_equal(text, wanted);
	free(text);
}

static void each_text_is_kept_once(void **state)
{
	struct home *home = *state;
	struct error err;
	unsigned number;

	save(home, "web", SET_MEMORY, "64M");
	save(home, "web", SET_MEMORY, "64M");
	save(home, "web", SET_MEMORY, "96M");
	save(home, "web", SET_CPUS, "2");
	assert_history(home, "web", "1:- / 2:memory / 3:cpus / ");
	assert_true(home->store->keep(home->store, "web", &number, &err));
	assert_int_equal(number, 3);
	assert_history(home, "web", "1:- / 2:memory / 3:cpus / ");
	assert_history(home, "none", "");
}

static void what_an_editor_wrote_is_kept_before_it_is_replaced(void **state)
{
	struct home *home = *state;
	struct error err;
	unsigned number;

	store_home_put(home, "web", "# mine\n[vm]\nmemory = 1G\n");
	save(home, "web", SET_MEMORY, "2G");
	store_home_put(home, "web", "# ours\n[vm]\nmemory = 2G\n");
	assert_true(home->store->keep(home->store, "web", &number, &err));
	assert_int_equal(number, 3);
	store_home_put(home, "web", "[vm\n");
	assert_true(home->store->keep(home->store, "web", NULL, &err));
	assert_history(home, "web", "1:- / 2:memory / 3: / 4:- bad / ");

	char *text = home->store->revision_text(home->store, "web", 1, &err);
	assert_string_equal(text, "# mine\n[vm]\nmemory = 1G\n");
	free(text);
}

static void twenty_earlier_texts_are_kept(void **state)
{
	struct home *home = *state;
	struct revision_list list;
	struct error err;
	char memory[16];

	for (int i = 0; i < 50; i++) {
		snprintf(memory, sizeof(memory), "%dM", 64 + i);
		save(home, "web", SET_MEMORY, memory);
	}
	assert_true(home->store->revisions(home->store, "web", &list, &err));
	assert_int_equal(list.count, 21);
	assert_int_equal(list.items[0].number, 30);
	assert_int_equal(list.items[20].number, 50);
	assert_null(home->store->revision_text(home->store, "web", 29, &err));
	assert_string_equal(err.text, "web has no revision 29; see paddock history web");
	revision_list_finish(&list);
}

static void a_revision_is_restored_as_it_was(void **state)
{
	struct home *home = *state;
	struct error err;

	store_home_put(home, "web", "; odd\n[vm]\ncolour = green\n");
	save(home, "web", SET_MEMORY, "64M");
	assert_history(home, "web", "1:- / 2:memory / ");
	assert_true(home->store->restore(home->store, "web", 1, &err));
	assert_text(home, "web", "; odd\n[vm]\ncolour = green\n");
	assert_history(home, "web", "1:- / 2:memory / 3:memory / ");
	assert_false(home->store->restore(home->store, "web", 9, &err));
	assert_string_equal(err.text, "web has no revision 9; see paddock history web");
}

static void a_deleted_profile_can_be_restored(void **state)
{
	struct home *home = *state;
	struct error err;

	store_home_put(home, "web", "# by hand\n");
	assert_true(home->store->discard(home->store, "web", NULL, NULL, &err));
	assert_true(home->store->restore(home->store, "web", 1, &err));
	assert_text(home, "web", "# by hand\n");
	assert_history(home, "web", "1:- / ");
}

static void the_history_goes_along_with_a_new_name(void **state)
{
	struct home *home = *state;
	struct error err;

	save(home, "web", SET_MEMORY, "64M");
	assert_true(home->store->rename(home->store, "web", "shop", &err));
	save(home, "shop", SET_CPUS, "2");
	assert_history(home, "web", "");
	assert_history(home, "shop", "1:- / 2:cpus / ");

	/* One that was deleted had this name: its revisions stay first. */
	save(home, "old", SET_MEMORY, "1G");
	assert_true(home->store->discard(home->store, "old", NULL, NULL, &err));
	assert_true(home->store->rename(home->store, "shop", "old", &err));
	assert_history(home, "old", "1:- / 2:memory / 3:cpus / ");
}

static void nothing_is_replaced_that_cannot_be_kept(void **state)
{
	struct home *home = *state;
	struct vm_config config = store_home_named("web");
	char *place = mem_printf("%s/.local/state/paddock/history", home->path);
	struct error err;

	store_home_put(home, "web", "# by hand\n");
	assert_true(path_make_dirs(place, 0700, &err));
	assert_int_equal(chmod(place, 0777), 0);
	vm_config_set(&config, SET_MEMORY, "64M");
	assert_int_equal(home->store->save(home->store, &config, NULL, NULL, &err), STORE_FAILED);
	assert_non_null(strstr(err.text, "cannot keep the earlier text of web: other users can write to "));
	assert_false(home->store->discard(home->store, "web", NULL, NULL, &err));
	assert_text(home, "web", "# by hand\n");
	vm_config_finish(&config);
	free(place);
}

static void only_the_owner_reads_the_history(void **state)
{
	struct home *home = *state;
	struct stat st;
	char path[256];

	save(home, "web", SET_MEMORY, "64M");
	snprintf(path, sizeof(path), "%s/.local/state/paddock/history", home->path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	snprintf(path, sizeof(path), "%s/.local/state/paddock/history/web/1.ini", home->path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void files_that_are_no_revisions_are_ignored(void **state)
{
	struct home *home = *state;
	char path[256];
	struct error err;

	save(home, "web", SET_MEMORY, "64M");
	for (int i = 0; i < 5; i++) {
		static const char *const names[] = { "x.ini", "01.ini", "4294967295.ini", "-3.ini", "2" };

		snprintf(path, sizeof(path), "%s/.local/state/paddock/history/web/%s", home->path, names[i]);
		assert_true(atomic_write(path, "", 0, ATOMIC_FAST, &err));
	}
	/* A link is not read. */
	snprintf(path, sizeof(path), "%s/.local/state/paddock/history/web/7.ini", home->path);
	assert_int_equal(symlink("1.ini", path), 0);
	assert_history(home, "web", "1:- / 7:- bad / ");
	assert_null(home->store->revision_text(home->store, "web", 7, &err));
	assert_false(home->store->revisions(home->store, "../vms", &(struct revision_list){ 0 }, &err));
	assert_string_equal(err.text, "../vms is not a profile name");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_home(each_text_is_kept_once),
		with_home(what_an_editor_wrote_is_kept_before_it_is_replaced),
		with_home(twenty_earlier_texts_are_kept),
		with_home(a_revision_is_restored_as_it_was),
		with_home(a_deleted_profile_can_be_restored),
		with_home(the_history_goes_along_with_a_new_name),
		with_home(nothing_is_replaced_that_cannot_be_kept),
		with_home(only_the_owner_reads_the_history),
		with_home(files_that_are_no_revisions_are_ignored),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
