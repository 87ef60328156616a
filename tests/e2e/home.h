/* SPDX-License-Identifier: MIT */
#ifndef E2E_HOME_H
#define E2E_HOME_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * A place of its own for each test: HOME and everything XDG in a fresh
 * directory, PATH with a bin/ of it in front, guests in vm/. The test process
 * adopts what its children leave behind (keepers), so that home_finish can
 * end all of it and nothing outlives a failed test.
 */
struct home {
	char dir[64];
	char vm[80];		/* DIR/vm: where the programs under test run */
	char **env;		/* for every program started with it */
	size_t env_count;
	uid_t user;		/* programs run as this one; 0: as whoever runs the test */
};

/* Deadline of every wait, in ms; generous, since a loaded machine is no failure. */
#define E2E_DEADLINE 60000

void home_init(struct home *);
void home_finish(struct home *);
/* The same as cmocka's fixtures; the test's state is the home. */
int home_set_up(void **state);
int home_tear_down(void **state);
#define story(test) cmocka_unit_test_setup_teardown(test, home_set_up, home_tear_down)
void home_set(struct home *, const char *name, const char *value);	/* NULL: not there */
/* Put bin/NAME, a link to TARGET, in front of everything in PATH. */
void home_program(struct home *, const char *name, const char *target);
/* DIR/RELATIVE; a buffer of four that take turns. */
const char *home_path(const struct home *, const char *relative);
/* The content of a raw disk: text would be refused. */
#define HOME_DISK "\1a disk\n"

void home_write(const struct home *, const char *relative, const char *text);
char *home_read(const struct home *, const char *relative);	/* the caller's; NULL: not there */
bool home_has(const struct home *, const char *relative);
/* A profile NAME: the text of its INI file, where @ stands for the directory that the programs run in. */
void home_profile(const struct home *, const char *name, const char *ini);
/* bin/NAME, a shell script. */
void home_script(const struct home *, const char *name, const char *body);
/* Copy the tiny guest to RELATIVE. Skips the test where no real QEMU is (fails in CI). */
void home_tiny_guest(struct home *, const char *relative);
/* Link the demo guest's three files to vm/demo-*. Skips as above. */
void home_demo_guest(struct home *);
/* The same with the demo guest of another architecture, which is made where apt is. Skips as above. */
void home_foreign_guest(struct home *, const char *arch);
/* The tests' UEFI firmware: where a test's QEMU finds code, a template for variables, and all in one. Skips as above. */
#define OVMF_CODE "/usr/share/OVMF/OVMF_CODE_4M.fd"
#define OVMF_VARS "/usr/share/OVMF/OVMF_VARS_4M.fd"
#define OVMF_COMBINED "/usr/share/ovmf/OVMF.fd"
#define AAVMF_VARS "/usr/share/AAVMF/AAVMF_VARS.fd"
void home_need_ovmf(void);
void home_need_aavmf(void);
/*
 * From now on programs run as somebody who is not root, and the home is theirs; files that a
 * test makes after this are not. Nothing changes where the test itself is not run by root.
 */
void home_without_root(struct home *);
/* The same as this user, who need not be in the password file. Skips where the test is not run by root. */
void home_as_user(struct home *, uid_t);
/* Skips the test where this emulator is not (fails in CI). */
void home_need_qemu(const char *program);
/* bin/qemu-system-* is the fake one, and vm/RELATIVE an image it may be given. */
void home_fake_qemu(struct home *, const char *relative);

/* $NAME; the test ends with a plain message where it is not set: run by make. */
const char *need_env(const char *name);
/* In a child: the home's environment and directory, then exec; never returns. */
_Noreturn void home_exec(const struct home *, const char *const argv[]);
/* A port of 127.0.0.1 that was free at this moment; type: SOCK_STREAM or SOCK_DGRAM. */
unsigned home_free_port(int type);
/* How many processes this test has below it, keepers that it adopted included. */
unsigned home_children(void);
bool process_alive(pid_t);	/* a zombie is not */
pid_t process_parent(pid_t);
/* The number in a pid file, and the arguments of a process, NULs as blanks; the caller's. */
pid_t home_pid(const struct home *, const char *relative);
char *process_arguments(pid_t);
void process_wait_stopped(pid_t);
/* Until it has gone. */
void process_wait_gone(pid_t);

long now_ms(void);

#endif
