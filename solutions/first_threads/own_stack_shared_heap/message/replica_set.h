#ifndef RACELAB_REPLICA_SET_H_
#define RACELAB_REPLICA_SET_H_

#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "labs/first_threads/own_stack_shared_heap/order.h"
#include "solutions/support/channel.h"

// The replicas of a database: machines that all hold the same data.
//
//   const Status status = replicas.Store({"pear", 3});
//   if (status != Status::kOk) WarnTheOperator(status);
//
// Safe to use from any number of threads at once.
//
// The calls share nothing but a channel. Each call sends its answer, and only the caller decides; it receives as many
// answers as there are replicas. It learns of each answer as it arrives, so it could return at the first failure, or
// when most replicas have answered, if somebody else joined the calls that are still under way.
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

    Channel<Status> answers;
    std::vector<std::jthread> calls;  // Joined even if one of them cannot begin.
    for (int replica = 0; replica < replicas_; ++replica) {
      calls.emplace_back([&, replica] { answers.Send(send_(replica, order)); });
    }
    Status failure = Status::kOk;
    for (int missing = replicas_; missing > 0; --missing) {
      if (const Status answer = *answers.Receive(); answer != Status::kOk) failure = answer;
    }
    for (std::jthread& call : calls) call.join();
    return failure;
  }

 private:
  static Status Check(const Order& order) { return order.pieces > 0 ? Status::kOk : Status::kInvalid; }

  const int replicas_;
  const std::function<Status(int replica, const Order& order)> send_;
};

#endif  // RACELAB_REPLICA_SET_H_
