#ifndef RACELAB_CONNECTION_POOL_H_
#define RACELAB_CONNECTION_POOL_H_

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "labs/data_races/use_after_free/connection.h"

// Keeps a connection open to each of a number of servers, and lends it to threads that have something to ask.
//
// Safe to use from any number of threads at once. A loan from Lend() may be used for as long as the borrower keeps it,
// even while the pool reconnects; only the pool itself must outlive all loans.
//
// It may, because the pool counts the borrowers of each connection: a connection that is replaced while in use is
// put aside until the last borrower has returned it, and closed in a later Reconnect(). The counts only grow under the
// mutex. (Holding the mutex while asking would work, too, if Reconnect() were allowed to wait for a slow server.) The
// price is an addition when the loan ends; in return, the pool knows which connections are still open, and could limit
// their number.
//
//   auto prices = pool.Lend(kPriceServer);
//   const Answer answer = prices->Ask("How much is a pear?");
class ConnectionPool {
  struct Entry {
    explicit Entry(int server) : connection(server) {}

    const Connection connection;
    std::atomic<int> borrowers = 0;
  };

 public:
  // A borrowed connection; its destructor returns it.
  class Loan {
   public:
    Loan(ConnectionPool& pool, Entry& entry) : pool_(pool), entry_(entry) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() { pool_.Return(entry_); }

    const Connection* operator->() const { return &entry_.connection; }

   private:
    ConnectionPool& pool_;
    Entry& entry_;
  };

  // Opens a connection to each of the servers 0 to `servers` - 1.
  explicit ConnectionPool(int servers) {
    absl::MutexLock lock(&mutex_);
    for (int server = 0; server < servers; ++server) entries_.push_back(std::make_unique<Entry>(server));
  }

  // Lends the connection to `server`.
  auto Lend(int server) {
    absl::MutexLock lock(&mutex_);
    entries_[server]->borrowers.fetch_add(1, std::memory_order_relaxed);
    return Loan(*this, *entries_[server]);
  }

  // Replaces all connections by new ones, after the network was down. Does not wait for the borrowers.
  void Reconnect() {
    absl::MutexLock lock(&mutex_);
    // First of all: if there is no memory, a connection that is in use must not be on its way from one list to the
    // other.
    replaced_.reserve(replaced_.size() + entries_.size());
    for (int server = 0; server < static_cast<int>(entries_.size()); ++server) {
      replaced_.push_back(std::exchange(entries_[server], std::make_unique<Entry>(server)));
    }
    CloseUnused();
  }

 private:
  void Return(Entry& entry) { entry.borrowers.fetch_sub(1, std::memory_order_relaxed); }

  void CloseUnused() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::erase_if(replaced_, [](const std::unique_ptr<Entry>& entry) {
      return entry->borrowers.load(std::memory_order_relaxed) == 0;
    });
  }

  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Entry>> entries_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Entry>> replaced_ ABSL_GUARDED_BY(mutex_);  // Replaced, but still in use.
};

#endif  // RACELAB_CONNECTION_POOL_H_
