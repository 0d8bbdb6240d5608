#include "sanitizers/verdict/tsan_run.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace racelab {
namespace {

constexpr std::string_view kVariable = "TSAN_OPTIONS";

// Relaxed: each flag says nothing about other data, and at worst a program is run once more than needed.
std::atomic<bool> g_fixed_addresses{false};
std::atomic<bool> g_note_pending{false};

// The newest llvm-symbolizer that only has a versioned name, as on Debian; empty if there is none or if the plain name
// is there, which clang's runtime finds by itself. g++'s runtime needs none: it reads the debug information itself.
const std::string& VersionedSymbolizer() {
  static const std::string& found = *new std::string([]() -> std::string {
    const char* path = std::getenv("PATH");
    const std::vector<std::string> directories =
        absl::StrSplit(path != nullptr ? path : "/usr/bin", ':', absl::SkipEmpty());
    for (const std::string& directory : directories) {
      if (access(absl::StrCat(directory, "/llvm-symbolizer").c_str(), X_OK) == 0) return "";
    }
    for (int version = 30; version >= 14; --version) {
      for (const std::string& directory : directories) {
        std::string candidate = absl::StrCat(directory, "/llvm-symbolizer-", version);
        if (access(candidate.c_str(), X_OK) == 0) return candidate;
      }
    }
    return "";
  }());
  return found;
}

}  // namespace

std::string ThreadSanitizerOptions(std::string_view users) {
  // Of two settings of one option the later one holds. First, what the user may change; then the user's; last, what the
  // parser and the verdict rely on.
  std::string options = "halt_on_error=1:second_deadlock_stack=1:history_size=7";
  if (!VersionedSymbolizer().empty()) absl::StrAppend(&options, ":external_symbolizer_path=", VersionedSymbolizer());
  if (!users.empty()) absl::StrAppend(&options, ":", users);
  absl::StrAppend(&options, ":exitcode=", kReportExitCode,
                  ":log_path=stderr:color=never:symbolize=1:print_module_map=0:abort_on_error=0"
                  ":stack_trace_format=\"    #%n %f %S %M\"");
  return options;
}

bool DiedOfRandomisation(std::string_view stderr_text) {
  return absl::StrContains(stderr_text, "ThreadSanitizer: unexpected memory mapping") ||
         absl::StrContains(stderr_text, "ThreadSanitizer: memory layout is incompatible");
}

ChildResult RunUnderThreadSanitizer(ChildSpec spec) {
  const auto given = std::find_if(spec.environment.begin(), spec.environment.end(),
                                  [](const auto& pair) { return pair.first == kVariable; });
  if (given != spec.environment.end()) {
    given->second = ThreadSanitizerOptions(given->second);
  } else {
    const char* users = std::getenv(std::string(kVariable).c_str());
    spec.environment.emplace_back(kVariable, ThreadSanitizerOptions(users != nullptr ? users : ""));
  }
  const bool fixed_before = spec.fixed_addresses || g_fixed_addresses.load(std::memory_order_relaxed);
  spec.fixed_addresses = fixed_before;
  ChildResult result = RunChild(spec);
  if (fixed_before || result.end != ChildEnd::kExited || !DiedOfRandomisation(result.err)) return result;

  spec.fixed_addresses = true;
  ChildResult again = RunChild(spec);
  if (again.end == ChildEnd::kNotStarted || DiedOfRandomisation(again.err)) return again;
  if (!g_fixed_addresses.exchange(true, std::memory_order_relaxed))
    g_note_pending.store(true, std::memory_order_relaxed);
  return again;
}

std::optional<std::string> TakeFixedAddressesNote() {
  if (!g_note_pending.exchange(false, std::memory_order_relaxed)) return std::nullopt;
  return "note: this ThreadSanitizer cannot bear the machine's address-space randomisation, so programs are run "
         "without it "
         "(vm.mmap_rnd_bits=28, a newer clang or a newer g++ would do, too)";
}

}  // namespace racelab
