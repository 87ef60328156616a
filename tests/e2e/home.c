/* SPDX-License-Identifier: MIT */
#include "e2e/home.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

const char *need_env(const char *name)
{
	const char *value = getenv(name);

	if (!value)
		fail_msg("%s is not set; run the tests by make", name);
	return value;
}

const char *home_path(const struct home *home, const char *relative)
{
	static char buffers[4][4096];
	static unsigned turn;
	char *path = buffers[turn++ % 4];

	snprintf(path, sizeof(buffers[0]), "%s/%s", home->dir, relative);
	return path;
}

void home_set(struct home *home, const char *name, const char *value)
{
	size_t len = strlen(name);
	size_t i = 0;

	while (i < home->env_count && (strncmp(home->env[i], name, len) != 0 || home->env[i][len] != '='))
		i++;
	if (i < home->env_count) {
		free(home->env[i]);
		home->env[i] = home->env[--home->env_count];
		home->env[home->env_count] = NULL;
	}
	if (!value)
		return;
	home->env = realloc(home->env, (home->env_count + 2) * sizeof(*home->env));
	assert_non_null(home->env);
	assert_true(asprintf(&home->env[home->env_count++], "%s=%s", name, value) > 0);
	home->env[home->env_count] = NULL;
}

void home_init(struct home *home)
{
	char path[4096];

	*home = (struct home){ .dir = "/tmp/paddock-e2e.XXXXXX" };
	assert_non_null(mkdtemp(home->dir));
	snprintf(home->vm, sizeof(home->vm), "%s/vm", home->dir);
	assert_int_equal(mkdir(home->vm, 0755), 0);
	assert_int_equal(mkdir(home_path(home, "bin"), 0755), 0);
	snprintf(path, sizeof(path), "%s/bin:%s", home->dir, need_env("PATH"));
	home_set(home, "PATH", path);
	home_set(home, "HOME", home->dir);
	home_set(home, "XDG_CONFIG_HOME", home_path(home, "config"));
	home_set(home, "XDG_STATE_HOME", home_path(home, "state"));
	home_set(home, "LC_ALL", "C.UTF-8");
	home_set(home, "TERM", "xterm-256color");
	if (getenv("ASAN_OPTIONS"))
		home_set(home, "ASAN_OPTIONS", getenv("ASAN_OPTIONS"));
	snprintf(path, sizeof(path), "suppressions=%s/tools/lsan.supp:print_suppressions=0", need_env("PADDOCK_TESTS"));
	home_set(home, "LSAN_OPTIONS", path);
	/* A keeper outlives the program that started it; it must not outlive the test. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGPIPE, SIG_IGN);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st; (void)type; (void)walk;
	return remove(path) == 0 || errno == ENOENT ? 0 : -1;
}

int home_set_up(void **state)
{
	static struct home home;

	home_init(&home);
	*state = &home;
	return 0;
}

int home_tear_down(void **state)
{
	home_finish(*state);
	return 0;
}

/* Parent of a process, 0 if it is gone. */
static pid_t parent_of(pid_t pid, char *state)
{
	char path[64], line[1024];
	const char *end;
	size_t len;
	int fd, ppid = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = (size_t)(read(fd, line, sizeof(line) - 1) + 1);
	close(fd);
	line[len ? len - 1 : 0] = '\0';
	/* The name may hold anything; what follows its last parenthesis is fixed. */
	end = strrchr(line, ')');
	if (!end || sscanf(end + 1, " %c %d", state, &ppid) != 2)
		return 0;
	return ppid;
}

bool process_alive(pid_t pid)
{
	char state = 0;

	return parent_of(pid, &state) != 0 && state != 'Z' && state != 'X';
}

pid_t process_parent(pid_t pid)
{
	char state;

	return parent_of(pid, &state);
}

static unsigned each_child(void (*act)(pid_t))
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	unsigned count = 0;
	char state;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = (pid_t)atoi(entry->d_name);

		state = 0;
		if (pid <= 0 || parent_of(pid, &state) != getpid())
			continue;
		count += state != 'Z';
		if (act)
			act(pid);
	}
	if (proc)
		closedir(proc);
	return count;
}

unsigned home_children(void)
{
	return each_child(NULL);
}

static void kill_it(pid_t pid)
{
	kill(pid, SIGKILL);
}

