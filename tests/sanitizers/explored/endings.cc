// A program for each way in which an exploration can end.
//
//   endings right           holds in every interleaving
//   endings assertions      two assertions that fail in different interleavings
//   endings unsupported     calls fork()
//   endings random          behaves differently each time
//   endings long N          two threads of N rounds each, then an assertion that fails
//   endings many N          N data races in N places, and an assertion

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace {

std::mutex mutex;
std::atomic<int> order, sum;

void Lock() {
  const std::lock_guard lock(mutex);
  ++sum;
}

void Fork() {
  if (fork() == 0) _exit(0);
}

void LockAtRandom() {
  const int file = open("/dev/urandom", O_RDONLY);
  for (int i = 0; i < 64; ++i) {
    char byte = 0;
    if (read(file, &byte, 1) == 1 && byte % 2 == 0) {
      Lock();
    } else {
      ++sum;
    }
  }
  close(file);
}

void Both(void (*first)(), void (*second)()) {
  std::thread one(first), other(second);
  one.join();
  other.join();
}

void Assertions() {
  Both([] { order = order * 2 + 1; }, [] { order = order * 3 + 2; });
  assert(order != 5);
  assert(order != 1 && order != 2);
}

void Long(int rounds) {
  static int most;
  most = rounds;
  const auto run = [] {
    for (int i = 0; i < most; ++i) Lock();
  };
  Both(run, run);
  assert(sum == 0);
}

template <int kPlace>
void Count() {
  static int counts[64];
  ++counts[kPlace];
}

template <int... kPlaces>
void Many(int most, std::integer_sequence<int, kPlaces...>) {
  static int places;
  places = most;
  const auto run = [] { ((kPlaces < places ? Count<kPlaces>() : void()), ...); };
  Both(run, run);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string ending = argc > 1 ? argv[1] : "";
  const int number = argc > 2 ? std::atoi(argv[2]) : 1;
  if (ending == "right") Both(Lock, Lock);
  if (ending == "assertions") Assertions();
  if (ending == "unsupported") Both(Lock, Fork);
  if (ending == "random") Both(Lock, LockAtRandom);
  if (ending == "long") Long(number);
  if (ending == "many") Many(number, std::make_integer_sequence<int, 32>());
}
