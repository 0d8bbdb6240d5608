#ifndef RACELAB_SAMPLE_ORDER_H_
#define RACELAB_SAMPLE_ORDER_H_

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "labs/data_races/mutex_destroyed_in_use/checked_mutex.h"

// A ward's order to the laboratory: examine one blood sample. The ward makes it and keeps it; the laboratory completes
// it on a thread of its own.
//
//   auto order = std::make_unique<SampleOrder>([&] { telephone.Ring(); });
//   laboratory.Send(sample, *order);
//   ...
//   if (const auto result = order->Result()) {
//     chart.Add(*result);
//     order.reset();
//   }
//
// Any thread may ask for the result, at any time. Whoever has got it may destroy the order at once. Neither of the two
// waits for `ring`.
class SampleOrder {
 public:
  // `ring` is called once, when the result can be had. It may take long (a telephone rings until somebody answers),
  // and must not throw.
  explicit SampleOrder(std::function<void()> ring) : ring_(std::move(ring)) {}

  // The laboratory's answer. It is called once, and calls `ring` before it returns.
  void Complete(int result) {
    std::lock_guard lock(mutex_);
    result_ = result;
    completed_ = true;
    ring_();
  }

  // The result; nothing as long as there is none.
  std::optional<int> Result() {
    if (!completed_) return std::nullopt;  // Wards ask often; none of them is to wait for a telephone.
    return result_;
  }

 private:
  const std::function<void()> ring_;
  CheckedMutex mutex_;
  std::atomic<bool> completed_ = false;
  int result_ = 0;
};

#endif  // RACELAB_SAMPLE_ORDER_H_
