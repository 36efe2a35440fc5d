#!/bin/sh
# SPDX-License-Identifier: MIT
# bootstrap in a world of make-believe: every tool is a few lines that note
# what they were asked to do, so that nothing is installed or built.
# shellcheck disable=SC2016 # dollar signs that are to arrive as ones
set -u

work=$(mktemp -d "${TMPDIR:-/tmp}/belay-bootstrap-XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
number=0 failed=0

check()
{
	what=$1
	shift
	number=$((number + 1))
	if "$@" >/dev/null 2>&1; then
		echo "ok $number - $what"
	else
		echo "not ok $number - $what"
		echo "# failed: $*"
		sed 's/^/# out: /' "$work/out"
		sed 's/^/# err: /' "$work/err"
		failed=$((failed + 1))
	fi
}

# Which tools of the real system are seen; nothing else is.
mkdir "$work/bin" "$work/clone" "$work/elsewhere"
for tool in sh awk cat chmod dirname echo env find getconf grep id mkdir paste rm \
	sed sort tail touch tr; do
	path=$(command -v "$tool") && case $path in
	/*) ln -s "$path" "$work/bin/$tool" ;;
	esac
done
cp "${BELAY_TESTS:?}/../bootstrap" "$work/clone/bootstrap"
: >"$work/clone/configure.ac"

# fake NAME LINE...: a tool that notes its arguments, then does the lines.
fake()
{
	name=$1
	shift
	rm -f "$work/bin/$name"
	{
		echo '#!/bin/sh'
		echo "echo $name \"\$*\" >>'$work/calls'"
		printf '%s\n' "$@"
	} >"$work/bin/$name"
	chmod +x "$work/bin/$name"
}

# Runs it from another directory; out, err, calls and STATUS tell the rest.
run()
{
	: >"$work/calls"
	(cd "$work/elsewhere" &&
		env -i PATH="$work/bin" HOME="$work" \
			../clone/bootstrap "$@" </dev/null) \
		>"$work/out" 2>"$work/err"
	STATUS=$?
	last=$(tail -n 1 "$work/out")
}

said()
{
	grep -q -F -e "$1" "$work/err"
}

asked()
{
	grep -q -F -e "$1" "$work/calls"
}

not_asked()
{
	! asked "$1"
}

run
check 'without a command it shows the usage' test "$STATUS" -eq 64
run check all
check 'check takes no options' test "$STATUS" -eq 64

# ---- nothing there, and it may not install -------------------------------------

run demo
check 'without a package manager it stops' test "$STATUS" -eq 69
check 'and names what is missing' said 'libmicrohttpd >= 0.9.70'

fake apt-get 'exit 0'
fake id 'echo 1000'
run check
check 'without root and sudo it stops' test "$STATUS" -eq 69
check 'nothing was installed' not_asked apt-get
check 'the exact command is printed' said \
	'sudo apt-get update && sudo apt-get install -y --no-install-recommends '
check 'with what the build needs' said ' libncurses-dev '
check 'and what the tests need' said ' tmux '
check 'the last line counts' test "$last" = '0 passed, 1 failed'

fake sudo 'test "$1" = -n && exit 1' 'exec "$@"'
run demo
check 'sudo that wants a password needs a terminal' not_asked apt-get

# ---- installing -------------------------------------------------------------------

fake sudo 'test "$1" = -n && exit 0' 'exec "$@"'
run demo
check 'sudo is used where needed' asked 'sudo apt-get -qq update'
check 'for what is missing' asked ' libncurses-dev '
check 'the demo needs no tools of the tests' not_asked ' tmux '
check 'what is missing all the same stops it' test "$STATUS" -eq 69
check 'and is named' said 'belay cannot do without: '

fake id 'echo 0'
run demo
check 'root needs no sudo' not_asked sudo
fake apt-get 'case " $* " in *" chromium "*) exit 100 ;; esac'
run check
check 'one that is nowhere keeps out no other' \
	grep -q -e '=120 tmux$' "$work/calls"
check 'and is named' said 'going on without chromium'
rm "$work/bin/apt-get"
for manager in dnf pacman brew; do
	fake "$manager" 'exit 0'
	run demo
	check "$manager is known" asked "$manager "
	check "$manager gets names of its own" asked libmicrohttpd
	check "$manager gets no placeholder" not_asked ' - '
	rm "$work/bin/$manager"
done

# ---- building and running -------------------------------------------------------------

for tool in autoconf automake cc chromedriver chromium mandoc openssl \
	pkg-config python3 ssh sshd strace tmux valgrind; do
	fake "$tool"
done
fake aclocal "echo '$work'"
: >"$work/ax_check_compile_flag.m4"
fake autoreconf 'echo "echo configure >>'"$work"'/calls; touch Makefile" \
	>configure' 'touch Makefile.in' 'chmod +x configure'
fake make 'mkdir -p src' \
	'printf "%s\n" "#!/bin/sh" "pwd; echo \"\$@\"; exit 7" >src/belay' \
	'chmod +x src/belay'

run demo --headless 'a b'
case $(cat "$work/err") in
*ca-certificates*)
	echo "ok $((number + 1)) # SKIP this system has no ca-certificates"
	echo "1..$((number + 1))"
	[ "$failed" -eq 0 ]
	exit
	;;
esac
check 'it ends as belay ended' test "$STATUS" -eq 7
check 'belay runs where bootstrap was started' \
	grep -q '/elsewhere$' "$work/out"
check 'with the arguments' test "$last" = 'demo --headless a b'
check 'configure was made and run' asked configure
run demo
check 'nothing is made twice' not_asked autoreconf
check 'nor configured twice' not_asked configure

fake make 'case "$*" in *check*) ;; *) exit 0 ;; esac' \
	'mkdir -p tests/unit' \
	'printf ":test-result: %s\n" "PASS 1 - a" "SKIP 2" "XFAIL 3" \
	>tests/unit/a.trs' \
	'printf ":test-result: %s\n" "PASS 1 - FAIL" "FAIL 2" ERROR \
	>tests/unit/b.trs' \
	'printf ":test-result: %s\n" ERROR >tests/c.trs' 'exit 2'
run check
check 'results are counted' test "$last" = '3 passed, 2 failed, 1 skipped'
check 'and it ends as make ended' test "$STATUS" -eq 2
fake make 'case "$*" in *check*) ;; *) exit 0 ;; esac' \
	'echo ":test-result: PASS" >a.trs'
run check
check 'old results do not count' test "$last" = '1 passed, 0 failed'
check 'success is success' test "$STATUS" -eq 0
fake make 'case "$*" in *check*) exit 2 ;; esac'
run check
check 'no result is a failure' test "$last" = '0 passed, 1 failed'
check 'with a status' test "$STATUS" -eq 2
fake make 'echo no such header' 'exit 2'
run check
check 'a build that fails is shown' said 'no such header'
check 'and counted' test "$last" = '0 passed, 1 failed'
check 'with its status' test "$STATUS" -eq 2

echo "1..$number"
[ "$failed" -eq 0 ]
