#include "sanitizers/racelab/build.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <optional>
#include <regex>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "sanitizers/process/child.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/racelab/build_inputs.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/require.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

struct ToolResult {
  int exit_code = 0;
  std::string output;
};

// Whether this build is to end early.
bool Stopped(const std::stop_token& stop) { return InterruptRequested() || stop.stop_requested(); }

// Collects the output of a process group until it ends, and passes it on line by line. Forwards an interrupt to the
// group, so that it can remove half-written files.
void Follow(int file, pid_t group, const std::stop_token& stop, std::string& output,
            const std::function<void(std::string_view)>& on_line) {
  bool passed_on = false;
  size_t line = 0;  // where the unfinished line begins
  for (char buffer[4096];;) {
    if (Stopped(stop) && !std::exchange(passed_on, true)) kill(-group, SIGINT);
    pollfd ready = {.fd = file, .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, /*milliseconds=*/100) <= 0) continue;
    const ssize_t length = read(file, buffer, sizeof(buffer));
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return;
    output.append(buffer, length);
    for (size_t end; (end = output.find('\n', line)) != std::string::npos; line = end + 1) {
      on_line(std::string_view(output).substr(line, end - line));
    }
  }
}

// Runs a build tool in its own process group, and passes its output on line by line.
absl::StatusOr<ToolResult> RunTool(const std::vector<std::string>& command, const fs::path& folder,
                                   const std::stop_token& stop, const std::function<void(std::string_view)>& on_line) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "cannot make a pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawnp(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  absl::Cleanup close_output = [&ends] { close(ends[0]); };
  if (error != 0) {
    return absl::ErrnoToStatus(error, absl::StrCat("cannot start ", command[0], "; sanitizers/setup.sh installs it"));
  }

  ToolResult result;
  Follow(ends[0], child, stop, result.output, on_line);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

// "[1/20] virtual_time.cc" for "[1/20] Building CXX object tests/support/.../virtual_time.cc.o": one line of a screen.
std::string StepInShort(std::string_view line) {
  const size_t object = line.rfind('/');
  const size_t number = line.find(']');
  if (object == std::string_view::npos || number == std::string_view::npos || object < number) return std::string(line);
  return absl::StrCat(line.substr(0, number + 1), " ", absl::StripSuffix(line.substr(object + 1), ".o"));
}

// What a line of ninja's output says about the current activity; empty if nothing. Ninja names a step when it has
// ended, except CMake: so the line before the first step must not seem to be what takes so long.
std::string Activity(std::string_view line) {
  if (absl::StrContains(line, "Re-running CMake")) return "configuring";
  if (absl::StrContains(line, "Re-checking globbed") || absl::StartsWith(line, "-- Build files have been written"))
    return "compiling what has changed";
  return absl::StartsWith(line, "[") ? StepInShort(line) : "";
}

// Whether the tree was configured from a preset. If CMake's cache is lost, ninja would configure the tree again without
// the preset, and thus without the sanitizer.
bool IsConfigured(const fs::path& tree) {
  std::error_code ignored;
  const std::string remembered = ReadFile(tree / "CMakeCache.txt").value_or("");
  const bool is_whole = absl::StrContains(remembered, "\nRACELAB_SANITIZER:");
  if (!is_whole) fs::remove(tree / "CMakeCache.txt", ignored);
  return is_whole && fs::exists(tree / "build.ninja", ignored) && fs::file_size(tree / "build.ninja", ignored) > 0;
}

