/* SPDX-License-Identifier: MIT */
#include "core/machines/resolve.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/base/path.h"
#include "core/base/quoted.h"
#include "core/base/str.h"
#include "core/base/strv.h"
#include "core/keeper/run/state_lock.h"
#include "core/machines/identity.h"
#include "core/machines/state_dir.h"
#include "core/vm/image.h"
#include "core/vm/kept.h"
#include "core/vm/store.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define UUID_DIGITS 4		/* fewer digits match nothing */

static void mark_running(struct vm_target *target, const struct registry_entry *entry)
{
	target->running = true;
	target->entry = *entry;
	target->entry.name = mem_strdup(entry->name);
	target->entry.state = mem_strdup(entry->state);
	target->entry.image = mem_strdup(entry->image);
	target->entry.kind = mem_strdup(entry->kind);
	if (!target->state)
		target->state = mem_strdup(entry->state);
}

static bool is_entry_of(const struct vm_target *target, const struct registry_entry *entry)
{
	struct vm_ref ref = {
		.kind = target->is_profile ? VM_REF_PROFILE : VM_REF_IMAGE, .name = target->config.name,
		.uuid = vm_config_get(&target->config, SET_UUID), .state = target->state,
	};

	return vm_ref_is(&ref, entry, path_same);
}

typedef bool matches_fn(const void *what, const struct registry_entry *);

/* Returns "1b4e28ba (state directory /vm/a), ..." for all matches. The caller frees it. */
static char *choices(const struct registry_list *list, matches_fn *matches, const void *what)
{
	struct str text;

	str_init(&text);
	for (size_t i = 0; i < list->count; i++)
		if (matches(what, &list->items[i]))
			str_addf(&text, "%s%.8s (state directory %s)", text.len ? ", " : "", list->items[i].uuid, list->items[i].state);
	return str_detach(&text);
}

/* Sets *found to the only entry that matches, or NULL. Returns false if there are several, which err lists. */
static bool only_entry(const struct registry_list *list, matches_fn *matches, const void *what, const char *word,
                       const struct registry_entry **found, struct error *err)
{
	bool several = false;

	assert(!list->count || list->items);
	*found = NULL;
	for (size_t i = 0; i < list->count; i++) {
		if (!matches(what, &list->items[i]))
			continue;
		several |= *found != NULL;
		*found = &list->items[i];
	}
	if (!several)
		return true;

	char *which = choices(list, matches, what);

	error_set(err, "more than one running VM matches %s; give the UUID or the state directory of one: %s", word, which);
	free(which);
	return false;
}

/* The path of an image matches every VM that was started from it, also in another state directory. */
static bool matches_image(const void *what, const struct registry_entry *entry)
{
	const struct vm_target *target = what;
	bool image_only = !target->is_profile && !vm_config_get(&target->config, SET_STATE);

	return is_entry_of(target, entry) ||
	       (image_only && vm_entry_is_of_image(entry, vm_config_get(&target->config, SET_IMAGE), path_same));
}

/*
 * Only one VM of the image is running, but there is another one, which is off, in the default state directory of the
 * image. A user who means that one must not stop the running one by mistake.
 */
static bool is_ambiguous(const struct vm_target *target, const struct registry_entry *found, const char *word,
                         struct error *err)
{
	struct stat st;

	if (is_entry_of(target, found) || !target->state || stat(target->state, &st) < 0 || !S_ISDIR(st.st_mode))
		return false;
	error_set(err, "%s is ambiguous: the VM in %s is %s, and %.8s (state directory %s) is running; give the UUID or the state directory of one",
	          word, target->state, state_is_locked(target->state) ? "in use without a keeper" : "off", found->uuid, found->state);
	return true;
}

static bool look_up_running(const char *word, struct vm_target *target, const struct record_io *records, struct error *err)
{
	struct registry_list list = { 0 };
	const struct registry_entry *found;
	bool good;

	if (!registry_read(records, &list, err))
		return false;
	good = only_entry(&list, matches_image, target, word, &found, err) &&
	       !(found && is_ambiguous(target, found, word, err));
	if (good && found)
		mark_running(target, found);
	registry_list_finish(&list);
	return good;
}

void vm_target_finish(struct vm_target *target)
{
	vm_config_finish(&target->config);
	free(target->broken);
	free(target->state);
	if (target->running) {
		free(target->entry.name);
		free(target->entry.state);
		free(target->entry.image);
		free(target->entry.kind);
	}
	*target = (struct vm_target){ 0 };
}

bool vm_target_is_held(const struct vm_target *target, const char *word, struct error *err)
{
	char *holder = target->state && !target->running ? state_holder(target->state) : NULL;

	if (!holder)
		return false;
	error_set(err, "%s is not registered as running, but its state directory %s is in use by %s", word, target->state,
	          holder);
	free(holder);
	return true;
}

