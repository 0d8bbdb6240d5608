#include "sanitizers/verdict/judge.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "sanitizers/process/signal_name.h"
#include "sanitizers/report/report.h"

namespace racelab {
namespace {

std::string HangReason(const TestRun& run) {
  const std::string_view what = run.end == ChildEnd::kDeadlock ? "deadlock" : "hung";
  std::vector<std::string> parts = run.wait_for;
  if (run.end != ChildEnd::kDeadlock) parts.insert(parts.begin(), run.note);
  return absl::StrCat(what, InTest(run), ": ", absl::StrJoin(parts, "; "));
}

// A crash, with the last words of the process if there are any.
Judgement Crash(std::string reason, const TestRun& run) {
  if (!run.last_words.empty()) absl::StrAppend(&reason, ": ", run.last_words);
  return {Verdict::kCrash, std::move(reason), "", {}};
}

std::string CaughtSignalReason(const CaughtSignal& signal, const TestRun& run) {
  std::string reason = absl::StrCat("killed by SIG", signal.name, InTest(run));
  const Frame* site = Site(signal.stack);
  if (site != nullptr) {
    const size_t slash = site->file.rfind('/');
    const std::string file = slash == std::string::npos ? site->file : site->file.substr(slash + 1);
    absl::StrAppend(&reason, ", at ", SiteName(signal.stack, *site), " (", file, ":", site->line, ")");
  }
  return reason;
}

// Judges what ThreadSanitizer printed, or failed to print; nullopt if it found nothing.
std::optional<Judgement> JudgePrinted(const TsanRun& run) {
  const ParsedReports& printed = run.printed;
  if (!printed.reports.empty()) {
    const Report& first = printed.reports.front();
    return Judgement{Verdict::kExposedOtherwise, Explain(first), Summarize(first), printed.reports};
  }
  if (printed.signal.has_value())
    return Judgement{Verdict::kCrash, CaughtSignalReason(*printed.signal, run.child), "", {}};
  if (!printed.fatal.empty())
    return Judgement{Verdict::kCrash, absl::StrCat("ThreadSanitizer gave up: ", printed.fatal), "", {}};
  if (printed.truncated) return Judgement{Verdict::kUnreadableReport, "a report began and never ended", "", {}};
  if (run.child.end == ChildEnd::kExited && run.child.exit_code == kReportExitCode) {
    return Judgement{Verdict::kUnreadableReport,
                     absl::StrCat("exited with status ", kReportExitCode, ", as after a report, but there is none"),
                     "",
                     {}};
  }
  return std::nullopt;
}

// Judges what happened, as for a fix: nothing is declared.
Judgement WhatHappened(const TsanRun& run) {
  if (std::optional<Judgement> end = JudgeEnd(run.child)) return *std::move(end);
  if (run.child.lacks_library) return {Verdict::kCouldNotStart, run.child.last_words, "", {}};
  if (run.died_of_randomisation) {
    return {
        Verdict::kCouldNotStart,
        "ThreadSanitizer does not support this machine's address-space randomisation: run `sysctl vm.mmap_rnd_bits=28` "
        "as root",
        "",
        {}};
  }
  if (std::optional<Judgement> printed = JudgePrinted(run)) return *std::move(printed);
  if (run.child.end == ChildEnd::kSignalled)
    return Crash(absl::StrCat("killed by ", SignalName(run.child.signal), InTest(run.child)), run.child);
  if (std::optional<Judgement> tests = JudgeTests(run.child)) return *std::move(tests);
  return {Verdict::kClean, "", "", {}};
}

// "data race in A / B or lock-order inversion in C"; "none" if nothing is declared.
std::string Declared(const Evidence& evidence) {
  if (evidence.must.empty()) return "none";
  std::vector<std::string> wanted;
  for (const ExpectedReport& expected : evidence.must) wanted.push_back(Describe(expected));
  return absl::StrJoin(wanted, " or ");
}

// Judges a run with reports. The program ends at its first report. The scheduling decides which of the declared reports
// comes first, so any of them suffices.
Judgement CompareReports(Judgement judgement, const Evidence& evidence) {
  const std::vector<Report>& reports = judgement.reports;
  const auto other = std::find_if(reports.begin(), reports.end(), [&](const Report& report) {
    return !MatchesAny(report, evidence.must) && !MatchesAny(report, evidence.also);
  });
  if (other == reports.end()) {
    judgement.verdict = Verdict::kExposed;
    judgement.reason.clear();
    return judgement;
  }
  judgement.evidence = Summarize(*other);
  judgement.reason =
      absl::StrCat("reported ", absl::StrJoin(absl::StrSplit(judgement.evidence, absl::MaxSplits(": ", 1)), " in "),
                   ", but lab.toml declares ", Declared(evidence));
  return judgement;
}

// Judges a lab whose bug ThreadSanitizer does not detect, but makes `test` fail.
Judgement CompareTests(Judgement judgement, const TestOutput& tests, const std::string& test) {
  if (judgement.verdict == Verdict::kClean)
    return {Verdict::kNotExposed, absl::StrCat("declared that ", test, " fails, but it passed"), "", {}};
  if (judgement.verdict != Verdict::kFunctionalFailure) return judgement;
  if (std::find(tests.failed_tests.begin(), tests.failed_tests.end(), test) == tests.failed_tests.end()) {
    return {Verdict::kExposedOtherwise,
            absl::StrCat(judgement.reason, ", but lab.toml declares that ", test, " fails"),
            "",
            {}};
  }
  return {Verdict::kExposed, "", absl::StrCat("failed test: ", test), {}};
}

// Compares what happened with the lab's declaration.
Judgement Compare(Judgement judgement, const TestOutput& tests, const Evidence& evidence) {
  if (!judgement.reports.empty()) return CompareReports(std::move(judgement), evidence);
  if (evidence.IsSilence() && !evidence.test.empty()) return CompareTests(std::move(judgement), tests, evidence.test);
  if (!evidence.IsSilence()) {
    if (judgement.verdict != Verdict::kClean) return judgement;
    return {Verdict::kNotExposed, absl::StrCat("declared ", Declared(evidence), ", but nothing was reported"), "", {}};
  }
  switch (judgement.verdict) {
    case Verdict::kClean:
      return {Verdict::kSilent, "", "", {}};
    case Verdict::kFunctionalFailure:
      return {Verdict::kSilent, "", "a test failed", {}};
    case Verdict::kHang:
      return {Verdict::kSilent, "", "the tests hung", {}};
    default:
      return judgement;
  }
}

}  // namespace

Judgement JudgeRun(const TsanRun& run, const Evidence* evidence) {
  Judgement judgement = WhatHappened(run);
  return evidence == nullptr ? judgement : Compare(std::move(judgement), run.child.tests, *evidence);
}

std::optional<Judgement> JudgeEnd(const TestRun& run) {
  switch (run.end) {
    case ChildEnd::kExited:
    case ChildEnd::kSignalled:
      return std::nullopt;
    case ChildEnd::kTimeLimit:
    case ChildEnd::kDeadlock:
    case ChildEnd::kStandstill:
      return Judgement{Verdict::kHang, HangReason(run), "", {}};
    case ChildEnd::kMemoryLimit:
    case ChildEnd::kOutputLimit:
    case ChildEnd::kProcessLimit:
      return Judgement{Verdict::kOverLimit,
                       run.tests.running_test.empty() ? run.note : absl::StrCat(run.tests.running_test, " ", run.note),
                       "",
                       {}};
    case ChildEnd::kNotStarted:
      return Judgement{Verdict::kCouldNotStart, run.note, "", {}};
    case ChildEnd::kInterrupted:
      return Judgement{Verdict::kInterrupted, "interrupted", "", {}};
  }
  return Judgement{Verdict::kCouldNotStart, "ended in an unknown way", "", {}};
}

std::optional<Judgement> JudgeTests(const TestRun& run) {
  const TestOutput& tests = run.tests;
  if (tests.failed) {
    const std::string what = tests.failure.empty() ? "failed" : tests.failure;
    return Judgement{Verdict::kFunctionalFailure,
                     tests.failed_tests.empty() ? what : absl::StrCat(tests.failed_tests.front(), ": ", what),
                     "",
                     {}};
  }
  if (run.exit_code != 0) return Crash(absl::StrCat("exited with status ", run.exit_code, InTest(run)), run);
  if (tests.ran_nothing) return Judgement{Verdict::kFunctionalFailure, "0 tests ran", "", {}};
  if (!tests.running_test.empty()) {
    return Judgement{
        Verdict::kCrash, absl::StrCat("exited in the middle of ", tests.running_test, ", with status 0"), "", {}};
  }
  return std::nullopt;
}

std::string_view Name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kExposed:
      return "exposed";
    case Verdict::kExposedOtherwise:
      return "wrong report";
    case Verdict::kSilent:
      return "silent";
    case Verdict::kNotExposed:
      return "not exposed";
    case Verdict::kClean:
      return "clean";
    case Verdict::kFunctionalFailure:
      return "test failed";
    case Verdict::kCrash:
      return "crash";
    case Verdict::kHang:
      return "hang";
    case Verdict::kOverLimit:
      return "over limit";
    case Verdict::kCouldNotStart:
      return "cannot start";
    case Verdict::kDoesNotCompile:
      return "not compiled";
    case Verdict::kEvades:
      return "not counted";
    case Verdict::kUnreadableReport:
      return "cut report";
    case Verdict::kInterrupted:
      return "interrupted";
  }
  return "unknown";
}

bool IsRight(Verdict verdict, bool is_fix) {
  return is_fix ? verdict == Verdict::kClean : verdict == Verdict::kExposed || verdict == Verdict::kSilent;
}

}  // namespace racelab
