#ifndef RACELAB_HIT_BOARD_H_
#define RACELAB_HIT_BOARD_H_

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <system_error>

// The number of requests that a server has answered, in all of its processes.
//
// Create it before the processes are forked. Safe to use from any number of threads, in any number of processes; if a
// process is killed, at most the hit it was recording is lost.
//
// Every change of the total holds the mutex, and there is only one: it lies beside the total, in the memory that all
// processes share. It is marked as process-shared, so unlocking it wakes waiting threads of other processes. (A
// std::mutex or absl::Mutex has no such mark, and clang's annotations do not know pthread mutexes.) It is robust: if
// its owner is killed, the next owner is told, and finds a total that is right before and after the addition.
//
// Each process has its own board, and destroys it when it leaves the board's scope; but the mutex belongs to all of
// them together, and none of them can know that it is the last. So the destructor only gives the memory back, and the
// mutex goes when nobody has that memory any more. Whatever else goes wrong with the mutex ends the program: a lock
// that may have failed protects nothing.
class HitBoard {
 public:
  // Throws std::system_error if there is no memory to share.
  HitBoard() {
    void* shared = mmap(nullptr, sizeof(*page_), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "memory to share");
    page_ = new (shared) Page;
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&page_->mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  ~HitBoard() { munmap(page_, sizeof(*page_)); }
  HitBoard(const HitBoard&) = delete;
  HitBoard& operator=(const HitBoard&) = delete;

  // Records one hit.
  void Record() {
    const Lock lock(&page_->mutex);
    page_->total.store(page_->total.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  // The hits recorded so far. Takes no lock, so it answers even while a process is held in a debugger.
  std::int64_t Total() const { return page_->total.load(std::memory_order_relaxed); }

 private:
  // The memory that all processes share.
  struct Page {
    pthread_mutex_t mutex;
    std::atomic<std::int64_t> total = 0;
  };

  class Lock {
   public:
    explicit Lock(pthread_mutex_t* mutex) : mutex_(mutex) {
      const int error = pthread_mutex_lock(mutex_);
      if (error == EOWNERDEAD) {
        pthread_mutex_consistent(mutex_);
      } else if (error != 0) {
        std::abort();
      }
    }
    ~Lock() { pthread_mutex_unlock(mutex_); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

   private:
    pthread_mutex_t* mutex_;
  };

  Page* page_;
};

#endif  // RACELAB_HIT_BOARD_H_
