#include "sanitizers/process/wait_graph.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <algorithm>
#include <bit>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sanitizers/process/process_tree.h"

namespace racelab {
namespace {

// The beginning of glibc's pthread_mutex_t.
struct MutexWords {
  uint32_t lock;
  uint32_t count;
  int32_t owner;
};

std::optional<MutexWords> ReadMutexWords(pid_t process, uint64_t address) {
  MutexWords words = {};
  iovec local = {&words, sizeof words};
  iovec remote = {reinterpret_cast<void*>(address), sizeof words};
  if (process_vm_readv(process, &local, 1, &remote, 1, 0) != static_cast<ssize_t>(sizeof words)) return std::nullopt;
  return words;
}

int64_t ContextSwitches(const std::string& status) {
  if (status.empty()) return -1;
  int64_t sum = 0;
  for (std::string_view line : absl::StrSplit(status, '\n')) {
    const size_t at = line.find("_ctxt_switches:");
    int64_t count = 0;
    if (at != std::string_view::npos && absl::SimpleAtoi(line.substr(line.find(':') + 1), &count)) sum += count;
  }
  return sum;
}

// Finds out who must act to wake a thread that sleeps on the futex `wait.address`, expecting `value` there.
void ResolveFutex(pid_t process, const std::vector<pid_t>& threads, uint32_t value, ThreadWait& wait) {
  wait.what = ThreadWait::What::kFutex;
  const std::optional<MutexWords> words = ReadMutexWords(process, wait.address);
  if (!words.has_value()) return;
  const auto is_thread = [&](int64_t id) { return std::find(threads.begin(), threads.end(), id) != threads.end(); };
  // An ordinary mutex holds 2 while a thread waits for it. A robust or priority-inheriting mutex holds its owner's id.
  const bool contended =
      (words->lock == 2 && value == 2) || (words->lock & FUTEX_TID_MASK) == static_cast<uint32_t>(words->owner);
  if (contended && is_thread(words->owner)) {
    wait.what = ThreadWait::What::kMutex;
    wait.on = words->owner;
  } else if (words->lock == value && value != static_cast<uint32_t>(wait.thread) && is_thread(value)) {
    wait.what = ThreadWait::What::kJoin;
    wait.on = static_cast<pid_t>(value);
  }
}

// One of the masks in a thread's status; bit n - 1 stands for signal n.
std::optional<uint64_t> SignalMask(pid_t process, pid_t thread, std::string_view name) {
  const std::string status = ReadSmallFile(absl::StrCat("/proc/", process, "/task/", thread, "/status")).value_or("");
  const size_t at = status.find(name);
  uint64_t mask = 0;
  if (at == std::string::npos || !absl::SimpleHexAtoi(status.substr(at + name.size() + 1, 16), &mask)) {
    return std::nullopt;
  }
  return mask;
}

// Signals whose handlers wake no thread: crash signals, which ThreadSanitizer handles itself, two signals of the C
// library, and two of the second runtime's timers (interleave/watchdog.cc). Any other signal may come from a timer, a
// child or a script, and its handler may post a semaphore.
constexpr uint64_t BitOf(int signal) { return uint64_t{1} << (signal - 1); }
constexpr uint64_t kNeverWake = BitOf(SIGSEGV) | BitOf(SIGBUS) | BitOf(SIGFPE) | BitOf(SIGILL) | BitOf(SIGABRT) |
                                BitOf(SIGTRAP) | BitOf(SIGSYS) | BitOf(32) | BitOf(33) | BitOf(__SIGRTMAX - 2) |
                                BitOf(__SIGRTMAX - 3);

// Whether only this process can reach the memory at the address. Futexes in such memory are effectively private even if
// they are not marked so, like those of libstdc++'s semaphore: no other process can wake them (futex(2)).
bool IsPrivateMemory(pid_t process, uint64_t address) {
  const std::string maps = ReadSmallFile(absl::StrCat("/proc/", process, "/maps")).value_or("");
  for (const std::string_view line : absl::StrSplit(maps, '\n')) {  // "7f12-7f34 rw-p ...", proc(5)
    const size_t dash = line.find('-'), blank = line.find(' ');
    uint64_t begin = 0, end = 0;
    if (dash == std::string_view::npos || blank == std::string_view::npos || blank < dash ||
        !absl::SimpleHexAtoi(line.substr(0, dash), &begin) ||
        !absl::SimpleHexAtoi(line.substr(dash + 1, blank - dash - 1), &end))
      continue;
    if (begin <= address && address < end) return line.size() > blank + 4 && line[blank + 4] == 'p';
  }
  return false;
}

// `alarm` says that a signal may come at any time and wake a thread.
ThreadWait SampleThread(pid_t process, const std::vector<pid_t>& threads, pid_t thread, bool alarm) {
  ThreadWait wait;
  wait.thread = thread;
  const std::string task = absl::StrCat("/proc/", process, "/task/", thread);
  const std::string text = ReadSmallFile(task + "/syscall").value_or("");
  // "running"; or number, six arguments, stack pointer and program counter; or "-1", stack pointer and program counter.
  const std::vector<std::string_view> fields = absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  if (fields.size() != 9 || !absl::SimpleAtoi(fields[0], &wait.system_call)) return wait;
  uint64_t arguments[6] = {};
  for (size_t i = 0; i < 6; ++i) {
    if (!absl::SimpleHexAtoi(fields[i + 1], &arguments[i])) return wait;
  }
  if (!absl::SimpleHexAtoi(fields[7], &wait.stack_pointer)) return wait;
  wait.switches = ContextSwitches(ReadSmallFile(task + "/status").value_or(""));
  wait.what = ThreadWait::What::kOther;
  if (wait.system_call != SYS_futex) return wait;

  const int operation = static_cast<int>(arguments[1]) & FUTEX_CMD_MASK;
  wait.address = arguments[0];
  wait.timed = arguments[3] != 0;
  if (operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET || operation == FUTEX_LOCK_PI ||
      operation == FUTEX_LOCK_PI2) {
    ResolveFutex(process, threads, static_cast<uint32_t>(arguments[2]), wait);
    const bool is_private = (arguments[1] & FUTEX_PRIVATE_FLAG) != 0 || wait.what == ThreadWait::What::kJoin;
    wait.within = !alarm && !wait.timed && (is_private || IsPrivateMemory(process, wait.address));
  }
  return wait;
}

// Whether `thread` blocks every signal that can be blocked, as ThreadSanitizer's background thread does. (It does not
// block a handful, such as those of a crash.)
bool BlocksAllSignals(pid_t process, pid_t thread) {
  return std::popcount(SignalMask(process, thread, "SigBlk:").value_or(0)) > 48;
}

// ThreadSanitizer starts a background thread before main. It is not part of the program, and would change the numbers
// of the program's threads.
void DropBackgroundThread(pid_t process, std::vector<ThreadWait>& waits) {
  if (waits.size() < 2 || !BlocksAllSignals(process, waits[1].thread)) return;
  const pid_t background = waits[1].thread;
  // The C library's thread for timers blocks all signals, too, but waits for them.
  if (waits[1].system_call == SYS_rt_sigtimedwait) return;
  const bool waited_for =
      std::any_of(waits.begin(), waits.end(), [&](const ThreadWait& wait) { return wait.on == background; });
  if (!waited_for && waits[1].on == 0) waits.erase(waits.begin() + 1);
}

// The second runtime keeps threads whose storage the program's own threads use. They sleep all the time.
bool IsParked(pid_t process, pid_t thread) {
  // Its name: sanitizers/interleave/threads.cc.
  return ReadSmallFile(absl::StrCat("/proc/", process, "/task/", thread, "/comm")).value_or("") == "racelab parked\n";
}

bool WaitsForThread(const ThreadWait& wait) {
  return !wait.timed && (wait.what == ThreadWait::What::kMutex || wait.what == ThreadWait::What::kJoin);
}

}  // namespace

std::vector<ThreadWait> SampleWaits(pid_t process) {
  std::vector<pid_t> threads = Threads(process);
  std::erase_if(threads, [process](pid_t thread) { return IsParked(process, thread); });
  const bool alarm = (SignalMask(process, process, "SigCgt:").value_or(0) & ~kNeverWake) != 0;
  std::vector<ThreadWait> waits;
  for (pid_t thread : threads) waits.push_back(SampleThread(process, threads, thread, alarm));
  DropBackgroundThread(process, waits);
  return waits;
}

std::vector<ThreadWait> FindCycle(const std::vector<ThreadWait>& waits) {
  std::map<pid_t, const ThreadWait*> by_thread;
  for (const ThreadWait& wait : waits) by_thread[wait.thread] = &wait;
  for (const ThreadWait& start : waits) {
    std::vector<ThreadWait> path;
    for (const ThreadWait* at = &start; at != nullptr && WaitsForThread(*at) && path.size() <= waits.size();) {
      path.push_back(*at);
      if (at->on == start.thread) return path;
      const auto next = by_thread.find(at->on);
      at = next == by_thread.end() ? nullptr : next->second;
    }
  }
  return {};
}

std::vector<ThreadWait> FindStandstill(const std::vector<ThreadWait>& waits) {
  const bool stuck =
      std::all_of(waits.begin(), waits.end(), [](const ThreadWait& wait) { return wait.within && !wait.timed; });
  return stuck ? waits : std::vector<ThreadWait>();
}

std::vector<std::string> Describe(const std::vector<ThreadWait>& waits) {
  std::map<pid_t, size_t> numbers;
  for (const ThreadWait& wait : waits) numbers.emplace(wait.thread, numbers.size() + 1);
  std::vector<std::string> lines;
  for (const ThreadWait& wait : waits) {
    const std::string who = absl::StrCat("thread ", numbers[wait.thread]);
    const std::string whom =
        wait.on == wait.thread ? "it holds itself" : absl::StrCat("thread ", numbers[wait.on], " holds");
    const std::string_view timed = wait.timed ? ", for a time" : "";
    switch (wait.what) {
      case ThreadWait::What::kRunning:
        lines.push_back(absl::StrCat(who, " is running"));
        break;
      case ThreadWait::What::kMutex:
        lines.push_back(absl::StrCat(who, " waits for a mutex that ", whom, timed));
        break;
      case ThreadWait::What::kJoin:
        lines.push_back(absl::StrCat(who, " waits for thread ", numbers[wait.on], " to end", timed));
        break;
      case ThreadWait::What::kFutex:
        lines.push_back(absl::StrCat(who, " waits on a condition, semaphore, barrier or atomic at 0x",
                                     absl::Hex(wait.address), timed));
        break;
      case ThreadWait::What::kOther:
        lines.push_back(absl::StrCat(who, " waits for a timer or for input (system call ", wait.system_call, ")"));
        break;
    }
  }
  return lines;
}

std::vector<ThreadWait> DeadlockDetector::Observe(const std::vector<ThreadWait>& waits) {
  std::vector<ThreadWait> stuck = FindCycle(waits);
  if (stuck.empty()) stuck = FindStandstill(waits);
  const bool known = std::all_of(stuck.begin(), stuck.end(), [](const ThreadWait& wait) { return wait.switches >= 0; });
  seen_ = stuck.empty() || !known ? 0 : stuck == stuck_ ? seen_ + 1 : 1;
  stuck_ = std::move(stuck);
  return seen_ >= 3 ? stuck_ : std::vector<ThreadWait>();
}

}  // namespace racelab
