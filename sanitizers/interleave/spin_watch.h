#ifndef RACELAB_SANITIZERS_INTERLEAVE_SPIN_WATCH_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SPIN_WATCH_H_

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// Recognises a thread in a loop without an effect: it looks at the same memory and objects, from the same places, and
// finds the same values as before. A look is a read of memory, a failed compare-exchange or try, or taking a lock that
// no other thread has held since. If a thread changes something that others can see, call Forget().
//
// The first rounds are ordinary steps (what the thread looks at may change between any two of them, and code that looks
// twice may depend on this). Further rounds could only repeat these, so they run without a choice; a loop that goes on
// like this spins. A loop that gives up after a while (as the C++ library's loops do before they sleep) ends before
// that.
class SpinWatch {
 public:
  enum class Look { kStep, kRepeat, kSpin };

  // Whether it has looked at anything since Forget().
  bool watches() const { return count_ > 0; }

  // The thread is about to write to memory that others may see. A write of the same value as in the last round is not
  // an effect. (The previous value may be left over from an earlier execution.)
  void NoteWrite(std::uintptr_t address, std::size_t size) {
    if (count_ == 0) return;
    SettleWrite();
    for (int i = 0; i < writes_; ++i) {
      if (written_[i].address != address || written_[i].size != size) continue;
      written_[i].touched = true;
      unsettled_ = i;
      return;
    }
    if (writes_ == kMostWrites || size > sizeof(std::uint64_t)) return Forget();
    unsettled_ = writes_;
    written_[writes_++] = {address, 0, 0, static_cast<std::uint8_t>(size), true, false};
  }

  // Call this at the thread's next action: by then the value has been written, and not yet overwritten by another
  // function's frame.
  void SettleWrite() {
    if (unsettled_ < 0) return;
    PastWrite& write = written_[unsettled_];
    write.value = Value(write.address, write.size);
    unsettled_ = -1;
  }

  // The thread looks at `address` from `pc`, at the moment `now`. `has_changed(address, moment)` returns whether the
  // value there has changed since `moment`.
  template <typename HasChanged>
  Look Note(std::uintptr_t address, const void* pc, std::uint32_t now, HasChanged&& has_changed) {
    if ((count_ | writes_) == 0) [[likely]] {
      looks_[count_++] = {address, pc, now, 0};
      return Look::kStep;
    }
    return NoteFurther(address, pc, now, has_changed);
  }

  void Forget() {
    count_ = writes_ = 0;
    unsettled_ = -1;
    patience_ = kPatience;
  }

  // Whether any value that the thread looks at in its loop has changed.
  template <typename HasChanged>
  bool Changed(HasChanged&& has_changed) const {
    for (int i = 0; i < count_; ++i) {
      if (has_changed(looks_[i].address, looks_[i].since)) return true;
    }
    return false;
  }

  // Call this when the thread is about to be considered spinning: keeps the values that it looks at, because an unseen
  // library may also write there.
  template <typename IsMemory>
  void KeepValues(IsMemory&& is_memory) {
    for (int i = 0; i < count_; ++i) looks_[i].value = is_memory(looks_[i].address) ? ValueNear(looks_[i].address) : 0;
  }
  template <typename IsMemory>
  bool ChangedUnseen(IsMemory&& is_memory) const {
    for (int i = 0; i < count_; ++i) {
      if (is_memory(looks_[i].address) && ValueNear(looks_[i].address) != looks_[i].value) return true;
    }
    return false;
  }

  // Lets the thread continue for many rounds, because the loop may end by itself. Returns false if it has already been
  // allowed to.
  bool BePatient() {
    if (patience_ > kPatience) return false;
    patience_ = kLastPatience;
    return true;
  }
  bool patient() const { return patience_ > kPatience; }

 private:
  template <typename HasChanged>
  [[gnu::noinline]] Look NoteFurther(std::uintptr_t address, const void* pc, std::uint32_t now,
                                     HasChanged& has_changed) {
    CheckWrites();
    for (int i = count_; i-- > 0;) {
      if (looks_[i].address != address || looks_[i].pc != pc) continue;
      if (has_changed(address, looks_[i].since)) {
        Forget();
        break;
      }
      const int rounds = ++looks_[i].rounds;
      if (rounds >= 2) DropWhatIsOutside(rounds);
      return rounds > patience_ ? Look::kSpin : rounds > kSteps ? Look::kRepeat : Look::kStep;
    }
    if (count_ == kMostLooks) Forget();  // A longer round is not recognised.
    looks_[count_++] = {address, pc, now, 0};
    return Look::kStep;
  }

  // Checks whether this round has written the same as the last one; otherwise the count of rounds begins again.
  void CheckWrites() {
    SettleWrite();
    bool changed = false;
    for (int i = 0; i < writes_; ++i) {
      PastWrite& write = written_[i];
      if (!write.touched) continue;
      changed |= !write.known || write.value != write.before;
      write.before = write.value;
      write.touched = false;
      write.known = true;
    }
    if (!changed) return;
    count_ = 0;
    patience_ = kPatience;
  }

  static std::uint64_t ValueNear(std::uintptr_t address) { return Value(address & ~std::uintptr_t{7}, 8); }

  static constexpr int kMostWrites = 16;  // In a round.
  static constexpr int kMostLooks = 32;
  static constexpr int kSteps = 2;
  static constexpr int kPatience = 40;  // libstdc++ reads 16 times before it sleeps.
  static constexpr int kLastPatience = 100000;
  struct PastLook {
    std::uintptr_t address;
    const void* pc;
    std::uint32_t since;  // The moment of the first of `rounds` looks that found the same value.
    int rounds;
    std::uint64_t value = 0;  // Of KeepValues(): the value of the granule that contains the address.
  };

  // Drops the looks before the loop began: they were not repeated in the last round.
  void DropWhatIsOutside(int rounds) {
    int kept = 0;
    for (int i = 0; i < count_; ++i) {
      if (looks_[i].rounds >= rounds - 1) looks_[kept++] = looks_[i];
    }
    count_ = kept;
  }

  struct PastWrite {
    std::uintptr_t address;
    std::uint64_t before;  // Its value after the last round, if known,
    std::uint64_t value;   // and now.
    std::uint8_t size;
    bool touched, known;
  };

  int count_ = 0;
  int writes_ = 0;
  int unsettled_ = -1;  // The write whose value is not known yet; -1: none.
  int patience_ = kPatience;
  PastLook looks_[kMostLooks];
  PastWrite written_[kMostWrites];
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SPIN_WATCH_H_
