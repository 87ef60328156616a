/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/logout.h"

#include "core/base/alloc.h"
#include "core/base/io.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/base/yes_no.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEY "KillUserProcesses="
#define TOLD "told-logout"

/* systemd's words: ours, and two letters. */
static bool is_yes(const char *value, size_t len)
{
	char *word = mem_strndup(value, len);
	bool yes = len == 1 && strchr("yYtT", *value);

	yes_no_parse(word, &yes);
	free(word);
	return yes;
}

static bool last_setting(const char *text, bool comments, bool so_far)
{
	bool kills = so_far;

	while (*text) {
		size_t len = strcspn(text, "\n");
		const char *line = text + strspn(text, " \t");

		text += len + (text[len] == '\n');
		if (comments != (*line == '#'))
			continue;
		line += comments;
		if (strncmp(line, KEY, strlen(KEY)) == 0) {
			line += strlen(KEY);
			kills = is_yes(line, strcspn(line, " \t\r\n"));
		}
	}
	return kills;
}

bool logind_kills(const char *text, bool so_far)
{
	return last_setting(text, false, last_setting(text, true, so_far));
}

bool cgroup_is_session(const char *text)
{
	const char *at = strstr(text, "/session-");

	return at && strstr(at, ".scope");
}

/* Reads a small file; returns "" if that fails. The caller frees it. */
static char *read_small_file(const char *root, const char *path)
{
	char *full = mem_printf("%s%s", root, path);
	int fd = open(full, O_RDONLY | O_CLOEXEC);
	struct str text;

	free(full);
	str_init(&text);
	if (fd >= 0) {
		io_read(fd, 65536, &text);
		close(fd);
	}
	str_addc(&text, '\0');
	return str_detach(&text);
}

static bool apply_file(const char *root, const char *path, bool kills)
{
	char *text = read_small_file(root, path);

	kills = logind_kills(text, kills);
	free(text);
	return kills;
}

static int is_conf(const struct dirent *entry)
{
	return text_ends(entry->d_name, ".conf");
}

static bool apply_dir(const char *root, const char *path, bool kills)
{
	char *full = mem_printf("%s%s", root, path);
	struct dirent **entries;
	int count = scandir(full, &entries, is_conf, alphasort);

	free(full);
	for (int i = 0; i < count; i++) {
		char *file = mem_printf("%s/%s", path, entries[i]->d_name);

		kills = apply_file(root, file, kills);
		free(file);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return kills;
}

static bool would_kill(const char *root)
{
	static const char *const places[] = { "/usr/lib/systemd/logind.conf", "/etc/systemd/logind.conf" };
	static const char *const drop_ins[] = {
		"/usr/lib/systemd/logind.conf.d", "/run/systemd/logind.conf.d", "/etc/systemd/logind.conf.d",
	};
	char *cgroup = read_small_file(root, "/proc/self/cgroup");
	bool kills = false;

	if (cgroup_is_session(cgroup)) {
		for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
			kills = apply_file(root, places[i], kills);
		for (size_t i = 0; i < sizeof(drop_ins) / sizeof(drop_ins[0]); i++)
			kills = apply_dir(root, drop_ins[i], kills);
	}
	free(cgroup);
	return kills;
}

/* Returns true the first time. If the mark cannot be written, the warning is repeated. */
static bool mark(void)
{
	char *path = path_state(TOLD);
	bool first = true;
	int fd;

	if (path && access(path, F_OK) == 0)
		first = false;
	fd = path && first ? own_file_open(path, O_WRONLY | O_CREAT) : -1;
	if (fd >= 0)
		close(fd);
	free(path);
	return first;
}

char *logout_warning(const char *root)
{
	/* By default, logind does not kill the processes of root (KillExcludeUsers=root). */
	if ((root[0] == '\0' && geteuid() == 0) || !would_kill(root) || !mark())
		return NULL;
	return mem_strdup("systemd ends this VM when you log out (KillUserProcesses=yes in logind.conf); to keep VMs running, use "
	                  "loginctl enable-linger and start them with systemd-run --user --scope paddock");
}
