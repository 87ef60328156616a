/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"

#include "core/base/alloc.h"
#include "core/base/path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* If the given path is only a part of a kernel image, returns the prefix of that image, or else NULL. The caller frees it. */
static char *whole_image(const struct build *b)
{
	char *stem = layout_stem(b->spec->image);
	char *kernel = stem ? mem_printf("%s-kernel", stem) : NULL;
	bool there = kernel && file_is_image(host_file(b->facts, kernel));

	free(kernel);
	if (there)
		return stem;
	free(stem);
	return NULL;
}

/* Returns "; did you mean web.iso?" if a similar path is an image, or else "". The caller frees it. */
static char *meant_image(const struct build *b)
{
	char *whole = whole_image(b);

	if (whole) {
		char *hint = mem_printf("; did you mean %s?", whole);

		free(whole);
		return hint;
	}
	for (const char *const *ending = layout_endings(); *ending; ending++) {
		char *path = mem_printf("%s%s", b->spec->image, *ending);
		bool there = file_is_image(host_file(b->facts, path));
		char *hint = there ? mem_printf("; did you mean %s?", path) : NULL;

		free(path);
		if (hint)
			return hint;
	}
	return mem_strdup("");
}

static void need_file(struct build *b, const char *suffix, const char *what)
{
	char *path = mem_printf("%s%s", b->spec->image, suffix);
	const char *trouble = file_trouble(host_file(b->facts, path));
	bool first = !*suffix || strcmp(suffix, "-kernel") == 0;
	char *hint = first ? meant_image(b) : mem_strdup("");

	if (trouble)
		problem_add(b->problems, PROBLEM_ERROR, SET_IMAGE, -1, "%s %s: %s%s", what, path, trouble, hint);
	free(hint);
	free(path);
}

static void check_auto_boot(struct build *b)
{
	const char *image = b->spec->image;
	const struct file_fact *file = host_file(b->facts, image);

	char *kernel = mem_printf("%s-kernel", image), *hint = meant_image(b);

	if (file_is_image(file) || file_is_image(host_file(b->facts, kernel)))
		problem_add(b->problems, PROBLEM_ERROR, SET_IMAGE, -1, "%s boots only in modes that are excluded", image);
	else if (file->kind == FILE_MISSING && file->error == ENOENT)
		problem_add(b->problems, PROBLEM_ERROR, SET_IMAGE, -1,
		            "neither %s nor %s exists%s", image, kernel, hint);
	else
		problem_add(b->problems, PROBLEM_ERROR, SET_IMAGE, -1, "%s: %s", image, file_trouble(file));
	free(hint);
	free(kernel);
}

/* If the firmware cannot boot the ISO, the user sees only a blank screen. */
static void check_iso(struct build *b)
{
	const struct vm_spec *spec = b->spec;
	const struct file_fact *iso = host_file(b->facts, spec->image);

	if (iso->format && strcmp(iso->format, "raw"))
		problem_add(b->problems, PROBLEM_WARNING, SET_IMAGE, -1, "%s is not an ISO but a %s disk image", spec->image,
		            iso->format);
	if (spec->uefi && iso->boots_bios && !iso->boots_efi)
		problem_add(b->problems, PROBLEM_WARNING, SET_UEFI, -1, "%s boots with BIOS only", spec->image);
	if (spec->uefi || !iso->boots_efi || iso->boots_bios)
		return;
	if (b->arch == ARCH_S390X)
		problem_add(b->problems, PROBLEM_ERROR, SET_ARCH, -1, "%s boots with UEFI, which s390x does not have", spec->image);
	else if (spec->uefi_given)
		problem_add(b->problems, PROBLEM_WARNING, SET_UEFI, -1, "%s boots with UEFI only", spec->image);
	else
		problem_add(b->problems, PROBLEM_ERROR, SET_UEFI, -1, "%s boots with UEFI only; %s", spec->image,
		            spec->origin == CONFIG_PROFILE ? "set this to yes" : "use --uefi");
}

/* QEMU comes with a BIOS for x86_64 and s390x only; raw arguments may add another. */
static void check_bios(struct build *b)
{
	const struct vm_spec *spec = b->spec;

	if ((b->arch != ARCH_AARCH64 && b->arch != ARCH_RISCV64) || spec->uefi_given || spec->args.count)
		return;
	if (!problems_of(b->problems, SET_UEFI, -1))
		problem_add(b->problems, PROBLEM_WARNING, SET_UEFI, -1, "%s machines boot disks and ISOs with UEFI only%s",
		            vm_arch_name(b->arch), spec->origin == CONFIG_PROFILE ? "" : "; use --uefi");
}