void home_finish(struct home *home)
{
	/* A keeper's children come to us when it has gone. */
	do
		each_child(kill_it);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
	nftw(home->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	for (size_t i = 0; i < home->env_count; i++)
		free(home->env[i]);
	free(home->env);
	*home = (struct home){ 0 };
}

void home_write(const struct home *home, const char *relative, const char *text)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", home->dir, relative);
	for (char *slash = path + strlen(home->dir) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(path, 0755) != 0)
			assert_int_equal(errno, EEXIST);
		*slash = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

char *home_read(const struct home *home, const char *relative)
{
	FILE *file = fopen(home_path(home, relative), "r");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	if (getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(file);
	return text;
}

bool home_has(const struct home *home, const char *relative)
{
	struct stat st;

	return stat(home_path(home, relative), &st) == 0;
}

void home_program(struct home *home, const char *name, const char *target)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/bin/%s", home->dir, name);
	unlink(path);
	assert_int_equal(symlink(target, path), 0);
}

void home_script(const struct home *home, const char *name, const char *body)
{
	char relative[256], text[4096];

	snprintf(relative, sizeof(relative), "bin/%s", name);
	snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", body);
	unlink(home_path(home, relative));
	home_write(home, relative, text);
	assert_int_equal(chmod(home_path(home, relative), 0755), 0);
}

void home_profile(const struct home *home, const char *name, const char *ini)
{
	char relative[512], text[8192] = "";
	size_t len = 0;

	for (; *ini && len < sizeof(text) - sizeof(home->vm); ini++) {
		if (*ini == '@')
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s", home->vm);
		else
			text[len++] = *ini;
	}
	text[len] = '\0';
	snprintf(relative, sizeof(relative), "config/paddock/vms/%s.ini", name);
	home_write(home, relative, text);
}

pid_t home_pid(const struct home *home, const char *relative)
{
	char *text = home_read(home, relative);
	pid_t pid = text ? (pid_t)atoi(text) : 0;

	free(text);
	return pid;
}

char *process_arguments(pid_t pid)
{
	char path[64];
	char *text = calloc(1, 65536);
	FILE *file;

	assert_non_null(text);
	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	file = fopen(path, "r");
	assert_non_null(file);
	for (size_t i = 0, len = fread(text, 1, 65535, file); i < len; i++) {
		if (!text[i])
			text[i] = ' ';
	}
	fclose(file);
	return text;
}

void process_wait_stopped(pid_t pid)
{
	long end = now_ms() + E2E_DEADLINE;
	char state = 0;

	while (parent_of(pid, &state) != 0 && state != 'T') {
		if (now_ms() >= end)
			fail_msg("process %d was not stopped", (int)pid);
		poll(NULL, 0, 1);
	}
}

void process_wait_gone(pid_t pid)
{
	long end = now_ms() + E2E_DEADLINE;

	while (process_alive(pid)) {
		if (now_ms() >= end)
			fail_msg("process %d is still there", (int)pid);
		poll(NULL, 0, 1);
	}
}

static void copy(const char *from, const char *to)
{
	FILE *in = fopen(from, "rb");
	FILE *out = fopen(to, "wb");
	char buffer[65536];
	size_t len;

	if (!in)
		fail_msg("%s: %s", from, strerror(errno));
	assert_non_null(out);
	while ((len = fread(buffer, 1, sizeof(buffer), in)) > 0)
		assert_int_equal(fwrite(buffer, 1, len, out), len);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

static bool in_path(const char *program)
{
	char *path = strdup(need_env("PATH"));
	char *rest = path;
	char file[4096];
	bool found = false;

	for (char *dir; !found && (dir = strsep(&rest, ":"));) {
		snprintf(file, sizeof(file), "%s/%s", dir, program);
		found = access(file, X_OK) == 0;
	}
	free(path);
	return found;
}

static void need(bool there, const char *what)
{
	if (there)
		return;
	if (getenv("CI"))
		fail_msg("%s is not installed", what);
	print_message("skipped: %s is not installed\n", what);
	skip();
}

void home_need_qemu(const char *program)
{
	need(in_path(program), program);
}

void home_need_ovmf(void)
{
	home_need_qemu("qemu-system-x86_64");
	need(access(OVMF_CODE, R_OK) == 0 && access(OVMF_VARS, R_OK) == 0, OVMF_CODE);
	need(access(OVMF_COMBINED, R_OK) == 0, OVMF_COMBINED);
}

void home_need_aavmf(void)
{
	home_need_qemu("qemu-system-aarch64");
	need(access(AAVMF_VARS, R_OK) == 0, AAVMF_VARS);
}

#define NOBODY 65534

/* A link leads to where the programs were built, and that may be closed to others: a copy instead. */
static void take_along(const char *link)
{
	char target[4096];
	ssize_t len = readlink(link, target, sizeof(target) - 1);
	struct stat st;

	target[len > 0 ? len : 0] = '\0';
	if (target[0] != '/' || stat(target, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	assert_int_equal(unlink(link), 0);
	copy(target, link);
	assert_int_equal(chmod(link, 0755), 0);
}

static uid_t new_owner;		/* nftw hands nothing through */

static int give_away(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st; (void)walk;
	if (type == FTW_SL)
		take_along(path);
	return lchown(path, new_owner, (gid_t)new_owner);
}

void home_without_root(struct home *home)
{
	if (geteuid() == 0)
		home_as_user(home, NOBODY);
}

void home_as_user(struct home *home, uid_t user)
{
	if (geteuid() != 0) {
		print_message("skipped: only root can be another user\n");
		skip();
	}
	home_program(home, "paddock", need_env("PADDOCK"));
	new_owner = user;
	assert_int_equal(nftw(home->dir, give_away, 16, FTW_PHYS), 0);
	home->user = user;
}

void home_tiny_guest(struct home *home, const char *relative)
{
	char from[4096];

	home_need_qemu("qemu-system-x86_64");
	snprintf(from, sizeof(from), "%s/tiny.img", need_env("PADDOCK_GUEST"));
	copy(from, home_path(home, relative));
}

/* Link the three files of the guest in DIR; where one is missing, that is a failure or told to the caller. */
static bool link_guest(const struct home *home, const char *dir)
{
	static const char *const parts[] = { "demo-kernel", "demo-initrd.img", "demo-cmdline" };
	char from[4096], to[4096];

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		snprintf(from, sizeof(from), "%s/%s", dir, parts[i]);
		snprintf(to, sizeof(to), "%s/%s", home->vm, parts[i]);
		if (access(from, R_OK) != 0)
			return false;
		assert_int_equal(symlink(from, to), 0);
	}
	return true;
}

void home_demo_guest(struct home *home)
{
#if defined(__x86_64__)
	home_need_qemu("qemu-system-x86_64");
#elif defined(__aarch64__)
	home_need_qemu("qemu-system-aarch64");
#else
	home_need_qemu("qemu-system-" "of this machine");
#endif
	if (!link_guest(home, need_env("PADDOCK_DEMO")))
		fail_msg("the demo guest is missing; run make demo");
}

void home_foreign_guest(struct home *home, const char *arch)
{
	char text[4096];

	snprintf(text, sizeof(text), "qemu-system-%s", arch);
	home_need_qemu(text);
	snprintf(text, sizeof(text), "%s-%s", need_env("PADDOCK_DEMO"), arch);
	if (link_guest(home, text))
		return;
	if (getenv("CI"))
		fail_msg("%s could not be made", text);
	print_message("skipped: %s could not be made\n", text);
	skip();
}

void home_fake_qemu(struct home *home, const char *relative)
{
	char fake[4096];

	snprintf(fake, sizeof(fake), "%s/fake_qemu", need_env("PADDOCK_PROGRAMS"));
	home_program(home, "qemu-system-x86_64", fake);
	home_program(home, "qemu-system-aarch64", fake);
	home_program(home, "qemu-system-s390x", fake);
	home_program(home, "qemu-system-riscv64", fake);
	if (relative)
		home_write(home, relative, HOME_DISK);
}

_Noreturn void home_exec(const struct home *home, const char *const argv[])
{
	const char *program = argv[0];
	sigset_t none;

	if (strcmp(program, "paddock") == 0)
		program = home->user ? home_path(home, "bin/paddock") : need_env("PADDOCK");

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (home->user && (setgroups(0, NULL) != 0 || setgid(home->user) != 0 || setuid(home->user) != 0))
		_exit(126);
	if (chdir(home->vm) == 0)
		execve(program, (char **)(uintptr_t)argv, home->env);
	_exit(127);
}

unsigned home_free_port(int type)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (const struct sockaddr *)&in, sizeof(in)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	close(fd);
	return ntohs(in.sin_port);
}
