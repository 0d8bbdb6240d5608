#ifndef RACELAB_WORK_STACK_H_
#define RACELAB_WORK_STACK_H_

#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

// The pages that a crawler has yet to fetch, by their number; the newest is fetched first.
//
// Safe to use from any number of threads at once: every page that is pushed is taken once.
class WorkStack {
 public:
  void Push(int page) {
    std::lock_guard lock(mutex_);
    pages_.push_back(page);
  }

  // Takes the newest page; nothing if there is none.
  std::optional<int> TakeNext() {
    const std::optional<int> page = Top();
    if (page) Pop();
    return page;
  }

  // The number of pages on the stack.
  std::size_t Size() const {
    std::lock_guard lock(mutex_);
    return pages_.size();
  }

 private:
  std::optional<int> Top() const {
    std::lock_guard lock(mutex_);
    if (pages_.empty()) return std::nullopt;
    return pages_.back();
  }

  void Pop() {
    std::lock_guard lock(mutex_);
    if (!pages_.empty()) pages_.pop_back();
  }

  mutable std::mutex mutex_;
  std::vector<int> pages_;
};

#endif  // RACELAB_WORK_STACK_H_
