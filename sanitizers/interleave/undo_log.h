#ifndef RACELAB_SANITIZERS_INTERLEAVE_UNDO_LOG_H_
#define RACELAB_SANITIZERS_INTERLEAVE_UNDO_LOG_H_

#include <cstddef>

#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// Values that assignments have overwritten, so that the assignments can be undone, the latest first. It holds at most
// `kMost` values. Beyond that, it forgets everything and saves nothing until Begin(): the saved work is not worth
// unlimited memory.
//
// A vector would also work; but every access to memory comes here, and Push() has only one branch.
template <typename T>
class UndoLog {
 public:
  static constexpr std::size_t kMost = 2 << 20;

  UndoLog() = default;
  UndoLog(const UndoLog&) = delete;
  UndoLog& operator=(const UndoLog&) = delete;

  // Empties the log.
  void Begin() {
    end_ = begin_;
    limit_ = begin_ + capacity_;
    saves_ = true;
  }
  // From now on, nothing is saved.
  void Stop() {
    if (begin_ != nullptr) FreeRuntimeMemory(begin_, capacity_ * sizeof(T));
    begin_ = end_ = limit_ = nullptr;
    capacity_ = 0;
    saves_ = false;
  }
  bool saves() const { return saves_; }

  void Push(const T& value) {
    if (end_ == limit_) [[unlikely]] {
      if (!Grow()) return;
    }
    *end_++ = value;
  }
  T Pop() { return *--end_; }
  std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }

 private:
  // False if the value must not be saved.
  [[gnu::noinline]] bool Grow() {
    if (!saves_) return false;
    if (capacity_ == kMost) {
      Stop();
      return false;
    }
    const std::size_t capacity = capacity_ == 0 ? 256 : 2 * capacity_;
    T* larger = static_cast<T*>(AllocateRuntimeMemory(capacity * sizeof(T)));
    const std::size_t used = size();
    for (std::size_t i = 0; i < used; ++i) larger[i] = begin_[i];
    if (begin_ != nullptr) FreeRuntimeMemory(begin_, capacity_ * sizeof(T));
    begin_ = larger;
    end_ = begin_ + used;
    capacity_ = capacity;
    limit_ = begin_ + capacity_;
    return true;
  }

  T* begin_ = nullptr;
  T* end_ = nullptr;
  T* limit_ = nullptr;
  std::size_t capacity_ = 0;
  bool saves_ = true;
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_UNDO_LOG_H_
