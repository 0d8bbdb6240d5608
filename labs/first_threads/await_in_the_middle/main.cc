// A ticket desk with one thread and an event loop: a hundred seats, and a hundred and twenty customers on the
// telephone.

#include <algorithm>
#include <cstdio>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ticket_desk.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kSeats = 100;
constexpr int kCustomers = 120;

// Vouches for everybody. Some answers take longer than others.
Task<bool> AskBank(EventLoop& loop, std::string_view customer) {
  const std::size_t turns = 1 + customer.back() % 3;
  for (std::size_t turn = 0; turn < turns; ++turn) co_await loop.NextTurn();
  co_return true;
}

// A customer who calls after so many turns of the loop. main() keeps everything that the parameters refer to.
Task<std::optional<int>> Call(EventLoop& loop, TicketDesk& desk, std::string_view customer, int turns) {
  for (int turn = 0; turn < turns; ++turn) co_await loop.NextTurn();
  const std::optional<int> seat = co_await desk.Sell(customer);
  co_return seat;
}

}  // namespace

int main() {
  EventLoop loop;
  TicketDesk desk(loop, kSeats, [&loop](std::string_view customer) { return AskBank(loop, customer); });

  std::deque<std::string> customers;
  std::deque<Task<std::optional<int>>> calls;
  for (int i = 1; i <= kCustomers; ++i) {
    customers.push_back("customer " + std::to_string(i));
    calls.push_back(Call(loop, desk, customers.back(), i));
    loop.Start(calls.back());
  }
  loop.Run();

  int tickets = 0;
  std::vector<std::string> holders(kSeats + 1);  // The holder of each seat.
  int sold_twice = 0;
  std::string example;
  for (int i = 0; i < kCustomers; ++i) {
    const std::optional<int> seat = *calls[i].Result();
    if (!seat.has_value()) continue;
    ++tickets;
    std::string& holder = holders.at(*seat);
    if (!holder.empty() && ++sold_twice == 1) {
      example = "seat " + std::to_string(*seat) + " to " + holder + " and to " + customers[i];
    }
    holder = customers[i];
  }
  const auto taken = static_cast<int>(
      std::count_if(holders.begin(), holders.end(), [](const std::string& holder) { return !holder.empty(); }));
  std::printf("%d seats, %d customers, 1 thread\n", kSeats, kCustomers);
  std::printf("%d tickets sold, for %d seats\n", tickets, taken);
  if (sold_twice == 0) return 0;
  std::printf("%s\n", example.c_str());
  return 1;
}
