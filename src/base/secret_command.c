/* SPDX-License-Identifier: MIT */
/*
 * Secrets that a program gives: a password manager, the keyring. It may wait
 * for somebody to unlock it, so it can be started and looked at now and then.
 *
 * Hazard: what it writes is in ordinary memory until it is a secret: the
 * string takes all its room at once, and is wiped.
 */
#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/str.h"
#include "base/text.h"

enum { COMMAND_MS = 30000, KEYRING_MS = 3000, NAME_MAX_BYTES = 8192 };

struct secret_wait {
	struct secret_place place; /* kind and argv only */
	struct spawned *spawned;
	struct str out;
};

static int64_t
limit_of(const struct secret_place *place)
{
	return place->kind == SECRET_KEYRING ? KEYRING_MS : COMMAND_MS;
}

/* Under which it is remembered: no variable is called so. */
static char *
name_of(const struct secret_place *place)
{
	struct str name;

	str_init(&name, NAME_MAX_BYTES);
	for (char *const *word = place->argv; *word; word++)
		str_addf(&name, "\001%s", *word);
	return str_take(&name);
}

/* `secret-tool lookup service belay account maria` */
static void
name_entry(struct str *out, char *const argv[])
{
	for (char *const *word = argv + 2; *word; word++) {
		str_add_char(out, ' ');
		text_clean(out, *word, strlen(*word));
	}
}

/*
 * No desktop, no keyring: over plain SSH there is nobody who could unlock it,
 * and secret-tool then says nothing or waits.
 */
static void
explain_keyring(char *const argv[], const struct err *why, struct err *err)
{
	struct str entry;

	str_init(&entry, ERR_TEXT_MAX / 4);
	name_entry(&entry, argv);
	if (!spawn_found(argv[0]))
		err_set(err, ERR_AUTH,
		    "the keyring is asked by %s, which is not installed "
		    "(package libsecret-tools); or say api_key: {file: ...}",
		    argv[0]);
	else if (!getenv("DBUS_SESSION_BUS_ADDRESS") ||
		 strstr(why->text, "in time"))
		err_set(err, ERR_AUTH,
		    "no keyring answers here, as is usual over plain SSH: say "
		    "api_key: {file: ...} or api_key: ask instead, or set "
		    "BELAY_API_KEY");
	else if (strstr(why->text, "ended with status") ||
		 strstr(why->text, "is empty"))
		err_set(err, ERR_AUTH,
		    "the keyring has no such entry; put the key there with: "
		    "secret-tool store --label=belay%s",
		    entry.data);
	else
		err_set(err, ERR_AUTH, "the keyring does not give the key: %s",
		    why->text);
	str_release(&entry);
}

/* Of what it wrote, if it ended well; wipes that. */
static struct secret *
take(const struct secret_place *place, struct str *out, bool good,
    struct err *why, struct err *err)
{
	struct secret *secret = good
				    ? secret_from_line(out->data, out->len,
					  "what the command for the key prints",
					  why)
				    : NULL;

	crypto_wipe(out->data, out->size);
	str_release(out);
	if (secret)
		return secret;
	if (place->kind == SECRET_KEYRING)
		explain_keyring(place->argv, why, err);
	else
		err_set(err, ERR_AUTH, "%s", why->text);
	return NULL;
}

static void
make_room(struct str *out)
{
	str_init(out, SECRET_MAX + 3);
	str_grow(out);
}

struct secret *
secret_of_command(const struct secret_place *place, struct err *err)
{
	char *name = name_of(place);
	struct secret *secret = NULL;
	struct err why = ERR_INIT;
	struct str out;
	bool good;

	if (secret_recall(name)) {
		secret = secret_copy(secret_recall(name));
		secret_forget_remembered(name);
	} else {
		make_room(&out);
		good = spawn_capture((const char *const *)place->argv,
		    limit_of(place), &out, &why);
		secret = take(place, &out, good, &why, err);
	}
	free(name);
	return secret;
}

static char **
copy_words(char *const argv[])
{
	size_t count = 0;
	char **copy;

	while (argv[count])
		count++;
	copy = mem_zalloc((count + 1) * sizeof(char *));
	for (size_t i = 0; i < count; i++)
		copy[i] = mem_strdup(argv[i]);
	return copy;
}

/* As gpg's may, over plain SSH: two that read the terminal would each get some
 * of the passphrase's keys. */
static bool
asks_on_terminal(void)
{
	return getenv("GPG_TTY") && !getenv("DISPLAY") &&
	       !getenv("WAYLAND_DISPLAY");
}

struct secret_wait *
secret_wait_begin(const struct secret_place *place)
{
	struct err ignored = ERR_INIT;
	struct secret_wait *wait;
	struct spawned *spawned;
	bool there;
	char *name;

	if ((place->kind != SECRET_COMMAND && place->kind != SECRET_KEYRING) ||
	    asks_on_terminal() ||
	    (place->variable &&
		(secret_recall(place->variable) || getenv(place->variable))))
		return NULL;
	name = name_of(place);
	there = secret_recall(name) != NULL;
	free(name);
	spawned = there ? NULL
			: spawn_begin((const char *const *)place->argv,
			      limit_of(place), &ignored);
	if (!spawned)
		return NULL;
	wait = mem_zalloc(sizeof(*wait));
	wait->place.kind = place->kind;
	wait->place.argv = copy_words(place->argv);
	wait->spawned = spawned;
	make_room(&wait->out);
	return wait;
}

static void
free_wait(struct secret_wait *wait)
{
	secret_place_clear(&wait->place);
	free(wait);
}

bool
secret_wait_over(struct secret_wait *wait, struct err *err)
{
	struct err why = ERR_INIT;
	struct secret *secret;
	char *name;
	bool good;

	if (spawn_goes_on(wait->spawned, &wait->out))
		return false;
	good = spawn_end(wait->spawned, &wait->out, &why);
	secret = take(&wait->place, &wait->out, good, &why, err);
	if (secret) {
		name = name_of(&wait->place);
		secret_remember(name, secret);
		free(name);
	}
	free_wait(wait);
	return true;
}

const char *
secret_wait_for(const struct secret_wait *wait)
{
	return wait->place.kind == SECRET_KEYRING ? "the keyring"
						  : wait->place.argv[0];
}

void
secret_wait_free(struct secret_wait *wait)
{
	struct err ignored = ERR_INIT;

	if (!wait)
		return;
	spawn_end(wait->spawned, &wait->out, &ignored);
	crypto_wipe(wait->out.data, wait->out.size);
	str_release(&wait->out);
	free_wait(wait);
}
