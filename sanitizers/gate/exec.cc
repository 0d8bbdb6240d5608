// racelab exec -- PROGRAM: runs a program that was built with -fsanitize=thread, or a command that starts such
// programs, watches it, and explains what was reported. Exits with 0 if nothing was found and the program succeeded, 1
// if something was found or the program failed, 2 for misuse.

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "sanitizers/findings/from_report.h"
#include "sanitizers/gate/collector.h"
#include "sanitizers/gate/commands.h"
#include "sanitizers/gate/gate.h"
#include "sanitizers/process/child.h"
#include "sanitizers/process/process_tree.h"
#include "sanitizers/process/signal_name.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/schedule_text.h"
#include "sanitizers/racelab/temporary_folder.h"
#include "sanitizers/symbols/live_stacks.h"
#include "sanitizers/verdict/tsan_run.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

struct ExecOptions {
  GateOptions gate;
  double seconds = 0;  // 0: no limit
  std::vector<std::string> program;
};

// The reports of all processes, in files whose names begin like this.
constexpr char kReports[] = "report";

std::vector<std::string> FilesIn(const TemporaryFolder& folder) {
  std::vector<std::string> files;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder.path(), ignored))
    files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

// The user's options, and after them those on which this command relies, because a later setting wins. Reports go to
// files of their own: so they are seen even if the output of the process that makes them goes nowhere, and are not
// mixed with that of others. What was reported decides, so the exit code is left to the program.
std::string Options(const TemporaryFolder& folder) {
  const char* users = getenv("TSAN_OPTIONS");
  std::string options = OptionsForFullReports();
  if (users != nullptr) absl::StrAppend(&options, ":", users);
  absl::StrAppend(&options, ":exitcode=0:report_bugs=1:color=never:print_suppressions=1:log_path=", folder / kReports);
  return options;
}

// What the user's options would hide.
std::vector<std::string> NotesOnOptions() {
  const char* users = getenv("TSAN_OPTIONS");
  std::vector<std::string> notes;
  if (users == nullptr) return notes;
  const std::pair<std::string_view, std::string_view> kOverridden[] = {
      {"report_bugs=0", "report_bugs=0 in TSAN_OPTIONS would hide every report; it is not honoured here"},
      {"log_path=", "log_path in TSAN_OPTIONS is not honoured here: the reports are read from files of racelab's own"},
      {"exitcode=", "exitcode in TSAN_OPTIONS is not honoured here: what was reported decides"}};
  for (const auto& [option, note] : kOverridden) {
    if (absl::StrContains(users, option)) notes.emplace_back(note);
  }
  return notes;
}

void WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // Nobody reads it any more.
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

// Standard input, if it can be opened once more.
std::string OwnInput() {
  struct stat status;
  const bool can = fstat(STDIN_FILENO, &status) == 0 && !S_ISSOCK(status.st_mode);
  return can && access("/dev/stdin", R_OK) == 0 ? "/dev/stdin" : "";
}

std::string NameOf(const StuckProcess& stuck, const std::string& program) {
  std::string name = ReadSmallFile(absl::StrCat("/proc/", stuck.process, "/comm")).value_or(program);
  if (!name.empty() && name.back() == '\n') name.pop_back();
  return name;
}

Finding ProgramFailed(const ChildResult& result, const std::string& command) {
  Finding finding;
  finding.rule = &RuleWithId("program-failed");
  const std::string how = result.end == ChildEnd::kSignalled ? absl::StrCat("was ended by ", SignalName(result.signal))
                          : result.end == ChildEnd::kExited  ? absl::StrCat("ended with exit code ", result.exit_code)
                                                             : result.note;
  finding.message = absl::StrCat(command, " ", how, ", and nothing was reported");
  finding.fingerprint = Fingerprint(finding, /*root=*/"");
  return finding;
}

// More than this is a fork bomb, which must end while the machine still listens.
int MostProcesses() { return std::max(1000, 64 * static_cast<int>(std::thread::hardware_concurrency())); }

