/* SPDX-License-Identifier: MIT */
/*
 * An array of contacts and one hash index over the keys that are looked up.
 * An index entry is never removed: a lookup compares the contact's present
 * value, so entries of values that it had before are merely passed over. That
 * keeps an update one append, at the price of an entry a change.
 */
#include "practice/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"

enum { LINE_MAX_BYTES = 4 << 20 };
/* Keys beyond the fields. */
enum { KEY_ID = SERVICE_FIELDS, KEY_SLUG, KEYS };

struct entry {
	uint32_t hash;
	uint32_t contact; /* its number */
	uint32_t next;    /* entry + 1 in the same bucket, older; 0: end */
};

struct store {
	struct store_contact **contacts;
	size_t count, capacity;
	struct entry *entries;
	size_t entry_count, entry_capacity;
	uint32_t *buckets;   /* entry + 1, the newest */
	size_t bucket_count; /* a power of two */
	uint64_t seed;
	uint64_t ids; /* given out so far */
	int fd;       /* -1: memory only */
	char *path;
};

static const char *
key_value(const struct store_contact *contact, int key)
{
	if (key == KEY_ID)
		return contact->id;
	if (key == KEY_SLUG)
		return contact->slug;
	return contact->values[key];
}

static bool
is_name(int key)
{
	return key == SERVICE_FIRST_NAME || key == SERVICE_LAST_NAME;
}

static bool
is_indexed(int key)
{
	return key >= SERVICE_FIELDS || is_name(key) ||
	       key == SERVICE_EXTERNAL_ID || key == SERVICE_MEDICARE_NUMBER;
}

static bool
key_equal(int key, const char *a, const char *b)
{
	return is_name(key) ? str_equal_fold(a, b) : strcmp(a, b) == 0;
}

/* FNV-1a, 32 bits, ASCII case folded. */
static uint32_t
key_hash(int key, const char *value)
{
	uint32_t hash = 2166136261u ^ (uint32_t)key;

	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;

		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c + ('a' - 'A'));
		hash = (hash ^ c) * 16777619u;
	}
	return hash;
}

static void
index_rebuild(struct store *store, size_t bucket_count)
{
	free(store->buckets);
	store->buckets = mem_zalloc(bucket_count * sizeof(*store->buckets));
	store->bucket_count = bucket_count;
	for (size_t i = 0; i < store->entry_count; i++) {
		struct entry *entry = &store->entries[i];
		uint32_t *bucket =
		    &store->buckets[entry->hash & (bucket_count - 1)];

		entry->next = *bucket;
		*bucket = (uint32_t)i + 1;
	}
}

/* The next older entry of this hash; 0 at the end. */
static uint32_t
index_next(const struct store *store, uint32_t hash, uint32_t cursor)
{
	cursor = cursor ? store->entries[cursor - 1].next
			: store->buckets[hash & (store->bucket_count - 1)];
	while (cursor && store->entries[cursor - 1].hash != hash)
		cursor = store->entries[cursor - 1].next;
	return cursor;
}

/* `fresh`: the contact has no entries yet. */
static void
index_add(struct store *store, int key, const struct store_contact *contact,
    bool fresh)
{
	const char *value = key_value(contact, key);
	uint32_t hash, cursor = 0;
	struct entry *entry;

	if (!value || !is_indexed(key))
		return;
	hash = key_hash(key, value);
	while (!fresh && (cursor = index_next(store, hash, cursor)) != 0)
		if (store->entries[cursor - 1].contact == contact->number)
			return;
	if (store->entry_count >= store->bucket_count)
		index_rebuild(store, store->bucket_count * 2);
	store->entries = mem_grow(store->entries, &store->entry_capacity,
	    store->entry_count + 1, sizeof(*store->entries));
	entry = &store->entries[store->entry_count++];
	entry->hash = hash;
	entry->contact = (uint32_t)contact->number;
	entry->next = store->buckets[hash & (store->bucket_count - 1)];
	store->buckets[hash & (store->bucket_count - 1)] =
	    (uint32_t)store->entry_count;
}

static struct store_contact *
index_find(
    const struct store *store, int key, const char *value, uint32_t *cursor)
{
	uint32_t hash = key_hash(key, value);

	while ((*cursor = index_next(store, hash, *cursor)) != 0) {
		struct store_contact *contact =
		    store->contacts[store->entries[*cursor - 1].contact];
		const char *has = key_value(contact, key);

		if (has && key_equal(key, has, value))
			return contact;
	}
	return NULL;
}

/* Puts a contact into the array and the index, or renews its entries. */
static void
keep(struct store *store, struct store_contact *contact)
{
	bool fresh = contact->number == SIZE_MAX;

	if (fresh) {
		contact->number = store->count;
		store->contacts = mem_grow(store->contacts, &store->capacity,
		    store->count + 1, sizeof(struct store_contact *));
		store->contacts[store->count++] = contact;
	}
	for (int key = 0; key < KEYS; key++)
		index_add(store, key, contact, fresh);
}

