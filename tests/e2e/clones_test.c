/* SPDX-License-Identifier: MIT */
/* Clones with disks of their own, and the jobs that make them: cancelled, killed, and followed. */
#include "core/base/alloc.h"
#include "core/base/child.h"
#include "core/base/str.h"
#include "core/jobs/job.h"
#include "core/jobs/job_run.h"
#include "core/keeper/run/process.h"
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define UUID "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
#define WEB "[boot]\nimage = @/web.img\n[network]\nmode = none\n[disks]\ndisk = @/data.img,format=raw\n" \
	"[state]\ndirectory = @/web-state\n"
#define NEW "vm/web.img-new-state/"
#define ENTER "\r"

static void make_web(struct home *home)
{
	home_need_qemu("qemu-img");
	home_write(home, "vm/web.img", HOME_DISK);
	home_write(home, "vm/data.img", HOME_DISK "data\n");
	/* qemu-img makes whole sectors of them. */
	assert_int_equal(truncate(home_path(home, "vm/web.img"), 65536), 0);
	assert_int_equal(truncate(home_path(home, "vm/data.img"), 65536), 0);
	home_profile(home, "web", WEB);
}

static bool is_same_file(struct home *home, const char *left, const char *right)
{
	struct result result = cli_run(home, NULL, (const char *const[]){ "/usr/bin/cmp", home_path(home, left), home_path(home, right), NULL });
	bool same = result.status == 0;

	result_finish(&result);
	return same;
}

/* A qemu-img that says how far it is, and goes on when it may. */
static void make_slow(struct home *home)
{
	char body[512], *program = child_find("qemu-img");

	assert_non_null(program);
	snprintf(body, sizeof(body), "printf '    (42.17/100%%%%)\\r'\nuntil [ -e '%s' ]; do sleep 0.1; done\nexec %s \"$@\"",
	         home_path(home, "go"), program);
	free(program);
	home_script(home, "qemu-img", body);
}

static void a_full_clone_has_the_same_disks_and_says_nothing(void **state)
{
	struct home *home = *state;
	struct result result;

	make_web(home);
	result = cli(home, "clone", "web", "new");
	assert_string_equal(result.err, "");
	assert_string_equal(result.out, "");
	assert_int_equal(result.status, 0);
	result_finish(&result);
	assert_true(is_same_file(home, "vm/web.img", NEW "boot-disk.raw"));
	assert_true(is_same_file(home, "vm/data.img", NEW "disk-1.raw"));
	expect(home, 0, "check", "new");
	wait_for_output(home, "\"state\": \"done\"", "jobs", "--json");
	expect_refused(home, WORDS("a VM named new already exists"), "clone", "web", "new");
	expect_refused(home, WORDS("invalid name"), "clone", "web", "a/b");
	expect_refused(home, WORDS("web.img", "only profiles can be cloned"), "clone", "web.img-new-state/boot-disk.raw", "x");
}

static void a_linked_clone_reads_the_original(void **state)
{
	struct home *home = *state;
	struct result info;

	make_web(home);
	expect(home, 0, "clone", "--linked", "web", "new");
	expect(home, 0, "check", "new");
	info = cli_run(home, NULL, (const char *const[]){ "/usr/bin/qemu-img", "info", home_path(home, NEW "boot-disk.qcow2"), NULL });
	assert_non_null(strstr(info.out, "vm/web.img"));
	assert_non_null(strstr(info.out, "backing file format: raw"));
	result_finish(&info);
	/* And is cloned itself: everything is in the copy then. */
	expect(home, 0, "clone", "new", "flat");
	info = cli_run(home, NULL, (const char *const[]){ "/usr/bin/qemu-img", "info",
	                                                  home_path(home, "vm/web.img-new-flat-state/boot-disk.qcow2"), NULL });
	assert_int_equal(info.status, 0);
	assert_null(strstr(info.out, "backing"));
	result_finish(&info);
}

static void disks_in_use_are_not_cloned(void **state)
{
	struct home *home = *state;

	make_web(home);
	home_fake_qemu(home, "vm/web.img");
	expect(home, 0, "start", "web");
	expect_refused(home, WORDS("web is running"), "clone", "web", "new");
	expect_refused(home, WORDS("web is running"), "clone", "--linked", "web", "new");
	assert_false(home_has(home, NEW));
	expect(home, 0, "kill", "web");
	expect(home, 0, "clone", "web", "new");
}

