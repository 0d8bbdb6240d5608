#include "sanitizers/verdict/test_run.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "sanitizers/verdict/expectation_words.h"

namespace racelab {
namespace {

// "HitCounter.CountsEveryHit" for "HitCounter.CountsEveryHit (3 ms)"; also works for "Suite.Test/2, where GetParam() =
// 7 (0 ms)".
std::string TestName(std::string_view rest) {
  rest = absl::StripAsciiWhitespace(rest);
  return std::string(rest.substr(0, rest.find_first_of(" ,")));
}

// 17 for "Repeating all tests (iteration 17) . . .".
std::optional<int> Repetition(std::string_view line) {
  if (!absl::ConsumePrefix(&line, "Repeating all tests (iteration ")) return std::nullopt;
  int number = 0;
  return absl::SimpleAtoi(line.substr(0, line.find(')')), &number) ? std::optional<int>(number) : std::nullopt;
}

}  // namespace

TestOutput ParseGoogleTest(std::string_view out) {
  constexpr size_t kLongestFailure = 300, kMostOfFailure = 1000;
  TestOutput result;
  bool in_failure = false;
  bool repetition_failed = false;
  for (std::string_view line : absl::StrSplit(out, '\n')) {
    line = absl::StripSuffix(line, "\r");
    std::string_view rest = line;
    const bool bracket = absl::StartsWith(line, "[");
    if (bracket) in_failure = false;
    if (absl::ConsumePrefix(&rest, "[ RUN      ] ")) {
      result.running_test = TestName(rest);
      result.tests.push_back(result.running_test);
    } else if (absl::ConsumePrefix(&rest, "[       OK ] ") || absl::ConsumePrefix(&rest, "[  SKIPPED ] ")) {
      result.running_test.clear();
    } else if (absl::ConsumePrefix(&rest, "[  FAILED  ] ")) {
      result.running_test.clear();
      result.failed = true;
      if (!std::exchange(repetition_failed, true)) ++result.failed_repetitions;
      // The summary's "[  FAILED  ] 2 tests, listed below:" names no test.
      const std::string name = TestName(rest);
      const bool known =
          std::find(result.failed_tests.begin(), result.failed_tests.end(), name) != result.failed_tests.end();
      if (!known && absl::StrContains(name, '.')) result.failed_tests.push_back(name);
    } else if (absl::ConsumePrefix(&rest, "[==========] ")) {
      if (absl::StartsWith(rest, "0 tests from") || absl::StrContains(rest, "Running 0 tests"))
        result.ran_nothing = true;
    } else if (const std::optional<int> repetition = Repetition(line)) {
      // The largest number, not the count of these lines: the middle of a very long output is left out.
      result.repetitions = std::max(result.repetitions, *repetition);
      repetition_failed = false;
    } else if (const size_t at = line.find(": Failure"); at != std::string_view::npos) {
      // "/src/x_test.cc:12: Failure" begins a failure; the lines after it describe the failure. The first one counts.
      in_failure = result.failure.empty();
      if (in_failure) result.failure = absl::StrCat(line.substr(0, at), ":");
    } else if (in_failure && result.failure.size() < kMostOfFailure) {
      absl::StrAppend(&result.failure, "\n", line);
    }
    if (absl::StartsWith(line, "[====") || absl::StartsWith(line, "[ RUN")) result.is_googletest = true;
  }
  result.failure = ExpectationInWords(result.failure);
  if (result.failure.size() > kLongestFailure) {
    result.failure.resize(kLongestFailure);
    result.failure += "…";
  }
  return result;
}

TestRun ReadTestRun(const ChildResult& child) {
  TestRun run;
  static_cast<ChildOutcome&>(run) = child;
  run.tests = ParseGoogleTest(child.out);
  const std::string_view text = absl::StripTrailingAsciiWhitespace(child.err);
  run.last_words = text.substr(text.rfind('\n') + 1);
  constexpr int kNotRun = 127;  // the exit code of shells, and of the dynamic loader
  run.lacks_library = child.end == ChildEnd::kExited && child.exit_code == kNotRun &&
                      absl::StrContains(text, "error while loading shared libraries");
  return run;
}

std::string InTest(const TestRun& run) {
  return run.tests.running_test.empty() ? "" : absl::StrCat(" in ", run.tests.running_test);
}

}  // namespace racelab