// Held while a tree is being built. Not held if the folder is not writable.
class TreeLock {
 public:
  // Waits for another racelab that is building this tree, until interrupted or stopped.
  TreeLock(const fs::path& tree, Progress& progress, const std::stop_token& stop) {
    std::error_code ignored;
    fs::create_directories(tree, ignored);
    file_ = open((tree / ".racelab.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    while (file_ >= 0 && flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK && !Stopped(stop)) {
      progress.Show(absl::StrCat("waiting for another racelab, which is building ", tree.filename().string()));
      poll(nullptr, 0, /*milliseconds=*/100);
    }
  }
  ~TreeLock() {
    if (file_ >= 0) close(file_);
  }
  TreeLock(const TreeLock&) = delete;
  TreeLock& operator=(const TreeLock&) = delete;

 private:
  int file_;
};

// The target among `targets` in a line such as "FAILED: CMakeFiles/lost_update.lab.test.dir/hit_counter_test.cc.o"
// (compiling) or "FAILED: bin/lost_update/lab_test" (linking).
std::optional<std::string> FailedTarget(std::string_view line, const std::vector<std::string>& targets) {
  for (const std::string& target : targets) {
    if (absl::StrContains(line, absl::StrCat("/", target, ".dir/"))) return target;
    const std::vector<std::string> parts = absl::StrSplit(target, '.');  // <lab>.<variant>[.test|.bench]
    std::string program = absl::StrCat("bin/", parts[0], "/", parts.size() > 1 ? parts[1] : "");
    if (parts.size() > 2) absl::StrAppend(&program, "_", parts[2]);
    if (absl::StrContains(absl::StrCat(line, " "), absl::StrCat(program, " "))) return target;
  }
  return std::nullopt;
}

// Parses Ninja's output: the messages about a failed step follow its line "FAILED: …", up to the next step "[n/m] …".
BuildFailures Failures(std::string_view output, const std::vector<std::string>& targets) {
  BuildFailures failures;
  std::string* words = nullptr;
  bool command = false;
  for (std::string_view line : absl::StrSplit(output, '\n')) {
    if (absl::ConsumePrefix(&line, "FAILED: ")) {
      const std::optional<std::string> target = FailedTarget(line, targets);
      words = target ? &failures[*target] : nullptr;
      command = true;  // Ninja repeats the command on the next line.
    } else if (absl::StartsWith(line, "[") || absl::StartsWith(line, "ninja: ")) {
      words = nullptr;
    } else if (std::exchange(command, false)) {
      continue;
    } else if (words != nullptr) {
      absl::StrAppend(words, line, "\n");
    }
  }
  return failures;
}

// Removes the precompiled headers that the compiler refuses: one of their headers has changed since, or the compiler
// itself. Ninja does not notice that if the time of the change is that of the package it came with. Returns whether
// there were any.
bool RemoveRefusedHeaders(const std::string& output, const fs::path& tree) {
  static const std::regex& refused = *new std::regex(R"((?:error|note): [^\n]*'([^'\n]+\.pch)')");
  bool found = false;
  for (std::sregex_iterator match(output.begin(), output.end(), refused), end; match != end; ++match) {
    std::error_code ignored;
    found |= absl::StartsWith((*match)[1].str(), tree.string()) && fs::remove((*match)[1].str(), ignored);
  }
  return found;
}

absl::Status BuildError(std::string_view doing, const ToolResult& result, const std::stop_token& stop) {
  if (Stopped(stop)) return absl::CancelledError("interrupted");
  return absl::InternalError(absl::StrCat(doing, " failed:\n", FirstErrors(result.output, 30)));
}

}  // namespace

std::string ThreadSanitizerPreset(std::string_view compiler) {
  if (compiler == "clang") return "tsan";
  if (compiler == "gcc") return "tsan-gcc";
  // This program itself was built by the preferred compiler (sanitizers/cmake/preferred.cmake).
#ifdef __clang__
  return "tsan";
#else
  return "tsan-gcc";
#endif
}

std::string_view CompilerOf(std::string_view preset) { return preset == "tsan-gcc" ? "gcc" : "clang"; }

absl::StatusOr<BuildFailures> Build(const Project& project, std::string_view preset,
                                    const std::vector<std::string>& targets, Progress& progress,
                                    const std::stop_token& stop) {
  const fs::path tree = project.Tree(preset);
  TreeLock lock(tree, progress, stop);
  if (Stopped(stop)) return absl::CancelledError("interrupted");
  if (!IsConfigured(tree)) {
    progress.Show(absl::StrCat("configuring ", preset, " (the first time, this builds Abseil and GoogleTest)"));
    absl::StatusOr<ToolResult> configured =
        RunTool({"cmake", "--preset", std::string(preset)}, project.root, stop,
                [&](std::string_view line) { progress.Show(absl::StrCat(preset, ": ", line)); });
    if (!configured.ok()) return configured.status();
    if (configured->exit_code != 0) return BuildError(absl::StrCat("cmake --preset ", preset), *configured, stop);
  }

  if (absl::Status noted = NoteInputs(project, tree); !noted.ok()) return noted;
  std::vector<std::string> command = {"ninja", "-C", tree.string(), "-k", "0"};
  command.insert(command.end(), targets.begin(), targets.end());
  const auto run = [&] {
    return RunTool(command, project.root, stop, [&](std::string_view line) {
      const std::string activity = Activity(line);
      if (!activity.empty()) progress.Show(absl::StrCat("building ", preset, ": ", activity));
    });
  };
  absl::StatusOr<ToolResult> built = run();
  if (built.ok() && built->exit_code != 0 && RemoveRefusedHeaders(built->output, tree)) built = run();
  if (!built.ok()) return built.status();
  if (Stopped(stop)) return absl::CancelledError("interrupted");
  if (built->exit_code == 0) return BuildFailures();
  BuildFailures failures = Failures(built->output, targets);
  if (failures.empty()) return BuildError(absl::StrJoin(command, " "), *built, stop);
  return failures;
}

