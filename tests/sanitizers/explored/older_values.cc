// Programs without plain shared memory, in which a load may return an older value than the latest. `right_...` holds by
// the memory model of C++; `wrong_...` does not, although it holds in every interleaving.

#include <atomic>
#include <cstdlib>
#include <memory>
#include <thread>

#include "tests/sanitizers/explored/run_named.h"

namespace {

using Order = std::memory_order;
constexpr Order kRelaxed = std::memory_order_relaxed, kAcquire = std::memory_order_acquire,
                kRelease = std::memory_order_release, kSequential = std::memory_order_seq_cst;

void Expect(bool holds) {
  if (!holds) std::abort();
}

template <typename... Functions>
void Together(Functions... functions) {
  std::thread threads[] = {std::thread(functions)...};
  for (std::thread& thread : threads) thread.join();
}

std::atomic<int> data = 0, ready = 0, turns = 0;

// A value that is stored before a release is found after the acquire.
template <Order kStore, Order kLoad>
void Message() {
  Together(
      [] {
        data.store(7, kRelaxed);
        ready.store(1, kStore);
      },
      [] {
        if (ready.load(kLoad) == 1) Expect(data.load(kRelaxed) == 7);
      });
}

#if defined(__clang__)  // g++ does not tell the sanitizer about fences.
template <Order kBefore, Order kAfter>
void MessageByFences() {
  Together(
      [] {
        data.store(7, kRelaxed);
        if (kBefore != kRelaxed) std::atomic_thread_fence(kBefore);
        ready.store(1, kRelaxed);
      },
      [] {
        if (ready.load(kRelaxed) == 0) return;
        if (kAfter != kRelaxed) std::atomic_thread_fence(kAfter);
        Expect(data.load(kRelaxed) == 7);
      });
}

void EntranceByFences() {
  const auto enter = [](std::atomic<int>& own, const std::atomic<int>& others) {
    own.store(1, kRelaxed);
    std::atomic_thread_fence(kSequential);
    if (others.load(kRelaxed) == 0) ++turns;
  };
  Together([enter] { enter(data, ready); }, [enter] { enter(ready, data); });
  Expect(turns < 2);
}
#endif

// A lock for two threads: each announces that it wants to enter, and then checks the other.
template <Order kStore, Order kLoad>
void Entrance() {
  Together(
      [] {
        data.store(1, kStore);
        if (ready.load(kLoad) == 0) ++turns;
      },
      [] {
        ready.store(1, kStore);
        if (data.load(kLoad) == 0) ++turns;
      });
  Expect(turns < 2);
}

// A thread that has seen a value does not see an older one later; nor does a thread that synchronises with it.
void Coherence() {
  Together([] { data.store(1, kRelaxed); },
           [] {
             const int first = data.load(kRelaxed);
             Expect(first <= data.load(kRelaxed));
             if (first == 1) ready.store(1, kRelease);
           },
           [] {
             if (ready.load(kAcquire) == 1) Expect(data.load(kRelaxed) == 1);
           });
}

// Two threads that only read may disagree on which of two objects was changed first.
template <Order kOrder>
void TwoWitnesses() {
  static std::atomic<int> seen = 0;
  Together([] { data.store(1, kOrder); }, [] { ready.store(1, kOrder); },
           [] {
             if (data.load(kOrder) == 1 && ready.load(kOrder) == 0) ++seen;
           },
           [] {
             if (ready.load(kOrder) == 1 && data.load(kOrder) == 0) ++seen;
           });
  Expect(seen < 2);
}

// A sequentially consistent load sees the values that earlier operations in their single total order have seen.
template <Order kOrder>
void WitnessAndStore() {
  static std::atomic<int> seen = 0;
  Together([] { data.store(1, kRelaxed); },
           [] {
             if (data.load(kOrder) == 1 && ready.load(kOrder) == 0) ++seen;
           },
           [] {
             ready.store(1, kOrder);
             if (data.load(kOrder) == 0) ++seen;
           });
  Expect(seen < 2);
}

void OwnStores() {
  Together(
      [] {
        data.store(1, kRelaxed);
        data.store(2, kRelaxed);
        Expect(data.load(kRelaxed) == 2);
      },
      [] { ready.load(kRelaxed); });
  Expect(data.load(kRelaxed) == 2);
}

void Updates() {
  const auto count = [] { data.fetch_add(1, kRelaxed); };
  const auto exchange = [] {
    int now = data.load(kRelaxed);
    while (!data.compare_exchange_strong(now, now + 1, kRelaxed)) {
    }
    Expect(data.load(kRelaxed) > now);
  };
  Together(count, exchange);
  Expect(data.load(kRelaxed) == 2);
}

void Waiting() {
  Together([] { ready.store(1, kRelaxed); },
           [] {
             while (ready.load(kRelaxed) == 0) {
             }
             ready.wait(0, kRelaxed);
           });
}

// An object in reused memory does not inherit earlier values.
struct Large {
  std::atomic<int> value;
  char rest[200];  // Nothing else here has a block of this size.
};
void MemoryUsedAgain() {
  Together(
      [] {
        std::unique_ptr<Large>(new Large{0, {}})->value.store(5, kRelaxed);
        ready.store(1, kRelaxed);
      },
      [] {
        if (ready.load(kRelaxed) == 1) Expect(std::unique_ptr<Large>(new Large{5, {}})->value.load(kRelaxed) == 5);
      });
}

template <Order kData, Order kLast, Order kFirst>
void SequenceLock() {
  static std::atomic<int> version = 0, one = 0, other = 0;
  Together(
      [] {
        version.store(1, kRelaxed);
        one.store(1, kData);
        other.store(1, kData);
        version.store(2, kLast);
      },
      [] {
        const int before = version.load(kFirst);
        const int first = one.load(kAcquire), second = other.load(kAcquire);
        if (before % 2 == 0 && version.load(kRelaxed) == before) Expect(first == second);
      });
}

constexpr NamedProgram kPrograms[] = {
    {"right_message", Message<kRelease, kAcquire>},
    {"wrong_message_stored", Message<kRelaxed, kAcquire>},
    {"wrong_message_loaded", Message<kRelease, kRelaxed>},
#if defined(__clang__)
    {"right_fences", MessageByFences<kRelease, kAcquire>},
    {"wrong_fence_before", MessageByFences<kRelaxed, kAcquire>},
    {"wrong_fence_after", MessageByFences<kRelease, kRelaxed>},
    {"right_entrance_fences", EntranceByFences},
#endif
    {"right_entrance", Entrance<kSequential, kSequential>},
    {"wrong_entrance_store", Entrance<kRelease, kSequential>},
    {"wrong_entrance_load", Entrance<kSequential, kAcquire>},
    {"right_coherence", Coherence},
    {"right_witnesses", TwoWitnesses<kSequential>},
    {"wrong_witnesses", TwoWitnesses<kRelaxed>},
    {"right_witness_and_store", WitnessAndStore<kSequential>},
    {"wrong_witness_and_store", WitnessAndStore<kRelaxed>},
    {"right_own_stores", OwnStores},
    {"right_updates", Updates},
    {"right_waiting", Waiting},
    {"right_memory_used_again", MemoryUsedAgain},
    {"right_sequence_lock", SequenceLock<kRelease, kRelease, kAcquire>},
    {"wrong_sequence_lock_data", SequenceLock<kRelaxed, kRelease, kAcquire>},
    {"wrong_sequence_lock_last", SequenceLock<kRelease, kRelaxed, kAcquire>},
    {"wrong_sequence_lock_first", SequenceLock<kRelease, kRelease, kRelaxed>},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc == 1) {
    for (const NamedProgram& program : kPrograms) std::puts(program.name);
    return 0;
  }
  return RunNamed(kPrograms, argc, argv);
}
