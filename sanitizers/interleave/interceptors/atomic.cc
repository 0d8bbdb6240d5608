// Atomic operations and fences, as the compilers announce them. Executions are interleavings: every load returns the
// latest store. The memory orders only determine what happens before what.

#include <utility>

#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/interceptors/real_atomic.h"
#include "sanitizers/interleave/mutation.h"
#include "sanitizers/interleave/older_values.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {
namespace {

__extension__ using Bytes16 = unsigned __int128;

template <typename T>
Operation MakeAtomic(Kind kind, bool writes, const volatile T* address, const void* pc) {
  return Make(kind, writes, address, pc, sizeof(T));
}

constexpr int kSequentiallyConsistent = 5;

// Notes that weaker orders allow executions that are not interleavings.
void NoteOrder(Operation& operation, int order) {
  operation.order = static_cast<std::uint8_t>(order);
  execution.left_out.weak_orders |= order != kSequentiallyConsistent && execution.concurrent();
}

// Whether the order that an operation establishes must be computed: there is another thread, and the step does not
// repeat an earlier execution. (HappensBefore checks this too, but asking here saves a call for each access.)
bool OrdersAnew() { return execution.concurrent() && !execution.happens_before.repeating(); }

// How an atomic operation is carried out.
enum class AtomicAs { kWritten, kPlain, kSplit };

struct MutatedAtomic {
  AtomicAs as = AtomicAs::kWritten;
  int order;
};

// Returns by value, and is not inlined, so that this rare case costs atomic operations no registers.
[[gnu::noinline]] MutatedAtomic Mutate(SiteKind kind, std::uintptr_t address, int order, const void* pc) {
  constexpr int kRelaxed = 0, kAcquire = 2, kRelease = 3;
  mutations.Access(address, kind != SiteKind::kLoad, pc);
  switch (mutations.At(kind, pc, order)) {
    case Mutator::kOrderRelaxed:
      return {.order = kRelaxed};
    case Mutator::kOrderAcquire:
      return {.order = kAcquire};
    case Mutator::kOrderRelease:
      return {.order = kRelease};
    case Mutator::kMakePlain:
      return {AtomicAs::kPlain, order};
    case Mutator::kSplitUpdate:
      return {AtomicAs::kSplit, order};
    default:
      return {.order = order};
  }
}

template <typename T>
inline T LoadAsWritten(const volatile T* address, int order, const void* pc) {
  Operation operation = MakeAtomic(Kind::kLoad, false, address, pc);
  NoteOrder(operation, order);
  operation.rereads = true;
  execution.Step(operation);
  const T value = *address;
  execution.Atomic(Address(address), sizeof(T), false, false, pc);
  if (OrdersAnew()) execution.happens_before.AtomicLoad(execution.current, Address(address), order);
  return value;
}

// Whether loads of such an object may return older values.
template <typename T>
bool MayBeOlder() {
  return sizeof(T) <= 8 && older_values.active && execution.me().announcing == 0;
}

template <typename T>
[[gnu::noinline]] T LoadPerhapsOlder(const volatile T* address, int order, const void* pc) {
  older_values.Meet(Address(address), sizeof(T), static_cast<std::uint64_t>(*address));
  Operation operation = MakeAtomic(Kind::kLoad, false, address, pc);
  NoteOrder(operation, order);
  operation.rereads = true;
  execution.Step(operation);
  const int older = execution.Choose(older_values.Choices(Address(address), order), pc, /*shown=*/false);
  const auto value = static_cast<T>(older_values.Loaded(Address(address), older, order));
  execution.Atomic(Address(address), sizeof(T), false, false, pc);
  execution.happens_before.AtomicLoad(execution.current, older_values.ReleasedBy(Address(address), older), order);
  if (older > 0 && execution.recording != nullptr) execution.RecordOlderValue(value);
  return value;
}

// Call these before and after an operation that may store. The first returns the time of the store, for the second.
template <typename T>
std::int32_t MeetForLater(const volatile T* address) {
  older_values.Meet(Address(address), sizeof(T), static_cast<std::uint64_t>(*address));
  return execution.happens_before.TimeOf(execution.current);
}
template <typename T>
void KeepForLater(const volatile T* address, bool stored, std::int32_t time, int order) {
  if (stored) {
    older_values.Stored(Address(address), static_cast<std::uint64_t>(*address), time, order);
  } else {
    older_values.Loaded(Address(address), 0, order);
  }
}

template <typename T>
inline T Load(const volatile T* address, int order, const void* pc) {
  if (!Visible()) return RealLoad(address);
  if (mutations.active) [[unlikely]] {
    const MutatedAtomic mutated = Mutate(SiteKind::kLoad, Address(address), order, pc);
    if (mutated.as == AtomicAs::kPlain) {
      execution.Plain(Address(address), sizeof(T), false, pc);
      return *address;
    }
    order = mutated.order;
    if (MayBeOlder<T>()) return LoadPerhapsOlder(address, order, pc);
  }
  return LoadAsWritten(address, order, pc);
}

template <typename T>
inline void StoreAsWritten(volatile T* address, T value, int order, const void* pc) {
  Operation operation = MakeAtomic(Kind::kStore, true, address, pc);
  NoteOrder(operation, order);
  execution.Step(operation);
  const bool changed = *address != value;
  *address = value;
  execution.Atomic(Address(address), sizeof(T), true, changed, pc);
  if (OrdersAnew()) execution.happens_before.AtomicStore(execution.current, Address(address), order);
}

template <typename T>
[[gnu::noinline]] void StoreForLater(volatile T* address, T value, int order, const void* pc) {
  const std::int32_t time = MeetForLater(address);
  StoreAsWritten(address, value, order, pc);
  KeepForLater(address, true, time, order);
}

template <typename T>
inline void Store(volatile T* address, T value, int order, const void* pc) {
  if (!Visible()) {
    RealChange(address, [value](T) { return value; });
    return;
  }
  if (mutations.active) [[unlikely]] {
    const MutatedAtomic mutated = Mutate(SiteKind::kStore, Address(address), order, pc);
    if (mutated.as == AtomicAs::kPlain) {
      execution.Plain(Address(address), sizeof(T), true, pc);
      *address = value;
      return;
    }
    order = mutated.order;
    if (MayBeOlder<T>()) return StoreForLater(address, value, order, pc);
  }
  StoreAsWritten(address, value, order, pc);
}

// The mutant of a read-modify-write: update(old, value) says whether `value` is to be stored in place of `old`.
template <typename T, typename Update>
[[gnu::noinline]] T ChangeInTwo(MutatedAtomic mutated, volatile T* address, const void* pc, Update update) {
  T value{};
  if (mutated.as == AtomicAs::kPlain) {
    execution.Plain(Address(address), sizeof(T), false, pc);
    const T old = *address;
    if (!update(old, value)) return old;
    execution.Plain(Address(address), sizeof(T), true, pc);
    if (*address != old) mutations.Differs();
    *address = value;
    return old;
  }
  const T old = LoadAsWritten(address, mutated.order, pc);
  const std::uint32_t changes = execution.ChangesOf(Address(address));
  if (!update(old, value)) return old;
  StoreAsWritten(address, value, mutated.order, pc);
  if (execution.ChangesOf(Address(address)) > changes + (old != value)) mutations.Differs();
  return old;
}

// `operation` is the announced operation; `update(old)` returns the new value.
template <typename T, typename Update>
[[gnu::always_inline]] inline T ChangeAsWritten(volatile T* address, Operation& operation, int order, Update update) {
  NoteOrder(operation, order);
  execution.Step(operation);
  const T old = *address;
  const T value = update(old);
  *address = value;
  execution.Atomic(Address(address), sizeof(T), true, old != value, operation.pc);
  if (OrdersAnew()) execution.happens_before.AtomicUpdate(execution.current, Address(address), order);
  return old;
}

template <typename T, typename Update>
[[gnu::noinline]] T ChangeForLater(volatile T* address, Operation operation, int order, Update update) {
  const std::int32_t time = MeetForLater(address);
  const T old = ChangeAsWritten(address, operation, order, update);
  KeepForLater(address, true, time, order);
  return old;
}

template <typename T, typename Update>
inline T Change(volatile T* address, Operation operation, int order, Update update) {
  if (!Visible()) return RealChange(address, update);
  if (mutations.active) [[unlikely]] {
    const MutatedAtomic mutated = Mutate(SiteKind::kUpdate, Address(address), order, operation.pc);
    if (mutated.as != AtomicAs::kWritten) {
      return ChangeInTwo(mutated, address, operation.pc, [update](T old, T& value) {
        value = update(old);
        return true;
      });
    }
    order = mutated.order;
    if (MayBeOlder<T>()) return ChangeForLater(address, operation, order, update);
  }
  return ChangeAsWritten(address, operation, order, update);
}

template <typename T>
inline T Exchange(volatile T* address, T value, int order, const void* pc) {
  Operation operation = MakeAtomic(Kind::kUpdate, true, address, pc);
  operation.rereads = *address == value;
  return Change(address, operation, order, [value](T) { return value; });
}

template <typename T, typename Update>
inline T FetchAnd(volatile T* address, int order, const void* pc, Update update) {
  return Change(address, MakeAtomic(Kind::kUpdate, true, address, pc), order, update);
}

// clang announces weak and strong compare-exchanges alike. (Nor can the program be told that a weak one has failed
// without cause: it compares the value that this runtime returns with the expected one.)
void NoteMayBeWeak(const void* pc) {
  if (Visible() && execution.concurrent()) execution.NoteCompareExchange(pc);
}

// Whether a weak compare-exchange that would succeed fails without cause: at most once before it succeeds.
bool FailsWithoutCause(std::uintptr_t address, const void* pc) {
  Thread& thread = execution.me();
  if (!options.spurious || !execution.concurrent() || thread.announcing > 0) return false;
  const bool fails = thread.failed_at != address && execution.Choose(2, pc) == 1;
  thread.failed_at = fails ? address : 0;
  return fails;
}

template <typename T>
[[gnu::always_inline]] inline bool CompareExchangeAsWritten(volatile T* address, T& expected, T value, bool weak,
                                                            int order, int failure_order, const void* pc) {
  Operation operation = MakeAtomic(Kind::kCompareExchange, true, address, pc);
  if constexpr (sizeof(T) <= 8) {
    operation.compares = true;
    operation.expected = static_cast<std::uint64_t>(expected);
    operation.rereads = *address != expected;
    if constexpr (sizeof(T) == 8) execution.Expects(operation.expected);
  }
  NoteOrder(operation, order);
  execution.Step(operation);
  const T old = *address;
  const bool equal = old == expected && !(weak && FailsWithoutCause(Address(address), pc));
  if (equal) *address = value;
  expected = old;
  execution.Atomic(Address(address), sizeof(T), equal, equal && old != value, pc);
  if (!OrdersAnew()) return equal;
  if (equal) {
    execution.happens_before.AtomicUpdate(execution.current, Address(address), order);
  } else {
    execution.happens_before.AtomicLoad(execution.current, Address(address), failure_order);
  }
  return equal;
}

template <typename T>
struct Compared {
  bool equal;
  T old;
};
template <typename T>
[[gnu::noinline]] Compared<T> CompareExchangeForLater(volatile T* address, T expected, T value, bool weak, int order,
                                                      int failure_order, const void* pc) {
  const std::int32_t time = MeetForLater(address);
  const bool equal = CompareExchangeAsWritten(address, expected, value, weak, order, failure_order, pc);
  KeepForLater(address, equal, time, equal ? order : failure_order);
  return {equal, expected};
}

template <typename T>
inline bool CompareExchange(volatile T* address, T& expected, T value, bool weak, int order, int failure_order,
                            const void* pc) {
  if (!Visible()) {
    const T old = RealChange(address, [&](T now) { return now == expected ? value : now; });
    const bool equal = old == expected;
    expected = old;
    return equal;
  }
  if (mutations.active) [[unlikely]] {
    const MutatedAtomic mutated = Mutate(SiteKind::kCompareExchange, Address(address), order, pc);
    if (mutated.as != AtomicAs::kWritten) {
      const T wanted = expected;
      const T old = ChangeInTwo(mutated, address, pc, [wanted, value](T now, T& to) {
        to = value;
        return now == wanted;
      });
      return std::exchange(expected, old) == old;
    }
    order = mutated.order;
    if (MayBeOlder<T>()) {
      const Compared<T> compared = CompareExchangeForLater(address, expected, value, weak, order, failure_order, pc);
      expected = compared.old;
      return compared.equal;
    }
  }
  return CompareExchangeAsWritten(address, expected, value, weak, order, failure_order, pc);
}

}  // namespace
}  // namespace racelab::interleave

