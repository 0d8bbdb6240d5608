// Signals that the program sends to its own threads.

#undef NDEBUG
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <mutex>

#include "tests/sanitizers/explored/kernel/kernel.h"

namespace racelab {
namespace {

std::atomic<int> handled{0};
std::atomic<pthread_t> handled_by{};

void Handle(int signal, void (*handler)(int), int flags = 0) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  assert(sigaction(signal, &action, nullptr) == 0);
}

sigset_t Only(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  return set;
}

// raise() returns after the handler.
void Raise(bool right) {
  if (right) Handle(SIGUSR1, [](int) { ++handled; });
  AllOf([] {
    raise(SIGUSR1);
    assert(handled == 1);
  });
}

// The handler runs in the thread to which the signal was sent.
void SendToThread(bool right) {
  Handle(SIGUSR1, [](int) {
    handled_by = pthread_self();
    ++handled;
  });
  std::thread other([] {
    while (handled == 0) std::this_thread::yield();
  });
  assert(pthread_kill(other.native_handle(), SIGUSR1) == 0);
  if (!right) assert(handled == 1);  // The signal may not have arrived yet.
  const pthread_t handle = other.native_handle();
  other.join();
  assert(handled_by.load() == handle);
}

// A handler that runs between two accesses of its own thread.
int balance = 0;
void BetweenTwoSteps(bool right) {
  static std::atomic<int> a{0}, b{0};
  Handle(SIGUSR1, [](int) {
    if (a != b) ++handled;
  });
  std::thread other([right] {
    const sigset_t blocked = Only(SIGUSR1);
    if (right) pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
    a = 1;
    b = 1;
    if (right) pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
  });
  pthread_kill(other.native_handle(), SIGUSR1);
  other.join();
  assert(handled == 0);
}

// The usual use of sigwait(), in a thread of its own.
void Wait(bool right) {
  const sigset_t wanted = Only(SIGTERM);
  pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  int data = 0;
  std::thread waiter([&] {
    int signal = 0;
    assert(sigwait(&wanted, &signal) == 0 && signal == SIGTERM);
    assert(data == 1);
  });
  data = 1;
  if (right) {
    kill(getpid(), SIGTERM);
  } else {
    pthread_kill(pthread_self(), SIGTERM);
  }
  waiter.join();
}

// A handler wakes a thread that waits in a system call, unless the call is restarted.
void Interrupted(bool right) {
  static int ends[2];
  assert(pipe(ends) == 0);
  Handle(SIGUSR1, [](int) { ++handled; }, right ? 0 : SA_RESTART);
  std::thread reader([] {
    char c;
    while (read(ends[0], &c, 1) == -1 && errno == EINTR && handled == 0) {
    }
  });
  if (right) {
    while (handled == 0) {
      pthread_kill(reader.native_handle(), SIGUSR1);
      if (handled != 0) break;
      std::this_thread::yield();
    }
    assert(write(ends[1], "x", 1) == 1);
  } else {
    pthread_kill(reader.native_handle(), SIGUSR1);
  }
  reader.join();
}

void Suspend(bool right) {
  Handle(SIGUSR1, [](int) { ++handled; });
  const sigset_t blocked = Only(SIGUSR1);
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  std::thread sender([main = pthread_self()] { pthread_kill(main, SIGUSR1); });
  if (!right) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    pause();  // The signal may have come before.
  } else {
    while (handled == 0) sigsuspend(&before);
  }
  sender.join();
}

