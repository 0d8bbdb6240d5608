#include "tests/support/crew.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

#include "tests/support/futex.h"

namespace racelab {

class Crew::Member {
 public:
  Member() : thread_([this] { Work(); }) {}
  ~Member() {
    Tell(kGoHome);
    thread_.join();
  }

  void Begin(const absl::FunctionRef<void()>& function) {
    function_ = &function;
    Tell(kBusy);
  }

  void AwaitEnd() {
    while (state_.load(std::memory_order_acquire) == kBusy) FutexWait(state_, kBusy);  // Pairs with Work()'s kIdle.
  }

 private:
  enum State : std::uint32_t { kIdle, kBusy, kGoHome };

  void Tell(State state) {
    state_.store(state, std::memory_order_release);  // Publishes function_ and all earlier actions of the caller.
    FutexWake(state_);
  }

  void Work() {
    for (;;) {
      std::uint32_t state;
      while ((state = state_.load(std::memory_order_acquire)) == kIdle) FutexWait(state_, kIdle);
      if (state == kGoHome) return;
      (*function_)();
      Tell(kIdle);
    }
  }

  alignas(64) std::atomic<std::uint32_t> state_ = kIdle;  // Apart from the data under test: see HandShake.
  const absl::FunctionRef<void()>* function_ = nullptr;
  std::thread thread_;
};

Crew::Crew() = default;
Crew::~Crew() = default;

void Crew::Run(absl::Span<const absl::FunctionRef<void()>> functions) {
  while (members_.size() < functions.size()) members_.push_back(std::make_unique<Member>());
  for (std::size_t i = 0; i < functions.size(); ++i) members_[i]->Begin(functions[i]);
  for (std::size_t i = 0; i < functions.size(); ++i) members_[i]->AwaitEnd();
}

}  // namespace racelab
