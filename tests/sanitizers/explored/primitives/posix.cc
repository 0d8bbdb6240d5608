// POSIX beyond what C++ uses: returned errors, kinds of mutexes, keys, joins with a time limit, named semaphores; and
// C's threads.

#undef NDEBUG
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <threads.h>
#include <time.h>

#include <cassert>
#include <cerrno>
#include <cstdint>

#include "tests/sanitizers/explored/primitives/primitives.h"

namespace racelab {
namespace {

constexpr timespec kPast = {1, 0}, kInvalid = {1, 1'000'000'000};

struct Mutex {
  explicit Mutex(int kind, int protocol = PTHREAD_PRIO_NONE) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, kind);
    pthread_mutexattr_setprotocol(&attributes, protocol);
    assert(pthread_mutex_init(&mutex, &attributes) == 0);
    pthread_mutexattr_destroy(&attributes);
  }
  ~Mutex() { pthread_mutex_destroy(&mutex); }
  pthread_mutex_t mutex;
};

// A thread that is not the owner gets an error. If wrong, it assumes that it has unlocked the mutex.
void UnlockedByAnother(bool right) {
  static Mutex checking(PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_t* mutex = &checking.mutex;
  assert(pthread_mutex_unlock(mutex) == EPERM);
  pthread_mutex_lock(mutex);
  assert(pthread_mutex_lock(mutex) == EDEADLK);
  assert(pthread_mutex_trylock(mutex) == EBUSY);
  Together([mutex] { assert(pthread_mutex_unlock(mutex) == EPERM); });
  if (right) pthread_mutex_unlock(mutex);
  Together([mutex] {
    pthread_mutex_lock(mutex);
    pthread_mutex_unlock(mutex);
  });
}

void PriorityMutex(bool right) {
  static Mutex inherits(PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_INHERIT);
  int count = 0;
  const auto increment = [&count, right] {
    if (right) pthread_mutex_lock(&inherits.mutex);
    ++count;
    if (right) pthread_mutex_unlock(&inherits.mutex);
  };
  Together(increment, increment);
}

// A wait releases only one level of a recursive mutex.
void RecursiveWait(bool right) {
  static Mutex recursive(PTHREAD_MUTEX_RECURSIVE);
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  bool ready = false;
  Together(
      [&] {
        const int times = right ? 1 : 2;
        for (int i = 0; i < times; ++i) pthread_mutex_lock(&recursive.mutex);
        while (!ready) pthread_cond_wait(&condition, &recursive.mutex);
        for (int i = 0; i < times; ++i) pthread_mutex_unlock(&recursive.mutex);
      },
      [&] {
        pthread_mutex_lock(&recursive.mutex);
        ready = true;
        pthread_cond_signal(&condition);
        pthread_mutex_unlock(&recursive.mutex);
      });
}

// A moment in the past ends a wait at once; an invalid moment, or a clock that cannot be waited by, is an error.
void InvalidMoments(bool right) {
  Mutex checking(PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  sem_t semaphore;
  sem_init(&semaphore, 0, 0);
  assert(pthread_cond_wait(&condition, &checking.mutex) == EPERM);
  pthread_mutex_lock(&mutex);
  Together([&] {
    assert(pthread_mutex_timedlock(&mutex, &kPast) == ETIMEDOUT);
    assert(pthread_mutex_timedlock(&mutex, &kInvalid) == (right ? EINVAL : ETIMEDOUT));
    assert(pthread_mutex_clocklock(&mutex, CLOCK_THREAD_CPUTIME_ID, &kPast) == EINVAL);
  });
  assert(pthread_cond_timedwait(&condition, &mutex, &kPast) == ETIMEDOUT);
  assert(pthread_cond_timedwait(&condition, &mutex, &kInvalid) == EINVAL);
  assert(pthread_cond_clockwait(&condition, &mutex, CLOCK_PROCESS_CPUTIME_ID, &kPast) == EINVAL);
  pthread_mutex_unlock(&mutex);
  assert(pthread_rwlock_timedrdlock(&lock, &kInvalid) == EINVAL);
  assert(pthread_rwlock_timedwrlock(&lock, &kInvalid) == EINVAL);
  assert(pthread_rwlock_clockrdlock(&lock, CLOCK_THREAD_CPUTIME_ID, &kPast) == EINVAL);
  assert(pthread_rwlock_clockwrlock(&lock, CLOCK_THREAD_CPUTIME_ID, &kPast) == EINVAL);
  assert(sem_timedwait(&semaphore, &kPast) == -1 && errno == ETIMEDOUT);
  assert(sem_timedwait(&semaphore, &kInvalid) == -1 && errno == EINVAL);
  assert(sem_clockwait(&semaphore, CLOCK_THREAD_CPUTIME_ID, &kPast) == -1 && errno == EINVAL);
  assert(clock_nanosleep(CLOCK_REALTIME, 0, &kInvalid, nullptr) == EINVAL);
}

void SemaphoreValue(bool right) {
  sem_t semaphore;
  sem_init(&semaphore, 0, SEM_VALUE_MAX);
  assert(sem_post(&semaphore) == -1 && errno == EOVERFLOW);
  sem_destroy(&semaphore);
  sem_init(&semaphore, 0, 0);
  int data = 0;
  Together(
      [&] {
        data = 1;
        sem_post(&semaphore);
      },
      [&] {
        int value;
        sem_getvalue(&semaphore, &value);
        assert(value == 0 || value == 1);
        if (!right) assert(value == 1);
      });
}

void NamedSemaphore(bool right) {
  constexpr char kName[] = "/racelab-explored";
  assert(sem_open(kName, 0) == SEM_FAILED && errno == ENOENT);
  sem_t* semaphore = sem_open(kName, O_CREAT | O_EXCL, 0600, 1);
  assert(semaphore != SEM_FAILED && sem_open(kName, O_CREAT | O_EXCL, 0600, 1) == SEM_FAILED);
  int count = 0;
  const auto increment = [&count, right] {
    sem_t* same = sem_open("/racelab-explored", 0);
    if (right) sem_wait(same);
    ++count;
    if (right) sem_post(same);
    sem_close(same);
  };
  Together(increment, increment);
  sem_close(semaphore);
  assert(sem_unlink(kName) == 0 && sem_unlink(kName) == -1);
}

int destructions = 0;
pthread_key_t returning_key;

// A value that a destructor sets is also destroyed, for a limited number of rounds; a value under a deleted key is not.
void Keys(bool right) {
  destructions = 0;
  pthread_key_t gone, next;
  assert(pthread_key_create(&gone, [](void*) { assert(false); }) == 0);
  pthread_key_create(&returning_key, [](void* value) {
    ++destructions;
    pthread_setspecific(returning_key, value);
  });
  static int something;
  Together([&] {
    pthread_setspecific(returning_key, &something);
    pthread_setspecific(gone, &something);
    assert(pthread_key_delete(gone) == 0 && pthread_key_delete(gone) == EINVAL);
    assert(pthread_setspecific(gone, &something) == EINVAL);
    pthread_key_create(&next, nullptr);
    assert(next == gone && pthread_getspecific(next) == nullptr);
  });
  assert(destructions == (right ? PTHREAD_DESTRUCTOR_ITERATIONS : 1));
}

// The time-out may come before the thread has ended.
void TimedJoin(bool right) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_t thread;
  pthread_create(
      &thread, nullptr,
      [](void* held) -> void* {
        pthread_mutex_lock(static_cast<pthread_mutex_t*>(held));
        pthread_mutex_unlock(static_cast<pthread_mutex_t*>(held));
        return nullptr;
      },
      &mutex);
  timespec soon;
  clock_gettime(CLOCK_MONOTONIC, &soon);
  soon.tv_sec += 5;
  const int error = pthread_clockjoin_np(thread, nullptr, CLOCK_MONOTONIC, &soon);
  if (right && error == ETIMEDOUT) {
    pthread_join(thread, nullptr);
  } else {
    assert(error == 0);
  }
}

struct OfC {
  mtx_t mutex;
  cnd_t condition;
  tss_t key;
  once_flag once;
  bool ready, right;
  int initialised;
} of_c;

int WaitInC(void*) {
  call_once(&of_c.once, [] { ++of_c.initialised; });
  tss_set(of_c.key, &of_c);
  mtx_lock(&of_c.mutex);
  if (of_c.right) {
    while (!of_c.ready) cnd_wait(&of_c.condition, &of_c.mutex);
  } else {
    cnd_wait(&of_c.condition, &of_c.mutex);
  }
  mtx_unlock(&of_c.mutex);
  thrd_exit(tss_get(of_c.key) == &of_c ? 7 : 0);
}

void ThreadsOfC(bool right) {
  of_c = {};
  of_c.right = right;
  mtx_init(&of_c.mutex, mtx_timed);
  cnd_init(&of_c.condition);
  assert(tss_create(&of_c.key, [](void* value) { ++static_cast<OfC*>(value)->initialised; }) == thrd_success);
  thrd_t thread;
  assert(thrd_create(&thread, WaitInC, nullptr) == thrd_success);
  call_once(&of_c.once, [] { ++of_c.initialised; });
  mtx_lock(&of_c.mutex);
  assert(of_c.initialised >= 1);
  of_c.ready = true;
  cnd_signal(&of_c.condition);
  mtx_unlock(&of_c.mutex);
  int result = 0;
  assert(thrd_join(thread, &result) == thrd_success && result == 7 && of_c.initialised == 2);
  cnd_destroy(&of_c.condition);
  mtx_destroy(&of_c.mutex);
}

void MutexOfC(bool right) {
  static mtx_t mutex;
  mtx_init(&mutex, mtx_plain | mtx_recursive);
  static int count = 0;
  const thrd_start_t increment = [](void* locks) {
    if (locks != nullptr) {
      mtx_lock(&mutex);
      assert(mtx_trylock(&mutex) == thrd_success);
      mtx_unlock(&mutex);
    }
    ++count;
    if (locks != nullptr) mtx_unlock(&mutex);
    return 0;
  };
  thrd_t threads[2];
  for (thrd_t& thread : threads) thrd_create(&thread, increment, right ? &mutex : nullptr);
  for (const thrd_t thread : threads) thrd_join(thread, nullptr);
  assert(count == 2 || !right);
  mtx_destroy(&mutex);
}

}  // namespace

RightOrWrongPrograms Posix() {
  static constexpr RightOrWrongProgram kPrimitives[] = {
      {"unlocked_by_another", UnlockedByAnother},
      {"priority_mutex", PriorityMutex},
      {"recursive_wait", RecursiveWait},
      {"invalid_moments", InvalidMoments},
      {"semaphore_value", SemaphoreValue},
      {"named_semaphore", NamedSemaphore},
      {"keys", Keys},
      {"timed_join", TimedJoin},
      {"threads_of_c", ThreadsOfC},
      {"mutex_of_c", MutexOfC},
  };
  return kPrimitives;
}

}  // namespace racelab
