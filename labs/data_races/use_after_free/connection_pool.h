#ifndef RACELAB_CONNECTION_POOL_H_
#define RACELAB_CONNECTION_POOL_H_

#include <memory>
#include <mutex>
#include <vector>

#include "labs/data_races/use_after_free/connection.h"

// Keeps a connection open to each of a number of servers, and lends it to threads that have something to ask.
//
// Safe to use from any number of threads at once. A loan from Lend() may be used for as long as the borrower keeps it,
// even while the pool reconnects; only the pool itself must outlive all loans.
//
//   auto prices = pool.Lend(kPriceServer);
//   const Answer answer = prices->Ask("How much is a pear?");
class ConnectionPool {
 public:
  // Opens a connection to each of the servers 0 to `servers` - 1.
  explicit ConnectionPool(int servers) {
    for (int server = 0; server < servers; ++server) connections_.push_back(std::make_unique<Connection>(server));
  }

  // Lends the connection to `server`.
  auto Lend(int server) {
    std::lock_guard lock(mutex_);
    return connections_[server].get();
  }

  // Replaces all connections by new ones, after the network was down. Does not wait for the borrowers.
  void Reconnect() {
    std::lock_guard lock(mutex_);
    for (int server = 0; server < static_cast<int>(connections_.size()); ++server) {
      connections_[server] = std::make_unique<Connection>(server);
    }
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> connections_;
};

#endif  // RACELAB_CONNECTION_POOL_H_
