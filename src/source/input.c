/* SPDX-License-Identifier: MIT */
/*
 * Reads a chunk, joins it with the character the last chunk cut, and lets
 * the checked part into the window.
 * Hazard: `len` ends where the checks end, never inside a character, so the
 * NUL behind it can serve as a sentinel.
 */
#include "source/input.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

static void
start(struct input *input, size_t chunk)
{
	input->chunk = chunk ? chunk : INPUT_CHUNK;
	input->size = input->chunk + sizeof(input->held) + 1;
	input->data = mem_alloc(input->size);
	input->data[0] = '\0';
}

void
input_init(struct input *input, int fd, bool own_fd, size_t chunk)
{
	*input = (struct input){.fd = fd, .own_fd = own_fd};
	start(input, chunk);
}

void
input_init_memory(
    struct input *input, const char *text, size_t len, size_t chunk)
{
	*input = (struct input){.fd = -1, .memory = text, .memory_len = len};
	start(input, chunk);
}

void
input_release(struct input *input)
{
	free(input->data);
	if (input->own_fd)
		close(input->fd);
	*input = (struct input){.fd = -1};
}

void
input_start_digest(struct input *input)
{
	assert(input->offset == 0 && input->len == 0);
	crypto_digest_start(&input->digest);
	input->digesting = true;
}

void
input_end_digest(struct input *input, uint8_t digest[CRYPTO_DIGEST_SIZE])
{
	assert(input->digesting && input->ended);
	crypto_digest_end(&input->digest, digest);
	input->digesting = false;
}

uint64_t
input_place(const struct input *input, size_t at)
{
	assert(at <= input->len);
	return input->offset + at;
}

uint64_t
input_position(const struct input *input)
{
	return input->offset + input->len + input->held_len;
}

/* Reads one chunk behind the window; its length, -1 with errno. */
static ssize_t
take(struct input *input, char *to)
{
	size_t left = input->memory_len - input->memory_at;
	ssize_t got;

	if (input->fd < 0) {
		got = (ssize_t)(left < input->chunk ? left : input->chunk);
		if (got > 0)
			memcpy(
			    to, input->memory + input->memory_at, (size_t)got);
		input->memory_at += (size_t)got;
	} else {
		got = file_read(input->fd, to, input->chunk);
	}
	if (got > 0 && input->first_len < sizeof(input->first)) {
		size_t room = sizeof(input->first) - input->first_len;
		size_t more = (size_t)got < room ? (size_t)got : room;

		memcpy(input->first + input->first_len, to, more);
		input->first_len += more;
	}
	if (got > 0 && input->digesting)
		crypto_digest_add(&input->digest, to, (size_t)got);
	return got;
}

/* How many bytes at the end are the start of a character that goes on. */
static size_t
cut_tail(const char *text, size_t len)
{
	for (size_t back = 1; back <= 3 && back <= len; back++) {
		unsigned char byte = (unsigned char)text[len - back];

		if (byte < 0x80)
			return 0;
		if (byte < 0xC0)
			continue;
		return back < (byte >= 0xF0      ? 4u
				  : byte >= 0xE0 ? 3u
						 : 2u)
			   ? back
			   : 0;
	}
	return 0;
}

/* Lets the checked part of `fresh` bytes behind the window into it. */
static void
check(struct input *input, size_t fresh)
{
	char *from = input->data + input->len;
	const char *nul;
	size_t good = fresh, bad;

	if (!input->ended) {
		input->held_len = cut_tail(from, fresh);
		good = fresh - input->held_len;
		memcpy(input->held, from + good, input->held_len);
	}
	if (!text_valid(from, good, &bad)) {
		input->bad = INPUT_NOT_UTF8;
		good = bad;
	}
	nul = good > 0 ? memchr(from, '\0', good) : NULL;
	if (nul) {
		input->bad = INPUT_NUL;
		good = (size_t)(nul - from);
	}
	if (input->bad != INPUT_GOOD)
		input->ended = false;
	input->len += good;
	input->data[input->len] = '\0';
}

static void
skip_bom(struct input *input)
{
	if (input->bom || strncmp(input->data, "\xEF\xBB\xBF", 3) != 0)
		return;
	input->bom = true;
	input->len -= 3;
	input->offset = 3;
	memmove(input->data, input->data + 3, input->len + 1);
}

static void
make_room(struct input *input, size_t drop)
{
	size_t need;

	input->len -= drop;
	input->offset += drop;
	memmove(input->data, input->data + drop, input->len);
	need = input->len + sizeof(input->held) + input->chunk + 1;
	input->data = mem_grow(input->data, &input->size, need, 1);
}

static bool
fail_bad(const struct input *input, struct err *err)
{
	unsigned long long place = input->offset + input->len + 1;

	if (input->bad == INPUT_NUL)
		return err_set(err, ERR_DATA,
		    "there is a NUL at byte %llu, which no text holds: the "
		    "file is damaged or UTF-16; save or export it again as "
		    "UTF-8",
		    place);
	return err_set(err, ERR_DATA,
	    "the text is not UTF-8 from byte %llu on; save or export the file "
	    "again as UTF-8 (in Excel: 'CSV UTF-8')",
	    place);
}

bool
input_more(struct input *input, size_t drop, struct err *err)
{
	ssize_t got;
	size_t held;

	assert(drop <= input->len);
	if (input->bad != INPUT_GOOD)
		return fail_bad(input, err);
	if (input->ended)
		return true;
	make_room(input, drop);
	held = input->held_len;
	memcpy(input->data + input->len, input->held, held);
	input->held_len = 0;
	got = take(input, input->data + input->len + held);
	if (got < 0)
		return err_errno(err, ERR_IO, "reading failed half-way");
	input->ended = got == 0;
	check(input, held + (size_t)got);
	if (input->offset == 0)
		skip_bom(input);
	return true;
}

bool
input_fill(struct input *input, size_t want, struct err *err)
{
	while (input->len < want && !input->ended && input->bad == INPUT_GOOD)
		if (!input_more(input, 0, err))
			return false;
	return true;
}