/* The command line becomes an argument of QEMU, so it cannot contain NUL. */
static void need_command_line(struct build *b)
{
	char *path = mem_printf("%s-cmdline", b->spec->image);
	const struct file_fact *file = host_file(b->facts, path);

	need_file(b, "-cmdline", "command line");
	if (file->text && strlen(file->text) < file->text_len)
		problem_add(b->problems, PROBLEM_ERROR, SET_IMAGE, -1, "command line %s contains a NUL byte", path);
	free(path);
}

static void check_unused(struct build *b, const char *value, enum vm_setting setting)
{
	if (value && (b->boot == BOOT_ISO || b->boot == BOOT_KERNEL))
		problem_add(b->problems, PROBLEM_WARNING, setting, -1, "not used: %s does not boot as a disk", b->spec->image);
}

void build_check_boot(struct build *b)
{
	char *whole;

	if (!*b->spec->image) {
		if (!problems_of(b->problems, SET_IMAGE, -1))
			problem_add(b->problems, PROBLEM_ERROR, SET_IMAGE, -1, "no image to boot");
		return;
	}
	switch (b->boot) {
	case BOOT_KERNEL:
		need_file(b, "-kernel", "kernel");
		need_file(b, "-initrd.img", "initrd");
		need_command_line(b);
		break;
	case BOOT_SQUASHFS:
		need_file(b, "-kernel", "kernel");
		need_file(b, "-squashfs.img", "root image");
		need_command_line(b);
		break;
	case BOOT_DISK:
	case BOOT_ISO:
		need_file(b, "", "boot image");
		break;
	default:
		check_auto_boot(b);
	}
	/* A shell completes "demo" to "demo-kernel", which is a regular file and would boot as a disk. */
	if (b->boot == BOOT_DISK && b->spec->boot == BOOT_AUTO && (whole = whole_image(b))) {
		problem_add(b->problems, PROBLEM_WARNING, SET_IMAGE, -1, "%s is part of the image %s, not a disk; did you mean %s?",
		            b->spec->image, path_base(whole), whole);
		free(whole);
	}
	if (b->boot == BOOT_ISO)
		check_iso(b);
	if (b->boot == BOOT_ISO || b->boot == BOOT_DISK)
		check_bios(b);
	if (b->boot == BOOT_DISK || b->boot == BOOT_SQUASHFS)
		build_check_bus(b, b->spec->boot_bus, SET_BOOT_BUS, -1);
	check_unused(b, b->spec->boot_bus, SET_BOOT_BUS);
	check_unused(b, b->spec->boot_format, SET_BOOT_FORMAT);
}

/* The device name of the boot image in Linux. */
static const char *root_device(const struct build *b)
{
	const char *bus = b->spec->boot_bus ? b->spec->boot_bus : build_has_ide(b) ? "ide" : "virtio";

	if (!strcmp(bus, "virtio"))
		return "/dev/vda";
	return !strcmp(bus, "nvme") ? "/dev/nvme0n1" : "/dev/sda";
}

void build_kernel_args(struct build *b)
{
	bool squashfs = b->boot == BOOT_SQUASHFS;
	const struct file_fact *file;
	char origin[sizeof(b->label)], *path;
	size_t len;

	if (b->boot != BOOT_KERNEL && !squashfs)
		return;
	snprintf(origin, sizeof(origin), "%s", build_origin(b, SET_IMAGE));
	build_option(b, origin, "-kernel", "%s-kernel", b->spec->image);
	if (b->boot == BOOT_KERNEL)
		build_option(b, origin, "-initrd", "%s-initrd.img", b->spec->image);
	path = mem_printf("%s-cmdline", b->spec->image);
	file = host_file(b->facts, path);
	len = file->text ? strlen(file->text) : 0;
	while (len > 0 && (file->text[len - 1] == '\n' || file->text[len - 1] == '\r'))
		len--;
	build_option(b, origin, "-append", "%.*s%s%s", (int)len, file->text ? file->text : "", squashfs ? " root=" : "",
	             squashfs ? root_device(b) : "");
	free(path);
}
