// Two threads write one field without a lock: a data race between HitCounter::Record and HitCounter::Record.

#include <cstdint>
#include <cstdio>
#include <thread>

class HitCounter {
 public:
  void Record() { ++total_; }
  std::int64_t Total() const { return total_; }

 private:
  std::int64_t total_ = 0;
};

int main() {
  HitCounter counter;
  auto work = [&counter] {
    for (int i = 0; i < 100'000; ++i) counter.Record();
  };
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
  std::printf("counted %lld\n", static_cast<long long>(counter.Total()));
}
