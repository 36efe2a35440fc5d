/* SPDX-License-Identifier: MIT */
/* The findings of `belay doctor`; its parts add theirs. */
#ifndef COMMAND_DOCTOR_H
#define COMMAND_DOCTOR_H

#include <stdbool.h>

struct config;

enum verdict {
	VERDICT_OK,
	VERDICT_LOOK,  /* works, but somebody should look at it */
	VERDICT_WRONG, /* does not work until somebody does something */
	VERDICT_COUNT
};

struct doctor {
	bool json;
	unsigned counts[VERDICT_COUNT];
};

/* Says one thing at once: what was looked at, how it is, what to do ("": there
 * is nothing to do). */
void doctor_say(struct doctor *doctor, enum verdict verdict, const char *check,
    const char *text, const char *advice);
void doctor_sayf(struct doctor *doctor, enum verdict verdict, const char *check,
    const char *advice, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* doctor_machine.c: what belongs to this computer. */
void doctor_terminal(struct doctor *doctor);
void doctor_opener(struct doctor *doctor);
void doctor_clock(struct doctor *doctor, const struct config *config);
/* `what`: "config"; nothing is said of a file that is not there. */
void doctor_closed(struct doctor *doctor, const char *what, const char *path);
void doctor_swap(struct doctor *doctor);
void doctor_disk(struct doctor *doctor, const char *directory);

#endif
