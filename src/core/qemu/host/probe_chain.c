/* SPDX-License-Identifier: MIT */
/* Finds the files that a disk image refers to, as QEMU does. QEMU would open a file that is missed here without a check. */
#include "core/base/hash.h"
#include "core/base/bytes.h"
#include "core/qemu/host/probe.h"

#include "core/base/alloc.h"
#include "core/base/io.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/qemu/host/formats.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHAIN_MAX 64		/* limit on files that one image may refer to */
#define NAME_LIMIT 1023		/* of a qcow2 backing file */
#define CLUSTER_MAX (2U << 20)	/* the first cluster holds the header, its extensions and the name */
#define DESCRIPTOR_MAX (1U << 20)
#define PARENT_MAX (20 * 512)	/* range in which QEMU searches for the parent of a VMDK */

/* The files on the path from the image to the file being read, innermost first. */
struct ancestor {
	const struct ancestor *next;
	dev_t device;
	ino_t inode;
};

struct walk {
	const char *state;	/* state directory of the VM; NULL if not known */
	struct file_fact *image;
	char *directory;	/* of the image, resolved; NULL if that fails */
	size_t size;		/* of image->chain */
};

/* A file being read. */
struct source {
	struct walk *walk;
	const char *path;
	int fd;
	struct ancestor self;
};

static void read_references(struct source *, const char *format);

/* Reads a name of `len` bytes. Returns NULL if there is none or it is truncated. The caller frees it. */
static char *name_at(int fd, uint64_t offset, uint64_t len)
{
	char name[NAME_LIMIT + 1];

	if (len == 0 || len > NAME_LIMIT || !io_read_at(fd, name, (size_t)len, offset))
		return NULL;
	name[len] = '\0';
	return *name ? mem_strdup(name) : NULL;
}

/* Sets `outside` by the resolved path of the file. */
static void place(const struct walk *walk, struct chain_file *file)
{
	char *real = file->is_file ? realpath(file->path, NULL) : NULL;
	size_t len = walk->directory ? strlen(walk->directory) : 0;
	bool below = real && walk->directory && (!strcmp(walk->directory, "/") ||
	                                         (!strncmp(real, walk->directory, len) && real[len] == '/'));

	file->outside = !file->is_file || (real && !below);
	free(real);
}

/* The format that QEMU probes if none is declared. */
static char *seen_format(int fd)
{
	unsigned char head[2048];
	uint64_t ignored;
	ssize_t got = pread(fd, head, sizeof(head), 0);

	return got < 0 ? NULL : mem_strdup(probe_format(head, (size_t)got, &ignored));
}

/* Follows the references of the file at `index` in the chain. */
static void follow_reference(const struct source *from, size_t index)
{
	struct file_fact *image = from->walk->image;
	struct chain_file *file = &image->chain[index];
	char *path = mem_strdup(file->path);
	struct source source = { .walk = from->walk, .path = path, .self = { .next = &from->self } };
	struct stat st;

	source.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (source.fd < 0 || fstat(source.fd, &st) < 0) {
		file->error = errno;
	} else if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)) {
		file->error = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	} else {
		source.self.device = st.st_dev;
		source.self.inode = st.st_ino;
		for (const struct ancestor *a = &from->self; a; a = a->next)
			if (a->device == st.st_dev && a->inode == st.st_ino)
				image->chain_trouble = "refers to itself through other images";
		file->kept_format = formats_of(source.fd);
		probe_access(source.fd, path, from->walk->state, &file->access);
		if (!file->format)
			file->format = seen_format(source.fd);
		if (!image->chain_trouble && file->format) {
			char *format = mem_strdup(file->format);

			read_references(&source, format);	/* may reallocate the chain */
			free(format);
		}
	}
	if (source.fd >= 0)
		close(source.fd);
	free(path);
}

static bool is_format_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return len > 0 && len < 32 && !name[len];
}

