#ifndef RACELAB_SESSION_TABLE_H_
#define RACELAB_SESSION_TABLE_H_

#include <atomic>
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
// mutex from its first access to the map to its last, so each is one step for all the others. The numbers come from one
// counter, which all tables of the process share. Results are copied before the lock is
// released: an iterator or a reference into the map would outlive the lock. The price: one login or look-up at a time.
class SessionTable {
 public:
  // Makes room for `expected_sessions` in advance, so that logins seldom wait for a rehash.
  explicit SessionTable(std::size_t expected_sessions) { tickets_.reserve(expected_sessions); }

  // Opens a session for `user`, or finds the open one. Returns its ticket. If there is no memory for a session, throws
  // std::bad_alloc, and the table is as before.
  Ticket Open(int user) {
    const Ticket ticket = MakeTicket(next_number_.fetch_add(1, std::memory_order_relaxed));
    absl::MutexLock lock(&mutex_);
    return tickets_.try_emplace(user, ticket).first->second;
  }

  // The ticket of the user's session; nothing if there is none.
  std::optional<Ticket> TicketOf(int user) const {
    absl::MutexLock lock(&mutex_);
    const auto session = tickets_.find(user);
    if (session == tickets_.end()) return std::nullopt;
    return session->second;
  }

  // Closes the user's session. Returns whether there was one.
  bool Close(int user) {
    absl::MutexLock lock(&mutex_);
    return tickets_.erase(user) == 1;
  }

  // The number of open sessions.
  std::size_t Size() const {
    absl::MutexLock lock(&mutex_);
    return tickets_.size();
  }

 private:
  mutable absl::Mutex mutex_;
  std::unordered_map<int, Ticket> tickets_ ABSL_GUARDED_BY(mutex_);  // by user
  static inline std::atomic<std::uint64_t> next_number_ = 1;
};

#endif  // RACELAB_SESSION_TABLE_H_
