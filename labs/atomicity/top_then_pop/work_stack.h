#ifndef RACELAB_WORK_STACK_H_
#define RACELAB_WORK_STACK_H_

#include <cstddef>
#include <optional>

#include "labs/atomicity/top_then_pop/safe_stack.h"

// The pages that a crawler has yet to fetch, by their number; the newest is fetched first.
//
// Safe to use from any number of threads at once: every page that is pushed is taken once.
class WorkStack {
 public:
  void Push(int page) { pages_.push(page); }

  // Takes the newest page; nothing if there is none.
  std::optional<int> TakeNext() {
    const std::optional<int> page = pages_.top();
    if (page) pages_.pop();
    return page;
  }

  // The number of pages on the stack.
  std::size_t Size() const { return pages_.size(); }

 private:
  vendor::safe_stack<int> pages_;  // Thread-safe, so there is nothing to lock here.
};

#endif  // RACELAB_WORK_STACK_H_
