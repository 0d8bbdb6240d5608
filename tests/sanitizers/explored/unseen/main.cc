// Uses of unseen/library.h:
//   unseen right lock
//   unseen wrong lock

#include <cstdlib>
#include <cstring>
#include <thread>

#include "tests/sanitizers/explored/run_named.h"
#include "tests/sanitizers/explored/unseen/library.h"

namespace racelab {
namespace {

void Expect(bool holds) {
  if (!holds) std::abort();
}

// Wrong: the library is called, but not where it would help.
void UseLock(bool right) {
  unseen::Lock lock;
  int count = 0;
  const auto work = [&] {
    unseen::Acquire(lock);
    if (right) ++count;
    unseen::Release(lock);
    if (!right) ++count;
  };
  std::thread a(work), b(work);
  a.join();
  b.join();
  Expect(count == 2);
}

// Wrong: the lock is released between the read and the write.
void UpdateUnderLock(bool right) {
  unseen::Lock lock;
  int count = 0;
  const auto work = [&] {
    unseen::Acquire(lock);
    const int before = count;
    if (!right) {
      unseen::Release(lock);
      unseen::Acquire(lock);
    }
    count = before + 1;
    unseen::Release(lock);
  };
  std::thread a(work), b(work);
  a.join();
  b.join();
  Expect(count == 2);
}

// Wrong: the two locks are taken in both orders.
void TakeTwoLocks(bool right) {
  unseen::Lock one, other;
  const auto work = [](unseen::Lock& first, unseen::Lock& second) {
    unseen::Acquire(first);
    unseen::Acquire(second);
    unseen::Release(second);
    unseen::Release(first);
  };
  std::thread a([&] { work(one, other); }), b([&] { right ? work(one, other) : work(other, one); });
  a.join();
  b.join();
}

// Wrong: the value is written after the pointer has been passed on.
void PutSeven(unseen::Slot& slot, int& value, bool right) {
  if (right) value = 7;
  unseen::Put(slot, &value);
  if (!right) value = 7;
}

void HandOver(bool right) {
  unseen::Slot slot;
  int value = 0;
  std::thread a([&] { PutSeven(slot, value, right); });
  Expect(*unseen::Take(slot) == 7);
  a.join();
}

// The program itself reads what the library writes. Wrong: as in HandOver().
void LookWithoutCalling(bool right) {
  unseen::Slot slot;
  int value = 0;
  std::thread a([&] { PutSeven(slot, value, right); });
  std::thread b([&] {
    if (__atomic_load_n(&slot.value, __ATOMIC_ACQUIRE) != nullptr) Expect(value == 7);
  });
  a.join();
  b.join();
}

// Wrong: the awaited pointer never comes.
void SpinWithoutCalling(bool right) {
  unseen::Slot slot;
  int value = 7;
  std::thread a([&] { unseen::Put(slot, right ? &value : nullptr); });
  while (__atomic_load_n(&slot.value, __ATOMIC_ACQUIRE) == nullptr) {
  }
  a.join();
}

// Wrong: the function that the library runs races with another thread.
void CallBack(bool right) {
  int count = 0;
  std::thread other;
  if (!right) other = std::thread([&] { ++count; });
  unseen::RunElsewhere([](void* argument) { ++*static_cast<int*>(argument); }, &count);
  if (right) other = std::thread([&] { ++count; });
  other.join();
  Expect(count == 2);
}

// Arguments, results and exceptions pass unharmed. Wrong: an uncaught exception.
void PassValues(bool right) {
  unseen::Lock lock;
  int caught = 0;
  const auto work = [&](int value) {
    const unseen::Large large = unseen::Collect(1, 2, 3, 4, 5, 6, 7, 8.5, value);
    const long expected[] = {3, 7, 11, 7, 8 + value};
    Expect(std::memcmp(large.values, expected, sizeof expected) == 0);
    if (!right) unseen::Throw(value);
    try {
      unseen::Throw(value);
    } catch (int thrown) {
      unseen::Acquire(lock);
      caught += thrown;
      unseen::Release(lock);
    }
  };
  std::thread a(work, 1), b(work, 2);
  a.join();
  b.join();
  Expect(caught == 3);
}

RightOrWrongPrograms Unseen() {
  static constexpr RightOrWrongProgram programs[] = {
      {"lock", UseLock},       {"update", UpdateUnderLock}, {"two_locks", TakeTwoLocks},  {"hand_over", HandOver},
      {"call_back", CallBack}, {"values", PassValues},      {"look", LookWithoutCalling}, {"spin", SpinWithoutCalling},
  };
  return programs;
}

}  // namespace
}  // namespace racelab

int main(int argc, char** argv) { return RunRightOrWrong({racelab::Unseen}, argc, argv); }
