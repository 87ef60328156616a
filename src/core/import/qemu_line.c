/* SPDX-License-Identifier: MIT */
#include "core/import/qemu_line.h"

#include "core/import/qemu_line_impl.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/quoted.h"
#include "core/base/str.h"
#include "core/vm/list.h"

#include <stdlib.h>
#include <string.h>

#define PROGRAM "qemu-system-"
#define WORDS_MAX 4096

/* Options without a value, up to QEMU 9. All others have one. */
static const char *const flags[] = {
	"-S", "-alt-grab", "-async-teardown", "-ctrl-grab", "-curses", "-daemonize", "-enable-fips", "-enable-kvm",
	"-enable-sync-profile", "-full-screen", "-h", "-help", "-mem-prealloc", "-no-acpi", "-no-fd-bootchk", "-no-frame",
	"-no-hpet", "-no-kvm", "-no-quit", "-no-reboot", "-no-shutdown", "-no-user-config", "-nodefaults", "-nodefconfig",
	"-nographic", "-old-param", "-only-migratable", "-portrait", "-preconfig", "-s", "-sdl", "-semihosting", "-singlestep",
	"-snapshot", "-usb", "-version", "-win2k-hack", "-xen-attach", "-xen-domid-restrict", NULL,
};

bool qemu_option_is_flag(const char *option)
{
	for (size_t i = 0; flags[i]; i++)
		if (strcmp(flags[i], option) == 0)
			return true;
	return false;
}

bool qemu_program_check(const char *word)
{
	const char *name = path_base(word);

	return (text_starts(name, PROGRAM) && name[strlen(PROGRAM)]) || !strcmp(name, "qemu-kvm") || !strcmp(name, "kvm");
}

void qemu_option_leave(struct qemu_line *line, struct qemu_option *option, const char *reason)
{
	option->open = false;
	import_leave(line->out, reason, "%s%s%s", option->name, option->value && *option->name ? " " : "",
	             option->value ? option->value : "");
}

void qemu_option_become(struct qemu_line *line, struct qemu_option *option, enum vm_setting setting, const char *value,
                        const char *remark)
{
	option->open = false;
	import_set(line->out, setting, value, remark);
}

struct qemu_option *qemu_option_next(struct qemu_line *line, const char *name, const struct qemu_option *after)
{
	for (size_t i = after ? (size_t)(after - line->options) + 1 : 0; i < line->count; i++)
		if (line->options[i].open && strcmp(line->options[i].name, name) == 0)
			return &line->options[i];
	return NULL;
}

struct qemu_option *qemu_option_with(struct qemu_line *line, const char *name, const char *key, const char *value)
{
	struct qemu_option *option = NULL;

	while ((option = qemu_option_next(line, name, option))) {
		struct option_list list;
		bool has;

		option_list_read(&list, option->value, NULL);
		has = text_equal(option_list_get(&list, key), value);
		option_list_finish(&list);
		if (has)
			return option;
	}
	return NULL;
}

char *qemu_line_path(const struct qemu_line *line, const char *path)
{
	size_t word = strcspn(path, ":/");

	if (text_starts(path, "file:"))
		return path_join(line->cwd, path + strlen("file:"));
	if (!*path || path[word] == ':')
		return NULL;
	return path_join(line->cwd, path);
}

/* --- the words --- */

static bool read_words(struct qemu_line *line, const struct strv *argv, struct error *err)
{
	line->options = mem_array(argv->count, sizeof(*line->options));
	for (size_t i = 1; i < argv->count; i++) {
		const char *word = argv->items[i];
		struct qemu_option *option = &line->options[line->count++];

		*option = (struct qemu_option){ .name = "", .open = true };
		if (word[0] != '-' || !word[1]) {
			option->value = mem_strdup(word);
			continue;
		}
		option->name = word + (word[1] == '-');
		if (qemu_option_is_flag(option->name))
			continue;
		if (++i == argv->count)
			return error_set(err, "%s has no value", quoted(word).text);
		option->value = mem_strdup(argv->items[i]);
	}
	return true;
}

