#ifndef RACELAB_SAMPLE_ORDER_H_
#define RACELAB_SAMPLE_ORDER_H_

#include <functional>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

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
//
// There is one way to the result, and it leads through the mutex: whoever has it knows that Complete() has released the
// mutex for good, so the mutex may be destroyed with the order. After that, Complete() uses nothing of the order:
// `ring` has been taken out of it before. The price: a lock for each question, held for as long as a copy takes.
class SampleOrder {
 public:
  // `ring` is called once, when the result can be had. It may take long (a telephone rings until somebody answers),
  // and must not throw.
  explicit SampleOrder(std::function<void()> ring) : ring_(std::move(ring)) {}

  // The laboratory's answer. It is called once, and calls `ring` before it returns.
  void Complete(int result) {
    const std::function<void()> ring = std::move(ring_);
    {
      absl::MutexLock lock(&mutex_);
      result_ = result;
    }
    ring();  // From the unlock on, the order may be gone.
  }

  // The result; nothing as long as there is none.
  std::optional<int> Result() {
    absl::MutexLock lock(&mutex_);
    return result_;
  }

 private:
  std::function<void()> ring_;  // Only the laboratory's thread uses it.
  absl::Mutex mutex_;
  std::optional<int> result_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_SAMPLE_ORDER_H_
