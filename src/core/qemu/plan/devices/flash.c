/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"

#include "core/base/alloc.h"
#include "core/qemu/host/firmware.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* hw/i386/pc_sysfw.c of QEMU. */
enum { FLASH_SECTOR = 4096, FLASH_MAX = 8 << 20 };

/* The contents of the flash of a UEFI machine. */
struct flash {
	const char *code;
	const char *template;	/* file to copy for the VM: the variables, or all of a combined image; NULL if nothing is kept */
	char *neighbour;		/* the template if it was allocated, to be freed */
	bool combined;
	bool secure;		/* requires SMM and flash that only SMM can write */
};

static const char *kept_name(const struct flash *flash)
{
	return flash->combined ? LAYOUT_UEFI_COMBINED : LAYOUT_UEFI_VARS;
}

/*
 * Returns the first firmware that may be used by default. If the VM already has
 * variables, prefers a firmware whose variables have the same size, because a
 * distribution may add a better firmware between two starts.
 */
static const struct firmware *default_firmware(const struct build *b)
{
	const struct host_facts *facts = b->facts;
	char *path = layout_in_state(facts, LAYOUT_UEFI_VARS);
	const struct file_fact *kept = host_file(facts, path);
	const struct firmware *first = NULL, *fitting = NULL;

	for (size_t i = 0; i < facts->firmware_count; i++) {
		const struct firmware *firmware = &facts->firmwares[i];

		if (!firmware_is_default(firmware))
			continue;
		if (!first)
			first = firmware;
		if (!fitting && kept->kind == FILE_REGULAR && firmware->vars &&
		    host_file(facts, firmware->vars)->size == kept->size)
			fitting = firmware;
	}
	free(path);
	return fitting ? fitting : first;
}

static void take_named(const struct build *b, struct flash *flash)
{
	const char *code = b->spec->firmware;
	char *neighbour = layout_vars_beside(code);

	flash->code = code;
	if (neighbour && file_is_image(host_file(b->facts, neighbour))) {
		flash->template = flash->neighbour = neighbour;
		return;
	}
	free(neighbour);
	flash->combined = host_file(b->facts, code)->uefi == UEFI_COMBINED;
	flash->template = flash->combined ? code : NULL;
}

/* Returns false if there is no firmware. */
static bool find_flash(const struct build *b, struct flash *flash)
{
	const struct host_facts *facts = b->facts;
	const struct firmware *known = b->spec->firmware ? NULL : default_firmware(b);

	for (size_t i = 0; b->spec->firmware && i < facts->firmware_count && !known; i++)
		if (!strcmp(facts->firmwares[i].code, b->spec->firmware))
			known = &facts->firmwares[i];
	*flash = (struct flash){ 0 };
	if (known) {
		flash->code = known->code;
		flash->combined = !known->vars && !known->stateless;
		flash->template = flash->combined ? known->code : known->vars;
		flash->secure = known->smm;
	} else if (b->spec->firmware) {
		take_named(b, flash);
	}
	return flash->code;
}

static void put_unit(struct build *b, const char *origin, unsigned unit, const char *path, bool writable)
{
	char *file = layout_block_value(path);

	build_option(b, origin, "-drive", "if=pflash,format=raw,unit=%u%s,file=%s", unit, writable ? "" : ",readonly=on", file);
	free(file);
}

void build_flash_args(struct build *b)
{
	struct flash flash;
	char *origin, *kept;

	if (!b->spec->uefi || !find_flash(b, &flash))
		return;
	origin = b->spec->firmware ? mem_strdup(build_origin(b, SET_FIRMWARE)) : mem_printf("host: %s", flash.code);
	kept = layout_in_state(b->facts, kept_name(&flash));
	put_unit(b, origin, 0, flash.combined ? kept : flash.code, flash.combined);
	if (flash.template && !flash.combined)
		put_unit(b, origin, 1, kept, true);
	free(kept);
	free(origin);
	free(flash.neighbour);
}

void build_flash_own(struct build *b)
{
	struct flash flash;

	if (!b->spec->uefi || !find_flash(b, &flash))
		return;
	if (flash.secure) {
		build_option(b, "paddock: required by this firmware", "-machine", "smm=on");
		build_option(b, "paddock: required by this firmware", "-global", "driver=cfi.pflash01,property=secure,value=on");
	}
	free(flash.neighbour);
}

/* Suggests a firmware of this host whose code has the right size. */
static void say_wrong_size(struct build *b, const char *path, uint64_t right)
{
	const char *fitting = NULL;

	for (size_t i = 0; i < b->facts->firmware_count && !fitting; i++) {
		const struct firmware *firmware = &b->facts->firmwares[i];

		if (firmware_is_default(firmware) && host_file(b->facts, firmware->code)->size == right)
			fitting = firmware->code;
	}
	problem_add(b->problems, PROBLEM_ERROR, SET_FIRMWARE, -1, "%s has %" PRIu64 " bytes, but the flash of %s has %" PRIu64 "%s%s",
	            path, host_file(b->facts, path)->size, vm_arch_name(b->arch), right, fitting ? "; use " : "", fitting ? fitting : "");
}

