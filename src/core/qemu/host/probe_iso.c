/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/probe.h"

#include <string.h>
#include <unistd.h>

/*
 * Reads the boot catalog ("El Torito" Bootable CD-ROM Format Specification 1.0,
 * 2.0 to 2.4), which is two sectors. libisofs provides it only after reading
 * every directory, which would delay a start.
 */
#define SECTOR 2048
#define BOOT_RECORD_AT (17 * SECTOR)
#define CATALOG_AT 71			/* offset in the boot record: the sector of the catalog */
#define ENTRY 32
#define PLATFORM_EFI 0xef		/* UEFI 2.10, 13.3.2.1 */

enum { ID_VALIDATION = 0x01, ID_EXTENSION = 0x44, ID_BOOTABLE = 0x88, ID_SECTION = 0x90, ID_LAST_SECTION = 0x91 };

static void take_entry(struct file_fact *file, unsigned char platform, const unsigned char *entry)
{
	if (entry[0] != ID_BOOTABLE)
		return;
	if (platform == PLATFORM_EFI)
		file->boots_efi = true;
	else
		file->boots_bios = true;
}

void probe_catalog(struct file_fact *file, const unsigned char catalog[PROBE_CATALOG])
{
	bool last = false;

	if (catalog[0] != ID_VALIDATION || catalog[30] != 0x55 || catalog[31] != 0xaa)
		return;
	take_entry(file, catalog[1], catalog + ENTRY);
	for (size_t at = 2 * ENTRY; at < SECTOR && !last;) {
		if (catalog[at] != ID_SECTION && catalog[at] != ID_LAST_SECTION)
			return;

		unsigned char platform = catalog[at + 1];
		unsigned left = catalog[at + 2] | (unsigned)catalog[at + 3] << 8;

		last = catalog[at] == ID_LAST_SECTION;
		for (at += ENTRY; at < SECTOR && (left > 0 || catalog[at] == ID_EXTENSION); at += ENTRY) {
			if (catalog[at] == ID_EXTENSION)
				continue;
			take_entry(file, platform, catalog + at);
			left--;
		}
	}
}

void probe_iso(struct file_fact *file, int fd)
{
	static const char mark[] = "\0CD001\1EL TORITO SPECIFICATION";
	unsigned char sector[SECTOR];
	off_t at;

	if (pread(fd, sector, SECTOR, BOOT_RECORD_AT) != SECTOR || memcmp(sector, mark, sizeof(mark)))
		return;
	at = (off_t)((uint64_t)(sector[CATALOG_AT] | sector[CATALOG_AT + 1] << 8 | sector[CATALOG_AT + 2] << 16) |
	             (uint64_t)sector[CATALOG_AT + 3] << 24) * SECTOR;
	if (pread(fd, sector, SECTOR, at) == SECTOR)
		probe_catalog(file, sector);
}
