/* SPDX-License-Identifier: MIT */
/*
 * The user's own editor on a file, over the whole terminal, while the desk
 * stays where it is. The loop goes on meanwhile (network, signals, ledger) but
 * reads no key and paints nothing, as both are the editor's.
 *
 * It is $VISUAL, else $EDITOR, else the first there is of sensible-editor,
 * editor, nano, vi. The variable may hold arguments, split at blanks, with
 * quotes; no shell is asked. It is in our process group: ^Z stops both.
 */
#ifndef DESK_EDITOR_H
#define DESK_EDITOR_H

#include <stdbool.h>

struct desk;
struct err;

/*
 * Starts the editor on a file, at a line from 1 (0: wherever it opens files).
 * True: it runs, and the caller goes back to the loop; when it has ended the
 * screen is painted again and settings_edited() looks at what it left. False,
 * with a sentence: it did not start, the screen is as before.
 */
bool desk_edit(
    struct desk *desk, const char *path, unsigned line, struct err *err);

/*
 * The same on a file with people's data: vim and its like are told to write
 * nothing beside it or about it. When it has ended `ended` is called instead of
 * settings_edited(); `trouble` is how it ended if badly, else "".
 */
bool desk_edit_private(struct desk *desk, const char *path, unsigned line,
    void (*ended)(struct desk *desk, const char *trouble), struct err *err);

/* Whether one is open now: no keys, no painting. */
bool editor_runs(const struct desk *desk);
/* After SIGCHLD: true when it has ended and the terminal is ours again. */
bool editor_ended(struct desk *desk);
/* After SIGTSTP: stops us as well, until the shell goes on with both. */
void editor_stop(struct desk *desk);
/* We end while it is open: it is asked to end too, and waited for a moment. */
void editor_close(struct desk *desk);

/* `private`: as for desk_edit_private(). What is run: for a command ("vim -u
 * NONE", "code --wait"), the file and the line as this editor wants them; the
 * caller frees each and the array. NULL: the command cannot be read. */
char **editor_arguments(const char *command, const char *path, unsigned line,
    bool private, struct err *err);

#endif
