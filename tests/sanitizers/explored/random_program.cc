// Runs the small concurrent program that its arguments describe, in the language of random_operations.h.

#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>

#include "tests/sanitizers/explored/random_objects.h"
#include "tests/sanitizers/explored/random_operations.h"

#ifndef __clang__
#pragma GCC diagnostic ignored "-Wtsan"  // g++ warns that its runtime ignores fences, but calls it nevertheless.
#endif

namespace {

using namespace racelab;

RandomThread program[kMostRandomThreads];
int (*choose)(int);

// Runs before the exploration, which begins with main().
[[gnu::constructor]] void Parse(int argc, char** argv) {
  choose = reinterpret_cast<int (*)(int)>(dlsym(RTLD_DEFAULT, "racelab_interleave_choose"));
  if (argc - 1 > kMostRandomThreads) abort();
  for (int i = 1; i < argc; ++i) {
    if (!ParseRandomThread(argv[i], program[i - 1])) abort();
  }
}

timespec InASecond() {
  timespec moment;
  clock_gettime(CLOCK_REALTIME, &moment);
  ++moment.tv_sec;
  return moment;
}

void* Begin(void* number);

class Thread {
 public:
  explicit Thread(int number) : number_(number), fresh_(10 * (number + 1)) {}

  void Run() {
    const RandomThread& mine = program[number_];
    for (int i = 0; i < mine.length; ++i) {
      if (Do(mine.operations[i].verb, mine.operations[i].which)) {
        Finish();
        pthread_exit(Result());
      }
    }
    Finish();
  }

  void AddFinalValues() {
    Access<0>(Verb::k_load);
    Access<1>(Verb::k_load);
  }
  int ExitCode() const { return ExitCodeOf(digest_); }
  void* Result() const { return reinterpret_cast<void*>(std::uintptr_t{digest_.value()}); }

 private:
  void Read(int value) {
    digest_.Add(static_cast<std::uint32_t>(value));
    last_ = value;
  }

  // Returns true if the thread must end here.
  bool Do(Verb verb, int which) {
    switch (verb) {
      case Verb::k_create:
      case Verb::k_create_detached:
        Create(which, verb == Verb::k_create_detached);
        return false;
      case Verb::k_join:
        Join(which);
        return false;
      case Verb::k_detach:
        if (!unjoined_[which]) return false;
        pthread_detach(handles_[which]);
        unjoined_[which] = false;
        return false;
      case Verb::k_detach_self:
        DetachSelf();
        return false;
      case Verb::k_end:
        return true;
      case Verb::k_leave:
        _exit(100 + number_);
      case Verb::k_yield:
        sched_yield();
        return false;
      case Verb::k_sleep:
        usleep(1000);
        return false;
      default:
        if (verb < Verb::k_lock) {
          which == 0 ? Access<0>(verb) : Access<1>(verb);
        } else if (verb < Verb::k_read_lock) {
          Lock(verb, which);
        } else if (verb < Verb::k_wait) {
          LockForReadersOrWriter(verb, which);
        } else {
          Wait(verb, which);
        }
        return false;
    }
  }

