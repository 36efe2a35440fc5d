/* SPDX-License-Identifier: MIT */
/*
 * The log: JSON lines in a 0600 file, off unless asked for (-v, --log).
 *
 * Only the fields below exist: ids and codes, never names, birth dates,
 * Medicare numbers, URLs with queries or secrets; a secret that is in memory
 * and gets here by mistake is written as "[secret]". One of the few mutable
 * globals of the program (others: the die hooks of mem.h, secret_kept.c).
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

struct err;

bool log_open(const char *path, struct err *err);
void log_close(void);

/* Members that are NULL, 0 or negative are absent and left out of the line. */
struct log_event {
	const char *what;        /* stable name: "http", "transition", "save" */
	const char *external_id; /* the CRM's own id */
	const char *healthsherpa_id;
	const char *method;
	const char *path; /* template, no ids, no query */
	const char *state;
	const char *code;
	int status; /* HTTP */
	int64_t bytes;
	int64_t milliseconds;
	int64_t count;
};

#define LOG_EVENT(...) log_write(&(struct log_event){__VA_ARGS__})

void log_write(const struct log_event *event);

#endif