void Execute(ExecOptions options) {
  if (options.program.empty()) {
    std::fputs("racelab: which program? racelab exec -- ./program its arguments\n", stderr);
    Exit(kMisuse);
  }
  CheckGateOptions(options.gate);
  const TemporaryFolder folder;
  Collector collector(options.gate.root);
  // A program that does not honour TSAN_OPTIONS, or a command that throws its environment away, reports here.
  ReportReader stderr_reader([&](const ReportEvent& event) { collector.Add(event); },
                             [&](const RepeatedReport& report) { collector.AddAgain(report); });
  bool ended_a_hang = false;
  ChildSpec spec;
  spec.argv = options.program;
  spec.environment = {{"TSAN_OPTIONS", Options(folder)}};
  spec.input = OwnInput();
  spec.limits = {.time = options.seconds > 0 ? absl::Seconds(options.seconds) : absl::InfiniteDuration(),
                 .memory_bytes = std::numeric_limits<int64_t>::max(),
                 .output_bytes = std::numeric_limits<int64_t>::max(),
                 .processes = MostProcesses()};
  spec.fixed_addresses = MachinesRandomisation() != Randomisation::kMild;
  spec.tick = absl::Milliseconds(500);
  spec.grace = absl::Seconds(2);
  spec.on_output = [](std::string_view bytes) { WriteAll(STDOUT_FILENO, bytes); };
  spec.on_error_output = [&](std::string_view bytes) {
    WriteAll(STDERR_FILENO, bytes);
    stderr_reader.Feed(bytes);
  };
  spec.on_stuck = [&](const StuckProcess& stuck) {
    ended_a_hang = true;
    collector.Add(HangOf(stuck, LiveStacks(stuck.process), NameOf(stuck, options.program.front()), options.gate.root));
  };
  std::fflush(stdout);
  ChildResult result = RunChild(spec);
  if (result.end == ChildEnd::kNotStarted && spec.fixed_addresses) {  // It may be impossible here to fix them.
    spec.fixed_addresses = false;
    result = RunChild(spec);
  }
  stderr_reader.Finish();
  for (const std::string& file : FilesIn(folder)) {
    if (const absl::Status read = collector.ReadLog(file); !read.ok()) ReportError(read);
  }
  if (result.end == ChildEnd::kNotStarted) {
    std::fprintf(stderr, "racelab: %s\n", result.note.c_str());
    Exit(kMisuse);
  }
  Findings findings;
  for (const std::string& word : options.program)
    absl::StrAppend(&findings.command, findings.command.empty() ? "" : " ", Quoted(word));
  findings.notes = NotesOnOptions();
  for (std::string& note : collector.Notes()) findings.notes.push_back(std::move(note));
  findings.all = collector.TakeFindings();
  const bool succeeded = result.end == ChildEnd::kExited && result.exit_code == 0;
  if (!succeeded && findings.all.empty() && result.end != ChildEnd::kInterrupted)
    findings.all.push_back(ProgramFailed(result, findings.command));
  if (!succeeded && !ended_a_hang) {
    findings.notes.push_back(
        result.end == ChildEnd::kExited      ? absl::StrCat("the program ended with exit code ", result.exit_code)
        : result.end == ChildEnd::kSignalled ? absl::StrCat("the program was ended by ", SignalName(result.signal))
                                             : absl::StrCat("the program was ended: ", result.note));
  }
  const ExitCode code = PassGate(options.gate, std::move(findings));
  if (result.end == ChildEnd::kInterrupted) Exit(kInterrupted);
  if (code != kRight || !succeeded || collector.LeavesOut()) Exit(kWrong);
}

}  // namespace

void AddExec(CLI::App& racelab, std::vector<std::string> program) {
  auto options = std::make_shared<ExecOptions>();
  CLI::App* command = racelab.add_subcommand("exec", "Run a ThreadSanitizer program, and explain what it reports");
  AddGateOptions(*command, options->gate, /*with_format=*/false);
  command->add_option("--time", options->seconds, "End the program after so many seconds");
  command->footer("racelab exec -- ./program its arguments\nracelab exec --sarif races.sarif -- ctest");
  command->callback([options, program = std::move(program)] {
    options->program = program;
    Execute(*options);
  });
}

}  // namespace racelab
