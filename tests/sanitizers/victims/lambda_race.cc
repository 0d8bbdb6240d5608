// Two threads write a local of a free function, from a lambda: a data race in Tally.
//
// For g++ such a lambda has no name of its own: the report's frame says just "operator()".

#include <thread>

void Tally() {
  long total = 0;
  auto add = [&total] {
    for (int i = 0; i < 1000; ++i) ++total;
  };
  std::thread first(add), second(add);
  first.join();
  second.join();
}

int main() { Tally(); }
