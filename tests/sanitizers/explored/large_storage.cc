// Threads whose thread_local variables take four megabytes. A separate program, because the runtime creates its threads
// at the start, so a program with these variables starts slowly.
//   large_storage right
//   large_storage wrong

#undef NDEBUG
#include <atomic>
#include <cassert>
#include <string>
#include <thread>

namespace {

thread_local int table[1 << 20];

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::atomic<int> turn{0};
  const auto use = [&] {
    assert(table[1] == 0 && table[500'000] == 0);
    table[1] = table[500'000] = ++turn;
    assert(table[1] == table[500'000]);
  };
  table[7] = 1;
  std::thread one(use), other(use);
  one.join();
  other.join();
  if (std::string(argv[1]) == "wrong") assert(turn == 1);
}
