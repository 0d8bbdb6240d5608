// Imitates a kernel that forgets the thread pointer (`PointerChange` in sanitizers/interleave/fibre.h) at the worst
// moment: in a thread that holds the loader's lock. This thread then reads the clock, which no other thread does. Exits
// with 77 where the thread pointer is never forgotten.

#include <link.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <thread>

namespace {

constexpr unsigned long kHwcap2Fsgsbase = 1 << 1;  // linux: arch/x86/include/uapi/asm/hwcap2.h
constexpr int kSkipped = 77;

std::uintptr_t ThreadPointer() {
  std::uintptr_t pointer;
  asm volatile("mov %%fs:0, %0" : "=r"(pointer));
  return pointer;
}

void SetThreadPointer(std::uintptr_t pointer) { asm volatile("wrfsbase %0" ::"r"(pointer) : "memory"); }

sigjmp_buf no_such_instruction;

// Whether the processor has the instruction, but the kernel does not announce it.
bool KernelForgets() {
  if ((getauxval(AT_HWCAP2) & kHwcap2Fsgsbase) != 0) return false;
  const auto before = signal(SIGILL, [](int) { siglongjmp(no_such_instruction, 1); });
  const bool works = sigsetjmp(no_such_instruction, 1) == 0;
  if (works) SetThreadPointer(ThreadPointer());
  signal(SIGILL, before);
  return works;
}

// Not restored between executions, so that only one execution is disturbed.
int* losses_left = nullptr;
bool kernel_forgets = false;
std::uintptr_t pointer_of_main = 0;

// In every thread but the main one, the kernel's value differs from the runtime's. Not instrumented: the caller holds
// the loader's lock, which no sanitizer sees.
__attribute__((no_sanitize("thread"))) int LosePointer(dl_phdr_info*, std::size_t, void*) {
  if (*losses_left > 0 && ThreadPointer() != pointer_of_main) {
    --*losses_left;
    SetThreadPointer(pointer_of_main);
    std::time(nullptr);
  }
  return 1;
}

void UseLoader() { dl_iterate_phdr(LosePointer, nullptr); }

[[gnu::constructor]] void Prepare() {
  losses_left =
      static_cast<int*>(mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  kernel_forgets = KernelForgets();
  *losses_left = 1;
}

}  // namespace

int main() {
  if (!kernel_forgets) return kSkipped;
  pointer_of_main = ThreadPointer();
  std::thread one(UseLoader), other(UseLoader);
  one.join();
  other.join();
}
