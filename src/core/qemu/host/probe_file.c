/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/probe.h"

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/base/io.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/qemu/host/formats.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <linux/fs.h>
#include <unistd.h>

#define ISO_MAGIC_AT 32769
#define TEXT_MAX (64U << 20)	/* limit for metadata and command lines; more is a mistake */
#define HEAD_SIZE 512

struct magic {
	unsigned at;
	const char *bytes;
	unsigned len;
	const char *format;
};

/* From the specifications of the formats (docs/interop/qcow2.txt in QEMU and others). */
static const struct magic magics[] = {
	{ 0, "QFI\xfb\0\0\0\1", 8, "qcow" },
	{ 0, "QFI\xfb", 4, "qcow2" },
	{ 0, "QED\0", 4, "qed" },
	{ 0, "KDMV", 4, "vmdk" },
	{ 0, "COWD", 4, "vmdk" },
	{ 0, "# Disk DescriptorFile", 21, "vmdk" },
	{ 0, "vhdxfile", 8, "vhdx" },
	{ 0, "conectix", 8, "vpc" },
	{ 0, "LUKS\xba\xbe", 6, "luks" },
	{ 64, "\x7f\x10\xda\xbe", 4, "vdi" },
	{ 0, "WithoutFreeSpace", 16, "parallels" },
	{ 0, "WithouFreSpacExt", 16, "parallels" },
	{ 0, "Bochs Virtual HD Image", 22, "bochs" },
	{ 0, "#!/bin/sh\n#V2.0 Format\n", 23, "cloop" },
};

static uint64_t virtual_size(const char *format, const unsigned char *head, size_t len)
{
	if (len < HEAD_SIZE)
		return 0;
	if (!strcmp(format, "qcow2") || !strcmp(format, "qcow"))
		return bytes_big_endian(head + 24, 8);
	if (!strcmp(format, "vpc"))
		return bytes_big_endian(head + 48, 8);
	if (!strcmp(format, "vdi"))
		return bytes_little_endian(head + 368, 8);
	if (!strcmp(format, "vmdk") && head[0] == 'K')
		return bytes_little_endian(head + 12, 8) * 512;
	return 0;
}

/*
 * As in block/vmdk.c in QEMU: comments and blank lines, then the version. Whatever QEMU accepts as
 * a descriptor must be accepted here too, because a descriptor refers to other files.
 */
static bool is_vmdk_descriptor(const char *at, const char *end)
{
	while (at < end && (*at == '#' || *at == ' ')) {
		const char *line = memchr(at, '\n', (size_t)(end - at));

		if (!line)
			return false;
		if (*at == ' ') {
			while (*at == ' ')
				at++;
			if (at != line && !(*at == '\r' && at + 1 == line))
				return false;
		}
		at = line + 1;
	}
	return end - at >= 10 && !memcmp(at, "version=", 8) && strchr("123", at[8]) && at[8] && (at[9] == '\n' || at[9] == '\r');
}

const char *probe_format(const unsigned char *head, size_t len, uint64_t *size)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		const struct magic *m = &magics[i];

		if (len >= m->at + m->len && !memcmp(head + m->at, m->bytes, m->len)) {
			*size = virtual_size(m->format, head, len);
			return m->format;
		}
	}
	if (is_vmdk_descriptor((const char *)head, (const char *)head + len))
		return "vmdk";
	return "raw";
}

/* Returns true if there are no control characters that text does not contain. Bytes above ASCII may be of any encoding. */
static bool is_text(const unsigned char *head, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (head[i] == 0x7f || (head[i] < ' ' && !memchr("\t\n\f\r", head[i], 4)))
			return false;
	return len > 0;
}

const char *probe_not_disk(const unsigned char *head, size_t len)
{
	static const struct {
		unsigned at;
		const char *bytes;
		size_t len;
		const char *words;
	} others[] = {
		{ 0, "\xfd" "7zXZ", 6, "is compressed with xz (decompress it with xz -dk FILE)" },
		{ 0, "\x1f\x8b", 2, "is compressed with gzip (decompress it with gzip -dk FILE)" },
		{ 0, "\x28\xb5\x2f\xfd", 4, "is compressed with zstd (decompress it with zstd -dk FILE)" },
		{ 0, "BZh", 3, "is compressed with bzip2 (decompress it with bzip2 -dk FILE)" },
		{ 0, "LZIP", 4, "is compressed with lzip (decompress it with lzip -dk FILE)" },
		{ 0, "\x04\x22\x4d\x18", 4, "is compressed with lz4 (decompress it with lz4 -dk FILE)" },
		{ 0, "PK\3\4", 4, "is a zip archive (unpack it and use the disk in it)" },
		{ 0, "7z\xbc\xaf\x27\x1c", 6, "is a 7-Zip archive (unpack it and use the disk in it)" },
		{ 0, "Rar!\x1a\7", 6, "is a RAR archive (unpack it and use the disk in it)" },
		{ 0, "!<arch>\n", 8, "is an ar archive or a Debian package, not a disk" },
		{ 0, "\xed\xab\xee\xdb", 4, "is an RPM package, not a disk" },
		{ 0, "MSWIM\0\0", 8, "is a Windows WIM archive, not a disk" },
		{ 0, "070701", 6, "is an initial RAM disk, not a disk (a kernel boots it as PREFIX-initrd.img)" },
		{ 0, "070702", 6, "is an initial RAM disk, not a disk (a kernel boots it as PREFIX-initrd.img)" },
		{ 56, "ARM\x64", 4, "is a Linux kernel, not a disk (it boots as PREFIX-kernel)" },
		{ 56, "RSC\5", 4, "is a Linux kernel, not a disk (it boots as PREFIX-kernel)" },
		{ 0, "%PDF-", 5, "is a PDF document, not a disk" },
		{ 0, "\x89PNG\r\n\x1a\n", 8, "is a picture, not a disk" },
		{ 0, "\xff\xd8\xff", 3, "is a picture, not a disk" },
		{ 0, "SQLite format 3", 16, "is a database, not a disk" },
		{ 257, "ustar", 5, "is a tar archive, such as an OVA (unpack it and use the disk in it)" },
		{ 0, "\x7f" "ELF", 4, "is a program, not a disk" },
		{ 0, "#!", 2, "is a script, not a disk" },
		{ 0, "<?xml", 5, "is an XML file, not a disk (use the disk that it describes)" },
		{ 0, "\xff\xfe<\0", 4, "is an XML file, not a disk (use the disk that it describes)" },
		{ 0, "<domain", 7, "is an XML file, not a disk (use the disk that it describes)" },
	};

	if (len >= HEAD_SIZE && head[510] == 0x55 && head[511] == 0xaa)
		return NULL;	/* boot code can begin with any bytes */
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (len >= others[i].at + others[i].len && !memcmp(head + others[i].at, others[i].bytes, others[i].len))
			return others[i].words;
	return is_text(head, len) ? "is a text file, not a disk (if it describes a machine, use the disk that it refers to)" : NULL;
}

