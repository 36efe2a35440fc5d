/* SPDX-License-Identifier: MIT */
/*
 * cJSON behind our names, made strict and exact.
 *
 * json_scan() proves a copy of the text first; what cJSON then reads is that
 * copy with every number 0 and blanks, so that it neither rounds nor refuses
 * one. The
 * tree is walked once in the order of the text: each number node becomes raw
 * text again (cJSON_Raw, which copies and prints as it stands), each key is
 * held against the others of its object.
 * Hazard: cJSON never fails to allocate, because its hooks end the program.
 */
#include "base/json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json_scan.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

/* cJSON's node under our name, in both directions. */
static cJSON *
node_of(struct json *json)
{
	return (cJSON *)json;
}

static const cJSON *
read_node(const struct json *json)
{
	return (const cJSON *)json;
}

static struct json *
json_of(cJSON *node)
{
	return (struct json *)node;
}

__attribute__((constructor)) static void
use_our_memory(void)
{
	cJSON_Hooks hooks = {.malloc_fn = mem_alloc, .free_fn = free};

	cJSON_InitHooks(&hooks);
}

/* ---- parsing ------------------------------------------------------------- */

/* The tree walked in step with the places of the text. */
struct walk {
	const char *text;
	const struct json_places *places;
	size_t next_number;
	size_t next_key;
	size_t *bad;
	struct err *err;
};

struct key {
	const char *name;
	size_t at;
};

static int
compare_keys(const void *a, const void *b)
{
	const struct key *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	if (order != 0)
		return order;
	return left->at < right->at ? -1 : 1;
}

static bool
keys_differ(const struct walk *walk, struct key *keys, size_t count)
{
	if (count > 1)
		qsort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(keys[i].name, keys[i - 1].name) != 0)
			continue;
		*walk->bad = keys[i].at;
		return err_set(walk->err, ERR_DATA,
		    "the key '%.64s' is here twice; remove one", keys[i].name);
	}
	return true;
}

static bool finish(struct walk *walk, cJSON *node);

static bool
finish_object(struct walk *walk, const cJSON *object)
{
	size_t count = 0, capacity = 0;
	struct key *keys = NULL;
	bool good = true;

	for (cJSON *item = object->child; item && good; item = item->next) {
		keys = mem_grow(keys, &capacity, count + 1, sizeof(*keys));
		assert(walk->next_key < walk->places->keys.count);
		keys[count++] = (struct key){.name = item->string,
		    .at = walk->places->keys.items[walk->next_key++].start};
		good = finish(walk, item);
	}
	good = good && keys_differ(walk, keys, count);
	free(keys);
	return good;
}

static bool
finish(struct walk *walk, cJSON *node)
{
	if (cJSON_IsObject(node))
		return finish_object(walk, node);
	if (cJSON_IsNumber(node)) {
		const struct json_span *span =
		    &walk->places->numbers.items[walk->next_number];

		assert(walk->next_number < walk->places->numbers.count);
		walk->next_number++;
		node->valuestring = mem_strndup(
		    walk->text + span->start, span->len);
		node->type = cJSON_Raw;
	}
	for (cJSON *item = node->child; item; item = item->next)
		if (!finish(walk, item))
			return false;
	return true;
}

static cJSON *
parse_without_numbers(char *copy, size_t len, const struct json_places *places)
{
	for (size_t i = 0; i < places->numbers.count; i++) {
		const struct json_span *span = &places->numbers.items[i];

		memset(copy + span->start, ' ', span->len);
		copy[span->start] = '0';
	}
	return cJSON_ParseWithLengthOpts(copy, len + 1, NULL, true);
}

struct json *
json_parse_part(const char *text, size_t len, size_t *bad, struct err *err)
{
	struct json_places places;
	struct walk walk = {
	    .text = text, .places = &places, .bad = bad, .err = err};
	char *copy = mem_alloc(len + 1);
	cJSON *root = NULL;

	*bad = 0;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (json_scan(copy, len, &places, bad, err)) {
		root = parse_without_numbers(copy, len, &places);
		if (!root)
			err_set(err, ERR_DATA, "cannot be read as JSON");
		else if (!finish(&walk, root)) {
			cJSON_Delete(root);
			root = NULL;
		}
	}
	json_places_release(&places);
	free(copy);
	return json_of(root);
}

