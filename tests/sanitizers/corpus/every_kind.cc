// Goes wrong in the way that its argument names, so that ThreadSanitizer reports it: every kind of report that a
// program can provoke on Linux. report.corpus_test says what each report must contain.
//
// Only C functions and the headers of the system, so that any compiler builds it in less than a second.

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {
void* __tsan_external_register_tag(const char* object_type);
void __tsan_external_read(void* address, void* caller_pc, void* tag);
void __tsan_external_write(void* address, void* caller_pc, void* tag);
void __tsan_mutex_create(void* address, unsigned flags);
void __tsan_mutex_pre_lock(void* address, unsigned flags);
void __tsan_mutex_post_lock(void* address, unsigned flags, int recursion);
int __tsan_mutex_pre_unlock(void* address, unsigned flags);
void __tsan_mutex_post_unlock(void* address, unsigned flags);
__attribute__((weak)) void __tsan_check_no_mutexes_held();
}

namespace {

constexpr unsigned kReadLock = 1 << 3;  // __tsan_mutex_read_lock

using Action = void (*)();

// Relaxed: these order the threads in time, but not in the eyes of the detector.
int g_done = 0;
int g_release = 0;
bool IsSet(int* flag) { return __atomic_load_n(flag, __ATOMIC_RELAXED) != 0; }
void Set(int* flag) { __atomic_store_n(flag, 1, __ATOMIC_RELAXED); }
void WaitFor(int* flag) {
  while (!IsSet(flag)) usleep(100);
}

void* Worker(void* first) {
  pthread_setname_np(pthread_self(), "worker 'one'");
  reinterpret_cast<Action>(first)();
  Set(&g_done);
  WaitFor(&g_release);
  return nullptr;
}

// Calls `first` on a thread of its own, and `second` on the main thread when `first` has returned.
void FirstOnAnotherThread(Action first, Action second) {
  pthread_t thread;
  pthread_create(&thread, nullptr, Worker, reinterpret_cast<void*>(first));
  WaitFor(&g_done);
  second();
  Set(&g_release);
  pthread_join(thread, nullptr);
}

void* Call(void* action) {
  reinterpret_cast<Action>(action)();
  return nullptr;
}

pthread_t Start(Action action) {
  pthread_t thread;
  pthread_create(&thread, nullptr, Call, reinterpret_cast<void*>(action));
  return thread;
}

pthread_mutex_t g_mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t g_other_mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t g_third_mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_rwlock_t g_rwlock = PTHREAD_RWLOCK_INITIALIZER;

volatile long g_total[4];
void ReadTotal() {
  pthread_mutex_lock(&g_mutex);
  pthread_rwlock_rdlock(&g_rwlock);
  static_cast<void>(g_total[2]);
  pthread_rwlock_unlock(&g_rwlock);
  pthread_mutex_unlock(&g_mutex);
}
void WriteTotal() {
  pthread_mutex_lock(&g_other_mutex);
  g_total[2] = 1;
  pthread_mutex_unlock(&g_other_mutex);
}
void RaceOnGlobal() { FirstOnAnotherThread(ReadTotal, WriteTotal); }

// Afterwards, the thread is forgotten.
void RaceWithFinishedThread() {
  const pthread_t thread = Start([] { g_total[0] = 1; });
  usleep(50'000);
  g_total[0] = 2;
  pthread_detach(thread);
}

char* g_block;
void WriteBlock() { g_block[17] = 1; }
void RaceOnHeap() {
  g_block = static_cast<char*>(malloc(48));
  FirstOnAnotherThread(WriteBlock, WriteBlock);
}

short* g_local;
void WriteLocal() { *g_local = 1; }
void RaceOnStack() {
  short local = 0;
  g_local = &local;
  FirstOnAnotherThread(WriteLocal, WriteLocal);
}

thread_local short t_own;
void RaceOnThreadLocal() {
  g_local = &t_own;
  FirstOnAnotherThread(WriteLocal, WriteLocal);
}

int g_file;
void CloseFile() { close(g_file); }
void WriteFile() {
  if (write(g_file, "x", 1) < 0) return;
}
void RaceOnFile() {
  g_file = open("/dev/null", O_WRONLY);
  FirstOnAnotherThread(WriteFile, CloseFile);
}

volatile int g_flag;
void AtomicWrite() { __atomic_store_n(&g_flag, 1, __ATOMIC_SEQ_CST); }
void PlainRead() { static_cast<void>(g_flag); }
void RaceWithAtomic() { FirstOnAnotherThread(AtomicWrite, PlainRead); }
void RaceOfAtomic() {
  FirstOnAnotherThread([] { g_flag = 2; }, AtomicWrite);
}

void SleepAndWrite() {
  usleep(1000);
  g_total[0] = 2;
}
void RaceAfterSleep() {
  FirstOnAnotherThread([] { g_total[0] = 1; }, SleepAndWrite);
}

// So many events later that the detector has forgotten the stack of the first access.
void WriteAndForget() {
  g_total[0] = 1;
  for (int i = 0; i < 200'000; ++i) ReadTotal();
}
void RaceWithoutStack() {
  FirstOnAnotherThread(WriteAndForget, [] { g_total[0] = 2; });
}

void FreeBlock() { free(g_block); }
void UseAfterFree() {
  g_block = static_cast<char*>(malloc(48));
  FirstOnAnotherThread(FreeBlock, WriteBlock);
}

struct Plugin {
  Plugin() = default;
  virtual ~Plugin() {
    Set(&g_done);
    WaitFor(&g_release);
  }
  virtual void Step() {}
};
struct Codec : Plugin {
  void Step() override {}
};
Plugin* g_plugin;
void Step() { g_plugin->Step(); }
void RaceOnVptr() {
  g_plugin = new Codec;
  pthread_t destroyer = Start([] { delete g_plugin; });
  WaitFor(&g_done);
  Step();
  Set(&g_release);
  pthread_join(destroyer, nullptr);
}
void UseAfterFreeOnVptr() {
  g_plugin = new Codec;
  Set(&g_release);
  const pthread_t destroyer = Start([] { delete g_plugin; });
  usleep(100'000);
  Step();
  pthread_detach(destroyer);
}

void* g_tag;
long g_object;
void ReadObject() { __tsan_external_read(&g_object, __builtin_return_address(0), g_tag); }
void ModifyObject() { __tsan_external_write(&g_object, __builtin_return_address(0), g_tag); }
void RaceOnObject() {
  g_tag = __tsan_external_register_tag("a list of users");
  FirstOnAnotherThread(ReadObject, ModifyObject);
}

void Leak() {
  for (int i = 0; i < 3; ++i) Start([] {});
}

void LeakOne() {
  Start([] {});
}

void DestroyLocked() {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  pthread_mutex_destroy(&mutex);
}

void UnlockUnlocked() {
  pthread_mutex_lock(&g_mutex);
  pthread_mutex_unlock(&g_mutex);
  pthread_mutex_unlock(&g_mutex);
}

void LockInvalid() {
  pthread_mutex_t mutex;
  memset(&mutex, 0x7f, sizeof mutex);
  pthread_mutex_lock(&mutex);
}

// A lock that announces itself to the detector, but excludes nobody.
char g_lock;
void Lock(unsigned flags) {
  __tsan_mutex_pre_lock(&g_lock, flags);
  __tsan_mutex_post_lock(&g_lock, flags, 0);
}
void DoubleLock() {
  __tsan_mutex_create(&g_lock, 0);
  Lock(0);
  pthread_join(Start([] { Lock(0); }), nullptr);
}
void BadReadLock() {
  __tsan_mutex_create(&g_lock, 0);
  Lock(0);
  Lock(kReadLock);
}
void BadReadUnlock() {
  __tsan_mutex_create(&g_lock, 0);
  Lock(0);
  __tsan_mutex_pre_unlock(&g_lock, kReadLock);
  __tsan_mutex_post_unlock(&g_lock, kReadLock);
}

void HoldInWrongContext() {
  pthread_mutex_lock(&g_mutex);
  if (__tsan_check_no_mutexes_held != nullptr) __tsan_check_no_mutexes_held();
  pthread_mutex_unlock(&g_mutex);
}

void LockBoth(pthread_mutex_t* one, pthread_mutex_t* other) {
  pthread_mutex_lock(one);
  pthread_mutex_lock(other);
  pthread_mutex_unlock(other);
  pthread_mutex_unlock(one);
}
void InvertTwo() {
  LockBoth(&g_mutex, &g_other_mutex);
  pthread_join(Start([] { LockBoth(&g_other_mutex, &g_mutex); }), nullptr);
}
void InvertThree() {
  LockBoth(&g_mutex, &g_other_mutex);
  pthread_join(Start([] { LockBoth(&g_other_mutex, &g_third_mutex); }), nullptr);
  LockBoth(&g_third_mutex, &g_mutex);
}

void* volatile g_memory;
void OnSignalAllocates(int, siginfo_t*, void*) { g_memory = malloc(1); }
void OnSignalChangesErrno(int, siginfo_t*, void*) {
  errno = 1;
  Set(&g_done);
}
void OnSignal(void (*handler)(int, siginfo_t*, void*)) {
  struct sigaction action = {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGUSR1, &action, nullptr);
}
void CallUnsafe() {
  OnSignal(OnSignalAllocates);
  kill(getpid(), SIGUSR1);
  usleep(1000);
}
// The detector looks at errno only for a handler that runs at once, in a blocking call.
void SpoilErrno() {
  OnSignal(OnSignalChangesErrno);
  static pthread_t main_thread = pthread_self();
  const pthread_t sender = Start([] {
    while (!IsSet(&g_release)) {
      pthread_kill(main_thread, SIGUSR1);
      usleep(1000);
    }
  });
  for (int i = 0; i < 50 && !IsSet(&g_done); ++i) usleep(2000);
  Set(&g_release);
  pthread_join(sender, nullptr);
}

volatile int g_zero = 0;
volatile int* g_null = nullptr;
void ReadNull() { g_zero = *g_null; }
void WriteNull() { *g_null = 1; }
void DivideByZero() { g_zero = 10 / g_zero; }
void ReadBehindFile() {
  const int file = open("/dev/shm", O_TMPFILE | O_RDWR, 0600);
  const void* page = mmap(nullptr, 4096, PROT_READ, MAP_SHARED, file, 0);
  g_zero = *static_cast<const volatile int*>(page);
}
void Illegal() { __builtin_trap(); }  // with the option handle_sigill=1
void Abort() { abort(); }             // with the option handle_abort=1
int (*volatile g_next)(int);
int Recurse(int depth) {
  volatile char space[1000];
  space[depth % 1000] = 1;
  return g_next(depth + 1) + space[0];
}
void OverflowStack() {
  g_next = Recurse;
  g_zero = Recurse(0);
}

volatile size_t g_size = 3;
void AllocateTooMuch() { g_memory = malloc(g_size << 58); }
void AllocateOverflowing() { g_memory = calloc(g_size << 40, g_size << 40); }
void AllocateMisaligned() { g_memory = aligned_alloc(g_size, 8); }
void ExhaustMemory() {  // with the option hard_rss_limit_mb or soft_rss_limit_mb
  for (int i = 0; i < 20; ++i) {
    g_memory = malloc(size_t{1} << 22);
    memset(g_memory, 1, size_t{1} << 22);
    usleep(10'000);
  }
}
void FailCheck() {
  jmp_buf nowhere;
  memset(nowhere, 0, sizeof nowhere);
  longjmp(nowhere, 1);
}
void JoinTwice() {
  const pthread_t thread = Start([] {});
  pthread_join(thread, nullptr);
  pthread_join(thread, nullptr);
}

// Two processes that report the same at the same time.
void RaceInTwoProcesses() {
  const pid_t child = fork();
  RaceOnGlobal();
  if (child != 0) waitpid(child, nullptr, 0);
}

void TwoRaces() {
  RaceOnGlobal();
  g_done = g_release = 0;
  RaceOnHeap();
}

struct Mode {
  const char* name;
  Action action;
};

constexpr Mode kModes[] = {
    {"global", RaceOnGlobal},
    {"finished", RaceWithFinishedThread},
    {"heap", RaceOnHeap},
    {"stack", RaceOnStack},
    {"thread_local", RaceOnThreadLocal},
    {"file", RaceOnFile},
    {"with_atomic", RaceWithAtomic},
    {"of_atomic", RaceOfAtomic},
    {"sleep", RaceAfterSleep},
    {"no_stack", RaceWithoutStack},
    {"use_after_free", UseAfterFree},
    {"vptr", RaceOnVptr},
    {"vptr_use_after_free", UseAfterFreeOnVptr},
    {"external", RaceOnObject},
    {"leak", Leak},
    {"leak_one", LeakOne},
    {"destroy_locked", DestroyLocked},
    {"unlock", UnlockUnlocked},
    {"invalid", LockInvalid},
    {"double_lock", DoubleLock},
    {"bad_read_lock", BadReadLock},
    {"bad_read_unlock", BadReadUnlock},
    {"wrong_context", HoldInWrongContext},
    {"lock_order", InvertTwo},
    {"lock_cycle", InvertThree},
    {"signal_unsafe", CallUnsafe},
    {"errno", SpoilErrno},
    {"segv_read", ReadNull},
    {"segv_write", WriteNull},
    {"fpe", DivideByZero},
    {"bus", ReadBehindFile},
    {"ill", Illegal},
    {"abort", Abort},
    {"stack_overflow", OverflowStack},
    {"too_big", AllocateTooMuch},
    {"calloc_overflow", AllocateOverflowing},
    {"misaligned", AllocateMisaligned},
    {"rss_limit", ExhaustMemory},
    {"check_failed", FailCheck},
    {"join_twice", JoinTwice},
    {"two_processes", RaceInTwoProcesses},
    {"two_races", TwoRaces},
};

}  // namespace

int main(int argc, char** argv) {
  for (const Mode& mode : kModes) {
    if (argc == 2 && strcmp(argv[1], mode.name) == 0) {
      mode.action();
      return 0;
    }
    if (argc == 1) puts(mode.name);
  }
  return 2;
}