// A handler for a crash that does not happen, and for one that does.
sigjmp_buf back;
void OwnHandlerOfCrashes(bool right) {
  Handle(SIGSEGV, [](int) { siglongjmp(back, 1); });
  [[maybe_unused]] static char far_away[1 << 16];
  AllOf([right] {
    far_away[40'000] = 1;
    if (sigsetjmp(back, 1) == 0) {
      *static_cast<volatile int*>(nullptr) = 1;
      abort();
    }
    assert(right);
  });
}

// A handler on its own stack.
char alternate_stack[1 << 16];
void UseAlternateStack(int signal, int flags, void (*handler)(int)) {
  const stack_t stack = {alternate_stack, 0, sizeof alternate_stack};
  assert(sigaltstack(&stack, nullptr) == 0);
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(signal, &action, nullptr);
}

bool on_alternate_stack = false;
void AlternateStack(bool right) {
  UseAlternateStack(SIGUSR1, right ? SA_ONSTACK : 0, [](int) {
    const char here = 0;
    on_alternate_stack = &here >= alternate_stack && &here < alternate_stack + sizeof alternate_stack;
    stack_t stack;
    sigaltstack(nullptr, &stack);
    assert(((stack.ss_flags & SS_ONSTACK) != 0) == on_alternate_stack);
  });
  std::thread sender([main = pthread_self()] { pthread_kill(main, SIGUSR1); });
  sender.join();
  assert(on_alternate_stack);
}

// Such a handler can even handle an overflow of the thread's own stack.
int UseMuch(int depth) {
  volatile char room[1000];
  room[0] = static_cast<char>(depth);
  return depth == 0 ? 0 : UseMuch(depth - 1) + room[0];
}
void TakeNoticeOfOverflow(bool right) {
  UseAlternateStack(SIGSEGV, right ? SA_ONSTACK : 0, [](int) { siglongjmp(back, 1); });
  std::thread other([] { ++balance; });
  static int round;  // A local variable may be lost in the jump.
  for (round = 0; round < 2; ++round) {
    if (sigsetjmp(back, 1) == 0) {
      UseMuch(10'000'000);
      abort();
    }
  }
  other.join();
}

// A program that asks for the handler of crashes gets the default one.
void AskForHandler(bool right) {
  std::thread other([] { ++balance; });
  other.join();
  struct sigaction action;
  sigaction(SIGSEGV, nullptr, &action);
  assert((action.sa_handler == SIG_DFL) == right);
}

// All signals are blocked, but not this runtime's own.
void BlockAll(bool right) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, nullptr);
  [[maybe_unused]] static char far_away[1 << 16];
  far_away[40'000] = 1;
  AllOf([right] {
    ++balance;
    far_away[20'000] = 1;
    raise(SIGTERM);
    sigset_t pending;
    sigpending(&pending);
    assert(sigismember(&pending, SIGTERM) == right);
  });
}

// The handler runs before the process ends, and may prevent that by a jump.
void HandlerOfAbort(bool right) {
  static jmp_buf before;
  static bool leaps;
  leaps = right;
  Handle(SIGABRT, [](int) {
    ++handled;
    if (leaps) longjmp(before, 1);
  });
  if (setjmp(before) == 0) abort();
  AllOf([] { assert(handled == 1); });
}

// A real-time signal is handled as often as it was sent; of another signal, only one is kept.
void Queued(bool right) {
  const int signal = right ? SIGRTMIN : SIGUSR1;
  static int sum = 0;
  struct sigaction action = {};
  action.sa_flags = SA_SIGINFO;
  action.sa_sigaction = [](int, siginfo_t* information, void*) { sum = 10 * sum + information->si_value.sival_int; };
  sigaction(signal, &action, nullptr);
  const sigset_t blocked = Only(signal);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  for (int i = 1; i <= 3; ++i) sigqueue(getpid(), signal, {.sival_int = i});
  pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
  AllOf([] { assert(sum == 123); });
}

// pthread_sigqueue() sends a value with the signal.
void WithValue(bool right) {
  const sigset_t wanted = Only(SIGRTMIN);
  pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  std::thread waiter([&] {
    siginfo_t information;
    assert(sigwaitinfo(&wanted, &information) == SIGRTMIN);
    assert(information.si_value.sival_int == (right ? 7 : 8));
  });
  assert(pthread_sigqueue(waiter.native_handle(), SIGRTMIN, {.sival_int = 7}) == 0);
  waiter.join();
}

// A handler ends a sleep, even one that would restart other calls.
void Sleep(bool right) {
  Handle(SIGUSR1, [](int) {}, SA_RESTART);
  std::thread sleeper([right] {
    const time_t start = time(nullptr);
    unsigned left = sleep(5);
    while (right && left > 0) left = sleep(left);
    assert(time(nullptr) - start >= 5);
  });
  pthread_kill(sleeper.native_handle(), SIGUSR1);
  sleeper.join();
}

// However many signals arrive while a thread waits, their handlers need no more of its stack than one.
std::mutex held;
void ManyWhileWaiting(bool right) {
  Handle(SIGUSR1, [](int) {});
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 1 << 16);
  held.lock();
  pthread_t waiter;
  pthread_create(
      &waiter, &small,
      [](void*) -> void* {
        const std::lock_guard lock(held);
        return nullptr;
      },
      nullptr);
  for (int i = 0; i < 4000; ++i) pthread_kill(waiter, SIGUSR1);
  if (right) held.unlock();
  pthread_join(waiter, nullptr);
}

