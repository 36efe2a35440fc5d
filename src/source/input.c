/* SPDX-License-Identifier: MIT */
/*
 * Reads a chunk, joins it with the character the last chunk cut, and lets
 * the checked part into the window. UTF-8, the usual case, is read straight
 * into the window; other encodings are read aside and decoded into it.
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

/* A place of the window that is known in the file; moved by looking up. */
struct input_mark {
	size_t at;
	uint64_t byte;
};

static void
start(struct input *input, size_t chunk)
{
	input->chunk = chunk ? chunk : INPUT_CHUNK;
	input->only_ascii = true;
	input->size = ENCODING_HEAD + input->chunk + sizeof(input->held) + 1;
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
	free(input->raw);
	free(input->mark);
	if (input->own_fd)
		close(input->fd);
	*input = (struct input){.fd = -1};
}

void
input_start_digest(struct input *input)
{
	assert(!input->started);
	crypto_sum_start(&input->digest);
	input->digesting = true;
}

void
input_end_digest(struct input *input, uint8_t digest[CRYPTO_SUM_SIZE])
{
	assert(input->digesting && input->ended);
	crypto_sum_end(&input->digest, digest);
	input->digesting = false;
}

bool
input_can_rewind(const struct input *input)
{
	return input->fd < 0 ||
	       lseek(input->fd, 0, SEEK_CUR) == (off_t)input->taken_once;
}

bool
input_rewind(struct input *input, struct err *err)
{
	if (input->fd >= 0 && lseek(input->fd, 0, SEEK_SET) < 0)
		return err_errno(err, ERR_IO, "cannot be read again");
	free(input->raw);
	free(input->mark);
	input->raw = NULL;
	input->mark = NULL;
	input->raw_len = input->raw_size = 0;
	input->memory_at = 0;
	input->len = input->held_len = input->first_len = 0;
	input->offset = input->taken_once = 0;
	input->started = input->ended = false;
	input->only_ascii = true;
	input->bad = INPUT_GOOD;
	input->data[0] = '\0';
	return true;
}

uint64_t
input_place(const struct input *input, size_t at)
{
	struct input_mark *mark = input->mark;

	assert(at <= input->len);
	if (!mark)
		return input->offset + at;
	if (at >= mark->at)
		mark->byte += encoding_bytes(
		    input->encoding, input->data + mark->at, at - mark->at);
	else
		mark->byte -= encoding_bytes(
		    input->encoding, input->data + at, mark->at - at);
	mark->at = at;
	return mark->byte;
}

uint64_t
input_position(const struct input *input)
{
	return input->taken;
}

/* Reads one chunk; its length, -1 with errno. */
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
	if (got <= 0)
		return got;
	input->taken += (uint64_t)got;
	input->taken_once += (uint64_t)got;
	if (input->digesting && input->taken_once > input->digested) {
		size_t fresh = (size_t)(input->taken_once - input->digested);

		if (fresh > (size_t)got)
			fresh = (size_t)got;
		crypto_sum_add(
		    &input->digest, to + ((size_t)got - fresh), fresh);
		input->digested = input->taken_once;
	}
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

/* ---- other encodings ------------------------------------------------------
 */

/* Decodes what was read aside into the window, as far as it goes. */
static void
decode_raw(struct input *input)
{
	enum encoding_fault fault;
	size_t used;

	input->data = mem_grow(input->data, &input->size,
	    input->len + ENCODING_GROWTH * input->raw_len + 1, 1);
	input->len += encoding_decode(input->encoding, input->raw,
	    input->raw_len, input->data + input->len, &used, &fault);
	input->data[input->len] = '\0';
	input->raw_len -= used;
	memmove(input->raw, input->raw + used, input->raw_len);
	switch (fault) {
	case ENCODING_NUL: input->bad = INPUT_NUL; break;
	case ENCODING_SURROGATE: input->bad = INPUT_SURROGATE; break;
	case ENCODING_RANGE: input->bad = INPUT_RANGE; break;
	case ENCODING_GOOD:
		if (input->ended && input->raw_len > 0)
			input->bad = INPUT_CUT;
	}
	if (input->bad != INPUT_GOOD)
		input->ended = false;
}

/*
 * Goes over to an encoding that is decoded: `len` bytes of the file, which
 * stand behind the window, are the first ones in it; they begin at `byte`.
 */
static void
go_over(struct input *input, enum encoding encoding, size_t len, uint64_t byte)
{
	input->encoding = encoding;
	input->mark = mem_zalloc(sizeof(*input->mark));
	*input->mark = (struct input_mark){input->len, byte};
	input->raw = mem_grow(
	    input->raw, &input->raw_size, len + input->chunk, 1);
	memcpy(input->raw, input->data + input->len, len);
	input->raw_len = len;
	decode_raw(input);
}

/* ---- UTF-8 ----------------------------------------------------------------
 */

/* How many of the first bytes are ASCII. */
static size_t
count_ascii(const char *text, size_t len)
{
	const uint64_t top_bits = 0x8080808080808080u;
	uint64_t words[4];
	size_t at = 0;

	for (; at + sizeof(words) <= len; at += sizeof(words)) {
		memcpy(words, text + at, sizeof(words));
		if ((words[0] | words[1] | words[2] | words[3]) & top_bits)
			break;
	}
	while (at < len && !((unsigned char)text[at] & 0x80))
		at++;
	return at;
}

