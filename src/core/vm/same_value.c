/* SPDX-License-Identifier: MIT */
#include "core/vm/same_value.h"

#include "core/base/error.h"
#include "core/vm/spec.h"

#include <stdlib.h>
#include <string.h>

/* The value in the one spelling that paddock writes, or NULL if it has none or is invalid. The caller frees it. */
static char *canonical(enum vm_setting setting, const char *text)
{
	struct error ignored;
	struct vm_port port;
	struct vm_disk disk;
	struct vm_share share;
	uint64_t mib;
	char *out = NULL;

	if (setting == SET_PUBLISH && vm_port_parse(text, &port, &ignored)) {
		out = vm_port_format(&port);
	} else if (setting == SET_DISK && vm_disk_parse(text, &disk, &ignored)) {
		out = vm_disk_format(&disk);
		vm_disk_finish(&disk);
	} else if (setting == SET_SHARE && vm_share_parse(text, &share, &ignored)) {
		out = vm_share_format(&share);
		vm_share_finish(&share);
	} else if (setting == SET_MEMORY && vm_size_parse(text, 'M', &mib, &ignored)) {
		out = vm_size_format(mib);
	}
	return out;
}

bool vm_value_same(enum vm_setting setting, const char *a, const char *b)
{
	char *one = canonical(setting, a), *other = canonical(setting, b);
	bool same = strcmp(one ? one : a, other ? other : b) == 0;

	free(one);
	free(other);
	return same;
}