static bool read_program(struct qemu_line *line, const char *program, struct error *err)
{
	const char *name = path_base(program), *arch = text_starts(name, PROGRAM) ? name + strlen(PROGRAM) : NULL;
	char *directory = path_parent(program);
	bool usual = !strchr(program, '/') || !strcmp(directory, "/usr/bin") || !strcmp(directory, "/usr/libexec");

	free(directory);
	line->arch = ARCH_X86_64;
	if (arch && !strcmp(arch, "i386")) {
		import_set(line->out, SET_ARCH, "x86_64", "was i386, whose programs x86_64 runs too");
		return true;
	}
	if (arch && !vm_arch_parse(arch, &line->arch))
		return error_set(err, "%s is not one of the emulators that paddock uses: x86_64, aarch64, s390x, riscv64",
		                 quoted(name).text);
	if (arch)
		import_set(line->out, SET_ARCH, arch, NULL);
	if (!usual || (!arch && strchr(program, '/'))) {
		char *full = path_join(line->cwd, program);

		import_set(line->out, SET_QEMU, full, NULL);
		free(full);
	}
	return true;
}

/* --- what is kept --- */

/* Makes the files in a list of keys absolute, since QEMU does not run in this directory. */
static void absolute_list(const struct qemu_line *line, struct qemu_option *option)
{
	static const char *const keys[] = { "file=", "filename=", "file.filename=", "path=", "mem-path=" };
	const char *at = *option->value ? option->value : NULL;
	bool node = !strcmp(option->name, "-blockdev");	/* file= is the name of a node there */
	struct str out;

	str_init(&out);
	while (at) {
		char *word = list_word(&at);
		size_t key = 0;

		for (size_t i = node; i < sizeof(keys) / sizeof(keys[0]) && !key; i++)
			if (text_starts(word, keys[i]))
				key = strlen(keys[i]);

		char *path = key ? qemu_line_path(line, word + key) : NULL;
		char *whole = path ? mem_printf("%.*s%s", (int)key, word, path) : mem_strdup(word);

		if (out.len)
			str_addc(&out, ',');
		list_add(&out, whole);
		free(whole);
		free(path);
		free(word);
	}
	free(option->value);
	option->value = str_detach(&out);
}

static void absolute_value(const struct qemu_line *line, struct qemu_option *option)
{
	static const char *const lists[] = { "-drive", "-blockdev", "-fsdev", "-virtfs", "-chardev", "-object", "-smbios", "-acpitable" };
	static const char *const files[] = {
		"-kernel", "-initrd", "-dtb", "-fda", "-fdb", "-pflash", "-sd", "-mtdblock", "-readconfig", "-cdrom", "-hda", "-hdb",
		"-hdc", "-hdd", "-mem-path",
	};
	char *path = NULL;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (!strcmp(option->name, lists[i]) && option->value[0] != '{') {
			absolute_list(line, option);
			return;
		}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!strcmp(option->name, files[i]))
			path = qemu_line_path(line, option->value);
	if (!strcmp(option->name, "-bios") && strchr(option->value, '/'))
		path = qemu_line_path(line, option->value);
	if (path) {
		free(option->value);
		option->value = path;
	}
}

static void keep_rest(struct qemu_line *line)
{
	for (size_t i = 0; i < line->count; i++) {
		struct qemu_option *option = &line->options[i];

		if (!option->open)
			continue;
		if (option->value)
			absolute_value(line, option);
		if (!strcmp(option->name, "-device"))
			import_set(line->out, SET_DEVICE, option->value, option->remark);
		else if (*option->name)
			import_keep(line->out, option->name, option->value, option->remark);
		else
			import_leave(line->out, "this word is not an option", "%s", option->value);
	}
}

/* --- what depends on several options --- */

static void finish_machine(struct qemu_line *line)
{
	if (line->has_window)
		import_set(line->out, SET_GUI, "yes", "QEMU opens a window by default");
}

bool qemu_line_read(const struct strv *argv, const char *cwd, struct imported *out, struct error *err)
{
	struct qemu_line line = { .cwd = cwd, .out = out, .has_window = true };
	bool good;

	imported_init(out);
	if (!argv->count || !qemu_program_check(argv->items[0]))
		return error_set(err, "%s is not an emulator of QEMU, such as qemu-system-x86_64",
		                 quoted(argv->count ? argv->items[0] : "").text);
	if (argv->count > WORDS_MAX)
		return error_set(err, "the command line has more than %d words", WORDS_MAX);
	good = read_program(&line, argv->items[0], err) && read_words(&line, argv, err);
	if (good) {
		qemu_options_read(&line);
		qemu_flash_read(&line);
		qemu_kernel_read(&line);
		qemu_drives_read(&line);
		qemu_nics_read(&line);
		finish_machine(&line);
		keep_rest(&line);
	}
	for (size_t i = 0; i < line.count; i++)
		free(line.options[i].value);
	free(line.options);
	return good;
}
