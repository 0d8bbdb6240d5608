// racelab canary [-- PROGRAM]: checks that a report would be seen here. Builds a program that certainly races, and runs
// it with the user's TSAN_OPTIONS. Exits with 1 if a report would be lost, 2 if no compiler is available.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sanitizers/gate/commands.h"
#include "sanitizers/gate/telltales.h"
#include "sanitizers/process/child.h"
#include "sanitizers/process/find_program.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/temporary_folder.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/report/report.h"
#include "sanitizers/symbols/instrumentation.h"
#include "sanitizers/verdict/tsan_run.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

// The relaxed flag fixes the order in time but creates no happens-before.
constexpr std::string_view kCanary = R"(#include <atomic>
#include <thread>

namespace racelab_canary {
int song = 0;
std::atomic<bool> sung{false};
void Sing() {
  ++song;
  sung.store(true, std::memory_order_relaxed);
}
}  // namespace racelab_canary

int main() {
  std::thread bird(racelab_canary::Sing);
  while (!racelab_canary::sung.load(std::memory_order_relaxed)) std::this_thread::yield();
  ++racelab_canary::song;
  bird.join();
}
)";

// Prints what is right and what is wrong, one line each.
class Checklist {
 public:
  void Good(std::string_view text) { Line(Colour::kGreen, CheckMark(), text); }
  void Bad(std::string_view text) {
    Line(Colour::kRed, CrossMark(), text);
    bad_ = true;
  }
  void Note(std::string_view text) { Line(Colour::kYellow, "!", text); }
  bool bad() const { return bad_; }

 private:
  static void Line(Colour colour, std::string_view mark, std::string_view text) {
    std::printf("%s %s\n", Paint(colour, mark).c_str(), Wrap(text, SizeOfScreen().columns, 2, 2).c_str());
  }

  bool bad_ = false;
};

class Canary {
 public:
  // Builds the program; returns the compiler's name.
  std::string Build() {
    std::ofstream(folder_ / "canary.cc") << kCanary;
    const std::string compiler = Compiler();
    ChildSpec spec;
    spec.argv = absl::StrSplit(compiler, ' ', absl::SkipEmpty());  // CXX may be "ccache g++"
    for (const char* argument :
         {"-std=c++11", "-g", "-O1", "-pthread", "-fsanitize=thread", "canary.cc", "-o", "canary"})
      spec.argv.emplace_back(argument);
    spec.directory = folder_.path();
    spec.limits.time = absl::Minutes(2);
    const ChildResult result = RunChild(spec);
    ExitIfInterrupted();
    if (result.end != ChildEnd::kExited || result.exit_code != 0) {
      std::fprintf(stderr, "racelab: %s cannot build a program with -fsanitize=thread:\n%s%s\n", compiler.c_str(),
                   result.note.c_str(), result.err.c_str());
      Exit(kMisuse);
    }
    return compiler;
  }

  // Runs the program with these TSAN_OPTIONS, and collects the reports from its output and its log files.
  struct Song {
    ChildResult run;
    ParsedReports heard;
    bool died_of_randomisation = false;
    std::vector<std::string> unknown_options;  // in TSAN_OPTIONS
  };
  Song Sing(const std::string& options) {
    ChildSpec spec;
    spec.argv = {folder_ / "canary"};
    const std::string log = folder_ / "log";
    spec.environment = {{"TSAN_OPTIONS", absl::StrCat(options, options.empty() ? "" : ":",
                                                      "print_suppressions=1:verbosity=1:log_path=\"", log, "\"")}};
    Song song;
    song.run = RunChild(spec);
    std::string text = song.run.err;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_.path())) {
      if (!absl::StartsWith(entry.path().filename().string(), "log.")) continue;
      std::ifstream file(entry.path());
      text.append(std::istreambuf_iterator<char>(file), {});
    }
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_.path())) {
      if (absl::StartsWith(entry.path().filename().string(), "log.")) fs::remove(entry.path(), ignored);
    }
    song.heard = ParseThreadSanitizer(text);
    song.unknown_options = UnknownOptions(text);
    song.died_of_randomisation = DiedOfRandomisation(text);
    return song;
  }

 private:
  static std::string Compiler() {
    if (const char* chosen = getenv("CXX"); chosen != nullptr && *chosen != '\0') return chosen;
    for (const char* name : {"clang++", "clang++-19", "clang++-18", "clang++-17", "clang++-16", "g++", "c++"}) {
      if (std::string path = FindProgram(name); !path.empty()) return path;
    }
    std::fputs("racelab: the canary needs a C++ compiler: set CXX to one\n", stderr);
    Exit(kMisuse);
  }

  TemporaryFolder folder_;
};

