/* SPDX-License-Identifier: MIT */
/*
 * Any document: it is read the same in slices of any size, and a value put
 * into one of its rows reads back, everything else as it was.
 */
#ifndef TESTS_FUZZ_SPLICE_CHECK_H
#define TESTS_FUZZ_SPLICE_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "source/source_format.h"

int splice_check(
    const struct source_format *format, const uint8_t *data, size_t size);

#endif
