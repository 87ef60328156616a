/* SPDX-License-Identifier: MIT */
#include "core/machines/grow_disk.h"

#include "core/base/child.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/str.h"
#include "core/control/disk_grow.h"
#include "core/control/drives.h"
#include "core/qemu/host/facts.h"
#include "core/qemu/host/gather.h"
#include "core/qemu/plan/plan_drive.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 4096

/* Returns false, with the program's words or its status, unless it succeeds. */
static bool run(struct strv *argv, struct error *err)
{
	struct child_spec spec = { .path = argv->items[0], .argv = argv->items, .in = -1, .out = -1 };
	int words[2], status = 0;
	char text[64];
	struct str said;
	pid_t pid;

	if (pipe2(words, O_CLOEXEC) < 0)
		return error_errno(err, "cannot create a pipe");
	spec.err = words[1];
	pid = child_spawn(&spec, err);
	close(words[1]);
	if (pid < 0) {
		close(words[0]);
		return false;
	}
	str_init(&said);
	/* What is behind the limit stays unread, and ends the program with SIGPIPE. */
	io_read(words[0], WORDS_MAX, &said);
	close(words[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		str_finish(&said);
		return true;
	}

	struct str line;

	str_init(&line);
	str_join_lines(said.text, &line);
	error_set(err, "%s", line.len ? line.text : child_status_text(status, text, sizeof(text)));
	str_finish(&line);
	str_finish(&said);
	return false;
}

static bool resize(const struct host_facts *facts, const struct drive_plan *drive, uint64_t mib, struct error *err)
{
	const struct file_fact *file = host_file(facts, drive->path);
	struct strv argv = { 0 };
	bool good;

	if (drive->creates)
		return error_set(err, "%s is created by the first start; change its size in the profile", drive->path);
	/* The size of some formats is not known; qemu-img refuses to shrink too. */
	if (file->size && !disk_grows(file->size, mib, err))
		return false;
	if (!facts->qemu_img)
		return error_set(err, "qemu-img is not in PATH; install it (Debian: qemu-utils)");
	plan_resize_args(facts, drive->path, drive->format, mib << 20, &argv);
	good = run(&argv, err);
	strv_finish(&argv);
	return good;
}

bool grow_disk(const struct vm_config *given, const char *state, int disk, uint64_t mib, struct error *err)
{
	enum vm_setting setting = disk == DRIVE_IMAGE_INDEX ? SET_IMAGE : SET_DISK;
	struct problems problems = { 0 };
	struct drive_plan drive;
	struct vm_spec spec = { 0 };
	struct host_facts facts;
	struct vm_config config;
	bool good = true;

	vm_config_init(&config, given->origin);
	vm_config_copy(&config, given);
	vm_config_set(&config, SET_STATE, state);
	vm_spec_read(&config, NULL, &spec, &problems);
	host_gather(&spec, false, &facts, &problems);
	if (disk == DRIVE_IMAGE_INDEX)
		plan_boot_disk(&spec, &facts, &drive, &problems);
	else
		plan_disk(&spec, &facts, (size_t)disk, &drive, &problems);
	for (size_t i = 0; i < problems.count && good; i++) {
		const struct problem *problem = &problems.items[i];

		if (problem->setting == setting && problem->severity != PROBLEM_WARNING && (disk < 0 || problem->index == disk))
			good = error_set(err, "%s", problem->text);
	}
	good = good && resize(&facts, &drive, mib, err);
	drive_plan_finish(&drive);
	problems_finish(&problems);
	host_facts_finish(&facts);
	vm_spec_finish(&spec);
	vm_config_finish(&config);
	return good;
}
