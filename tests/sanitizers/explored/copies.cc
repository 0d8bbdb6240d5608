// A data race of copies of fixed sizes. They are calls, or the compiler has replaced them by instructions.

#include <algorithm>
#include <cstring>
#include <thread>

namespace {

char shared[64];
const char kText[33] = "a text of 32 characters, exactly";

}  // namespace

int main() {
  std::thread other([] { std::memcpy(shared, kText, 32); });
  std::copy(kText, kText + 32, shared);
  other.join();
  return shared[0] == 'a' ? 0 : 1;
}
