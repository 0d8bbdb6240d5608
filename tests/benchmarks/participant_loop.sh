#!/usr/bin/env bash
# The loop that a participant feels: save the class, and see the verdict in `racelab watch`. Against it: the same test by hand,
# which is compiled without the precompiled header, linked, and run once under ThreadSanitizer. Each round saves a text that no
# compiler cache has seen.
#
#   tests/benchmarks/participant_loop.sh [ROUNDS]     prints both medians with their spread, and their ratio; the two take turns
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly rounds=${1:-20}
readonly lab=forgetful_counter target='lost_update\.mine\.test' tree=build/tsan
readonly mine=workspace/$lab/hit_counter.h
readonly progress=workspace/.progress.json  # A solution by a benchmark is no progress.
readonly solution=solutions/data_races/lost_update/mutex/hit_counter.h

export CCACHE_DISABLE=1
scratch=$(mktemp -d)
watching=
kept=
cleanup() {
  [ -z "$watching" ] || { kill "$watching" && wait "$watching" || true; } 2>/dev/null
  if [ -n "$kept" ]; then mv "$kept" "$mine"; else rm -f "$mine"; rmdir "${mine%/*}"; fi
  if [ -e "$scratch/progress" ]; then mv "$scratch/progress" "$progress"; else rm -f "$progress"; fi
  rm -rf "$scratch"
}
trap cleanup EXIT
mkdir -p "$(dirname "$mine")"
if [ -e "$progress" ]; then cp "$progress" "$scratch/progress"; fi
if [ -e "$mine" ]; then kept=$scratch/kept; cp "$mine" "$kept"; fi

save() {  # save NUMBER: the solution, and a line that is new
  { cat "$solution"; echo "// $1 $EPOCHREALTIME"; } >"$scratch/new"
  cp "$scratch/new" "$mine"
}
verdicts() { sed -n '/"lost_update": {/,/}/s/.*"checks": *\([0-9]*\).*/\1/p' "$progress"; }
now()      { echo "${EPOCHREALTIME/./}"; }

save first
build/bin/racelab check "$lab" >/dev/null  # Configures and builds what is missing.
# In a terminal, where it goes on after the lab is solved; nothing is ever typed.
mkfifo "$scratch/keys" && exec 3<>"$scratch/keys"
noted=$(verdicts)
script -qefc "exec build/bin/racelab watch $lab" /dev/null <&3 >"$scratch/screens" 2>"$scratch/errors" &
watching=$!
until [ "$(verdicts)" -gt "$noted" ]; do sleep 0.05; done

# The commands of the build, without what makes them use the precompiled header and the compiler cache.
ninja -C "$tree" -t commands lost_update.mine.test | grep "$target\.dir" |
  sed -E 's/-Winvalid-pch//; s/-Xclang -include(-pch)? -Xclang [^ ]*//g; s/-include [^ ]*cmake_pch[^ ]*//g; s#^[^ ]*ccache ##' >"$scratch/commands"
[ -s "$scratch/commands" ] || { echo "no commands for lost_update.mine.test in $tree" >&2; exit 1; }
by_hand() { (cd "$tree" && bash "$scratch/commands" && bin/lost_update/mine_test) >/dev/null 2>&1; }
by_hand

for ((i = 1; i <= rounds; ++i)); do
  seen=$(verdicts)
  begin=$(now); save "$i"
  until [ "$(verdicts)" -gt "$seen" ]; do sleep 0.005; done
  echo $(($(now) - begin)) >>"$scratch/watch"
  begin=$(now); by_hand
  echo $(($(now) - begin)) >>"$scratch/hand"
done

summary() { sort -n "$1" | awk '{ v[NR] = $1 / 1e6 } END { printf "%.2f s (%.2f to %.2f)", v[int((NR + 1) / 2)], v[1], v[NR] }'; }
median()  { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
echo "save to verdict in watch:     $(summary "$scratch/watch"), median of $rounds"
echo "compile, link, run by hand:   $(summary "$scratch/hand")"
awk -v a="$(median "$scratch/watch")" -v b="$(median "$scratch/hand")" 'BEGIN { printf "ratio:                        %.2f\n", a / b }'