static bool find_profile(const char *name, struct store *store, struct vm_target *out, struct error *err)
{
	struct store_revision revision;

	out->is_profile = out->has_config = true;
	if (!store->load(store, name, &out->config, &revision, err))
		return error_prefix(err, "%s", name);
	out->state = state_dir_of(&out->config);
	return true;
}

static bool find_path(const char *word, struct vm_target *out)
{
	bool state = image_detect(word) == BOOT_AUTO && kept_is_state_directory(word);
	char *image = state ? kept_image(word) : mem_strdup(word);

	if (!state && image_detect(word) == BOOT_AUTO) {
		free(image);
		return false;
	}
	out->config.origin = CONFIG_COMMAND_LINE;
	if (image) {
		char *full = path_full(image);

		free(out->config.name);
		out->config.name = mem_strdup(path_base(full));
		/* The path must stay valid if the start is later repeated from another directory. */
		vm_config_set(&out->config, SET_IMAGE, full);
		out->has_config = true;
		free(full);
	}
	if (state) {
		out->state = path_full(word);
		vm_config_set(&out->config, SET_STATE, out->state);
	} else {
		out->state = state_dir_of(&out->config);
	}
	free(image);
	return true;
}

static bool is_uuid_prefix(const char *word)
{
	size_t digits = 0;

	for (const char *p = word; *p; p++) {
		if (*p != '-' && !isxdigit((unsigned char)*p))
			return false;
		digits += *p != '-';
	}
	return digits >= UUID_DIGITS;
}

/* Hyphens may be omitted. */
static bool uuid_begins(const char *uuid, const char *prefix)
{
	while (uuid && *uuid && *prefix) {
		if (*prefix == '-' || *uuid == '-') {
			uuid += *uuid == '-';
			prefix += *prefix == '-';
		} else if (tolower((unsigned char)*uuid++) != tolower((unsigned char)*prefix++)) {
			return false;
		}
	}
	return uuid && !*prefix;
}

/* Returns the profile whose UUID has this prefix, or NULL if there is none or more than one (*several). */
static char *profile_by_uuid(const char *prefix, struct store *store, bool *several)
{
	struct strv names = { 0 };
	struct error ignored;
	char *found = NULL;

	if (!store->names(store, &names, &ignored))
		return NULL;
	for (size_t i = 0; i < names.count; i++) {
		struct vm_config config;
		struct store_revision revision;

		vm_config_init(&config, CONFIG_PROFILE);
		if (store->load(store, names.items[i], &config, &revision, &ignored)) {
			char *state = state_dir_of(&config), *uuid = state_dir_uuid_of(&config, state);

			if (uuid_begins(uuid, prefix)) {
				*several |= found != NULL;
				free(found);
				found = mem_strdup(names.items[i]);
			}
			free(uuid);
			free(state);
		}
		vm_config_finish(&config);
	}
	strv_finish(&names);
	return found;
}

static bool matches_word(const void *what, const struct registry_entry *entry)
{
	return text_equal(entry->name, what) || (is_uuid_prefix(what) && uuid_begins(entry->uuid, what));
}

static void fill_from_entry(struct vm_target *out, const struct registry_entry *entry)
{
	mark_running(out, entry);
	out->config.origin = CONFIG_COMMAND_LINE;
	free(out->config.name);
	out->config.name = mem_strdup(entry->name);
	vm_config_set(&out->config, SET_IMAGE, entry->image);
	vm_config_set(&out->config, SET_STATE, entry->state);
	out->has_config = entry->image && *entry->image;
}

void vm_target_of_entry(const struct registry_entry *entry, struct vm_target *out)
{
	*out = (struct vm_target){ 0 };
	vm_config_init(&out->config, CONFIG_COMMAND_LINE);
	if (vm_entry_is_of_profile(entry))
		mark_running(out, entry);
	else
		fill_from_entry(out, entry);
}

/* Finds a running VM by name or UUID, for VMs without a profile or path. */
static bool find_running(const char *word, const struct record_io *records, struct vm_target *out, struct error *err)
{
	struct registry_list list = { 0 };
	const struct registry_entry *found;

	if (!registry_read(records, &list, err))
		return false;

	bool good = only_entry(&list, matches_word, word, word, &found, err);

	if (good && found)
		fill_from_entry(out, found);
	registry_list_finish(&list);
	return good;
}

/* A word that matches a profile by name or UUID, but may also match a running VM. */
struct other {
	const char *word;
	const struct vm_target *profile;
	matches_fn *means;
};

static bool is_other(const void *what, const struct registry_entry *entry)
{
	const struct other *other = what;

	return other->means(other->word, entry) && !is_entry_of(other->profile, entry);
}