struct json *
json_parse(const char *text, size_t len, struct err *err)
{
	size_t bad, line = 1, column = 1;
	struct json *json;

	if (len > JSON_SIZE_MAX) {
		err_set(
		    err, ERR_DATA, "larger than %u MiB", JSON_SIZE_MAX >> 20);
		return NULL;
	}
	json = json_parse_part(text, len, &bad, err);
	if (json)
		return json;
	for (size_t i = 0; i < bad; i++) {
		if (text[i] == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)text[i] & 0xC0) != 0x80) {
			column++;
		}
	}
	err_prefix(err, "line %zu, column %zu", line, column);
	return NULL;
}

void
json_free(struct json *json)
{
	cJSON_Delete(node_of(json));
}

/* ---- reading ------------------------------------------------------------- */

static bool
is_container(const struct json *json)
{
	return json_is_object(json) || json_is_array(json);
}

const struct json *
json_get(const struct json *object, const char *key)
{
	if (!json_is_object(object))
		return NULL;
	return json_of(
	    cJSON_GetObjectItemCaseSensitive(read_node(object), key));
}

const struct json *
json_at(const struct json *array, size_t index)
{
	const struct json *item = json_is_array(array) ? json_first(array)
						       : NULL;

	while (item && index-- > 0)
		item = json_next(item);
	return item;
}

size_t
json_count(const struct json *array_or_object)
{
	size_t count = 0;

	for (const struct json *item = json_first(array_or_object); item;
	     item = json_next(item))
		count++;
	return count;
}

const struct json *
json_first(const struct json *array_or_object)
{
	if (!is_container(array_or_object))
		return NULL;
	return json_of(read_node(array_or_object)->child);
}

const struct json *
json_next(const struct json *item)
{
	return item ? json_of(read_node(item)->next) : NULL;
}

const char *
json_key(const struct json *member)
{
	return member ? read_node(member)->string : NULL;
}

bool
json_is_object(const struct json *json)
{
	return cJSON_IsObject(read_node(json));
}

bool
json_is_array(const struct json *json)
{
	return cJSON_IsArray(read_node(json));
}

bool
json_is_null(const struct json *json)
{
	return cJSON_IsNull(read_node(json));
}

bool
json_is_bool(const struct json *json)
{
	return cJSON_IsBool(read_node(json));
}

bool
json_is_number(const struct json *json)
{
	return cJSON_IsRaw(read_node(json));
}

bool
json_true(const struct json *json)
{
	return cJSON_IsTrue(read_node(json));
}

const char *
json_string(const struct json *json)
{
	return cJSON_IsString(read_node(json)) ? read_node(json)->valuestring
					       : NULL;
}

const char *
json_number_text(const struct json *json)
{
	return json_is_number(json) ? read_node(json)->valuestring : NULL;
}

const char *
json_scalar_text(const struct json *json)
{
	const char *text = json_string(json);

	return text ? text : json_number_text(json);
}

/* ---- building ------------------------------------------------------------ */

struct json *
json_object(void)
{
	return json_of(cJSON_CreateObject());
}

struct json *
json_array(void)
{
	return json_of(cJSON_CreateArray());
}

void
json_add(struct json *object, const char *key, struct json *child)
{
	bool added;

	assert(json_is_object(object) && child);
	added = cJSON_AddItemToObject(node_of(object), key, node_of(child));
	assert(added);
	(void)added;
}

void
json_append(struct json *array, struct json *child)
{
	bool added;

	assert(json_is_array(array) && child);
	added = cJSON_AddItemToArray(node_of(array), node_of(child));
	assert(added);
	(void)added;
}

