#!/usr/bin/env bash
# Checks the format of all code, and runs clang-tidy on the tool and the second runtime. Like the tree `native`, it
# processes a dozen files at once (see CMakeLists.txt), because parsing headers takes most of the time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

git ls-files '*.h' '*.cc' | xargs clang-format-19 --dry-run -Werror

# clang's analyser follows the paths through an included file only if the name of the including file marks it as a unity
# build.
mkdir -p build/lint
for file in build/native/sanitizers/CMakeFiles/*.dir/Unity/unity_*.cxx; do
  cp "$file" "${file/\/unity_//UnifiedSource_}"
done
sed 's|/Unity/unity_|/Unity/UnifiedSource_|g' build/native/compile_commands.json >build/lint/compile_commands.json

# A full analysis would take more than ten times as long, so the analyser inlines small functions only, and explores
# only the first ten thousand states of each function.
shallow=(--extra-arg=-Xclang --extra-arg=-analyzer-config --extra-arg=-Xclang --extra-arg=mode=shallow,max-nodes=10000)
awk -F'"' '$2 == "command" {of_tool = / -o sanitizers\//} $2 == "file" && of_tool && !/cmake_pch/ {print $4}' \
  build/lint/compile_commands.json |
  xargs -n 1 -P "$(nproc)" clang-tidy-19 -p build/lint --quiet --warnings-as-errors='*' "${shallow[@]}"
