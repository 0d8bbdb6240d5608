#include "tests/support/process_interleavings.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/second_runtime.h"

#if defined(__x86_64__)

namespace racelab {
namespace {

struct Range {
  uintptr_t begin, end;
};

// The shared anonymous memory of this process.
std::vector<Range> SharedMemory() {
  std::vector<Range> ranges;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    Range range = {};
    char flags[5] = "";
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &range.begin, &range.end, flags) != 3) continue;
    if (std::strcmp(flags, "rw-s") == 0 && line.find("/dev/zero") != std::string::npos) ranges.push_back(range);
  }
  return ranges;
}

// The part of `ranges` that is not in `known`. The system merges neighbouring ranges, so a range that has grown is
// split.
std::vector<Range> Without(const std::vector<Range>& ranges, const std::vector<Range>& known) {
  std::vector<Range> rest;
  for (Range range : ranges) {
    for (const Range& old : known) {
      if (old.begin >= range.end || old.end <= range.begin) continue;
      if (range.begin < old.begin) rest.push_back({range.begin, old.begin});
      range.begin = std::min(old.end, range.end);
    }
    if (range.begin < range.end) rest.push_back(range);
  }
  return rest;
}

// The instructions for the processes of the running scenario.
struct Plan {
  bool active = false;
  Stopped stopped = Stopped::kGoesOn;
  int64_t stop_at = 0;   // The first process stops before this access; 0: never.
  int64_t accesses = 0;  // The number of its accesses, if it was not stopped.
  bool failed = false;   // Whether a process did not end properly.
  std::vector<Range> known;
};

Plan plan;

// The data of the signal handlers in the watched process. The handlers may interrupt anything, including
// ThreadSanitizer's own functions, so they access nothing else, and only make system calls.
constexpr int kMaxRanges = 16;
constexpr greg_t kTrapFlag = 0x100;
Range watched[kMaxRanges];
int watched_count = 0;
int64_t accesses = 0;
int64_t stop_at = 0;
int to_parent = -1, from_parent = -1;
bool watching = false;

#define RACELAB_UNINSTRUMENTED __attribute__((no_sanitize("thread")))

// A system call that bypasses the C library, which would change errno, and any runtime's interceptors.
RACELAB_UNINSTRUMENTED long SystemCall(long number, long a, long b, long c) {
  long result;
  asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}

RACELAB_UNINSTRUMENTED void Protect(int protection) {
  for (int i = 0; i < watched_count; ++i) {
    SystemCall(SYS_mprotect, static_cast<long>(watched[i].begin), static_cast<long>(watched[i].end - watched[i].begin),
               protection);
  }
}

RACELAB_UNINSTRUMENTED bool IsWatched(uintptr_t address) {
  for (int i = 0; i < watched_count; ++i) {
    if (watched[i].begin <= address && address < watched[i].end) return true;
  }
  return false;
}

// Called before an access. Counts it and permits only this instruction, or stops and then permits everything.
RACELAB_UNINSTRUMENTED void OnAccess(int, siginfo_t* info, void* context) {
  if (!watching || !IsWatched(reinterpret_cast<uintptr_t>(info->si_addr))) {
    // Not an access that is watched: the instruction is repeated, and ends the process.
    struct {
      uintptr_t handler, flags, restorer, mask;
    } by_default = {};
    asm volatile("mov %0, %%r10\n\tsyscall"
                 :
                 : "r"(8L), "a"(SYS_rt_sigaction), "D"(SIGSEGV), "S"(&by_default), "d"(0L)
                 : "rcx", "r10", "r11", "memory");
    return;
  }
  Protect(PROT_READ | PROT_WRITE);
  if (++accesses != stop_at) {
    static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_EFL] |= kTrapFlag;
    return;
  }
  watching = false;
  SystemCall(SYS_write, to_parent, reinterpret_cast<long>(&accesses), sizeof accesses);
  char go;
  SystemCall(SYS_read, from_parent, reinterpret_cast<long>(&go), 1);
}