static struct json *
new_string(const char *text)
{
	return json_of(text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

void
json_add_string(struct json *object, const char *key, const char *text)
{
	json_add(object, key, new_string(text));
}

void
json_append_string(struct json *array, const char *text)
{
	json_append(array, new_string(text));
}

void
json_add_integer(struct json *object, const char *key, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, value);
	json_add(object, key, json_of(cJSON_CreateRaw(text)));
}

void
json_add_bool(struct json *object, const char *key, bool value)
{
	json_add(object, key, json_of(cJSON_CreateBool(value)));
}

void
json_add_null(struct json *object, const char *key)
{
	json_add(object, key, json_of(cJSON_CreateNull()));
}

bool
json_add_raw(struct json *object, const char *key, const char *text)
{
	struct err err = ERR_INIT;
	struct json *value = json_parse(text, strlen(text), &err);

	if (value)
		json_add(object, key, value);
	return value != NULL;
}

struct json *
json_copy(const struct json *json)
{
	return json_of(cJSON_Duplicate(read_node(json), true));
}

/* ---- printing ------------------------------------------------------------ */

/* One character escaped, as one or two UTF-16 units. */
static void
print_escape(struct str *out, uint32_t code)
{
	static const char names[] = "\bb\ff\nn\rr\tt";

	for (size_t i = 0; names[i]; i += 2) {
		if (code == (uint32_t)names[i]) {
			str_add_char(out, '\\');
			str_add_char(out, names[i + 1]);
			return;
		}
	}
	if (code > 0xFFFF) {
		code -= 0x10000;
		str_addf(out, "\\u%04x\\u%04x", 0xD800 + (code >> 10),
		    0xDC00 + (code & 0x3FF));
	} else {
		str_addf(out, "\\u%04x", code);
	}
}

static bool
must_escape(uint32_t code, enum json_escape escape)
{
	if (code == '"' || code == '\\' || code < 0x20)
		return true;
	return escape == JSON_ESCAPE_WIDE     ? code >= 0x7F
	       : escape == JSON_ESCAPE_UNSAFE ? !text_code_is_clean(code)
					      : false;
}

void
json_print_text(struct str *out, const char *text, enum json_escape escape)
{
	size_t len = strlen(text), start = 0, at = 0;

	str_add_char(out, '"');
	while (at < len) {
		uint32_t code;
		size_t used = text_decode(text + at, len - at, &code);
		bool bad_byte = used == 1 && code == TEXT_REPLACEMENT;

		if (!bad_byte && !must_escape(code, escape)) {
			at += used;
			continue;
		}
		str_add_bytes(out, text + start, at - start);
		if (code == '"' || code == '\\') {
			str_add_char(out, '\\');
			str_add_char(out, (char)code);
		} else {
			print_escape(out, code);
		}
		at += used;
		start = at;
	}
	str_add_bytes(out, text + start, at - start);
	str_add_char(out, '"');
}

/* Whatever could drive a terminal or hide is escaped, so that output is safe
 * to look at and still means the same. */
static void
print_string(struct str *out, const char *text)
{
	json_print_text(out, text, JSON_ESCAPE_UNSAFE);
}

static void
print_node(struct str *out, const cJSON *node)
{
	bool object = cJSON_IsObject(node);

	if (object || cJSON_IsArray(node)) {
		str_add_char(out, object ? '{' : '[');
		for (const cJSON *item = node->child; item; item = item->next) {
			if (item != node->child)
				str_add_char(out, ',');
			if (object) {
				print_string(out, item->string);
				str_add_char(out, ':');
			}
			print_node(out, item);
		}
		str_add_char(out, object ? '}' : ']');
	} else if (cJSON_IsString(node)) {
		print_string(out, node->valuestring);
	} else if (cJSON_IsRaw(node)) {
		str_add(out, node->valuestring);
	} else if (cJSON_IsBool(node)) {
		str_add(out, cJSON_IsTrue(node) ? "true" : "false");
	} else {
		str_add(out, "null");
	}
}

void
json_print(struct str *out, const struct json *json)
{
	print_node(out, read_node(json));
}
