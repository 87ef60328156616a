/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/probe.h"

#include "core/base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define IFF_TAP 0x2		/* in tun_flags; <linux/if_tun.h> */
#define IFF_MULTI_QUEUE 0x100
#define INCLUDE_DEPTH 8

/* Takes the names from the kernel, because /sys may belong to another network namespace. */
void probe_interfaces(struct host_facts *facts, const char *sys)
{
	struct if_nameindex *all = if_nameindex();

	for (const struct if_nameindex *one = all; one && one->if_index; one++) {
		char *inside = mem_printf("%s/class/net/%s/bridge", sys, one->if_name);

		strv_add(&facts->interfaces, one->if_name);
		if (access(inside, F_OK) == 0)
			strv_add(&facts->bridges, one->if_name);
		free(inside);
	}
	if (all)
		if_freenameindex(all);
	strv_sort(&facts->interfaces);
	strv_sort(&facts->bridges);
}

/* Reads a number from a file of an interface. Returns false if the file is missing or has no value at present. */
static bool read_link_number(const char *sys, const char *name, const char *what, int base, long *number)
{
	char *path = mem_printf("%s/class/net/%s/%s", sys, name, what);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[32] = "", *end = text;
	bool good = fd >= 0 && read(fd, text, sizeof(text) - 1) > 0;

	if (good)
		*number = strtol(text, &end, base);
	if (fd >= 0)
		close(fd);
	free(path);
	return good && end != text;
}

static bool in_group(long group)
{
	gid_t groups[1024];
	int count = getgroups(sizeof(groups) / sizeof(groups[0]), groups);

	for (int i = 0; i < count; i++)
		if ((long)groups[i] == group)
			return true;
	return (long)getegid() == group;
}

void probe_link(const char *sys, const char *name, struct link_fact *link)
{
	long flags = 0, carrier = 0, number;

	*link = (struct link_fact){ .owner = -1, .group = -1 };
	link->known = read_link_number(sys, name, "ifindex", 10, &number);
	if (!link->known || !read_link_number(sys, name, "tun_flags", 0, &flags))
		return;
	link->is_tap = flags & IFF_TAP;
	read_link_number(sys, name, "owner", 10, &link->owner);
	read_link_number(sys, name, "group", 10, &link->group);
	link->in_group = link->group >= 0 && in_group(link->group);
	/* A tap has a carrier while a process has it open. If the tap is down, this is not known. */
	link->in_use = !(flags & IFF_MULTI_QUEUE) && read_link_number(sys, name, "carrier", 10, &carrier) && carrier == 1;
}

int probe_tun_device(void)
{
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

struct acl {
	bool allowed, denied, unknown;
};

static enum bridge_acl read_acl(const char *path, const char *bridge, unsigned depth, struct acl *acl);

/* Parses "allow br0", "deny all" and "include FILE" as qemu-bridge-helper does. */
static void read_acl_line(char *line, const char *bridge, unsigned depth, struct acl *acl)
{
	char *word = line + strspn(line, " \t"), *name;
	size_t len = strcspn(word, " \t\n");

	name = word + len + strspn(word + len, " \t\n");
	name[strcspn(name, " \t\n")] = '\0';
	word[len] = '\0';
	if (!*word || *word == '#')
		return;
	if (!strcmp(word, "include"))
		read_acl(name, bridge, depth + 1, acl);
	else if (strcmp(name, "all") && strcmp(name, bridge))
		return;
	else if (!strcmp(word, "allow"))
		acl->allowed = true;
	else if (!strcmp(word, "deny"))
		acl->denied = true;
}

static enum bridge_acl read_acl(const char *path, const char *bridge, unsigned depth, struct acl *acl)
{
	FILE *file = depth < INCLUDE_DEPTH ? fopen(path, "re") : NULL;
	int reason = errno;
	char *line = NULL;
	size_t size = 0;

	if (!file) {
		acl->unknown = true;
		return depth < INCLUDE_DEPTH && reason == ENOENT ? BRIDGE_NO_FILE : BRIDGE_UNKNOWN;
	}
	while (getline(&line, &size, file) > 0)
		read_acl_line(line, bridge, depth, acl);
	free(line);
	fclose(file);
	if (acl->denied)
		return BRIDGE_DENIED;
	if (acl->allowed)
		return BRIDGE_ALLOWED;
	return acl->unknown ? BRIDGE_UNKNOWN : BRIDGE_DENIED;
}

enum bridge_acl probe_bridge_acl(const char *path, const char *bridge)
{
	struct acl acl = { 0 };

	return read_acl(path, bridge, 0, &acl);
}

bool probe_privileged(const char *program)
{
	struct stat st;

	if (stat(program, &st) < 0)
		return false;
	return (st.st_uid == 0 && st.st_mode & S_ISUID) || getxattr(program, "security.capability", NULL, 0) > 0;
}
