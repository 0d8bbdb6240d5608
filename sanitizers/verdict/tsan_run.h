#ifndef RACELAB_SANITIZERS_VERDICT_TSAN_RUN_H_
#define RACELAB_SANITIZERS_VERDICT_TSAN_RUN_H_

#include <optional>
#include <string>
#include <string_view>

#include "sanitizers/process/child.h"
#include "sanitizers/report/report.h"
#include "sanitizers/verdict/test_run.h"

namespace racelab {

// The exit status of a program if ThreadSanitizer reported something or caught a fatal signal.
inline constexpr int kReportExitCode = 66;

// Runs a program that was built with -fsanitize=thread, like RunChild, but so that its reports can be judged: they go
// to stderr, and the first report ends the program with kReportExitCode. TSAN_OPTIONS in `spec.environment` apply
// unless they would hide the reports or change their form; those of the user's shell are ignored, because a verdict
// must not depend on them. Functions and lines are looked up by SymboliseReports().
//
// If address-space randomisation kills an older runtime at its start (clang before 18, g++ before 13, with
// vm.mmap_rnd_bits above 28: "unexpected memory mapping"), runs the program again without randomisation, and runs all
// later programs of this process without it from the start. TakeFixedAddressesNote reports this. If randomisation is
// known to be this strong, or its strength is unknown, programs are run without it from the start, if this is allowed.
ChildResult RunUnderThreadSanitizer(ChildSpec spec);

// The results of a run under ThreadSanitizer, as values.
struct TsanRun {
  TestRun child;
  ParsedReports printed;
  bool died_of_randomisation = false;  // see DiedOfRandomisation
};

TsanRun ReadTsanRun(const ChildResult& child);

// Runs tests under ThreadSanitizer. A report that shows a formal defect of a library (known_defects.h) says nothing
// about the program. After one, runs the tests again, without stopping at reports, and leaves such reports out of the
// results.
TsanRun RunTestsUnderThreadSanitizer(ChildSpec spec);

// Returns, once in each process, a line that says that programs run without address-space randomisation, and why.
// nullopt if they run with it, or if the note has already been returned.
std::optional<std::string> TakeFixedAddressesNote();

// Whether ThreadSanitizer died at its start because the program's addresses were not where it expects them.
bool DiedOfRandomisation(std::string_view stderr_text);

// How strongly the kernel randomises addresses, as far as it matters to older runtimes (clang before 18, g++ before
// 13): they support 28 bits. With more bits they usually die with a message of their own, but sometimes they crash
// without one, or report nothing.
enum class Randomisation { kMild, kStrong, kUnknown };
Randomisation MachinesRandomisation();

// Settings of TSAN_OPTIONS that make reports as detailed as possible; users may override them.
std::string OptionsForFullReports();

// The TSAN_OPTIONS for a run; `users` is what the user has set.
std::string ThreadSanitizerOptions(std::string_view users);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_TSAN_RUN_H_
