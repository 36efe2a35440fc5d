/* SPDX-License-Identifier: MIT */
/*
 * Lines of a vCard: "group.NAME;PARAMETER=value:value", folded.
 *
 * A line goes on where the next one starts with a blank; in quoted-printable
 * also where it ends with '='. In 2.1 the blank belongs to the value, later it
 * does not. A folded line is put together in vcard->text and parsed there.
 * Hazard: whether a line is quoted-printable decides where it ends, so that is
 * seen in its first bytes, before it is put together; it is never asked again.
 */
#include "source/vcard.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/word.h"
#include "source/input.h"

enum { HEADER_MAX = 8192, NONE = 255 };

bool
vcard_next_piece(
    const struct vcard *vcard, size_t from, struct vcard_piece *piece)
{
	const struct input *input = vcard->input;
	const char *unit = input->data + vcard->at;
	size_t len = input->len - vcard->at;
	const char *end = memchr(
	    unit + from, vcard->lone_cr ? '\r' : '\n', len - from);

	if (!end && !input->ended)
		return false;
	*piece = (struct vcard_piece){from, len, len};
	if (end) {
		piece->end = (size_t)(end - unit);
		piece->next = piece->end + 1;
	}
	if (!vcard->lone_cr && piece->end > from &&
	    unit[piece->end - 1] == '\r')
		piece->end--;
	return true;
}

bool
vcard_is_word(const struct vcard *vcard, const struct vcard_piece *piece,
    const char *word)
{
	const char *unit = vcard->input->data + vcard->at;
	size_t end = piece->end, len;

	/* nearly all are told by their first letter */
	if (piece->start == end || ((unit[piece->start] ^ *word) & ~0x20) != 0)
		return false;
	len = strlen(word);
	while (end > piece->start && strchr(" \t\r", unit[end - 1]))
		end--;
	return end - piece->start == len &&
	       strncasecmp(unit + piece->start, word, len) == 0;
}

