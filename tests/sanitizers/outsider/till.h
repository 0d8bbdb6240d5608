#ifndef OUTSIDER_TILL_H_
#define OUTSIDER_TILL_H_

#include <thread>

// Two cashiers put an amount into one till.
template <typename Till>
int TakingsOfTwo() {
  Till till;
  std::thread cashier([&till] { till.Add(3); });
  till.Add(4);
  cashier.join();
  return till.amount();
}

#endif  // OUTSIDER_TILL_H_
