/* SPDX-License-Identifier: MIT */
/*
 * Eight bytes of a text at a time, for the inner loops of readers.
 *
 * The functions that look for bytes set the top bit of each byte that is one
 * of them. A borrow may set bits above the lowest that is right, so only
 * whether any is set and word_first() mean something.
 */
#ifndef BASE_WORD_H
#define BASE_WORD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { WORD_SIZE = 8 };

#define WORD_EACH(byte) (UINT64_C(0x0101010101010101) * (unsigned char)(byte))

/* The first byte lies lowest, whatever the machine. */
static inline uint64_t
word_load(const char *at)
{
	uint64_t word;

	memcpy(&word, at, WORD_SIZE);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* Bytes that are those of `each`, which is WORD_EACH(). */
static inline uint64_t
word_equal(uint64_t word, uint64_t each)
{
	word ^= each;
	return (word - WORD_EACH(1)) & ~word & WORD_EACH(0x80);
}

/* Bytes below `limit`, which is at most 0x80. */
static inline uint64_t
word_below(uint64_t word, unsigned char limit)
{
	return (word - WORD_EACH(limit)) & ~word & WORD_EACH(0x80);
}

/* Bytes that are not ASCII: all the bits are right. */
static inline uint64_t
word_high(uint64_t word)
{
	return word & WORD_EACH(0x80);
}

/* The first byte found; `hits` is not 0. */
static inline size_t
word_first(uint64_t hits)
{
	return (size_t)__builtin_ctzll(hits) / 8;
}

#endif
