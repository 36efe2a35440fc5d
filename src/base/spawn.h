/* SPDX-License-Identifier: MIT */
/*
 * Other programs: argv only, never a shell; every descriptor but 0-2 closed in
 * the child; signals as a new program expects them. argv[0] is looked for in
 * the absolute directories of PATH, unless it has a slash.
 *
 * The environment is cut to what desktop, terminal and locale need (the list
 * is in spawn.c), plus the variables of password managers for spawn_capture()
 * and those of editors for spawn_foreground(): no variable that could hold a
 * secret of ours passes.
 * Errors are ERR_UNAVAILABLE and name the program, never its arguments.
 */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct spawned;
struct str;

/*
 * Runs argv with standard input closed, collects standard output (up to the
 * ceiling of `out`) and waits at most timeout_ms; then SIGKILL. False when it
 * cannot start, is killed, or ends with a status other than 0; the error has
 * its first line of standard error, cleaned.
 */
bool spawn_capture(const char *const argv[], int64_t timeout_ms,
    struct str *out, struct err *err);

/*
 * The same for somebody who has other things to do meanwhile: after
 * spawn_begin(), spawn_goes_on() takes what is written, without waiting, until
 * it is false; then, or earlier to kill it with all that it has started,
 * spawn_end() tells as spawn_capture() does. It runs in a session of its own:
 * a terminal of ours, whose keys we go on reading, is none of its.
 */
struct spawned *spawn_begin(
    const char *const argv[], int64_t timeout_ms, struct err *err);
bool spawn_goes_on(struct spawned *spawned, struct str *out);
bool spawn_end(struct spawned *spawned, struct str *out, struct err *err);

/*
 * Starts argv in a session of its own with standard descriptors on /dev/null
 * and does not wait: for xdg-open. Found on PATH; a missing program is an
 * error at once. The child is reaped by spawn_reap().
 */
bool spawn_detached(const char *const argv[], pid_t *pid, struct err *err);

/* Reaps a detached child; true when it has ended, `*status` as waitpid's. */
bool spawn_reap(pid_t pid, int *status);

/*
 * Starts argv on our terminal, with our standard descriptors and in our process
 * group, and does not wait: for $EDITOR. What the terminal's keys do to the one
 * they do to both. To be looked at by spawn_look().
 */
bool spawn_foreground(const char *const argv[], pid_t *pid, struct err *err);

enum spawn_state { SPAWN_RUNS, SPAWN_STOPPED, SPAWN_ENDED };
/* How a child stands; ENDED reaps it, `*status` as waitpid's then. STOPPED is
 * said once for each stop. Never blocks. */
enum spawn_state spawn_look(pid_t pid, int *status);

/* Where a program is on PATH, or at its own path; NULL: nowhere. The caller
 * frees. */
char *spawn_path(const char *program);
/* Whether a program is on PATH. */
bool spawn_found(const char *program);

#endif
