#ifndef RACELAB_WORK_STACK_H_
#define RACELAB_WORK_STACK_H_

#include <cstddef>
#include <optional>

#include "labs/atomicity/top_then_pop/safe_stack.h"

// The pages that a crawler has yet to fetch, by their number; the newest is fetched first.
//
// Safe to use from any number of threads at once: every page that is pushed is taken once.
//
// One call of the vendor's reads the newest page and removes it, under one lock of the vendor's. Workers that find the
// stack empty do not get as far as that.
class WorkStack {
 public:
  void Push(int page) { pages_.push(page); }

  // Takes the newest page; nothing if there is none.
  std::optional<int> TakeNext() {
    if (pages_.empty()) return std::nullopt;
    return pages_.try_pop();
  }

  // The number of pages on the stack.
  std::size_t Size() const { return pages_.size(); }

 private:
  vendor::safe_stack<int> pages_;
};

#endif  // RACELAB_WORK_STACK_H_
