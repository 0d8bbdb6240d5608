#include "sanitizers/process/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sanitizers/process/find_program.h"
#include "sanitizers/process/process_tree.h"

namespace racelab {
namespace {

// The end of the lifeline that this process and the supervisors hold; -1 until Lifeline() is called. Programs need not
// hold it, because a supervisor outlives them.
std::atomic<int> g_held_lifeline{-1};

// Everything that the forked processes need, prepared before the fork: between fork and exec, a process with several
// threads may call only async-signal-safe functions, which do not allocate memory.
struct Prepared {
  std::string program;
  std::vector<std::string> strings;  // argv and environment point into these
  std::vector<char*> argv, environment;
  const char* directory = nullptr;
  bool fixed_addresses = false;
  pid_t parent = 0;
  int input = -1, out = -1, err = -1, messages = -1;
  int files[5] = {};  // the four descriptors above and the lifeline, ascending
};

// The path of the program that a user calls `name`; `name` itself if it cannot be found, so that the error can quote
// it.
std::string Resolve(const std::string& name) {
  if (absl::StrContains(name, '/')) return name;
  std::string found = FindProgram(name);
  return found.empty() ? name : found;
}

Prepared Prepare(const ChildSpec& spec) {
  Prepared prepared;
  prepared.program = Resolve(spec.argv[0]);
  prepared.fixed_addresses = spec.fixed_addresses;
  prepared.parent = getpid();
  if (!spec.directory.empty()) prepared.directory = spec.directory.c_str();
  const size_t arguments = spec.argv.size();
  prepared.strings = spec.argv;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view name = std::string_view(*entry).substr(0, std::string_view(*entry).find('='));
    const bool replaced = std::any_of(spec.environment.begin(), spec.environment.end(),
                                      [name](const auto& pair) { return pair.first == name; });
    if (!replaced) prepared.strings.push_back(*entry);
  }
  for (const auto& [name, value] : spec.environment) prepared.strings.push_back(absl::StrCat(name, "=", value));
  for (size_t i = 0; i < prepared.strings.size(); ++i) {
    (i < arguments ? prepared.argv : prepared.environment).push_back(prepared.strings[i].data());
  }
  prepared.argv.push_back(nullptr);
  prepared.environment.push_back(nullptr);
  return prepared;
}

// From here to StartSupervised, everything runs between fork and exec: only async-signal-safe calls.

void Say(const Prepared& prepared, const SupervisorMessage& message) {
  // The message is smaller than PIPE_BUF, so it is written completely or not at all. A failure means that the reader is
  // gone.
  ssize_t ignored = write(prepared.messages, &message, sizeof message);
  (void)ignored;
}

[[noreturn]] void Fail(const Prepared& prepared, SupervisorMessage::Step step) {
  Say(prepared, {SupervisorMessage::kNotStarted, step, errno, 0, 0});
  _exit(127);
}

// Resets signals to the state of a fresh process: the program must not inherit the signals that we ignore or block.
void ResetSignals() {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Closes every file above stderr except `keep` (ascending), whose files are all close-on-exec. When we forked, other
// threads of ours may have been about to start programs of their own: we must not keep their pipes open here. The
// program must not inherit files that other code has opened in this process without O_CLOEXEC either.
void CloseAllBut(const int (&keep)[5]) {
  unsigned from = 3;
  for (const int fd : keep) {
    if (fd < 0) continue;
    if (static_cast<unsigned>(fd) > from) syscall(SYS_close_range, from, static_cast<unsigned>(fd) - 1, 0u);
    from = static_cast<unsigned>(fd) + 1;
  }
  syscall(SYS_close_range, from, ~0u, 0u);
}

// Like fork(), but without its handlers, because of which fork() is not async-signal-safe.
pid_t BareFork() {
#if __GLIBC_PREREQ(2, 34)
  return _Fork();
#else
  return fork();
#endif
}

[[noreturn]] void RunProgram(const Prepared& prepared, pid_t supervisor) {
  ResetSignals();
  if (setsid() < 0) Fail(prepared, SupervisorMessage::kSession);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != supervisor) Fail(prepared, SupervisorMessage::kParentGone);
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  if (prepared.directory != nullptr && chdir(prepared.directory) != 0) Fail(prepared, SupervisorMessage::kDirectory);
  if (prepared.fixed_addresses) {
    // The legacy layout also puts libraries where the older runtimes do not expect them.
    const int before = personality(0xffffffff);
    if (before < 0 || personality((static_cast<unsigned>(before) & ~ADDR_COMPAT_LAYOUT) | ADDR_NO_RANDOMIZE) < 0) {
      Fail(prepared, SupervisorMessage::kRandomisation);
    }
    // An unlimited stack has the same effect.
    rlimit stack = {};
    if (getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur == RLIM_INFINITY) {
      stack.rlim_cur = std::min<rlim_t>(stack.rlim_max, 8 << 20);
      setrlimit(RLIMIT_STACK, &stack);
    }
  }
  if (dup2(prepared.input, 0) < 0 || dup2(prepared.out, 1) < 0 || dup2(prepared.err, 2) < 0) {
    Fail(prepared, SupervisorMessage::kStandardStreams);
  }
  execve(prepared.program.c_str(), prepared.argv.data(), prepared.environment.data());
  Fail(prepared, SupervisorMessage::kExecute);
}

// Kills the children of this process: as it is a subreaper, these are all whose parents have ended.
void KillChildren() {
  const int file = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);  // proc(5): "12 34 "
  if (file < 0) return;
  char bytes[4096];
  pid_t process = 0;
  for (ssize_t size; (size = read(file, bytes, sizeof bytes)) > 0;) {
    for (ssize_t i = 0; i < size; ++i) {
      if (bytes[i] >= '0' && bytes[i] <= '9') {
        process = 10 * process + (bytes[i] - '0');
      } else if (process > 0) {
        kill(process, SIGKILL);
        process = 0;
      }
    }
  }
  close(file);
}