bool HasLine(const Canary::Song& song) {
  if (song.heard.reports.empty()) return false;
  const Report& report = song.heard.reports.front();
  for (const NamedSite& site : NamedSites(report)) {
    if (site.frame != nullptr && site.frame->line > 0) return true;
  }
  return false;
}

void LookAtSilence(Canary& canary, const std::string& options, const Canary::Song& song, Checklist& checklist) {
  if (!song.heard.suppressions.empty()) {
    return checklist.Bad(absl::StrCat("the suppression \"", song.heard.suppressions.front().pattern,
                                      "\" hides even the canary: make it name one function of your own"));
  }
  if (song.died_of_randomisation) {
    return checklist.Bad(
        "the program dies at once: addresses are too random for this ThreadSanitizer. `sysctl vm.mmap_rnd_bits=28` as "
        "root, or `setarch -R` in front of the program, helps; `racelab exec` does the latter by itself");
  }
  if (!song.heard.fatal.empty())
    return checklist.Bad(absl::StrCat("the program does not run at all: ", song.heard.fatal));
  if (!options.empty() && !canary.Sing("").heard.reports.empty())
    return checklist.Bad(
        absl::StrCat("TSAN_OPTIONS=", options, " hides a certain data race; without it, it is reported"));
  checklist.Bad(absl::StrCat("a certain data race is not reported", song.run.note.empty() ? "" : ": ", song.run.note));
}

// Checks for settings that keep ThreadSanitizer from detecting or reporting problems other than data races, which the
// canary itself covers.
void LookAtOptions(const std::string& options, Checklist& checklist) {
  struct Setting {
    std::string_view name, value, what;
  };
  constexpr Setting kSettings[] = {
      {"detect_deadlocks", "0", "lock-order inversions are not reported"},
      {"report_thread_leaks", "0", "thread leaks are not reported"},
      {"report_signal_unsafe", "0", "unsafe calls in signal handlers are not reported"},
      {"report_destroy_locked", "0", "destructions of locked mutexes are not reported"},
      {"report_mutex_bugs", "0", "misuses of mutexes are not reported"},
      {"report_atomic_races", "0", "races between atomic and plain accesses are not reported"},
      {"ignore_noninstrumented_modules", "1", "accesses by way of libraries without ThreadSanitizer are not seen"},
      {"ignore_interceptors_accesses", "1", "accesses by memcpy(), read() and the like are not seen"},
      {"history_size", "0", "of many races, one of the two stacks is lost"},
      {"log_path", "", "reports go to files: nobody sees them unless something reads these files"}};
  std::map<std::string, std::string> set;  // The last setting wins.
  for (const std::string_view option : absl::StrSplit(options, absl::ByAnyChar(" ,:\n\t\r"), absl::SkipEmpty())) {
    const std::pair<std::string, std::string> setting = absl::StrSplit(option, absl::MaxSplits('=', 1));
    const bool is_false = setting.second == "false" || setting.second == "no";
    const bool is_true = setting.second == "true" || setting.second == "yes";
    set[setting.first] = is_false ? "0" : is_true ? "1" : setting.second;
  }
  for (const Setting& setting : kSettings) {
    const auto found = set.find(std::string(setting.name));
    if (found != set.end() && (setting.value.empty() || found->second == setting.value)) {
      checklist.Bad(absl::StrCat(setting.name, setting.value.empty() ? "" : absl::StrCat("=", setting.value),
                                 " in TSAN_OPTIONS: ", setting.what));
    }
  }
}