/* The slug follows from the id, but does not show it. */
static void
make_slug(struct store_contact *contact)
{
	struct crypto_digest digest;
	uint8_t bytes[CRYPTO_DIGEST_SIZE];

	crypto_digest_start(&digest);
	crypto_digest_add(&digest, "slug", 4);
	crypto_digest_add(&digest, contact->id, strlen(contact->id));
	crypto_digest_end(&digest, bytes);
	crypto_hex(contact->slug, bytes, (STORE_SLUG_SIZE - 1) / 2);
}

/* A version-4 UUID that follows from the seed and a counter. */
static void
seeded_uuid(struct store *store, char id[37])
{
	struct crypto_digest digest;
	uint8_t bytes[CRYPTO_DIGEST_SIZE];
	uint64_t input[2] = {store->seed, store->ids++};
	char hex[33];

	crypto_digest_start(&digest);
	crypto_digest_add(&digest, input, sizeof(input));
	crypto_digest_end(&digest, bytes);
	bytes[6] = (uint8_t)((bytes[6] & 0x0fu) | 0x40u);
	bytes[8] = (uint8_t)((bytes[8] & 0x3fu) | 0x80u);
	crypto_hex(hex, bytes, 16);
	snprintf(id, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
	    hex + 16, hex + 20);
}

static void
new_id(struct store *store, char id[37])
{
	do {
		if (store->seed)
			seeded_uuid(store, id);
		else
			crypto_uuid(id);
	} while (store_by_id(store, id));
}

struct store_contact *
store_new(struct store *store, const char *agent, const char *id)
{
	struct store_contact *contact = mem_zalloc(sizeof(*contact));

	contact->agent = mem_strdup(agent);
	contact->number = SIZE_MAX;
	contact->app = true;
	if (id)
		str_copy(contact->id, sizeof(contact->id), id);
	else
		new_id(store, contact->id);
	make_slug(contact);
	return contact;
}

void
store_discard(struct store_contact *contact)
{
	if (!contact)
		return;
	for (int field = 0; field < SERVICE_FIELDS; field++)
		free(contact->values[field]);
	for (int list = 0; list < SERVICE_LISTS; list++)
		json_free(contact->lists[list]);
	json_free(contact->notes);
	free(contact->agent);
	free(contact);
}

void
store_set(struct store_contact *contact, enum service_field field,
    const char *value, bool boolean)
{
	char *copy = value ? mem_strdup(value) : NULL;

	free(contact->values[field]);
	contact->values[field] = copy;
	contact->booleans &= ~(1u << field);
	if (copy && boolean)
		contact->booleans |= 1u << field;
}

void
store_add_note(struct store_contact *contact, const char *note)
{
	if (!contact->notes)
		contact->notes = json_array();
	json_append_string(contact->notes, note);
}

void
store_clear_notes(struct store_contact *contact)
{
	json_free(contact->notes);
	contact->notes = NULL;
}

void
store_set_list(
    struct store_contact *contact, enum service_list list, struct json *items)
{
	json_free(contact->lists[list]);
	contact->lists[list] = items;
}

static void
print_line(struct str *line, const struct store_contact *contact)
{
	struct json *root = json_object(), *values = json_object();

	json_add_string(root, "id", contact->id);
	json_add_string(root, "agent", contact->agent);
	json_add_bool(root, "app", contact->app);
	for (int field = 0; field < SERVICE_FIELDS; field++) {
		const char *name = validate_fields[field].name;
		const char *value = contact->values[field];

		if (value && (contact->booleans & (1u << field)))
			json_add_bool(values, name, strcmp(value, "true") == 0);
		else if (value)
			json_add_string(values, name, value);
	}
	json_add(root, "values", values);
	if (contact->notes)
		json_add(root, "notes", json_copy(contact->notes));
	for (int list = 0; list < SERVICE_LISTS; list++)
		if (contact->lists[list])
			json_add(root, validate_lists[list],
			    json_copy(contact->lists[list]));
	json_print(line, root);
	str_add_char(line, '\n');
	json_free(root);
}

/* A whole line or none: half a line would spoil the next one. */
static bool
append(struct store *store, const struct str *line, struct err *err)
{
	off_t end = lseek(store->fd, 0, SEEK_END);
	size_t done = 0;

	while (done < line->len) {
		ssize_t got = write(
		    store->fd, line->data + done, line->len - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			err_errno(
			    err, ERR_IO, "cannot write '%s'", store->path);
			if (end >= 0 && ftruncate(store->fd, end) != 0)
				err_prefix(err, "the store is damaged");
			return false;
		}
		done += (size_t)got;
	}
	return true;
}

