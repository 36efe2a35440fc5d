/* SPDX-License-Identifier: MIT */
#include "tui/sequences.h"

#include "tui/key.h"

const struct sequence sequences[] = {
    {"\033[A", KEY_CODE_UP},
    {"\033[B", KEY_CODE_DOWN},
    {"\033[C", KEY_CODE_RIGHT},
    {"\033[D", KEY_CODE_LEFT},
    {"\033OA", KEY_CODE_UP},
    {"\033OB", KEY_CODE_DOWN},
    {"\033OC", KEY_CODE_RIGHT},
    {"\033OD", KEY_CODE_LEFT},
    {"\033[H", KEY_CODE_HOME},
    {"\033[F", KEY_CODE_END},
    {"\033OH", KEY_CODE_HOME},
    {"\033OF", KEY_CODE_END},
    {"\033[1~", KEY_CODE_HOME},
    {"\033[4~", KEY_CODE_END},
    {"\033[7~", KEY_CODE_HOME}, /* rxvt */
    {"\033[8~", KEY_CODE_END},
    {"\033[2~", KEY_CODE_INSERT},
    {"\033[3~", KEY_CODE_DELETE},
    {"\033[5~", KEY_CODE_PAGE_UP},
    {"\033[6~", KEY_CODE_PAGE_DOWN},
    {"\033[Z", KEY_CODE_BACK_TAB},
    {"\033OM", KEY_CODE_ENTER}, /* the keypad's */
    {"\033OP", KEY_CODE_F1},
    {"\033OQ", KEY_CODE_F1 + 1},
    {"\033OR", KEY_CODE_F1 + 2},
    {"\033OS", KEY_CODE_F1 + 3},
    {"\033[[A", KEY_CODE_F1}, /* the linux console */
    {"\033[[B", KEY_CODE_F1 + 1},
    {"\033[[C", KEY_CODE_F1 + 2},
    {"\033[[D", KEY_CODE_F1 + 3},
    {"\033[[E", KEY_CODE_F1 + 4},
    {"\033[11~", KEY_CODE_F1}, /* PuTTY */
    {"\033[12~", KEY_CODE_F1 + 1},
    {"\033[13~", KEY_CODE_F1 + 2},
    {"\033[14~", KEY_CODE_F1 + 3},
    {"\033[15~", KEY_CODE_F1 + 4},
    {"\033[17~", KEY_CODE_F1 + 5},
    {"\033[18~", KEY_CODE_F1 + 6},
    {"\033[19~", KEY_CODE_F1 + 7},
    {"\033[20~", KEY_CODE_F1 + 8},
    {"\033[21~", KEY_CODE_F1 + 9},
    {"\033[23~", KEY_CODE_F1 + 10},
    {"\033[24~", KEY_CODE_F1 + 11},
};

const size_t sequences_count = sizeof(sequences) / sizeof(sequences[0]);
