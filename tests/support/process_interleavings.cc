#include "tests/support/process_interleavings.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/second_runtime.h"
#include "tests/support/watched_memory.h"

#if defined(__x86_64__)

namespace racelab {
namespace {

// The instructions for the processes of the running scenario.
struct Plan {
  bool active = false;
  Stopped stopped = Stopped::kGoesOn;
  std::int64_t stop_at = 0;   // The first process stops before this access; 0: never.
  std::int64_t accesses = 0;  // The number of its accesses, if it was not stopped.
  bool failed = false;        // Whether a process did not end properly.
  std::vector<MemoryRange> known;
};

Plan plan;

// Process numbers are alike if they have the same remainder by it, and thereby by 2, 3, 4, 6, 8 and so on up to 64: by
// any number of slots of which programs choose one by the number of their process.
constexpr pid_t kAlike = 192;

// Uses the next process number. (A process that shares this one's memory costs a fraction of a fork.)
pid_t UseUpAProcessNumber() {
  long pid;
  asm volatile(
      "xor %%r10d, %%r10d\n\txor %%r8d, %%r8d\n\tsyscall\n\t"
      "test %%rax, %%rax\n\tjnz 1f\n\t"
      "mov %[exit], %%eax\n\txor %%edi, %%edi\n\tsyscall\n1:"
      : "=a"(pid)
      : "a"(long{SYS_clone}), "D"(long{CLONE_VM | CLONE_VFORK | SIGCHLD}), "S"(0L), "d"(0L), [exit] "i"(SYS_exit)
      : "rcx", "r8", "r10", "r11", "memory");
  if (pid > 0) waitpid(static_cast<pid_t>(pid), nullptr, 0);
  return static_cast<pid_t>(pid);
}

// Makes the next process's number likely to be like `pid`: unless somebody else begins a process before.
void Approach(pid_t pid) {
  for (int i = 0; i < 2 * kAlike; ++i) {
    if ((UseUpAProcessNumber() + 1 - pid) % kAlike == 0) return;
  }
}

// A process of the scenario, and its state.
class Process {
 public:
  Process(const char* name, const std::function<void()>& function) : name_(name), function_(function) {}
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  ~Process() {
    if (pid_ > 0 && !ended_) Kill();
    for (const int descriptor : {messages_[0], messages_[1], go_[0], go_[1]}) {
      if (descriptor >= 0) close(descriptor);
    }
  }

  // Starts the process, which stops before its `at`th access to `memory` (0: never). If `memory` is empty, it is not
  // watched. Its number is like that of `other`.
  void Start(const std::vector<MemoryRange>& memory, std::int64_t at, const Process* other = nullptr) {
    if (pipe(messages_) != 0 || pipe(go_) != 0) {
      Fail() << " has no pipe: errno " << errno;
      return;
    }
    const pid_t parent = getpid();
    pid_ = Fork(other);
    if (pid_ < 0) Fail() << " could not be forked: errno " << errno;
    if (pid_ == 0) Run(parent, memory, at);
    close(messages_[1]);
    messages_[1] = -1;
  }

  // Waits until it has stopped or ended, or sleeps (because it may be waiting for the other process).
  void AwaitStop() { Await(kBriefly, /*or_message=*/true); }

  // The number of its accesses, if it has reported it: when it stopped, or at its end.
  std::optional<std::int64_t> accesses() const { return accesses_; }

  void GoOn() {
    const char go = 1;
    if (write(go_[1], &go, 1) != 1) Fail() << " cannot be told to go on: errno " << errno;
  }

  void Kill() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    ended_ = true;
  }

  // Waits until it has ended, or sleeps.
  void AwaitEndOrSleep() { Await(kBriefly, /*or_message=*/false); }

  // Waits until it has ended, or sleeps, or has run for so long that it may be polling for the other process.
  void AwaitEndOrSleepOrPolling() { Await(kBriefly, /*or_message=*/false, kPatiently); }

  // Waits until it has ended; fails the test if it does not end, or ends with an error. Call this when no other process
  // remains that could wake it.
  void AwaitEnd() {
    if (ended_ || pid_ <= 0) return;
    Await(kForEver, /*or_message=*/false);
    if (ended_) return;
    Kill();
    Fail() << " sleeps, and nobody is left who could wake it";
  }

  // Whether it had no error.
  bool well() const { return well_; }

 private:
  // The number of checks, a fifth of a millisecond apart, during which the process must have slept without waking up.
  // If it is wrongly assumed to wait for the other process, the only effect is that the other one continues earlier.
  static constexpr int kBriefly = 10;
  static constexpr int kForEver = 1'000;

  // How often a process with the right number is tried for while other programs begin processes, too.
  static constexpr int kAttempts = 100;

  // The number of checks after which a process that neither ends nor sleeps is assumed to poll.
  static constexpr int kPatiently = 50;

  // Bypasses the libraries' fork() handlers: ThreadSanitizer's take longer than the rest of an interleaving, and are
  // needed only if other threads run during the fork. Here, there are none.
  static pid_t Fork(const Process* other) {
    if (other == nullptr) return _Fork();
    for (int attempt = 1;; ++attempt) {
      Approach(other->pid_);
      const pid_t pid = _Fork();
      const bool is_alike = ((pid == 0 ? getpid() : pid) - other->pid_) % kAlike == 0;
      if (pid < 0 || is_alike || attempt == kAttempts) return pid;
      if (pid == 0) SystemCall(SYS_exit_group, 0, 0, 0);
      waitpid(pid, nullptr, 0);
    }
  }