bool
store_save(struct store *store, struct store_contact *contact, struct err *err)
{
	struct str line;
	bool good;

	if (store->fd >= 0) {
		str_init(&line, LINE_MAX_BYTES);
		print_line(&line, contact);
		good = !line.cut ? append(store, &line, err)
				 : err_set(err, ERR_DATA,
				       "a contact is larger than %d bytes",
				       LINE_MAX_BYTES);
		str_release(&line);
		if (!good)
			return false;
	}
	keep(store, contact);
	return true;
}

static void
read_values(struct store_contact *contact, const struct json *root)
{
	const struct json *values = json_get(root, "values");
	const struct json *notes = json_get(root, "notes");

	for (int field = 0; field < SERVICE_FIELDS; field++) {
		const struct json *value = json_get(
		    values, validate_fields[field].name);

		store_set(contact, (enum service_field)field,
		    json_is_bool(value) ? json_true(value) ? "true" : "false"
					: json_string(value),
		    json_is_bool(value));
	}
	store_clear_notes(contact);
	if (json_is_array(notes))
		contact->notes = json_copy(notes);
	for (int list = 0; list < SERVICE_LISTS; list++) {
		const struct json *items = json_get(root, validate_lists[list]);

		store_set_list(contact, (enum service_list)list,
		    json_is_array(items) ? json_copy(items) : NULL);
	}
	contact->app = json_true(json_get(root, "app"));
}

static bool
read_line(struct store *store, const char *text, size_t len, struct err *err)
{
	struct json *root = json_parse(text, len, err);
	const char *id = json_string(json_get(root, "id"));
	const char *agent = json_string(json_get(root, "agent"));
	struct store_contact *contact;

	if (!root)
		return false;
	if (!id || !agent || strlen(id) != 36) {
		json_free(root);
		return err_set(err, ERR_DATA, "this is no stored contact");
	}
	contact = store_by_id(store, id);
	if (!contact)
		contact = store_new(store, agent, id);
	read_values(contact, root);
	keep(store, contact);
	json_free(root);
	return true;
}

/* Reads all whole lines; `*end` is where the last one ends. */
static bool
read_lines(struct store *store, FILE *file, off_t *end, struct err *err)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	bool good = true;

	*end = 0;
	for (unsigned number = 1; good; number++) {
		len = getline(&line, &size, file);
		if (len <= 0 || line[len - 1] != '\n')
			break;
		good = read_line(store, line, (size_t)len - 1, err);
		if (!good)
			err_prefix(err, "%s:%u", store->path, number);
		*end += len;
	}
	if (good && ferror(file))
		good = err_errno(err, ERR_IO, "cannot read '%s'", store->path);
	free(line);
	return good;
}

static bool
load(struct store *store, struct err *err)
{
	FILE *file = NULL;
	off_t end;
	int copy;
	bool good;

	store->fd = open(
	    store->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (store->fd < 0)
		return err_errno(
		    err, ERR_NO_INPUT, "cannot open '%s'", store->path);
	copy = fcntl(store->fd, F_DUPFD_CLOEXEC, 0);
	if (copy >= 0)
		file = fdopen(copy, "r");
	if (!file) {
		if (copy >= 0)
			close(copy);
		return err_errno(err, ERR_IO, "cannot read '%s'", store->path);
	}
	good = read_lines(store, file, &end, err);
	fclose(file);
	if (good && ftruncate(store->fd, end) != 0)
		good = err_errno(err, ERR_IO, "cannot mend '%s'", store->path);
	return good;
}

struct store *
store_open(const char *path, uint64_t seed, struct err *err)
{
	struct store *store = mem_zalloc(sizeof(*store));

	store->fd = -1;
	store->seed = seed;
	index_rebuild(store, 1024);
	if (path) {
		store->path = mem_strdup(path);
		if (!load(store, err)) {
			store_close(store);
			return NULL;
		}
	}
	return store;
}

void
store_close(struct store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->count; i++)
		store_discard(store->contacts[i]);
	if (store->fd >= 0)
		close(store->fd);
	free(store->contacts);
	free(store->entries);
	free(store->buckets);
	free(store->path);
	free(store);
}

size_t
store_count(const struct store *store)
{
	return store->count;
}

struct store_contact *
store_at(const struct store *store, size_t number)
{
	return number < store->count ? store->contacts[number] : NULL;
}

struct store_contact *
store_by_id(const struct store *store, const char *id)
{
	uint32_t cursor = 0;

	return index_find(store, KEY_ID, id, &cursor);
}

struct store_contact *
store_by_slug(const struct store *store, const char *slug)
{
	uint32_t cursor = 0;

	return index_find(store, KEY_SLUG, slug, &cursor);
}

struct store_contact *
store_with(const struct store *store, enum service_field field,
    const char *value, uint32_t *cursor)
{
	return index_find(store, (int)field, value, cursor);
}

size_t
store_count_external(const struct store *store, const char *external_id)
{
	uint32_t cursor = 0;
	size_t count = 0;

	while (store_with(store, SERVICE_EXTERNAL_ID, external_id, &cursor))
		count++;
	return count;
}
