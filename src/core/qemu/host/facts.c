/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/facts.h"

#include "core/base/alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct file_fact *host_file(const struct host_facts *facts, const char *path)
{
	static const struct file_fact missing = { .kind = FILE_MISSING, .error = ENOENT };

	for (size_t i = 0; i < facts->file_count; i++)
		if (!strcmp(facts->files[i].path, path))
			return &facts->files[i];
	return &missing;
}

struct file_fact *host_file_add(struct host_facts *facts, const char *path)
{
	struct file_fact *file;

	facts->files = mem_grow(facts->files, &facts->file_size, facts->file_count + 1, sizeof(*facts->files));
	file = &facts->files[facts->file_count++];
	*file = (struct file_fact){ .path = mem_strdup(path), .kind = FILE_MISSING, .error = ENOENT };
	return file;
}

void host_facts_finish(struct host_facts *facts)
{
	for (size_t i = 0; i < facts->file_count; i++) {
		struct file_fact *file = &facts->files[i];

		for (size_t k = 0; k < file->chain_count; k++) {
			free(file->chain[k].path);
			free(file->chain[k].user);
			free(file->chain[k].format);
			free(file->chain[k].kept_format);
			free(file->chain[k].access.holder);
		}
		free(file->chain);
		free(file->chain_hash);
		free(file->path);
		free(file->format);
		free(file->kept_format);
		free(file->access.holder);
		mem_wipe(file->text, file->text_len);
	}
	for (size_t i = 0; i < facts->firmware_count; i++) {
		free(facts->firmwares[i].code);
		free(facts->firmwares[i].vars);
		free(facts->firmwares[i].origin);
	}
	for (size_t i = 0; i < facts->busy_count; i++)
		free(facts->busy[i].holder);
	free(facts->files);
	free(facts->firmwares);
	free(facts->busy);
	strv_finish(&facts->interfaces);
	strv_finish(&facts->bridges);
	strv_finish(&facts->absent);
	usb_devices_finish(&facts->usb);
	free(facts->kvm_reason);
	free(facts->qemu);
	free(facts->qemu_img);
	free(facts->virtiofsd);
	free(facts->no_namespaces);
	free(facts->bridge_helper.path);
	free(facts->state);
	free(facts->state_distrust);
	free(facts->state_other);
	free(facts->kept_uuid);
	free(facts->kept_mac);
	free(facts->new_uuid);
	free(facts->new_mac);
	free(facts->cwd);
	free(facts->run);
	free(facts->formats);
	memset(facts, 0, sizeof(*facts));
}
