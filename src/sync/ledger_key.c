/* SPDX-License-Identifier: MIT */
#include "sync/ledger_key.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"

bool
ledger_key_read(const char *directory, bool read_only,
    uint8_t key[CRYPTO_KEY_SIZE], struct err *err)
{
	char *path = file_join(directory, "key");
	struct str bytes;
	struct file_identity identity;
	bool good = true;

	str_init(&bytes, CRYPTO_KEY_SIZE);
	if (access(path, F_OK) != 0 && errno == ENOENT) {
		crypto_random(key, CRYPTO_KEY_SIZE);
		if (!read_only)
			good = file_replace(path, key, CRYPTO_KEY_SIZE, err);
	} else {
		good = file_read_all(path, &bytes, &identity, err);
		if (good && bytes.len != CRYPTO_KEY_SIZE)
			good = err_set(err, ERR_IO,
			    "%s is damaged; remove it: the next sync then "
			    "sends every linked contact once more",
			    path);
		if (good)
			memcpy(key, bytes.data, CRYPTO_KEY_SIZE);
	}
	str_release(&bytes);
	free(path);
	return good;
}
