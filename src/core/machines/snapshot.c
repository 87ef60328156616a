/* SPDX-License-Identifier: MIT */
#include "core/machines/snapshot.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/base/quoted.h"
#include "core/base/replace.h"
#include "core/base/str.h"
#include "core/keeper/run/state_lock.h"
#include "core/machines/idle_disks.h"
#include "core/machines/run_program.h"
#include "core/qemu/host/layout.h"
#include "core/vm/config.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TAG_MAX 64
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define UEFI_MAX ((size_t)64 << 20)

struct session {
	struct idle_disks disks;
	struct strv paths;	/* of the images */
	int lock;
};

bool snapshot_tag_check(const char *tag, struct error *err)
{
	size_t len = strlen(tag);

	if (len == 0 || len > TAG_MAX || strspn(tag, LETTERS "0123456789._+-") != len || strchr(".-", tag[0]))
		return error_set(err, "%s is not a tag; use up to %d letters, digits and . _ + -", quoted(tag).text, TAG_MAX);
	return strcspn(tag, LETTERS) != len || error_set(err, "%s is not a tag; it needs a letter", quoted(tag).text);
}

static int by_time(const void *a, const void *b)
{
	const struct snapshot *left = a, *right = b;

	return left->when != right->when ? (left->when > right->when) - (left->when < right->when) : strcmp(left->tag, right->tag);
}

static struct snapshot *find(const struct snapshots *list, const char *tag)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i].tag, tag))
			return &list->items[i];
	return NULL;
}

bool snapshots_read(const char *json, struct snapshots *list)
{
	json_t *root = json_loads(json, 0, NULL);
	const json_t *all = json_object_get(root, "snapshots"), *item;
	bool good = json_is_object(root);
	size_t i;

	json_array_foreach(all, i, item) {
		const char *tag = json_string_value(json_object_get(item, "name"));
		json_int_t when = json_integer_value(json_object_get(item, "date-sec"));
		struct snapshot *known = tag ? find(list, tag) : NULL;

		if (known) {
			known->disks++;
		} else if (tag && list->count < SNAPSHOTS_MAX) {
			list->items = mem_resize(list->items, list->count + 1, sizeof(*list->items));
			list->items[list->count++] = (struct snapshot){ .tag = mem_strdup(tag), .when = (time_t)(when > 0 ? when : 0),
				                                        .disks = 1 };
		}
	}
	list->disks++;
	if (list->count > 1)
		qsort(list->items, list->count, sizeof(*list->items), by_time);
	json_decref(root);
	return good;
}

void snapshots_finish(struct snapshots *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].tag);
	free(list->items);
	*list = (struct snapshots){ 0 };
}

/* qemu-img would otherwise probe the format. words: NULL-terminated. */
static bool run(const struct session *session, const char *const words[], const char *path, struct str *out, struct error *err)
{
	char *plain = layout_commas(path);
	struct strv argv = { 0 };
	bool good;

	strv_add(&argv, session->disks.facts.qemu_img);
	for (; *words; words++)
		strv_add(&argv, *words);
	strv_add(&argv, "--image-opts");
	strv_addf(&argv, "driver=qcow2,file.filename=%s", plain);
	good = run_program(&argv, out, err) || error_prefix(err, "%s", path);
	strv_finish(&argv);
	free(plain);
	return good;
}

/* action: an option of `qemu-img snapshot`. */
static bool act(const struct session *session, const char *action, const char *tag, const char *path, struct error *err)
{
	return run(session, (const char *const[]){ "snapshot", "-q", action, tag, NULL }, path, NULL, err);
}

static bool take_lock(const struct vm_config *config, struct session *session, struct error *err)
{
	const char *state = session->disks.state;
	char *who = mem_printf("a snapshot of %s", config->name);
	enum state_lock_outcome outcome = STATE_LOCK_FAILED;

	if (path_make_dirs(state, 0700, err))
		outcome = state_lock(state, who, &session->lock, err);
	if (outcome == STATE_LOCK_HELD)
		error_set(err, "the state directory %s is in use", state);
	free(who);
	return outcome == STATE_LOCK_TAKEN;
}

static bool begin(const struct vm_config *config, struct session *session, struct error *err)
{
	*session = (struct session){ .lock = -1 };
	if (!idle_disks_open(config, &session->disks, err))
		return false;
	for (size_t i = 0; i < session->disks.count; i++) {
		const struct drive_plan *drive = &session->disks.items[i].drive;

		if (drive->creates)
			continue;
		if (strcmp(drive->format, "qcow2") != 0)
			return error_set(err, "%s is %s, and only qcow2 images hold snapshots; a copy in that format can be made with "
			                 "qemu-img convert -O qcow2", drive->path, drive->format);
		strv_take(&session->paths, path_full(drive->path));
	}
	return session->paths.count ? take_lock(config, session, err)
	                            : error_set(err, "%s has no disks that could hold snapshots", config->name);
}

static void end(struct session *session)
{
	if (session->lock >= 0)
		close(session->lock);
	strv_finish(&session->paths);
	idle_disks_finish(&session->disks);
}

