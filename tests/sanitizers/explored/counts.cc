// Programs whose numbers of interleavings are known from the literature on stateless model checking. All accesses are
// sequentially consistent atomics.
//
//   counts counter N    two threads, each N times: load, then store, of one variable
//   counts fib N        two threads, each N times: i += j, j += i; a third reads both ("fib_bench" of SV-COMP)
//   counts casw N       N threads: compare-exchange 0 -> 1, then store a number of its own
//   counts coa N        two threads that store x and read y or z, then x; N - 1 that store y, then z
//   counts choose N     N threads: a choice between two values, then a store to one variable
//   counts writers N    N threads that store to one variable

#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

std::atomic<int> x, y, z;

void Count(int n) {
  for (int i = 0; i < n; ++i) {
    const int value = x.load();
    x.store(value + 1);
  }
}

void AddYToX(int n) {
  for (int i = 0; i < n; ++i) {
    const int a = x.load();
    const int b = y.load();
    x.store(a + b);
  }
}

void AddXToY(int n) {
  for (int i = 0; i < n; ++i) {
    const int a = y.load();
    const int b = x.load();
    y.store(a + b);
  }
}

void ReadBoth(int) {
  x.load();
  y.load();
}

void CompareThenStore(int me) {
  int expected = 0;
  x.compare_exchange_strong(expected, 1);
  x.store(me + 3);
}

void StoreXReadY(int) {
  x.store(1);
  y.load();
  x.load();
}

void StoreXReadZ(int) {
  x.store(2);
  z.load();
  x.load();
}

void StoreYThenZ(int i) {
  y.store(i);
  z.store(i);
}

void StoreX(int i) { x.store(i); }

const auto choose = reinterpret_cast<int (*)(int)>(dlsym(RTLD_DEFAULT, "racelab_interleave_choose"));

void ChooseThenStoreX(int i) { x.store(2 * i + choose(2)); }

}  // namespace

int main(int argc, char** argv) {
  const std::string program = argc > 1 ? argv[1] : "";
  const int n = argc > 2 ? std::atoi(argv[2]) : 0;
  if (program == "counter") {
    std::thread one(Count, n), other(Count, n);
    one.join();
    other.join();
  } else if (program == "fib") {
    x = y = 1;
    std::thread one(AddYToX, n), other(AddXToY, n), reader(ReadBoth, n);
    one.join();
    other.join();
    reader.join();
  } else {
    std::vector<std::thread> threads;
    if (program == "coa") {
      threads.emplace_back(StoreXReadY, 0);
      threads.emplace_back(StoreXReadZ, 0);
      for (int i = 0; i < n - 1; ++i) threads.emplace_back(StoreYThenZ, i);
    }
    for (int i = 0; i < n && program == "casw"; ++i) threads.emplace_back(CompareThenStore, i);
    for (int i = 0; i < n && program == "writers"; ++i) threads.emplace_back(StoreX, i);
    for (int i = 0; i < n && program == "choose"; ++i) threads.emplace_back(ChooseThenStoreX, i);
    for (std::thread& thread : threads) thread.join();
  }
  return 0;
}
