/* SPDX-License-Identifier: MIT */
/*
 * Memory: the one place that knows what happens when there is none.
 * Hazard: mem_die() may run inside anything, so it allocates nothing and
 * writes with write(2); a hook that dies itself must not start it again.
 */
#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HOOKS_MAX = 8, STATUS_NO_MEMORY = 71, GROW_FIRST = 8 };

static void (*hooks[HOOKS_MAX])(void);
static unsigned hook_count;

void
mem_on_die(void (*hook)(void))
{
	assert(hook_count < HOOKS_MAX);
	hooks[hook_count++] = hook;
}

static void
say(const char *text)
{
	/* nobody is left to tell when this fails */
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return;
}

void
mem_die(int status, const char *text)
{
	while (hook_count > 0)
		hooks[--hook_count]();
	say("belay: ");
	say(text);
	say("\n");
	_exit(status);
}

static _Noreturn void
no_memory(void)
{
	mem_die(STATUS_NO_MEMORY,
	    "out of memory: close other programs or use a smaller file");
}

void *
mem_alloc(size_t size)
{
	void *ptr = malloc(size ? size : 1);

	if (!ptr)
		no_memory();
	return ptr;
}

void *
mem_zalloc(size_t size)
{
	void *ptr = calloc(1, size ? size : 1);

	if (!ptr)
		no_memory();
	return ptr;
}

void *
mem_resize(void *ptr, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		no_memory();
	ptr = realloc(ptr, bytes ? bytes : 1);
	if (!ptr)
		no_memory();
	return ptr;
}

char *
mem_strdup(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(mem_alloc(size), text, size);
}

char *
mem_strndup(const char *text, size_t len)
{
	size_t used = strnlen(text, len);
	char *copy = mem_alloc(used + 1);

	memcpy(copy, text, used);
	copy[used] = '\0';
	return copy;
}

void *
mem_grow(void *array, size_t *capacity, size_t need, size_t size)
{
	size_t wanted = *capacity;

	if (need <= wanted)
		return array;
	if (__builtin_mul_overflow(wanted, 2, &wanted))
		no_memory();
	if (wanted < GROW_FIRST)
		wanted = GROW_FIRST;
	if (wanted < need)
		wanted = need;
	array = mem_resize(array, wanted, size);
	*capacity = wanted;
	return array;
}

void
arena_init(struct arena *arena, size_t reserve)
{
	if (reserve > UINT32_MAX)
		reserve = UINT32_MAX;
	if (reserve < 2)
		reserve = 2;
	arena->base = mmap(NULL, reserve, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (arena->base == MAP_FAILED)
		no_memory();
	arena->reserved = reserve;
	arena_reset(arena);
}

void
arena_reset(struct arena *arena)
{
	/* byte 0 stands for "absent", byte 1 is the empty string */
	arena->used = ARENA_EMPTY + 1;
}

void
arena_release(struct arena *arena)
{
	if (arena->base)
		munmap(arena->base, arena->reserved);
	*arena = (struct arena){0};
}
