// Objects of the C library and of the kernel that one thread destroys, or a signal handler damages, while another uses
// them.

#undef NDEBUG
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <thread>

#include "tests/sanitizers/explored/primitives/primitives.h"

namespace racelab {
namespace {

// A third thread may open something between the two calls, and get the same number.
void DescriptorIsClosed(bool right) {
  int ends[2];
  assert(pipe(ends) == 0);
  std::thread writer([&] { assert(write(ends[1], "x", 1) == 1 || !right); });
  if (right) writer.join();
  close(ends[1]);
  if (!right) writer.join();
  close(ends[0]);
}

// dup2() replaces a descriptor atomically: a reader reads from either the old or the new one.
void DescriptorIsReplaced(bool right) {
  const int first = open("/dev/zero", O_RDONLY), second = open("/dev/zero", O_RDONLY);
  std::thread reader([&] {
    char byte;
    assert(read(first, &byte, 1) == 1 || !right);
  });
  if (!right) close(first);
  dup2(second, first);
  reader.join();
  close(first);
  close(second);
}

void BarrierIsDestroyed(bool right) {
  pthread_barrier_t barrier;
  pthread_barrier_init(&barrier, nullptr, 2);
  const auto arrive = [&] {
    const bool last = pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
    if (last && !right) pthread_barrier_destroy(&barrier);
  };
  Together(arrive, arrive);
  if (right) pthread_barrier_destroy(&barrier);
}

// glibc has no text for this number, and writes one into the buffer.
void TextOfAnError(bool right) {
  char buffers[2][64];
  const auto text = [&](int buffer) { strerror_r(-1, buffers[right ? buffer : 0], sizeof buffers[0]); };
  Together([&] { text(0); }, [&] { text(1); });
}

// The library's texts for numbers without a name are each thread's own.
void TextOfAnUnknownError(bool right) {
  const auto ask = [](int number, const char* expected) {
    const char* text = strerror(number);
    std::this_thread::yield();
    assert(strstr(text, expected) != nullptr && strstr(strsignal(number), expected) != nullptr);
  };
  Together([&] { ask(200, "200"); }, [&] { ask(201, right ? "201" : "200"); });
}

void KeyIsUsedAgain(bool right) {
  for (int i = 0; i < PTHREAD_KEYS_MAX + 100; ++i) {
    pthread_key_t key;
    assert(pthread_key_create(&key, nullptr) == 0);
    assert(pthread_getspecific(key) == nullptr);
    pthread_setspecific(key, &key);
    if (right) pthread_key_delete(key);
  }
}

// The system writes the answer into the program's memory.
void AnswerOfTheSystem(bool right) {
  struct stat answers[2];
  const auto ask = [&](int answer) { assert(stat("/", &answers[right ? answer : 0]) == 0); };
  Together([&] { ask(0); }, [&] { ask(1); });
}

// With the number of the system call.
void CallByNumber(bool right) {
  char bytes[2] = {};
  const int zeros = open("/dev/zero", O_RDONLY);
  const auto get = [&](int byte) { assert(syscall(SYS_read, zeros, &bytes[right ? byte : 0], 1) == 1); };
  Together([&] { get(0); }, [&] { get(1); });
  close(zeros);
}

// A descriptor that may not be open yet, as far as its user knows.
void DescriptorIsOpened(bool right) {
  std::atomic<int> descriptor = -1;
  const auto order = right ? std::memory_order_seq_cst : std::memory_order_relaxed;
  Together([&] { descriptor.store(open("/dev/null", O_WRONLY), order); },
           [&] {
             const int number = descriptor.load(order);
             if (number >= 0) assert(write(number, "x", 1) == 1);
           });
  close(descriptor);
}

// Memory that replaces an earlier mapping is new.
void MappedAnew(bool right) {
  constexpr std::size_t kSize = 4 << 20;
  const auto map = [](void* where, int flags) {
    return static_cast<char*>(mmap(where, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0));
  };
  char* memory = map(nullptr, 0);
  std::atomic<bool> written = false;
  Together(
      [&] {
        memory[5] = 1;
        written.store(true, std::memory_order_relaxed);
      },
      [&] {
        while (!written.load(std::memory_order_relaxed)) {
        }
        if (right) map(memory, MAP_FIXED);
        memory[5] = 2;
      });
}

void HandlerIsToldTheCode(bool right) {
  [[maybe_unused]] static volatile int told = 0;
  on_exit([](int code, void* argument) { told = code + *static_cast<int*>(argument); }, new int(1));
  std::thread thread([] { told = 7; });
  if (right) {
    thread.join();
  } else {
    thread.detach();
  }
}

// A thread that has done all its work may not have ended yet.
void TriesToJoin(bool right) {
  static std::atomic<bool> done;
  done = false;
  int value = 0;
  pthread_t handle;
  const auto body = [](void* value) -> void* {
    *static_cast<int*>(value) = 1;
    done = true;
    return nullptr;
  };
  assert(pthread_create(&handle, nullptr, body, &value) == 0);
  while (!done) {
  }
  int tries = 0;
  while (pthread_tryjoin_np(handle, nullptr) != 0) {
    ++tries;
    std::this_thread::yield();
  }
  assert(value == 1);
  if (!right) assert(tries == 0);
}

void UnlockIsChecked(bool right) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, &attributes);
  assert(pthread_mutex_unlock(&mutex) == (right ? EPERM : 0));
}

