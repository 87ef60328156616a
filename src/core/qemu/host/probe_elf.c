/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/probe.h"

#include "core/base/alloc.h"
#include "core/base/io.h"
#include "core/qemu/host/facts.h"

#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * The headers lead to the list of libraries, which is only a few kilobytes, while QEMU is about 30 MB. Sizes that
 * no program has end the search, so that a damaged file does not cost time.
 */
#define HEADERS_MAX 256
#define TABLE_MAX 65536
#define NAME_BYTES 64
#define PART (256 * 1024)
#define SEGMENT_MAX (64U << 20)

struct elf {
	int fd;
	ElfW(Phdr) *headers;
	size_t count;
};

static bool read_headers(struct elf *elf)
{
	const unsigned char class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
	ElfW(Ehdr) head;

	if (!io_read_at(elf->fd, &head, sizeof(head), 0) || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
	    head.e_ident[EI_CLASS] != class || head.e_phentsize != sizeof(*elf->headers) || head.e_phnum > HEADERS_MAX)
		return false;
	elf->count = head.e_phnum;
	elf->headers = mem_alloc(elf->count * sizeof(*elf->headers) + 1);
	return io_read_at(elf->fd, elf->headers, elf->count * sizeof(*elf->headers), head.e_phoff);
}

/* Finds the file offset of the byte that is loaded at this address. */
static bool offset_of(const struct elf *elf, ElfW(Addr) address, ElfW(Off) *offset)
{
	for (size_t i = 0; i < elf->count; i++) {
		const ElfW(Phdr) *part = &elf->headers[i];

		if (part->p_type == PT_LOAD && address >= part->p_vaddr && address - part->p_vaddr < part->p_filesz) {
			*offset = part->p_offset + (address - part->p_vaddr);
			return true;
		}
	}
	return false;
}

static bool table_needs(const struct elf *elf, const ElfW(Dyn) *table, size_t count, const char *name)
{
	ElfW(Off) strings = 0;
	char text[NAME_BYTES];
	size_t len = strlen(name);
	bool found = false;

	for (size_t i = 0; i < count && table[i].d_tag != DT_NULL; i++)
		if (table[i].d_tag == DT_STRTAB && !offset_of(elf, table[i].d_un.d_ptr, &strings))
			return false;
	if (len > sizeof(text) || !strings)
		return false;
	for (size_t i = 0; i < count && table[i].d_tag != DT_NULL && !found; i++)
		found = table[i].d_tag == DT_NEEDED && io_read_at(elf->fd, text, len, strings + table[i].d_un.d_val) &&
		        memcmp(text, name, len) == 0;
	return found;
}

bool probe_needs_library(const char *program, const char *name)
{
	struct elf elf = { .fd = open(program, O_RDONLY | O_CLOEXEC | O_NONBLOCK) };
	const ElfW(Phdr) *dynamic = NULL;
	ElfW(Dyn) *table;
	bool found = false;

	if (elf.fd >= 0 && read_headers(&elf))
		for (size_t i = 0; i < elf.count && !dynamic; i++)
			if (elf.headers[i].p_type == PT_DYNAMIC && elf.headers[i].p_filesz <= TABLE_MAX)
				dynamic = &elf.headers[i];
	if (dynamic) {
		table = mem_alloc(dynamic->p_filesz + 1);
		found = io_read_at(elf.fd, table, dynamic->p_filesz, dynamic->p_offset) &&
		        table_needs(&elf, table, dynamic->p_filesz / sizeof(*table), name);
		free(table);
	}
	free(elf.headers);
	if (elf.fd >= 0)
		close(elf.fd);
	return found;
}

/* Searches a segment, part by part, each of which begins with the end of the one before. */
static void search_segment(const struct elf *elf, const ElfW(Phdr) *segment, const char *const texts[], size_t count, bool found[])
{
	char *part = mem_alloc(NAME_BYTES + PART);
	size_t kept = 0, left = segment->p_filesz < SEGMENT_MAX ? segment->p_filesz : SEGMENT_MAX;
	ElfW(Off) at = segment->p_offset;
	bool complete = false;

	while (left && !complete) {
		size_t size = left < PART ? left : PART, len = kept + size;

		if (!io_read_at(elf->fd, part + kept, size, at))
			break;
		complete = true;
		for (size_t i = 0; i < count; i++) {
			found[i] = found[i] || memmem(part, len, texts[i], strlen(texts[i]) + 1);
			complete &= found[i];
		}
		at += size;
		left -= size;
		kept = len < NAME_BYTES ? len : NAME_BYTES;
		memmove(part, part + len - kept, kept);
	}
	free(part);
}

void probe_texts(const char *program, const char *const texts[], size_t count, bool found[])
{
	/* Linkers put constants into a segment of their own, or with -z noseparate-code next to the code. */
	static const ElfW(Word) places[] = { PF_R, PF_R | PF_X };
	struct elf elf = { .fd = open(program, O_RDONLY | O_CLOEXEC | O_NONBLOCK) };
	bool readable = elf.fd >= 0 && read_headers(&elf), any = false;

	memset(found, 0, count * sizeof(*found));
	for (size_t place = 0; place < 2 && readable && !any; place++) {
		for (size_t i = 0; i < elf.count; i++)
			if (elf.headers[i].p_type == PT_LOAD && elf.headers[i].p_flags == places[place])
				search_segment(&elf, &elf.headers[i], texts, count, found);
		for (size_t i = 0; i < count; i++)
			any |= found[i];
	}
	free(elf.headers);
	if (elf.fd >= 0)
		close(elf.fd);
}

unsigned probe_qemu_abilities(const char *program)
{
	static const struct {
		const char *text;
		enum qemu_ability ability;
	} known[] = {
		{ "pcie-root-port", QEMU_ROOT_PORT }, { "virtio-balloon-device", QEMU_BALLOON },
		{ "free-page-reporting", QEMU_PAGE_REPORTING }, { "virtserialport", QEMU_SERIAL_PORT },
		{ "pvpanic", QEMU_PVPANIC }, { "pvpanic-pci", QEMU_PVPANIC_PCI }, { "set-action", QEMU_ACTION },
	};
	enum { COUNT = sizeof(known) / sizeof(known[0]) };
	const char *texts[COUNT];
	bool found[COUNT];
	unsigned abilities = 0;

	for (size_t i = 0; i < COUNT; i++)
		texts[i] = known[i].text;
	probe_texts(program, texts, COUNT, found);
	for (size_t i = 0; i < COUNT; i++)
		abilities |= found[i] ? known[i].ability : 0U;
	return abilities;
}
