#ifndef RACELAB_SESSION_TABLE_H_
#define RACELAB_SESSION_TABLE_H_

#include <array>
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
// Safe to use from any number of threads at once. No two sessions ever have the same ticket. The user's number selects
// one of sixteen maps, and each map has its own mutex, so only users of the same map ever wait for one another. Two
// numbers that belong to no single map are atomic: the next number, and the number of all sessions. (Sixteen sizes
// added up one after the other could give a sum that never was.) The price: more memory, two atomics that all logins
// still share, and no way to see all sessions at one moment without holding sixteen locks.
class SessionTable {
 public:
  // Makes room for `expected_sessions` in advance, so that logins seldom wait for a rehash.
  explicit SessionTable(std::size_t expected_sessions) {
    for (Shard& shard : shards_) {
      absl::MutexLock lock(&shard.mutex);
      shard.tickets.reserve(expected_sessions / kShards + 1);
    }
  }

  // Opens a session for `user`, or finds the open one. Returns its ticket. If there is no memory for a session, throws
  // std::bad_alloc, and the table is as before.
  Ticket Open(int user) {
    Shard& shard = ShardOf(user);
    absl::MutexLock lock(&shard.mutex);
    const auto [session, opened] = shard.tickets.try_emplace(user, 0);
    if (opened) {
      // Relaxed: the number only has to differ from all others; the mutex hands the ticket over to the threads that
      // look it up.
      session->second = MakeTicket(next_number_.fetch_add(1, std::memory_order_relaxed));
      size_.fetch_add(1, std::memory_order_relaxed);  // Relaxed: see Size().
    }
    return session->second;
  }

  // The ticket of the user's session; nothing if there is none.
  std::optional<Ticket> TicketOf(int user) const {
    const Shard& shard = ShardOf(user);
    absl::MutexLock lock(&shard.mutex);
    const auto session = shard.tickets.find(user);
    if (session == shard.tickets.end()) return std::nullopt;
    return session->second;
  }

  // Closes the user's session. Returns whether there was one.
  bool Close(int user) {
    Shard& shard = ShardOf(user);
    absl::MutexLock lock(&shard.mutex);
    if (shard.tickets.erase(user) == 0) return false;
    size_.fetch_sub(1, std::memory_order_relaxed);  // Relaxed: see Size().
    return true;
  }

  // The number of open sessions. Relaxed: a session is counted and entered under the same lock, so a thread that has
  // seen a session counted also finds it.
  std::size_t Size() const { return size_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kShards = 16;

  struct alignas(64) Shard {  // Has its own cache lines, so that neighbours' locks do not interfere.
    mutable absl::Mutex mutex;
    std::unordered_map<int, Ticket> tickets ABSL_GUARDED_BY(mutex);  // by user
  };

  Shard& ShardOf(int user) { return shards_[static_cast<std::size_t>(user) % kShards]; }
  const Shard& ShardOf(int user) const { return shards_[static_cast<std::size_t>(user) % kShards]; }

  std::array<Shard, kShards> shards_;
  std::atomic<std::uint64_t> next_number_ = 1;
  std::atomic<std::size_t> size_ = 0;
};

#endif  // RACELAB_SESSION_TABLE_H_
