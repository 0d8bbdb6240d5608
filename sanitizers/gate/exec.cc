// racelab exec -- PROGRAM: runs a program that was built with -fsanitize=thread, or a command that starts such
// programs, watches it, and explains the reports. Exits with 0 if nothing was found and the program succeeded, 1 if
// something was found or the program failed, 2 for misuse, 3 if the result is inconclusive.

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "sanitizers/findings/from_report.h"
#include "sanitizers/gate/collector.h"
#include "sanitizers/gate/commands.h"
#include "sanitizers/gate/gate.h"
#include "sanitizers/process/child.h"
#include "sanitizers/process/find_program.h"
#include "sanitizers/process/process_tree.h"
#include "sanitizers/process/signal_name.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/schedule_text.h"
#include "sanitizers/racelab/temporary_folder.h"
#include "sanitizers/symbols/instrumentation.h"
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

// Prefix of the names of the files that hold the reports of all processes.
constexpr char kReports[] = "report";

std::vector<std::string> FilesIn(const TemporaryFolder& folder) {
  std::vector<std::string> files;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder.path(), ignored))
    files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

// Returns the user's options followed by those that this command needs, because the last setting wins. Reports go to
// separate files, so that they are seen even if a process discards its output, and are not mixed with other output.
// ThreadSanitizer leaves the program's exit code alone, because the reports decide. With print_module_map=1, each
// process writes something when it ends, which proves that ThreadSanitizer was active.
std::string Options(const TemporaryFolder& folder) {
  const char* users = getenv("TSAN_OPTIONS");
  std::string options = OptionsForFullReports();
  if (users != nullptr) absl::StrAppend(&options, ":", users);
  absl::StrAppend(&options,
                  ":exitcode=0:report_bugs=1:color=never:symbolize=1:print_suppressions=1:print_module_map=1:");
  // Quoted, because blanks, commas and colons would end the value.
  absl::StrAppend(&options, "log_path=\"", folder / kReports, "\"");
  return options;
}

// Returns notes on findings that the user's options hide.
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

