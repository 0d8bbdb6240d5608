#ifndef RACELAB_HIT_BOARD_H_
#define RACELAB_HIT_BOARD_H_

#include <errno.h>
#include <sys/mman.h>

#include <atomic>
#include <cstdint>
#include <new>
#include <system_error>

// The number of requests that a server has answered, in all of its processes.
//
// Create it before the processes are forked. Safe to use from any number of threads, in any number of processes; if a
// process is killed, at most the hit it was recording is lost.
//
// The addition is one indivisible step of the processor, which knows nothing of processes: it sees only threads that
// use the same memory. That holds only if the atomic contains no lock, since each process would have a lock of its own.
// Relaxed, because nobody concludes anything about *other* data from the total.
class HitBoard {
 public:
  // Throws std::system_error if there is no memory to share.
  HitBoard() {
    void* shared = mmap(nullptr, sizeof(*total_), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "memory to share");
    total_ = new (shared) std::atomic<std::int64_t>(0);
  }
  ~HitBoard() { munmap(total_, sizeof(*total_)); }
  HitBoard(const HitBoard&) = delete;
  HitBoard& operator=(const HitBoard&) = delete;

  // Records one hit. Relaxed.
  void Record() { total_->fetch_add(1, std::memory_order_relaxed); }

  // The hits recorded so far. Relaxed: complete once the processes that record have been waited for.
  std::int64_t Total() const { return total_->load(std::memory_order_relaxed); }

 private:
  static_assert(std::atomic<std::int64_t>::is_always_lock_free);

  std::atomic<std::int64_t>* total_;  // In memory that all processes share.
};

#endif  // RACELAB_HIT_BOARD_H_
