// Writes to stdout for ever.

#include <cstdio>

int main() {
  while (std::puts("the same line, again and again and again and again and again") >= 0) {
  }
}
