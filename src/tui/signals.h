/* SPDX-License-Identifier: MIT */
/*
 * Signals as bytes in a pipe, for term.c. A handler only writes one byte, so
 * nothing is lost between looking and sleeping: the loop waits for the pipe.
 * Fatal signals call a restore function (async-safe) and then end the process
 * as they would have. SIGPIPE is left alone.
 */
#ifndef TUI_SIGNALS_H
#define TUI_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

struct err;

/* Installs the handlers; `restore` runs in a fatal signal's handler. */
bool signals_open(void (*restore)(void), struct err *err);
/* Puts the former handlers back. */
void signals_close(void);

int signals_fd(void);
/* Bit (1 << number) of each signal since the last call. */
uint64_t signals_take(void);

/* Stops this process as an unhandled SIGTSTP would; returns when continued. */
void signals_stop_self(void);

#endif
