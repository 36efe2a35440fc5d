/* SPDX-License-Identifier: MIT */
/*
 * A mouse report as terminals write it since xterm's mode 1006 (SGR):
 * ESC [ < button ; column ; row M, or m when the button is let go.
 */
#ifndef TUI_MOUSE_H
#define TUI_MOUSE_H

#include <stdbool.h>

enum mouse_button {
	MOUSE_LEFT,
	MOUSE_WHEEL_UP,
	MOUSE_WHEEL_DOWN,
	MOUSE_OTHER,
};

struct mouse {
	enum mouse_button button;
	int row, column; /* from 0 */
	/* of the reading */
	int numbers[3];
	int at;
};

enum mouse_result {
	MOUSE_MORE, /* bytes are missing */
	MOUSE_PRESSED,
	MOUSE_NOTHING, /* let go, or no report */
};

/* After the "ESC [ <". */
void mouse_begin(struct mouse *mouse);
/* Each byte after that, until it is not MOUSE_MORE. */
enum mouse_result mouse_add_byte(struct mouse *mouse, int byte);

#endif
