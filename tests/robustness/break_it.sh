#!/usr/bin/env bash
# Tries to break the participant's loop in some 200 ways, in a copy of the project: what a repair may do, what may have
# become of the files, what the machine may lack, and kills at random moments.
#
#   tests/robustness/break_it.sh [PART...]     files, repairs, machine, disk, verbs, terminal, together, kills (KILLS=60 of them)
#
# After each attempt: the exit code is one of those that are right, the text says what is expected, the record is whole,
# the lab is as before, and nothing is left running. Takes minutes; needs root for `disk`, which it skips otherwise.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
copy=$(mktemp -d "$root/build/break.XXXXXX")
export RACELAB_BREAKS=$copy  # In the environment of all that is started: so it is found.
trap 'umount "$copy/workspace" "$copy/build/tsan" 2>/dev/null; chmod -R u+rwx "$copy"; rm -rf "$copy"' EXIT
mkdir "$copy/build"
for part in labs solutions tests sanitizers CMakeLists.txt CMakePresets.json; do cp -r "$root/$part" "$copy/"; done
for part in native lib; do ln -s "$root/build/$part" "$copy/build/$part"; done
cp -rl "$(readlink -f "$root/build/deps")" "$copy/build/deps"  # Hard links: what is added is added to the copy only.
cp -r "$root/build/bin" "$copy/build/bin"
cd "$copy" || exit 2
racelab=$copy/build/bin/racelab
lab=forgetful_counter
mine=workspace/$lab/hit_counter.h
original=labs/data_races/lost_update/hit_counter.h
solution=solutions/data_races/lost_update/mutex/hit_counter.h
before=$(md5sum < "$original")
tried=0 bad=0

# What runs in the copy's name, apart from this script and its children.
left() {
  local process
  for process in /proc/[0-9]*; do
    if tr '\0' '\n' 2>/dev/null < "$process/environ" | grep -qx "RACELAB_BREAKS=$copy" &&
       [ "$(readlink "$process/exe")" != "$(readlink /proc/$$/exe)" ] &&
       ! grep -q '^State:.Z' "$process/status" 2>/dev/null; then
      case $(tr '\0' ' ' 2>/dev/null < "$process/cmdline") in tr\ *|grep\ *|readlink\ *|"") ;; *) tr '\0' ' ' 2>/dev/null < "$process/cmdline"; echo;; esac
    fi
  done
}

fault() {
  bad=$((bad + 1))
  echo "BAD $1: $2"
  sed 's/^/    /' "$copy/../out.$$" | head -12
}

# judge NAME CODES PATTERN: judges the attempt whose output and exit code are in $out and $code.
judge() {
  tried=$((tried + 1))
  printf '%s\n' "$out" > "$copy/../out.$$"
  local running
  running=$(left)
  [ -z "$running" ] || { sleep 1; running=$(left); }
  case " $2 " in *" $code "*) ;; *) fault "$1" "exit code $code, not $2";; esac
  grep -qaE -- "$3" "$copy/../out.$$" || fault "$1" "does not say '$3'"
  [ -z "$running" ] || fault "$1" "left running: $running"
  [ "$(md5sum < "$original")" = "$before" ] || fault "$1" "the lab has changed"
  [ ! -f workspace/.progress.json ] || [ ! -s workspace/.progress.json ] || python3 -m json.tool workspace/.progress.json > /dev/null 2>&1 ||
    fault "$1" "the record is broken"
  rm -f "$copy/../out.$$"
}

# attempt NAME CODES PATTERN COMMAND...: runs it and judges it.
attempt() {
  local name=$1 codes=$2 pattern=$3
  shift 3
  out=$(set -o pipefail; timeout -k 5 "${LIMIT:-150}" "$@" 2>&1 < /dev/null | tr -d "\0")
  code=$?
  judge "$name" "$codes" "$pattern"
}
check() { attempt "$1" "$2" "$3" "$racelab" check $lab; }
again() { umount workspace 2>/dev/null; rm -rf workspace; "$racelab" start $lab > /dev/null; }

# repair NAME CODES PATTERN BODY [BEFORE]: HitCounter::Record() does this.
repair() {
  { echo "${5:-}"; echo '#include <unistd.h>'; sed "s|void Record() .*|void Record() { $4 }|" "$original"; } > $mine
  check "$1" "$2" "$3"
  [ -e workspace/$lab ] || again
}

