#ifndef RACELAB_WORK_STACK_H_
#define RACELAB_WORK_STACK_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The pages that a crawler has yet to fetch, by their number; the newest is fetched first.
//
// Safe to use from any number of threads at once: every page that is pushed is taken once.
//
// A page is read and removed under one and the same lock, so the page that is removed is the page that was read. The
// lock is ours and guards a plain vector: under it, a stack with a lock inside would only lock twice.
class WorkStack {
 public:
  void Push(int page) {
    absl::MutexLock lock(&mutex_);
    pages_.push_back(page);
  }

  // Takes the newest page; nothing if there is none.
  std::optional<int> TakeNext() {
    absl::MutexLock lock(&mutex_);
    if (pages_.empty()) return std::nullopt;
    const int page = pages_.back();
    pages_.pop_back();
    return page;
  }

  // The number of pages on the stack.
  std::size_t Size() const {
    absl::MutexLock lock(&mutex_);
    return pages_.size();
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<int> pages_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_WORK_STACK_H_
