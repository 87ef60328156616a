/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/registry.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/base/strv.h"
#include "core/keeper/run/lock.h"
#include "core/keeper/run/record.h"
#include "core/vm/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define UUID_LEN 36
#define REGISTRY_NAME "run"

struct registry_claim {
	char uuid[UUID_LEN + 1];
	char *dir;
	int lock;
};

static char *entry_path(const char *dir, const char *uuid, const char *suffix)
{
	return mem_printf("%s/%s%s", dir, uuid, suffix);
}

static bool dir_is_private(const char *dir, struct error *err)
{
	struct stat st;

	if (lstat(dir, &st) < 0)
		return error_errno(err, "%s", dir);
	if (!S_ISDIR(st.st_mode))
		return error_set(err, "%s is not a directory", dir);
	if (st.st_uid != geteuid())
		return error_set(err, "%s belongs to user %u and not to you (%u)", dir, (unsigned)st.st_uid,
		                 (unsigned)geteuid());
	if (st.st_mode & 077)
		return error_set(err, "%s is accessible to other users; run chmod 700 on it", dir);
	return true;
}

static char *dir_path(const char *name, struct error *err)
{
	char *dir = path_state(name);

	if (!dir)
		error_set(err, "neither XDG_STATE_HOME nor HOME is set to an absolute path");
	return dir;
}

char *registry_private_dir(const char *name, struct error *err)
{
	char *dir = dir_path(name, err);

	if (dir && (!own_dir_check_home(dir, err) || !path_make_dirs(dir, 0700, err) || !dir_is_private(dir, err))) {
		free(dir);
		return NULL;
	}
	return dir;
}

char *registry_dir(struct error *err)
{
	return registry_private_dir(REGISTRY_NAME, err);
}

static void remove_file(const char *dir, const char *uuid, const char *suffix)
{
	char *path = entry_path(dir, uuid, suffix);

	unlink(path);
	free(path);
}

/* Removes the record of an entry whose lock this process holds and keeps. */
static void remove_record(const char *dir, const char *uuid)
{
	remove_file(dir, uuid, ".ini");
	remove_file(dir, uuid, ".sock");

	/* Also the temporary file of a keeper that was killed while writing. */
	char *record = entry_path(dir, uuid, ".ini"), *temporary = path_temporary(record);

	unlink(temporary);
	free(temporary);
	free(record);
}

static void remove_files(const char *dir, const char *uuid)
{
	remove_record(dir, uuid);
	remove_file(dir, uuid, ".lock");
}

enum registry_outcome registry_claim(const char *uuid, struct registry_claim **out, struct error *err)
{
	char *dir = registry_dir(err);

	if (!dir)
		return REGISTRY_FAILED;

	char *path = entry_path(dir, uuid, ".lock");
	int fd = lock_take(path);

	if (fd < 0) {
		enum registry_outcome outcome = errno == EWOULDBLOCK ? REGISTRY_HELD : REGISTRY_FAILED;

		error_errno(err, "%s", path);
		free(path);
		free(dir);
		return outcome;
	}
	free(path);
	/* Now that the lock is held again, the record of a killed keeper would look valid. */
	remove_record(dir, uuid);
	*out = mem_alloc(sizeof(**out));
	snprintf((*out)->uuid, sizeof((*out)->uuid), "%s", uuid);
	(*out)->dir = dir;
	(*out)->lock = fd;
	return REGISTRY_OK;
}

void registry_release(struct registry_claim *claim)
{
	if (!claim)
		return;

	char *path = entry_path(claim->dir, claim->uuid, ".lock");

	/* If the directory was removed meanwhile, the files there now belong to another keeper. */
	if (lock_is_there(claim->lock, path))
		remove_files(claim->dir, claim->uuid);
	free(path);
	close(claim->lock);
	free(claim->dir);
	free(claim);
}

/*
 * A path that does not fit into sun_path is addressed through a descriptor of
 * its directory, *dir_fd, which the caller closes after using the address; -1
 * if it is not needed.
 */
static bool socket_address(const char *dir, const char *uuid, struct sockaddr_un *out, int *dir_fd, struct error *err)
{
	int len = snprintf(out->sun_path, sizeof(out->sun_path), "%s/%s.sock", dir, uuid);

	out->sun_family = AF_UNIX;
	*dir_fd = -1;
	if (len > 0 && (size_t)len < sizeof(out->sun_path))
		return true;
	*dir_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*dir_fd < 0)
		return error_errno(err, "%s", dir);
	snprintf(out->sun_path, sizeof(out->sun_path), "/proc/self/fd/%d/%s.sock", *dir_fd, uuid);
	return true;
}

/* Limit on pending connections. The kernel refuses more, because clients must not block. */
#define BACKLOG 128

typedef int socket_fn(int fd, const struct sockaddr *address, socklen_t len);

static int open_socket(const char *dir, const char *uuid, socket_fn *use, struct error *err)
{
	struct sockaddr_un address = { 0 };
	int dir_fd;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0) {
		error_errno(err, "cannot create a socket");
		return -1;
	}
	if (!socket_address(dir, uuid, &address, &dir_fd, err)) {
		close(fd);
		return -1;
	}
	if (use(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		error_errno(err, "%s/%s.sock", dir, uuid);
		close(fd);
		fd = -1;
	}
	if (dir_fd >= 0)
		close(dir_fd);
	return fd;
}

