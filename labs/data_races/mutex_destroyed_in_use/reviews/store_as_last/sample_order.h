#ifndef RACELAB_SAMPLE_ORDER_H_
#define RACELAB_SAMPLE_ORDER_H_

#include <atomic>
#include <functional>
#include <optional>
#include <utility>

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
// The store to `completed_` is the last thing that Complete() does, and there is no mutex that it would have to give
// back. It releases the result to whoever reads true. The price: every line that anybody adds to Complete() has to
// stand above the store.
class SampleOrder {
 public:
  // `ring` is called once, when the result can be had. It may take long (a telephone rings until somebody answers),
  // and must not throw.
  explicit SampleOrder(std::function<void()> ring) : ring_(std::move(ring)) {}

  // The laboratory's answer. It is called once, and calls `ring` before it returns.
  void Complete(int result) {
    result_ = result;
    ring_();
    completed_.store(true, std::memory_order_release);  // Last: from here on, the order may be gone.
  }

  // The result; nothing as long as there is none.
  std::optional<int> Result() {
    if (!completed_.load(std::memory_order_acquire)) return std::nullopt;
    return result_;
  }

 private:
  const std::function<void()> ring_;
  std::atomic<bool> completed_ = false;
  int result_ = 0;
};

#endif  // RACELAB_SAMPLE_ORDER_H_
