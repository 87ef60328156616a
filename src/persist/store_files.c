/* SPDX-License-Identifier: MIT */
#include "persist/store_files.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/vm/store.h"
#include "persist/library.h"
#include "persist/profile_dir.h"
#include "persist/settings.h"
#include "persist/trash.h"
#include "persist/watch.h"

#include <assert.h>
#include <stdlib.h>

struct files {
	struct store store;
	struct profile_dir profiles;
	char *config;			/* directory; NULL without a home */
	char *settings_path;
	struct strv told;		/* library directories of the command line */
	struct strv directories;
	struct settings settings;
	struct watch watch;
	bool watching;			/* the descriptor is in use */
	struct library *library;	/* during a scan */
	char *expired;			/* how far the trash was looked through (trash_expire) */
};

static struct files *files_of(struct store *store)
{
	return store->data;
}

static void load_settings(struct files *files)
{
	if (files->settings_path)
		settings_load(&files->settings, files->settings_path);
	settings_directories(&files->settings, &files->told, &files->directories);
}

static bool files_names(struct store *store, struct strv *out, struct error *err)
{
	return profile_dir_names(&files_of(store)->profiles, out, err);
}

static bool files_load(struct store *store, const char *name, struct vm_config *config,
                       struct store_revision *revision, struct error *err)
{
	return profile_dir_load(&files_of(store)->profiles, name, config, revision, err);
}

static enum store_outcome files_save(struct store *store, const struct vm_config *config,
                                     const struct store_revision *expected, struct store_revision *now,
                                     struct error *err)
{
	return profile_dir_save(&files_of(store)->profiles, config, expected, now, err);
}

static char *files_preview(struct store *store, const struct vm_config *config, struct error *err)
{
	return profile_dir_preview(&files_of(store)->profiles, config, err);
}

static char *files_text(struct store *store, const char *name, struct error *err)
{
	return profile_dir_text(&files_of(store)->profiles, name, err);
}

static char *files_path(struct store *store, const char *name)
{
	return profile_dir_path(&files_of(store)->profiles, name);
}

static bool files_discard(struct store *store, const char *profile, const char *state, char **id, struct error *err)
{
	return profile_dir_discard(&files_of(store)->profiles, profile, state, id, err);
}

static bool files_trash(struct store *store, struct trash_list *out, struct error *err)
{
	const char *root = files_of(store)->profiles.trash;

	*out = (struct trash_list){ 0 };
	return !root || trash_list(root, out, err);
}

static bool files_undelete(struct store *store, const char *id, struct error *err)
{
	return profile_dir_undelete(&files_of(store)->profiles, id, err);
}

static bool files_purge(struct store *store, const char *id, struct error *err)
{
	const char *root = files_of(store)->profiles.trash;

	return root ? trash_remove(root, id, err) : error_set(err, "HOME is not set, so there is no trash");
}

static void files_expire(struct store *store, time_t before, unsigned entries, bool *more)
{
	struct files *files = files_of(store);

	*more = false;
	if (files->profiles.trash)
		trash_expire(files->profiles.trash, before, entries, &files->expired, more);
}

static bool files_rename(struct store *store, const char *from, const char *to, struct error *err)
{
	return profile_dir_rename(&files_of(store)->profiles, from, to, err);
}

static bool files_keep(struct store *store, const char *name, unsigned *number, struct error *err)
{
	return profile_dir_keep(&files_of(store)->profiles, name, number, err);
}

static bool files_revisions(struct store *store, const char *name, struct revision_list *out, struct error *err)
{
	return profile_dir_revisions(&files_of(store)->profiles, name, out, err);
}

static char *files_revision_text(struct store *store, const char *name, unsigned number, struct error *err)
{
	return profile_dir_revision_text(&files_of(store)->profiles, name, number, err);
}

static bool files_restore(struct store *store, const char *name, unsigned number, struct error *err)
{
	return profile_dir_restore(&files_of(store)->profiles, name, number, err);
}

static int files_change_fd(struct store *store)
{
	struct files *files = files_of(store);

	if (!files->watching && files->config) {
		files->watching = true;
		watch_open(&files->watch, files->config, files->profiles.path);
	}
	return files->watch.fd;
}

static void files_changed(struct store *store)
{
	struct files *files = files_of(store);

	if (files->config)
		watch_drain(&files->watch, files->config, files->profiles.path);
	load_settings(files);
}

static bool files_scan_begin(struct store *store, struct error *err)
{
	struct files *files = files_of(store);

	library_free(files->library);
	files->library = library_new(&files->directories, err);
	if (files->settings.bad && files->told.count == 0) {
		*err = files->settings.error;
		return false;
	}
	return err->text[0] == '\0';
}

static bool files_scan_step(struct store *store, unsigned entries,
                            void (*found)(void *, const struct library_item *), void *data, bool *more)
{
	struct files *files = files_of(store);

	*more = files->library && library_step(files->library, entries, found, data);
	if (!*more) {
		library_free(files->library);
		files->library = NULL;
	}
	return true;
}

static const struct strv *files_directories(struct store *store)
{
	return &files_of(store)->directories;
}

static const char *files_setting(struct store *store, const char *section, const char *key)
{
	return ini_file_get(&files_of(store)->settings.file, section, key);
}

static const struct store operations = {
	.names = files_names,
	.load = files_load,
	.save = files_save,
	.preview = files_preview,
	.text = files_text,
	.path = files_path,
	.discard = files_discard,
	.trash = files_trash,
	.undelete = files_undelete,
	.purge = files_purge,
	.expire = files_expire,
	.rename = files_rename,
	.keep = files_keep,
	.revisions = files_revisions,
	.revision_text = files_revision_text,
	.restore = files_restore,
	.change_fd = files_change_fd,
	.changed = files_changed,
	.scan_begin = files_scan_begin,
	.scan_step = files_scan_step,
	.directories = files_directories,
	.setting = files_setting,
};

struct store *store_files_new(const struct strv *library_dirs)
{
	struct files *files = mem_alloc(sizeof(*files));

	files->store = operations;
	files->store.data = files;
	files->watch = WATCH_OFF;
	files->config = path_xdg("XDG_CONFIG_HOME", ".config");
	if (files->config) {
		files->profiles.path = path_join(files->config, "vms");
		files->settings_path = path_join(files->config, "paddock.ini");
	}
	files->profiles.history = path_state("history");
	files->profiles.trash = path_state("trash");
	for (size_t i = 0; library_dirs && i < library_dirs->count; i++)
		strv_take(&files->told, path_absolute(library_dirs->items[i]));
	load_settings(files);
	return &files->store;
}

void store_files_free(struct store *store)
{
	if (!store)
		return;

	struct files *files = files_of(store);

	assert(&files->store == store);
	library_free(files->library);
	watch_close(&files->watch);
	settings_finish(&files->settings);
	strv_finish(&files->directories);
	strv_finish(&files->told);
	free(files->settings_path);
	free(files->expired);
	free(files->profiles.trash);
	free(files->profiles.history);
	free(files->profiles.path);
	free(files->config);
	free(files);
}

bool store_files_settings_good(const struct store *store, struct error *err)
{
	const struct files *files = store->data;

	if (!files->settings.bad)
		return settings_known(&files->settings, err);
	*err = files->settings.error;
	return false;
}
