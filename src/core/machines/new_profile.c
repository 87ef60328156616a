/* SPDX-License-Identifier: MIT */
#include "core/machines/new_profile.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/machines/state_dir.h"
#include "core/qemu/host/facts.h"
#include "core/qemu/host/gather.h"
#include "core/qemu/host/probe.h"
#include "core/vm/image.h"
#include "core/vm/kept.h"
#include "core/vm/spec.h"
#include "core/vm/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uuid.h>

static bool is_taken(struct store *store, const char *name)
{
	struct strv names = { 0 };
	struct error ignored;
	bool taken = store->names(store, &names, &ignored) && strv_has(&names, name);

	strv_finish(&names);
	return taken;
}

bool new_profile_name_check(struct store *store, const char *name, struct error *err)
{
	if (!vm_name_check(name, err))
		return false;
	return !is_taken(store, name) || error_set(err, "a VM named %s already exists", name);
}

/* "Alpine 3.iso" -> "Alpine 3", "web.qcow2" -> "web". */
static char *stem(const char *image)
{
	char *name = mem_strdup(path_base(image));
	char *dot = strrchr(name, '.');
	struct error ignored;
	size_t prefix_len;

	if (dot && dot != name && image_kind_of_name(name, &prefix_len) != BOOT_AUTO)
		*dot = '\0';
	if (!vm_name_check(name, &ignored)) {
		free(name);
		name = mem_strdup("vm");
	}
	return name;
}

char *new_profile_name(struct store *store, const char *image)
{
	char *name = stem(image);
	char *base = mem_strdup(name);

	for (unsigned i = 2; is_taken(store, name); i++) {
		free(name);
		name = mem_printf("%s-%u", base, i);
	}
	free(base);
	return name;
}

static bool state_is_taken(struct store *store, const char *own_name, const char *state)
{
	char *expanded = path_expand(state), *wanted = path_full(expanded);
	char *owner = state_dir_owner_of(store, own_name, wanted);
	bool taken = owner != NULL;

	free(owner);
	free(wanted);
	free(expanded);
	return taken;
}

/* "web-state" and "db" give "web-db-state". Directories below XDG_STATE_HOME do not end in "-state". */
static char *with_word(char *state, const char *word)
{
	size_t len = strlen(state) - (text_ends(state, "-state") ? strlen("-state") : 0);
	char *longer = mem_printf("%.*s-%s%s", (int)len, state, word, state + len);

	free(state);
	return longer;
}

static bool is_there(const char *path)
{
	char *full = path_expand(path);
	bool there = access(full, F_OK) == 0;

	free(full);
	return there;
}

/*
 * own: choose an unused directory, for a VM that begins without old state. holder: the state directory of another VM that
 * the image is in, so that nothing is put there; NULL if it is in none.
 */
static void choose_state(struct store *store, struct vm_config *config, bool own, const char *holder)
{
	const char *image = vm_config_get(config, SET_IMAGE);
	char *full, *state;
	bool elsewhere = false;

	if (vm_config_get(config, SET_STATE) || !image || !*image)
		return;
	full = path_expand(image);
	state = holder ? mem_strdup(holder) : host_state_place(full, config->name, &elsewhere);
	free(full);
	if (!elsewhere && !holder) {
		free(state);
		state = image_state_dir(image, false);
	}
	if (!elsewhere && (own || state_is_taken(store, config->name, state)))
		state = with_word(state, config->name);

	char *base = mem_strdup(state);

	for (unsigned i = 2; own && (is_there(state) || state_is_taken(store, config->name, state)); i++) {
		char number[16];

		snprintf(number, sizeof(number), "%u", i);
		free(state);
		state = with_word(mem_strdup(base), number);
	}
	vm_config_set(config, SET_STATE, state);
	free(base);
	free(state);
}

static char *disk_path(const struct vm_config *config, const struct vm_disk *disk, size_t index)
{
	const char *state = vm_config_get(config, SET_STATE);
	char *base = path_expand(state ? state : ".");
	char *unnamed = index ? mem_printf("disk%zu.img", index) : mem_strdup("disk.img");
	char *path = path_expand(disk->path ? disk->path : unnamed);
	char *full = path_join(base, path);

	free(unnamed);
	free(path);
	free(base);
	return full;
}

