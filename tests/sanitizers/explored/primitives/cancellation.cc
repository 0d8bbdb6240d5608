// Threads that are cancelled. Compiled without exceptions, so that pthread_cleanup_push() is the same as in C.

#undef NDEBUG
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include <cassert>

#include "tests/sanitizers/explored/primitives/primitives.h"

namespace racelab {
namespace {

struct Shared {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  pthread_t waiter;
  sem_t semaphore;
  int pipe[2];
  int ready = 0, handled = 0;
  bool right;
};

void Unlock(void* shared) { pthread_mutex_unlock(&static_cast<Shared*>(shared)->mutex); }
void Count(void* shared) { ++static_cast<Shared*>(shared)->handled; }
void GiveBack(void* shared) { sem_post(&static_cast<Shared*>(shared)->semaphore); }

// The mutex is held again when the handlers run.
void* WaitForReady(void* argument) {
  Shared& shared = *static_cast<Shared*>(argument);
  pthread_mutex_lock(&shared.mutex);
  pthread_cleanup_push(Unlock, &shared);
  pthread_cleanup_push(Count, &shared);
  while (shared.ready == 0) pthread_cond_wait(&shared.condition, &shared.mutex);
  --shared.ready;
  pthread_cleanup_pop(0);
  pthread_cleanup_pop(shared.right);
  if (!shared.right) pthread_exit(argument);  // Still holding the mutex.
  return argument;
}

void CancelledWait(bool right) {
  Shared shared;
  shared.right = right;
  pthread_create(&shared.waiter, nullptr, WaitForReady, &shared);
  Together(
      [&] {
        pthread_mutex_lock(&shared.mutex);
        shared.ready = 1;
        pthread_cond_signal(&shared.condition);
        pthread_mutex_unlock(&shared.mutex);
      },
      [&] { pthread_cancel(shared.waiter); });
  void* result;
  pthread_join(shared.waiter, &result);
  assert(result == PTHREAD_CANCELED ? shared.ready == 1 : shared.ready == 0);
  assert(shared.handled <= 1);
}

// A thread that is cancelled during its wait does not take a notification from another waiter.
void NotifiedWhileCancelled(bool right) {
  Shared shared;
  shared.right = true;
  pthread_t other;
  pthread_create(&shared.waiter, nullptr, WaitForReady, &shared);
  pthread_create(&other, nullptr, WaitForReady, &shared);
  pthread_cancel(shared.waiter);
  pthread_join(shared.waiter, nullptr);
  pthread_mutex_lock(&shared.mutex);
  if (right) ++shared.ready;  // Otherwise the other thread waits forever.
  pthread_cond_signal(&shared.condition);
  pthread_mutex_unlock(&shared.mutex);
  pthread_join(other, nullptr);
}

// If wrong, the thread takes a unit and ends with it.
void* Borrow(void* argument) {
  Shared& shared = *static_cast<Shared*>(argument);
  sem_wait(&shared.semaphore);
  if (shared.right) {
    pthread_cleanup_push(GiveBack, &shared);
    pthread_testcancel();
    pthread_cleanup_pop(1);
  } else {
    pthread_testcancel();
    sem_post(&shared.semaphore);
  }
  return nullptr;
}

void CancelledWithUnit(bool right) {
  Shared shared;
  shared.right = right;
  sem_init(&shared.semaphore, 0, 1);
  pthread_create(&shared.waiter, nullptr, Borrow, &shared);
  pthread_cancel(shared.waiter);
  pthread_join(shared.waiter, nullptr);
  sem_wait(&shared.semaphore);
}

// A cancelled thread ends, whatever it waits for, unless it has disabled cancellation.
template <void* (*kWait)(void*)>
void CancelledWhereItWaits(bool right) {
  Shared shared;
  sem_init(&shared.semaphore, 0, 0);
  assert(pipe(shared.pipe) == 0);
  shared.right = right;
  pthread_create(
      &shared.waiter, nullptr,
      [](void* argument) -> void* {
        int before;
        if (!static_cast<Shared*>(argument)->right) pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
        return kWait(argument);
      },
      &shared);
  pthread_cancel(shared.waiter);
  void* result = nullptr;
  pthread_join(shared.waiter, &result);
  assert(result == PTHREAD_CANCELED);
  close(shared.pipe[0]);
  close(shared.pipe[1]);
}

void* WaitForUnit(void* shared) { return sem_wait(&static_cast<Shared*>(shared)->semaphore), nullptr; }

void* WaitForByte(void* shared) {
  char byte;
  return read(static_cast<Shared*>(shared)->pipe[0], &byte, 1), nullptr;
}

void* WaitForSignal(void*) { return pause(), nullptr; }

void* WaitInLoop(void*) {
  for (;;) pthread_testcancel();
}

}  // namespace

RightOrWrongPrograms Cancellation() {
  static constexpr RightOrWrongProgram kPrimitives[] = {
      {"cancelled_wait", CancelledWait},
      {"notified_while_cancelled", NotifiedWhileCancelled},
      {"cancelled_with_unit", CancelledWithUnit},
      {"cancelled_in_loop", CancelledWhereItWaits<WaitInLoop>},
      {"cancelled_in_pause", CancelledWhereItWaits<WaitForSignal>},
      {"cancelled_in_read", CancelledWhereItWaits<WaitForByte>},
      {"cancelled_in_semaphore", CancelledWhereItWaits<WaitForUnit>},
  };
  return kPrimitives;
}

}  // namespace racelab
