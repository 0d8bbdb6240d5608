#ifndef RACELAB_SESSION_TABLE_H_
#define RACELAB_SESSION_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "labs/data_races/shared_container/ticket.h"

// Who is logged in: for each user, the ticket of their session.
//
// Safe to use from any number of threads at once. No two sessions ever have the same ticket.
class SessionTable {
 public:
  // Makes room for `expected_sessions` in advance, so that logins seldom wait for a rehash.
  explicit SessionTable(std::size_t expected_sessions) { tickets_.reserve(expected_sessions); }

  // Opens a session for `user`, or finds the open one. Returns its ticket. If there is no memory for a session, throws
  // std::bad_alloc, and the table is as before.
  Ticket Open(int user) {
    const auto [session, opened] = tickets_.try_emplace(user, MakeTicket(next_number_));
    if (opened) ++next_number_;
    return session->second;
  }

  // The ticket of the user's session; nothing if there is none.
  std::optional<Ticket> TicketOf(int user) const {
    const auto session = tickets_.find(user);
    if (session == tickets_.end()) return std::nullopt;
    return session->second;
  }

  // Closes the user's session. Returns whether there was one.
  bool Close(int user) { return tickets_.erase(user) == 1; }

  // The number of open sessions.
  std::size_t Size() const { return tickets_.size(); }

 private:
  std::unordered_map<int, Ticket> tickets_;  // by user
  std::uint64_t next_number_ = 1;
};

#endif  // RACELAB_SESSION_TABLE_H_
