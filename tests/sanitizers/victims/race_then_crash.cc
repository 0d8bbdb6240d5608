// A data race in Ledger::Post, followed by a crash as its consequence; run with halt_on_error=0 to see both.

#include <thread>

class Ledger {
 public:
  void Post() { ++entries_; }
  int entries() const { return entries_; }

 private:
  int entries_ = 0;
};

int main() {
  Ledger ledger;
  auto work = [&] {
    for (int i = 0; i < 100'000; ++i) ledger.Post();
  };
  std::thread first(work), second(work);
  first.join();
  second.join();
  volatile int* nothing = nullptr;
  return *nothing;
}
