#ifndef RACELAB_WORKER_POOL_H_
#define RACELAB_WORKER_POOL_H_

#include <deque>
#include <future>
#include <memory>
#include <optional>
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
// A waiting task does not keep its worker from working: get() carries out other jobs until the result is there, and
// goes to sleep only when there is nothing to do. One mutex guards both whether the awaited job is done and whether
// there are other jobs, so nothing changes between this check and the sleep. The price: get() may carry out a long job
// that nobody was in a hurry for, while the waiting task's result is ready; and the stack grows with each job. Nobody
// may hold a lock during get(): the job that get() happens to run may ask for the same lock, on the same thread. And a
// task may only wait for its own subtasks: if a ticket were passed on to another task, and that task happened to run on
// top of the very job behind the ticket, it would wait for a job that cannot go on until the task has ended, and so
// sleep for ever.
class WorkerPool {
  struct Job {
    std::packaged_task<void()> run;  // Like std::function, but its target need not be copyable.
    bool done = false;               // Guarded by the pool's mutex.
  };

 public:
  // Gives access to a task's result.
  template <typename Result>
  class Ticket {
   public:
    Result get() {
      pool_->WorkUntilDone(*job_);
      return result_.get();
    }

   private:
    friend WorkerPool;
    Ticket(WorkerPool* pool, std::shared_ptr<Job> job, std::future<Result> result)
        : pool_(pool), job_(std::move(job)), result_(std::move(result)) {}

    WorkerPool* pool_;
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
    auto job = std::make_shared<Job>(Job{.run = std::packaged_task<void()>(std::move(run))});
    absl::MutexLock lock(&mutex_);
    jobs_.push_back(job);
    changed_.Signal();  // One thread can take it.
    return Ticket<Result>(this, std::move(job), std::move(result));
  }

 private:
  // Returns when all jobs have been carried out, and all workers have ended.
  void Close() {
    {
      absl::MutexLock lock(&mutex_);
      closing_ = true;
      changed_.SignalAll();
    }
    for (std::thread& worker : workers_) worker.join();
  }

  void Work() {
    while (const std::shared_ptr<Job> job = Take(/*awaited=*/nullptr)) CarryOut(*job);
  }

  void WorkUntilDone(const Job& awaited) {
    while (const std::shared_ptr<Job> job = Take(&awaited)) CarryOut(*job);
  }

  void CarryOut(Job& job) {
    job.run();
    absl::MutexLock lock(&mutex_);
    job.done = true;
    changed_.Signal();  // One thread waits for it.
  }

  // Waits for a job and takes the oldest. Null once `awaited` is done; or, if `awaited` is null, once the pool is
  // closing and all jobs have been taken.
  std::shared_ptr<Job> Take(const Job* awaited) {
    const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return awaited != nullptr ? awaited->done : closing_ && jobs_.empty();
    };
    absl::MutexLock lock(&mutex_);
    while (!enough() && jobs_.empty()) changed_.Wait(&mutex_);
    if (enough()) return nullptr;
    std::shared_ptr<Job> job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
  }

  absl::Mutex mutex_;
  absl::CondVar changed_;  // There is a job, a job is done, or the pool is closing.
  std::deque<std::shared_ptr<Job>> jobs_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> workers_;  // Last: they begin to work at once.
};

#endif  // RACELAB_WORKER_POOL_H_