int registry_listen(const struct registry_claim *claim, struct error *err)
{
	int fd = open_socket(claim->dir, claim->uuid, bind, err);

	if (fd >= 0 && listen(fd, BACKLOG) < 0) {
		error_errno(err, "cannot listen");
		close(fd);
		return -1;
	}
	return fd;
}

int registry_connect(const char *uuid, struct error *err)
{
	char *dir = dir_path(REGISTRY_NAME, err);
	int fd = dir ? open_socket(dir, uuid, connect, err) : -1;

	free(dir);
	return fd;
}

bool registry_publish(const struct registry_claim *claim, const struct record_io *io,
                      const struct registry_entry *entry, struct error *err)
{
	struct record record = { 0 };
	char *path = entry_path(claim->dir, claim->uuid, ".ini");

	record_put(&record, "name", entry->name);
	record_put(&record, "state", entry->state);
	record_put(&record, "image", entry->image);
	record_put(&record, "kind", entry->kind);
	record_put_number(&record, "pid", entry->pid);
	record_put_number(&record, "started", (long long)entry->started);

	bool ok = io->write(path, "vm", &record.keys, &record.values, err);

	record_finish(&record);
	free(path);
	return ok;
}

static bool read_entry(const struct record_io *io, const char *dir, const char *uuid, struct registry_entry *out)
{
	struct record record = { 0 };
	char *path = entry_path(dir, uuid, ".ini");
	struct error err;
	bool ok = io->read(path, &record.keys, &record.values, &err);

	if (ok) {
		snprintf(out->uuid, sizeof(out->uuid), "%s", uuid);
		out->name = mem_strdup(record_get(&record, "name"));
		out->state = mem_strdup(record_get(&record, "state"));
		out->image = mem_strdup(record_get(&record, "image"));
		out->kind = mem_strdup(record_get(&record, "kind"));
		out->pid = (pid_t)record_number(record_get(&record, "pid"), INT_MAX);
		out->started = (time_t)record_number(record_get(&record, "started"), INT64_MAX);
	}
	record_finish(&record);
	free(path);
	return ok;
}

static void add_entry(const struct record_io *io, const char *dir, const char *uuid, struct registry_list *list)
{
	struct registry_entry entry = { .pid = 0 };
	char *lock = entry_path(dir, uuid, ".lock");
	bool held = lock_is_held(lock);

	if (!held) {
		int fd = lock_take(lock);

		if (fd >= 0) {
			remove_files(dir, uuid);
			close(fd);
		}
	} else if (read_entry(io, dir, uuid, &entry)) {
		list->items = mem_resize(list->items, list->count + 1, sizeof(*list->items));
		list->items[list->count++] = entry;
	}
	free(lock);
}

/* Adds the UUID to `out` if the name is that of a file of an entry. */
static void note_name(const char *name, const char *suffix, struct strv *out)
{
	if (strlen(name) == UUID_LEN + strlen(suffix) && text_ends(name, suffix))
		strv_take(out, mem_strndup(name, UUID_LEN));
}

/* The UUIDs of all entries, once each: those with a lock, and those with a record alone. */
static void read_names(DIR *dir, struct strv *out)
{
	struct strv records = { 0 };
	struct dirent *found;

	while ((found = readdir(dir))) {
		note_name(found->d_name, ".lock", out);
		note_name(found->d_name, ".ini", &records);
	}
	strv_sort(out);
	strv_sort(&records);

	size_t locks = out->count;

	for (size_t i = 0, lock = 0; i < records.count; i++) {
		while (lock < locks && strcmp(out->items[lock], records.items[i]) < 0)
			lock++;
		if (lock == locks || strcmp(out->items[lock], records.items[i]) != 0)
			strv_add(out, records.items[i]);
	}
	strv_finish(&records);
}

static int by_name(const void *a, const void *b)
{
	const struct registry_entry *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	return order ? order : strcmp(left->uuid, right->uuid);
}

bool registry_read(const struct record_io *io, struct registry_list *list, struct error *err)
{
	char *path = dir_path(REGISTRY_NAME, err);
	struct strv uuids = { 0 };

	*list = (struct registry_list){ 0 };
	if (!path)
		return false;

	DIR *dir = opendir(path);

	if (!dir) {
		int reason = errno;
		bool missing = reason == ENOENT;

		/* With `sudo -u`, the directory belongs to another user and cannot be read. */
		if (!missing && (reason != EACCES || own_dir_check_home(path, err))) {
			errno = reason;
			error_errno(err, "%s", path);
		}
		free(path);
		return missing;
	}
	read_names(dir, &uuids);
	closedir(dir);
	for (size_t i = 0; i < uuids.count; i++)
		add_entry(io, path, uuids.items[i], list);
	strv_finish(&uuids);
	free(path);
	if (list->count > 1)
		qsort(list->items, list->count, sizeof(*list->items), by_name);
	return true;
}

void registry_list_finish(struct registry_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].name);
		free(list->items[i].state);
		free(list->items[i].image);
		free(list->items[i].kind);
	}
	free(list->items);
	*list = (struct registry_list){ 0 };
}

int registry_watch(struct error *err)
{
	char *dir = registry_dir(err);

	if (!dir)
		return -1;

	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	/* IN_CLOSE_WRITE: a record was written, or a keeper that held a lock has exited. */
	if (fd < 0 || inotify_add_watch(fd, dir, IN_MOVED_TO | IN_DELETE | IN_CLOSE_WRITE) < 0) {
		error_errno(err, "cannot watch %s", dir);
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	free(dir);
	return fd;
}

void registry_drain(int fd)
{
	char events[4096];

	while (read(fd, events, sizeof(events)) > 0)
		;
}