files() {
  again; rm -rf workspace/$lab; check deleted 2 'racelab start'
  again; mv $mine $mine.old; check renamed 2 'racelab start'
  again; rm $mine; mkdir $mine; check folder 2 'is no file'; rmdir $mine
  again; ln -sf /nowhere/x $mine; check dangling_link 2 'racelab start'
  again; rm $mine; mkfifo $mine; check fifo 2 'is no file'
  again; ln -sf /dev/zero $mine; check link_to_zero 2 'is no file'
  again; ln -sf /dev/null $mine; check link_to_null 2 'is no file'
  again; ln -sf "$copy/$solution" $mine; check link_to_solution 0 'is solved'; rm $mine
  again; ln -f $mine $mine.hard; check hard_link 1 'not solved'
  again; : > $mine; check empty 1 'does not compile'
  again; head -c 10000000 /dev/urandom > $mine; check random_10_mb 1 'does not compile'
  again; { cat $original; yes '// a comment that says nothing' | head -c 10000000; echo; } > $mine; check comment_10_mb 1 'not solved'
  again; sed 's/$/\r/' $original > $mine; check crlf 1 'Broken promise'
  again; { printf '\357\273\277'; cat $original; } > $mine; check byte_order_mark 1 'Broken promise'
  again; { cat $original; printf '\0\0\0'; } > $mine; check nul_bytes 1 'not solved'
  again; printf '%s' "$(cat $original)" > $mine; check no_last_newline 1 'Broken promise'
  again; { cat $original; echo '#include <hit_counter.h>'; } > $mine; check includes_itself 1 'nested too'
  again; echo '#include "hit_counter.h"' > $mine; check includes_itself_without_guard 1 'does not compile'
  again; { echo '#error "not yet"'; cat $original; } > $mine; check error 1 'not yet'
  again; sed '$d' $original > $mine; check guard_not_closed 1 'does not compile'
  again; sed '1,/^class/s/^class/\/* class/' $original > $mine; check comment_not_closed 1 'does not compile'
  again; { echo 'template <int N> struct Deep { static constexpr int v = Deep<N + 1>::v; }; static_assert(Deep<0>::v);'; cat $original; } > $mine; check endless_template 1 'does not compile'
  again; { echo 'template <class T> struct W { using type = typename W<W<T>>::type; W<W<T>> a; }; W<int>::type w;'; cat $original; } > $mine; check growing_template 1 'does not compile'
  again; { cat $original; for ((i = 0; i < 100; ++i)); do printf 'static_assert(sizeof(int) == %s);%.0s' $(seq 1000); echo; done; } > $mine; check 100000_errors 1 'does not compile'
  again; { cat $original; echo 'constexpr int Endless() { int n = 0; for (;;) n = n ? 0 : 1; return n; } static_assert(Endless());'; } > $mine; check endless_constexpr 1 'does not compile'
  again; { cat $original; echo 'inline char huge[1ull << 60];'; } > $mine; check huge_array 1 'compile|not solved'
  again; { cat $original; echo "inline int deep = $(printf '(%.0s' $(seq 5000))1$(printf ')%.0s' $(seq 5000));"; } > $mine; check deep_parentheses 1 'does not compile'
  again; { cat $original; echo "inline const char* line = \"$(head -c 1000000 /dev/zero | tr '\0' x)\";"; } > $mine; check line_of_1_mb 1 'not solved'
  again; { echo '#include "/dev/zero"'; cat $original; } > $mine; check include_zero 1 'not solved'
  again; { echo '#define int long'; cat $original; } > $mine; check redefines_int 1 'compile|not solved'
  again; { cat $original; echo 'asm("this is no instruction");'; } > $mine; check assembly 1 'does not compile'
  again; sed 's/class HitCounter/class HitCounterOfMine/' $original > $mine; check other_class 1 'does not compile'
  again; { echo '#pragma once'; cat $original; } > $mine; check pragma_once 1 'Broken promise'
  again; { cat $original; echo 'int main() { return 0; }'; } > $mine; check own_main 1 'compile|not solved'
  again; { cat $original; echo 'void HitCounterElsewhere(); inline struct S { S() { HitCounterElsewhere(); } } s;'; } > $mine; check undefined_function 1 'compile|HitCounterElsewhere'
  again; touch -d '2099-01-01' $mine; check from_the_future 1 'Broken promise'
  again; touch -d '1971-01-01' $mine; check from_the_past 1 'Broken promise'
  again; touch workspace/stray workspace/$lab/stray.h; mkdir workspace/another; check strangers 1 'Broken promise'
  again
}

