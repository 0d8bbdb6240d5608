#!/usr/bin/env bash
# The loop that a participant feels: save the header, ask for the verdict. Against it: the bare compiler command for the same
# test, without the precompiled header, and without linking or running anything.
#
#   tests/benchmarks/participant_loop.sh [ROUNDS]     prints both medians and their ratio; the two take turns
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly rounds=${1:-7}
readonly header=solutions/data_races/lost_update/mutex/hit_counter.h
readonly tree=build/tsan

seconds() {  # seconds COMMAND...: how long it takes
  local start=$EPOCHREALTIME
  "$@" >/dev/null
  awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f\n", b - a }'
}
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { printf "%.2f", v[int((NR + 1) / 2)] }'; }
verify() { build/bin/racelab verify lost_update mutex; }
save()   { touch "$header"; }

# The command of the build, without what makes it use the precompiled header.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
command=$(sed -n 's/^ *"command": "\(.*\)",$/\1/p' $tree/compile_commands.json | grep 'lost_update\.mutex\.test' |
  sed -E 's/-Winvalid-pch//; s/-Xclang -include(-pch)? -Xclang [^ ]*//g; s/-include [^ ]*cmake_pch[^ ]*//g; s/\\"/"/g; s/ -o [^ ]*/ -o OBJECT/')
[ -n "$command" ] || { echo "no compile command for lost_update.mutex.test in $tree; run make first" >&2; exit 1; }
cat >"$scratch/compile" <<END
cd $tree && ${command//OBJECT/$scratch/test.o}
END
bare() { bash "$scratch/compile"; }

save; verify >/dev/null; bare  # Once for nothing, to warm the caches.
for ((i = 0; i < rounds; ++i)); do
  save; seconds verify >>"$scratch/verify"
  seconds bare >>"$scratch/bare"
done
v=$(median "$scratch/verify") b=$(median "$scratch/bare")
echo "save and verify:              $v s (median of $rounds)"
echo "bare compiler command:        $b s"
awk -v v="$v" -v b="$b" 'BEGIN { printf "ratio:                        %.2f\n", v / b }'
