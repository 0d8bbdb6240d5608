#ifndef RACELAB_SOLUTIONS_SUPPORT_CHANNEL_H_
#define RACELAB_SOLUTIONS_SUPPORT_CHANNEL_H_

#include <cstddef>
#include <deque>
#include <limits>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// A queue of values that threads pass to one another: message-passing solutions share nothing else.
//
// Any number of threads may send and receive at once. Values arrive in the order in which they were sent, each at one
// receiver. Everything the sender did before Send() happens before the receiver's use of the value.
//
//   Channel<Order> orders;
//   std::thread cook([&] { while (auto order = orders.Receive()) Cook(*std::move(order)); });
//   orders.Send(Order("soup"));
//   orders.Close();  // The cook finishes all orders sent, and goes home.
//   cook.join();
//
// A thread that owns data and serves requests must let no exception escape: it would end the program, since the caller,
// who could catch it, is on another thread. Send the error as the answer.
//
// A receiver that knows that a value is the last may destroy the channel as soon as Receive() has returned the value:
// by then, the sender no longer uses the channel.
template <typename T>
class Channel {
 public:
  // At most `capacity` values wait in the channel; Send() blocks while it is full. Unbounded by default. Requires
  // capacity > 0.
  explicit Channel(std::size_t capacity = std::numeric_limits<std::size_t>::max()) : capacity_(capacity) {}

  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Sends `value`; waits for room if the capacity is bounded. Returns whether the value was sent: once the channel has
  // been closed, Send() drops the value and returns false.
  bool Send(T value) {
    absl::MutexLock lock(&mutex_, absl::Condition(this, &Channel::HasRoomOrClosed));
    if (closed_) return false;
    values_.push_back(std::move(value));
    return true;
  }

  // Waits for a value, and receives the oldest. Nothing once the channel is closed and all values have been received.
  std::optional<T> Receive() {
    absl::MutexLock lock(&mutex_, absl::Condition(this, &Channel::HasValueOrClosed));
    return TakeOldest();
  }

  // Receives the oldest value if there is one now; never waits.
  std::optional<T> TryReceive() {
    absl::MutexLock lock(&mutex_);
    return TakeOldest();
  }

  // Ends the sending. Values already sent can still be received. Waiting senders and receivers return.
  void Close() {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }

 private:
  bool HasRoomOrClosed() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return closed_ || values_.size() < capacity_; }
  bool HasValueOrClosed() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return closed_ || !values_.empty(); }

  std::optional<T> TakeOldest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (values_.empty()) return std::nullopt;
    std::optional<T> oldest = std::move(values_.front());
    values_.pop_front();
    return oldest;
  }

  const std::size_t capacity_;
  absl::Mutex mutex_;
  std::deque<T> values_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

#endif  // RACELAB_SOLUTIONS_SUPPORT_CHANNEL_H_
