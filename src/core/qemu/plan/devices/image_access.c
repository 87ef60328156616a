/* SPDX-License-Identifier: MIT */
/* Checks that QEMU can open the images: their permissions, and the locks of other QEMUs. */
#include "core/qemu/plan/build.h"

#include <errno.h>
#include <string.h>

bool build_writes_disks(const struct build *b)
{
	return !strv_has(&b->spec->args, "-snapshot") && !strv_has(&b->spec->args, "--snapshot");
}

void build_check_access(struct build *b, enum vm_setting setting, int index, const char *name,
                        const struct image_access *access, bool writes)
{
	const char *holder = access->holder ? access->holder : "another process or host";

	if (writes && access->read_only)
		problem_add(b->problems, PROBLEM_HOST, setting, index, "%s cannot be written: %s", name,
		            strerror(access->read_only));
	/* If this VM itself holds the image, the lock of its state directory reports that, and a start waits for it. */
	if (access->own)
		return;
	if (access->use == IMAGE_WRITTEN)
		problem_add(b->problems, PROBLEM_HOST, setting, index, "%s is in use by %s, which writes to it", name, holder);
	else if (access->use == IMAGE_READ && writes)
		problem_add(b->problems, PROBLEM_HOST, setting, index,
		            "%s is in use by %s, which reads it and does not allow writing", name, holder);
}