static bool check_firmware(struct build *b, const char *path)
{
	/* The exact sizes that hw/arm/virt.c and hw/riscv/virt.c of QEMU require. */
	static const uint64_t sizes[VM_ARCHES] = { [ARCH_AARCH64] = 64 << 20, [ARCH_RISCV64] = 32 << 20 };
	const struct file_fact *file = host_file(b->facts, path);
	const char *trouble = file_trouble(file);

	if (trouble)
		problem_add(b->problems, PROBLEM_ERROR, SET_FIRMWARE, -1, "%s: %s", path, trouble);
	else if (file->format && strcmp(file->format, "raw"))
		problem_add(b->problems, PROBLEM_ERROR, SET_FIRMWARE, -1,
		            "%s is a %s image, not a raw one; convert it with qemu-img convert -O raw", path, file->format);
	else if (sizes[b->arch] && file->size != sizes[b->arch])
		say_wrong_size(b, path, sizes[b->arch]);
	else if (b->arch == ARCH_X86_64 && (!file->size || file->size % FLASH_SECTOR))
		problem_add(b->problems, PROBLEM_ERROR, SET_FIRMWARE, -1,
		            "%s has %" PRIu64 " bytes: firmware for x86_64 has a multiple of %d", path, file->size, FLASH_SECTOR);
	else
		return true;
	return false;
}

/* Code and variables of x86_64 lie together below 4 GiB. */
static bool check_room(struct build *b, const struct flash *flash)
{
	uint64_t size = host_file(b->facts, flash->code)->size;

	if (flash->template && !flash->combined)
		size += host_file(b->facts, flash->template)->size;
	if (b->arch != ARCH_X86_64 || size <= FLASH_MAX)
		return true;
	problem_add(b->problems, PROBLEM_ERROR, SET_FIRMWARE, -1, "%s%s has %" PRIu64 " bytes: a machine of x86_64 takes %d at most",
	            flash->code, flash->template && !flash->combined ? " with its variables" : "", size, FLASH_MAX);
	return false;
}

/*
 * OVMF is split into code and variables that together are 1, 2 or 4 MiB
 * (edk2, OvmfPkg/Include/Fdf/OvmfPkgDefines.fdf.inc). With a variable store of
 * another size, OVMF runs but silently loses every variable.
 */
static bool check_pair(struct build *b, const struct flash *flash)
{
	static const struct {
		uint64_t code, store;
	} builds[] = { { 0xe0000, 0x20000 }, { 0x1e0000, 0x20000 }, { 0x37c000, 0x84000 } };
	uint64_t code = host_file(b->facts, flash->code)->size, right = 0;
	uint64_t store = host_file(b->facts, flash->template)->size;

	for (size_t i = 0; i < sizeof(builds) / sizeof(builds[0]); i++)
		if (b->arch == ARCH_X86_64 && builds[i].code == code)
			right = builds[i].store;
	if (right && store != right)
		problem_add(b->problems, PROBLEM_ERROR, SET_FIRMWARE, -1,
		            "%s does not match %s: it has %" PRIu64 " bytes, and that code needs %" PRIu64,
		            flash->template, flash->code, store, right);
	return !right || store == right;
}

/* Copies the template, or checks that the existing variables match the firmware. */
static void plan_copy(struct build *b, const struct flash *flash)
{
	char *path = layout_in_state(b->facts, kept_name(flash));
	const struct file_fact *kept = host_file(b->facts, path);
	const struct file_fact *template = host_file(b->facts, flash->template);
	const char *trouble = file_trouble(kept);
	struct plan_step *step;

	if (kept->kind == FILE_MISSING && kept->error == ENOENT) {
		step = step_add(b, STEP_COPY_VARS, path, mem_printf("copying %s to %s", flash->template, path));
		step->from = mem_strdup(flash->template);
		step->mode = 0600;
		return;
	}
	if (trouble)
		problem_add(b->problems, PROBLEM_ERROR, SET_UEFI, -1, "%s: %s", path, trouble);
	else if (kept->size != template->size)
		problem_add(b->problems, PROBLEM_ERROR, SET_UEFI, -1,
		            "%s has %" PRIu64 " bytes, but that of %s has %" PRIu64 "; set the firmware that it was made for, or run paddock reset-uefi",
		            path, kept->size, flash->code, template->size);
	free(path);
}

static void say_no_firmware(struct build *b)
{
	/* Names of Debian packages; elsewhere the names contain edk2. */
	static const char *const packages[VM_ARCHES] = {
		[ARCH_X86_64] = "ovmf", [ARCH_AARCH64] = "qemu-efi-aarch64", [ARCH_RISCV64] = "qemu-efi-riscv64",
	};
	const char *named = b->facts->firmware_count ? b->facts->firmwares[0].code : NULL;

	if (named)
		problem_add(b->problems, PROBLEM_ERROR, SET_FIRMWARE, -1,
		            "the UEFI firmware found for %s is for Secure Boot only; to use it, set it explicitly: %s",
		            vm_arch_name(b->arch), named);
	else
		problem_add(b->problems, PROBLEM_ERROR, SET_FIRMWARE, -1,
		            "no UEFI firmware for %s found; install the package %s (or the one of edk2 for it), or set a firmware file",
		            vm_arch_name(b->arch), packages[b->arch]);
}

void build_flash_steps(struct build *b)
{
	struct flash flash;

	if (!b->spec->uefi)
		return;
	if (b->arch == ARCH_S390X) {
		problem_add(b->problems, PROBLEM_ERROR, SET_UEFI, -1, "s390x machines have no UEFI");
		return;
	}
	if (!find_flash(b, &flash)) {
		say_no_firmware(b);
		return;
	}

	bool good = check_firmware(b, flash.code) && check_room(b, &flash);

	if (good && host_file(b->facts, flash.code)->uefi == UEFI_VARIABLES)
		problem_add(b->problems, PROBLEM_ERROR, SET_FIRMWARE, -1,
		            "%s holds only variables; set the file that holds the code", flash.code);
	else if (good && !flash.template)
		problem_add(b->problems, PROBLEM_WARNING, SET_FIRMWARE, -1,
		            "%s has no template for variables; what the guest stores in them is lost", flash.code);
	else if (good && (flash.combined || (check_firmware(b, flash.template) && check_pair(b, &flash))))
		plan_copy(b, &flash);
	free(flash.neighbour);
}
