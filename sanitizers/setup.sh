#!/usr/bin/env bash
# Installs everything that Race Lab needs and this machine lacks. Quick if nothing is missing; safe to run again.
#
#   sanitizers/setup.sh           compilers, build tools, libraries, dependency sources
#   sanitizers/setup.sh lint      also the formatter and the linter
#
# Works on Debian 12 and Ubuntu 24.04, or newer, as root or with sudo. Otherwise it prints what to install.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly SOURCES=build/deps/src

say()  { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$1"; shift; for line in "$@"; do printf '       %s\n' "$line" >&2; done; exit 1; }
known_to_apt() { [ -n "$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p' | grep -v '(none)')" ]; }
installed()    { dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }

# Prints the version of clang to use: 19 if it is available, otherwise the newest in the distribution.
clang_version() {
  local version
  for version in 19 20 21 22 18 17 16 15 14; do
    if installed "clang-$version" || known_to_apt "clang-$version"; then echo "$version"; return; fi
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else return 1
  fi
}

install_packages() {
  if ! command -v apt-get >/dev/null; then
    local tool missing=()
    for tool in cmake ninja g++ git; do command -v "$tool" >/dev/null || missing+=("$tool"); done
    [ ${#missing[@]} = 0 ] && return
    fail "this is not a Debian or Ubuntu machine, and these are missing: ${missing[*]}" \
      "Install CMake 3.25 or newer, Ninja, clang 19 with its compiler-rt and llvm-symbolizer, g++ 12 or newer, lld, and" \
      "the development files of CLI11, toml++, nlohmann-json, RapidCheck, Google Benchmark, cpp-httplib, md4c, libcsv, valijson and elfutils' libdw. Then try again."
  fi

  local wanted=(cmake ninja-build g++ git ca-certificates xz-utils
    libcli11-dev libtomlplusplus-dev nlohmann-json3-dev librapidcheck-dev libbenchmark-dev
    libcpp-httplib-dev libssl-dev libdw-dev libelf-dev libmd4c-dev libmd4c-html0-dev libcsv-dev libvalijson-dev)
  [ -n "${CCACHE_DIR:-}" ] && wanted+=(ccache)  # See cmake/ccache.cmake.
  [ "${1:-}" = lint ] && wanted+=(clang-format-19 clang-tidy-19)
  if ! installed clang-19 && ! known_to_apt cmake; then  # A fresh container has no package lists yet.
    say "fetching the package lists"
    as_root apt-get update -qq || fail "the package lists could not be fetched; this needs root or sudo, and a network" \
      "By hand: apt-get update"
  fi
  local clang; clang=$(clang_version)
  [ -n "$clang" ] && wanted+=("clang-$clang" "lld-$clang" "llvm-$clang" "libclang-rt-$clang-dev")

  local package missing=()
  for package in "${wanted[@]}"; do installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} = 0 ] && return
  say "installing ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "these packages are missing and could not be installed (this needs root or sudo, and a network):" \
      "apt-get update && apt-get install --no-install-recommends ${missing[*]}"
}

# Downloads a dependency's original source from the distribution's mirror, checks its hash, and unpacks it. If this is
# not possible (another distribution, no such suite), CMake clones the same version instead: see cmake/dependencies.
#   fetch_source PACKAGE ARCHIVE SHA256
fetch_source() {
  local package=$1 archive=$2 hash=$3 target=$SOURCES/$1
  [ -e "$target/CMakeLists.txt" ] && return
  command -v apt-get >/dev/null && [ "$(. /etc/os-release; echo "$ID")" = debian ] || return 0
  say "fetching the source of $package"

  # A private apt configuration, with the source packages of one newer suite. The system's configuration stays
  # unchanged.
  local apt; apt=$(mktemp -d)
  mkdir -p "$apt"/{lists/partial,cache/archives/partial,download,unpacked}
  local mirror; mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 2>/dev/null | grep -v security | head -n 1)
  if [ -z "$mirror" ]; then
    say "this machine's sources name no mirror; CMake will clone it instead"
    rm -rf "$apt"
    return
  fi
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$apt/sources.list"
  local options=(-qq -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::Etc::Preferences=/dev/null
    -o Dir::Etc::PreferencesParts=/dev/null -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=)
  if ! apt-get "${options[@]}" update 2>"$apt/log" ||
     ! (cd "$apt/download" && apt-get "${options[@]}" source --download-only "$package") >>"$apt/log" 2>&1; then
    say "the distribution does not offer it; CMake will clone it instead ($(tail -n 1 "$apt/log"))"
  elif ! [ -e "$apt/download/$archive" ]; then
    say "the distribution offers another version, not $archive; CMake will clone it instead"
  elif ! echo "$hash  $apt/download/$archive" | sha256sum --check --status; then
    say "$archive has changed (its hash differs), and is not used; CMake will clone it instead"
  else
    tar -xf "$apt/download/$archive" -C "$apt/unpacked" --strip-components=1
    mkdir -p "$SOURCES"
    mv "$apt/unpacked" "$target"
  fi
  rm -rf "$apt"
}

install_packages "${1:-}"
fetch_source abseil abseil_20240722.0.orig.tar.gz df6d1f5ef540725f3851201176a60486aab332410788465c9877910bb471c34a
fetch_source googletest googletest_1.16.0.orig.tar.gz 2f54382b5d13d6cd0be2afc524f1e510d37f8ba78c2d439c5bea64ef37e30d01
