// The real threads whose thread-local storage the program's threads use, and how that storage is restored.

#include <asm/prctl.h>
#include <link.h>
#include <linux/futex.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/interceptors/real.h"
#include "sanitizers/interleave/model/thread_memory.h"
#include "sanitizers/interleave/signal_delivery.h"
#include "sanitizers/interleave/snapshot.h"
#include "sanitizers/interleave/system_call.h"
#include "sanitizers/interleave/system_memory.h"

struct ModuleAndOffset {
  std::size_t module, offset;
};
extern "C" void* __tls_get_addr(ModuleAndOffset*);

namespace racelab::interleave {
namespace {

std::size_t storage_bytes = 0;
char* saved[kMaxThreads];
long numbers[kMaxThreads];  // The kernel's thread ids.
int parked = 0;             // The futex on which the real threads sleep until the process ends.

long RawFutex(int* word, int operation, int value) { return SystemCall(SYS_futex, AsArgument(word), operation, value); }

struct Parking {
  std::uintptr_t thread_pointer;
  long number;
  int ready;
};

constexpr char kNameOfParked[] = "racelab parked";  // Known to sanitizers/process/wait_graph.cc.

void* Park(void* argument) {
  auto& parking = *static_cast<Parking*>(argument);
  sigset_t all;
  sigfillset(&all);
  REAL(pthread_sigmask)(SIG_BLOCK, &all, nullptr);
  SystemCall(SYS_prctl, PR_SET_NAME, AsArgument(kNameOfParked));
  parking.thread_pointer = ThreadPointer();
  parking.number = SystemCall(SYS_gettid);
  __atomic_store_n(&parking.ready, 1, __ATOMIC_RELEASE);
  RawFutex(&parking.ready, FUTEX_WAKE_PRIVATE, 1);
  for (;;) RawFutex(&parked, FUTEX_WAIT_PRIVATE, 0);
}

void StartParked(pthread_t& handle, Parking& parking) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, (64 << 10) + ((storage_bytes + 4095) & ~std::size_t{4095}));
  if (const int error = REAL(pthread_create)(&handle, &attributes, Park, &parking); error != 0) {
    Fatal("cannot create the %d threads that the runtime needs: %s", kMaxThreads, strerror(error));
  }
  pthread_attr_destroy(&attributes);
}

// The first kCopied bytes of storage below the thread pointer are copied for each thread. Any storage beyond them is
// saved with the rest of memory when it is written, except its first page, which begins with other data.
constexpr std::size_t kCopied = 32 << 10;

bool HasFarStorage() { return storage_bytes > kCopied + 2 * kPage; }
std::size_t CopiedBytes() { return HasFarStorage() ? kCopied : storage_bytes; }

char* NearStorage(int thread) {
  return reinterpret_cast<char*>(execution.threads[thread].fibre.thread_pointer - CopiedBytes());
}

std::uintptr_t BeginOfStorage(int thread) { return execution.threads[thread].fibre.thread_pointer - storage_bytes; }
std::uintptr_t BeginOfFar(int thread) { return PageAfter(BeginOfStorage(thread)); }
std::uintptr_t EndOfFar(int thread) { return PageAfter(execution.threads[thread].fibre.thread_pointer - kCopied); }
std::size_t HeadBytes(int thread) { return BeginOfFar(thread) - BeginOfStorage(thread); }

void SaveStorage(int thread) {
  if (saved[thread] == nullptr) saved[thread] = static_cast<char*>(AllocateRuntimeMemory(CopiedBytes() + kPage));
  memcpy(saved[thread], NearStorage(thread), CopiedBytes());
  if (!HasFarStorage()) return;
  memcpy(saved[thread] + CopiedBytes(), reinterpret_cast<void*>(BeginOfStorage(thread)), HeadBytes(thread));
}

// A library that is loaded at run time has thread-local storage elsewhere, which is created when a thread first uses
// it. If this happened during an execution, the storage's memory would be restored and reused, while the loader, whose
// memory is not restored, still refers to it.
struct ApartStorage {
  std::size_t module;
  std::size_t bytes;
  std::uintptr_t begin[kMaxThreads];
};
Vector<ApartStorage> apart_storage;