[[noreturn]] void Supervise(const Prepared& prepared) {
  setsid();  // an interrupt typed at the terminal is meant only for us
  // If the process that started us is killed, we get SIGTERM, and must end the program ourselves.
  sigset_t awaited;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGCHLD);
  sigaddset(&awaited, SIGTERM);
  sigprocmask(SIG_BLOCK, &awaited, nullptr);
  ::signal(SIGCHLD, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != prepared.parent) _exit(0);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  CloseAllBut(prepared.files);
  const pid_t self = getpid();
  const pid_t program = BareFork();
  if (program < 0) Fail(prepared, SupervisorMessage::kFork);
  if (program == 0) RunProgram(prepared, self);
  // If the supervisor kept these open, readers would never see the end of the program's output.
  close(prepared.out);
  close(prepared.err);  // perhaps the same
  Say(prepared, {SupervisorMessage::kStarted, 0, program, 0, 0});
  for (bool ends = false;;) {
    for (;;) {
      int status = 0;
      rusage usage = {};
      const pid_t ended = wait4(-1, &status, WNOHANG, &usage);
      if (ended == program) Say(prepared, {SupervisorMessage::kEnded, 0, status, 0, int64_t{usage.ru_maxrss} * 1024});
      if (ended < 0 && errno == ECHILD) _exit(0);
      if (ended <= 0) break;
    }
    if (ends) KillChildren();  // We have inherited the children of processes that ended.
    if (sigwaitinfo(&awaited, nullptr) != SIGTERM) continue;
    ends = true;
    kill(-program, SIGKILL);  // to the whole group, so that no member can fork in between
    KillChildren();
  }
}

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) close(fd_);
    fd_ = other.Release();
  }
  return *this;
}

Fd::~Fd() {
  if (fd_ >= 0) close(fd_);
}

int Fd::Release() { return std::exchange(fd_, -1); }