void LookAtProgram(const std::string& name, Checklist& checklist) {
  const std::string path = absl::StrContains(name, '/') ? name : FindProgram(name);
  const std::optional<Module> program = ReadModule(path);
  if (!program.has_value())
    return checklist.Bad(absl::StrCat(
        name, " is no program that can be looked at: give the tests' own program, not a script that starts it"));
  if (program->is_instrumented) {
    checklist.Good(absl::StrCat(name, " is built with ThreadSanitizer"));
  } else {
    checklist.Bad(absl::StrCat(name, " is not built with ThreadSanitizer: compile and link it with -fsanitize=thread"));
  }
  if (LeavesOutLocals(path)) {
    checklist.Note(
        "but clang before 21 does not instrument all uses that a function makes of its own local objects, even if "
        "threads share them: compile with -mllvm -capture-tracking-max-uses-to-explore=0, as racelab_sanitize() does "
        "(https://github.com/llvm/llvm-project/pull/132756)");
  }
  if (LeavesOutCopies(path)) {
    checklist.Note(
        "but g++ does not instrument calls of memcpy() and its kin that it inlines when it optimises: tests compiled "
        "with -O0 -fno-builtin show what they access");
  }
  std::uint64_t all = program->code_bytes, blind = 0;
  const std::vector<Module> libraries = LibrariesOf(path);
  for (const Module& library : libraries) {
    all += library.code_bytes;
    if (!library.is_instrumented) blind += library.code_bytes;
  }
  for (const Module& library : libraries) {
    if (library.is_instrumented) continue;
    checklist.Bad(
        absl::StrCat(library.path, " is not built with ThreadSanitizer, so its accesses and its orders are not seen (",
                     library.code_bytes * 100 / std::max<std::uint64_t>(all, 1), "% of the code that is loaded)"));
  }
  if (blind == 0 && !libraries.empty()) checklist.Good(absl::StrCat("so are its ", libraries.size(), " libraries"));
}

void Listen(const std::vector<std::string>& program) {
  const char* set = getenv("TSAN_OPTIONS");
  const std::string options = set == nullptr ? "" : set;
  Canary canary;
  Checklist checklist;
  const std::string compiler = canary.Build();
  const Canary::Song song = canary.Sing(options);
  ExitIfInterrupted();
  if (song.heard.reports.empty()) {
    LookAtSilence(canary, options, song, checklist);
  } else {
    checklist.Good(absl::StrCat("a certain data race is reported here (", compiler, ")"));
    if (HasLine(song)) {
      checklist.Good("the report has functions and lines");
    } else if (!options.empty() && HasLine(canary.Sing(""))) {
      checklist.Bad(absl::StrCat("with TSAN_OPTIONS=", options, ", the report has no lines; without it, it has them"));
    } else {
      checklist.Bad(
          "the report has no lines: install llvm-symbolizer, or set external_symbolizer_path in TSAN_OPTIONS to it");
    }
    if (song.run.end == ChildEnd::kExited && song.run.exit_code == 0) {
      checklist.Bad("the program succeeds although it reported a race: remove exitcode=0 from TSAN_OPTIONS");
    } else {
      checklist.Good("a program that reports a race fails");
    }
  }
  for (const std::string& option : song.unknown_options)
    checklist.Bad(absl::StrCat("ThreadSanitizer knows no option \"", option, "\" of those in TSAN_OPTIONS"));
  LookAtOptions(options, checklist);
  if (!program.empty()) LookAtProgram(program.front(), checklist);
  if (checklist.bad()) Exit(kWrong);
}

}  // namespace

void AddCanary(CLI::App& racelab, std::vector<std::string> program) {
  CLI::App* command = racelab.add_subcommand("canary", "Find out whether a report would be seen here");
  command->footer("racelab canary -- ./program: also whether the program and its libraries can be checked");
  command->callback([program = std::move(program)] { Listen(program); });
}

}  // namespace racelab
