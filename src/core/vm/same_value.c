/* SPDX-License-Identifier: MIT */
#include "core/vm/same_value.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/yes_no.h"
#include "core/vm/spec.h"

#include <stdlib.h>
#include <string.h>

/* Each returns the value in the spelling that paddock writes, or NULL if it is invalid. The caller frees it. */
typedef char *spell_fn(const char *text);

static char *spell_switch(const char *text)
{
	bool on;

	return yes_no_parse(text, &on) ? mem_strdup(on ? "yes" : "no") : NULL;
}

static char *spell_size(const char *text)
{
	struct error ignored;
	uint64_t mib;

	return vm_size_parse(text, 'M', &mib, &ignored) ? vm_size_format(mib) : NULL;
}

static char *spell_mac(const char *text)
{
	struct error ignored;
	char mac[18];

	return vm_mac_parse(text, mac, &ignored) ? mem_strdup(mac) : NULL;
}

static char *spell_uuid(const char *text)
{
	struct error ignored;
	char uuid[37];

	return vm_uuid_parse(text, uuid, &ignored) ? mem_strdup(uuid) : NULL;
}

static char *spell_port(const char *text)
{
	struct error ignored;
	struct vm_port port;

	return vm_port_parse(text, &port, &ignored) ? vm_port_format(&port) : NULL;
}

static char *spell_disk(const char *text)
{
	struct error ignored;
	struct vm_disk disk = { 0 };
	char *spelled = vm_disk_parse(text, &disk, &ignored) ? vm_disk_format(&disk) : NULL;

	vm_disk_finish(&disk);
	return spelled;
}

static char *spell_share(const char *text)
{
	struct error ignored;
	struct vm_share share = { 0 };
	char *spelled = vm_share_parse(text, &share, &ignored) ? vm_share_format(&share) : NULL;

	vm_share_finish(&share);
	return spelled;
}

/* Settings that are missing here have one spelling of each value. */
static spell_fn *const spell[VM_SETTINGS] = {
	[SET_UUID] = spell_uuid, [SET_MEMORY] = spell_size, [SET_IMAGE] = path_expand, [SET_UEFI] = spell_switch,
	[SET_FIRMWARE] = path_expand, [SET_MAC] = spell_mac, [SET_PUBLISH] = spell_port, [SET_DISK] = spell_disk,
	[SET_TRUST_BACKING] = spell_switch, [SET_FORCE_RAW] = spell_switch, [SET_SHARE] = spell_share,
	[SET_USB] = spell_switch, [SET_LIVE] = spell_switch, [SET_GUI] = spell_switch, [SET_DATA_FILE] = path_expand, [SET_NOCLOUD] = spell_switch,
	[SET_QEMU] = path_expand, [SET_VIRTIOFSD] = path_expand, [SET_QMP] = path_expand, [SET_SANDBOX] = spell_switch,
	[SET_STATE] = path_expand,
};

char *vm_value_spelled(enum vm_setting setting, const char *text)
{
	char *spelled = spell[setting] ? spell[setting](text) : NULL;

	return spelled ? spelled : mem_strdup(text);
}

bool vm_value_same(enum vm_setting setting, const char *a, const char *b)
{
	char *one = vm_value_spelled(setting, a), *other = vm_value_spelled(setting, b);
	bool same = strcmp(one, other) == 0;

	free(one);
	free(other);
	return same;
}
