/* SPDX-License-Identifier: MIT */
#ifndef CORE_USAGE_PROC_TEXT_H
#define CORE_USAGE_PROC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * What files below /proc say, from their text (proc(5)). Pure. The text must end with a NUL; it may be cut off, or be
 * something else: then the functions return false, and what they write is not valid.
 */
struct proc_stat {
	char state;			/* 'R', 'S', ..., 'Z' for a process that has ended */
	pid_t parent;
	int terminal;			/* device number of its terminal; 0: none */
	uint64_t cpu_ticks;		/* user and system time of all its threads */
	uint64_t born;			/* its start in ticks since boot: with the PID, it names one process */
	uint64_t resident_pages;	/* as in statm */
};

/* /proc/PID/stat. The name of the process may have any bytes, also blanks and parentheses. */
bool proc_stat_parse(const char *text, struct proc_stat *);
/* The name of a terminal's device number below /dev: "pts/4", "tty1"; "" for another kind. */
void proc_terminal_name(int device, char name[16]);
/* /proc/PID/io: bytes that it made the kernel read from and write to disks. */
bool proc_io_parse(const char *text, uint64_t *read, uint64_t *written);
/* Lines of "NAME:   NUMBER kB", as in /proc/meminfo and smaps_rollup; in bytes. */
bool proc_size_parse(const char *text, const char *name, uint64_t *bytes);
/* /proc/PID/fdinfo/FD of an open /dev/net/tun: the interface that it is, 15 characters at most. */
bool proc_tap_parse(const char *text, char name[16]);
/* The next PID of /proc/PID/task/TID/children; *text moves behind it. Returns 0 at the end. */
pid_t proc_child_next(const char **text);
/* /proc/net/arp: the first address that this MAC has answered for; 15 characters at most. Cases do not matter. */
bool proc_arp_find(const char *text, const char *mac, char address[16]);

#endif
