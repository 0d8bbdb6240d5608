#include <mutex>

#include "till.h"

class Till {
 public:
  void Add(int amount) {
    const std::lock_guard<std::mutex> lock(mutex_);
    amount_ += amount;
  }
  int amount() const { return amount_; }

 private:
  std::mutex mutex_;
  int amount_ = 0;
};

int main() { return TakingsOfTwo<Till>() == 7 ? 0 : 1; }
