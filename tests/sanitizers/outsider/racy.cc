#include "till.h"

class Till {
 public:
  void Add(int amount) { amount_ += amount; }
  int amount() const { return amount_; }

 private:
  int amount_ = 0;
};

int main() { TakingsOfTwo<Till>(); }
