/* SPDX-License-Identifier: MIT */
/* The boot record and catalog of an ISO: what the sectors say is read from nowhere else. */
#include "core/qemu/host/probe.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define RECORD_AT (17 * 2048)		/* El Torito, 2.0: the boot record's sector */

static void must(int fine, const char *what)
{
	if (!fine) {
		perror(what);
		abort();
	}
}

/* The input is what an image has from its boot record on. */
static void check_image(const uint8_t *bytes, size_t len, struct file_fact *file)
{
	int fd = memfd_create("iso", MFD_CLOEXEC);

	must(fd >= 0, "memfd_create");
	must(pwrite(fd, bytes, len, RECORD_AT) == (ssize_t)len, "pwrite");
	probe_iso(file, fd);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct file_fact first = { 0 }, second = { 0 }, catalog = { 0 };
	unsigned char sector[PROBE_CATALOG] = { 0 };

	memcpy(sector, bytes, len < sizeof(sector) ? len : sizeof(sector));
	probe_catalog(&catalog, sector);
	check_image(bytes, len, &first);
	check_image(bytes, len, &second);
	must(first.boots_bios == second.boots_bios && first.boots_efi == second.boots_efi, "the same twice");
	return 0;
}
