/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/initramfs.h"

#include "core/qemu/plan/plan_data.h"

#include <string.h>

static bool has_virtio_disk(const struct plan *plan)
{
	for (size_t i = 0; i < plan->arg_count; i++)
		if (strstr(plan->args[i].text, "virtio-blk") || strstr(plan->args[i].text, "if=virtio"))
			return true;
	return false;
}

bool initramfs_seen(unsigned *place, const char *bytes, size_t len, const struct plan *plan)
{
	static const char prompt[] = "(initramfs)";

	for (const char *at = bytes, *end = bytes + len; at < end && prompt[*place]; at++) {
		/* Most console output contains no parenthesis. */
		if (*place == 0 && !(at = memchr(at, prompt[0], (size_t)(end - at))))
			return false;
		*place = *at == prompt[*place] ? *place + 1 : *at == prompt[0];
		if (!prompt[*place])
			return !has_virtio_disk(plan);
	}
	return false;
}
