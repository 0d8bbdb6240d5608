#include "sanitizers/verdict/tsan_run.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sanitizers/symbols/symbolised_report.h"
#include "sanitizers/symbols/symbolizer.h"
#include "sanitizers/verdict/known_defects.h"

namespace racelab {
namespace {

constexpr std::string_view kVariable = "TSAN_OPTIONS";

// Relaxed: each flag publishes no other data, and at worst a program is run once more than necessary.
std::atomic<bool> g_fixed_addresses{false};
std::atomic<bool> g_note_pending{false};

// Whether the program must look up functions and lines itself. racelab does it much faster, but the patterns of
// suppressions need the names of functions and files.
bool SymbolisesItself(std::string_view users) { return absl::StrContains(users, "suppressions=") || !HasSymbolizer(); }

void TurnOffForAllLaterRuns() {
  if (!g_fixed_addresses.exchange(true, std::memory_order_relaxed)) {
    g_note_pending.store(true, std::memory_order_relaxed);
  }
}

// Runs the program with or without address-space randomisation: see RunUnderThreadSanitizer.
ChildResult RunWhereItLikesTheAddresses(ChildSpec spec) {
  const bool required = spec.fixed_addresses || g_fixed_addresses.load(std::memory_order_relaxed);
  const Randomisation randomisation = MachinesRandomisation();
  const bool precaution = !required && randomisation != Randomisation::kMild;
  spec.fixed_addresses = required || precaution;
  ChildResult result = RunChild(spec);
  if (required) return result;
  if (precaution) {
    if (result.end != ChildEnd::kNotStarted) {
      if (randomisation == Randomisation::kStrong) TurnOffForAllLaterRuns();
      return result;
    }
    spec.fixed_addresses = false;  // it may be impossible to turn it off here; perhaps this program supports it
    result = RunChild(spec);
  }
  if (result.end != ChildEnd::kExited || !DiedOfRandomisation(result.err)) return result;

  spec.fixed_addresses = true;
  ChildResult again = RunChild(spec);
  if (again.end == ChildEnd::kNotStarted || DiedOfRandomisation(again.err)) return again;
  TurnOffForAllLaterRuns();
  return again;
}

// Appends to the options that the spec already has.
void SetOption(ChildSpec& spec, std::string_view option) {
  for (auto& [name, value] : spec.environment) {
    if (name == kVariable) return absl::StrAppend(&value, ":", option);
  }
  spec.environment.emplace_back(kVariable, option);
}

}  // namespace

Randomisation MachinesRandomisation() {
  std::ifstream file("/proc/sys/vm/mmap_rnd_bits");  // only root can read it
  int bits = 0;
  if (!(file >> bits)) return Randomisation::kUnknown;
  return bits > 28 ? Randomisation::kStrong : Randomisation::kMild;
}

std::string OptionsForFullReports() {
  std::string options = "second_deadlock_stack=1:history_size=7";
  // Clang's runtime finds a symbolizer by itself only if the symbolizer's name has no version, but on Debian it has
  // one. g++'s runtime does not need a symbolizer.
  if (const std::string symbolizer = FindSymbolizer(); !symbolizer.empty()) {
    absl::StrAppend(&options, ":external_symbolizer_path=", symbolizer);
  }
  return options;
}

std::string ThreadSanitizerOptions(std::string_view users) {
  // If an option is set twice, the later setting wins. The first settings are those that the user may change; the
  // user's settings follow; the last ones are those on which the parser and the verdict rely.
  std::string options = absl::StrCat("halt_on_error=1:", OptionsForFullReports());
  if (!users.empty()) absl::StrAppend(&options, ":", users);
  absl::StrAppend(&options, ":exitcode=", kReportExitCode,
                  ":log_path=stderr:color=never:print_module_map=0:abort_on_error=0");
  if (SymbolisesItself(users)) {
    absl::StrAppend(&options, ":symbolize=1:stack_trace_format=\"    #%n %f %S %M\"");
  } else {
    absl::StrAppend(&options, ":symbolize=0:stack_trace_format=", kFormatOfPlaces);
  }
  return options;
}

bool DiedOfRandomisation(std::string_view stderr_text) {
  return absl::StrContains(stderr_text, "ThreadSanitizer: unexpected memory mapping") ||
         absl::StrContains(stderr_text, "ThreadSanitizer: memory layout is incompatible");
}

ChildResult RunUnderThreadSanitizer(ChildSpec spec) {
  const auto given = std::find_if(spec.environment.begin(), spec.environment.end(),
                                  [](const auto& pair) { return pair.first == kVariable; });
  std::string users;
  if (given != spec.environment.end()) {
    users = std::move(given->second);
    spec.environment.erase(given);
  }
  spec.environment.emplace_back(kVariable, ThreadSanitizerOptions(users));
  ChildResult result = RunWhereItLikesTheAddresses(spec);
  if (!SymbolisesItself(users)) result.err = SymboliseReports(result.err, spec.directory);
  return result;
}

TsanRun ReadTsanRun(const ChildResult& child) {
  return {ReadTestRun(child), ParseThreadSanitizer(child.err), DiedOfRandomisation(child.err)};
}

TsanRun RunTestsUnderThreadSanitizer(ChildSpec spec) {
  TsanRun run = ReadTsanRun(RunUnderThreadSanitizer(spec));
  std::vector<Report>& reports = run.printed.reports;
  if (reports.empty() || !IsFormalDefect(reports.front())) return run;
  SetOption(spec, "halt_on_error=0");
  run = ReadTsanRun(RunUnderThreadSanitizer(std::move(spec)));
  const size_t left_out = std::erase_if(reports, IsFormalDefect);
  // The tests' own exit status is lost, but their output says whether they failed.
  if (left_out > 0 && reports.empty() && run.child.exit_code == kReportExitCode) run.child.exit_code = 0;
  return run;
}

std::optional<std::string> TakeFixedAddressesNote() {
  if (!g_note_pending.exchange(false, std::memory_order_relaxed)) return std::nullopt;
  return "note: not every ThreadSanitizer supports this machine's address-space randomisation, so programs are run "
         "without it (to avoid this: sysctl vm.mmap_rnd_bits=28, or clang 18 and g++ 13 or newer)";
}

}  // namespace racelab
