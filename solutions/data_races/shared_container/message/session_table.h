#ifndef RACELAB_SESSION_TABLE_H_
#define RACELAB_SESSION_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>
#include <type_traits>
#include <unordered_map>

#include "labs/data_races/shared_container/ticket.h"
#include "solutions/support/channel.h"

// Who is logged in: for each user, the ticket of their session.
//
// Safe to use from any number of threads at once. No two sessions ever have the same ticket. Only the table's own
// thread ever touches the sessions: it carries out the requests that it receives, one after the other, and each caller
// waits for its answer. The price: each call is a message to another thread and back, which takes far longer than the
// work itself. It pays where the owner has more to do than look up a ticket.
class SessionTable {
 public:
  // Makes room for `expected_sessions` in advance, so that logins seldom wait for a rehash.
  explicit SessionTable(std::size_t expected_sessions)
      : owner_([this, expected_sessions] { DoWhatIsAsked(expected_sessions); }) {}

  ~SessionTable() {
    inbox_.Close();
    owner_.join();
  }

  // Opens a session for `user`, or finds the open one. Returns its ticket. If there is no memory for a session, throws
  // std::bad_alloc, and the table is as before.
  Ticket Open(int user) {
    return Ask([user](Sessions& sessions) {
      const auto [session, opened] = sessions.tickets.try_emplace(user, MakeTicket(sessions.next_number));
      if (opened) ++sessions.next_number;
      return session->second;
    });
  }

  // The ticket of the user's session; nothing if there is none.
  std::optional<Ticket> TicketOf(int user) const {
    return Ask([user](const Sessions& sessions) {
      const auto session = sessions.tickets.find(user);
      return session == sessions.tickets.end() ? std::nullopt : std::make_optional(session->second);
    });
  }

  // Closes the user's session. Returns whether there was one.
  bool Close(int user) {
    return Ask([user](Sessions& sessions) { return sessions.tickets.erase(user) == 1; });
  }

  // The number of open sessions.
  std::size_t Size() const {
    return Ask([](const Sessions& sessions) { return sessions.tickets.size(); });
  }

 private:
  struct Sessions {
    std::unordered_map<int, Ticket> tickets;  // by user
    std::uint64_t next_number = 1;
  };

  // Lets the owner carry out `request`, and waits for the answer. Until the answer comes, the request may refer to
  // local variables of the caller.
  template <typename Request>
  std::invoke_result_t<Request, Sessions&> Ask(Request request) const {
    Channel<std::invoke_result_t<Request, Sessions&>> answer;
    inbox_.Send([&](Sessions& sessions) { answer.Send(request(sessions)); });
    return *answer.Receive();
  }

  void DoWhatIsAsked(std::size_t expected_sessions) {
    Sessions sessions;
    sessions.tickets.reserve(expected_sessions);
    while (auto request = inbox_.Receive()) (*request)(sessions);
  }

  mutable Channel<std::function<void(Sessions&)>> inbox_;
  std::thread owner_;  // Last: it begins to receive at once.
};

#endif  // RACELAB_SESSION_TABLE_H_
