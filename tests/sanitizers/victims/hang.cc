// Spins for ever.

#include <atomic>

int main() {
  std::atomic<bool> stop{false};
  while (!stop) {
  }
}