static bool is_called(const void *word, const struct registry_entry *entry)
{
	return text_equal(entry->name, word);
}

static bool means_no_other(const struct other *other, const struct record_io *records, struct error *err)
{
	struct registry_list list = { 0 };
	char *others;
	bool good;

	if (!registry_read(records, &list, err))
		return false;
	others = choices(&list, is_other, other);
	good = !*others || error_set(err, "%s is ambiguous: it may be the profile %s (state directory %s) or the running VM %s; "
	                             "give the UUID or the state directory of one", other->word, other->profile->config.name,
	                             other->profile->state ? other->profile->state : "not set", others);
	free(others);
	registry_list_finish(&list);
	return good;
}

bool vm_target_namesake_runs(const struct vm_target *target, const char *word, const struct record_io *records, struct error *err)
{
	struct other other = { word, target, is_called };

	return target->is_profile && !target->running && !means_no_other(&other, records, err);
}

static bool nothing_is_called(const char *word, struct store *store, struct error *err)
{
	struct strv names = { 0 };
	struct nearest nearest = nearest_to(word);
	struct error ignored;

	store->names(store, &names, &ignored);
	for (size_t i = 0; i < names.count; i++)
		nearest_try(&nearest, names.items[i]);
	for (size_t i = 0; i < names.count; i++)
		if (strcasecmp(names.items[i], word) == 0)
			nearest.best = names.items[i];
	error_set(err, "%s is not a profile, image, state directory or running VM; %s%s%s", quoted(word).text,
	          nearest.best ? "did you mean " : "paddock ls lists what exists", nearest.best ? nearest.best : "",
	          nearest.best ? "?" : "");
	strv_finish(&names);
	return false;
}

static bool find_by_uuid_or_running(const char *word, struct store *store, const struct record_io *records,
                                    struct vm_target *out, struct error *err)
{
	bool several = false;
	char *profile = is_uuid_prefix(word) ? profile_by_uuid(word, store, &several) : NULL;

	if (several) {
		free(profile);
		return error_set(err, "%s matches the UUID of more than one VM", word);
	}
	if (profile) {
		struct other other = { word, out, matches_word };
		bool ok = find_profile(profile, store, out, err) && look_up_running(profile, out, records, err) &&
		          means_no_other(&other, records, err);

		free(profile);
		return ok;
	}
	if (!find_running(word, records, out, err))
		return false;
	if (!out->running)
		return nothing_is_called(word, store, err);
	return true;
}

/* A running VM can be used even if its profile has become invalid. */
static bool find_saved(const char *word, struct store *store, const struct record_io *records, struct vm_target *out,
                       struct error *err)
{
	struct vm_ref unreadable = { .kind = VM_REF_PROFILE, .name = word };
	struct registry_list list = { 0 };
	struct error ignored;

	if (find_profile(word, store, out, err)) {
		struct other other = { word, out, is_called };

		/* A VM that is off is started by its name, even if other VMs match. */
		return look_up_running(word, out, records, err) && (!out->running || means_no_other(&other, records, err));
	}
	if (!registry_read(records, &list, &ignored))
		return false;
	for (size_t i = 0; i < list.count && !out->running; i++)
		if (vm_ref_is(&unreadable, &list.items[i], path_same))
			mark_running(out, &list.items[i]);
	registry_list_finish(&list);
	if (!out->running)
		return false;
	out->has_config = false;
	out->broken = mem_strdup(err->text);
	return true;
}

bool vm_target_is_profile(const char *word, struct store *store)
{
	struct strv names = { 0 };
	struct error ignored;
	bool is_profile = store->names(store, &names, &ignored) && strv_has(&names, word);

	strv_finish(&names);
	return is_profile;
}

bool vm_target_find(const char *word, struct store *store, const struct record_io *records, struct vm_target *out,
                    struct error *err)
{
	struct strv names = { 0 };
	struct error unreadable;
	bool is_profile, ok;

	*out = (struct vm_target){ 0 };
	vm_config_init(&out->config, CONFIG_PROFILE);

	/* If profiles cannot be listed, images can still be started, and running VMs stopped. */
	bool readable = store->names(store, &names, &unreadable);
	is_profile = strv_has(&names, word);
	strv_finish(&names);
	if (is_profile)
		ok = find_saved(word, store, records, out, err);
	else if (!*word)
		ok = error_set(err, "the NAME is empty");
	else if (find_path(word, out))
		ok = look_up_running(word, out, records, err);
	else
		ok = find_by_uuid_or_running(word, store, records, out, err);
	if (!ok && !readable)
		*err = unreadable;
	if (!ok)
		vm_target_finish(out);
	return ok;
}
