#ifndef RACELAB_SANITIZERS_INTERLEAVE_SPIN_WATCH_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SPIN_WATCH_H_

#include <cstdint>

#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// Recognises a thread that spins: it reads the same few addresses, from the same places, again and again, and finds
// what it found before.
//
// The first re-reads are steps like any other (a value may change between any two of them, and code that reads twice
// may depend on it). Further ones could only repeat, so they run without a choice; a thread that goes on like that
// waits until one of the addresses has changed. A loop that gives up after a while (as the C++ library's do before they
// sleep) is over before that.
class SpinWatch {
 public:
  enum class Read { kStep, kRepeat, kSpin };

  // A read of `address` at `pc`, whose value has changed `version` times so far.
  Read Note(std::uintptr_t address, const void* pc, std::uint32_t version) {
    for (int i = 0; i < count_; ++i) {
      if (reads_[i].address != address || reads_[i].pc != pc) continue;
      if (reads_[i].version != version) {
        Forget();
        break;
      }
      const int repeats = ++reads_[i].repeats;
      return repeats > patience_ ? Read::kSpin : repeats > kSteps ? Read::kRepeat : Read::kStep;
    }
    if (count_ == kReads) Forget();
    reads_[count_++] = {address, pc, version, 0};
    return Read::kStep;
  }

  // The thread did something else that others can see.
  void Forget() {
    count_ = 0;
    patience_ = kPatience;
  }

  // Whether something that the thread waits for has changed.
  bool Changed(AddressMap<std::uint32_t>& versions) const {
    for (int i = 0; i < count_; ++i) {
      const std::uint32_t* version = versions.Find(reads_[i].address);
      if ((version == nullptr ? 0 : *version) != reads_[i].version) return true;
    }
    return false;
  }

  // Nothing else can happen: lets it go on for a while, since the loop may end by itself. False if it has had its
  // while.
  bool BePatient() {
    if (patience_ > kPatience) return false;
    patience_ = kLastPatience;
    return true;
  }

 private:
  static constexpr int kReads = 6;
  static constexpr int kSteps = 2;
  static constexpr int kPatience = 40;  // libstdc++ reads 16 times before it sleeps.
  static constexpr int kLastPatience = 100000;
  struct PastRead {
    std::uintptr_t address;
    const void* pc;
    std::uint32_t version;
    int repeats;
  };

  PastRead reads_[kReads];
  int count_ = 0;
  int patience_ = kPatience;
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SPIN_WATCH_H_
