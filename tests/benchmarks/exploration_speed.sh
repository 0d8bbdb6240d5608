#!/usr/bin/env bash
# How fast the second runtime explores, in interleavings a second, by one process: the counter with N = 5, whole program, by
# full search and reduced, with bare threads and with std::thread; the counter with N = 6 by a process for each processor;
# then tests of labs, by what they synchronise with.
# Beside it what a plain run of the program costs, a process each, as a measure of the machine.
#
#   tests/benchmarks/exploration_speed.sh [ROUNDS]     prints the median of each
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly rounds=${1:-5}
readonly counter=build/tsan/bin/explored/counts
readonly bare=build/tsan/bin/explored/bare_counter

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# The rate of an exploration: all of its scenarios together. By one process, or $processes.
rate() {
  build/bin/racelab explore --json -j "${processes:-1}" --time 20 "$@" |
    awk -F'[ ,]+' '/"interleavings":/ { n += $3 } /^    "seconds":/ { s += $3 } END { printf "%d\n", n / (s > 0 ? s : 1e-6) }'
}
report() {  # report NAME ARGUMENTS...
  local name=$1
  shift
  for ((i = 0; i < rounds; ++i)); do rate "$@"; done | median |
    awk -v name="$name" '{ printf "%-44s%12d a second\n", name, $1 }'
}

plain() {
  local start=$EPOCHREALTIME
  for ((i = 0; i < 20; ++i)); do $counter counter 5; done
  awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%d\n", 20 / (b - a) }'
}

report "counter 5, bare threads, full search" --search full -- $bare
report "counter 5, bare threads, reduced" -- $bare
processes=$(nproc) report "counter 6, bare threads, full search, -j$(nproc)" --search full -- $bare 6
report "counter 5, full search" --search full -- $counter counter 5
report "counter 5, reduced" -- $counter counter 5
report "plain_stop_flag, std:: only" plain_stop_flag stop_token --test "*EachOfTwo*"
report "lost_update, std::atomic" lost_update atomic
report "lost_update, channel of Abseil's locks" lost_update message
for ((i = 0; i < rounds; ++i)); do plain; done | median | awk '{ printf "%-44s%12d a second\n", "counter 5, plain runs under ThreadSanitizer", $1 }'
