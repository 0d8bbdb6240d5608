#ifndef RACELAB_SANITIZERS_INTERLEAVE_MUTATION_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MUTATION_H_

// Mutation testing without recompiling. This runtime implements the functions that the program calls, so it can make
// the calls from one place behave slightly wrong: do the program's tests notice? `racelab mutate` first requests the
// places (option `sites`), then one mutant at a time (option `mutate`).

#include <cstdint>

#include "sanitizers/interleave/interleave.h"
#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

enum class Mutator : std::uint8_t {
  kNone,
  kSkipLock,      // a lock is neither taken nor released
  kOtherLock,     // another lock is taken instead
  kShareLock,     // an exclusive lock is taken shared
  kSplitSection,  // the lock is released and taken again before an access
  kSwapLocks,     // the lock is taken before the one that the thread already holds
  kSkipWait,      // a wait for a condition returns at once
  kSkipNotify,    // nobody is woken
  kNotifyOne,     // only one waiter is woken instead of all
  kOrderRelaxed,  // an atomic operation has this memory order
  kOrderAcquire,
  kOrderRelease,
  kSkipFence,
  kSplitUpdate,  // an atomic read-modify-write is a load and a store
  kMakePlain,    // an atomic access is a plain one
  kSkipJoin,     // a thread is detached instead of joined
  kSkipOnce,     // a one-time initialisation happens each time
};

// What the program does at a call site.
enum class SiteKind : std::uint8_t {
  kLock,
  kLockShared,
  kAccess,  // a memory access while the thread holds a lock
  kWait,
  kNotifyOne,
  kNotifyAll,
  kLoad,
  kStore,
  kUpdate,
  kCompareExchange,
  kFence,
  kJoin,
  kOnce,
  kSleep,  // not mutated: a thread sleeps, yields, times out or spins, perhaps instead of waiting
  kSpin,
};
const char* Name(SiteKind kind);

// The functions that take and release a lock, without mutation. Those for a shared lock are null if there are none.
using LockCalls = racelab_lock_calls;

// A call site: what is done there, and the calls that led there, innermost first. Its id, and that of each of its
// callers, is the same in every process of the program.
struct Site {
  static constexpr int kMostFrames = 32;
  SiteKind kind;
  std::uint8_t order = 0;  // of an atomic operation: the number of its memory order
  bool can_be_shared = false;
  bool writes = false;      // memory was written under the lock
  bool nested = false;      // a lock that was taken while the thread held another one
  bool concurrent = false;  // other threads were alive
  static constexpr int kMostLocks = 4;
  int locks = 0;  // of those that were taken here, some
  std::uintptr_t lock[kMostLocks];
  int frames = 0;
  const void* pc[kMostFrames];
  std::uint64_t id[kMostFrames];  // of the calls up to, and with, this frame
};

class Mutations {
 public:
  // Whether call sites must be looked at; and accesses to memory under a lock.
  bool active = false, watches_accesses = false;

  // Reads the options. Call this before an exploration, and then before each of its executions.
  void BeginExploration();
  void BeginExecution();

  // The calls below are made by the running thread, whose innermost frame is `pc`.

  // The thread is about to take a lock. Returns true if something else was done instead, and the thread is to continue
  // as if it held the lock.
  bool Lock(void* lock, bool shared, const LockCalls& calls, const void* pc);
  // Like Lock(), for a try; a call of Locked() follows if it succeeds.
  bool TryLock(void* lock, bool shared, const LockCalls& calls, const void* pc);
  void Locked(void* lock, bool shared, const LockCalls& calls);
  // The thread is about to release a lock. Returns true if something else was done instead.
  bool Unlock(void* lock, const void* pc);
  // The lock that the thread really holds where the program names `lock`; 0: none.
  std::uintptr_t HeldFor(std::uintptr_t lock) const;
  // The thread is about to access memory.
  void Access(std::uintptr_t address, bool write, const void* pc);

  // The thread is about to do something else. Returns the mutator to apply; kNone: none.
  Mutator At(SiteKind kind, const void* pc, int order = 0);
  // The mutant has done something that the program could not have done.
  void Differs() { differs_ = true; }

  // Whether the running execution has been mutated, and whether the mutation was observable.
  bool applied() const { return applied_; }
  bool differs() const { return differs_; }
  bool collects() const { return collects_; }
  const Vector<Site>& sites() const { return sites_; }

 private:
  // A lock that a thread has taken, really or as pretended by a mutant.
  struct Section {
    void* lock;
    LockCalls calls;
    bool shared;
    Mutator how = Mutator::kNone;
    int outermost_access = INT32_MAX;  // The least depth of the call stack at which shared memory was accessed in it.
    bool met_contended = false;        // Memory that several threads access, and not only read.
    bool was_split = false;
    std::uint64_t site = 0;  // the id under which the site was collected

    void Take(const void* pc) const { (shared ? calls.lock_shared : calls.lock)(lock, pc); }
    void GiveBack(const void* pc) const { (shared ? calls.unlock_shared : calls.unlock)(lock, pc); }
  };

  Mutator Of(const Site& site);
  void Collect(const Site& site);
  bool TakeOtherwise(Mutator mutator, void* lock, bool shared, const LockCalls& calls, const void* pc);
  void NoteIfUnprotected(std::uintptr_t lock);
  const Section* Innermost(std::uintptr_t lock) const;
  std::uint64_t IdOf(const void* pc);
  bool* NoteAccess(std::uintptr_t address, bool write);
  void FindIds(Site& site, const void* pc);
  void FindIdsByUnwinding(Site& site, const void* pc);

  Mutator mutator_ = Mutator::kNone;
  bool collects_ = false, applied_ = false, differs_ = false;
  AddressMap<bool> wanted_;           // The ids of the sites that are mutated.
  AddressMap<std::uint64_t> places_;  // By address: the place in its module.
  struct Accessed {
    int last = 0;          // One more than the slot of the last thread.
    bool written = false;  // While several threads were alive.
  };
  AddressMap<Accessed> accessed_;  // By granule, in this execution;
  // and whether, in any execution so far, several threads have accessed it, and (true) it was written as well.
  AddressMap<bool> shared_;
  AddressMap<std::size_t> known_;  // By id: the index in `sites_`.
  Vector<Site> sites_;
  Vector<Section> sections_[kMaxThreads];  // Of each thread.
  std::uint64_t site_of_lock_ = 0;         // About to be taken.
};

extern Mutations mutations;

// "skip-lock:1f3a+22b7": the mutator, and the ids of the sites. False if there is no such mutator.
bool ParseMutation(const char* text, Mutator& mutator, Vector<std::uint64_t>& ids);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MUTATION_H_
