#ifndef RACELAB_LABS_ATOMICITY_TOP_THEN_POP_SAFE_STACK_H_
#define RACELAB_LABS_ATOMICITY_TOP_THEN_POP_SAFE_STACK_H_

// Part of the container library that the crawler's company has bought. Not ours to change.

#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace vendor {

// A thread-safe stack: every operation is atomic. The interface follows std::stack; operations on an empty stack are
// safe, too.
template <typename T>
class safe_stack {
 public:
  void push(T value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.push_back(std::move(value));
  }

  // The newest element; nothing if the stack is empty.
  std::optional<T> top() const {
    std::lock_guard<std::mutex> lock(mutex_);
    if (values_.empty()) return std::nullopt;
    return values_.back();
  }

  // Removes the newest element, if there is one.
  void pop() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!values_.empty()) values_.pop_back();
  }

  // Since version 2.3.
  std::optional<T> try_pop() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (values_.empty()) return std::nullopt;
    std::optional<T> newest = std::move(values_.back());
    values_.pop_back();
    return newest;
  }

  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

  bool empty() const { return size() == 0; }

 private:
  mutable std::mutex mutex_;
  std::vector<T> values_;
};

}  // namespace vendor

#endif  // RACELAB_LABS_ATOMICITY_TOP_THEN_POP_SAFE_STACK_H_
