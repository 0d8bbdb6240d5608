// Allocates 1 MiB after another, and touches each page. Stops at 1 GiB, so that a broken limit cannot hurt the machine.

#include <cstdio>
#include <cstdlib>
#include <cstring>

int main() {
  for (int i = 0; i < 1024; ++i) {
    void* block = std::malloc(1 << 20);
    if (block == nullptr) return 1;
    std::memset(block, 1, 1 << 20);
  }
  std::puts("took 1 GiB");
}