/* Whether `len` bytes are UTF-8; else `*good` of them are. */
static bool
check_utf8(struct input *input, const char *from, size_t len, size_t *good)
{
	size_t ascii = count_ascii(from, len), bad;

	*good = len;
	if (ascii == len)
		return true;
	if (text_valid(from + ascii, len - ascii, &bad)) {
		input->only_ascii = false;
		return true;
	}
	if (bad > 0)
		input->only_ascii = false;
	*good = ascii + bad;
	return false;
}

/* Lets the checked part of `fresh` bytes behind the window into it. */
static void
check(struct input *input, size_t fresh)
{
	char *from = input->data + input->len;
	const char *nul;
	size_t whole = fresh, good;
	bool valid;

	if (!input->ended) {
		input->held_len = cut_tail(from, fresh);
		whole = fresh - input->held_len;
		memcpy(input->held, from + whole, input->held_len);
	}
	valid = check_utf8(input, from, whole, &good);
	nul = good > 0 ? memchr(from, '\0', good) : NULL;
	if (nul) {
		input->bad = INPUT_NUL;
		good = (size_t)(nul - from);
	} else if (!valid && !input->only_ascii) {
		input->bad = INPUT_NOT_UTF8;
	}
	input->len += good;
	if (!valid && input->bad == INPUT_GOOD) {
		input->held_len = 0;
		go_over(input, ENCODING_WINDOWS_1252, fresh - good,
		    input->offset + input->len);
		return;
	}
	if (input->bad != INPUT_GOOD)
		input->ended = false;
	input->data[input->len] = '\0';
}

/* ---- reading --------------------------------------------------------------
 */

static void
make_room(struct input *input, size_t drop)
{
	size_t need;

	if (input->mark) {
		input_place(input, drop);
		input->mark->at = 0;
	}
	input->len -= drop;
	input->offset += drop;
	if (drop > 0)
		memmove(input->data, input->data + drop, input->len);
	need = input->len + sizeof(input->held) + input->chunk + 1;
	input->data = mem_grow(input->data, &input->size, need, 1);
}

static bool
fail_bad(const struct input *input, struct err *err)
{
	static const struct {
		const char *what, *advice;
	} faults[] = {
	    [INPUT_NOT_UTF8] = {"the text is not UTF-8 from",
		" on; save or export the file again as UTF-8 (in Excel: 'CSV "
		"UTF-8')"},
	    [INPUT_NUL] = {"there is a NUL at",
		", which no text holds: the file is damaged; export it again"},
	    [INPUT_SURROGATE] = {"there is half a character at",
		": the file is UTF-16 and damaged; export it again"},
	    [INPUT_RANGE] = {"there is no character with the number at",
		": the file is UTF-32 and damaged; export it again"},
	    [INPUT_CUT] = {"the file ends inside the character at",
		": its end is missing; export it again"},
	};
	unsigned long long place = input_place(input, input->len) + 1;

	return err_set(err, ERR_DATA, "%s byte %llu%s", faults[input->bad].what,
	    place, faults[input->bad].advice);
}

/* The first bytes, until they tell the encoding. */
static bool
begin(struct input *input, struct err *err)
{
	size_t fresh = 0, mark;
	ssize_t got;

	input->started = true;
	do {
		got = take(input, input->data + fresh);
		if (got < 0)
			return err_errno(
			    err, ERR_IO, "reading failed half-way");
		fresh += (size_t)got;
	} while (got > 0 && fresh < ENCODING_HEAD);
	input->ended = got == 0;
	input->encoding = encoding_detect(
	    input->first, input->first_len, &mark);
	fresh -= mark;
	memmove(input->data, input->data + mark, fresh);
	if (input->encoding != ENCODING_UTF8) {
		go_over(input, input->encoding, fresh, mark);
		return true;
	}
	input->offset = mark;
	/* a mark says UTF-8, so nothing else can follow */
	input->only_ascii = mark == 0;
	check(input, fresh);
	return true;
}

bool
input_more(struct input *input, size_t drop, struct err *err)
{
	size_t held = 0;
	ssize_t got;

	assert(drop <= input->len);
	if (input->bad != INPUT_GOOD)
		return fail_bad(input, err);
	if (input->ended)
		return true;
	if (!input->started)
		return begin(input, err);
	make_room(input, drop);
	if (input->mark) {
		input->raw = mem_grow(input->raw, &input->raw_size,
		    input->raw_len + input->chunk, 1);
		got = take(input, input->raw + input->raw_len);
	} else {
		held = input->held_len;
		memcpy(input->data + input->len, input->held, held);
		got = take(input, input->data + input->len + held);
	}
	if (got < 0)
		return err_errno(err, ERR_IO, "reading failed half-way");
	input->ended = got == 0;
	if (input->mark) {
		input->raw_len += (size_t)got;
		decode_raw(input);
	} else {
		input->held_len = 0;
		check(input, held + (size_t)got);
	}
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
