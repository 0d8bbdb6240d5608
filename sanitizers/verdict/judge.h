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

// What a run showed. kExposed and kSilent are right for a lab, kClean for a fix; no other for either.
enum class Verdict {
  kExposed,            // the declared bug was reported, and nothing else
  kExposedOtherwise,   // something else was reported, too or instead
  kSilent,             // nothing was reported of a lab of which the detector is declared to see nothing
  kNotExposed,         // a lab in which nothing was reported
  kClean,              // a fix in which nothing was reported, and whose tests hold
  kFunctionalFailure,  // a test failed, or none was run
  kCrash,
  kHang,
  kOverLimit,
  kCouldNotStart,
  kDoesNotCompile,    // never a result of JudgeRun: for the caller, which compiles
  kUnreadableReport,  // a report was announced or begun, and is not there
  kInterrupted,
};

// "exposed", "wrong report", …: at most 12 columns, for a table's cell.
std::string_view Name(Verdict verdict);

struct Judgement {
  Verdict verdict = Verdict::kCouldNotStart;
  std::string reason;    // what happened, and where, in a line fit to be printed after a cross; empty if all is right
  std::string evidence;  // the first report: "data race: HitCounter::Record / HitCounter::Total"; empty if none. Of a
                         // clean exploration, what it left out
  std::vector<Report> reports;
};

// Judges a run of a GoogleTest program under ThreadSanitizer. `evidence` is what the lab declares, or null for a fix,
// which must be clean.
//
// A limit, a hang or a failure to start decides first; then the reports, for whatever else the program did after one
// may be the consequence of the bug; then a crash; then the tests. Where the lab declares that nothing is reported, its
// tests may fail or hang: that is the bug, which ThreadSanitizer does not see. If it names a test, that one must fail.
Judgement JudgeRun(const TsanRun& run, const Evidence* evidence);

// Whether the verdict is the one that the variant must have.
bool IsRight(Verdict verdict, bool is_fix);

// The parts of a judgement that every detector shares; nullopt if they find nothing wrong. How the process ended, if
// not of itself; and what its tests said.
std::optional<Judgement> JudgeEnd(const TestRun& run);
std::optional<Judgement> JudgeTests(const TestRun& run);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_JUDGE_H_
