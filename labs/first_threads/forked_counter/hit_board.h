#ifndef RACELAB_HIT_BOARD_H_
#define RACELAB_HIT_BOARD_H_

#include <errno.h>
#include <sys/mman.h>

#include <cstdint>
#include <mutex>
#include <new>
#include <system_error>

// The number of requests that a server has answered, in all of its processes.
//
// Create it before the processes are forked. Safe to use from any number of threads, in any number of processes; if a
// process is killed, at most the hit it was recording is lost.
class HitBoard {
 public:
  // Throws std::system_error if there is no memory to share.
  HitBoard() {
    void* shared = mmap(nullptr, sizeof(*total_), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "memory to share");
    total_ = new (shared) std::int64_t(0);
  }
  ~HitBoard() { munmap(total_, sizeof(*total_)); }
  HitBoard(const HitBoard&) = delete;
  HitBoard& operator=(const HitBoard&) = delete;

  // Records one hit.
  void Record() {
    std::lock_guard lock(mutex_);
    ++*total_;
  }

  // The hits recorded so far.
  std::int64_t Total() const {
    std::lock_guard lock(mutex_);
    return *total_;
  }

 private:
  mutable std::mutex mutex_;
  std::int64_t* total_;  // In memory that all processes share.
};

#endif  // RACELAB_HIT_BOARD_H_
