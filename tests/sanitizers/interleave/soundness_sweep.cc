// Compares the runtime with the reference on many random programs, more than a test has time for:
//
//   soundness_sweep RANDOM_PROGRAM RUNTIME FIRST COUNT [GROUP...]
//
// Compares programs number FIRST to FIRST + COUNT - 1. Each difference is reduced to a small program, and shown once
// for each kind and small program. The environment says what the reference assumes: WEAK_FAILURES=1 for a program that
// g++ has compiled (clang does not say which compare-exchanges are weak), ANY_WAITER=1 that a notification wakes any
// one waiter, WRITERS_NOT_PREFERRED=1 that a lock that should prefer writers does not.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/sanitizers/interleave/random_programs.h"

namespace racelab {
namespace {

struct Sweep {
  std::string executable;
  InterleaveOptions options;
  ReferenceOptions reference;

  Comparison Compare(const RandomProgram& program) const {
    return CompareWithReference(program, executable, options, reference);
  }
};

// The kind of a difference: its text without the numbers.
std::string KindOf(const std::string& difference) {
  std::string kind;
  for (const char c : difference) {
    if (c < '0' || c > '9') kind += c;
  }
  return kind.substr(0, 20);
}

bool Shows(const Comparison& comparison, const std::string& kind) {
  for (const std::string& difference : comparison.differences) {
    if (KindOf(difference) == kind) return true;
  }
  return false;
}

// The program without threads that are not created; the others are renumbered from 1.
RandomProgram WithoutUnused(const RandomProgram& program) {
  std::vector<std::pair<std::string, std::string>> numbers;
  RandomProgram used = {program[0]};
  for (std::size_t t = 1; t < program.size(); ++t) {
    const auto names = [t](const std::string& text) {
      return absl::StrContains(text, absl::StrCat("create", t)) ||
             absl::StrContains(text, absl::StrCat("create_detached", t));
    };
    if (std::none_of(program.begin(), program.end(), names)) continue;
    for (const char* verb : {"create", "create_detached", "detach", "join"})
      numbers.emplace_back(absl::StrCat(verb, t), absl::StrCat(verb, used.size()));
    used.push_back(program[t]);
  }
  for (std::string& text : used) text = absl::StrReplaceAll(text, numbers);
  return used;
}

// Removes words and threads from the program as long as the difference remains.
RandomProgram Shrink(const Sweep& sweep, RandomProgram program, const std::string& kind) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t t = 0; t < program.size(); ++t) {
      std::vector<std::string> words = absl::StrSplit(program[t], ' ', absl::SkipEmpty());
      for (std::size_t i = words.size(); i-- > 0;) {
        std::vector<std::string> fewer = words;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        RandomProgram candidate = program;
        candidate[t] = absl::StrJoin(fewer, " ");
        if (!Shows(sweep.Compare(candidate), kind)) continue;
        program = candidate;
        words = fewer;
        smaller = true;
      }
    }
    const RandomProgram renumbered = WithoutUnused(program);
    if (renumbered != program && Shows(sweep.Compare(renumbered), kind)) {
      program = renumbered;
      smaller = true;
    }
  }
  return program;
}

int Run(const Sweep& sweep, std::uint64_t first, std::uint64_t count, const std::vector<std::string>& groups) {
  const rc::Gen<RandomProgram> programs = RandomPrograms(groups);
  std::uint64_t compared = 0, collapsed = 0, different = 0, executions = 0;
  std::set<std::string> shown;
  for (std::uint64_t number = first; number < first + count; ++number) {
    const RandomProgram program = programs(rc::Random(number), 10).value();
    const Comparison comparison = sweep.Compare(program);
    compared += comparison.compared;
    collapsed += comparison.collapsed;
    executions += comparison.executions;
    if (comparison.differences.empty()) continue;
    ++different;
    if (std::getenv("NUMBERS_ONLY") != nullptr) {
      std::printf("%llu %s\n", static_cast<unsigned long long>(number), comparison.differences.front().c_str());
      continue;
    }
    const std::string kind = KindOf(comparison.differences.front());
    const RandomProgram small = Shrink(sweep, program, kind);
    const std::string text = absl::StrCat(kind, " | ", Quoted(small));
    if (!shown.insert(text).second) continue;
    std::printf("program %llu: %s\n", static_cast<unsigned long long>(number), Quoted(small).c_str());
    const Comparison last = sweep.Compare(small);
    for (const std::string& difference : last.differences) std::printf("    %s\n", difference.c_str());
    std::fflush(stdout);
  }
  std::printf("%llu programs, %llu compared, %llu of them collapsed, %llu interleavings, %llu different\n",
              static_cast<unsigned long long>(count), static_cast<unsigned long long>(compared),
              static_cast<unsigned long long>(collapsed), static_cast<unsigned long long>(executions),
              static_cast<unsigned long long>(different));
  return different == 0 ? 0 : 1;
}

}  // namespace
}  // namespace racelab

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "soundness_sweep RANDOM_PROGRAM RUNTIME FIRST COUNT [GROUP...]\n");
    return 2;
  }
  racelab::Sweep sweep;
  sweep.executable = argv[1];
  sweep.options.runtime = argv[2];
  sweep.options.executions = 30'000;  // Programs with more are skipped.
  sweep.reference.any_waiter = std::getenv("ANY_WAITER") != nullptr;
  sweep.reference.spurious_wakeups = true;
  sweep.reference.weak_failures = std::getenv("WEAK_FAILURES") != nullptr;
  sweep.reference.writers_preferred = std::getenv("WRITERS_NOT_PREFERRED") == nullptr;
  return racelab::Run(sweep, std::strtoull(argv[3], nullptr, 10), std::strtoull(argv[4], nullptr, 10),
                      {argv + 5, argv + argc});
}