static inline bool
is_name_char(char c)
{
	char small = (char)(c | 0x20);

	return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

size_t
vcard_name_end(const char *text, size_t len)
{
	size_t end = 0;

	while (end < len && is_name_char(text[end]))
		end++;
	return end < len && (text[end] == ':' || text[end] == ';') ? end : 0;
}

/* The first colon or quote, or `len`. */
static inline size_t
find_colon(const char *text, size_t len)
{
	size_t at = 0;

	for (uint64_t hits; at + WORD_SIZE <= len; at += WORD_SIZE) {
		hits = word_equal(word_load(text + at), WORD_EACH(':')) |
		       word_equal(word_load(text + at), WORD_EACH('"'));
		if (hits)
			return at + word_first(hits);
	}
	while (at < len && text[at] != ':' && text[at] != '"')
		at++;
	return at;
}

size_t
vcard_header_end(const char *text, size_t len)
{
	size_t first = find_colon(text, len < HEADER_MAX ? len : HEADER_MAX);
	size_t quoted_colon = len;
	bool quoted = false;

	if (first < len && text[first] == ':')
		return first;
	for (size_t i = 0; i < len && i < HEADER_MAX; i++) {
		if (text[i] == '"')
			quoted = !quoted;
		if (text[i] == ':' && !quoted)
			return i;
		if (text[i] == ':' && quoted_colon == len)
			quoted_colon = i;
	}
	/* a quote that never closes is just a character */
	return quoted_colon;
}

bool
vcard_says_quoted_printable(const char *header, size_t len)
{
	static const char word[] = "QUOTED-PRINTABLE";
	size_t word_len = sizeof(word) - 1;

	for (size_t i = 0; i + word_len < len; i++)
		if ((header[i] == ';' || header[i] == '=') &&
		    strncasecmp(header + i + 1, word, word_len) == 0)
			return true;
	return false;
}

void
vcard_line_read(struct vcard *vcard, struct vcard_line *line)
{
	const char *unit = vcard->input->data + vcard->at;
	struct vcard_piece piece = {.next = line->start};
	bool soft = false;

	line->text = (uint32_t)vcard->text.len;
	do {
		size_t from, to;

		vcard_next_piece(vcard, piece.next, &piece);
		from = piece.start;
		to = piece.end;
		if (from > line->start && !soft && from < to &&
		    vcard->version != VCARD_21)
			from++;
		soft = line->quoted_printable && piece.end < line->end &&
		       to > piece.start && unit[to - 1] == '=';
		if (soft)
			to--;
		if (to > from)
			str_add_bytes(&vcard->text, unit + from, to - from);
	} while (piece.end < line->end);
	line->stop = (uint32_t)vcard->text.len;
	vcard_line_parse(vcard, line);
}

/* ---- parameters --------------------------------------------------------- */

struct parameter {
	const char *name;
	size_t name_len; /* 0: there is only a value, as in 2.1 */
	const char *value;
	size_t len;
};

static bool
equals(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && strncasecmp(text, word, len) == 0;
}

static bool
is_named(const struct parameter *parameter, const char *name)
{
	return equals(parameter->name, parameter->name_len, name);
}

/* The parameter that starts at `*at`; moves behind it. */
static struct parameter
next_parameter(const char *text, size_t header, size_t *at)
{
	struct parameter parameter = {.name = text + *at};
	size_t start = *at, end;
	bool quoted = false;
	const char *equal;

	for (end = start; end < header && (quoted || text[end] != ';'); end++)
		if (text[end] == '"')
			quoted = !quoted;
	/* the quote that never closes, see vcard_header_end() */
	if (quoted)
		for (end = start; end < header && text[end] != ';';)
			end++;
	*at = end;
	equal = memchr(text + start, '=', end - start);
	if (equal)
		parameter.name_len = (size_t)(equal - parameter.name);
	parameter.value = equal ? equal + 1 : text + start;
	parameter.len = (size_t)(text + end - parameter.value);
	return parameter;
}

/* Letters small, quotes gone, ^ as RFC 6868 has it. */
static void
add_types(
    struct vcard *vcard, struct vcard_line *line, const char *value, size_t len)
{
	struct str *words = &vcard->words;
	size_t start = words->len;

	for (size_t i = 0; i < len; i++) {
		char c = value[i];

		if (c == '^' && i + 1 < len && strchr("n^'", value[i + 1])) {
			c = value[++i];
			c = c == 'n' ? ' ' : c == '\'' ? '"' : c;
		} else if (c == '"') {
			continue;
		}
		if (c == ',' || c == '\t')
			c = ' ';
		/* blanks stand only between words */
		if (c == ' ' && (words->len == line->types ||
				    words->data[words->len - 1] == ' '))
			continue;
		if (words->len == start && start > line->types && c != ' ' &&
		    words->data[start - 1] != ' ')
			str_add_char(words, ' ');
		str_add_char(words, (char)tolower((unsigned char)c));
	}
	while (words->len > line->types && words->data[words->len - 1] == ' ')
		words->data[--words->len] = '\0';
}

static enum vcard_charset
charset_named(const char *name, size_t len)
{
	static const struct {
		const char *name;
		enum vcard_charset charset;
	} names[] = {
	    {"UTF-8", VCARD_CHARSET_UTF8},
	    {"UTF8", VCARD_CHARSET_UTF8},
	    {"US-ASCII", VCARD_CHARSET_NONE},
	    {"ASCII", VCARD_CHARSET_NONE},
	    {"ISO-8859-1", VCARD_CHARSET_1252},
	    {"ISO8859-1", VCARD_CHARSET_1252},
	    {"ISO_8859-1", VCARD_CHARSET_1252},
	    {"LATIN1", VCARD_CHARSET_1252},
	    {"WINDOWS-1252", VCARD_CHARSET_1252},
	    {"CP1252", VCARD_CHARSET_1252},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (equals(name, len, names[i].name))
			return names[i].charset;
	return VCARD_CHARSET_UNKNOWN;
}

static unsigned
read_number(const char *text, size_t len)
{
	unsigned number = 0;

	for (size_t i = 0; i < len && i < 4; i++)
		if (isdigit((unsigned char)text[i]))
			number = 10 * number + (unsigned)(text[i] - '0');
	return number;
}

static void
take_encoding(struct vcard_line *line, const char *value, size_t len)
{
	if (equals(value, len, "B") || equals(value, len, "BASE64"))
		line->base64 = true;
}

static void
take_parameter(struct vcard *vcard, struct vcard_line *line,
    const struct parameter *parameter)
{
	static const char *const encodings[] = {
	    "BASE64", "QUOTED-PRINTABLE", "7BIT", "8BIT"};
	const char *value = parameter->value;
	size_t len = parameter->len;
	unsigned number;

	if (len >= 2 && value[0] == '"' && value[len - 1] == '"' &&
	    !is_named(parameter, "TYPE")) {
		value++;
		len -= 2;
	}
	if (is_named(parameter, "TYPE")) {
		add_types(vcard, line, value, len);
	} else if (is_named(parameter, "ENCODING")) {
		take_encoding(line, value, len);
	} else if (is_named(parameter, "CHARSET")) {
		line->charset = charset_named(value, len);
		line->charset_said = true;
	} else if (is_named(parameter, "PREF")) {
		number = read_number(value, len);
		line->preference = number > 0 && number <= 100 ? (uint8_t)number
							       : NONE;
	} else if (is_named(parameter, "X-APPLE-OMIT-YEAR")) {
		line->omit_year = (uint16_t)read_number(value, len);
	} else if (parameter->name_len == 0) {
		for (size_t i = 0; i < 4; i++)
			if (equals(value, len, encodings[i])) {
				take_encoding(line, value, len);
				return;
			}
		add_types(vcard, line, value, len);
	}
}

/* Whether the words hold this one. */
static bool
has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at += len)
		if ((at == words || at[-1] == ' ') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

/* ---- a line ------------------------------------------------------------- */

static bool
is_name(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_name_char(text[i]))
			return false;
	return len > 0;
}

static uint32_t
sum_name(const char *name, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum = 31 * sum + (uint32_t)tolower((unsigned char)name[i]);
	return sum;
}

static void
parse_parameters(
    struct vcard *vcard, struct vcard_line *line, size_t from, size_t header)
{
	const char *words;

	line->types = (uint32_t)vcard->words.len;
	line->preference = NONE;
	line->home = false;
	while (from < header) {
		struct parameter parameter;

		from++; /* the ';' */
		parameter = next_parameter(
		    vcard->text.data + line->text, header, &from);
		take_parameter(vcard, line, &parameter);
	}
	str_add_char(&vcard->words, '\0');
	words = vcard->words.data + line->types;
	if (!*words)
		return;
	if (has_word(words, "pref"))
		line->preference = 1;
	line->home = has_word(words, "home");
}

void
vcard_line_parse(struct vcard *vcard, struct vcard_line *line)
{
	const char *text = vcard->text.data + line->text;
	size_t len = line->stop - line->text, name = 0;
	size_t name_end = vcard_name_end(text, len);
	size_t header = name_end > 0 && text[name_end] == ':'
			    ? name_end
			    : vcard_header_end(text, len);

	line->parsed = false;
	if (name_end == 0) {
		for (; name_end < header && text[name_end] != ';';)
			if (text[name_end++] == '.')
				name = name_end;
		if (!is_name(text + name, name_end - name))
			return;
	}
	if (header == len)
		return;
	line->parsed = true;
	line->group_len = (uint32_t)(name > 0 ? name - 1 : 0);
	line->name = line->text + (uint32_t)name;
	line->name_len = (uint32_t)(name_end - name);
	line->name_sum = sum_name(text + name, line->name_len);
	line->value = line->text + (uint32_t)header + 1;
	line->label = line->property == VCARD_OWN &&
		      equals(text + name, line->name_len, "X-ABLABEL");
	line->base64 = false;
	line->omit_year = 0;
	line->charset = VCARD_CHARSET_NONE;
	line->charset_said = false;
	parse_parameters(vcard, line, name_end, header);
	/* tel:+1-212-555-0101 */
	if (line->property == VCARD_TEL && line->stop - line->value >= 4 &&
	    strncasecmp(vcard->text.data + line->value, "tel:", 4) == 0)
		line->value += 4;
}

/* How many bytes one character takes, as it is written: =5C. */
static size_t
unit_at(const struct vcard_line *line, const char *at, const char *end)
{
	return line->quoted_printable && vcard_is_quoted(at, (size_t)(end - at))
		   ? 3
		   : 1;
}

static bool
is_backslash(const char *at, size_t unit)
{
	return unit == 1 ? *at == '\\' : strncasecmp(at, "=5C", 3) == 0;
}

/* The first character that may separate parts, or keep one from it. */
static inline const char *
find_mark(const char *at, const char *end)
{
	for (uint64_t word, hits; end - at >= WORD_SIZE; at += WORD_SIZE) {
		word = word_load(at);
		hits = word_equal(word, WORD_EACH(';')) |
		       word_equal(word, WORD_EACH('\\')) |
		       word_equal(word, WORD_EACH('='));
		if (hits)
			return at + word_first(hits);
	}
	while (at < end && *at != ';' && *at != '\\' && *at != '=')
		at++;
	return at;
}

bool
vcard_line_part(const struct vcard *vcard, const struct vcard_line *line,
    unsigned part, size_t *from, size_t *to)
{
	const char *text = vcard->text.data;
	const char *at = text + line->value, *end = text + line->stop;
	bool parts = line->property >= 0 &&
		     vcard_properties[line->property].kind == VCARD_PARTS;

	*from = line->value;
	while (parts && (at = find_mark(at, end)) < end) {
		size_t unit = unit_at(line, at, end);

		if (*at == ';') {
			if (part-- == 0)
				break;
			*from = (size_t)(at + 1 - text);
		} else if (is_backslash(at, unit) && at + unit < end) {
			/* what it escapes separates nothing */
			at += unit;
			unit = unit_at(line, at, end);
		}
		at += unit;
	}
	*to = parts ? (size_t)(at - text) : line->stop;
	return !parts || at < end || part == 0;
}
