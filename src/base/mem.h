/* SPDX-License-Identifier: MIT */
/*
 * Memory that never fails to its caller, and the text arena.
 *
 * Out of memory ends the program: the die hooks run (the terminal is given
 * back; SQLite's journal makes the ledger whole by itself), one sentence goes
 * to standard error, exit status 71. That is safe because every input has a
 * ceiling and nothing is said to be saved before it is on disk.
 * Everything allocated here is released with free().
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

void *mem_alloc(size_t size)
    __attribute__((malloc, returns_nonnull, alloc_size(1)));
void *mem_zalloc(size_t size)
    __attribute__((malloc, returns_nonnull, alloc_size(1)));

/* Resizes to count * size bytes, overflow checked; NULL allocates. */
void *mem_resize(void *ptr, size_t count, size_t size)
    __attribute__((returns_nonnull, alloc_size(2, 3)));

char *mem_strdup(const char *text) __attribute__((malloc, returns_nonnull));
/* At most `len` bytes, ending earlier at a NUL. */
char *mem_strndup(const char *text, size_t len)
    __attribute__((malloc, returns_nonnull));

/*
 * Makes room for `need` elements in all, at least doubling when it grows.
 * `*capacity` is in elements; returns the (moved) array, untouched when it has
 * room already. E.g. `a = mem_grow(a, &capacity, count + 1, sizeof(*a));`
 */
void *mem_grow(void *array, size_t *capacity, size_t need, size_t size);

/* Hooks run, last registered first, before a fatal exit; at most 8. */
void mem_on_die(void (*hook)(void));

/*
 * Runs the hooks, prints "belay: text" and leaves with `status` at once:
 * nothing buffered is written, no atexit() function runs.
 */
_Noreturn void mem_die(int status, const char *text);

/*
 * An arena: append-only bytes addressed by 32-bit offsets, reserved once
 * (mmap MAP_NORESERVE) so that nothing ever moves: a pointer stays valid until
 * arena_release(). Offset 0 is never handed out and means "absent"; ARENA_EMPTY
 * is the empty string. Limit: `reserve` bytes, at most 4 GiB - 1.
 */
#define ARENA_EMPTY 1u

struct arena {
	char *base;
	size_t used;
	size_t reserved;
};

void arena_init(struct arena *arena, size_t reserve);
void arena_release(struct arena *arena);
/* Forgets all texts; what they took is used again. */
void arena_reset(struct arena *arena);

/*
 * Copies `len` bytes and a NUL; returns the offset (ARENA_EMPTY for no bytes),
 * 0 when the arena is full (the caller reports its ceiling).
 */
static inline uint32_t
arena_add(struct arena *arena, const char *text, size_t len)
{
	size_t offset = arena->used;

	if (len == 0)
		return ARENA_EMPTY;
	if (len >= arena->reserved - offset)
		return 0;
	/* whatever has room reserved, has a base:
	 * NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
	memcpy(arena->base + offset, text, len);
	arena->base[offset + len] = '\0';
	arena->used = offset + len + 1;
	return (uint32_t)offset;
}

/* The text at an offset; NULL for offset 0. */
static inline const char *
arena_text(const struct arena *arena, uint32_t offset)
{
	return offset ? arena->base + offset : NULL;
}

#endif
