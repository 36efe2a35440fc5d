/* SPDX-License-Identifier: MIT */
/*
 * What keys send besides what terminfo says of the terminal: the other cursor
 * mode, and what terminals send that call themselves something else (PuTTY as
 * xterm, xterm as vt100). A sequence that terminfo knows as a key of key.h
 * keeps its meaning; what it knows as another (putty: F1 as Num Lock) gets
 * this one.
 */
#ifndef TUI_SEQUENCES_H
#define TUI_SEQUENCES_H

#include <stddef.h>
#include <stdint.h>

struct sequence {
	const char *bytes;
	uint32_t key; /* key.h */
};

extern const struct sequence sequences[];
extern const size_t sequences_count;

#endif
