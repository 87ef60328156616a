/* SPDX-License-Identifier: MIT */
/* Checks the files that disk images refer to. Pure; probe_chain.c gathers the facts. */
#include "core/qemu/plan/build.h"

#include "core/base/alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_backing(const struct chain_file *file)
{
	return !strcmp(file->role, "backing file");
}

/* Checks one file of the chain. Returns false and adds a problem if it cannot be used. */
static bool check_file(struct build *b, enum vm_setting setting, int index, const struct chain_file *file)
{
	const char *record = b->facts->formats ? b->facts->formats : "the record of formats";

	if (!file->is_file)
		return true;
	if (file->error)
		problem_add(b->problems, PROBLEM_ERROR, setting, index, "%s: its %s %s: %s%s", file->user, file->role,
		            file->path, file->error == EINVAL ? "not a regular file" : strerror(file->error),
		            file->error == ENOENT && is_backing(file)
		                    ? "; if it was moved, set its new location with qemu-img rebase -u -F FORMAT -b FILE" : "");
	else if (file->kept_format && file->format && strcmp(file->kept_format, file->format))
		problem_add(b->problems, PROBLEM_ERROR, setting, index,
		            "%s: its %s %s was %s when it was first used and now looks like %s, which a guest may have written; if you changed it, remove its line from %s",
		            file->user, file->role, file->path, file->kept_format, file->format, record);
	else {
		bool writes = !is_backing(file) && build_writes_disks(b);
		char *name = mem_printf("%s: its %s %s", file->user, file->role, file->path);

		build_check_access(b, setting, index, name, &file->access, writes);
		free(name);
		return true;
	}
	return false;
}

/* Returns false and adds a problem if the image may not refer to the file. */
static bool check_trust(struct build *b, enum vm_setting setting, int index, const struct chain_file *file)
{
	const char *remedy = b->spec->origin == CONFIG_PROFILE ? "set trust_backing = yes" : "run it once with --trust-backing";

	if (!file->outside || b->spec->trust_backing)
		return true;
	if (file->is_file)
		problem_add(b->problems, PROBLEM_ERROR, setting, index,
		            "%s: its %s %s is outside the directory of the image, and the guest could read it; if this is intended, %s",
		            file->user, file->role, file->path, remedy);
	else
		problem_add(b->problems, PROBLEM_ERROR, setting, index,
		            "%s: its %s %s is not a file on this host; if this is intended, %s", file->user, file->role, file->path,
		            remedy);
	return false;
}

void build_check_chain(struct build *b, enum vm_setting setting, int index, const struct file_fact *image)
{
	bool good = !image->chain_trouble;

	if (!good)
		problem_add(b->problems, PROBLEM_ERROR, setting, index, "%s %s", image->path, image->chain_trouble);
	for (size_t i = 0; i < image->chain_count && good; i++)
		good = (image->chain_accepted || check_trust(b, setting, index, &image->chain[i])) &&
		       check_file(b, setting, index, &image->chain[i]);
	if (!good)
		return;
	for (size_t i = 0; i < image->chain_count; i++)
		if (image->chain[i].is_file && image->chain[i].format)
			build_keep_format(b, image->chain[i].path, image->chain[i].format, false);
	if (image->chain_hash && !image->chain_accepted) {
		struct plan_step *step = step_add(b, STEP_ACCEPT_CHAIN, mem_strdup(image->path),
		                                  mem_printf("recording which files %s may refer to", image->path));

		step->bytes = mem_strdup(image->chain_hash);
		step->bytes_len = strlen(step->bytes);
	}
}
