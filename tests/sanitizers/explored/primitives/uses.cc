// Objects of the C library and of the kernel that one thread ends, or that a signal's handler spoils, while another
// uses them.

#undef NDEBUG
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <thread>

#include "tests/sanitizers/explored/primitives/primitives.h"

namespace racelab {
namespace {

// A third thread may open something between the two calls, and get the number.
void DescriptorIsClosed(bool right) {
  int ends[2];
  assert(pipe(ends) == 0);
  std::thread writer([&] { assert(write(ends[1], "x", 1) == 1 || !right); });
  if (right) writer.join();
  close(ends[1]);
  if (!right) writer.join();
  close(ends[0]);
}

// dup2() replaces a descriptor at once: whoever reads reads from the one or the other.
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

// glibc has no text for the number, and writes one into the buffer.
void TextOfAnError(bool right) {
  char buffers[2][64];
  const auto text = [&](int buffer) { strerror_r(-1, buffers[right ? buffer : 0], sizeof buffers[0]); };
  Together([&] { text(0); }, [&] { text(1); });
}

void KeyIsUsedAgain(bool right) {
  for (int i = 0; i < 300; ++i) {
    pthread_key_t key;
    assert(pthread_key_create(&key, nullptr) == 0);
    assert(pthread_getspecific(key) == nullptr);
    pthread_setspecific(key, &key);
    if (right) pthread_key_delete(key);
  }
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

// The handler sleeps, and is woken, while the thread that it interrupts sleeps elsewhere.
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

}  // namespace

const Primitives& Uses() {
  static const auto& primitives = *new Primitives{
      {"barrier_destroyed", BarrierIsDestroyed},
      {"descriptor_closed", DescriptorIsClosed},
      {"descriptor_replaced", DescriptorIsReplaced},
      {"handler_leaves_errno", HandlerLeavesErrno},
      {"handler_sleeps", HandlerSleeps},
      {"key_used_again", KeyIsUsedAgain},
      {"text_of_an_error", TextOfAnError},
  };
  return primitives;
}

}  // namespace racelab
