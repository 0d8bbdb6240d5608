#ifndef RACELAB_WORKER_POOL_H_
#define RACELAB_WORKER_POOL_H_

#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "solutions/support/channel.h"

// A fixed number of threads that carry out tasks, the oldest first.
//
// Safe to use from any number of threads at once, and from within tasks: a task may submit others and wait for their
// results. A thread that waits in get() may carry out tasks meanwhile: the awaited one, or the oldest. A task's
// exception is rethrown where its result is asked for.
//
//   WorkerPool pool(4);
//   auto picture = pool.Submit([&] { return Decode(file); });
//   Show(picture.get());
//
// A waiting task does not keep its worker from working: until its answer comes, get() receives jobs and carries them
// out. It sleeps only when no job is left to receive; then another worker is running the awaited job, and will send the
// answer. The price: a task may only wait for its own subtasks; then there is always a worker that can go on. If
// tickets were passed on to other tasks, a worker could wait for a job that it has itself interrupted. And nobody may
// hold a lock during get(): the job that get() happens to run may ask for the same lock, on the same thread.
class WorkerPool {
  using Job = std::packaged_task<void()>;  // Like std::function, but its target need not be copyable.

 public:
  // Gives access to a task's result.
  template <typename Result>
  class Ticket {
   public:
    Result get() {
      std::optional<std::future<Result>> answer = answer_->TryReceive();
      while (!answer) {
        if (const auto job = jobs_->TryReceive()) {
          (**job)();
          answer = answer_->TryReceive();
        } else {
          answer = answer_->Receive();
        }
      }
      return answer->get();
    }

   private:
    friend WorkerPool;
    // An answer is a future that is ready: it holds a value or an exception.
    using Answer = Channel<std::future<Result>>;
    Ticket(Channel<std::shared_ptr<Job>>* jobs, std::shared_ptr<Answer> answer)
        : jobs_(jobs), answer_(std::move(answer)) {}

    Channel<std::shared_ptr<Job>>* jobs_;
    std::shared_ptr<Answer> answer_;
  };

  // Requires workers > 0. Throws std::system_error if the system has no thread for one of them.
  explicit WorkerPool(int workers) {
    try {
      for (int i = 0; i < workers; ++i) workers_.emplace_back([this] { Work(); });
    } catch (...) {
      Close();  // The workers that have begun must be joined.
      throw;
    }
  }

  // Returns when all submitted tasks have been carried out.
  ~WorkerPool() { Close(); }

  // Queues `task`; neither it nor its result need be copyable. Returns a future-like object; call its get() at most
  // once, while the pool exists. get() waits for the task, and returns its result or rethrows its exception.
  template <typename Task>
  auto Submit(Task task) {
    using Result = std::invoke_result_t<Task>;
    auto answer = std::make_shared<Channel<std::future<Result>>>();
    auto job = std::make_shared<Job>([task = std::packaged_task<Result()>(std::move(task)), answer]() mutable {
      task();
      answer->Send(task.get_future());
    });
    // The channel is closed only while the pool ends. Then the caller is a task, and carries the job out at once.
    if (!jobs_.Send(job)) (*job)();
    return Ticket<Result>(&jobs_, std::move(answer));
  }

 private:
  // Returns when all jobs have been carried out, and all workers have ended.
  void Close() {
    jobs_.Close();
    for (std::thread& worker : workers_) worker.join();
  }

  void Work() {
    while (const auto job = jobs_.Receive()) (**job)();
  }

  Channel<std::shared_ptr<Job>> jobs_;
  std::vector<std::thread> workers_;  // Last: they begin to work at once.
};

#endif  // RACELAB_WORKER_POOL_H_