bool IsSameFile(int a, int b) {
  struct stat of_a, of_b;
  return fstat(a, &of_a) == 0 && fstat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

void WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {  // Another process made it non-blocking.
      pollfd room = {file, POLLOUT, 0};
      poll(&room, 1, -1);
      continue;
    }
    if (written <= 0) return;  // The reader is gone.
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

bool IsInstrumented(const std::string& name) {
  const std::optional<Module> program = ReadModule(absl::StrContains(name, '/') ? name : FindProgram(name));
  return program.has_value() && program->is_instrumented;
}

// Adds findings for reports that could not be written to their files.
void LookAtFiles(const std::vector<std::string>& files, const TemporaryFolder& folder, Collector& collector) {
  for (const std::string& file : files) {
    std::error_code error;
    if (fs::file_size(file, error) == 0 && !error)  // The process opened the file but could not write to it.
      collector.Add(LostReports(
          absl::StrCat("A process could not write its reports below ", folder.path(), ": is the disk full?")));
  }
  std::error_code error;
  // An in-memory file system without a limit reports a capacity of 0.
  const fs::space_info space = fs::space(folder.path(), error);
  if (!error && space.capacity > 0 && space.available == 0)
    collector.Add(LostReports(absl::StrCat("The disk of ", folder.path(), " is full: reports may be lost")));
}

std::string NameOf(const StuckProcess& stuck, const std::string& program) {
  std::string name = ReadSmallFile(absl::StrCat("/proc/", stuck.process, "/comm")).value_or(program);
  if (!name.empty() && name.back() == '\n') name.pop_back();
  return name;
}

// "ended with exit code 3".
std::string HowItEnded(const ChildResult& result) {
  switch (result.end) {
    case ChildEnd::kExited:
      return absl::StrCat("ended with exit code ", result.exit_code);
    case ChildEnd::kSignalled:
      return absl::StrCat("was ended by ", SignalName(result.signal));
    default:
      return absl::StrCat("was ended: ", result.note);
  }
}

Finding ProgramFailed(const ChildResult& result, const std::string& command) {
  Finding finding;
  finding.rule = &RuleWithId("program-failed");
  finding.message = absl::StrCat(command, " ", HowItEnded(result), ", and nothing was reported");
  finding.details = absl::StrJoin(result.wait_for, "\n");
  finding.fingerprint = Fingerprint(finding, /*root=*/"");
  return finding;
}

// More processes are a fork bomb, which must be stopped while the machine still responds.
int MostProcesses() { return std::max(1000, 64 * static_cast<int>(std::thread::hardware_concurrency())); }

void Execute(ExecOptions options) {
  if (options.program.empty()) {
    std::fputs("racelab: which program? racelab exec -- ./program its arguments\n", stderr);
    Exit(kMisuse);
  }
  CheckGateOptions(options.gate);
  const TemporaryFolder folder;
  chmod(folder.path().c_str(), 01733);  // for processes that change their user
  Collector collector(options.gate.root);
  // A program that ignores TSAN_OPTIONS, or a command that clears its environment, reports here.
  Collector::Stream output(collector), error_output(collector);
  bool ended_a_hang = false;
  ChildSpec spec;
  spec.argv = options.program;
  spec.environment = {{"TSAN_OPTIONS", Options(folder)}};
  spec.own_input = true;
  spec.limits = {.time = options.seconds > 0 ? absl::Seconds(options.seconds) : absl::InfiniteDuration(),
                 .memory_bytes = std::numeric_limits<int64_t>::max(),
                 .output_bytes = std::numeric_limits<int64_t>::max(),
                 .processes = MostProcesses()};
  spec.fixed_addresses = MachinesRandomisation() != Randomisation::kMild;
  spec.tick = absl::Milliseconds(500);
  spec.grace = absl::Seconds(2);
  bool in_line = false;
  spec.on_output = [&](std::string_view bytes) {
    WriteAll(STDOUT_FILENO, bytes);
    in_line = bytes.back() != '\n';
    output.Feed(bytes);
  };
  // If both go to the same file, keep their relative order.
  spec.one_output = IsSameFile(STDOUT_FILENO, STDERR_FILENO);
  spec.on_error_output = [&](std::string_view bytes) {
    WriteAll(STDERR_FILENO, bytes);
    error_output.Feed(bytes);
  };
  spec.on_stuck = [&](const StuckProcess& stuck) {
    ended_a_hang = true;
    collector.Add(HangOf(stuck, LiveStacks(stuck.process), NameOf(stuck, options.program.front()), options.gate.root));
  };
  std::fflush(stdout);
  ChildResult result = RunChild(spec);
  if (result.end == ChildEnd::kNotStarted && spec.fixed_addresses) {  // Fixing the addresses may be impossible here.
    spec.fixed_addresses = false;
    result = RunChild(spec);
  }
  if (in_line) std::puts("");
  output.Finish();
  error_output.Finish();
  const std::vector<std::string> files = FilesIn(folder);
  for (const std::string& file : files) {
    if (const absl::Status read = collector.ReadPart(file); !read.ok()) ReportError(read);
  }
  if (result.end == ChildEnd::kNotStarted) {
    std::fprintf(stderr, "racelab: %s\n", result.note.c_str());
    Exit(kMisuse);
  }
  Findings findings;
  LookAtFiles(files, folder, collector);
  for (const std::string& word : options.program)
    absl::StrAppend(&findings.command, findings.command.empty() ? "" : " ", Quoted(word));
  collector.EndLog("its output");
  for (std::string& note : NotesOnOptions()) findings.notes.push_back(std::move(note));
  for (std::string& note : collector.Notes()) findings.notes.push_back(std::move(note));
  findings.all = collector.TakeFindings();
  const bool succeeded = result.end == ChildEnd::kExited && result.exit_code == 0;
  if (!succeeded && findings.all.empty() && result.end != ChildEnd::kInterrupted)
    findings.all.push_back(ProgramFailed(result, findings.command));
  if (!succeeded && !ended_a_hang) findings.notes.push_back(absl::StrCat("the program ", HowItEnded(result)));
  for (const std::string& wait : result.wait_for) {
    if (!ended_a_hang) findings.notes.push_back(absl::StrCat("when the program was ended, ", wait));
  }
  if (result.left_running > 0) {
    findings.notes.push_back(absl::StrCat(
        result.left_running, result.left_running == 1 ? " process was" : " processes were",
        " still running when the program ended, and had to end, too: what they would have reported is unknown"));
  }
  // A process that ends with _exit() writes no module map.
  const bool was_watched = !files.empty() || !findings.all.empty() || IsInstrumented(options.program.front());
  if (!was_watched && result.end != ChildEnd::kInterrupted) {
    findings.notes.emplace_back(
        "no process of ThreadSanitizer's was seen, so nobody can tell: build the program with -fsanitize=thread, and "
        "leave TSAN_OPTIONS in its environment (`racelab canary -- ./program` looks at a program)");
  }
  const bool cannot_tell = !was_watched || collector.CannotTell() || result.end == ChildEnd::kInterrupted;
  findings.cannot_tell = cannot_tell;
  const ExitCode code = PassGate(options.gate, std::move(findings));
  if (result.end == ChildEnd::kInterrupted) Exit(kInterrupted);
  if (code != kRight || !succeeded || collector.LeavesOut()) Exit(kWrong);
  if (cannot_tell) Exit(kCannotTell);
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
