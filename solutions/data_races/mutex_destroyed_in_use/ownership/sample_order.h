#ifndef RACELAB_SAMPLE_ORDER_H_
#define RACELAB_SAMPLE_ORDER_H_

#include <functional>
#include <memory>
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
// What both sides use is in an object of its own, which they own together: the order, and Complete() for as long as it
// runs. The last one destroys it, mutex and all, so Complete() may do what it likes after the result has been seen. The
// mutex is not held while it rings: nobody is to wait for that. (std::promise and std::future share such an object,
// too.) The price: another allocation, and a count for each order.
class SampleOrder {
 public:
  // `ring` is called once, when the result can be had. It may take long (a telephone rings until somebody answers),
  // and must not throw.
  explicit SampleOrder(std::function<void()> ring) : shared_(std::make_shared<Shared>(std::move(ring))) {}

  // The laboratory's answer. It is called once, and calls `ring` before it returns.
  void Complete(int result) {
    const std::shared_ptr<Shared> shared = shared_;  // First of all: the order may be gone before this returns.
    {
      absl::MutexLock lock(&shared->mutex);
      shared->result = result;
    }
    shared->ring();
  }

  // The result; nothing as long as there is none.
  std::optional<int> Result() {
    absl::MutexLock lock(&shared_->mutex);
    return shared_->result;
  }

 private:
  struct Shared {
    explicit Shared(std::function<void()> ring) : ring(std::move(ring)) {}

    const std::function<void()> ring;
    absl::Mutex mutex;
    std::optional<int> result ABSL_GUARDED_BY(mutex);
  };

  const std::shared_ptr<Shared> shared_;
};

#endif  // RACELAB_SAMPLE_ORDER_H_
