#include "sanitizers/verdict/judge.h"

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "sanitizers/process/signal_name.h"
#include "sanitizers/report/report.h"
#include "sanitizers/verdict/test_output.h"
#include "sanitizers/verdict/tsan_run.h"

namespace racelab {
namespace {

// " in HitCounter.CountsEveryHit", or nothing if no test was running.
std::string InTest(const TestOutput& tests) {
  return tests.running_test.empty() ? "" : absl::StrCat(" in ", tests.running_test);
}

std::string LastLine(std::string_view text) {
  text = absl::StripTrailingAsciiWhitespace(text);
  return std::string(text.substr(text.rfind('\n') + 1));
}

std::string HangReason(const ChildResult& result, const TestOutput& tests) {
  const std::string_view what = result.end == ChildEnd::kDeadlock ? "deadlock" : "hung";
  std::vector<std::string> parts = result.wait_for;
  if (result.end != ChildEnd::kDeadlock) parts.insert(parts.begin(), result.note);
  return absl::StrCat(what, InTest(tests), ": ", absl::StrJoin(parts, "; "));
}

// What decides before any report is read; kClean if nothing does.
Judgement JudgeEnd(const ChildResult& result, const TestOutput& tests) {
  switch (result.end) {
    case ChildEnd::kExited:
    case ChildEnd::kSignalled:
      return {Verdict::kClean, "", "", {}};
    case ChildEnd::kTimeLimit:
    case ChildEnd::kDeadlock:
    case ChildEnd::kStandstill:
      return {Verdict::kHang, HangReason(result, tests), "", {}};
    case ChildEnd::kMemoryLimit:
    case ChildEnd::kOutputLimit:
    case ChildEnd::kProcessLimit:
      return {Verdict::kOverLimit,
              tests.running_test.empty() ? result.note : absl::StrCat(tests.running_test, " ", result.note),
              "",
              {}};
    case ChildEnd::kNotStarted:
      return {Verdict::kCouldNotStart, result.note, "", {}};
    case ChildEnd::kInterrupted:
      return {Verdict::kInterrupted, "interrupted", "", {}};
  }
  return {Verdict::kCouldNotStart, "ended in an unknown way", "", {}};
}

Judgement JudgeReports(std::vector<Report> reports, const Evidence* evidence) {
  Judgement judgement{Verdict::kExposed, "", Summarize(reports.front()), {}};
  if (evidence == nullptr) {
    judgement.verdict = Verdict::kExposedOtherwise;
    judgement.reason = Explain(reports.front());
  } else {
    const auto other = std::find_if(reports.begin(), reports.end(), [&](const Report& report) {
      return !MatchesAny(report, evidence->must) && !MatchesAny(report, evidence->also);
    });
    // The program ends at its first report. Which side of the declared bug that shows is chance, so any will do.
    if (other != reports.end()) {
      std::vector<std::string> wanted;
      for (const ExpectedReport& expected : evidence->must) wanted.push_back(Describe(expected));
      if (wanted.empty()) wanted.push_back("none");
      const Report& shown = *other;
      judgement.verdict = Verdict::kExposedOtherwise;
      judgement.evidence = Summarize(shown);
      judgement.reason =
          absl::StrCat("reported ", absl::StrJoin(absl::StrSplit(Summarize(shown), absl::MaxSplits(": ", 1)), " in "),
                       ", but lab.toml declares ", absl::StrJoin(wanted, " or "));
    }
  }
  judgement.reports = std::move(reports);
  return judgement;
}

Judgement JudgeTests(const ChildResult& result, const TestOutput& tests) {
  if (tests.failed) {
    const std::string what = tests.failure.empty() ? "failed" : tests.failure;
    return {Verdict::kFunctionalFailure,
            tests.failed_tests.empty() ? what : absl::StrCat(tests.failed_tests.front(), ": ", what),
            "",
            {}};
  }
  if (result.exit_code != 0) {
    std::string reason = absl::StrCat("exited with status ", result.exit_code, InTest(tests));
    if (const std::string last = LastLine(result.err); !last.empty()) absl::StrAppend(&reason, ": ", last);
    return {Verdict::kCrash, std::move(reason), "", {}};
  }
  if (tests.ran_nothing) return {Verdict::kFunctionalFailure, "0 tests ran", "", {}};
  if (!tests.running_test.empty()) {
    return {Verdict::kCrash, absl::StrCat("exited in the middle of ", tests.running_test, ", with status 0"), "", {}};
  }
  return {Verdict::kClean, "", "", {}};
}

std::string CaughtSignalReason(const CaughtSignal& signal, const TestOutput& tests) {
  std::string reason = absl::StrCat("killed by SIG", signal.name, InTest(tests));
  const Frame* site = Site(signal.stack);
  if (site != nullptr) {
    const size_t slash = site->file.rfind('/');
    const std::string file = slash == std::string::npos ? site->file : site->file.substr(slash + 1);
    absl::StrAppend(&reason, ", at ", SiteName(signal.stack, *site), " (", file, ":", site->line, ")");
  }
  return reason;
}

Judgement JudgeWithoutSilence(const ChildResult& result, const TestOutput& tests, const Evidence* evidence) {
  if (Judgement early = JudgeEnd(result, tests); early.verdict != Verdict::kClean) return early;
  if (result.end == ChildEnd::kExited && result.exit_code == 127 &&
      absl::StrContains(result.err, "error while loading shared libraries")) {
    return {Verdict::kCouldNotStart, LastLine(result.err), "", {}};
  }
  if (DiedOfRandomisation(result.err)) {
    return {Verdict::kCouldNotStart,
            "ThreadSanitizer cannot bear the machine's address-space randomisation: run `sysctl vm.mmap_rnd_bits=28` "
            "as root",
            "",
            {}};
  }
  ParsedReports parsed = ParseThreadSanitizer(result.err);
  if (!parsed.reports.empty()) return JudgeReports(std::move(parsed.reports), evidence);
  if (parsed.signal.has_value()) return {Verdict::kCrash, CaughtSignalReason(*parsed.signal, tests), "", {}};
  if (!parsed.fatal.empty()) return {Verdict::kCrash, absl::StrCat("ThreadSanitizer gave up: ", parsed.fatal), "", {}};
  if (parsed.truncated) return {Verdict::kUnreadableReport, "a report began and never ended", "", {}};
  if (result.end == ChildEnd::kExited && result.exit_code == kReportExitCode) {
    return {Verdict::kUnreadableReport,
            absl::StrCat("exited with status ", kReportExitCode, ", as after a report, but there is none"),
            "",
            {}};
  }
  if (result.end == ChildEnd::kSignalled) {
    std::string reason = absl::StrCat("killed by ", SignalName(result.signal), InTest(tests));
    if (const std::string last = LastLine(result.err); !last.empty()) absl::StrAppend(&reason, ": ", last);
    return {Verdict::kCrash, std::move(reason), "", {}};
  }
  Judgement judgement = JudgeTests(result, tests);
  if (judgement.verdict == Verdict::kClean && evidence != nullptr && !evidence->IsSilence()) {
    judgement.verdict = Verdict::kNotExposed;
    std::vector<std::string> wanted;
    for (const ExpectedReport& expected : evidence->must) wanted.push_back(Describe(expected));
    judgement.reason = absl::StrCat("declared ", absl::StrJoin(wanted, " or "), ", but nothing was reported");
  }
  return judgement;
}

// Of a lab whose bug ThreadSanitizer does not see, but that fails `test`.
Judgement JudgeByTest(Judgement judgement, const TestOutput& tests, const std::string& test) {
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

}  // namespace

Judgement JudgeRun(const ChildResult& result, const Evidence* evidence) {
  const TestOutput tests = ParseGoogleTest(result.out);
  Judgement judgement = JudgeWithoutSilence(result, tests, evidence);
  if (evidence == nullptr || !evidence->IsSilence()) return judgement;
  if (!evidence->test.empty()) return JudgeByTest(std::move(judgement), tests, evidence->test);
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

Judgement JudgeEnd(const ChildResult& result) { return JudgeEnd(result, ParseGoogleTest(result.out)); }
Judgement JudgeTests(const ChildResult& result) { return JudgeTests(result, ParseGoogleTest(result.out)); }

}  // namespace racelab
