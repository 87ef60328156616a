/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"

#include "core/base/alloc.h"

#include <string.h>

bool build_has_data(const struct build *b)
{
	const struct vm_spec *spec = b->spec;

	return (spec->data && *spec->data) || (spec->data_file && *spec->data_file);
}

/* cloud-init recognises its user data by the first line (docs.cloud-init.io, "User data formats"). */
static bool is_cloud_config(const char *bytes, size_t len)
{
	static const char mark[] = "#cloud-config";
	size_t word = sizeof(mark) - 1;

	return len >= word && !memcmp(bytes, mark, word) && (len == word || strchr(" \t\r\n", bytes[word]));
}

void build_metadata_steps(struct build *b)
{
	const struct vm_spec *spec = b->spec;
	const char *bytes = spec->data;
	struct plan_step *step;
	size_t len;
	char *path;

	if (!build_has_data(b))
		return;
	if (bytes && *bytes) {
		len = strlen(bytes);
	} else {
		const struct file_fact *file = host_file(b->facts, spec->data_file);
		const char *trouble = file->text && !file->error ? NULL : file_trouble(file);

		if (trouble)
			problem_add(b->problems, PROBLEM_ERROR, SET_DATA_FILE, -1, "%s: %s", spec->data_file, trouble);
		bytes = file->text ? file->text : "";
		len = file->text_len;
	}
	if (!spec->nocloud && is_cloud_config(bytes, len))
		problem_add(b->problems, PROBLEM_WARNING, SET_NOCLOUD, -1,
		            "the data begins with #cloud-config, which cloud-init finds only with %s",
		            spec->origin == CONFIG_PROFILE ? "nocloud = yes" : "--nocloud");
	path = layout_in_state(b->facts, "data.iso");
	step = step_add(b, STEP_METADATA_ISO, path, mem_printf("writing %s", path));
	step->mode = 0600;
	/* cloud-init sets a machine up again when its instance ID changes, as it does for a clone. */
	if (spec->nocloud)
		step->meta = mem_printf("instance-id: %s\n", b->plan->uuid);
	step->bytes = mem_alloc(len + 1);
	memcpy(step->bytes, bytes, len);
	step->bytes_len = len;
}