/*
 * Detects a firmware volume whose file system is EFI_SYSTEM_NV_DATA_FV (Platform
 * Initialization 1.8, volume 3, 3.2.1). In a template of variables only padding
 * follows; in a combined image, the volumes with the code follow.
 */
static enum uefi_content uefi_content(const unsigned char *head, size_t len, int fd)
{
	static const unsigned char nv_data[] = {
		0x8d, 0x2b, 0xf1, 0xff, 0x96, 0x76, 0x8b, 0x4c, 0xa9, 0x85, 0x27, 0x47, 0x07, 0x5b, 0x4f, 0x50,
	};
	static const char mark[] = { '_', 'F', 'V', 'H' };
	uint64_t volume = len >= 44 ? bytes_little_endian(head + 32, 8) : 0;
	char next[sizeof(mark)];

	if (len < 44 || memcmp(head + 16, nv_data, sizeof(nv_data)) || memcmp(head + 40, mark, sizeof(mark)))
		return UEFI_OTHER;
	if (volume < INT32_MAX && pread(fd, next, sizeof(next), (off_t)volume + 40) == sizeof(next) &&
	    !memcmp(next, mark, sizeof(mark)))
		return UEFI_COMBINED;
	return UEFI_VARIABLES;
}

static void read_content(struct file_fact *file, int fd)
{
	unsigned char head[HEAD_SIZE] = { 0 }, iso[5];
	ssize_t got = pread(fd, head, sizeof(head), 0);

	if (got < 0) {
		file->error = errno;
		return;
	}
	if (file->kind == FILE_BLOCK)
		ioctl(fd, BLKGETSIZE64, &file->size);
	file->format = mem_strdup(probe_format(head, (size_t)got, &file->size));
	file->kept_format = formats_of(fd);
	file->uefi = uefi_content(head, (size_t)got, fd);
	file->iso9660 = pread(fd, iso, sizeof(iso), ISO_MAGIC_AT) == sizeof(iso) && !memcmp(iso, "CD001", sizeof(iso));
	if (file->iso9660)
		probe_iso(file, fd);
	else if (!strcmp(file->format, "raw"))
		file->not_disk = probe_not_disk(head, (size_t)got);
}

/* state: the state directory of the VM, NULL if not known */
static void look(struct file_fact *file, const char *state, unsigned what)
{
	struct str text;
	struct stat st;
	bool stream;
	int fd;

	if (stat(file->path, &st) < 0) {
		file->error = errno;
		return;
	}
	/* A disk that is being created, or was when its start was killed, does not count yet. */
	if (what & PROBE_CONTENT && path_is_unfinished(file->path)) {
		file->error = ENOENT;
		return;
	}
	file->kind = S_ISREG(st.st_mode) ? FILE_REGULAR : S_ISBLK(st.st_mode) ? FILE_BLOCK
	             : S_ISDIR(st.st_mode) ? FILE_DIRECTORY : FILE_OTHER;
	file->size = (uint64_t)st.st_size;
	file->empty = S_ISREG(st.st_mode) && st.st_size == 0;
	/* It is the kernel that knows groups and access lists. */
	if (file->kind == FILE_DIRECTORY && faccessat(AT_FDCWD, file->path, W_OK | X_OK, AT_EACCESS) < 0)
		file->unwritable = errno;
	stream = file->kind == FILE_OTHER && what & PROBE_STREAM;
	if (file->kind != FILE_REGULAR && file->kind != FILE_BLOCK && !stream)
		return;
	fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (stream ? 0 : O_NONBLOCK));
	if (fd < 0) {
		file->error = errno;
		return;
	}
	if (what & PROBE_CONTENT) {
		read_content(file, fd);
		probe_access(fd, file->path, state, &file->access);
	}
	if (what & PROBE_TEXT) {
		str_init(&text);
		if (!io_read(fd, TEXT_MAX, &text))
			file->error = errno;
		file->text_len = text.len;
		file->text = str_detach(&text);
	}
	close(fd);
}

const struct file_fact *probe_file(struct host_facts *facts, const char *path, unsigned what)
{
	const struct file_fact *known = host_file(facts, path);
	struct file_fact *file = known->path ? &facts->files[known - facts->files] : host_file_add(facts, path);

	what &= ~file->probed;
	if (known->path && !what)
		return file;
	file->error = 0;
	look(file, facts->state, what);
	file->probed |= what;
	return file;
}
