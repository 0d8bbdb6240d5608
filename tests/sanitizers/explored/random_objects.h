#ifndef RACELAB_TESTS_SANITIZERS_EXPLORED_RANDOM_OBJECTS_H_
#define RACELAB_TESTS_SANITIZERS_EXPLORED_RANDOM_OBJECTS_H_

#include <pthread.h>
#include <semaphore.h>

#include <mutex>

namespace racelab {

// What the threads of a random program share.

// A report names the place of a race in the program: bit 6 of it is the number of the variable.
struct alignas(64) Variable {
  int value;
};
alignas(128) inline Variable variables[2];

inline pthread_mutex_t mutexes[4] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                     PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP};
inline pthread_rwlock_t read_write_locks[2] = {PTHREAD_RWLOCK_INITIALIZER,
                                               PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP};
inline pthread_cond_t conditions[2] = {PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER};
inline sem_t semaphores[2];
inline pthread_barrier_t barriers[2];
inline pthread_once_t onces[2] = {PTHREAD_ONCE_INIT, PTHREAD_ONCE_INIT};
inline std::once_flag throwing_once;

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_EXPLORED_RANDOM_OBJECTS_H_
