#ifndef RACELAB_LABS_FIRST_THREADS_OWN_STACK_SHARED_HEAP_ORDER_H_
#define RACELAB_LABS_FIRST_THREADS_OWN_STACK_SHARED_HEAP_ORDER_H_

#include <string>

// A change to the data, to be made on every replica.
struct Order {
  std::string article;
  int pieces = 0;
};

// A replica's answer.
enum class Status { kOk, kInvalid, kUnreachable, kDiskFull };

#endif  // RACELAB_LABS_FIRST_THREADS_OWN_STACK_SHARED_HEAP_ORDER_H_
