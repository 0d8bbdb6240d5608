#ifndef RACELAB_WORK_STACK_H_
#define RACELAB_WORK_STACK_H_

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The pages that a crawler has yet to fetch, by their number; the newest is fetched first.
//
// Safe to use from any number of threads at once: every page that is pushed is taken once.
//
// A page is read and removed under one and the same lock, so the page that is removed is the page that was read. New
// pages first go to a list with a lock of its own, and TakeNext() moves them to the stack. Only Size() holds both
// locks.
class WorkStack {
 public:
  void Push(int page) {
    absl::MutexLock lock(&incoming_mutex_);
    incoming_.push_back(page);
  }

  // Takes the newest page; nothing if there is none.
  std::optional<int> TakeNext() {
    const std::vector<int> incoming = TakeIncoming();
    absl::MutexLock lock(&mutex_);
    pages_.insert(pages_.end(), incoming.begin(), incoming.end());
    if (pages_.empty()) return std::nullopt;
    const int page = pages_.back();
    pages_.pop_back();
    return page;
  }

  // The number of pages on the stack.
  std::size_t Size() const {
    absl::MutexLock lock(&mutex_);
    absl::MutexLock incoming_lock(&incoming_mutex_);
    return pages_.size() + incoming_.size();
  }

 private:
  std::vector<int> TakeIncoming() {
    absl::MutexLock lock(&incoming_mutex_);
    return std::exchange(incoming_, {});
  }

  mutable absl::Mutex incoming_mutex_;
  std::vector<int> incoming_ ABSL_GUARDED_BY(incoming_mutex_);
  mutable absl::Mutex mutex_;
  std::vector<int> pages_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_WORK_STACK_H_
