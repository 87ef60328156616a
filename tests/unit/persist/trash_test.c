/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/vm/store.h"
#include "fake/scratch.h"
#include "fake/store_home.h"
#include "persist/store_files.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define PROFILE "# mine\n"
#define DISK "\1a disk\n"

/* The call that a child does not survive, counted from 1; 0: it survives all. */
static int killed_at, calls;
static const char *other_disk;	/* nothing can be renamed across this prefix */

static void pass(void)
{
	if (killed_at && ++calls == killed_at)
		_exit(9);
}

static bool crosses(const char *from, const char *to)
{
	return other_disk && !strncmp(from, other_disk, strlen(other_disk)) != !strncmp(to, other_disk, strlen(other_disk));
}

/* These stand in front of those of the C library. */
int renameat2(int old_dir, const char *from, int new_dir, const char *to, unsigned flags)
{
	pass();
	if (crosses(from, to)) {
		errno = EXDEV;
		return -1;
	}
	return (int)syscall(SYS_renameat2, old_dir, from, new_dir, to, flags);
}

int rename(const char *from, const char *to)
{
	pass();
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int mkdir(const char *path, mode_t mode)
{
	pass();
	return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int unlink(const char *path)
{
	pass();
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
	pass();
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

int unlinkat(int dir, const char *path, int flags)
{
	pass();
	return (int)syscall(SYS_unlinkat, dir, path, flags);
}

int fsync(int fd)
{
	pass();
	return (int)syscall(SYS_fsync, fd);
}

static char *state_of(const struct home *home)
{
	return mem_printf("%s/vm/web-state", home->path);
}

/* A profile web, and a state directory with a disk. */
static void furnish(const struct home *home)
{
	char *disk = mem_printf("%s/vm/web-state/sub/disk.img", home->path);

	store_home_put(home, "web", PROFILE);
	scratch_put(disk, DISK, strlen(DISK), 0);
	free(disk);
}

static bool has(const char *path)
{
	return access(path, F_OK) == 0;
}

/* Which of the two are at their places, complete: 1 the profile, 2 the state directory. */
static unsigned in_place(const struct home *home)
{
	char *disk = mem_printf("%s/vm/web-state/sub/disk.img", home->path);
	struct error ignored;
	char *text = home->store->text(home->store, "web", &ignored);
	unsigned found = (text && strcmp(text, PROFILE) == 0) | (unsigned)has(disk) << 1;

	free(text);
	free(disk);
	return found;
}

/* How many items there are; *item is the last one's ID, the caller's. *found: which of the two are in it. */
static size_t look(const struct home *home, char **id, unsigned *found)
{
	struct trash_list list;
	struct error err;
	size_t count;

	if (!home->store->trash(home->store, &list, &err))
		fail_msg("%s", err.text);
	*id = NULL;
	*found = 0;
	count = list.count;
	if (count) {
		const struct trash_item *item = &list.items[count - 1];

		assert_null(item->broken);
		assert_true(item->size > 0);
		*id = mem_strdup(item->id);
		*found = item->has_profile | (unsigned)item->has_state << 1;
	}
	trash_list_finish(&list);
	return count;
}

static void discard(const struct home *home, const char *profile, bool with_state)
{
	char *state = state_of(home);
	struct error err;

	if (!home->store->discard(home->store, profile, with_state ? state : NULL, NULL, &err))
		fail_msg("%s", err.text);
	free(state);
}

static void both_go_and_come_back(void **state)
{
	struct home *home = *state;
	struct error err;
	unsigned found;
	char *id;

	furnish(home);
	discard(home, "web", true);
	assert_int_equal(in_place(home), 0);
	assert_int_equal(look(home, &id, &found), 1);
	assert_int_equal(found, 3);
	assert_true(home->store->undelete(home->store, id, &err));
	assert_int_equal(in_place(home), 3);
	assert_false(home->store->undelete(home->store, id, &err));
	free(id);
	assert_int_equal(look(home, &id, &found), 0);
}

static void each_goes_alone(void **state)
{
	struct home *home = *state;
	unsigned found;
	char *id;

	furnish(home);
	discard(home, "web", false);
	assert_int_equal(in_place(home), 2);
	look(home, &id, &found);
	assert_int_equal(found, 1);
	free(id);
	discard(home, NULL, true);
	assert_int_equal(look(home, &id, &found), 2);
	assert_int_equal(found, 2);
	free(id);
}

static void what_is_there_again_is_not_replaced(void **state)
{
	struct home *home = *state;
	char *path = state_of(home), *id;
	struct error err;
	unsigned found;

	furnish(home);
	discard(home, "web", true);
	look(home, &id, &found);
	store_home_put(home, "web", "# new\n");
	assert_false(home->store->undelete(home->store, id, &err));
	assert_string_equal(err.text, "a profile named web exists again; rename that first");
	assert_true(home->store->rename(home->store, "web", "new", &err));
	assert_int_equal(mkdir(path, 0700), 0);
	assert_false(home->store->undelete(home->store, id, &err));
	assert_non_null(strstr(err.text, "web-state exists again; rename that first"));
	assert_int_equal(rmdir(path), 0);
	assert_true(home->store->undelete(home->store, id, &err));
	assert_int_equal(in_place(home), 3);
	free(path);
	free(id);
}

static void a_state_directory_that_cannot_be_moved_keeps_the_profile(void **state)
{
	struct home *home = *state;
	char *path = mem_printf("%s/none", home->path), *id;
	struct error err;
	unsigned found;

	furnish(home);
	assert_false(home->store->discard(home->store, "web", path, NULL, &err));
	assert_non_null(strstr(err.text, "cannot move "));
	assert_int_equal(in_place(home), 3);
	assert_int_equal(look(home, &id, &found), 0);
	free(path);
}

static void another_file_system_has_its_own_trash(void **state)
{
	struct home *home = *state;
	char *disk = mem_printf("%s/vm", home->path), *beside = mem_printf("%s/.paddock-trash", disk), *id;
	struct error err;
	struct stat st;
	unsigned found;

	furnish(home);
	other_disk = disk;
	discard(home, "web", true);
	assert_int_equal(in_place(home), 0);
	assert_int_equal(stat(beside, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	look(home, &id, &found);
	assert_int_equal(found, 3);
	assert_true(home->store->undelete(home->store, id, &err));
	assert_int_equal(in_place(home), 3);
	assert_false(has(beside));
	free(id);

	/* While that disk is not mounted, nothing is forgotten. */
	discard(home, "web", true);
	look(home, &id, &found);
	other_disk = NULL;
	char *away = mem_printf("%s/away", home->path);
	assert_int_equal(rename(disk, away), 0);
	assert_false(home->store->purge(home->store, id, &err));
	assert_non_null(strstr(err.text, "is its disk mounted?"));
	assert_int_equal(rename(away, disk), 0);
	assert_true(home->store->undelete(home->store, id, &err));
	assert_int_equal(in_place(home), 3);
	free(away);
	free(id);
	free(beside);
	free(disk);
}

/* Returns how many slices it took. */
static int expire(const struct home *home, time_t before)
{
	bool more = true;
	int slices = 0;

	for (; more; slices++)
		home->store->expire(home->store, before, 1, &more);
	return slices;
}

/* The store has looked at nothing yet, as after another start. */
static void reopen(struct home *home)
{
	store_files_free(home->store);
	home->store = store_files_new(NULL);
}

typedef void step_fn(const struct home *);

static void delete_both(const struct home *home)
{
	discard(home, "web", true);
}

static void restore_last(const struct home *home)
{
	struct error err;
	unsigned found;
	char *id;

	look(home, &id, &found);
	if (!home->store->undelete(home->store, id, &err))
		fail_msg("%s", err.text);
	free(id);
}

/* In a child that is killed at a call; false if it survived that many calls. */
static bool is_killed(const struct home *home, step_fn *step, int at)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		killed_at = at;
		step(home);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 9 || WEXITSTATUS(status) == 0));
	return WEXITSTATUS(status) == 9;
}

/* Each of the two is at its place or in the trash, never both, never neither; a restore brings them back. */
static void assert_nothing_lost(const struct home *home, int at)
{
	unsigned placed = in_place(home), found;
	struct error err;
	char *id;

	look(home, &id, &found);
	if ((placed | found) != 3 || (placed & found) != 0)
		fail_msg("killed at call %d: %u in place, %u in the trash", at, placed, found);
	if (id && !home->store->undelete(home->store, id, &err))
		fail_msg("killed at call %d: %s", at, err.text);
	free(id);
	assert_int_equal(in_place(home), 3);
}

static int kill_everywhere(struct home *home, step_fn *prepare, step_fn *step)
{
	char *trash = mem_printf("%s/.local/state/paddock/trash", home->path);
	bool killed = true;
	int at = 1;

	for (; killed; at++) {
		assert_true(at < 200);
		if (prepare)
			prepare(home);
		killed = is_killed(home, step, at);
		assert_nothing_lost(home, at);
		/* Nor is anything left. */
		reopen(home);
		expire(home, 0);
		assert_true(rmdir(trash) == 0 || errno == ENOENT);
	}
	free(trash);
	return at;
}

static void a_kill_at_any_step_loses_nothing(void **state)
{
	struct home *home = *state;
	char *disk = mem_printf("%s/vm", home->path);

	furnish(home);
	for (int other = 0; other < 2; other++) {
		other_disk = other ? disk : NULL;
		assert_true(kill_everywhere(home, NULL, delete_both) > 6);
		assert_true(kill_everywhere(home, delete_both, restore_last) > 4);
	}
	other_disk = NULL;
	free(disk);
}

static void old_items_go_in_slices(void **state)
{
	struct home *home = *state;
	unsigned found;
	char *id;

	furnish(home);
	discard(home, "web", true);
	expire(home, time(NULL) - 60);
	assert_int_equal(look(home, &id, &found), 1);
	free(id);
	reopen(home);
	/* Two directories, a disk and a profile. */
	assert_true(expire(home, time(NULL) + 60) >= 4);
	assert_int_equal(look(home, &id, &found), 0);

	char *trash = mem_printf("%s/.local/state/paddock/trash", home->path);
	assert_int_equal(rmdir(trash), 0);
	free(trash);
}

static void purge_last(const struct home *home)
{
	struct error err;
	unsigned found;
	char *id;

	look(home, &id, &found);
	if (!home->store->purge(home->store, id, &err))
		fail_msg("%s", err.text);
	free(id);
}

static void what_a_killed_removal_left_is_not_restored_but_removed(void **state)
{
	struct home *home = *state;
	char *trash = mem_printf("%s/.local/state/paddock/trash", home->path);
	bool killed = true;
	unsigned found;
	char *id;

	for (int at = 1; killed; at++) {
		furnish(home);
		discard(home, "web", true);
		killed = is_killed(home, purge_last, at);
		/* All of it, or as good as gone. */
		if (look(home, &id, &found))
			assert_int_equal(found, 3);
		free(id);
		reopen(home);
		expire(home, time(NULL) + 60);
		assert_int_equal(rmdir(trash), 0);
		assert_int_equal(in_place(home), 0);
		reopen(home);
	}
	free(trash);
}

static void a_link_out_of_the_trash_is_not_followed(void **state)
{
	struct home *home = *state;
	char *outside = mem_printf("%s/precious", home->path), *link_path = mem_printf("%s/vm/web-state/out", home->path);

	furnish(home);
	scratch_put(outside, "x", 1, 0);
	assert_int_equal(symlink(home->path, link_path), 0);
	discard(home, "web", true);
	purge_last(home);
	assert_true(has(outside));
	free(outside);
	free(link_path);
}

static void a_record_that_cannot_be_read_is_shown_and_kept(void **state)
{
	struct home *home = *state;
	struct trash_list list;
	struct error err;
	unsigned found;
	char *id, *record;

	furnish(home);
	discard(home, "web", true);
	look(home, &id, &found);
	record = mem_printf("%s/.local/state/paddock/trash/%s/item.ini", home->path, id);
	scratch_put(record, "[trash]\nname = web\nstate = ../x\n", 32, 0);
	expire(home, time(NULL) + 60);
	assert_true(home->store->trash(home->store, &list, &err));
	assert_int_equal(list.count, 1);
	assert_non_null(strstr(list.items[0].broken, "state is not valid"));
	assert_false(home->store->undelete(home->store, id, &err));
	assert_false(home->store->undelete(home->store, "../history", &err));
	assert_string_equal(err.text, "../history is not in the trash");
	assert_true(home->store->purge(home->store, id, &err));
	trash_list_finish(&list);
	free(record);
	free(id);
}

/* Whatever the record says, only what is in the trash is removed. */
static void a_record_of_a_place_outside_the_trash_removes_nothing_there(void **state)
{
	static const char *const places[] = { "/precious", "/.local/state/paddock/trash/../../../../precious", "/.paddock-trash" };
	struct home *home = *state;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char *precious = path_join(home->path, "precious"), *file = path_join(precious, "file"), *record, *text, *id;
		struct str place;
		struct error err;
		unsigned found;

		furnish(home);
		discard(home, "web", true);
		look(home, &id, &found);
		scratch_put(file, "x", 1, 0);
		str_init(&place);
		str_adds(&place, home->path);
		str_adds(&place, places[i]);
		record = mem_printf("%s/.local/state/paddock/trash/%s/item.ini", home->path, id);
		text = mem_printf("[trash]\nname = web\nwhen = 1\nstate = %s/vm/web-state\nstate-is = %s\n", home->path, place.text);
		scratch_put(record, text, strlen(text), 0);
		assert_false(home->store->undelete(home->store, id, &err));
		assert_non_null(strstr(err.text, "is not in the trash"));
		expire(home, time(NULL) + 60);
		assert_true(home->store->purge(home->store, id, &err));
		assert_true(has(file));
		str_finish(&place);
		free(text);
		free(record);
		free(file);
		free(precious);
		free(id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_home(both_go_and_come_back),
		with_home(each_goes_alone),
		with_home(what_is_there_again_is_not_replaced),
		with_home(a_state_directory_that_cannot_be_moved_keeps_the_profile),
		with_home(another_file_system_has_its_own_trash),
		with_home(a_kill_at_any_step_loses_nothing),
		with_home(old_items_go_in_slices),
		with_home(what_a_killed_removal_left_is_not_restored_but_removed),
		with_home(a_link_out_of_the_trash_is_not_followed),
		with_home(a_record_that_cannot_be_read_is_shown_and_kept),
		with_home(a_record_of_a_place_outside_the_trash_removes_nothing_there),
	};

	return cmocka_run_group_tests_name("trash", tests, NULL, NULL);
}
