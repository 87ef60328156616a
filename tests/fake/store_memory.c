/* SPDX-License-Identifier: MIT */
#include "store_memory.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "persist/profile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum operation { NAMES, LOAD, SAVE, PREVIEW, TEXT, DISCARD, RENAME, SCAN_BEGIN, CHANGED, OPERATIONS };

static const char *const operation_names[OPERATIONS] = {
	"names", "load", "save", "preview", "text", "discard", "rename", "scan_begin", "changed",
};

struct memory {
	struct store store;
	struct strv names, texts;		/* in pairs, sorted by name */
	struct strv trash;			/* id, profile, its text, state; the texts "" for none */
	struct strv old_names, old_texts;	/* revisions in pairs; a revision's number is its place here, from 1 */
	struct library_item *items;
	size_t item_count, scanned;
	struct strv directories;
	struct strv settings;			/* section, key, value, ... */
	char *reason[OPERATIONS];
	unsigned calls[OPERATIONS];
	int event;
};

static struct memory *memory_of(const struct store *store)
{
	return store->data;
}

static bool may(struct store *store, enum operation operation, struct error *err)
{
	struct memory *memory = memory_of(store);

	memory->calls[operation]++;
	return !memory->reason[operation] || error_set(err, "%s", memory->reason[operation]);
}

static enum operation find_operation(const char *name)
{
	int i = 0;

	while (i < OPERATIONS && strcmp(operation_names[i], name) != 0)
		i++;
	assert(i < OPERATIONS);
	return (enum operation)i;
}

/* names.count when there is none. */
static size_t find(const struct memory *memory, const char *name)
{
	size_t i = 0;

	while (i < memory->names.count && strcmp(memory->names.items[i], name) != 0)
		i++;
	return i;
}

static struct store_revision revision_of(const char *text)
{
	struct store_revision revision = { .exists = text != NULL };

	for (; text && *text; text++, revision.size++)
		revision.hash = revision.hash * 31 + (unsigned char)*text + 1;
	return revision;
}

static const char *current(const struct memory *memory, const char *name)
{
	size_t i = find(memory, name);

	return i < memory->names.count ? memory->texts.items[i] : NULL;
}

static void put(struct memory *memory, const char *name, const char *text)
{
	size_t i = find(memory, name);

	if (i < memory->names.count) {
		strv_remove(&memory->names, i);
		strv_remove(&memory->texts, i);
	}
	if (!text)
		return;
	for (i = 0; i < memory->names.count && strcmp(memory->names.items[i], name) < 0; i++)
		;
	strv_insert(&memory->names, i, name);
	strv_insert(&memory->texts, i, text);
}

static unsigned keep(struct memory *memory, const char *name)
{
	const char *text = current(memory, name);

	for (size_t i = memory->old_names.count; text && i-- > 0;) {
		if (strcmp(memory->old_names.items[i], name) != 0)
			continue;
		if (strcmp(memory->old_texts.items[i], text) == 0)
			return (unsigned)i + 1;
		break;
	}
	if (!text)
		return 0;
	strv_add(&memory->old_names, name);
	strv_add(&memory->old_texts, text);
	return (unsigned)memory->old_names.count;
}

static bool memory_names(struct store *store, struct strv *out, struct error *err)
{
	if (!may(store, NAMES, err))
		return false;
	for (size_t i = 0; i < memory_of(store)->names.count; i++)
		strv_add(out, memory_of(store)->names.items[i]);
	return true;
}

static bool memory_load(struct store *store, const char *name, struct vm_config *config,
                        struct store_revision *revision, struct error *err)
{
	const char *text = current(memory_of(store), name);
	bool good = may(store, LOAD, err);

	if (good && !text)
		good = error_set(err, "there is no profile %s", name);
	*revision = revision_of(good ? text : NULL);
	vm_config_finish(config);
	good = good && profile_read(text, strlen(text), config, err);
	if (!good)
		vm_config_finish(config);
	config->origin = CONFIG_PROFILE;
	config->name = mem_strdup(name);
	return good;
}

/* The text that a save would leave; NULL on error. */
static char *edited(const struct memory *memory, const struct vm_config *config, struct error *err)
{
	const char *old = current(memory, config->name);
	struct vm_config ignored;
	struct str text;
	bool good = true;

	str_init(&text);
	str_adds(&text, old ? old : "");
	vm_config_init(&ignored, CONFIG_PROFILE);
	if (!profile_read(text.text, text.len, &ignored, err))
		good = error_prefix(err, "not overwriting %s, which cannot be read", config->name);
	vm_config_finish(&ignored);
	if (good && profile_edit(&text, config, err))
		return str_detach(&text);
	str_finish(&text);
	return NULL;
}

static enum store_outcome memory_save(struct store *store, const struct vm_config *config,
                                      const struct store_revision *expected, struct store_revision *now,
                                      struct error *err)
{
	struct memory *memory = memory_of(store);
	char *text;

