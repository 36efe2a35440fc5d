/* SPDX-License-Identifier: MIT */
/* JSON, and the same bytes as JSON lines: see splice_check.h. */
#include "splice_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	splice_check(&json_format, data, size);
	return splice_check(&json_lines_format, data, size);
}
