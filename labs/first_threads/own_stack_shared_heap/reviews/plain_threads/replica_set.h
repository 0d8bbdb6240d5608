#ifndef RACELAB_REPLICA_SET_H_
#define RACELAB_REPLICA_SET_H_

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
// Each call has its own place for its answer, which no other call touches; the caller reads the places when all calls
// have been joined. No two threads use the same place at the same time, so only the end needs synchronisation, and
// join() does that. All answers are kept, so the caller could even say which replicas failed.
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

    std::vector<Status> answers(replicas_);
    std::vector<std::thread> calls;
    calls.reserve(replicas_);  // No call is ever moved.
    for (int replica = 0; replica < replicas_; ++replica) {
      calls.emplace_back([&, replica] { answers[replica] = send_(replica, order); });
    }
    for (std::thread& call : calls) call.join();
    for (const Status answer : answers) {
      if (answer != Status::kOk) return answer;
    }
    return Status::kOk;
  }

 private:
  static Status Check(const Order& order) { return order.pieces > 0 ? Status::kOk : Status::kInvalid; }

  const int replicas_;
  const std::function<Status(int replica, const Order& order)> send_;
};

#endif  // RACELAB_REPLICA_SET_H_
