/* SPDX-License-Identifier: MIT */
#include "core/machines/disk_use.h"

#include "core/base/alloc.h"
#include "core/qemu/host/facts.h"
#include "core/qemu/host/layout.h"
#include "core/qemu/host/probe.h"
#include "core/vm/image.h"
#include "core/vm/spec.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD 512		/* as much of an image as probe_format needs */
#define BLOCK 512U		/* of st_blocks */

void disk_uses_of(const struct vm_spec *spec, const char *state, struct disk_uses *out)
{
	struct host_facts facts = { 0 };
	enum boot_mode boot = spec->boot != BOOT_AUTO ? spec->boot : image_detect(spec->image);

	*out = (struct disk_uses){ .items = mem_array(spec->disk_count + 1, sizeof(out->items[0])) };
	if (boot == BOOT_DISK)
		out->items[out->count++].path = mem_strdup(spec->image);
	facts.state = mem_strdup(state);
	for (size_t i = 0; i < spec->disk_count; i++)
		out->items[out->count++].path = layout_disk(spec, &facts, i);
	free(facts.state);
}

static void read_use(struct disk_use *use)
{
	int fd = open(use->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	unsigned char head[HEAD] = { 0 };
	struct stat st;
	ssize_t got;
	off_t end;

	use->used = DISK_USE_UNKNOWN;
	use->size = 0;
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode))) {
		if (S_ISREG(st.st_mode))
			use->used = (uint64_t)st.st_blocks * BLOCK;
		got = pread(fd, head, sizeof(head), 0);
		end = lseek(fd, 0, SEEK_END);
		use->size = end > 0 ? (uint64_t)end : 0;
		if (got > 0)
			probe_format(head, (size_t)got, &use->size);
	}
	close(fd);
}

void disk_uses_read(struct disk_uses *uses)
{
	for (size_t i = 0; i < uses->count; i++)
		read_use(&uses->items[i]);
}

void disk_uses_finish(struct disk_uses *uses)
{
	for (size_t i = 0; i < uses->count; i++)
		free(uses->items[i].path);
	free(uses->items);
	*uses = (struct disk_uses){ 0 };
}