static void what_qemu_img_says_is_the_error_and_nothing_stays(void **state)
{
	struct home *home = *state;

	make_web(home);
	home_script(home, "qemu-img", "echo there is no room >&2; exit 3");
	expect_refused(home, WORDS("new was not created: copying boot-disk.raw: there is no room"), "clone", "web", "new");
	assert_false(home_has(home, NEW));
	assert_false(home_has(home, "vm/.paddock-job1-web.img-new-state"));
	assert_false(home_has(home, "config/paddock/vms/new.ini"));
	wait_for_output(home, "failed", "jobs");
}

static void progress_is_shown_and_ctrl_c_cancels(void **state)
{
	struct home *home = *state;
	struct tty *tty;

	make_web(home);
	make_slow(home);
	tty = tty_open(home, 24, 80, "clone", "web", "new");
	tty_wait(tty, "21 %  copying boot-disk.raw");
	assert_true(home_has(home, "vm/.paddock-job1-web.img-new-state"));
	expect_refused(home, WORDS("in use by 'cloning web to new'"), "clone", "web", "other");
	wait_for_output(home, "running     21%  cloning web to new: copying boot-disk.raw", "jobs");
	tty_type(tty, "\3");
	tty_wait(tty, "new was not created: cancelled");
	assert_int_equal(tty_wait_end(tty), 1);
	tty_close(tty);
	assert_false(home_has(home, "vm/.paddock-job1-web.img-new-state"));
	wait_for_output(home, "cancelled", "jobs");
}

static void a_job_outlives_the_terminal_and_is_cancelled_by_its_number(void **state)
{
	struct home *home = *state;
	struct tty *tty;

	make_web(home);
	make_slow(home);
	tty = tty_open(home, 24, 80, "clone", "web", "first");
	tty_wait(tty, "copying boot-disk.raw");
	tty_close(tty);
	wait_for_output(home, "running", "jobs");
	expect(home, 0, "jobs", "cancel", "1");
	wait_for_output(home, "cancelled", "jobs");
	expect_refused(home, WORDS("job 1 has ended: cancelled"), "jobs", "cancel", "1");
	tty = tty_open(home, 24, 80, "clone", "web", "new");
	tty_wait(tty, "copying boot-disk.raw");
	tty_close(tty);
	home_write(home, "go", "");
	wait_for_output(home, "done", "jobs");
	expect(home, 0, "check", "new");
	assert_true(is_same_file(home, "vm/data.img", NEW "disk-1.raw"));
}

static void the_screen_asks_which_disks_the_clone_gets(void **state)
{
	struct home *home = *state;
	struct tty *tty;

	make_web(home);
	tty = tty_open(home, 24, 100, home->vm);
	tty_wait(tty, "○ web");
	tty_type(tty, "c");
	tty_wait(tty, "Name of the clone");
	tty_type(tty, "\25new" ENTER);
	tty_wait(tty, "full copies of the disks");
	tty_type(tty, "f");
	tty_wait(tty, "new is a clone of web");
	tty_wait(tty, "○ new");
	tty_type(tty, "q");
	tty_wait_end(tty);
	tty_close(tty);
	assert_true(is_same_file(home, "vm/web.img", NEW "boot-disk.raw"));
}

/* A job as the clone command starts it, of one disk, traced. Nobody reads what it tells. */
static pid_t start_traced(struct home *home)
{
	char *program = child_find("qemu-img"), path[128];
	struct job_step *step;
	struct str bytes;
	struct job job;
	int file = memfd_create("job", 0);
	pid_t pid;

	assert_true(program && file >= 0);
	job_init(&job);
	job.title = mem_strdup("cloning web to new");
	job.vm = mem_strdup("web");
	job.directory = mem_printf("%s/web.img-new-state", home->vm);
	strv_addf(&job.states, "%s/web-state", home->vm);
	step = job_add_step(&job, "boot-disk.raw", 65536);
	step->what = mem_strdup("copying boot-disk.raw");
	strv_take(&step->argv, program);
	snprintf(path, sizeof(path), "%s/web.img", home->vm);
	for (const char *const *word = WORDS("convert", "-p", "-f", "raw", "-O", "raw", path, "boot-disk.raw"); *word; word++)
		strv_add(&step->argv, *word);
	job.profile.name = mem_strdup("new");
	vm_config_set(&job.profile, SET_UUID, UUID);
	vm_config_set(&job.profile, SET_IMAGE, path);
	str_init(&bytes);
	job_write(&job, &bytes);
	assert_int_equal(write(file, bytes.text, bytes.len), (ssize_t)bytes.len);
	assert_int_equal(lseek(file, 0, SEEK_SET), 0);
	str_finish(&bytes);
	job_finish(&job);
	pid = fork();
	if (pid == 0) {
		int null;

		if (file != KEEPER_PLAN_FD)
			dup2(file, KEEPER_PLAN_FD);
		null = open("/dev/null", O_RDWR);
		dup2(null, KEEPER_CLIENT_FD);
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
			_exit(126);
		home_exec(home, (const char *const[]){ "paddock", JOB_WORD, NULL });
	}
	close(file);
	return pid;
}

