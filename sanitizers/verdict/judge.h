#ifndef RACELAB_SANITIZERS_VERDICT_JUDGE_H_
#define RACELAB_SANITIZERS_VERDICT_JUDGE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/report/report.h"
#include "sanitizers/verdict/evidence.h"
#include "sanitizers/verdict/test_run.h"
#include "sanitizers/verdict/tsan_run.h"

namespace racelab {

// The result of judging a run. Only kExposed and kSilent are right for a lab, and only kClean is right for a fix.
enum class Verdict {
  kExposed,            // the declared bug was reported, and nothing else
  kExposedOtherwise,   // something else was reported, in addition or instead
  kSilent,             // a lab in which nothing was reported, as declared
  kNotExposed,         // a lab in which nothing was reported, although it declares a report
  kClean,              // a fix in which nothing was reported, and whose tests passed
  kFunctionalFailure,  // a test failed, or none was run
  kCrash,
  kHang,
  kOverLimit,
  kCouldNotStart,
  kDoesNotCompile,    // never a result of JudgeRun: it is for the caller, which compiles
  kEvades,            // never a result of JudgeRun either: a variant in which a detector's silence would prove nothing
  kUnreadableReport,  // a report was announced or begun, but is missing
  kInterrupted,
};

// "exposed", "wrong report", …: at most 12 columns, for a table's cell.
std::string_view Name(Verdict verdict);

struct Judgement {
  Verdict verdict = Verdict::kCouldNotStart;
  std::string reason;  // what happened and where, in one line to print after a cross mark; empty if everything is right
  std::string evidence;  // the first report: "data race: HitCounter::Record / HitCounter::Total"; empty if none. For
                         // a clean exploration, what it left out
  std::vector<Report> reports;
};

// Judges a run of a GoogleTest program under ThreadSanitizer. `evidence` is what the lab declares, or null for a fix,
// which must be clean.
//
// The first of these decides: a limit, a hang or a failure to start; the reports, because anything that the program did
// after a report may be a consequence of the bug; a crash; the tests. If the lab declares that nothing is reported, its
// tests may fail or hang because of the bug, which ThreadSanitizer does not detect. If the lab names a test, this test
// must fail.
Judgement JudgeRun(const TsanRun& run, const Evidence* evidence);

// Whether the verdict is the one that this variant must have.
bool IsRight(Verdict verdict, bool is_fix);

// The parts of a judgement that all detectors share; nullopt if nothing is wrong. JudgeEnd judges a process that did
// not end by itself; JudgeTests judges the results of the tests.
std::optional<Judgement> JudgeEnd(const TestRun& run);
std::optional<Judgement> JudgeTests(const TestRun& run);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_JUDGE_H_