/* Takes ownership of name and format. A NULL format means that QEMU probes it. */
static void refer(const struct source *from, const char *role, char *name, char *format)
{
	struct walk *walk = from->walk;
	struct file_fact *image = walk->image;
	struct chain_file file = { .role = role, .user = mem_strdup(from->path), .format = format };
	const char *plain = text_starts(name, "file:") ? name + strlen("file:") : name;

	file.is_file = plain[strcspn(plain, ":/")] != ':';	/* as path_has_protocol in QEMU */
	if (file.is_file && *plain != '/') {
		char *directory = path_parent(from->path);

		file.path = mem_printf("%s/%s", directory, plain);	/* not cleaned, as in QEMU */
		free(directory);
	} else {
		file.path = mem_strdup(file.is_file ? plain : name);
	}
	free(name);
	place(walk, &file);
	image->chain = mem_grow(image->chain, &walk->size, image->chain_count + 1, sizeof(*image->chain));
	image->chain[image->chain_count++] = file;
	if (format && !is_format_name(format))
		image->chain_trouble = "declares an unknown format";
	else if (image->chain_count > CHAIN_MAX)
		image->chain_trouble = "refers to too many other images";
	else if (file.is_file)
		follow_reference(from, image->chain_count - 1);
}

/* See docs/interop/qcow2.txt in QEMU. */
static void read_qcow2(struct source *source, const unsigned char *head)
{
	uint64_t backing_at = bytes_big_endian(head + 8, 8), at, end;
	bool has_data_file = bytes_big_endian(head + 4, 4) >= 3 && head[79] & 4;	/* incompatible feature 2 */
	char *format = NULL, *data = NULL, *backing = name_at(source->fd, backing_at, bytes_big_endian(head + 16, 4));
	unsigned bits = (unsigned)bytes_big_endian(head + 20, 4);
	unsigned char extension[8];

	at = bytes_big_endian(head + 4, 4) >= 3 ? bytes_big_endian(head + 100, 4) : 72;
	end = backing_at ? backing_at : bits < 32 ? UINT64_C(1) << bits : 0;
	if (end > CLUSTER_MAX)
		end = CLUSTER_MAX;
	while (at + 8 <= end && io_read_at(source->fd, extension, 8, at)) {
		uint64_t kind = bytes_big_endian(extension, 4), len = bytes_big_endian(extension + 4, 4);

		if (kind == 0)
			break;
		/* If there are several, the last one counts. */
		if (kind == 0xe2792acaU) {
			free(format);
			format = name_at(source->fd, at + 8, len);
		} else if (kind == 0x44415441U) {
			free(data);
			data = name_at(source->fd, at + 8, len);
		}
		at += 8 + ((len + 7) & ~UINT64_C(7));
	}
	if (has_data_file && data) {
		refer(source, "data file", data, mem_strdup("raw"));
		data = NULL;
	}
	if (backing && backing_at) {
		refer(source, "backing file", backing, format);
		backing = format = NULL;
	}
	free(backing);
	free(format);
	free(data);
}

static void read_qcow(struct source *source, const unsigned char *head)
{
	uint64_t at = bytes_big_endian(head + 8, 8);
	char *backing = at ? name_at(source->fd, at, bytes_big_endian(head + 16, 4)) : NULL;

	if (backing)
		refer(source, "backing file", backing, NULL);
}

/* See docs/interop/qed_spec.txt in QEMU. */
static void read_qed(struct source *source, const unsigned char *head)
{
	enum { HAS_BACKING = 1, BACKING_IS_RAW = 4 };
	char *backing = head[16] & HAS_BACKING
	                        ? name_at(source->fd, bytes_little_endian(head + 56, 4), bytes_little_endian(head + 60, 4)) : NULL;

	if (backing)
		refer(source, "backing file", backing, head[16] & BACKING_IS_RAW ? mem_strdup("raw") : NULL);
}

/* Reads up to `limit` bytes of text; the caller frees it. */
static char *text_at(int fd, uint64_t offset, size_t limit)
{
	char *text = mem_alloc(limit + 1);
	ssize_t got = offset < INT64_MAX - limit ? pread(fd, text, limit, (off_t)offset) : 0;

	text[got > 0 ? got : 0] = '\0';
	return text;
}

static void read_vmdk_parent(struct source *source, uint64_t offset)
{
	char *text = text_at(source->fd, offset, PARENT_MAX);
	const char *at = strstr(text, "parentFileNameHint");
	const char *name = at ? strchr(at, '"') : NULL, *end = name ? strchr(name + 1, '"') : NULL;

	if (end && end > name + 1)
		refer(source, "backing file", mem_strndup(name + 1, (size_t)(end - name - 1)), NULL);
	free(text);
}