repairs() {
  again
  repair endless_loop 1 'not solved' 'for (;;) { }'
  repair endless_loop_that_writes 1 'not solved' 'for (;;) total_ = total_ + 1;'
  repair endless_constructor 1 'not solved' '++total_; } HitCounter() { for (;;) { }'
  repair endless_destructor 1 'not solved' '++total_; } ~HitCounter() { for (;;) { }'
  repair endless_global '1 3' 'not solved|cannot tell' '++total_;' 'inline int Spin() { for (volatile int i = 0;; i = 1) { } } inline int spin = Spin();'
  repair flood 1 'not solved' 'for (;;) puts("flood");' '#include <stdio.h>'
  repair flood_of_errors 1 'not solved' 'for (;;) fputs("flood\\n", stderr);' '#include <stdio.h>'
  repair memory_bomb '1 3' 'not solved|cannot tell' 'for (;;) memset(malloc(1 << 24), 1, 1 << 24);' '#include <cstdlib>
#include <cstring>'
  repair fork_bomb '1 3' 'not solved|cannot tell' 'for (;;) fork();'
  repair thread_bomb '1 3' 'not solved|cannot tell' 'for (;;) std::thread([] { sleep(100); }).detach();' '#include <thread>'
  repair stops_itself '1 3' 'not solved|cannot tell' 'raise(SIGSTOP);' '#include <signal.h>'
  repair kills_itself 1 'not solved' 'raise(SIGKILL);' '#include <signal.h>'
  repair kills_its_parent '1 3' 'not solved|cannot tell' 'kill(getppid(), SIGKILL);' '#include <signal.h>'
  repair ends_its_parent '1 3' 'not solved|cannot tell' 'kill(getppid(), SIGTERM);' '#include <signal.h>'
  repair ends_its_group '1 3' 'not solved|cannot tell' 'kill(0, SIGTERM);' '#include <signal.h>'
  repair kills_its_group '1 3' 'not solved|cannot tell' 'kill(0, SIGKILL);' '#include <signal.h>'
  repair closes_everything '1 3' 'not solved|cannot tell' 'for (int i = 0; i < 1024; ++i) close(i);'
  repair writes_to_the_terminal 1 'not solved' 'int t = open("/dev/tty", O_RDWR); if (write(t, "x", 1) < 0) { } close(t); ++total_;' '#include <fcntl.h>'
  repair other_screen 1 'not solved' 'fputs("\\033[?1049h\\033[2J\\033c", stdout); ++total_;' '#include <stdio.h>'
  repair changes_folder 1 'not solved' 'if (chdir("/") != 0) { } ++total_;'
  repair deletes_the_workspace 1 'not solved|gone' 'if (system("rm -rf workspace") != 0) { } ++total_;' '#include <stdlib.h>'
  again
  repair forbids_the_workspace 1 'not solved' 'chmod("workspace", 0); ++total_;' '#include <sys/stat.h>'
  chmod 755 workspace
  repair no_more_files '1 3' 'not solved|cannot tell' 'rlimit none = {0, 0}; setrlimit(RLIMIT_NOFILE, \&none); ++total_;' '#include <sys/resource.h>'
  repair no_more_time '1 3' 'not solved|cannot tell' 'rlimit none = {0, 0}; setrlimit(RLIMIT_CPU, \&none); ++total_;' '#include <sys/resource.h>'
  repair no_more_memory '1 3' 'not solved|cannot tell' 'rlimit none = {0, 0}; setrlimit(RLIMIT_AS, \&none); ++total_;' '#include <sys/resource.h>'
  repair no_more_output '1 3' 'not solved|cannot tell' 'rlimit none = {0, 0}; setrlimit(RLIMIT_FSIZE, \&none); ++total_;' '#include <sys/resource.h>'
  repair aborts 1 'not solved' 'abort();' '#include <stdlib.h>'
  repair terminates 1 'not solved' 'std::terminate();' '#include <exception>'
  repair throws 1 'not solved' 'throw 42;'
  repair throws_in_a_thread 1 'not solved' 'std::thread([] { throw 42; }).join();' '#include <thread>'
  repair throws_in_noexcept 1 'not solved' '[]() noexcept { throw 42; }();'
  repair overflows_the_stack 1 'not solved' 'volatile char page[4096]; page[0] = 1; Record(); page[1] = page[0];'
  repair jumps 1 'not solved' 'jmp_buf here; if (setjmp(here) == 0) longjmp(here, 1); ++total_;' '#include <setjmp.h>'
  repair alarm '1 3' 'not solved|cannot tell' 'alarm(1); ++total_;'
  repair blocks_all_signals '1 3' 'not solved|cannot tell' 'sigset_t all; sigfillset(\&all); sigprocmask(SIG_SETMASK, \&all, nullptr); for (;;) { }' '#include <signal.h>'
  repair ignores_all_signals '1 3' 'not solved|cannot tell' 'for (int s = 1; s < 65; ++s) signal(s, SIG_IGN); for (;;) { }' '#include <signal.h>'
  repair exits 1 'not solved' 'exit(0);' '#include <stdlib.h>'
  repair exits_at_once 1 'not solved' '_exit(0);'
  repair exits_before_main '1 3' 'not solved|cannot tell' '++total_;' '#include <stdlib.h>
inline int gone = (exit(0), 0);'
  repair quick_exit 1 'not solved' 'quick_exit(0);' '#include <stdlib.h>'
  repair becomes_true '1 3' 'not solved|cannot tell' 'execl("/bin/true", "true", nullptr);'
  repair becomes_sleep '1 3' 'not solved|cannot tell' 'execl("/bin/sleep", "sleep", "1000", nullptr);'
  repair child_that_sleeps '1 3' 'not solved|cannot tell' 'if (fork() == 0) { sleep(1000); } ++total_;'
  repair daemon '1 3' 'not solved|cannot tell' 'if (fork() == 0) { setsid(); if (fork() == 0) { sleep(1000); } _exit(0); } ++total_;'
  repair daemon_that_closes '1 3' 'not solved|cannot tell' 'if (daemon(0, 0) == 0) { for (;;) pause(); }'
  repair reads_the_keyboard '1 3' 'not solved|cannot tell' 'char c; if (read(0, \&c, 1) < 0) { } ++total_;'
  repair sleeps '1 3' 'not solved|cannot tell' 'sleep(1000);'
  repair pauses '1 3' 'not solved|cannot tell' 'pause();'
  repair own_session 1 'not solved' 'setsid(); ++total_;'
  repair own_group 1 'not solved' 'setpgid(0, 0); ++total_;'
  repair umask 1 'not solved' 'umask(0777); ++total_;' '#include <sys/stat.h>'
  repair null_pointer 1 'not solved' '*static_cast<volatile int*>(nullptr) = 1;'
  repair wild_pointer 1 'not solved' '*reinterpret_cast<volatile int*>(0xdead000000000000) = 1;'
  repair double_free 1 'not solved' 'void* p = malloc(8); free(p); free(p);' '#include <stdlib.h>'
  repair divides_by_zero 1 'not solved' 'volatile int zero = 0; total_ = 1 / zero;'
  repair trap 1 'not solved' '__builtin_trap();'
  repair many_files '1 3' 'not solved|cannot tell' 'while (dup(1) >= 0) { } ++total_;'
  repair says_passed 1 'not solved' 'puts("[  PASSED  ] 99 tests."); fflush(stdout); _exit(0);' '#include <stdio.h>'
  repair forges_a_report '1 3' 'not solved|cannot tell' 'if (const char* f = getenv("RACELAB_INTERLEAVE_REPORT")) { if (truncate(f, 0) != 0) { } } _exit(0);' '#include <stdlib.h>'
  repair removes_the_report '1 3' 'not solved|cannot tell' 'if (const char* f = getenv("RACELAB_INTERLEAVE_REPORT")) unlink(f); ++total_;' '#include <stdlib.h>'
  repair traced '1 3' 'not solved|cannot tell' 'ptrace(PTRACE_TRACEME, 0, 0, 0); raise(SIGTRAP);' '#include <sys/ptrace.h>
#include <signal.h>'
  repair outlives 1 'not solved' 'prctl(PR_SET_PDEATHSIG, 0); ++total_;' '#include <sys/prctl.h>'
  repair nobody '1 3' 'not solved|cannot tell' 'if (setuid(65534) != 0) { } ++total_;'
  repair empty_environment 1 'not solved' 'clearenv(); ++total_;' '#include <stdlib.h>'
  repair invalid_text 1 'not solved' 'puts("\\xff\\xfe\\x80"); ++total_;' '#include <stdio.h>'
  repair hides 1 'no_sanitize' '++total_; } __attribute__((no_sanitize("thread"))) void Hidden() {'
  again
}

