#ifndef RACELAB_REPLICA_SET_H_
#define RACELAB_REPLICA_SET_H_

#include <atomic>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "labs/first_threads/own_stack_shared_heap/order.h"

// The replicas of a database: machines that all hold the same data.
//
//   const Status status = replicas.Store({"pear", 3});
//   if (status != Status::kOk) WarnTheOperator(status);
//
// Safe to use from any number of threads at once.
//
// The calls share one failure, an atomic, into which only failures are stored, so it is kOk only if all replicas have
// stored the order. Relaxed suffices: there is nothing but the status to hand over, and the joins order every store
// before the load that follows them.
class ReplicaSet {
 public:
  // `send` sends an order to one of the replicas 0 to `replicas` - 1, and returns the replica's answer. It may take
  // long, must not throw, and is called by several threads at once.
  ReplicaSet(int replicas, std::function<Status(int replica, const Order& order)> send)
      : replicas_(replicas), send_(std::move(send)) {}

  // Sends the order to all replicas at once, and returns when all have answered: kOk if all have stored the order,
  // otherwise the answer of one that has not. An order for less than one piece is sent to none: kInvalid. Throws
  // std::system_error if there is no thread for one of the calls.
  Status Store(const Order& order) const {
    if (const Status status = Check(order); status != Status::kOk) return status;

    std::atomic<Status> failure = Status::kOk;
    std::vector<std::jthread> calls;  // Joined even if one of them cannot begin.
    for (int replica = 0; replica < replicas_; ++replica) {
      calls.emplace_back([&, replica] {
        const Status answer = send_(replica, order);
        if (answer != Status::kOk) failure.store(answer, std::memory_order_relaxed);
      });
    }
    for (std::jthread& call : calls) call.join();
    return failure.load(std::memory_order_relaxed);
  }

 private:
  static Status Check(const Order& order) { return order.pieces > 0 ? Status::kOk : Status::kInvalid; }

  const int replicas_;
  const std::function<Status(int replica, const Order& order)> send_;
};

#endif  // RACELAB_REPLICA_SET_H_
