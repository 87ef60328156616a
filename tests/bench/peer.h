/* SPDX-License-Identifier: MIT */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * One of the programs that are compared, with the bench guest inside and a
 * terminal of 100x30 around it that this process plays: it takes every byte
 * at once and paints nothing.
 */
enum peer_kind {
	PEER_RAW,		/* the guest alone on the terminal */
	PEER_DTACH,
	PEER_TMUX,
	PEER_ATTACH,		/* paddock attach: bytes are passed on */
	PEER_PANE,		/* paddock's screen: bytes are parsed and painted */
	PEERS
};

struct peer {
	enum peer_kind kind;
	char dir[64];		/* HOME and all, fresh */
	int terminal;
	pid_t pid;		/* of what runs on the terminal */
	char tail[131072];	/* the newest output, for matches across reads */
	size_t tail_len;
	unsigned long long bytes;	/* all output */
};

const char *peer_name(enum peer_kind);
bool peer_available(enum peer_kind);
/* Starts it and waits until the guest's GUEST-READY shows. order is BENCH_GUEST. Exits on failure. */
void peer_start(struct peer *, enum peer_kind, const char *order);
void peer_stop(struct peer *);
void peer_type(struct peer *, char key);
/* Read until the text comes; false at the deadline (seconds). Only what comes from now on counts. */
bool peer_wait(struct peer *, const char *text, double seconds);
void peer_drain(struct peer *, double seconds);		/* for so long */
/* What the guest left in its file NAME; -1 if there is none. */
double peer_note(const struct peer *, const char *name);
/* Every process of it but the guest. */
size_t peer_processes(const struct peer *, pid_t *out, size_t size);
pid_t peer_keeper(const struct peer *);

double now(void);

#endif
