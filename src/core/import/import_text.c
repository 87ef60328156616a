/* SPDX-License-Identifier: MIT */
#include "core/import/import_text.h"

#include "core/import/qemu_line.h"

#include "core/base/error.h"
#include "core/base/str.h"

static bool read_script(const char *text, size_t len, const struct shell_place *place, struct imported *out, struct strv *argv,
                        struct error *err)
{
	struct shell_command command;
	bool good = shell_command_find(text, len, place, qemu_program_check, &command, err);

	if (good) {
		strv_copy(argv, &command.words);
		good = qemu_line_read(argv, command.cwd, out, err) || error_prefix(err, "line %u", command.line);
		for (size_t i = 0; i < command.notes.count; i++)
			import_leave(out, "not part of QEMU's command line", "%s", command.notes.items[i]);
	}
	shell_command_finish(&command);
	return good;
}

bool import_text(const char *text, size_t len, const struct shell_place *place, struct imported *out, struct strv *argv,
                 struct error *err)
{
	imported_init(out);
	*argv = (struct strv){ 0 };
	if (len > IMPORT_TEXT_MAX)
		return error_set(err, "this is larger than %d bytes", IMPORT_TEXT_MAX);
	return read_script(text, len, place, out, argv, err);
}
