/* SPDX-License-Identifier: MIT */
/*
 * belay's calls on one side, a practice server on the other, and between them
 * the fault proxy when a test wants it. Each call is waited for.
 */
#ifndef TESTS_NET_RIG_H
#define TESTS_NET_RIG_H

#include <stdbool.h>
#include <sys/types.h>

#include "partner/partner.h"
#include "unit/practice/client.h"

struct config;

struct rig {
	struct server server;
	pid_t proxy;  /* 0: none */
	int proxy_fd; /* closing it ends the proxy */
	struct config *config;
	struct partner *partner;
	struct reply reply; /* of the last call */
	bool done;
};

/* `script`: the practice server's; `transport`: the proxy's, whose presence
 * puts the proxy in between; `service`: further lines of YAML for the config.
 * NULL: none. */
struct rig_options {
	const char *script;
	const char *const *switches;
	const char *transport;
	const char *service;
};

void rig_start_with(struct rig *rig, const struct rig_options *options);
void rig_start(
    struct rig *rig, const char *script, const char *const *switches);
/* Before rig_stop(): nobody listens any more. */
void rig_stop_server(struct rig *rig);
void rig_stop(struct rig *rig);

/* Whether there is a python for the proxy; says on stdout when not. */
bool rig_has_proxy(void);

/* A contact with every field of v1. */
struct field_values rig_ada(void);

enum reply_kind rig_create(struct rig *rig, const struct field_values *values);
enum reply_kind rig_update(
    struct rig *rig, const char *id, const struct field_values *values);
/* For the contact of rig_ada(); with the other key of the birth date when told
 * to. */
enum reply_kind rig_search(struct rig *rig, enum selector selector);

/* How many requests of a route the server got. */
unsigned rig_received(const struct rig *rig, const char *route);

#endif
