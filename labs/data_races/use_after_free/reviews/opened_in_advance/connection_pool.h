#ifndef RACELAB_CONNECTION_POOL_H_
#define RACELAB_CONNECTION_POOL_H_

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
// It may, because the pool and the borrowers own each connection together. The last owner closes it: the pool in
// Reconnect(), or a borrower who kept it longer. The mutex is still needed, so that no pointer in the pool is replaced
// while it is being copied; connections are opened and closed without it. The price is an indivisible addition for each
// loan, and another when the loan ends; and a connection may be closed late, on the borrower's thread.
//
//   auto prices = pool.Lend(kPriceServer);
//   const Answer answer = prices->Ask("How much is a pear?");
class ConnectionPool {
 public:
  // Opens a connection to each of the servers 0 to `servers` - 1.
  explicit ConnectionPool(int servers) : servers_(servers), connections_(Open()) {}

  // Lends the connection to `server`.
  auto Lend(int server) {
    absl::MutexLock lock(&mutex_);
    return connections_[server];
  }

  // Replaces all connections by new ones, after the network was down. Does not wait for the borrowers.
  void Reconnect() {
    Connections connections = Open();
    absl::MutexLock lock(&mutex_);
    connections_.swap(connections);
  }

 private:
  using Connections = std::vector<std::shared_ptr<const Connection>>;

  Connections Open() const {
    Connections connections;
    for (int server = 0; server < servers_; ++server) connections.push_back(std::make_shared<Connection>(server));
    return connections;
  }

  const int servers_;
  absl::Mutex mutex_;
  Connections connections_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_CONNECTION_POOL_H_
