/* SPDX-License-Identifier: MIT */
#include "core/machines/discard.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/base/tree.h"
#include "core/keeper/run/registry.h"
#include "core/keeper/run/state_lock.h"
#include "core/machines/disk_use.h"
#include "core/machines/foreign_qemu.h"
#include "core/machines/resolve.h"
#include "core/machines/state_dir.h"
#include "core/vm/image.h"
#include "core/vm/kept.h"
#include "core/vm/problem.h"
#include "core/vm/spec.h"
#include "core/vm/store.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_broken(struct store *store, const char *name)
{
	struct store_revision revision;
	struct vm_config config;
	struct error ignored;
	bool broken;

	vm_config_init(&config, CONFIG_PROFILE);
	broken = !store->load(store, name, &config, &revision, &ignored);
	vm_config_finish(&config);
	return broken;
}

/* Otherwise a profile that runs could not be found. */
static bool can_read_registry(const struct record_io *records, struct error *err)
{
	struct registry_list list = { 0 };
	bool good = registry_read(records, &list, err);

	registry_list_finish(&list);
	return good;
}

bool discard_profile_check(struct store *store, const struct record_io *records, const char *name, char **state,
                           struct error *err)
{
	struct vm_target target;
	bool good;

	*state = NULL;
	if (!vm_target_find(name, store, records, &target, err))
		return is_broken(store, name) && can_read_registry(records, err);
	if (target.running)
		good = error_set(err, "%s is running; stop it before it is deleted", name);
	else
		good = !vm_target_is_held(&target, name, err);
	if (good)
		*state = mem_strdup(target.state);
	vm_target_finish(&target);
	return good;
}

static bool is_in(const char *path, const char *directory)
{
	size_t len = strlen(directory);

	return path && text_starts(path, directory) && (path[len] == '/' || path[len] == '\0');
}

/* What of a profile is in the directory: "image", or NULL. */
static const char *part_in(const struct vm_config *config, const char *directory)
{
	char *state = state_dir_of(config), *image;
	const char *part = state && (is_in(state, directory) || path_same(state, directory)) ? "state directory" : NULL;
	const char *written = vm_config_get(config, SET_IMAGE);
	struct problems problems = { 0 };
	struct disk_uses disks = { 0 };
	struct vm_spec spec = { 0 };

	image = path_expand(written ? written : "");
	if (!part && is_in(image, directory))
		part = "image";
	vm_spec_read(config, NULL, &spec, &problems);
	if (state && spec.image)
		disk_uses_of(&spec, state, &disks);
	for (size_t i = 0; i < disks.count && !part; i++)
		if (is_in(disks.items[i].path, directory))
			part = "disk";
	disk_uses_finish(&disks);
	vm_spec_finish(&spec);
	problems_finish(&problems);
	free(image);
	free(state);
	return part;
}

static bool check_others(struct store *store, const char *own_name, const char *state, struct error *err)
{
	struct strv names = { 0 };
	bool good = store->names(store, &names, err);

	for (size_t i = 0; i < names.count && good; i++) {
		struct store_revision revision;
		struct vm_config config;
		struct error ignored;
		const char *part;

		vm_config_init(&config, CONFIG_PROFILE);
		if (!text_equal(names.items[i], own_name) &&
		    store->load(store, names.items[i], &config, &revision, &ignored) && (part = part_in(&config, state)) != NULL)
			good = error_set(err, "the profile %s has its %s in %s", names.items[i], part, state);
		vm_config_finish(&config);
	}
	strv_finish(&names);
	return good;
}

static bool check_idle(const char *state, struct error *err)
{
	char *holder = state_holder(state);
	pid_t pid;

	if (holder) {
		error_set(err, "%s is in use by %s", state, holder);
		free(holder);
		return false;
	}
	if (state_is_locked(state))
		return error_set(err, "%s is in use", state);
	if (foreign_qemu_probe(state, &pid) != FOREIGN_NONE)
		return error_set(err, "QEMU (pid %d) may be running in %s; stop it first", (int)pid, state);
	return true;
}

bool discard_state_check(struct store *store, const char *own_name, const char *state, struct error *err)
{
	char *home = path_home();
	struct stat st;
	bool good;

	if (lstat(state, &st) < 0)
		good = error_errno(err, "%s", state);
	else if (!S_ISDIR(st.st_mode))
		good = error_set(err, "%s is not a directory", state);
	else if (!kept_is_state_directory(state) || (home && is_in(home, state)))
		good = error_set(err, "%s is not a state directory of its own", state);
	else
		good = check_idle(state, err) && check_others(store, own_name, state, err);
	free(home);
	return good;
}

char *discard_state_text(const char *state)
{
	DIR *dir = opendir(state);
	const struct dirent *entry;
	unsigned disks = 0;
	char size[32];
	size_t ignored;

	while (dir && (entry = readdir(dir)) != NULL)
		disks += image_kind_of_name(entry->d_name, &ignored) == BOOT_DISK;
	if (dir)
		closedir(dir);
	format_size(tree_size(state), size, sizeof(size));
	return disks == 0 ? mem_printf("%s, no disks", size) : mem_printf("%s, %u disk%s", size, disks, disks == 1 ? "" : "s");
}
