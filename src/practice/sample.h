/* SPDX-License-Identifier: MIT */
/*
 * The demo's made-up people: an export as HubSpot writes it, the config for
 * it, and what the practice server already knows of them.
 *
 * The first ones are written by hand, one for each thing an agent meets: new,
 * linked, changed, broken, repeated, a twin, a spouse, gone, wide and accented
 * names. Those beyond are generated, valid and all different. Nobody in it
 * lives: phones are 555-01XX, Medicare numbers are CMS's sample or have an S
 * in second place, as only CMS's made-up beneficiaries have.
 */
#ifndef PRACTICE_SAMPLE_H
#define PRACTICE_SAMPLE_H

#include <stdbool.h>

struct err;
struct practice;
struct str;

/* The agent whose contacts they are, and the key the config gives. */
#define SAMPLE_AGENT "agent@example.com"
#define SAMPLE_API_KEY "practice"

#define SAMPLE_WRITTEN 25u /* records written by hand */

/* A CSV with a header and `count` records; the caller's ceiling holds. */
void sample_csv(struct str *out, unsigned count);

/*
 * A config that reads `contacts_path` and sends to the practice server at
 * `url` (practice_url()), as YAML with comments.
 */
void sample_config(struct str *out, const char *url, const char *contacts_path);

/* What the service has before the first sync. */
bool sample_seed(struct practice *practice, struct err *err);

#endif