	if (!vm_name_check(config->name ? config->name : "", err) || !may(store, SAVE, err))
		return STORE_FAILED;

	struct store_revision is = revision_of(current(memory, config->name));

	if (expected && (expected->exists != is.exists || expected->hash != is.hash || expected->size != is.size)) {
		error_set(err, "%s has changed since it was read", config->name);
		return STORE_CHANGED;
	}
	text = edited(memory, config, err);
	if (!text)
		return STORE_FAILED;
	keep(memory, config->name);
	put(memory, config->name, text);
	keep(memory, config->name);
	if (now)
		*now = revision_of(text);
	free(text);
	return STORE_OK;
}

static char *memory_preview(struct store *store, const struct vm_config *config, struct error *err)
{
	return may(store, PREVIEW, err) ? edited(memory_of(store), config, err) : NULL;
}

static char *memory_text(struct store *store, const char *name, struct error *err)
{
	const char *text = current(memory_of(store), name);

	if (!may(store, TEXT, err))
		return NULL;
	if (!text)
		error_set(err, "there is no profile %s", name);
	return mem_strdup(text);
}

static char *memory_path(struct store *store, const char *name)
{
	(void)store;
	return mem_printf("/home/me/.config/paddock/vms/%s.ini", name);
}

static bool memory_discard(struct store *store, const char *profile, const char *state, char **id, struct error *err)
{
	struct memory *memory = memory_of(store);
	const char *text = profile ? current(memory, profile) : "";

	if (!may(store, DISCARD, err))
		return false;
	if (!text)
		return error_set(err, "there is no profile %s", profile);
	strv_addf(&memory->trash, "%zu", memory->trash.count / 4 + 1);
	strv_add(&memory->trash, profile ? profile : "");
	strv_add(&memory->trash, text);
	strv_add(&memory->trash, state ? state : "");
	if (id)
		*id = mem_strdup(memory->trash.items[memory->trash.count - 4]);
	if (profile) {
		keep(memory, profile);
		put(memory, profile, NULL);
	}
	return true;
}

static bool memory_undelete(struct store *store, const char *id, struct error *err)
{
	struct memory *memory = memory_of(store);

	for (size_t i = 0; i < memory->trash.count; i += 4) {
		char **item = &memory->trash.items[i];

		if (strcmp(item[0], id) != 0)
			continue;
		if (current(memory, item[1]))
			return error_set(err, "a profile named %s exists again; rename that first", item[1]);
		if (*item[1])
			put(memory, item[1], item[2]);
		strv_replace(&memory->trash, i, "");
		return true;
	}
	return error_set(err, "%s is not in the trash", id);
}

static bool memory_trash(struct store *store, struct trash_list *out, struct error *err)
{
	(void)store, (void)err;
	*out = (struct trash_list){ 0 };
	return true;
}

static bool memory_purge(struct store *store, const char *id, struct error *err)
{
	(void)store;
	return error_set(err, "%s is not in the trash", id);
}

static void memory_expire(struct store *store, time_t before, unsigned entries, bool *more)
{
	(void)store, (void)before, (void)entries;
	*more = false;
}

static bool memory_rename(struct store *store, const char *from, const char *to, struct error *err)
{
	struct memory *memory = memory_of(store);
	char *text = mem_strdup(current(memory, from));
	bool good = may(store, RENAME, err);

	if (good && !text)
		good = error_set(err, "there is no profile %s", from);
	good = good && vm_name_check(to, err);
	if (good && current(memory, to))
		good = error_set(err, "a profile named %s already exists", to);
	if (good) {
		put(memory, from, NULL);
		put(memory, to, text);
	}
	free(text);
	return good;
}

static bool memory_keep(struct store *store, const char *name, unsigned *number, struct error *err)
{
	unsigned kept = keep(memory_of(store), name);

	(void)err;
	if (number)
		*number = kept;
	return true;
}

static bool memory_revisions(struct store *store, const char *name, struct revision_list *out, struct error *err)
{
	const struct memory *memory = memory_of(store);

	(void)err;
	*out = (struct revision_list){ 0 };
	for (size_t i = 0; i < memory->old_names.count; i++) {
		if (strcmp(memory->old_names.items[i], name) != 0)
			continue;
		out->items = mem_resize(out->items, out->count + 1, sizeof(out->items[0]));
		out->items[out->count++] = (struct revision_item){ .number = (unsigned)i + 1, .readable = true };
	}
	return true;
}

static char *memory_revision_text(struct store *store, const char *name, unsigned number, struct error *err)
{
	const struct memory *memory = memory_of(store);

	if (number >= 1 && number <= memory->old_names.count && strcmp(memory->old_names.items[number - 1], name) == 0)
		return mem_strdup(memory->old_texts.items[number - 1]);
	error_set(err, "%s has no revision %u; see paddock history %s", name, number, name);
	return NULL;
}

