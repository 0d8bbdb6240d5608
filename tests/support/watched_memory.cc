#include "tests/support/watched_memory.h"

#if defined(__x86_64__)

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

#define RACELAB_UNINSTRUMENTED __attribute__((no_sanitize("thread")))

namespace racelab {

RACELAB_UNINSTRUMENTED long SystemCall(long number, long a, long b, long c) {
  long result;
  asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}

std::vector<MemoryRange> SharedMemory() {
  std::vector<MemoryRange> ranges;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    MemoryRange range = {};
    char flags[5] = "";
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &range.begin, &range.end, flags) != 3) continue;
    if (std::strcmp(flags, "rw-s") == 0 && line.find("/dev/zero") != std::string::npos) ranges.push_back(range);
  }
  return ranges;
}

std::vector<MemoryRange> Without(const std::vector<MemoryRange>& ranges, const std::vector<MemoryRange>& known) {
  std::vector<MemoryRange> rest;
  for (MemoryRange range : ranges) {
    for (const MemoryRange& old : known) {
      if (old.begin >= range.end || old.end <= range.begin) continue;
      if (range.begin < old.begin) rest.push_back({range.begin, old.begin});
      range.begin = std::min(old.end, range.end);
    }
    if (range.begin < range.end) rest.push_back(range);
  }
  return rest;
}

namespace {

// The data of the signal handlers in the watched process. The handlers may interrupt anything, including
// ThreadSanitizer's own functions, so they access nothing else, and only make system calls.
constexpr int kMaxRanges = 16;
constexpr greg_t kTrapFlag = 0x100;
MemoryRange watched[kMaxRanges];
int watched_count = 0;
std::int64_t accesses = 0;
std::int64_t stop_at = 0;
int to_parent = -1, from_parent = -1;
bool watching = false;

RACELAB_UNINSTRUMENTED void Protect(int protection) {
  for (int i = 0; i < watched_count; ++i) {
    SystemCall(SYS_mprotect, static_cast<long>(watched[i].begin), static_cast<long>(watched[i].end - watched[i].begin),
               protection);
  }
}

RACELAB_UNINSTRUMENTED bool IsWatched(std::uintptr_t address) {
  for (int i = 0; i < watched_count; ++i) {
    if (watched[i].begin <= address && address < watched[i].end) return true;
  }
  return false;
}

// Called before an access. Counts it and permits only this instruction, or stops and then permits everything.
RACELAB_UNINSTRUMENTED void OnAccess(int, siginfo_t* info, void* context) {
  if (!watching || !IsWatched(reinterpret_cast<std::uintptr_t>(info->si_addr))) {
    // Not an access that is watched: the instruction is repeated, and ends the process.
    struct {
      std::uintptr_t handler, flags, restorer, mask;
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
  constexpr std::uintptr_t kRestorer = 0x04000000;
  struct {
    void (*handler)(int, siginfo_t*, void*);
    std::uintptr_t flags;
    void (*restorer)();
    std::uintptr_t mask;
  } action = {handler, SA_SIGINFO | SA_NODEFER | kRestorer, racelab_return_from_signal, 0};
  syscall(SYS_rt_sigaction, signal, &action, nullptr, 8);
}

}  // namespace

void BeginWatching(const std::vector<MemoryRange>& memory, std::int64_t at, int tell, int go) {
  if (memory.size() > kMaxRanges) _exit(5);
  std::copy(memory.begin(), memory.end(), watched);
  watched_count = static_cast<int>(memory.size());
  stop_at = at;
  to_parent = tell;
  from_parent = go;
  Handle(SIGSEGV, OnAccess);
  Handle(SIGTRAP, AfterAccess);
  watching = true;
  Protect(PROT_NONE);
}

std::int64_t EndWatching() {
  watching = false;
  Protect(PROT_READ | PROT_WRITE);
  return accesses;
}

}  // namespace racelab

#endif