namespace interleave = racelab::interleave;

#define RACELAB_ATOMIC(bits, T)                                                                                     \
  RACELAB_INTERCEPTOR T __tsan_atomic##bits##_load(const volatile T* a, int order) {                                \
    return interleave::Load(a, order, RACELAB_CALLER);                                                              \
  }                                                                                                                 \
  RACELAB_INTERCEPTOR void __tsan_atomic##bits##_store(volatile T* a, T v, int order) {                             \
    interleave::Store(a, v, order, RACELAB_CALLER);                                                                 \
  }                                                                                                                 \
  RACELAB_INTERCEPTOR T __tsan_atomic##bits##_exchange(volatile T* a, T v, int order) {                             \
    return interleave::Exchange(a, v, order, RACELAB_CALLER);                                                       \
  }                                                                                                                 \
  RACELAB_INTERCEPTOR T __tsan_atomic##bits##_fetch_add(volatile T* a, T v, int order) {                            \
    return interleave::FetchAnd(a, order, RACELAB_CALLER, [v](T old) { return static_cast<T>(old + v); });          \
  }                                                                                                                 \
  RACELAB_INTERCEPTOR T __tsan_atomic##bits##_fetch_sub(volatile T* a, T v, int order) {                            \
    return interleave::FetchAnd(a, order, RACELAB_CALLER, [v](T old) { return static_cast<T>(old - v); });          \
  }                                                                                                                 \
  RACELAB_INTERCEPTOR T __tsan_atomic##bits##_fetch_and(volatile T* a, T v, int order) {                            \
    return interleave::FetchAnd(a, order, RACELAB_CALLER, [v](T old) { return static_cast<T>(old & v); });          \
  }                                                                                                                 \
  RACELAB_INTERCEPTOR T __tsan_atomic##bits##_fetch_or(volatile T* a, T v, int order) {                             \
    return interleave::FetchAnd(a, order, RACELAB_CALLER, [v](T old) { return static_cast<T>(old | v); });          \
  }                                                                                                                 \
  RACELAB_INTERCEPTOR T __tsan_atomic##bits##_fetch_xor(volatile T* a, T v, int order) {                            \
    return interleave::FetchAnd(a, order, RACELAB_CALLER, [v](T old) { return static_cast<T>(old ^ v); });          \
  }                                                                                                                 \
  RACELAB_INTERCEPTOR T __tsan_atomic##bits##_fetch_nand(volatile T* a, T v, int order) {                           \
    return interleave::FetchAnd(a, order, RACELAB_CALLER, [v](T old) { return static_cast<T>(~(old & v)); });       \
  }                                                                                                                 \
  RACELAB_INTERCEPTOR int __tsan_atomic##bits##_compare_exchange_strong(volatile T* a, T* expected, T v, int order, \
                                                                        int failure) {                              \
    return interleave::CompareExchange(a, *expected, v, false, order, failure, RACELAB_CALLER);                     \
  }                                                                                                                 \
  RACELAB_INTERCEPTOR int __tsan_atomic##bits##_compare_exchange_weak(volatile T* a, T* expected, T v, int order,   \
                                                                      int failure) {                                \
    return interleave::CompareExchange(a, *expected, v, true, order, failure, RACELAB_CALLER);                      \
  }                                                                                                                 \
  RACELAB_INTERCEPTOR T __tsan_atomic##bits##_compare_exchange_val(volatile T* a, T expected, T v, int order,       \
                                                                   int failure) {                                   \
    interleave::NoteMayBeWeak(RACELAB_CALLER);                                                                      \
    interleave::CompareExchange(a, expected, v, false, order, failure, RACELAB_CALLER);                             \
    return expected;                                                                                                \
  }
RACELAB_ATOMIC(8, std::uint8_t)
RACELAB_ATOMIC(16, std::uint16_t)
RACELAB_ATOMIC(32, std::uint32_t)
RACELAB_ATOMIC(64, std::uint64_t)
RACELAB_ATOMIC(128, interleave::Bytes16)

RACELAB_INTERCEPTOR void __tsan_atomic_thread_fence(int order) {
  using namespace interleave;
  if (!Visible()) return;
  execution.fences = true;
  if (mutations.active && mutations.At(SiteKind::kFence, RACELAB_CALLER, order) == Mutator::kSkipFence) [[unlikely]]
    return;
  if (older_values.active) [[unlikely]]
    older_values.Fence(order);
  execution.happens_before.Fence(execution.current, order);
}
RACELAB_INTERCEPTOR void __tsan_atomic_signal_fence(int) {}
