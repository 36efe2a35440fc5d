/* SPDX-License-Identifier: MIT */
#include "tui/mouse.h"

enum { MOST = 10000, WHEEL = 64 };

void
mouse_begin(struct mouse *mouse)
{
	*mouse = (struct mouse){.button = MOUSE_OTHER};
}

enum mouse_result
mouse_add_byte(struct mouse *mouse, int byte)
{
	int *number = &mouse->numbers[mouse->at];

	if (byte >= '0' && byte <= '9') {
		if (*number < MOST)
			*number = 10 * *number + byte - '0';
		return MOUSE_MORE;
	}
	if (byte == ';' && mouse->at < 2) {
		mouse->at++;
		return MOUSE_MORE;
	}
	mouse->column = mouse->numbers[1] - 1;
	mouse->row = mouse->numbers[2] - 1;
	switch (mouse->numbers[0]) {
	case 0: mouse->button = MOUSE_LEFT; break;
	case WHEEL: mouse->button = MOUSE_WHEEL_UP; break;
	case WHEEL + 1: mouse->button = MOUSE_WHEEL_DOWN; break;
	default: mouse->button = MOUSE_OTHER; break;
	}
	return byte == 'M' && mouse->at == 2 && mouse->column >= 0 &&
		       mouse->row >= 0
		   ? MOUSE_PRESSED
		   : MOUSE_NOTHING;
}
