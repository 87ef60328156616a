/* SPDX-License-Identifier: MIT */
#include "core/jobs/job_list.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/path.h"
#include "core/base/pidfd.h"
#include "core/base/str.h"
#include "core/jobs/job_made.h"
#include "core/keeper/run/lock.h"
#include "core/keeper/run/registry.h"
#include "core/vm/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define DIRECTORY "jobs"
#define JOBS_MAX 1000		/* the highest ID, and the most that are read */
#define KEPT_SECONDS (24 * 60 * 60)

struct job_claim {
	char *dir;
	unsigned id;
	int lock;
};

void job_list_finish(struct job_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		job_entry_finish(&list->items[i]);
	free(list->items);
	*list = (struct job_list){ 0 };
}

static int by_number(const void *a, const void *b)
{
	unsigned left = *(const unsigned *)a, right = *(const unsigned *)b;

	return (left > right) - (left < right);
}

struct ids {
	unsigned items[JOBS_MAX];
	size_t count;
};

/* The IDs with a record, ascending. */
static void read_ids(const char *dir, struct ids *ids)
{
	DIR *open_dir = opendir(dir);
	struct dirent *found;

	ids->count = 0;
	while (open_dir && ids->count < JOBS_MAX && (found = readdir(open_dir))) {
		size_t len = strlen(found->d_name);
		struct error ignored;
		uint64_t id;

		if (!text_ends(found->d_name, ".ini"))
			continue;
		found->d_name[len - strlen(".ini")] = '\0';
		if (found->d_name[0] != '0' && number_parse(found->d_name, 1, JOBS_MAX, &id, &ignored))
			ids->items[ids->count++] = (unsigned)id;
	}
	if (open_dir)
		closedir(open_dir);
	qsort(ids->items, ids->count, sizeof(ids->items[0]), by_number);
}

static bool is_held(const char *dir, unsigned id)
{
	char *path = job_entry_path(dir, id, ".lock");
	bool held = lock_is_held(path);

	free(path);
	return held;
}

bool job_list_read(const struct record_io *io, struct job_list *list, struct error *err)
{
	char *dir = path_state(DIRECTORY);
	struct job_entry entry;
	struct ids ids;

	*list = (struct job_list){ 0 };
	if (!dir)
		return error_set(err, "neither XDG_STATE_HOME nor HOME is set to an absolute path");
	read_ids(dir, &ids);
	for (size_t i = 0; i < ids.count; i++) {
		/* The lock first: a job writes its result before it releases it. */
		bool held = is_held(dir, ids.items[i]);

		if (!job_entry_read(dir, io, ids.items[i], &entry))
			continue;
		if (entry.state == JOB_RUNNING && !held)
			entry.state = JOB_KILLED;
		list->items = mem_resize(list->items, list->count + 1, sizeof(*list->items));
		list->items[list->count++] = entry;
	}
	free(dir);
	return true;
}

/* Whatever holds the new UUID is the profile, renamed and edited perhaps. Returns false if that cannot be known. */
static bool find_saved(struct store *store, const struct job_entry *entry, bool *saved)
{
	struct strv profiles = { 0 };
	struct error ignored;
	bool known = store->names(store, &profiles, &ignored);

	*saved = false;
	for (size_t i = 0; i < profiles.count && known && !*saved; i++) {
		char *text = store->text(store, profiles.items[i], &ignored);

		known = text != NULL;
		*saved = known && strcasestr(text, entry->uuid) != NULL;
		free(text);
	}
	strv_finish(&profiles);
	return known;
}

static void clean_up(const char *dir, const struct record_io *io, struct store *store, struct job_entry *entry)
{
	struct error ignored;
	bool saved;

	if (!find_saved(store, entry, &saved) || (!saved && !job_made_remove(entry)))
		return;
	entry->state = saved ? JOB_DONE : JOB_KILLED;
	entry->ended = time(NULL);
	(void)job_entry_write(dir, io, entry, &ignored);
}

static void sweep_one(const char *dir, const struct record_io *io, struct store *store, unsigned id)
{
	struct job_entry entry;
	char *path = job_entry_path(dir, id, ".lock");
	int lock = lock_take(path);

	if (lock >= 0) {
		if (job_entry_read(dir, io, id, &entry)) {
			if (entry.state == JOB_RUNNING)
				clean_up(dir, io, store, &entry);
			else if (entry.ended + KEPT_SECONDS < time(NULL)) {
				char *record = job_entry_path(dir, id, ".ini");

				unlink(record);
				free(record);
			}
			job_entry_finish(&entry);
		}
		unlink(path);
		close(lock);
	}
	free(path);
}

