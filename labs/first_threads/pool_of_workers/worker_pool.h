#ifndef RACELAB_WORKER_POOL_H_
#define RACELAB_WORKER_POOL_H_

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

// A fixed number of threads that carry out tasks, the oldest first.
//
// Safe to use from any number of threads at once, and from within tasks: a task may submit others and wait for their
// results. A thread that waits in get() may carry out tasks meanwhile: the awaited one, or the oldest. A task's
// exception is rethrown where its result is asked for.
//
//   WorkerPool pool(4);
//   auto picture = pool.Submit([&] { return Decode(file); });
//   Show(picture.get());
class WorkerPool {
 public:
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
    std::packaged_task<std::invoke_result_t<Task>()> job(std::move(task));
    auto result = job.get_future();
    {
      std::lock_guard lock(mutex_);
      jobs_.emplace_back(std::move(job));
    }
    changed_.notify_one();
    return result;
  }

 private:
  using Job = std::packaged_task<void()>;  // Like std::function, but its target need not be copyable.

  // Returns when all jobs have been carried out, and all workers have ended.
  void Close() {
    {
      std::lock_guard lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  void Work() {
    while (std::optional<Job> job = Take()) (*job)();
  }

  // Waits for a job and takes the oldest. Nothing once the pool is closing and all jobs have been taken.
  std::optional<Job> Take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
    if (jobs_.empty()) return std::nullopt;
    std::optional<Job> job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool closing_ = false;
  std::vector<std::thread> workers_;  // Last: they begin to work at once.
};

#endif  // RACELAB_WORKER_POOL_H_
