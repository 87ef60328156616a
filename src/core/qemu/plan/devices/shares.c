/* SPDX-License-Identifier: MIT */
/* Shared directories: a daemon for each, and the device that the guest mounts. */
#include "core/qemu/plan/build.h"

#include "core/base/alloc.h"
#include "core/base/path.h"
#include "core/base/str.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOCKET_MAX 107		/* size of sun_path without the NUL */

/*
 * The path is absolute because the C daemon first changes to /, and names its
 * lock in /run after this path. If the path in the state directory is too long
 * for a socket, the socket is in the run directory of the keepers.
 */
static char *socket_path(const struct build *b, size_t i)
{
	char name[32], *path;

	snprintf(name, sizeof(name), "virtiofs%zu", i);
	path = path_join(b->plan->state_absolute, name);
	if (strlen(path) <= SOCKET_MAX || !b->facts->run)
		return path;
	free(path);
	return mem_printf("%s/%s.%s", b->facts->run, b->plan->uuid, name);
}

/* Escapes text for the option parser of libfuse in the C daemon, where a comma ends an option and a backslash quotes the next byte. */
static char *fuse_escaped(const char *text)
{
	struct str out;

	str_init(&out);
	for (; *text; text++) {
		if (*text == ',' || *text == '\\')
			str_addc(&out, '\\');
		str_addc(&out, *text);
	}
	return str_detach(&out);
}

static void add_daemon(struct build *b, size_t i, const char *share)
{
	const char *program = b->facts->virtiofsd ? b->facts->virtiofsd : "virtiofsd";
	char *socket = socket_path(b, i), log[40];
	struct plan_step *step;

	if (strlen(socket) > SOCKET_MAX)
		problem_add(b->problems, PROBLEM_ERROR, SET_STATE, -1,
		            "use a shorter path; the socket %s would be longer than %d bytes", socket, SOCKET_MAX);
	step = step_add(b, STEP_HELPER, mem_strdup(socket), mem_printf("sharing %s", share));
	strv_add(&step->argv, program);
	strv_addf(&step->argv, "--socket-path=%s", socket);
	if (b->facts->virtiofsd_kind == VIRTIOFSD_RUST || b->facts->virtiofsd_kind == VIRTIOFSD_RUST_MAPS) {
		strv_add(&step->argv, "--shared-dir");
		strv_add(&step->argv, share);
		/*
		 * Without root, the sandbox is a user namespace. The guest's root must
		 * map to this user, or it could not create files. --sandbox=none needs no
		 * namespace, but would give the daemon access to all files of the user.
		 */
		if (b->facts->virtiofsd_kind == VIRTIOFSD_RUST_MAPS && b->facts->uid != 0) {
			strv_addf(&step->argv, "--uid-map=:0:%u:1:", b->facts->uid);
			strv_addf(&step->argv, "--gid-map=:0:%u:1:", b->facts->gid);
		}
	} else {
		char *source = fuse_escaped(share);

		strv_add(&step->argv, "-o");
		strv_addf(&step->argv, "source=%s", source);
		free(source);
	}
	step->socket = socket;
	snprintf(log, sizeof(log), "virtiofs%zu.log", i);
	step->log = path_join(b->plan->state_absolute, log);
}

void build_share_steps(struct build *b)
{
	const struct host_facts *facts = b->facts;
	const char *given = b->spec->virtiofsd;

	if (b->spec->share_count == 0)
		return;
	if (!facts->virtiofsd)
		problem_add(b->problems, PROBLEM_ERROR, SET_VIRTIOFSD, -1, "%s not found%s",
		            given && *given ? given : "virtiofsd", given && *given ? "" : "; install the package virtiofsd");
	else if (facts->uid != 0 && facts->virtiofsd_kind != VIRTIOFSD_RUST_MAPS)
		problem_add(b->problems, PROBLEM_HOST, SET_VIRTIOFSD, -1,
		            "%s runs only as root; install a newer virtiofsd (one with --uid-map), or start the VM as root",
		            facts->virtiofsd);
	else if (facts->uid != 0 && facts->no_namespaces)
		problem_add(b->problems, PROBLEM_HOST, SET_VIRTIOFSD, -1,
		            "%s needs a user namespace, which %s denies to users", facts->virtiofsd, facts->no_namespaces);
	/* FUSE uses the guest's byte order, and the daemons support only the host's. */
	if (b->facts->arch_known && (b->arch == ARCH_S390X) != (b->facts->arch == ARCH_S390X))
		problem_add(b->problems, PROBLEM_WARNING, SET_SHARE, -1,
		            "%s guests cannot mount it: virtiofs requires the byte order of this host, %s",
		            vm_arch_name(b->arch), vm_arch_name(b->facts->arch));
	for (size_t i = 0; i < b->spec->share_count; i++) {
		char *share = layout_share(b->spec, b->facts, i);
		const struct file_fact *file = host_file(b->facts, share);

		if (file->kind != FILE_DIRECTORY)
			problem_add(b->problems, PROBLEM_ERROR, SET_SHARE, (int)i, "%s: %s", share,
			            strerror(file->error ? file->error : ENOTDIR));
		add_daemon(b, i, share);
		free(share);
	}
}

void build_shares_args(struct build *b)
{
	char origin[sizeof(b->label)];

	if (b->spec->share_count == 0)
		return;
	snprintf(origin, sizeof(origin), "%s", build_origin(b, SET_SHARE));
	build_option(b, origin, "-object", "memory-backend-memfd,id=mem,size=%" PRIu64 "M,share=on", b->spec->memory_mib);
	if (!build_is_ccw(b))
		build_option(b, origin, "-numa", "node,memdev=mem");
	for (size_t i = 0; i < b->spec->share_count; i++) {
		const char *given = b->spec->shares[i].tag;
		char *path = socket_path(b, i);
		char *socket = layout_commas(path);
		char *tag = given ? layout_commas(given) : mem_printf("virtiofs%zu", i);

		build_option(b, origin, "-chardev", "socket,id=char%zu,path=%s", i, socket);
		build_option(b, origin, "-device", "vhost-user-fs-%s,chardev=char%zu,tag=%s", build_is_ccw(b) ? "ccw" : "pci", i, tag);
		free(tag);
		free(socket);
		free(path);
	}
}