// Called after the access.
RACELAB_UNINSTRUMENTED void AfterAccess(int, siginfo_t*, void* context) {
  static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_EFL] &= ~kTrapFlag;
  if (watching) Protect(PROT_NONE);
}

// Bypasses the C library: ThreadSanitizer would install a handler of its own, and some versions of it delay SIGTRAP.
extern "C" void racelab_return_from_signal();
asm(".text\n.type racelab_return_from_signal, @function\nracelab_return_from_signal:\n\tmov $15, %rax\n\tsyscall\n");

void Handle(int signal, void (*handler)(int, siginfo_t*, void*)) {
  constexpr uintptr_t kRestorer = 0x04000000;
  struct {
    void (*handler)(int, siginfo_t*, void*);
    uintptr_t flags;
    void (*restorer)();
    uintptr_t mask;
  } action = {handler, SA_SIGINFO | SA_NODEFER | kRestorer, racelab_return_from_signal, 0};
  syscall(SYS_rt_sigaction, signal, &action, nullptr, 8);
}

void BeginWatching(const std::vector<Range>& ranges) {
  if (ranges.size() > kMaxRanges) _exit(5);
  std::copy(ranges.begin(), ranges.end(), watched);
  watched_count = static_cast<int>(ranges.size());
  Handle(SIGSEGV, OnAccess);
  Handle(SIGTRAP, AfterAccess);
  watching = true;
  Protect(PROT_NONE);
}

// Returns the number of accesses, if the process was not stopped.
int64_t EndWatching() {
  watching = false;
  Protect(PROT_READ | PROT_WRITE);
  return accesses;
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
  // watched.
  void Start(const std::vector<Range>& memory, int64_t at) {
    if (pipe(messages_) != 0 || pipe(go_) != 0) {
      Fail() << " has no pipe: errno " << errno;
      return;
    }
    const pid_t parent = getpid();
    // Bypasses the libraries' fork() handlers: ThreadSanitizer's take longer than the rest of an interleaving, and are
    // needed only if other threads run during the fork. Here, there are none.
    pid_ = _Fork();
    if (pid_ < 0) Fail() << " could not be forked: errno " << errno;
    if (pid_ == 0) Run(parent, memory, at);
    close(messages_[1]);
    messages_[1] = -1;
  }

  // Waits until it has stopped or ended, or sleeps (because it may be waiting for the other process).
  void AwaitStop() { Await(kBriefly, /*or_message=*/true); }

  // The number of its accesses, if it has reported it: when it stopped, or at its end.
  std::optional<int64_t> accesses() const { return accesses_; }

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

  // The number of checks after which a process that neither ends nor sleeps is assumed to poll.
  static constexpr int kPatiently = 50;

  [[noreturn]] void Run(pid_t parent, const std::vector<Range>& memory, int64_t at) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(4);
    close(messages_[0]);
    to_parent = messages_[1];
    from_parent = go_[0];
    stop_at = at;
    if (!memory.empty()) BeginWatching(memory);
    int code = 0;
    try {
      function_();
    } catch (...) {
      code = 3;
    }
    const int64_t count = EndWatching();
    if (stop_at == 0 || count < stop_at) SystemCall(SYS_write, to_parent, reinterpret_cast<long>(&count), sizeof count);
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
    int64_t told = 0;
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
  std::optional<int64_t> accesses_;
  pid_t pid_ = 0;
  bool ended_ = false;
  bool well_ = true;
};

}  // namespace

bool RunInProcesses(const std::function<void()>& first, const std::function<void()>& second) {
  Process begins("process A", first), other("process B", second);

  begins.Start(plan.active ? Without(SharedMemory(), plan.known) : std::vector<Range>(), plan.stop_at);
  begins.AwaitStop();
  const bool has_stopped = plan.stop_at != 0 && begins.accesses() == plan.stop_at;
  if (has_stopped && plan.stopped == Stopped::kIsKilled) begins.Kill();
  if (!has_stopped) begins.AwaitEndOrSleep();

  other.Start({}, 0);
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
  const auto run = [&](int64_t stop_at) {
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
  const int64_t accesses = plan.accesses;
  for (int64_t k = 1; k <= accesses; ++k) {
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
