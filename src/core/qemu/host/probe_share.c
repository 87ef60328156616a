/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/probe.h"

#include "core/base/alloc.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PART 65536

/*
 * Options that distinguish the daemons. They are searched for in the program
 * file, because running the program could hang a start.
 */
enum { SHARED_DIR, UID_MAP, WORDS };
static const char *const words[WORDS] = { "shared-dir", "uid-map" };
enum { OVERLAP = sizeof("shared-dir") - 1 };	/* of two blocks that are read, for the longest word */

enum virtiofsd_kind probe_virtiofsd_kind(const char *program)
{
	bool found[WORDS] = { false };
	int fd = open(program, O_RDONLY | O_CLOEXEC);
	char *part;
	size_t kept = 0;
	ssize_t got;

	if (fd < 0)
		return VIRTIOFSD_NONE;
	part = mem_alloc(PART + OVERLAP);
	while ((got = read(fd, part + kept, PART)) > 0) {
		size_t len = kept + (size_t)got;

		for (size_t i = 0; i < WORDS; i++)
			found[i] = found[i] || memmem(part, len, words[i], strlen(words[i]));
		kept = len < OVERLAP ? len : OVERLAP;
		memmove(part, part + len - kept, kept);
	}
	free(part);
	close(fd);
	if (!found[SHARED_DIR])
		return VIRTIOFSD_C;
	return found[UID_MAP] ? VIRTIOFSD_RUST_MAPS : VIRTIOFSD_RUST;
}

char *probe_no_namespaces(const char *sysctls)
{
	/* The second exists on Debian. Ubuntu restricts namespaces with AppArmor instead, but allows virtiofsd. */
	static const char *const settings[] = { "user/max_user_namespaces", "kernel/unprivileged_userns_clone" };

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		char *path = mem_printf("%s/%s", sysctls, settings[i]);
		FILE *file = fopen(path, "re");
		unsigned long value;
		bool zero = file && fscanf(file, "%lu", &value) == 1 && value == 0;

		if (file)
			fclose(file);
		free(path);
		if (zero)
			return mem_strdup(settings[i]);
	}
	return NULL;
}
