// The state of a process besides memory: each execution finds it restored.

#undef NDEBUG
#include <dlfcn.h>
#include <fcntl.h>
#include <iconv.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <random>

#include "tests/sanitizers/explored/kernel/kernel.h"

namespace racelab {
namespace {

// At least two interleavings: the second would find the state that the first leaves behind.
void TakeTurns(bool right) {
  std::atomic<int> turn{0};
  AllOf([&] { ++turn; }, [&] { turn = turn + 1; });
  if (!right) assert(turn == 2);
}

// The kernel writes to static memory that has not been written before.
char text[1 << 16], name[4096];
struct stat status;
void StaticMemory(bool right) {
  assert(getcwd(name, sizeof name) != nullptr && stat("/", &status) == 0);
  FILE* file = fopen("/proc/self/exe", "r");
  assert(file != nullptr && fread(text, 1, sizeof text, file) == sizeof text);
  TakeTurns(right);
}

void Descriptor(bool right) {
  const int file = open("/dev/null", O_RDONLY);
  static int first = -1;
  if (first < 0) first = file;
  assert(file == first && file < 32);
  assert(dup2(file, STDIN_FILENO) == STDIN_FILENO && close(STDOUT_FILENO) == 0);
  TakeTurns(right);
}

void Directory(bool right) {
  assert(strcmp(getcwd(name, sizeof name), "/") != 0);
  assert(chdir("/") == 0);
  assert(umask(077) != 077);
  rlimit limit;
  assert(getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur != 4096);
  limit.rlim_cur = 4096;
  if (limit.rlim_max >= 4096) assert(setrlimit(RLIMIT_CORE, &limit) == 0);
  TakeTurns(right);
}

void Mappings(bool right) {
  constexpr std::size_t kMuch = 8 << 20;
  auto* low = static_cast<char*>(
      mmap(nullptr, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0));
  assert(low != MAP_FAILED && reinterpret_cast<std::uintptr_t>(low) < (std::uintptr_t{1} << 32));
  auto* much = static_cast<char*>(mmap(nullptr, kMuch, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  assert(much != MAP_FAILED && much[kMuch - 1] == 0 && low[100] == 0);
  low[100] = much[kMuch - 1] = 1;
  auto* more = static_cast<char*>(mremap(much, kMuch, 2 * kMuch, MREMAP_MAYMOVE));
  assert(more != MAP_FAILED && more[kMuch - 1] == 1 && munmap(low, 1 << 16) == 0);
  auto* page = static_cast<char*>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  page[0] = 1;
  assert(mprotect(page, 4096, PROT_READ) == 0);
  TakeTurns(right);
}

// Each execution reads standard input from its beginning.
void Input(bool right) {
  char line[16] = "";
  assert(fgets(line, sizeof line, stdin) != nullptr && strcmp(line, "hello\n") == 0);
  TakeTurns(right);
}

void Randomness(bool right) {
  std::atomic<int> steps{0};
  const auto step = [&] {
    unsigned char bytes[1];
    assert(getrandom(bytes, 1, 0) == 1);
    for (int i = 0; i < bytes[0] % 4; ++i) ++steps;
  };
  AllOf(step, step);
  if (!right) assert(steps < 0);
}

// membarrier() is a fence for every thread: a relaxed flag then publishes what was written before it.
void MemoryBarrier(bool right) {
  assert(syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0);
  const auto fence = [right] {
    if (right) assert(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0);
  };
  std::atomic<bool> flag{false};
  int value = 0;
  AllOf(
      [&] {
        value = 1;
        fence();
        flag.store(true, std::memory_order_relaxed);
      },
      [&] {
        if (!flag.load(std::memory_order_relaxed)) return;
        fence();
        assert(value == 1);
      });
}

void User(bool right) {
  assert(setuid(getuid()) == 0 && setgid(getgid()) == 0);
  TakeTurns(right);
}

// A page of variables that is made read-only.
void ReadOnlyMemory(bool right) {
  alignas(4096) static char page[4096];
  page[0] = 1;
  assert(mprotect(page, sizeof page, PROT_READ) == 0);
  AllOf([] { TakeTurns(true); },
        [right] {
          if (!right) page[0] = 2;
        });
}

// The C library loads a module for this; the module exists in every execution.
void CharacterSets(bool right) {
  std::atomic<int> turn = 0;
  const auto convert = [&turn](int number) {
    const iconv_t conversion = iconv_open("UTF-16LE", "ISO-8859-15");
    assert(conversion != reinterpret_cast<iconv_t>(-1));
    turn = number;
    char from[] = "ab", to[4];
    char *in = from, *out = to;
    std::size_t left = 2, room = 4;
    assert(iconv(conversion, &in, &left, &out, &room) == 0 && to[2] == 'b');
    iconv_close(conversion);
  };
  AllOf([&] { convert(1); }, [&] { convert(2); });
  assert(right || turn == 1);
}

// The same for the thread-local storage of a library that the program loads.
void LoadedLibrary(bool right) {
  std::atomic<int> turn = 0;
  void* library = dlopen(KERNEL_LOADED_LIBRARY, RTLD_NOW);
  const auto next = reinterpret_cast<int (*)()>(dlsym(library, "racelab_next_of_thread"));
  const auto count = [&](int number) {
    assert(next() == 1);
    turn = number;
    void* block = malloc(100);
    assert(next() == 2);
    free(block);
  };
  count(0);
  AllOf([&] { count(1); }, [&] { count(2); });
  assert(next() == 3);
  assert(right || turn == 1);
}

// The lock of a FILE excludes other threads.
void FileLock(bool right) {
  int counter = 0;
  const auto count = [&](FILE* file) {
    flockfile(file);
    flockfile(file);
    ++counter;
    funlockfile(file);
    funlockfile(file);
  };
  AllOf([&] { count(stdout); }, [&] { count(right ? stdout : stderr); });
}

void PrintWhileLocked(bool right) {
  flockfile(stdout);
  std::thread other([] { puts("other"); });
  if (right) funlockfile(stdout);
  other.join();
  if (!right) funlockfile(stdout);
}

}  // namespace

RightOrWrongPrograms Process() {
  static constexpr RightOrWrongProgram programs[] = {
      {"character_sets", CharacterSets},
      {"descriptor", Descriptor},
      {"directory", Directory},
      {"file_lock", FileLock},
      {"input", Input},
      {"loaded_library", LoadedLibrary},
      {"mappings", Mappings},
      {"print_while_locked", PrintWhileLocked},
      {"memory_barrier", MemoryBarrier},
      {"randomness", Randomness},
      {"read_only_memory", ReadOnlyMemory},
      {"static_memory", StaticMemory},
      {"user", User},
  };
  return programs;
}

}  // namespace racelab