static bool memory_restore(struct store *store, const char *name, unsigned number, struct error *err)
{
	struct memory *memory = memory_of(store);
	char *text = memory_revision_text(store, name, number, err);
	bool good = text != NULL;

	if (good) {
		keep(memory, name);
		put(memory, name, text);
		keep(memory, name);
	}
	free(text);
	return good;
}

static int memory_change_fd(struct store *store)
{
	return memory_of(store)->event;
}

static void memory_changed(struct store *store)
{
	struct memory *memory = memory_of(store);
	eventfd_t count;

	memory->calls[CHANGED]++;
	(void)!eventfd_read(memory->event, &count);
}

static bool memory_scan_begin(struct store *store, struct error *err)
{
	memory_of(store)->scanned = 0;
	return may(store, SCAN_BEGIN, err);
}

static bool memory_scan_step(struct store *store, unsigned entries,
                             void (*found)(void *, const struct library_item *), void *data, bool *more)
{
	struct memory *memory = memory_of(store);

	while (entries-- > 0 && memory->scanned < memory->item_count)
		found(data, &memory->items[memory->scanned++]);
	*more = memory->scanned < memory->item_count;
	return true;
}

static const struct strv *memory_directories(struct store *store)
{
	return &memory_of(store)->directories;
}

static const char *memory_setting(struct store *store, const char *section, const char *key)
{
	const struct strv *settings = &memory_of(store)->settings;

	for (size_t i = 0; i + 2 < settings->count; i += 3) {
		if (strcasecmp(settings->items[i], section) == 0 && strcasecmp(settings->items[i + 1], key) == 0)
			return settings->items[i + 2];
	}
	return NULL;
}

static const struct store operations = {
	.names = memory_names,
	.load = memory_load,
	.save = memory_save,
	.preview = memory_preview,
	.text = memory_text,
	.path = memory_path,
	.discard = memory_discard,
	.trash = memory_trash,
	.undelete = memory_undelete,
	.purge = memory_purge,
	.expire = memory_expire,
	.rename = memory_rename,
	.keep = memory_keep,
	.revisions = memory_revisions,
	.revision_text = memory_revision_text,
	.restore = memory_restore,
	.change_fd = memory_change_fd,
	.changed = memory_changed,
	.scan_begin = memory_scan_begin,
	.scan_step = memory_scan_step,
	.directories = memory_directories,
	.setting = memory_setting,
};

struct store *store_memory_new(void)
{
	struct memory *memory = mem_alloc(sizeof(*memory));

	memory->store = operations;
	memory->store.data = memory;
	memory->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	assert(memory->event >= 0);
	return &memory->store;
}

void store_memory_free(struct store *store)
{
	if (!store)
		return;

	struct memory *memory = memory_of(store);

	for (size_t i = 0; i < memory->item_count; i++)
		free(memory->items[i].path);
	for (int i = 0; i < OPERATIONS; i++)
		free(memory->reason[i]);
	free(memory->items);
	strv_finish(&memory->names);
	strv_finish(&memory->texts);
	strv_finish(&memory->trash);
	strv_finish(&memory->old_names);
	strv_finish(&memory->old_texts);
	strv_finish(&memory->directories);
	strv_finish(&memory->settings);
	close(memory->event);
	free(memory);
}

void store_memory_put(struct store *store, const char *name, const char *text)
{
	put(memory_of(store), name, text);
	(void)!eventfd_write(memory_of(store)->event, 1);
}

void store_memory_put_config(struct store *store, const struct vm_config *config)
{
	struct error err;
	struct str text;

	str_init(&text);
	if (!profile_edit(&text, config, &err))
		assert(!"a configuration that can be written");
	store_memory_put(store, config->name, text.text);
	str_finish(&text);
}

void store_memory_add_item(struct store *store, const char *path, enum boot_mode kind, uint64_t size)
{
	struct memory *memory = memory_of(store);

	memory->items = mem_resize(memory->items, memory->item_count + 1, sizeof(*memory->items));
	memory->items[memory->item_count++] =
		(struct library_item){ .path = mem_strdup(path), .kind = kind, .size = size };
}

void store_memory_add_directory(struct store *store, const char *path)
{
	strv_add(&memory_of(store)->directories, path);
}

void store_memory_set(struct store *store, const char *section, const char *key, const char *value)
{
	struct strv *settings = &memory_of(store)->settings;

	strv_insert(settings, 0, value);	/* the first one found counts */
	strv_insert(settings, 0, key);
	strv_insert(settings, 0, section);
	(void)!eventfd_write(memory_of(store)->event, 1);
}

void store_memory_fail(struct store *store, const char *operation, const char *reason)
{
	struct memory *memory = memory_of(store);
	enum operation which = find_operation(operation);

	free(memory->reason[which]);
	memory->reason[which] = mem_strdup(reason);
}

unsigned store_memory_calls(const struct store *store, const char *operation)
{
	return memory_of(store)->calls[find_operation(operation)];
}
