#ifndef RACELAB_SESSION_TABLE_H_
#define RACELAB_SESSION_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "labs/data_races/shared_container/ticket.h"

// Who is logged in: for each user, the ticket of their session.
//
// Safe to use from any number of threads at once. No two sessions ever have the same ticket. Every function holds the
// mutex from its first access to the map to its last, so each is one step for all the others. The next number is used
// and increased under the same lock, or two users could be given the same number. Results are copied before the lock is
// released: an iterator or a reference into the map would outlive the lock. The map has the sessions' numbers; a ticket
// is made from its number when the mutex is free again. The price: one login or look-up at a time.
class SessionTable {
 public:
  // Makes room for `expected_sessions` in advance, so that logins seldom wait for a rehash.
  explicit SessionTable(std::size_t expected_sessions) { numbers_.reserve(expected_sessions); }

  // Opens a session for `user`, or finds the open one. Returns its ticket. If there is no memory for a session, throws
  // std::bad_alloc, and the table is as before.
  Ticket Open(int user) {
    mutex_.Lock();
    const auto [session, opened] = numbers_.try_emplace(user, next_number_);
    if (opened) ++next_number_;
    const std::uint64_t number = session->second;
    mutex_.Unlock();
    return MakeTicket(number);
  }

  // The ticket of the user's session; nothing if there is none.
  std::optional<Ticket> TicketOf(int user) const {
    mutex_.Lock();
    const auto session = numbers_.find(user);
    const std::uint64_t number = session == numbers_.end() ? 0 : session->second;
    mutex_.Unlock();
    if (number == 0) return std::nullopt;
    return MakeTicket(number);
  }

  // Closes the user's session. Returns whether there was one.
  bool Close(int user) {
    absl::MutexLock lock(&mutex_);
    return numbers_.erase(user) == 1;
  }

  // The number of open sessions.
  std::size_t Size() const {
    absl::MutexLock lock(&mutex_);
    return numbers_.size();
  }

 private:
  mutable absl::Mutex mutex_;
  std::unordered_map<int, std::uint64_t> numbers_ ABSL_GUARDED_BY(mutex_);  // by user
  std::uint64_t next_number_ ABSL_GUARDED_BY(mutex_) = 1;
};

#endif  // RACELAB_SESSION_TABLE_H_
