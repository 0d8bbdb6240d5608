// Two threads pass a baton to and fro; its arrival is the failure. No execution with fewer than five preemptions
// delivers it, and between the legs both threads take steps that do not matter.
//
//   relay

#include <atomic>
#include <cassert>
#include <thread>

namespace {

constexpr int kLegs = 7;

std::atomic<int> baton = 0;
std::atomic<int> distraction = 0;

// The odd or the even legs.
void Run(int first) {
  for (int leg = first; leg < kLegs; leg += 2) {
    for (int i = 0; i < 3; ++i) distraction.store(leg);
    if (baton.load() == leg) baton.store(leg + 1);
  }
}

}  // namespace

int main() {
  std::thread one(Run, 0), other(Run, 1);
  one.join();
  other.join();
  assert(baton.load() < kLegs);
}
