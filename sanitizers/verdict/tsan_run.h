#ifndef RACELAB_SANITIZERS_VERDICT_TSAN_RUN_H_
#define RACELAB_SANITIZERS_VERDICT_TSAN_RUN_H_

#include <optional>
#include <string>
#include <string_view>

#include "sanitizers/process/child.h"
#include "sanitizers/report/report.h"
#include "sanitizers/verdict/test_run.h"

namespace racelab {

// The exit status of a program whose ThreadSanitizer reported something, or caught a fatal signal.
inline constexpr int kReportExitCode = 66;

// Runs a program that was built with -fsanitize=thread, as RunChild does, so that its reports can be judged: they go to
// stderr, the first one ends the program, with kReportExitCode. What the user has set in TSAN_OPTIONS stays in force,
// unless it would hide the reports or change their form. Functions and lines are looked up by SymboliseReports().
//
// Where address-space randomisation kills the older runtimes at their start (clang before 18, g++ before 13, with
// vm.mmap_rnd_bits above 28: "unexpected memory mapping"), runs the program again without it, and every later one in
// this process at once so. TakeFixedAddressesNote says so. Where randomisation is known to be that strong, or cannot be
// known, programs are run without it from the start, if that is allowed.
ChildResult RunUnderThreadSanitizer(ChildSpec spec);

// What a run under ThreadSanitizer showed, in values.
struct TsanRun {
  TestRun child;
  ParsedReports printed;
  bool died_of_randomisation = false;  // see DiedOfRandomisation
};

TsanRun ReadTsanRun(const ChildResult& child);

// A line to print, once a process: that programs are run without address-space randomisation, and why. nullopt if they
// are not, or if the note has been taken already.
std::optional<std::string> TakeFixedAddressesNote();

// Whether ThreadSanitizer died at its start for the program's addresses were not where it expects them.
bool DiedOfRandomisation(std::string_view stderr_text);

// The TSAN_OPTIONS for a run, `users` being what the user has set.
std::string ThreadSanitizerOptions(std::string_view users);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_TSAN_RUN_H_
