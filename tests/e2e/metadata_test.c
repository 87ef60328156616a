/* SPDX-License-Identifier: MIT */
/* The metadata CD as a Linux guest reads it: that of cloud-init here, the plain one in foreign_test. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#define DATA_ISO "vm/demo-state/data.iso"
#define SECRET 70000

/* Every byte there is, and longer than a few sectors. */
static void put_secret(struct home *home, const char *relative)
{
	FILE *file = fopen(home_path(home, relative), "wb");

	assert_non_null(file);
	for (unsigned i = 0; i < SECRET; i++)
		putc((int)(i * 7 % 256), file);
	assert_int_equal(fclose(file), 0);
}

static char *sum_of(struct home *home, const char *name)
{
	struct result result = cli_run(home, NULL, (const char *const[]){ "/usr/bin/env", "md5sum", name, NULL });
	char *sum = strndup(result.out, 32);

	assert_int_equal(strlen(sum), 32);
	result_finish(&result);
	return sum;
}

/* A shell, and the CD found by its label. The driver may be a moment behind the shell. */
static void mount_cd(struct tty *tty)
{
	tty_wait(tty, "A small guest");
	tty_wait(tty, "/ #");
	tty_type(tty, "until findfs LABEL=cidata; do sleep 1; done; mount -t iso9660 /dev/sr0 /mnt && echo it is\\ there\r");
	tty_wait(tty, "it is there");
}

static void power_off(struct tty *tty)
{
	tty_type(tty, "poweroff\r");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static const char *beside(const char *sum, const char *name)
{
	static char line[128];

	snprintf(line, sizeof(line), "%s%s", sum, name);
	return line;
}

static unsigned mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void a_linux_guest_reads_what_was_given(void **state)
{
	struct home *home = *state;
	struct tty *tty;
	char *sum;

	home_demo_guest(home);
	put_secret(home, "vm/secret.bin");
	sum = sum_of(home, "secret.bin");
	tty = tty_open(home, 24, 80, "run", "--mem", "256", "--nocloud", "--data-file", "secret.bin", "demo");
	mount_cd(tty);
	tty_type(tty, "md5sum /mnt/config /mnt/user-data; cat /mnt/meta-data\r");
	tty_wait(tty, beside(sum, "  /mnt/config"));
	tty_wait(tty, beside(sum, "  /mnt/user-data"));
	tty_wait(tty, "instance-id: ");
	power_off(tty);
	free(sum);
	assert_int_equal(mode_of(home_path(home, DATA_ISO)), 0600);

	/* Shorter, and in a file that somebody opened to all meanwhile. */
	assert_int_equal(chmod(home_path(home, DATA_ISO), 0644), 0);
	tty = tty_open(home, 24, 80, "run", "--mem", "256", "--nocloud", "--data", "#cloud-config", "demo");
	mount_cd(tty);
	tty_type(tty, "cd /mnt; head -c 99 config user-data\r");
	tty_wait(tty, "==> user-data <==");
	tty_wait_bytes(tty, "#cloud-config");
	power_off(tty);
	assert_int_equal(mode_of(home_path(home, DATA_ISO)), 0600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_linux_guest_reads_what_was_given),
	};

	return cmocka_run_group_tests_name("metadata", tests, NULL, NULL);
}
