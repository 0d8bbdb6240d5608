#ifndef RACELAB_WORK_STACK_H_
#define RACELAB_WORK_STACK_H_

#include <cstddef>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "solutions/support/channel.h"

// The pages that a crawler has yet to fetch, by their number; the newest is fetched first.
//
// Safe to use from any number of threads at once: every page that is pushed is taken once. The pages belong to a thread
// of the stack's own, the owner. It removes a page and sends it to the worker who asked before it takes the next
// request, so no two workers get the same page. Messages of one sender arrive in order: a worker that pushes a page and
// then takes one finds it on the stack.
class WorkStack {
 public:
  WorkStack() : owner_([this] { Serve(); }) {}

  ~WorkStack() {
    inbox_.Close();
    owner_.join();
  }

  // Returns before the page is on the stack.
  void Push(int page) { inbox_.Send(page); }

  // Takes the newest page; nothing if there is none.
  std::optional<int> TakeNext() {
    Channel<std::optional<int>> answer;
    inbox_.Send(&answer);
    return *answer.Receive();
  }

  // The number of pages on the stack.
  std::size_t Size() const {
    Channel<std::size_t> answer;
    inbox_.Send(&answer);
    return *answer.Receive();
  }

 private:
  // A page to push; or where to send the newest page; or where to send the number of pages.
  using Message = std::variant<int, Channel<std::optional<int>>*, Channel<std::size_t>*>;

  void Serve() {
    std::vector<int> pages;
    while (const auto message = inbox_.Receive()) {
      if (const int* page = std::get_if<int>(&*message)) {
        pages.push_back(*page);
      } else if (const auto* size = std::get_if<Channel<std::size_t>*>(&*message)) {
        (*size)->Send(pages.size());
      } else {
        std::optional<int> newest;
        if (!pages.empty()) {
          newest = pages.back();
          pages.pop_back();
        }
        std::get<Channel<std::optional<int>>*>(*message)->Send(newest);
      }
    }
  }

  mutable Channel<Message> inbox_;
  std::thread owner_;  // Last: it begins to receive at once.
};

#endif  // RACELAB_WORK_STACK_H_
