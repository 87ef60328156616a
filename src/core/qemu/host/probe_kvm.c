/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/probe.h"

#include "core/base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define KVM_DEVICE "/dev/kvm"
#define KVM_VERSION 12		/* the only version so far */

bool probe_arch(enum vm_arch *arch)
{
	struct utsname name;

	return uname(&name) == 0 && vm_arch_parse(name.machine, arch);
}

static bool has_word(const char *line, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = line; (at = strstr(at, word)); at += len)
		if (at > line && strchr(" \t:", at[-1]) && strchr(" \t\n", at[len]))
			return true;
	return false;
}

bool probe_cpu_virtualises(const char *cpuinfo_path)
{
	FILE *file = fopen(cpuinfo_path, "re");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	if (!file)
		return false;
	/* All processors have the same flags, so the first such line is enough. */
	while (getline(&line, &size, file) > 0)
		if (!strncmp(line, "flags", 5)) {
			found = has_word(line, "vmx") || has_word(line, "svm");
			break;
		}
	free(line);
	fclose(file);
	return found;
}

char *probe_denied(const char *device, const char *groups)
{
	const char *user = getenv("LOGNAME");
	const struct group *entry = NULL;
	char *group = NULL, *reason;
	FILE *file = NULL;
	struct stat st;

	/* Do not suggest joining the group root. Reads the file itself, because a network name service could hang a start. */
	if (stat(device, &st) == 0 && (st.st_mode & 0060) == 0060 && st.st_gid != 0)
		file = fopen(groups, "re");
	while (file && !group && (entry = fgetgrent(file)))
		if (entry->gr_gid == st.st_gid)
			group = mem_strdup(entry->gr_name);
	if (file)
		fclose(file);
	if (group)
		reason = mem_printf("%s: %s; as root: usermod -aG %s %s, then log in again", device, strerror(EACCES), group,
		                    user && *user ? user : "USER");
	else
		reason = mem_printf("%s: %s", device, strerror(EACCES));
	free(group);
	return reason;
}

bool probe_kvm(enum vm_arch arch, char **reason)
{
	int fd = open(KVM_DEVICE, O_RDWR | O_CLOEXEC);
	int version;

	*reason = NULL;
	if (fd < 0) {
		*reason = errno == EACCES ? probe_denied(KVM_DEVICE, "/etc/group")
		                          : mem_printf("%s: %s", KVM_DEVICE, strerror(errno));
		return false;
	}
	version = ioctl(fd, KVM_GET_API_VERSION, 0);
	close(fd);
	if (version != KVM_VERSION)
		*reason = mem_printf("%s reports version %d instead of %d", KVM_DEVICE, version, KVM_VERSION);
	else if (arch == ARCH_X86_64 && !probe_cpu_virtualises("/proc/cpuinfo"))
		*reason = mem_strdup("/proc/cpuinfo shows neither vmx nor svm");
	return !*reason;
}