/* D16: the format is set once, when the disk is added, so that a guest cannot change it. */
static void fix_format(struct vm_config *config, size_t index)
{
	struct strv *disks = &config->value[SET_DISK];
	struct vm_disk disk = { 0 };
	struct error ignored;

	if (!vm_disk_parse(disks->items[index], &disk, &ignored) || disk.format) {
		vm_disk_finish(&disk);
		return;
	}

	char *path = disk_path(config, &disk, index);
	struct host_facts facts = { 0 };
	const struct file_fact *fact = probe_file(&facts, path, PROBE_CONTENT);
	const char *format = fact->kept_format ? fact->kept_format : fact->format;

	/* The check before a start rejects it unless the user allows it. */
	if (!fact->kept_format && fact->not_disk)
		format = NULL;

	/* A missing disk will be created as qcow2. */
	if (!format && fact->error == ENOENT && disk.size_mib)
		format = "qcow2";
	if (format) {
		disk.format = mem_strdup(format);
		char *text = vm_disk_format(&disk);
		strv_replace(disks, index, text);
		free(text);
	}
	host_facts_finish(&facts);
	free(path);
	vm_disk_finish(&disk);
}

/* Keeps the UUID that the guest had when the image ran without a profile (D36). */
static void choose_uuid(struct vm_config *config)
{
	const char *state = vm_config_get(config, SET_STATE);
	char *directory, text[37];
	uuid_t id;

	if (vm_config_get(config, SET_UUID))
		return;
	directory = state ? path_expand(state) : NULL;
	if (!directory || !kept_uuid(directory, text)) {
		uuid_generate_random(id);
		uuid_unparse_lower(id, text);
	}
	vm_config_set(config, SET_UUID, text);
	free(directory);
}

void new_profile_complete(struct store *store, struct vm_config *config)
{
	static const enum vm_setting paths[] = { SET_IMAGE, SET_FIRMWARE, SET_DATA_FILE, SET_STATE };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const char *path = vm_config_get(config, paths[i]);
		char *full;

		/* "~/x" is left unchanged, because it counts as absolute. */
		if (!path || !*path || path[0] == '/' || path[0] == '~' || !strcmp(path, "auto"))
			continue;
		full = path_full(path);
		vm_config_set(config, paths[i], full);
		free(full);
	}
	choose_state(store, config, false, NULL);
	choose_uuid(config);
	for (size_t i = 0; i < config->value[SET_DISK].count; i++)
		fix_format(config, i);
}

/* Clones with disks of their own have them in their state directories. */
static bool is_in(const char *image, const char *directory)
{
	char *expanded = path_expand(image ? image : ""), *full = path_full(expanded);
	size_t len = strlen(directory);
	bool in = text_starts(full, directory) && full[len] == '/';

	free(full);
	free(expanded);
	return in;
}

void new_profile_clone(struct store *store, const struct vm_config *from, const char *name, struct vm_config *to)
{
	char *state = state_dir_of(from);

	vm_config_copy(to, from);
	free(to->name);
	to->name = mem_strdup(name);
	vm_config_set(to, SET_UUID, NULL);
	vm_config_set(to, SET_MAC, NULL);
	vm_config_set(to, SET_STATE, NULL);
	choose_state(store, to, true, state && is_in(vm_config_get(to, SET_IMAGE), state) ? state : NULL);
	free(state);
	new_profile_complete(store, to);
}

bool new_profile_shares_disks(const struct vm_config *config)
{
	const struct strv *disks = &config->value[SET_DISK];
	const char *image = vm_config_get(config, SET_IMAGE);
	char *path = path_expand(image ? image : "");
	bool shares = image_detect(path) == BOOT_DISK;

	free(path);
	for (size_t i = 0; i < disks->count && !shares; i++) {
		struct vm_disk disk = { 0 };
		struct error ignored;

		/* A relative path is in the state directory, and a clone has its own. */
		if (vm_disk_parse(disks->items[i], &disk, &ignored))
			shares = disk.path && (disk.path[0] == '/' || disk.path[0] == '~');
		vm_disk_finish(&disk);
	}
	return shares;
}