absl::StatusOr<Supervised> StartSupervised(const ChildSpec& spec) {
  if (spec.argv.empty()) return absl::InvalidArgumentError("no program to run was given");
  int out[2], err[2], messages[2];
  const std::string input = spec.input.empty() ? "/dev/null" : spec.input;
  // Ours may be closed.
  const int own = spec.own_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : -1;
  const Fd input_file(own >= 0 ? own : open(input.c_str(), O_RDONLY | O_CLOEXEC));
  if (input_file.get() < 0)
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", input, " for the program's stdin"));
  const auto no_pipe = [] {
    return absl::ErrnoToStatus(errno, "cannot make a pipe; raise the limit on open files (ulimit -n)");
  };
  if (pipe2(out, O_CLOEXEC) != 0) return no_pipe();
  Fd out_read(out[0]), out_write(out[1]);
  if (pipe2(err, O_CLOEXEC) != 0) return no_pipe();
  Fd err_read(err[0]), err_write(err[1]);
  if (pipe2(messages, O_CLOEXEC) != 0) return no_pipe();
  Fd messages_read(messages[0]), messages_write(messages[1]);
  // Only our ends of the pipes are non-blocking: the flag belongs to an end, not to the pipe.
  fcntl(out[0], F_SETFL, O_NONBLOCK);
  fcntl(err[0], F_SETFL, O_NONBLOCK);
  fcntl(messages[0], F_SETFL, O_NONBLOCK);

  Prepared prepared = Prepare(spec);
  prepared.input = input_file.get();
  prepared.out = out[1];
  prepared.err = spec.one_output ? out[1] : err[1];
  prepared.messages = messages[1];
  const int files[5] = {input_file.get(), out[1], spec.one_output ? -1 : err[1], messages[1], g_held_lifeline.load()};
  std::partial_sort_copy(std::begin(files), std::end(files), std::begin(prepared.files), std::end(prepared.files));

  // None of our signal handlers may run in the forked process.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t supervisor = fork();
  if (supervisor == 0) Supervise(prepared);
  const int fork_errno = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (supervisor < 0)
    return absl::ErrnoToStatus(fork_errno, "cannot start a process (fork); end other programs and try again");

  Supervised supervised;
  supervised.supervisor = supervisor;
  supervised.messages = std::move(messages_read);
  supervised.out = std::move(out_read);
  supervised.err = std::move(err_read);
  return supervised;
}

namespace {

// Stops all descendants, until it finds none that it has not stopped, and returns those that are left. Killing must
// wait until all are stopped: a running process could fork a replacement.
std::vector<pid_t> StopDescendants(pid_t ancestor) {
  constexpr int kMostRounds = 1000;  // in case a program forks faster than we can look
  std::unordered_set<pid_t> stopped;
  std::vector<pid_t> descendants;
  bool found_new = true;
  for (int round = 0; found_new && round < kMostRounds; ++round) {
    found_new = false;
    descendants = Descendants(ancestor);
    for (pid_t process : descendants) {
      if (!stopped.insert(process).second) continue;
      kill(process, SIGSTOP);
      found_new = true;
    }
  }
  return descendants;
}

}  // namespace

void EndSupervised(const Supervised& supervised, pid_t program) {
  // A signal to a whole group is atomic with respect to fork, so this ends most fork bombs at once.
  if (program > 0) kill(-program, SIGKILL);
  // For processes that left the group. One that escapes a round is found in the next, because the supervisor inherits
  // it. The supervisor ends when it has no children left.
  pollfd ended = {supervised.messages.get(), 0, 0};
  bool supervisor_ended = false;
  for (int round = 0; !supervisor_ended; ++round) {
    for (pid_t process : StopDescendants(supervised.supervisor)) kill(process, SIGKILL);
    supervisor_ended = poll(&ended, 1, std::min(round, 10)) > 0 && (ended.revents & POLLHUP) != 0;
  }
  while (waitpid(supervised.supervisor, nullptr, 0) < 0 && errno == EINTR) {
  }
}

int Lifeline() {
  static const int end = [] {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    g_held_lifeline.store(ends[1]);
    return ends[0];
  }();
  return end;
}

std::string ExplainNotStarted(const ChildSpec& spec, const SupervisorMessage& message) {
  const std::string& program = spec.argv[0];
  const std::string_view reason = strerrordesc_np(message.value);
  switch (message.step) {
    case SupervisorMessage::kDirectory:
      return absl::StrCat("cannot run ", program, " in ", spec.directory, ": ", reason, "; make that directory");
    case SupervisorMessage::kRandomisation:
      return absl::StrCat(
          "cannot run ", program, " without address-space randomisation: personality(ADDR_NO_RANDOMIZE): ", reason,
          ", as in a container that forbids it; run `sysctl vm.mmap_rnd_bits=28` on the host, as root, or start the "
          "container with --security-opt seccomp=unconfined");
    case SupervisorMessage::kExecute:
      if (message.value == ENOENT)
        return absl::StrCat("cannot run ", program, ": there is no such program; build it first");
      if (std::error_code ignored; std::filesystem::is_directory(program, ignored))
        return absl::StrCat("cannot run ", program, ": it is a folder; name a program in it");
      return absl::StrCat("cannot run ", program, ": ", reason, "; build it anew, for this machine");
    default:
      return absl::StrCat("cannot start ", program, ": ", reason, "; end other programs and try again");
  }
}

}  // namespace racelab
