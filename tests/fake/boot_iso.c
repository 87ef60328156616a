/* SPDX-License-Identifier: MIT */
#include "fake/boot_iso.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define SECTOR 2048
#define ENTRY 32
#define PRIMARY 16		/* sectors, from here on */
#define RECORD 17
#define TERMINATOR 18
#define CATALOG 19
#define IMAGE 20

static void put_entry(unsigned char *at, size_t image_len)
{
	size_t sectors = image_len / 512;

	at[0] = 0x88;
	/* a machine of the first kind wants four; the firmware of the other the whole file system */
	at[6] = (unsigned char)(sectors < 4 ? 4 : sectors);
	at[7] = (unsigned char)(sectors >> 8);
	at[8] = IMAGE;
}

static void put_catalog(unsigned char *catalog, const unsigned char *platforms, size_t count, size_t image_len)
{
	unsigned sum = 0;

	catalog[0] = 1;
	catalog[1] = platforms[0];
	catalog[30] = 0x55;
	catalog[31] = 0xaa;
	for (unsigned i = 0; i < ENTRY; i += 2)
		sum += catalog[i] | (unsigned)catalog[i + 1] << 8;
	catalog[28] = (unsigned char)-sum;
	catalog[29] = (unsigned char)((0x10000 - (sum & 0xffff)) >> 8);
	put_entry(catalog + ENTRY, image_len);
	for (size_t i = 1; i < count; i++) {
		unsigned char *header = catalog + 2 * i * ENTRY;

		header[0] = i + 1 == count ? 0x91 : 0x90;
		header[1] = platforms[i];
		header[2] = 1;
		put_entry(header + ENTRY, image_len);
	}
}

void boot_iso_write(const char *path, const unsigned char *platforms, size_t count, const void *image, size_t len)
{
	size_t size = IMAGE * SECTOR + (len + SECTOR - 1) / SECTOR * SECTOR + SECTOR;
	unsigned char *iso = calloc(1, size);
	unsigned char *primary;
	FILE *file;

	assert_non_null(iso);
	primary = iso + PRIMARY * SECTOR;
	memcpy(primary, "\1CD001\1", 7);
	memset(primary + 8, ' ', 64);
	for (unsigned i = 0; i < 4; i++) {
		primary[80 + i] = (unsigned char)(size / SECTOR >> 8 * i);
		primary[87 - i] = primary[80 + i];
	}
	primary[129] = primary[130] = SECTOR >> 8;
	memcpy(iso + RECORD * SECTOR, "\0CD001\1EL TORITO SPECIFICATION", 30);
	iso[RECORD * SECTOR + 71] = CATALOG;
	memcpy(iso + TERMINATOR * SECTOR, "\xff" "CD001\1", 7);
	put_catalog(iso + CATALOG * SECTOR, platforms, count, len);
	if (len)
		memcpy(iso + IMAGE * SECTOR, image, len);
	file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(iso, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	free(iso);
}
