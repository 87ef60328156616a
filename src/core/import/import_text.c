/* SPDX-License-Identifier: MIT */
#include "core/import/import_text.h"

#include "core/import/libvirt_xml.h"
#include "core/import/qemu_line.h"
#include "core/import/quickemu_conf.h"

#include "core/base/error.h"
#include "core/base/str.h"

#include <string.h>

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

/* Returns false if it is not a configuration of quickemu, which only assigns variables. */
static bool read_conf(const char *text, size_t len, const struct shell_place *place, struct imported *out, bool *good,
                      struct error *err)
{
	struct shell_variables variables;
	struct error ignored;
	bool is = shell_variables_read(text, len, place, &variables, &ignored) && quickemu_conf_check(&variables);

	if (is)
		*good = quickemu_conf_read(&variables, place->directory ? place->directory : place->cwd, place->exists, out, err);
	shell_variables_finish(&variables);
	return is;
}

static bool looks_like_xml(const char *text, size_t len)
{
	while (len && strchr("\xef\xbb\xbf \t\r\n", *text) && *text) {
		text++;
		len--;
	}
	return len && *text == '<';
}

bool import_text(const char *text, size_t len, const struct shell_place *place, struct imported *out, struct strv *argv,
                 struct error *err)
{
	bool good;

	imported_init(out);
	*argv = (struct strv){ 0 };
	if (len > IMPORT_TEXT_MAX)
		return error_set(err, "this is larger than %d bytes", IMPORT_TEXT_MAX);
	if (looks_like_xml(text, len))
		return libvirt_xml_read(text, len, out, err);
	if (read_conf(text, len, place, out, &good, err))
		return good;
	return read_script(text, len, place, out, argv, err);
}
