#ifndef RACELAB_LABS_FIRST_THREADS_AWAIT_IN_THE_MIDDLE_EVENT_LOOP_H_
#define RACELAB_LABS_FIRST_THREADS_AWAIT_IN_THE_MIDDLE_EVENT_LOOP_H_

#include <coroutine>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

// A function that can be suspended and resumed, with the result that it returns in the end. It runs on the thread that
// runs the event loop, and nothing interrupts it between one `co_await` and the next.
//
//   Task<int> Double(EventLoop& loop, int number) {
//     co_await loop.NextTurn();  // Other tasks run now.
//     co_return 2 * number;
//   }
//
// A task begins when it is started on the loop, or when another task awaits it; the awaiting task resumes when it has
// ended. A task must not throw, and its Task object must be kept until the task or the loop has ended.
template <typename T>
class [[nodiscard]] Task {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  struct promise_type {
    Task get_return_object() { return Task(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept { return Ended(); }
    void return_value(T value) { result = std::move(value); }
    void unhandled_exception() { std::terminate(); }

    std::optional<T> result;
    std::coroutine_handle<> awaiting = std::noop_coroutine();  // Resumes when this task has ended.
  };

  Task(Task&& other) noexcept : task_(std::exchange(other.task_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (task_) task_.destroy();
  }

  // The result; nothing until the task has ended.
  const std::optional<T>& Result() const { return task_.promise().result; }

  // For `co_await`, and for the loop.
  bool await_ready() const noexcept { return false; }
  Handle await_suspend(std::coroutine_handle<> awaiting) noexcept {
    task_.promise().awaiting = awaiting;
    return task_;
  }
  T await_resume() { return *std::move(task_.promise().result); }
  Handle handle() const { return task_; }

 private:
  struct Ended {
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(Handle task) const noexcept { return task.promise().awaiting; }
    void await_resume() const noexcept {}
  };

  explicit Task(Handle task) : task_(task) {}

  Handle task_;
};

// Runs tasks, one at a time, on the thread that calls Run(): a task that is ready runs until it waits for something.
//
//   EventLoop loop;
//   Task<int> four = Double(loop, 2);
//   loop.Start(four);
//   loop.Run();
//   std::printf("%d\n", *four.Result());
class EventLoop {
 public:
  // `pick` chooses the task that runs next: `ready` tasks are ready, and 0 is the one that became ready first. In a
  // server, the network makes this choice. By default, the choice is 0.
  explicit EventLoop(std::function<int(int ready)> pick = [](int) { return 0; }) : pick_(std::move(pick)) {}

  // Lets a task begin when it is picked.
  template <typename T>
  void Start(const Task<T>& task) {
    MakeReady(task.handle());
  }

  // Lets a suspended task go on when it is picked.
  void MakeReady(std::coroutine_handle<> task) { ready_.push_back(task); }

  // Await this to let other tasks run first.
  auto NextTurn() {
    struct Awaiter {
      EventLoop& loop;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> task) { loop.MakeReady(task); }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this};
  }

  // Returns when no task is ready any more.
  void Run() {
    while (!ready_.empty()) {
      const auto picked = ready_.begin() + pick_(static_cast<int>(ready_.size()));
      const std::coroutine_handle<> task = *picked;
      ready_.erase(picked);
      task.resume();
    }
  }

 private:
  const std::function<int(int ready)> pick_;
  std::deque<std::coroutine_handle<>> ready_;  // Longest first.
};

#endif  // RACELAB_LABS_FIRST_THREADS_AWAIT_IN_THE_MIDDLE_EVENT_LOOP_H_
