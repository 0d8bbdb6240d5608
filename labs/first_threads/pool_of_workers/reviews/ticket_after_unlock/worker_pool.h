#ifndef RACELAB_WORKER_POOL_H_
#define RACELAB_WORKER_POOL_H_

#include <atomic>
#include <deque>
#include <future>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

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
// A waiting task does not need a worker: if nobody has begun the job that it waits for, get() carries out the job
// itself. One indivisible exchange decides whether a worker or the waiting task begins a job. So a sleeping thread
// waits for a job that another thread is running, and one of these threads can always go on. The price: a job may be
// carried out on the thread that asks for its result, and a finished job stays in the queue until a worker comes across
// it.
class WorkerPool {
  struct Job {
    // Carries the job out, unless somebody has begun it.
    void RunOnce() {
      // Relaxed: the queue's mutex, or whatever passes on the ticket, hands over the contents of `run`; the future
      // hands over the result.
      if (!begun.exchange(true, std::memory_order_relaxed)) run();
    }

    std::packaged_task<void()> run;  // Like std::function, but its target need not be copyable.
    std::atomic<bool> begun = false;
  };

 public:
  // Gives access to a task's result.
  template <typename Result>
  class Ticket {
   public:
    Result get() {
      job_->RunOnce();
      return result_.get();
    }

   private:
    friend WorkerPool;
    Ticket(std::shared_ptr<Job> job, std::future<Result> result) : job_(std::move(job)), result_(std::move(result)) {}

    std::shared_ptr<Job> job_;
    std::future<Result> result_;
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
    std::packaged_task<Result()> run(std::move(task));
    std::future<Result> result = run.get_future();
    auto job = std::make_shared<Job>();
    job->run = std::packaged_task<void()>(std::move(run));
    {
      absl::MutexLock lock(&mutex_);
      jobs_.push_back(job);
    }
    return Ticket<Result>(std::move(job), std::move(result));
  }

 private:
  // Returns when all jobs have been carried out, and all workers have ended.
  void Close() {
    {
      absl::MutexLock lock(&mutex_);
      closing_ = true;
    }
    for (std::thread& worker : workers_) worker.join();
  }

  void Work() {
    while (const std::shared_ptr<Job> job = Take()) job->RunOnce();
  }

  // Waits for a job and takes the oldest. Null once the pool is closing and all jobs have been taken.
  std::shared_ptr<Job> Take() {
    absl::MutexLock lock(&mutex_, absl::Condition(this, &WorkerPool::HasJobOrCloses));
    if (jobs_.empty()) return nullptr;
    std::shared_ptr<Job> job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
  }

  bool HasJobOrCloses() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return closing_ || !jobs_.empty(); }

  absl::Mutex mutex_;
  std::deque<std::shared_ptr<Job>> jobs_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> workers_;  // Last: they begin to work at once.
};

#endif  // RACELAB_WORKER_POOL_H_