static bool read_all(const struct session *session, struct snapshots *out, struct error *err)
{
	bool good = true;

	*out = (struct snapshots){ 0 };
	for (size_t i = 0; i < session->paths.count && good; i++) {
		struct str json;

		str_init(&json);
		good = run(session, (const char *const[]){ "info", "--output=json", NULL }, session->paths.items[i], &json, err) &&
		       (snapshots_read(json.text, out) || error_set(err, "qemu-img info cannot be read"));
		str_finish(&json);
	}
	return good;
}

static const char *const uefi_files[] = { LAYOUT_UEFI_VARS, LAYOUT_UEFI_COMBINED };

/* The copy of UEFI variables: "uefi-vars.fd.TAG" in the state directory. */
static char *kept_path(const struct session *session, size_t file, const char *tag)
{
	return mem_printf("%s/%s.%s", session->disks.state, uefi_files[file], tag);
}

/* Where there are none to copy, nothing changes. */
static bool copy(const char *from, const char *to, struct error *err)
{
	int in = own_file_open(from, O_RDONLY), out;
	struct str bytes;
	bool good;

	if (in < 0)
		return errno == ENOENT || error_errno(err, "%s", from);
	str_init(&bytes);
	good = io_read(in, UEFI_MAX, &bytes);
	close(in);
	if (!good) {
		error_errno(err, "%s", from);
	} else {
		out = replace_begin(to, 0600);
		good = (out >= 0 && replace_end(out, to, io_write(out, bytes.text, bytes.len))) || error_errno(err, "%s", to);
	}
	str_finish(&bytes);
	return good;
}

/* keep: from the files to their copies, otherwise back. */
static bool copy_uefi(const struct session *session, const char *tag, bool keep, struct error *err)
{
	bool good = true;

	for (size_t i = 0; i < sizeof(uefi_files) / sizeof(uefi_files[0]) && good; i++) {
		char *file = path_join(session->disks.state, uefi_files[i]), *kept = kept_path(session, i, tag);

		good = keep ? copy(file, kept, err) : copy(kept, file, err);
		free(kept);
		free(file);
	}
	return good;
}

static void forget_uefi(const struct session *session, const char *tag)
{
	for (size_t i = 0; i < sizeof(uefi_files) / sizeof(uefi_files[0]); i++) {
		char *kept = kept_path(session, i, tag);

		unlink(kept);
		free(kept);
	}
}

bool snapshot_list(const struct vm_config *config, struct snapshots *out, struct error *err)
{
	struct session session;
	bool good;

	*out = (struct snapshots){ 0 };
	good = begin(config, &session, err) && read_all(&session, out, err);
	end(&session);
	return good;
}

static bool take(const struct session *session, const char *tag, struct error *err)
{
	size_t done = 0;
	bool good;

	/* Of one that was deleted with another program. */
	forget_uefi(session, tag);
	good = copy_uefi(session, tag, true, err);

	while (good && done < session->paths.count) {
		good = act(session, "-c", tag, session->paths.items[done], err);
		done += good;
	}
	if (!good) {
		struct error ignored;

		while (done > 0)
			(void)act(session, "-d", tag, session->paths.items[--done], &ignored);
		forget_uefi(session, tag);
	}
	return good;
}

bool snapshot_take(const struct vm_config *config, const char *tag, struct error *err)
{
	struct snapshots known = { 0 };
	struct session session;
	bool good = snapshot_tag_check(tag, err);

	if (!good)
		return false;
	good = begin(config, &session, err) && read_all(&session, &known, err) &&
	       (!find(&known, tag) || error_set(err, "there is a snapshot %s already", tag)) && take(&session, tag, err);
	snapshots_finish(&known);
	end(&session);
	return good;
}

bool snapshot_revert(const struct vm_config *config, const char *tag, struct error *err)
{
	struct snapshots known = { 0 };
	struct session session;
	const struct snapshot *snapshot;
	bool good;

	if (!snapshot_tag_check(tag, err))
		return false;
	good = begin(config, &session, err) && read_all(&session, &known, err);
	if (good) {
		snapshot = find(&known, tag);
		if (!snapshot)
			good = error_set(err, "there is no snapshot %s", tag);
		else if (snapshot->disks != known.disks)
			good = error_set(err, "only %zu of %zu disks have the snapshot %s", snapshot->disks, known.disks, tag);
	}
	for (size_t i = 0; i < session.paths.count && good; i++)
		good = act(&session, "-a", tag, session.paths.items[i], err);
	good = good && copy_uefi(&session, tag, false, err);
	snapshots_finish(&known);
	end(&session);
	return good;
}

bool snapshot_delete(const struct vm_config *config, const char *tag, struct error *err)
{
	struct session session;
	bool good, any = false;

	if (!snapshot_tag_check(tag, err))
		return false;
	good = begin(config, &session, err);
	for (size_t i = 0; i < session.paths.count && good; i++) {
		struct snapshots of_disk = { 0 };
		struct str json;

		str_init(&json);
		good = run(&session, (const char *const[]){ "info", "--output=json", NULL }, session.paths.items[i], &json, err) &&
		       (snapshots_read(json.text, &of_disk) || error_set(err, "qemu-img info cannot be read"));
		if (good && find(&of_disk, tag)) {
			any = true;
			good = act(&session, "-d", tag, session.paths.items[i], err);
		}
		snapshots_finish(&of_disk);
		str_finish(&json);
	}
	if (good && !any)
		good = error_set(err, "there is no snapshot %s", tag);
	if (good)
		forget_uefi(&session, tag);
	end(&session);
	return good;
}
