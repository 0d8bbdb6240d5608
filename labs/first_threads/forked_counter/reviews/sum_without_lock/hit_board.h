#ifndef RACELAB_HIT_BOARD_H_
#define RACELAB_HIT_BOARD_H_

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <system_error>

// The number of requests that a server has answered, in all of its processes.
//
// Create it before the processes are forked. Safe to use from any number of threads, in any number of processes; if a
// process is killed, at most the hit it was recording is lost.
//
// No memory is shared at all. Each hit is a message to a counter in the kernel, an eventfd: the kernel adds up the
// messages until somebody receives the sum. So a message never arrives in part, and nobody has to wait for room. The
// price: a system call for each hit.
class HitBoard {
 public:
  // Throws std::system_error if the system has no file descriptor left.
  HitBoard() : hits_(eventfd(0, EFD_CLOEXEC)) {
    if (hits_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  }
  ~HitBoard() { close(hits_); }
  HitBoard(const HitBoard&) = delete;
  HitBoard& operator=(const HitBoard&) = delete;

  // Records one hit.
  void Record() {
    const std::uint64_t one = 1;
    while (write(hits_, &one, sizeof one) < 0 && errno == EINTR) continue;
  }

  // The hits recorded so far. Only the process that created the board may ask, because it receives the messages.
  std::int64_t Total() const {
    pollfd news = {hits_, POLLIN, 0};
    std::uint64_t more = 0;
    if (poll(&news, 1, /*timeout=*/0) == 1 && read(hits_, &more, sizeof more) == sizeof more) {
      total_.fetch_add(static_cast<std::int64_t>(more), std::memory_order_relaxed);
    }
    return total_.load(std::memory_order_relaxed);
  }

 private:
  const int hits_;
  mutable std::atomic<std::int64_t> total_ = 0;  // The messages received so far, by any thread of the one that asks.
};

#endif  // RACELAB_HIT_BOARD_H_