/* What changes something, or waits for what does. */
static bool is_counted(uint64_t number)
{
	static const uint64_t numbers[] = {
		SYS_openat, SYS_mkdirat, SYS_renameat2, SYS_unlinkat, SYS_write, SYS_flock, SYS_ftruncate, SYS_pwrite64, SYS_fsync,
		SYS_clone, SYS_close,
#ifdef SYS_mkdir
		SYS_open, SYS_mkdir, SYS_rename, SYS_unlink, SYS_rmdir,
#endif
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i] == number)
			return true;
	return false;
}

/* Lets it run up to the nth of these calls and kills it there. Returns false if it ended before. */
static bool kill_at(pid_t pid, unsigned nth)
{
	bool begun = false;
	unsigned seen = 0;
	int status;

	for (;;) {
		int signo = 0;

		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (!WIFSTOPPED(status))
			return WIFSIGNALED(status);
		if (!begun) {
			begun = true;
			assert_int_equal(ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)(PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD)), 0);
		} else if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			struct __ptrace_syscall_info info;

			if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info), &info) > 0 &&
			    info.op == PTRACE_SYSCALL_INFO_ENTRY && is_counted(info.entry.nr) && ++seen == nth)
				kill(pid, SIGKILL);
		} else {
			signo = WSTOPSIG(status);
		}
		ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(intptr_t)signo);
	}
}

static bool has_left_overs(struct home *home)
{
	struct result found = cli_run(home, NULL, (const char *const[]){ "/bin/ls", "-A", home->vm, NULL });
	bool has = strstr(found.out, ".paddock-") != NULL;

	result_finish(&found);
	return has;
}

static void remove_new(struct home *home)
{
	struct result result = cli_run(home, NULL, (const char *const[]){
	        "/bin/rm", "-rf", home_path(home, NEW), home_path(home, "config/paddock/vms/new.ini"),
	        home_path(home, "state/paddock/jobs"), NULL });

	assert_int_equal(result.status, 0);
	result_finish(&result);
}

/* The clone is whole or not there, and the original as it was. */
static void assert_all_or_nothing(struct home *home, unsigned nth)
{
	char *web = home_read(home, "vm/web.img");
	bool has_profile = home_has(home, "config/paddock/vms/new.ini");
	long end = now_ms() + E2E_DEADLINE;

	/* The program that the job ran ends with it, but not at the same moment. */
	do
		expect(home, 0, "ls");
	while (has_left_overs(home) && now_ms() < end);
	if (has_left_overs(home))
		fail_msg("killed at %u: something was left", nth);
	if (home_has(home, NEW) != has_profile)
		fail_msg("killed at %u: the profile %s but the directory %s", nth, has_profile ? "is there" : "is not there",
		         has_profile ? "is not" : "is");
	if (has_profile)
		assert_true(is_same_file(home, "vm/web.img", NEW "boot-disk.raw"));
	assert_string_equal(web, HOME_DISK);
	assert_true(is_same_file(home, "vm/web.img", "reference"));
	free(web);
}

static void a_job_that_is_killed_anywhere_loses_nothing(void **state)
{
	struct home *home = *state;
	unsigned nth = 0, killed = 0;
	bool goes_on = true;

	make_web(home);
	home_write(home, "reference", HOME_DISK);
	assert_int_equal(truncate(home_path(home, "reference"), 65536), 0);
	while (goes_on) {
		goes_on = kill_at(start_traced(home), ++nth);
		if (nth == 1 && !goes_on) {
			print_message("skipped: processes cannot be traced here\n");
			skip();
		}
		killed += goes_on;
		assert_all_or_nothing(home, nth);
		if (!goes_on)
			assert_true(home_has(home, "config/paddock/vms/new.ini"));
		remove_new(home);
	}
	assert_true(killed > 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_full_clone_has_the_same_disks_and_says_nothing),
		story(a_linked_clone_reads_the_original),
		story(disks_in_use_are_not_cloned),
		story(what_qemu_img_says_is_the_error_and_nothing_stays),
		story(progress_is_shown_and_ctrl_c_cancels),
		story(a_job_outlives_the_terminal_and_is_cancelled_by_its_number),
		story(the_screen_asks_which_disks_the_clone_gets),
		story(a_job_that_is_killed_anywhere_loses_nothing),
	};

	return cmocka_run_group_tests_name("clones", tests, NULL, NULL);
}