void jobs_sweep(const struct record_io *io, struct store *store)
{
	char *dir = path_state(DIRECTORY);
	struct ids ids;

	if (!dir)
		return;
	read_ids(dir, &ids);
	for (size_t i = 0; i < ids.count; i++) {
		struct job_entry entry;

		if (!job_entry_read(dir, io, ids.items[i], &entry))
			continue;
		if (entry.state == JOB_RUNNING ? !is_held(dir, ids.items[i]) : entry.ended + KEPT_SECONDS < time(NULL))
			sweep_one(dir, io, store, ids.items[i]);
		job_entry_finish(&entry);
	}
	free(dir);
}

/* Returns when the process that holds the lock, and the programs it started, are gone. */
static void wait_for_lock(const char *dir, unsigned id)
{
	char *path = job_entry_path(dir, id, ".lock");
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	while (fd >= 0 && flock(fd, LOCK_SH) < 0 && errno == EINTR)
		;
	if (fd >= 0)
		close(fd);
	free(path);
}

bool job_cancel(const struct record_io *io, unsigned id, struct error *err)
{
	char *dir = path_state(DIRECTORY);
	struct job_entry entry = { 0 };
	bool good = false;
	int process;

	if (!dir || !job_entry_read(dir, io, id, &entry)) {
		error_set(err, "there is no job %u; paddock jobs lists them", id);
	} else if (entry.state != JOB_RUNNING || !is_held(dir, id)) {
		error_set(err, "job %u has ended: %s", id, job_state_name(entry.state == JOB_RUNNING ? JOB_KILLED : entry.state));
	} else {
		process = entry.pid > 0 ? pidfd_open_process(entry.pid) : -1;
		/* While the lock is held, the pid is still that of the job. */
		good = process >= 0 ? is_held(dir, id) && pidfd_signal(process, SIGTERM, err)
		                    : errno == ENOSYS && kill(entry.pid, SIGTERM) == 0;
		if (good)
			wait_for_lock(dir, id);
		else
			error_set(err, "job %u (pid %ld) cannot be ended", id, (long)entry.pid);
		if (process >= 0)
			close(process);
	}
	job_entry_finish(&entry);
	free(dir);
	return good;
}

struct job_claim *job_claim_new(struct job_entry *entry, struct error *err)
{
	char *dir = registry_private_dir(DIRECTORY, err);

	for (unsigned id = 1; dir && id <= JOBS_MAX; id++) {
		char *record = job_entry_path(dir, id, ".ini"), *path = job_entry_path(dir, id, ".lock");
		bool taken = access(record, F_OK) == 0;
		int lock = taken ? -1 : lock_take(path), reason = taken ? EWOULDBLOCK : errno;

		/* Another job may have come and gone before the lock was taken. */
		if (lock >= 0 && access(record, F_OK) == 0) {
			close(lock);
			lock = -1;
			reason = EWOULDBLOCK;
		}
		if (lock < 0 && reason != EWOULDBLOCK) {
			errno = reason;
			error_errno(err, "%s", path);
			free(dir);
			dir = NULL;
		}
		free(record);
		free(path);
		if (lock >= 0) {
			struct job_claim *claim = mem_alloc(sizeof(*claim));

			*claim = (struct job_claim){ .dir = dir, .id = id, .lock = lock };
			entry->id = id;
			entry->pid = getpid();
			entry->started = time(NULL);
			return claim;
		}
	}
	if (dir)
		error_set(err, "there are too many jobs in %s", dir);
	free(dir);
	return NULL;
}

int job_claim_lock(const struct job_claim *claim)
{
	return claim->lock;
}

bool job_claim_publish(const struct job_claim *claim, const struct record_io *io, const struct job_entry *entry,
                       struct error *err)
{
	return job_entry_write(claim->dir, io, entry, err);
}

void job_claim_release(struct job_claim *claim)
{
	if (!claim)
		return;

	char *path = job_entry_path(claim->dir, claim->id, ".lock");

	if (lock_is_there(claim->lock, path))
		unlink(path);
	close(claim->lock);
	free(path);
	free(claim->dir);
	free(claim);
}