// The thread after one that has ended in a handler gets its signals, also in the slot of the former.
void EndThread(bool right) {
  Handle(SIGUSR1, [](int) { pthread_exit(nullptr); });
  std::thread sleeper([] { sleep(100); });
  pthread_kill(sleeper.native_handle(), SIGUSR1);
  sleeper.join();
  Handle(SIGUSR1, [](int) { ++handled; });
  held.lock();
  std::thread next([] { const std::lock_guard lock(held); });
  if (right) pthread_kill(next.native_handle(), SIGUSR1);
  held.unlock();
  next.join();
  assert(handled == 1);
}

// A handler that leaves by a jump is over: the next signal is handled.
void LeaveByJump(bool right) {
  static std::atomic<bool> has_jumped = false;
  Handle(SIGUSR1, [](int) { siglongjmp(back, 1); });
  Handle(SIGUSR2, [](int) { ++handled; });
  held.lock();
  std::thread waiter([] {
    if (sigsetjmp(back, 1) == 0) held.lock();
    has_jumped = true;
    const std::lock_guard lock(held);
  });
  pthread_kill(waiter.native_handle(), SIGUSR1);
  while (!has_jumped) std::this_thread::yield();
  if (right) pthread_kill(waiter.native_handle(), SIGUSR2);
  held.unlock();
  waiter.join();
  assert(handled == 1);
}

// A handler ends the wait for a semaphore.
void WaitForSemaphore(bool right) {
  Handle(SIGUSR1, [](int) {});
  static sem_t semaphore;
  sem_init(&semaphore, 0, 0);
  std::thread waiter([right] {
    int result = 0;
    do {
      result = sem_wait(&semaphore);
    } while (right && result == -1 && errno == EINTR);
    assert(result == 0);
  });
  pthread_kill(waiter.native_handle(), SIGUSR1);
  sem_post(&semaphore);
  waiter.join();
}

// A handler ends a wait also if it has made calls that could wait.
void WriteToOneself(bool right) {
  static int ends[2];
  assert(pipe(ends) == 0);
  Handle(SIGUSR1, [](int) { assert(write(ends[1], "x", 1) == 1); });
  std::thread reader([right] {
    char c;
    ssize_t got = 0;
    do {
      got = read(ends[0], &c, 1);
    } while (right && got == -1 && errno == EINTR);
    assert(got == 1);
  });
  pthread_kill(reader.native_handle(), SIGUSR1);
  reader.join();
}

}  // namespace

RightOrWrongPrograms Signals() {
  static constexpr RightOrWrongProgram programs[] = {
      {"signals_all_blocked", BlockAll},
      {"signal_abort", HandlerOfAbort},
      {"signal_alternate_stack", AlternateStack},
      {"signal_ask_for_handler", AskForHandler},
      {"signal_between_two_steps", BetweenTwoSteps},
      {"signal_ends_thread", EndThread},
      {"signal_interrupts", Interrupted},
      {"signal_leave_by_jump", LeaveByJump},
      {"signal_many", ManyWhileWaiting},
      {"signal_overflow", TakeNoticeOfOverflow},
      {"signal_own_crash_handler", OwnHandlerOfCrashes},
      {"signal_queued", Queued},
      {"signal_raise", Raise},
      {"signal_semaphore", WaitForSemaphore},
      {"signal_sleep", Sleep},
      {"signal_suspend", Suspend},
      {"signal_to_thread", SendToThread},
      {"signal_wait", Wait},
      {"signal_with_value", WithValue},
      {"signal_write_to_oneself", WriteToOneself},
  };
  return programs;
}

}  // namespace racelab