namespace {

// "lab.h:12:5" of a compiler's line that begins with a place; empty for any other.
std::string_view PlaceOfLine(std::string_view line) {
  static const std::regex place(R"(^[^ :]+:[0-9]+(:[0-9]+)?(?=:))");
  std::cmatch match;
  if (!std::regex_search(line.data(), line.data() + line.size(), match, place)) return {};
  return line.substr(0, static_cast<size_t>(match.length()));
}

// A header may be called "system_error".
bool IsError(std::string_view line) {
  return absl::StrContains(line, " error:") || absl::StrContains(line, "undefined reference");
}

bool IsInLibrary(std::string_view place) {
  return absl::StartsWith(place, "/usr/") || absl::StrContains(place, "/build/deps/");
}

// The place in our own files that led to the error in line `error`, which is in a library. g++ names this place before
// the error ("required from here"), clang after it ("requested here").
std::string_view OwnPlace(const std::vector<std::string_view>& lines, size_t error) {
  const auto is_error = [&](size_t i) { return IsError(lines[i]); };
  const auto own = [&](size_t i) {
    const std::string_view place = PlaceOfLine(lines[i]);
    return IsInLibrary(place) ? std::string_view() : place;
  };
  for (size_t left = error; left > 0 && !is_error(left - 1); --left) {
    const size_t i = left - 1;
    if (!own(i).empty() && absl::StrContains(lines[i], "required from")) return own(i);
  }
  for (size_t i = error + 1; i < lines.size() && !is_error(i); ++i) {
    if (!own(i).empty()) return own(i);
  }
  return {};
}

}  // namespace

std::string FirstErrors(std::string_view output, int lines) {
  const std::vector<std::string_view> all = absl::StrSplit(output, '\n', absl::SkipWhitespace());
  size_t first = 0;
  while (first < all.size() && !IsError(all[first])) ++first;
  if (first == all.size()) first = 0;
  std::string text;
  const std::string_view place = all.empty() ? std::string_view() : PlaceOfLine(all[first]);
  if (const std::string_view own = IsInLibrary(place) ? OwnPlace(all, first) : std::string_view(); !own.empty()) {
    text = absl::StrCat(own, all[first].substr(place.size()));
    if (--lines == 0) return text;
    absl::StrAppend(&text, "\n");
  }
  const size_t last = std::min(all.size(), first + static_cast<size_t>(lines));
  absl::StrAppend(&text, absl::StrJoin(all.begin() + first, all.begin() + last, "\n"));
  if (last < all.size()) absl::StrAppend(&text, "\n(", all.size() - last, " more lines)");
  return text;
}

void BuildInterleaveRuntime(const Project& project, Progress& progress) {
  if (project.is_installed) return;
  const BuildFailures failures = Require(Build(project, kNativePreset, {"racelab_interleave"}, progress));
  if (failures.empty()) return;
  progress.Clear();
  std::fprintf(stderr, "racelab: the second runtime does not compile:\n%s\n",
               FirstErrors(failures.begin()->second, 30).c_str());
  Exit(kMisuse);
}

absl::StatusOr<std::vector<std::string>> CommandsOf(const Project& project, std::string_view preset,
                                                    const std::string& target) {
  ChildSpec spec;
  spec.argv = {"ninja", "-C", project.Tree(preset).string(), "-t", "commands", target};
  const ChildResult listed = RunChild(spec);
  std::vector<std::string> commands;
  for (std::string_view line : absl::StrSplit(listed.out, '\n')) {
    if (absl::StrContains(line, absl::StrCat("/", target, ".dir/"))) commands.emplace_back(line);
  }
  if (commands.size() < 2)
    return absl::InternalError(absl::StrCat("the commands that build ", target, " are not known"));
  return commands;
}

}  // namespace racelab