machine() {
  again
  attempt no_tools 2 'cmake|compiler|ninja' env PATH=/nowhere "$racelab" check $lab
  local tools=$copy/tools
  without() {  # a PATH with everything but these
    rm -rf "$tools"; mkdir "$tools"
    local folder
    for folder in $(tr : ' ' <<< "$PATH"); do ln -s "$folder"/* "$tools/" 2>/dev/null; done
    local tool
    for tool in "$@"; do rm -f "$tools"/$tool; done
  }
  without 'clang*' 'g++*' 'c++*' 'gcc*' 'cc'; mv build/tsan build/tsan.kept
  attempt no_compiler 2 'compiler|clang|CMake' env PATH="$tools" "$racelab" check $lab
  without cmake; attempt no_cmake 2 cmake env PATH="$tools" "$racelab" check $lab
  without 'ninja*'; attempt no_ninja 2 ninja env PATH="$tools" "$racelab" check $lab
  rm -rf build/tsan; mv build/tsan.kept build/tsan
  without 'llvm-symbolizer*' 'addr2line'; attempt no_symbolizer '1 3' 'not solved|symbolizer' env PATH="$tools" "$racelab" check $lab
  without diff; attempt no_diff '0 1' 'diff' env PATH="$tools" "$racelab" diff $lab
  without less more; attempt no_pager 0 'hit' env PATH="$tools" "$racelab" show $lab
  attempt pager_that_is_missing 0 'hit' env PAGER=/nowhere "$racelab" show $lab
  attempt editor_that_is_missing '1 2 126 127' 'nowhere' env VISUAL=/nowhere "$racelab" start $lab --edit
  attempt editor_unset 2 'EDITOR' env -u VISUAL -u EDITOR "$racelab" start $lab --edit
  attempt home_unset 1 'Broken promise' env -u HOME "$racelab" check $lab
  attempt home_missing 1 'Broken promise' env HOME=/nowhere "$racelab" check $lab
  attempt tmpdir_missing '1 3' 'Broken promise|/nowhere' env TMPDIR=/nowhere "$racelab" check $lab
  attempt tmpdir_read_only '1 3' 'Broken promise|/sys' env TMPDIR=/sys "$racelab" check $lab
  attempt locale_c 1 'Broken promise' env LC_ALL=C "$racelab" check $lab
  attempt locale_nonsense 1 'Broken promise' env LC_ALL=xx_YY "$racelab" check $lab
  attempt no_color 1 'Broken promise' env NO_COLOR=1 "$racelab" check $lab
  attempt umask_of_all 1 'Broken promise' bash -c "umask 0777; exec $racelab check $lab"; chmod -R u+rwX .
  attempt few_files '1 3' '.' bash -c "ulimit -n 12; exec $racelab check $lab"
  attempt small_files '1 2 3 153' '.' bash -c "ulimit -f 1; exec $racelab check $lab"
  attempt little_memory '1 3 134' '.' bash -c "ulimit -v 200000; exec $racelab check $lab"
  attempt no_core 1 'Broken promise' bash -c "ulimit -c 0; exec $racelab check $lab"
  attempt output_full '1 2 3' '' bash -c "$racelab check $lab > /dev/full"
  attempt output_closed '0 1' '' bash -c "$racelab check $lab >&-"
  attempt input_closed 1 'Broken promise' bash -c "exec $racelab check $lab <&-"
  attempt all_closed '0 1' '' bash -c "exec $racelab check $lab <&- >&- 2>&-"
  attempt reader_gone 0 '.' bash -c "$racelab show $lab | head -1"
  attempt reader_gone_at_check 0 '.' bash -c "$racelab check $lab | head -1"
  attempt reader_gone_at_list 0 '.' bash -c "$racelab list | head -1"
  attempt folder_of_workspace 1 'Broken promise' bash -c "cd workspace/$lab && exec $racelab check"
  attempt folder_gone '1 2' '.' bash -c "mkdir gone && cd gone && rmdir ../gone && exec $racelab check $lab"
  attempt folder_elsewhere 1 'Broken promise' bash -c "cd / && exec $racelab check $lab"
  local record=workspace/.progress.json
  echo '{"vers' > $record; check record_cut 1 'Broken promise'
  : > $record; check record_empty 1 'Broken promise'
  head -c 1000 /dev/urandom > $record; check record_random 1 'Broken promise'
  echo '{"version": 99, "labs": {}}' > $record; check record_of_newer_version 1 'newer version'; grep -q 99 $record || { bad=$((bad + 1)); echo 'BAD record_of_newer_version: it is lost'; }
  rm $record; { echo '{"version": 1, "labs": {"x": {"started": "'; head -c 50000000 /dev/zero | tr '\0' x; echo '"}}}'; } > $record; check record_of_50_mb 1 'Broken promise'
  echo '{"version": 1, "labs": {"lost_update": {"started": "2999-01-01T00:00:00Z", "solved": "2999-01-01T00:00:00Z"}}}' > $record; check record_from_the_future 1 'Broken promise'
  attempt progress_from_the_future 0 '.' "$racelab" progress
  echo '[1, 2]' > $record; check record_of_another_kind 1 'Broken promise'
  echo '{"version": 1, "labs": {"lost_update": 7}}' > $record; check record_of_another_form 1 'Broken promise'
  echo '{"version": 1, "labs": {"lost_update": {"hints": -5, "checks": 1e99}}}' > $record; check record_out_of_range 1 'Broken promise'
  rm -f workspace/.progress.json*; mkdir $record; check record_is_a_folder 1 'Broken promise'; rmdir $record
  ln -s /nowhere/x $record; check record_dangles 1 'Broken promise|is solved'; rm -f $record
  mkfifo $record; check record_is_a_fifo 1 'Broken promise'; rm -f $record
  rm -rf workspace; : > workspace; attempt workspace_is_a_file '1 2' 'workspace' "$racelab" start $lab; rm workspace
  mkdir elsewhere; ln -s elsewhere workspace; "$racelab" start $lab > /dev/null; check workspace_is_a_link 1 'Broken promise'; rm -rf workspace elsewhere
  again
  echo garbage > build/tsan/CMakeCache.txt; check cache_is_broken '1' 'Broken promise|CMake|cmake'
  rm -rf build/tsan; : > build/tsan; check tree_is_a_file '1 2' 'build/tsan'; rm build/tsan
  check tree_is_gone 1 'Broken promise'
  : > build/tsan/build.ninja; check ninja_file_is_empty 1 'Broken promise|ninja'
  rm -rf build/tsan; check tree_is_gone_again 1 'Broken promise'
  echo 'title = ' >> labs/atomicity/aba/lab.toml; check toml_of_another_lab_is_broken '1 2' 'aba/lab.toml'; cp "$root/labs/atomicity/aba/lab.toml" labs/atomicity/aba/
  mv labs/data_races/lost_update/why.md why.kept; cp $solution $mine; check why_is_gone 0 'solved'; mv why.kept labs/data_races/lost_update/why.md
  again
}

each_verb() {  # each_verb NAME CODES PATTERN: all that write
  local verb
  for verb in "check $lab" "reset $lab" "hint $lab" "solution $lab --anyway" "start two_at_once" "diff $lab" "progress" \
              "report $lab" "step $lab" "list" "show $lab" ""; do
    attempt "$1_${verb%% *}" "$2" "$3" "$racelab" $verb
  done
  attempt "$1_watch" '0 1 124 130' '.' timeout -s INT 15 "$racelab" watch $lab
}

disk() {
  [ "$(id -u)" = 0 ] || { echo "disk: skipped, it needs root"; return; }
  again; "$racelab" check $lab > /dev/null 2>&1
  local kept=$copy/kept
  rm -rf "$kept"; cp -r workspace "$kept"
  mount -t tmpfs -o size=16k none workspace || return
  cp -r "$kept/." workspace/; echo '// mine' >> $mine; cp $mine "$kept/mine"; dd if=/dev/zero of=workspace/fill bs=4k 2>/dev/null
  each_verb full_workspace '0 1 2' '.'
  cmp -s $original $mine || cmp -s "$kept/mine" $mine || { bad=$((bad + 1)); echo "BAD full_workspace: the class is lost"; }
  umount workspace; again
  cp -r build/tsan "$copy/tsan.kept"
  mount -t tmpfs -o size=1m none build/tsan && { check full_tree '1 2' 'space|build'; umount build/tsan; }
  rm -rf build/tsan; mv "$copy/tsan.kept" build/tsan
  mkdir small; mount -t tmpfs -o size=4k none small && { dd if=/dev/zero of=small/fill bs=4k 2>/dev/null; attempt full_tmpdir '1 3' '.' env TMPDIR="$copy/small" "$racelab" check $lab; umount small; }; rmdir small
  mount --bind workspace workspace && mount -o remount,ro,bind workspace && { each_verb read_only_workspace '0 1 2' '.'; umount workspace; }
  mount --bind . . && mount -o remount,ro,bind . && { (cd "$copy" && each_verb read_only '0 1 2 3' '.'); umount -l .; }
  cd / && cd "$copy" || exit 2
  again
}

verbs() {
  again
  attempt no_such_verb '1 2 105 106 109' '.' "$racelab" chek
  attempt no_such_lab 2 'forgetful_counter' "$racelab" start forgetfull_counter
  attempt no_such_variant 2 'variant|mutex|mine' "$racelab" check $lab nonsense
  attempt hint_0 '2 1 105' '.' "$racelab" hint $lab --number 0
  attempt hint_many '2 1 105' '.' "$racelab" hint $lab --number 99999999999999999999
  attempt schedule_nonsense '2 3' '.' "$racelab" step $lab --schedule 'xyz'
  attempt schedule_long '2 3' '.' "$racelab" step $lab --schedule "$(head -c 100000 /dev/zero | tr '\0' 1)"
  attempt merge_nothing '2 1 105 106' '.' "$racelab" progress --merge
  attempt merge_folder 2 'workspace' "$racelab" progress --merge workspace
  attempt merge_null 2 'null' "$racelab" progress --merge /dev/null
  head -c 3000000 /dev/urandom > noise.json; attempt merge_noise 2 'noise' "$racelab" progress --merge noise.json
  printf '{"version":1,"participant":"\033[31mx\\u0000","labs":{"lost_update":{"solved":"2026-01-01T00:00:00Z"}}}' > odd.json
  attempt merge_odd_name '0 2' '.' "$racelab" progress --merge odd.json
  attempt long_name 2 '.' "$racelab" check "$(head -c 100000 /dev/zero | tr '\0' a)"
  attempt name_of_path 2 '.' "$racelab" start ../../etc
  attempt name_empty '2 0' '.' "$racelab" start ''
  rm -f noise.json odd.json
}

# typed NAME CODES PATTERN ROWS COLUMNS TERM KEYS COMMAND...: in a terminal of this size; the keys are sent while it runs.
typed() {
  local name=$1 codes=$2 pattern=$3 rows=$4 columns=$5 term=$6 keys=$7
  shift 7
  out=$(set -o pipefail; TERM=$term timeout -k 5 60 python3 "$root/tests/robustness/typed.py" "$rows" "$columns" "$keys" "$@" 2>&1 | tr -d '\0')
  code=$?
  judge "$name" "$codes" "$pattern"
}

terminal() {
  again
  typed watch_and_quit 0 'restored' 24 80 xterm 'W5 q' "$racelab" watch $lab
  typed watch_1x1 0 'restored' 1 1 xterm 'W4 q' "$racelab" watch $lab
  typed watch_2x200 0 'restored' 2 200 xterm 'W4 q' "$racelab" watch $lab
  typed watch_500x500 0 'restored' 500 500 xterm 'W4 q' "$racelab" watch $lab
  typed watch_0x0 0 'restored' 0 0 xterm 'W4 q' "$racelab" watch $lab
  typed watch_resized 0 'restored' 24 80 xterm 'W2 R300 W3 q' "$racelab" watch $lab
  typed watch_dumb '0 130' 'restored' 24 80 dumb 'W4 C' "$racelab" watch $lab
  typed watch_unset '0 130' 'restored' 24 80 '' 'W4 C' "$racelab" watch $lab
  typed watch_nonsense '0 130' 'restored' 24 80 nonsense 'W4 C' "$racelab" watch $lab
  typed watch_interrupted '0 130' 'restored' 24 80 xterm 'W1 C' "$racelab" watch $lab
  typed watch_interrupted_at_once '0 130' 'restored' 24 80 xterm 'C' "$racelab" watch $lab
  typed watch_terminated '0 130 143' 'restored' 24 80 xterm 'W2 T' "$racelab" watch $lab
  typed watch_hung_up '0 129 130' '.' 24 80 xterm 'W2 H' "$racelab" watch $lab
  typed watch_end_of_input '0 130' 'restored' 24 80 xterm 'W2 D' "$racelab" watch $lab
  typed watch_all_keys 0 'restored' 24 80 xterm 'W4 h W1 h h h h w z 1 W1 q' "$racelab" watch $lab
  typed watch_many_keys 0 'restored' 24 80 xterm 'W3 F2000 W2 q' "$racelab" watch $lab
  typed watch_subcommands 0 'restored' 24 80 xterm 'W4 d W1 E W1 t W5 E W1 l W2 E W1 x W1 E W3 q' env PAGER=cat "$racelab" watch $lab
  typed watch_header_deleted 0 'gone' 24 80 xterm "W4 !rm:$mine W2 q" "$racelab" watch $lab
  again
  typed watch_workspace_deleted 0 'restored' 24 80 xterm "W4 !rmtree:workspace W2 q" "$racelab" watch $lab
  again
  typed watch_header_is_a_folder 0 'restored' 24 80 xterm "W4 !mkdir:$mine W2 q" "$racelab" watch $lab
  again
  typed step_and_quit '0 1' 'restored' 24 80 xterm 'W5 1 2 2 q' "$racelab" step $lab
  typed step_1x1 '0 1' 'restored' 1 1 xterm 'W5 1 q' "$racelab" step $lab
  typed step_interrupted '0 1 130' 'restored' 24 80 xterm 'W1 C' "$racelab" step $lab
  typed step_dumb '0 1 130' 'restored' 24 80 dumb 'W5 C' "$racelab" step $lab
  { echo '#include <termios.h>'; echo '#include <fcntl.h>'; echo '#include <unistd.h>'; sed 's|void Record() .*|void Record() { ++total_; int t = open("/dev/tty", O_RDWR); termios raw; tcgetattr(t, \&raw); cfmakeraw(\&raw); tcsetattr(t, TCSANOW, \&raw); if (write(t, "\\033[?1049h", 8) < 0) { } close(t); }|' $original; } > $mine
  typed raw_mode_at_watch 0 'restored' 24 80 xterm 'W6 q' "$racelab" watch $lab
  typed raw_mode_at_check 1 'restored' 24 80 xterm 'W9' "$racelab" check $lab
  again
}

together() {
  again
  "$racelab" watch $lab > /dev/null 2>&1 < /dev/null & local first=$!
  "$racelab" watch $lab > /dev/null 2>&1 < /dev/null & local second=$!
  sleep 2; out=$("$racelab" check $lab 2>&1 < /dev/null); code=$?
  kill -TERM $first $second; wait $first $second
  judge check_beside_two_watches 1 'Broken promise'
  local i pids=()
  for i in 1 2 3 4; do "$racelab" check $lab > /dev/null 2>&1 < /dev/null & pids+=($!); done
  wait "${pids[@]}"; code=$?; out=; judge four_checks 1 ''
  for i in $(seq 20); do "$racelab" hint $lab > /dev/null 2>&1 & pids+=($!); done; wait; out=; code=0; judge twenty_hints 0 ''
  "$racelab" check $lab > out.txt 2>&1 < /dev/null & local checking=$!
  sleep 0.4; "$racelab" reset $lab > /dev/null; wait $checking; code=$?; out=$(cat out.txt); judge reset_beside_check 1 '.'
  "$racelab" check $lab > out.txt 2>&1 < /dev/null & checking=$!
  sleep 0.4; rm -f $mine; wait $checking; code=$?; out=$(cat out.txt); judge deleted_beside_check '1 2 3' '.'
  again
  "$racelab" check $lab > out.txt 2>&1 < /dev/null & checking=$!
  sleep 0.4; rm -rf build/tsan; wait $checking; code=$?; out=$(cat out.txt); judge tree_deleted_beside_check '1 2 3' '.'
  check tree_made_again 1 'Broken promise'
  rm -f out.txt
}

kills() {
  again; check before_the_kills 1 'Broken promise'
  local i command signal sum checks
  for ((i = 0; i < ${KILLS:-60}; ++i)); do
    local commands=("check $lab" "watch $lab" "reset $lab" "start $lab" "step $lab" "solution $lab --anyway" "diff $lab" \
                    "progress --merge workspace/.progress.json" "hint $lab" "check $lab")
    command=${commands[RANDOM % ${#commands[@]}]}
    signal=$((RANDOM % 2 ? 9 : 2))
    echo "// $i" >> $mine
    sum=$(md5sum < $mine)
    checks=$(python3 -c 'import json; print(json.load(open("workspace/.progress.json"))["labs"]["lost_update"]["checks"])')
    env --default-signal=INT "$racelab" $command > /dev/null 2>&1 < /dev/null & local running=$!
    sleep "$((RANDOM % 3)).$((RANDOM % 90 + 10))"
    kill -$signal $running 2>/dev/null; wait $running 2>/dev/null
    out=; code=0; judge "kill_${signal}_${command%% *}" 0 ''
    [ "$(python3 -c 'import json; print(json.load(open("workspace/.progress.json"))["labs"]["lost_update"]["checks"])')" -ge "$checks" ] ||
      { bad=$((bad + 1)); echo "BAD kill: verdicts are forgotten"; }
    [ "$(md5sum < $mine)" = "$sum" ] || cmp -s $original $mine || { bad=$((bad + 1)); echo "BAD kill of $command: the class is broken"; }
    [ "$(md5sum < $mine)" = "$sum" ] || [ "$(cat $mine.[0-9]* | md5sum)" != '' ] || { bad=$((bad + 1)); echo "BAD kill of $command: the class is lost"; }
    rm -f $mine.[0-9]*
  done
  attempt after_the_kills 1 'Broken promise' "$racelab" check $lab
  ls -A workspace workspace/$lab | grep -vE '^(workspace.*|forgetful_counter|hit_counter.h|\.progress\.json|\.progress\.json\.lock|)$' && { bad=$((bad + 1)); echo "BAD kills: files are left"; }
}

"$racelab" start $lab > /dev/null
"$racelab" check $lab > /dev/null 2>&1  # The tree is made.
[ $# -gt 0 ] || set -- files repairs machine disk verbs terminal together kills
for part in "$@"; do $part; echo "$part: $tried tried so far, $bad wrong"; done
[ $bad = 0 ]