std::atomic<bool> handled = false;
bool restores_errno = true;

void Handler(int) {
  const int before = errno;
  errno = ERANGE;
  handled = true;
  if (restores_errno) errno = before;
}

void HandlerLeavesErrno(bool right) {
  restores_errno = right;
  handled = false;
  signal(SIGUSR1, Handler);
  const pthread_t main_thread = pthread_self();
  std::thread sender([&] { pthread_kill(main_thread, SIGUSR1); });
  while (!handled) std::this_thread::yield();
  sender.join();
}

pthread_barrier_t meeting;

// The handler sleeps, and is woken, while the thread that it interrupts waits for something else.
void HandlerSleeps(bool right) {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  static bool go = false, waits = false;
  pthread_barrier_init(&meeting, nullptr, 2);
  signal(SIGUSR1, [](int) { pthread_barrier_wait(&meeting); });
  std::thread waiter([] {
    pthread_mutex_lock(&mutex);
    waits = true;
    while (!go) pthread_cond_wait(&condition, &mutex);
    pthread_mutex_unlock(&mutex);
  });
  for (bool asleep = false; !asleep;) {
    pthread_mutex_lock(&mutex);
    asleep = waits;
    pthread_mutex_unlock(&mutex);
  }
  pthread_kill(waiter.native_handle(), SIGUSR1);
  pthread_barrier_wait(&meeting);
  pthread_mutex_lock(&mutex);
  go = true;
  pthread_mutex_unlock(&mutex);
  if (right) pthread_cond_signal(&condition);
  waiter.join();
}

// Large memory is returned to the system: an access that is not ordered before that may as well come after it.
void MemoryIsUnmapped(bool right) {
  constexpr size_t kBytes = size_t{4} << 20;
  auto* memory = static_cast<char*>(mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  std::atomic<bool> used = false;
  std::thread returns([&] {
    if (right) used.wait(false);
    munmap(memory, kBytes);
  });
  memory[kBytes / 2] = 1;
  used = true;
  used.notify_one();
  returns.join();
}

}  // namespace

RightOrWrongPrograms Uses() {
  static constexpr RightOrWrongProgram kPrimitives[] = {
      {"answer_of_the_system", AnswerOfTheSystem},
      {"call_by_number", CallByNumber},
      {"descriptor_opened", DescriptorIsOpened},
      {"handler_is_told_the_code", HandlerIsToldTheCode},
      {"mapped_anew", MappedAnew},
      {"tries_to_join", TriesToJoin},
      {"unlock_is_checked", UnlockIsChecked},
      {"barrier_destroyed", BarrierIsDestroyed},
      {"memory_unmapped", MemoryIsUnmapped},
      {"descriptor_closed", DescriptorIsClosed},
      {"descriptor_replaced", DescriptorIsReplaced},
      {"handler_leaves_errno", HandlerLeavesErrno},
      {"handler_sleeps", HandlerSleeps},
      {"key_used_again", KeyIsUsedAgain},
      {"text_of_an_error", TextOfAnError},
      {"text_of_an_unknown_error", TextOfAnUnknownError},
  };
  return kPrimitives;
}

}  // namespace racelab
