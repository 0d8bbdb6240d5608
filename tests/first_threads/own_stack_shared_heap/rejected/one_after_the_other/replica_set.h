#ifndef RACELAB_REPLICA_SET_H_
#define RACELAB_REPLICA_SET_H_

#include <functional>
#include <utility>

#include "labs/first_threads/own_stack_shared_heap/order.h"

// The replicas of a database: machines that all hold the same data.
//
//   const Status status = replicas.Store({"pear", 3});
//   if (status != Status::kOk) WarnTheOperator(status);
//
// Safe to use from any number of threads at once.
//
// The caller's own thread makes all the calls, so they share nothing.
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
    Status status = Check(order);
    if (status != Status::kOk) return status;

    for (int replica = 0; replica < replicas_; ++replica) {
      if (const Status answer = send_(replica, order); answer != Status::kOk) status = answer;
    }
    return status;
  }

 private:
  static Status Check(const Order& order) { return order.pieces > 0 ? Status::kOk : Status::kInvalid; }

  const int replicas_;
  const std::function<Status(int replica, const Order& order)> send_;
};

#endif  // RACELAB_REPLICA_SET_H_
