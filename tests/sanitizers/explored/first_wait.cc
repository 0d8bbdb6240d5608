// A thread spins for the first time before another one has ever used its stack, which has the barrier.

#undef NDEBUG
#include <barrier>
#include <cassert>
#include <thread>

namespace {

int parts[2], total;

}  // namespace

int main() {
  std::barrier barrier(2, []() noexcept { total += parts[0] + parts[1]; });
  const auto work = [&](int own) {
    for (int phase = 1; phase <= 2; ++phase) {
      parts[own] = phase;
      barrier.arrive_and_wait();
      assert(total >= 2 * phase);
    }
  };
  std::thread other(work, 1);
  work(0);
  other.join();
  assert(total == 6);
}
