#ifndef RACELAB_SESSION_TABLE_H_
#define RACELAB_SESSION_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// Who is logged in: for each user, the secret key of his session.
//
// Safe to use from any number of threads at once. No two sessions ever have the same key. Every
// function holds the mutex from its first look at the map to its last, so each is one step to all the others; a number
// is entered and counted up under the same lock, or two users could be given the same one. What is returned is copied
// before the lock is released: an iterator or a reference into the map would outlive it. The price: one login or
// look-up at a time.
class SessionTable {
 public:
  // A table in which no login ever has to wait for a rehash, as long as `expected_sessions` or fewer are open.
  explicit SessionTable(std::size_t expected_sessions) { keys_.reserve(expected_sessions); }

  // Opens a session for `user`, or finds the one that he has. Returns its key.
  std::uint64_t Open(int user) {
    absl::MutexLock lock(&mutex_);
    const auto [session, opened] = keys_.try_emplace(user, KeyOfSession(next_number_));
    if (opened) ++next_number_;
    return session->second;
  }

  // The key of the user's session; nothing if he has none.
  std::optional<std::uint64_t> KeyOf(int user) const {
    absl::MutexLock lock(&mutex_);
    const auto session = keys_.find(user);
    if (session == keys_.end()) return std::nullopt;
    return session->second;
  }

  // Closes the user's session. Returns whether he had one.
  bool Close(int user) {
    absl::MutexLock lock(&mutex_);
    return keys_.erase(user) == 1;
  }

  // How many sessions are open.
  std::size_t Size() const {
    absl::MutexLock lock(&mutex_);
    return keys_.size();
  }

 private:
  // The key of a session: its number, stirred until nobody guesses it; each round is one to one, so no two keys are
  // equal.
  static std::uint64_t KeyOfSession(std::uint64_t number) {
    std::uint64_t key = number;
    for (int round = 0; round < 300; ++round) {
      key = (key ^ (key >> 31)) * 0x9e3779b97f4a7c15 + 1;
    }
    return key;
  }

  mutable absl::Mutex mutex_;
  std::unordered_map<int, std::uint64_t> keys_ ABSL_GUARDED_BY(mutex_);  // by user
  std::uint64_t next_number_ ABSL_GUARDED_BY(mutex_) = 1;
};

#endif  // RACELAB_SESSION_TABLE_H_