int AddApartStorage(dl_phdr_info* module, std::size_t, void*) {
  const std::size_t number = module->dlpi_tls_modid;
  if (number == 0) return 0;
  const auto here = reinterpret_cast<std::uintptr_t>(module->dlpi_tls_data);
  if (here != 0 && ThreadPointer() - here <= storage_bytes) return 0;
  for (const ApartStorage& known : apart_storage) {
    if (known.module == number) return 0;
  }
  for (int i = 0; i < module->dlpi_phnum; ++i) {
    if (module->dlpi_phdr[i].p_type == PT_TLS) apart_storage.push_back({number, module->dlpi_phdr[i].p_memsz, {}});
  }
  return 0;
}

void SetThreadPointer(std::uintptr_t to) { SystemCall(SYS_arch_prctl, ARCH_SET_FS, static_cast<long>(to)); }

}  // namespace

void MakeApartStorage() {
  const std::size_t known = apart_storage.size();
  dl_iterate_phdr(AddApartStorage, nullptr);
  if (apart_storage.size() == known) return;
  const std::uintptr_t own = ThreadPointer();
  sigset_t all, before;
  sigfillset(&all);
  REAL(pthread_sigmask)(SIG_BLOCK, &all, &before);
  for (std::size_t i = known; i < apart_storage.size(); ++i) {
    ApartStorage& storage = apart_storage[i];
    for (int t = 0; t < kMaxThreads; ++t) {
      ModuleAndOffset start = {storage.module, 0};
      SetThreadPointer(execution.threads[t].fibre.thread_pointer);
      storage.begin[t] = reinterpret_cast<std::uintptr_t>(__tls_get_addr(&start));
      SetThreadPointer(own);
    }
  }
  REAL(pthread_sigmask)(SIG_SETMASK, &before, nullptr);
}

static MemoryRange StackOf(const Fibre& fibre) {
  const auto lowest = reinterpret_cast<std::uintptr_t>(fibre.stack);
  return {lowest, lowest + fibre.stack_size};
}

void PrepareThreads() {
  if (storage_bytes != 0) return;
  ProbePointerChange();
  storage_bytes = StaticThreadLocalBytes();
  Parking parking[kMaxThreads] = {};  // The threads start together, so that waiting for them costs little.
  for (int t = 0; t < kMaxThreads; ++t) {
    Thread& thread = execution.threads[t];
    UseStack(thread.fibre, t, DefaultStackSize());
    if (t > 0) StartParked(thread.handle, parking[t]);
  }
  thread_memory.PlaceMainStack(StackOf(execution.threads[0].fibre));
  numbers[0] = SystemCall(SYS_gettid);
  execution.threads[0].fibre.thread_pointer = ThreadPointer();
  execution.threads[0].handle = REAL(pthread_self)();
  for (int t = 1; t < kMaxThreads; ++t) {
    int* ready = &parking[t].ready;
    while (__atomic_load_n(ready, __ATOMIC_ACQUIRE) == 0) RawFutex(ready, FUTEX_WAIT_PRIVATE, 0);
    execution.threads[t].fibre.thread_pointer = parking[t].thread_pointer;
    numbers[t] = parking[t].number;
    PlaceMemory(t, true);
    SaveStorage(t);
  }
  if (!HasFarStorage()) return;
  for (int t = 0; t < kMaxThreads; ++t) SaveAlso(BeginOfFar(t), EndOfFar(t));
}

long KernelNumberOf(int thread) { return numbers[thread]; }

void SaveMainThreadLocals() { SaveStorage(0); }

MemoryRange ThreadLocals(int thread) {
  return {BeginOfStorage(thread), execution.threads[thread].fibre.thread_pointer};
}

void PlaceMemory(int thread, bool has_stack) {
  thread_memory.Place(thread, has_stack ? StackOf(execution.threads[thread].fibre) : MemoryRange(),
                      ThreadLocals(thread));
}

void RestoreThreadLocals(int thread) {
  memcpy(NearStorage(thread), saved[thread], CopiedBytes());
  for (const ApartStorage& apart : apart_storage) RestorePart(apart.begin[thread], apart.begin[thread] + apart.bytes);
  if (!HasFarStorage()) return;
  memcpy(reinterpret_cast<void*>(BeginOfStorage(thread)), saved[thread] + CopiedBytes(), HeadBytes(thread));
  RestorePart(BeginOfFar(thread), EndOfFar(thread));
}

}  // namespace racelab::interleave
