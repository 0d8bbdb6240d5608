// Boost.Lockfree: a thread may read a node that another thread has taken and refilled. That is formally a data race,
// but the value is discarded. Wrong: a queue for one producer has two.

#include <atomic>
#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <boost/lockfree/stack.hpp>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

template <typename Container>
int PushAndPop(Container& container) {
  std::atomic<int> sum = 0;
  const auto work = [&](int value) {
    container.push(value);
    int popped = 0;
    if (container.pop(popped)) sum += popped;
  };
  std::thread a(work, 1), b(work, 2);
  a.join();
  b.join();
  return sum;
}

int TwoProducers() {
  boost::lockfree::spsc_queue<int, boost::lockfree::capacity<4>> queue;
  std::thread a([&] { queue.push(1); }), b([&] { queue.push(2); });
  a.join();
  b.join();
  int one = 0, other = 0;
  queue.pop(one);
  queue.pop(other);
  return one + other;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc == 2 ? argv[1] : "";
  boost::lockfree::stack<int> stack(4);
  boost::lockfree::queue<int> queue(4);
  const int sum = what == "stack" ? PushAndPop(stack) : what == "queue" ? PushAndPop(queue) : TwoProducers();
  if (sum != 3) std::abort();
  return 0;
}
