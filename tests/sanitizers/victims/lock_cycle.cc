// Three locks are taken in a cycle, one thread after the other: a lock-order inversion of three edges.

#include <mutex>
#include <thread>

class Table {
 public:
  void Dine(int seat) {
    std::lock_guard<std::mutex> left(forks_[seat]);
    std::lock_guard<std::mutex> right(forks_[(seat + 1) % 3]);
    ++meals_[seat];
  }

 private:
  std::mutex forks_[3];
  int meals_[3] = {};
};

int main() {
  Table table;
  for (int seat = 0; seat < 3; ++seat) std::thread([&] { table.Dine(seat); }).join();
}
