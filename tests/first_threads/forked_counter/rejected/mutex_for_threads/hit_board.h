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
//
// The lock is next to the total, in memory that all processes share.
class HitBoard {
 public:
  // Throws std::system_error if there is no memory to share.
  HitBoard() {
    void* shared = mmap(nullptr, sizeof(*page_), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "memory to share");
    page_ = new (shared) Page;
  }
  ~HitBoard() { munmap(page_, sizeof(*page_)); }
  HitBoard(const HitBoard&) = delete;
  HitBoard& operator=(const HitBoard&) = delete;

  // Records one hit.
  void Record() {
    std::lock_guard lock(page_->mutex);
    ++page_->total;
  }

  // The hits recorded so far.
  std::int64_t Total() const {
    std::lock_guard lock(page_->mutex);
    return page_->total;
  }

 private:
  // In memory that all processes share.
  struct Page {
    std::mutex mutex;
    std::int64_t total = 0;
  };

  Page* page_;
};

#endif  // RACELAB_HIT_BOARD_H_
