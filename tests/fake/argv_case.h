/* SPDX-License-Identifier: MIT */
#ifndef FAKE_ARGV_CASE_H
#define FAKE_ARGV_CASE_H

#include "core/qemu/host/facts.h"
#include "core/qemu/plan/plan_data.h"
#include "core/vm/config.h"
#include "core/vm/problem.h"
#include "fake/scenes.h"

/*
 * One case of tests/golden/argv/ made into a plan: its files are there in a
 * scratch directory, which is the working directory until argv_case_finish.
 * A case is "== NAME", the lines that set the scene, and after "--" what comes
 * of it. Lines have \n and \\ for newline and backslash, names of files \s for a blank.
 *	host ARCH [kvm]         file PATH SIZE       without PROGRAM
 *	env NAME=VALUE          text PATH CONTENT    arg WORD (of `paddock run`)
 *	firmware CODE [VARS]    dir PATH             set SECTION.KEY=VALUE (a profile)
 *	busy PORT HOLDER        link PATH TARGET     rust [maps] (virtiofsd)
 *	absent ADDRESS (no interface has it)
 *	usb VENDOR:PRODUCT BUS-PORT [denied] (is plugged in)
 *	user UID                run PATH (of keepers) sysctl NAME (denies namespaces)
 *	iso PATH bios|efi|both (that boots so)
 *	secure CODE VARS (firmware that enforces Secure Boot and needs SMM)
 *	seccomp (QEMU was built with it)
 *	abilities NUMBER (of enum qemu_ability; without it, all)
 *	windowless (QEMU has no module for a window)
 *	real_qemu               a real QEMU takes what comes of it
 */
struct argv_case {
	struct vm_config config;
	struct strv words;
	struct host_facts facts;
	struct plan plan;
	struct problems problems;
	char *refused;		/* the command line was wrong: why */
	char *dir;
};

enum argv_host {
	ARGV_HOST_WRITTEN,	/* everything but files is as the case says */
	ARGV_HOST_REAL		/* programs, firmware and KVM are this host's; QEMU gets -S, no window, and kernels that look like some */
};

void argv_case_play(struct argv_case *, const struct scene *, enum argv_host);
void argv_case_finish(struct argv_case *);
/* Nothing would be started, not even by `run`, which tolerates what QEMU judges itself. */
bool argv_case_stops(const struct argv_case *);
/* A word of a case's file as it is meant: unescaped, <DIR> in place; the caller's. */
char *argv_case_expanded(const struct argv_case *, const char *text);
/* LINUXKIT_QEMU_ACCEL of the case, or NULL. */
const char *argv_case_accel(const struct scene *);
bool argv_case_has(const struct scene *, const char *line);
/* Calls fn for each file of golden/argv/WHICH/; the sum of what it returned. */
unsigned argv_case_files(const char *which, unsigned (*fn)(const char *path));

#endif
