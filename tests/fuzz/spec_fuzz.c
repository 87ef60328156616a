/* SPDX-License-Identifier: MIT */
/*
 * The grammars of values: the first byte says which. What can be read is
 * written in a spelling that reads as the same and is written the same.
 */
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/vm/spec.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define require(fine) ((fine) ? (void)0 : fail(#fine, __LINE__))

static void fail(const char *what, int line)
{
	fprintf(stderr, "line %d: %s does not hold\n", line, what);
	abort();
}

/* One line, and not empty. */
static void check_reason(const struct error *err)
{
	require(*err->text && !strchr(err->text, '\n'));
}

static void check_port(const char *text)
{
	struct vm_port port, again;
	struct error err;

	if (!vm_port_parse(text, &port, &err)) {
		check_reason(&err);
		return;
	}

	char *spelled = vm_port_format(&port);

	require(port.host >= 1 && port.host <= 65535 && port.guest >= 1 && port.guest <= 65535);
	require(vm_port_parse(spelled, &again, &err));
	require(again.host == port.host && again.guest == port.guest && again.udp == port.udp &&
	        strcmp(again.address, port.address) == 0);
	free(spelled);
}

static void check_disk(const char *text)
{
	struct vm_disk disk, again;
	struct error err;

	if (!vm_disk_parse(text, &disk, &err)) {
		check_reason(&err);
		return;
	}

	char *spelled = vm_disk_format(&disk);

	require(vm_disk_parse(spelled, &again, &err));
	require(text_equal(again.path, disk.path) && again.size_mib == disk.size_mib &&
	        text_equal(again.format, disk.format) && text_equal(again.bus, disk.bus));

	char *twice = vm_disk_format(&again);

	require(strcmp(twice, spelled) == 0);
	free(twice);
	free(spelled);
	vm_disk_finish(&disk);
	vm_disk_finish(&again);
}

static void check_share(const char *text)
{
	struct vm_share share, again;
	struct error err;

	if (!vm_share_parse(text, &share, &err)) {
		check_reason(&err);
		return;
	}

	char *spelled = vm_share_format(&share);

	require(vm_share_parse(spelled, &again, &err));
	require(text_equal(again.path, share.path) && text_equal(again.tag, share.tag));
	free(spelled);
	vm_share_finish(&share);
	vm_share_finish(&again);
}

static void check_words(const char *text)
{
	struct error err;
	char out[37], again[37];
	uint64_t mib;

	if (vm_mac_parse(text, out, &err))
		require(strlen(out) == 17 && vm_mac_parse(out, again, &err) && strcmp(out, again) == 0);
	if (vm_uuid_parse(text, out, &err))
		require(strlen(out) == 36 && vm_uuid_parse(out, again, &err) && strcmp(out, again) == 0);
	if (vm_size_parse(text, 'G', &mib, &err))
		require(mib > 0);
	vm_name_check(text, &err);
}

/* Any setting at all: what a form asks while the user types. */
static void check_setting(const char *text)
{
	struct error err;

	for (int setting = 0; setting < VM_SETTINGS; setting++)
		if (!vm_value_check((enum vm_setting)setting, text, &err))
			check_reason(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static void (*const checks[])(const char *) = {
		check_port, check_disk, check_share, check_words, check_setting,
	};

	if (len == 0)
		return 0;

	char *text = calloc(1, len);

	memcpy(text, bytes + 1, len - 1);
	checks[bytes[0] % (sizeof(checks) / sizeof(checks[0]))](text);
	free(text);
	return 0;
}
