/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_SERVE_H
#define CORE_KEEPER_CLIENTS_SERVE_H

#include "core/keeper/clients/serve_events.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct ring;

/*
 * The keeper's clients. Each has its own position in the ring and nothing
 * queued but the rest of one frame and a few short messages, so a client
 * that does not read costs nothing and slows nobody: it is moved to newer
 * bytes when it reads again. What clients type waits in a window of fixed
 * size each.
 */
struct serve;

struct serve *serve_new(struct loop *, struct ring *, const struct serve_events *, void *data);
void serve_free(struct serve *);
void serve_listen(struct serve *, int fd);	/* takes fd */
void serve_add(struct serve *, int fd);		/* a connected client; takes fd */

void serve_console(struct serve *);		/* the ring has more */
/*
 * How many ms the guest's output may be left alone so that a client that
 * reads, but was late, need not miss anything. A twentieth of the time at
 * most, in all, so that no client slows the guest. now is in ms.
 */
unsigned serve_throttle_ms(struct serve *, uint64_t now);
void serve_hungry(struct serve *);		/* the guest reads again */
void serve_step(struct serve *, const char *text);
void serve_notice(struct serve *, const char *text);
void serve_state(struct serve *, const struct keeper_state *);
/* The id is of the peer's own counting; for a peer that went in the meantime nothing happens. */
void serve_reply(struct serve *, unsigned peer, unsigned id, const char *error);
unsigned serve_consoles(const struct serve *);

/*
 * The VM has ended: no more clients, and each gets what is left of the
 * ring, then this. serve_done when all of it is out, or nobody who is left
 * reads.
 */
void serve_end(struct serve *, const struct keeper_end *);
bool serve_done(const struct serve *);
void serve_drop_all(struct serve *);
/* How many bytes went out in all: whether anybody still reads. */
uint64_t serve_sent(const struct serve *);

#endif