static void read_vmdk_extents(struct source *source, uint64_t offset)
{
	char *text = text_at(source->fd, offset, DESCRIPTOR_MAX), *rest = text, *line;

	while ((line = strsep(&rest, "\n"))) {
		char access[16], type[16], name[512];
		long long sectors;

		if (sscanf(line, "%15s %lld %15s \"%511[^\n\r\"]\"", access, &sectors, type, name) != 4)
			continue;
		if (strcmp(access, "RW") || source->walk->image->chain_trouble)
			continue;
		refer(source, "extent", mem_strdup(name),
		      mem_strdup(!strcmp(type, "FLAT") || !strcmp(type, "VMFS") ? "raw" : "vmdk"));
	}
	free(text);
}

/* As block/vmdk.c in QEMU: a header, which a stream-optimised image repeats at its end, or only text. */
static void read_vmdk(struct source *source, const unsigned char *head)
{
	unsigned char header[64];
	off_t end = lseek(source->fd, 0, SEEK_END);
	bool sparse = !memcmp(head, "KDMV", 4);

	if (!sparse) {
		if (memcmp(head, "COWD", 4))
			read_vmdk_extents(source, 0);
		read_vmdk_parent(source, 0);
		return;
	}
	memcpy(header, head, sizeof(header));
	if (bytes_little_endian(head + 56, 8) == UINT64_MAX && end >= 1536)
		io_read_at(source->fd, header, sizeof(header), (uint64_t)end - 1024);
	for (int i = 0; i < 2; i++) {
		const unsigned char *at = i ? header : head;
		uint64_t descriptor = bytes_little_endian(at + 28, 8);

		if (i && !memcmp(header, head, sizeof(header)))
			break;
		if (descriptor > INT64_MAX >> 9)
			continue;
		if (bytes_little_endian(at + 12, 8) == 0)
			read_vmdk_extents(source, descriptor << 9);
		read_vmdk_parent(source, descriptor << 9);
	}
}

static void read_references(struct source *source, const char *format)
{
	static const struct {
		const char *format;
		void (*read)(struct source *, const unsigned char *head);
	} readers[] = { { "qcow2", read_qcow2 }, { "qcow", read_qcow }, { "qed", read_qed }, { "vmdk", read_vmdk } };
	unsigned char head[128] = { 0 };

	if (pread(source->fd, head, sizeof(head), 0) <= 0)
		return;
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (!strcmp(readers[i].format, format))
			readers[i].read(source, head);
}

/* Returns the hash of the names of all files outside, or NULL if there are none. The caller frees it. */
static char *hash_of_outside(const struct file_fact *image)
{
	uint64_t hash = HASH_BEGIN;
	bool any = false;

	for (size_t i = 0; i < image->chain_count; i++) {
		const struct chain_file *file = &image->chain[i];
		char *real = file->is_file ? realpath(file->path, NULL) : NULL;

		if (file->outside) {
			const char *name = real ? real : file->path;

			any = true;
			hash = hash_bytes(hash, name, strlen(name) + 1);
		}
		free(real);
	}
	return any ? mem_printf("%016llx", (unsigned long long)hash) : NULL;
}

void probe_chain(struct host_facts *facts, const char *path, const char *format)
{
	const struct file_fact *known = host_file(facts, path);
	struct walk walk = { .state = facts->state };
	struct source source = { .walk = &walk, .path = path };
	char *parent, *accepted;
	struct stat st;

	if (!known->path || !known->format || known->error || known->chain_count)
		return;
	walk.image = &facts->files[known - facts->files];
	if (!format)
		format = known->kept_format ? known->kept_format : known->format;
	source.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (source.fd < 0 || fstat(source.fd, &st) < 0) {
		if (source.fd >= 0)
			close(source.fd);
		return;
	}
	source.self.device = st.st_dev;
	source.self.inode = st.st_ino;
	parent = path_parent(path);
	walk.directory = realpath(parent, NULL);
	read_references(&source, format);
	walk.image->chain_hash = hash_of_outside(walk.image);
	if (walk.image->chain_hash) {
		accepted = formats_accepted(source.fd);
		walk.image->chain_accepted = accepted && !strcmp(accepted, walk.image->chain_hash);
		free(accepted);
	}
	close(source.fd);
	free(walk.directory);
	free(parent);
}

