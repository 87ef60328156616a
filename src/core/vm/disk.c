/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/base/quoted.h"
#include "core/base/str.h"
#include "core/vm/grammar.h"
#include "core/vm/list.h"
#include "core/vm/spec.h"

#include <stdlib.h>
#include <string.h>

/* An empty value unsets what an earlier word set. */
static void assign(char **to, const char *value)
{
	free(*to);
	*to = *value ? mem_strdup(value) : NULL;
}

static bool set_path(struct vm_disk *disk, const char *path, struct error *err)
{
	if (disk->path)
		return error_set(err, "%s is a second file, but a disk has only one; write a comma in a path as ',,'",
		                 quoted(path).text);
	assign(&disk->path, path);
	return true;
}

bool vm_image_format_check(const char *format, struct error *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

	if (format[strspn(format, letters)])
		return error_set(err, "%s is not a format name, such as qcow2 or raw", quoted(format).text);
	return true;
}

static bool set_format(struct vm_disk *disk, const char *format, struct error *err)
{
	if (!vm_image_format_check(format, err))
		return false;
	assign(&disk->format, format);
	return true;
}

bool vm_bus_check(const char *bus, struct error *err)
{
	static const char *const known[] = { "ide", "virtio", "scsi", "nvme" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(bus, known[i]) == 0)
			return true;
	if (strcmp(bus, "sata") == 0 || strcmp(bus, "ahci") == 0)
		return error_set(err, "%s is not a bus; use ide", quoted(bus).text);
	return error_set(err, "%s is not a bus; use ide, virtio, scsi or nvme", quoted(bus).text);
}

static bool set_bus(struct vm_disk *disk, const char *bus, struct error *err)
{
	if (*bus && !vm_bus_check(bus, err))
		return false;
	assign(&disk->bus, bus);
	return true;
}

static bool set_size(struct vm_disk *disk, const char *size, struct error *err)
{
	if (!*size) {
		disk->size_mib = 0;
		return true;
	}
	return vm_size_parse(size, 'G', &disk->size_mib, err);
}

static bool unknown_key(const char *word, struct error *err)
{
	/* Keys of QEMU's -drive and of docker. */
	static const struct synonym synonyms[] = {
		{ "if", "bus" }, { "type", "bus" }, { "interface", "bus" }, { "path", "file" }, { "source", "file" },
		{ "src", "file" }, { "name", "file" }, { "fmt", "format" }, { NULL, NULL },
	};
	static const char *const keys[] = { "file", "size", "format", "bus" };
	char *key = mem_strndup(word, strcspn(word, "="));
	const char *meant = synonym_of(synonyms, key);
	struct nearest nearest = nearest_to(key);

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && !meant; i++)
		nearest_try(&nearest, keys[i]);
	if (!meant)
		meant = nearest.best;
	if (meant)
		error_set(err, "unknown option %s; did you mean %s=?", quoted(word).text, meant);
	else
		error_set(err, "unknown option %s; use file=, size=, format= or bus=, and write a path that contains '=' as file=PATH",
		          quoted(word).text);
	free(key);
	return false;
}

static bool take_word(struct vm_disk *disk, const char *word, struct error *err)
{
	static const struct {
		const char *key;
		bool (*set)(struct vm_disk *, const char *, struct error *);
	} keys[] = {
		{ "file", set_path }, { "size", set_size }, { "format", set_format }, { "bus", set_bus },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		size_t len = strlen(keys[i].key);

		if (strncmp(word, keys[i].key, len) == 0 && word[len] == '=')
			return keys[i].set(disk, word + len + 1, err);
	}
	if (!*word)
		return error_set(err, "nothing between two commas or after the last one; write a comma in a path as ',,'");
	if (strchr(word, '='))
		return unknown_key(word, err);
	return set_path(disk, word, err);
}

bool vm_disk_parse(const char *text, struct vm_disk *out, struct error *err)
{
	const char *at = *text ? text : NULL;
	bool good = true;

	*out = (struct vm_disk){ 0 };
	while (at && good) {
		char *word = list_word(&at);

		good = take_word(out, word, err);
		free(word);
	}
	if (good && !out->path && !out->size_mib)
		good = error_set(err, "a disk needs a file or a size, as in data.qcow2,size=4G");
	if (!good)
		vm_disk_finish(out);
	return good;
}

static void add_word(struct str *out, const char *key)
{
	if (out->len)
		str_addc(out, ',');
	str_adds(out, key);
}

char *vm_disk_format(const struct vm_disk *disk)
{
	struct str out;

	str_init(&out);
	if (disk->path) {
		str_adds(&out, strchr(disk->path, '=') ? "file=" : "");
		list_add(&out, disk->path);
	}
	if (disk->size_mib) {
		char *size = vm_size_format(disk->size_mib);

		add_word(&out, "size=");
		str_adds(&out, size);
		free(size);
	}
	if (disk->format) {
		add_word(&out, "format=");
		str_adds(&out, disk->format);
	}
	if (disk->bus) {
		add_word(&out, "bus=");
		str_adds(&out, disk->bus);
	}
	return str_detach(&out);
}

void vm_disk_finish(struct vm_disk *disk)
{
	free(disk->path);
	free(disk->format);
	free(disk->bus);
	*disk = (struct vm_disk){ 0 };
}
