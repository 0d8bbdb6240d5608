// A shop with four front ends. Users log in at all front ends at once, each user once, and each gets a ticket.

#include <cstdio>
#include <set>
#include <thread>
#include <vector>

#include <session_table.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kFrontEnds = 4;
constexpr int kUsersPerFrontEnd = 15'000;
constexpr int kUsers = kFrontEnds * kUsersPerFrontEnd;

// Logs in the users of one front end. Returns the tickets of their sessions.
std::vector<Ticket> LogIn(SessionTable& sessions, int front_end) {
  std::vector<Ticket> tickets;
  for (int user = front_end; user < kUsers; user += kFrontEnds) tickets.push_back(sessions.Open(user));
  return tickets;
}

}  // namespace

int main() {
  SessionTable sessions(kUsers);

  std::vector<std::vector<Ticket>> tickets(kFrontEnds);
  std::vector<std::thread> front_ends;
  for (int i = 0; i < kFrontEnds; ++i) {
    front_ends.emplace_back([&, i] { tickets[i] = LogIn(sessions, i); });
  }
  for (std::thread& front_end : front_ends) front_end.join();

  std::set<Ticket> different;
  for (const std::vector<Ticket>& some : tickets) different.insert(some.begin(), some.end());
  const int strangers = kUsers - static_cast<int>(different.size());

  std::printf("%d users logged in, %zu sessions are open\n", kUsers, sessions.Size());
  std::printf("%d users were given the ticket of somebody else's session\n", strangers);
  return sessions.Size() == kUsers && strangers == 0 ? 0 : 1;
}
