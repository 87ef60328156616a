/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_SERVE_H
#define CORE_KEEPER_CLIENTS_SERVE_H

#include "core/keeper/clients/serve_events.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct ring;
struct terminal;

/*
 * The clients of a keeper. Each has its own position in the ring and queues
 * only the rest of one frame and a few short messages. A client that does not
 * read therefore costs nothing and slows nobody down: when it reads again, it
 * is moved on to newer bytes. Input of each client waits in a window of fixed
 * size.
 */
struct serve;

/* screen: a terminal that is written to together with the ring; both stay the caller's. */
struct serve *serve_new(struct loop *, struct ring *, struct terminal *screen, const struct serve_events *, void *data);
void serve_free(struct serve *);
void serve_listen(struct serve *, int fd);	/* takes ownership of fd */
void serve_add(struct serve *, int fd);		/* a connected client; takes ownership of fd */

void serve_console(struct serve *);		/* the ring has more bytes, which the screen has seen */
/* An answer of the screen's terminal for the guest: all of it, or nothing if it would have to wait. */
void serve_answer(struct serve *, const void *bytes, size_t len);
/*
 * Returns for how many ms to stop reading the guest's output, so that a client
 * that reads, but is late, does not miss anything. This is at most a twentieth
 * of the time in total, so that clients hardly slow the guest. now is in ms.
 */
unsigned serve_throttle_ms(struct serve *, uint64_t now);
void serve_input_accepted(struct serve *);		/* the guest reads again */
void serve_step(struct serve *, const char *text);
void serve_notice(struct serve *, const char *text);
void serve_state(struct serve *, const struct keeper_state *);
/* Replies to request `id` of a peer. Does nothing if the peer has disconnected. */
void serve_reply(struct serve *, unsigned peer, unsigned id, const char *error);
/* Sends what QEMU returned for request `id`, JSON, before its reply. */
void serve_result(struct serve *, unsigned peer, unsigned id, const char *json);
/* An event of QEMU, for the clients that use QMP. data: a JSON object or "". */
void serve_event(struct serve *, const char *name, const char *data);
unsigned serve_consoles(const struct serve *);

/*
 * Reports the end of the VM: accepts no more clients, and sends each the rest
 * of the ring and then this. serve_done returns true when everything is sent
 * or no remaining client reads.
 */
void serve_end(struct serve *, const struct keeper_end *);
bool serve_done(const struct serve *);
void serve_drop_all(struct serve *);
/* Returns the total number of bytes sent, which grows as long as a client reads. */
uint64_t serve_sent(const struct serve *);

#endif
