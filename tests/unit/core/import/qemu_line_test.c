/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/base/strv.h"
#include "core/import/argv_diff.h"
#include "core/import/process.h"
#include "core/import/qemu_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static void split(const char *text, struct strv *out)
{
	*out = (struct strv){ 0 };
	while (*text) {
		size_t len = strcspn(text, " ");
		struct str word;

		str_init(&word);
		str_add(&word, text, len);
		strv_take(out, str_detach(&word));
		text += len + (text[len] == ' ');
	}
}

/* The values of one setting, separated by blanks, or the error. */
static char *setting_of(const char *line, enum vm_setting setting)
{
	struct imported imported;
	struct strv argv;
	struct error err;
	struct str out;

	split(line, &argv);
	str_init(&out);
	if (!qemu_line_read(&argv, "/w", &imported, &err))
		str_adds(&out, err.text);
	for (size_t i = 0; i < imported.config.value[setting].count; i++)
		str_addf(&out, "%s%s", i ? " " : "", imported.config.value[setting].items[i]);
	imported_finish(&imported);
	strv_finish(&argv);
	return str_detach(&out);
}

static void check(const char *line, enum vm_setting setting, const char *wanted)
{
	char *got = setting_of(line, setting);

	assert_string_equal(got, wanted);
	free(got);
}

#define Q "qemu-system-x86_64 -M q35 "

static void the_disk_that_boots_is_the_image(void **state)
{
	(void)state;
	check(Q "a.img", SET_IMAGE, "/w/a.img");
	check(Q "-hdb b -hda a", SET_IMAGE, "/w/a");
	check(Q "-hdb b -hda a", SET_DISK, "/w/b");
	check(Q "-drive file=a,if=virtio -drive file=b,if=none,id=x -device virtio-blk-pci,drive=x,bootindex=1", SET_IMAGE, "/w/b");
	check(Q "-cdrom c -hda a", SET_IMAGE, "/w/a");
	check(Q "-cdrom c -hda a -boot d", SET_IMAGE, "/w/c");
	check(Q "-cdrom c -hda a -boot order=c,once=d", SET_IMAGE, "/w/c");
	check(Q "-cdrom c", SET_BOOT_MODE, "iso");
	check(Q "-drive file=nbd://x/y -hda a", SET_ARG, "-drive file=nbd://x/y");
	check(Q "-drive file=a,snapshot=on", SET_ARG, "-snapshot");
}

static void what_no_setting_holds_stays_an_argument_in_order(void **state)
{
	(void)state;
	check(Q "a -k de -fda f -rtc base=utc --no-reboot -m 2G,slots=2", SET_ARG, "-k de -fda /w/f -rtc base=utc -no-reboot -m slots=2");
	check(Q "a -device x -chardev socket,id=c,path=s -device y", SET_DEVICE, "x y");
	check(Q "a -device x -device  -k de", SET_DEVICE, "x");
	check(Q "a -chardev socket,id=c,path=s", SET_ARG, "-chardev socket,id=c,path=/w/s");
	check(Q "a -chardev stdio,id=c -mon chardev=c -serial chardev:c", SET_ARG, "");
}

static void a_card_that_is_not_virtio_is_kept_as_it_is(void **state)
{
	(void)state;
	check(Q "a -nic user,model=e1000", SET_NETWORK, "none");
	check(Q "a -nic user,model=e1000", SET_ARG, "-nic user,model=e1000");
	check(Q "a -nic user,smb=/x", SET_NETWORK, "none");
	check(Q "a -nic tap", SET_NETWORK, "none");
	check(Q "a -nic none", SET_NETWORK, "none");
	check(Q "a -nic user,hostfwd=tcp::1-10.0.2.9:1", SET_NETWORK, "none");
	check(Q "a -nic bridge", SET_NETWORK, "bridge,br0");
}

static void wrong_lines_are_refused(void **state)
{
	(void)state;
	check("ls -l", SET_IMAGE, "'ls' is not an emulator of QEMU, such as qemu-system-x86_64");
	check(Q "-m", SET_MEMORY, "'-m' has no value");
	check("qemu-system-mips a", SET_IMAGE, "'qemu-system-mips' is not one of the emulators that paddock uses: x86_64, aarch64, s390x, riscv64");
}

static void options_are_compared_whatever_their_order(void **state)
{
	struct strv a, b, lines = { 0 };

	(void)state;
	split("qemu -m 1 -usb --smp 2 -k de", &a);
	split("other -smp 2 -m 2 -usb -usb", &b);
	argv_diff(&a, &b, &lines);
	assert_int_equal(lines.count, 4);
	assert_string_equal(lines.items[0], "- -m 1");
	assert_string_equal(lines.items[1], "- -k de");
	assert_string_equal(lines.items[2], "+ -m 2");
	assert_string_equal(lines.items[3], "+ -usb");
	strv_finish(&a);
	strv_finish(&b);
	strv_finish(&lines);
}

static void a_process_that_is_not_a_qemu_is_refused(void **state)
{
	struct strv argv = { 0 };
	struct error err;
	char *cwd;

	(void)state;
	assert_false(import_process(getpid(), &argv, &cwd, &err));
	assert_true(text_ends(err.text, "is not a QEMU"));
	strv_finish(&argv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_disk_that_boots_is_the_image),
		cmocka_unit_test(what_no_setting_holds_stays_an_argument_in_order),
		cmocka_unit_test(a_card_that_is_not_virtio_is_kept_as_it_is),
		cmocka_unit_test(wrong_lines_are_refused),
		cmocka_unit_test(options_are_compared_whatever_their_order),
		cmocka_unit_test(a_process_that_is_not_a_qemu_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
