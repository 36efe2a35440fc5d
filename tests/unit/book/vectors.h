/* SPDX-License-Identifier: MIT */
/*
 * A vector: what stands in a file, what is sent, what is found. Today is
 * 2026-11-23 for all of them.
 */
#ifndef TESTS_BOOK_VECTORS_H
#define TESTS_BOOK_VECTORS_H

#include "book/rules.h"

/* most vectors need neither `with` nor `order` */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct vector {
	const char *raw;
	const char *value; /* "" for nothing */
	const char *codes; /* of the findings, joined by blanks */
	const char *with;  /* state for ZIPs, city for states, form for dates */
	enum date_order order;
};

void vectors_check(
    enum field field, const struct vector *vectors, size_t count);

#define VECTORS_CHECK(field, vectors) \
	vectors_check((field), (vectors), sizeof(vectors) / sizeof(*(vectors)))

#endif
