/* SPDX-License-Identifier: MIT */
#include "base/mem.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

TEST(mem_grow_doubles_and_keeps)
{
	size_t capacity = 0;
	int *array = NULL;

	for (int i = 0; i < 1000; i++) {
		size_t before = capacity;

		array = mem_grow(
		    array, &capacity, (size_t)i + 1, sizeof(*array));
		CHECK(capacity == before || capacity >= 2 * before);
		array[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		REQUIRE(array[i] == i);
	free(array);
}

TEST(mem_strndup_stops_at_nul)
{
	char *text = mem_strndup("abc\0def", 7), *cut = mem_strndup("abc", 2);

	CHECK_TEXT(text, "abc");
	CHECK_TEXT(cut, "ab");
	free(text);
	free(cut);
}

TEST(mem_empty_sizes_are_memory)
{
	void *a = mem_alloc(0), *b = mem_zalloc(0), *c = mem_resize(NULL, 0, 8);

	CHECK(a && b && c);
	free(a);
	free(b);
	free(c);
}

static void
first_hook(void)
{
	CHECK(write(STDERR_FILENO, "first\n", 6) == 6);
}

static void
second_hook(void)
{
	CHECK(write(STDERR_FILENO, "second\n", 7) == 7);
}

static void
dying_hook(void)
{
	mem_die(3, "again");
}

/* Runs `act` in a child; gives its exit status and what it wrote to stderr. */
static int
child_status(void (*act)(void), char *said, size_t size)
{
	int ends[2], status;
	size_t len = 0;
	ssize_t got;
	pid_t child;

	REQUIRE(pipe(ends) == 0);
	child = fork();
	REQUIRE(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		act();
		_exit(0);
	}
	close(ends[1]);
	while ((got = read(ends[0], said + len, size - 1 - len)) > 0)
		len += (size_t)got;
	said[len] = '\0';
	close(ends[0]);
	REQUIRE(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
die_with_hooks(void)
{
	mem_on_die(first_hook);
	mem_on_die(second_hook);
	mem_die(42, "the end");
}

TEST(mem_die_runs_hooks_last_first)
{
	char said[256];

	CHECK_INT(child_status(die_with_hooks, said, sizeof(said)), 42);
	CHECK_TEXT(said, "second\nfirst\nbelay: the end\n");
}

static void
die_in_hook(void)
{
	mem_on_die(first_hook);
	mem_on_die(dying_hook);
	mem_die(42, "the end");
}

TEST(mem_die_in_a_hook_still_ends)
{
	char said[256];

	CHECK_INT(child_status(die_in_hook, said, sizeof(said)), 3);
	CHECK_TEXT(said, "first\nbelay: again\n");
}

static void
overflow(void)
{
	/* volatile: the compiler would refuse a constant this big */
	volatile size_t count = SIZE_MAX / 2;

	free(mem_resize(NULL, count, 3));
}

TEST(mem_overflow_is_out_of_memory)
{
	char said[256];

	CHECK_INT(child_status(overflow, said, sizeof(said)), 71);
	CHECK(strstr(said, "belay: out of memory") == said);
}

TEST(arena_offsets)
{
	struct arena arena;
	uint32_t a, b;
	const char *kept;

	arena_init(&arena, 1u << 20);
	CHECK(arena_text(&arena, 0) == NULL);
	CHECK_TEXT(arena_text(&arena, ARENA_EMPTY), "");
	CHECK_INT(arena_add(&arena, "", 0), ARENA_EMPTY);
	a = arena_add(&arena, "hello", 5);
	b = arena_add(&arena, "worldwide", 5);
	CHECK(a > ARENA_EMPTY && b > a);
	kept = arena_text(&arena, a);
	while (arena_add(&arena, "0123456789", 10) != 0)
		;
	CHECK(arena_text(&arena, a) == kept);
	CHECK_TEXT(kept, "hello");
	CHECK_TEXT(arena_text(&arena, b), "world");
	CHECK(arena.used <= arena.reserved);
	arena_release(&arena);
	arena_release(&arena);
}

TEST(arena_is_full_to_the_last_byte)
{
	struct arena arena;
	uint32_t offset;

	arena_init(&arena, 8);
	CHECK_INT(arena_add(&arena, "123456", 6), 0);
	offset = arena_add(&arena, "12345", 5);
	CHECK_INT(offset, 2);
	CHECK_TEXT(arena_text(&arena, offset), "12345");
	CHECK_INT(arena_add(&arena, "1", 1), 0);
	arena_release(&arena);
}

TEST(arena_may_reserve_four_gigabytes)
{
	struct arena arena;

	arena_init(&arena, SIZE_MAX);
	CHECK_INT(arena.reserved, UINT32_MAX);
	CHECK_TEXT(arena_text(&arena, arena_add(&arena, "x", 1)), "x");
	arena_release(&arena);
}