  // A template, so that each variable has its own places in the program: data races at the same places count as one.
  template <int kWhich>
  void Access(Verb verb) {
    int* variable = &variables[kWhich].value;
    int expected = 0;
    switch (verb) {
      case Verb::k_load:
        return Read(__atomic_load_n(variable, __ATOMIC_SEQ_CST));
      case Verb::k_store:
        return __atomic_store_n(variable, ++fresh_, __ATOMIC_SEQ_CST);
      case Verb::k_add:
        return Read(__atomic_fetch_add(variable, 1, __ATOMIC_SEQ_CST));
      case Verb::k_exchange:
        return Read(__atomic_exchange_n(variable, ++fresh_, __ATOMIC_SEQ_CST));
      case Verb::k_cas:
        return Read(
            __atomic_compare_exchange_n(variable, &expected, ++fresh_, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
      case Verb::k_weak_cas:
        return Read(
            __atomic_compare_exchange_n(variable, &expected, ++fresh_, true, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
      case Verb::k_load_relaxed:
        return Read(__atomic_load_n(variable, __ATOMIC_RELAXED));
      case Verb::k_store_relaxed:
        return __atomic_store_n(variable, ++fresh_, __ATOMIC_RELAXED);
      case Verb::k_add_relaxed:
        return Read(__atomic_fetch_add(variable, 1, __ATOMIC_RELAXED));
      case Verb::k_fence_acquire:
        return __atomic_thread_fence(__ATOMIC_ACQUIRE);
      case Verb::k_fence_release:
        return __atomic_thread_fence(__ATOMIC_RELEASE);
      case Verb::k_read_if:
        if (last_ == 0) break;
        [[fallthrough]];
      case Verb::k_read:
        return Read(variables[kWhich].value);
      case Verb::k_write_if:
      case Verb::k_write_unless:
        if ((last_ == 0) != (verb == Verb::k_write_unless)) break;
        [[fallthrough]];
      case Verb::k_write:
        variables[kWhich].value = ++fresh_;
        break;
      case Verb::k_choose: {
        const int chosen = choose(2);
        return __atomic_store_n(variable, chosen, __ATOMIC_SEQ_CST);
      }
      case Verb::k_abort_if_one:
        if (__atomic_load_n(variable, __ATOMIC_SEQ_CST) == 1) abort();
        break;
      case Verb::k_abort_if_stored:
        if (__atomic_load_n(variable, __ATOMIC_SEQ_CST) >= 10) abort();
        break;
      case Verb::k_spin:
        while (__atomic_load_n(variable, __ATOMIC_SEQ_CST) == 0) {
        }
        break;
      case Verb::k_spin_yield:
        while (__atomic_load_n(variable, __ATOMIC_SEQ_CST) == 0) sched_yield();
        break;
      default:
        return Poll(variable);
    }
  }

  void Poll(const int* variable) {
    for (;;) {
      const bool locks = held_[1] == 0;
      if (locks) pthread_mutex_lock(&mutexes[1]);
      const int value = __atomic_load_n(variable, __ATOMIC_SEQ_CST);
      if (locks) pthread_mutex_unlock(&mutexes[1]);
      if (value != 0) return;
      sched_yield();
    }
  }

  void Lock(Verb verb, int which) {
    pthread_mutex_t* mutex = &mutexes[which];
    int result = 0;
    switch (verb) {
      case Verb::k_lock:
        if (held_[which] > 0 && which != 2) return;
        pthread_mutex_lock(mutex);
        ++held_[which];
        return;
      case Verb::k_unlock:
        if (held_[which] == 0) return;
        pthread_mutex_unlock(mutex);
        --held_[which];
        return;
      case Verb::k_unlock_anyway:
        result = pthread_mutex_unlock(mutex);
        held_[which] -= result == 0;
        Read(result);
        return;
      case Verb::k_lock_again:
        result = pthread_mutex_lock(mutex);
        break;
      case Verb::k_try_lock:
        result = pthread_mutex_trylock(mutex);
        break;
      default: {
        const timespec moment = InASecond();
        result = pthread_mutex_timedlock(mutex, &moment);
        break;
      }
    }
    held_[which] += result == 0;
    Read(result);
  }

  void LockForReadersOrWriter(Verb verb, int which) {
    pthread_rwlock_t* lock = &read_write_locks[which];
    const timespec moment = InASecond();
    switch (verb) {
      case Verb::k_read_lock:
        return Got(pthread_rwlock_rdlock(lock), which);
      case Verb::k_try_read_lock:
        return Got(pthread_rwlock_tryrdlock(lock), which);
      case Verb::k_timed_read_lock:
        return Got(pthread_rwlock_timedrdlock(lock, &moment), which);
      case Verb::k_write_lock:
        return Got(pthread_rwlock_wrlock(lock), which);
      case Verb::k_try_write_lock:
        return Got(pthread_rwlock_trywrlock(lock), which);
      case Verb::k_timed_write_lock:
        return Got(pthread_rwlock_timedwrlock(lock, &moment), which);
      default:
        if (holds_[which] == 0) return;
        pthread_rwlock_unlock(lock);
        --holds_[which];
        break;
    }
  }
  void Got(int result, int which) {
    holds_[which] += result == 0;
    Read(result);
  }

  void Wait(Verb verb, int which) {
    switch (verb) {
      case Verb::k_wait:
      case Verb::k_timed_wait:
      case Verb::k_await:
        WaitSomewhere(verb, which);
        break;
      case Verb::k_signal:
        pthread_cond_signal(&conditions[which]);
        break;
      case Verb::k_broadcast:
        pthread_cond_broadcast(&conditions[which]);
        break;
      case Verb::k_post:
        sem_post(&semaphores[which]);
        break;
      case Verb::k_acquire:
        sem_wait(&semaphores[which]);
        break;
      case Verb::k_try_acquire:
        return Read(sem_trywait(&semaphores[which]));
      case Verb::k_timed_acquire: {
        const timespec moment = InASecond();
        return Read(sem_timedwait(&semaphores[which], &moment));
      }
      case Verb::k_arrive:
        pthread_barrier_wait(&barriers[which]);
        break;
      case Verb::k_once:
        pthread_once(
            &onces[which], which == 0 ? +[] { __atomic_fetch_add(&variables[0].value, 1, __ATOMIC_SEQ_CST); }
                                      : +[] { variables[1].value = 9; });
        break;
      default:
        try {
          std::call_once(throwing_once, [] {
            if (__atomic_fetch_add(&variables[1].value, 1, __ATOMIC_SEQ_CST) == 0) throw 1;
          });
          Read(0);
        } catch (int) {
          Read(1);
        }
        break;
    }
  }

  // At a different place each time, because a thread wakes up without cause only once at each place.
  void WaitSomewhere(Verb verb, int which) {
    static constexpr void (Thread::* kPlaces[])(Verb, int) = {
        &Thread::WaitForNotification<0>, &Thread::WaitForNotification<1>, &Thread::WaitForNotification<2>,
        &Thread::WaitForNotification<3>, &Thread::WaitForNotification<4>, &Thread::WaitForNotification<5>,
        &Thread::WaitForNotification<6>, &Thread::WaitForNotification<7>};
    (this->*kPlaces[waits_++ % std::size(kPlaces)])(verb, which);
  }

  template <int kPlace>
  void WaitForNotification(Verb verb, int which) {
    const bool locks = held_[0] == 0;
    if (locks) pthread_mutex_lock(&mutexes[0]);
    if (verb == Verb::k_wait) {
      pthread_cond_wait(&conditions[which], &mutexes[0]);
    } else if (verb == Verb::k_timed_wait) {
      const timespec moment = InASecond();
      Read(pthread_cond_timedwait(&conditions[which], &mutexes[0], &moment));
    } else {
      while (__atomic_load_n(&variables[0].value, __ATOMIC_SEQ_CST) == 0)
        pthread_cond_wait(&conditions[which], &mutexes[0]);
    }
    if (locks) pthread_mutex_unlock(&mutexes[0]);
  }

  void Create(int which, bool detached) {
    if (which >= kMostRandomThreads || created_[which]) return;
    created_[which] = true;
    unjoined_[which] = !detached && !program[which].detaches_itself;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    if (detached) pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_create(&handles_[which], &attributes, Begin, reinterpret_cast<void*>(std::uintptr_t(which)));
    pthread_attr_destroy(&attributes);
  }

  void Join(int which) {
    if (which >= kMostRandomThreads || !unjoined_[which]) return;
    void* result = nullptr;
    pthread_join(handles_[which], &result);
    unjoined_[which] = false;
    Read(static_cast<int>(reinterpret_cast<std::uintptr_t>(result)));
  }

  void DetachSelf() {
    if (!detached_) pthread_detach(pthread_self());
    detached_ = true;
  }

  void Finish() {
    for (int which = 0; which < 4; ++which) {
      for (; held_[which] > 0; --held_[which]) pthread_mutex_unlock(&mutexes[which]);
    }
    for (int which = 0; which < 2; ++which) {
      for (; holds_[which] > 0; --holds_[which]) pthread_rwlock_unlock(&read_write_locks[which]);
    }
    for (int which = 0; which < kMostRandomThreads; ++which) Join(which);
    if (program[number_].detaches_itself) DetachSelf();
  }

  const int number_;
  int fresh_;
  Digest digest_;
  int last_ = 0;  // The last value read.
  int waits_ = 0;
  int held_[4] = {};
  int holds_[2] = {};
  bool created_[kMostRandomThreads] = {};
  bool unjoined_[kMostRandomThreads] = {};
  bool detached_ = false;
  pthread_t handles_[kMostRandomThreads] = {};
};

void* Begin(void* number) {
  Thread thread(static_cast<int>(reinterpret_cast<std::uintptr_t>(number)));
  thread.Run();
  return thread.Result();
}

}  // namespace

int main() {
  for (int which : {0, 1}) {
    sem_init(&semaphores[which], 0, 0);
    pthread_barrier_init(&barriers[which], nullptr, which == 0 ? 2 : 3);
  }
  Thread main_thread(0);
  main_thread.Run();
  main_thread.AddFinalValues();
  return main_thread.ExitCode();
}