  [[noreturn]] void Run(pid_t parent, const std::vector<MemoryRange>& memory, std::int64_t at) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(4);
    close(messages_[0]);
    if (!memory.empty()) BeginWatching(memory, at, messages_[1], go_[0]);
    int code = 0;
    try {
      function_();
    } catch (...) {
      code = 3;
    }
    const std::int64_t count = EndWatching();
    if (at == 0 || count < at) SystemCall(SYS_write, messages_[1], reinterpret_cast<long>(&count), sizeof count);
    SystemCall(SYS_exit_group, code, 0,
               0);  // Not _exit(): ThreadSanitizer would check what a real end leaves behind.
    __builtin_unreachable();
  }

  // Fails the test, with the streamed text as the reason.
  class Failure {
   public:
    explicit Failure(const char* name) { text_ << name; }
    ~Failure() { ADD_FAILURE() << text_.str(); }
    template <typename T>
    Failure& operator<<(const T& value) {
      text_ << value;
      return *this;
    }

   private:
    std::ostringstream text_;
  };
  Failure Fail() {
    well_ = false;
    return Failure(name_);
  }

  void Await(int looks, bool or_message, int most_looks = std::numeric_limits<int>::max()) {
    if (pid_ <= 0) return;
    std::string before;
    for (int quiet = 0; !ended_ && quiet < looks && !(or_message && accesses_);) {
      if (Listen()) continue;
      if (--most_looks == 0) return;
      const std::string now = Sleep();
      quiet = !now.empty() && now == before ? quiet + 1 : 0;
      before = now;
    }
  }

  // Waits for a message or the end of the process, and handles it. Returns whether either came soon.
  bool Listen() {
    pollfd pipe = {messages_[0], POLLIN, 0};
    const timespec soon = {0, 200'000};
    if (ppoll(&pipe, 1, &soon, nullptr) != 1) return false;
    std::int64_t told = 0;
    if (read(messages_[0], &told, sizeof told) == sizeof told) {
      accesses_ = told;
      return true;
    }
    int status = 0;
    if (waitpid(pid_, &status, 0) != pid_) Fail() << " cannot be waited for: errno " << errno;
    ended_ = true;
    if (WIFSIGNALED(status)) Fail() << " was killed by signal " << WTERMSIG(status);
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0) Fail() << " ended with status " << WEXITSTATUS(status);
    return true;
  }

  // If the process is asleep, the number of times that it has gone to sleep so far; otherwise empty. Uses few steps:
  // ThreadSanitizer records each, and after a fork each page of its records is copied.
  std::string Sleep() const {
    char status[4096] = "";
    const int file = open(("/proc/" + std::to_string(pid_) + "/status").c_str(), O_RDONLY | O_CLOEXEC);
    const bool asleep = read(file, status, sizeof status - 1) > 0 && std::strstr(status, "State:\tS") != nullptr;
    close(file);
    const char* const switches = std::strstr(status, "voluntary_ctxt_switches:");  // nonvoluntary_... follows it
    return asleep && switches != nullptr ? switches : "";
  }

  const char* const name_;
  const std::function<void()>& function_;
  int messages_[2] = {-1, -1};  // From the process.
  int go_[2] = {-1, -1};        // To it.
  std::optional<std::int64_t> accesses_;
  pid_t pid_ = 0;
  bool ended_ = false;
  bool well_ = true;
};

}  // namespace

bool RunInProcesses(const std::function<void()>& first, const std::function<void()>& second) {
  Process begins("process A", first), other("process B", second);

  begins.Start(plan.active ? Without(SharedMemory(), plan.known) : std::vector<MemoryRange>(), plan.stop_at);
  begins.AwaitStop();
  const bool has_stopped = plan.stop_at != 0 && begins.accesses() == plan.stop_at;
  if (has_stopped && plan.stopped == Stopped::kIsKilled) begins.Kill();
  if (!has_stopped) begins.AwaitEndOrSleep();

  other.Start({}, 0, &begins);
  if (has_stopped && plan.stopped == Stopped::kGoesOn) {
    other.AwaitEndOrSleepOrPolling();
    begins.GoOn();
  } else {
    other.AwaitEndOrSleep();
  }
  // Either process may have waited for the other; the stopped one is awaited first.
  begins.AwaitEndOrSleep();
  other.AwaitEndOrSleep();
  begins.AwaitEnd();
  other.AwaitEnd();
  if (plan.stop_at == 0) plan.accesses = begins.accesses().value_or(0);
  plan.failed = !begins.well() || !other.well();
  return !plan.failed;
}

void ProcessInterleavings(absl::FunctionRef<void()> scenario, Stopped stopped) {
  if (UnderSecondRuntime()) GTEST_SKIP() << "the second runtime explores the threads of one process";
  // Returns whether no process had an error.
  const auto run = [&](std::int64_t stop_at) {
    plan = {.active = true,
            .stopped = stopped,
            .stop_at = stop_at,
            .accesses = 0,
            .failed = false,
            .known = SharedMemory()};
    scenario();
    plan.active = false;
    plan.stop_at = 0;
    return !plan.failed && !testing::Test::HasFailure();
  };
  {
    SCOPED_TRACE("process A ran, then process B");
    if (!run(0)) return;
  }
  const std::int64_t accesses = plan.accesses;
  for (std::int64_t k = 1; k <= accesses; ++k) {
    SCOPED_TRACE(testing::Message() << "process A stopped before access " << k << " of " << accesses
                                    << " to the shared memory, and process B ran");
    if (!run(k)) return;
  }
}

}  // namespace racelab

#else

namespace racelab {

bool RunInProcesses(const std::function<void()>&, const std::function<void()>&) {
  ADD_FAILURE() << "RunInProcesses() needs an x86-64 processor";
  return false;
}

void ProcessInterleavings(absl::FunctionRef<void()>, Stopped) {
  GTEST_SKIP() << "single steps are those of an x86-64 processor";
}

}  // namespace racelab

#endif
