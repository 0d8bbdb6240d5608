#ifndef RACELAB_SESSION_TABLE_H_
#define RACELAB_SESSION_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>
#include <type_traits>
#include <unordered_map>

#include "solutions/support/channel.h"

// Who is logged in: for each user, the secret key of his session.
//
// Safe to use from any number of threads at once. No two sessions ever have the same key. Only
// the table's own thread ever touches the sessions: a message tells it what to do with them, it does one after the
// other, and whoever sent it waits for the answer. The price: each call is a journey to another thread and back, which
// takes far longer than what is done there. It pays where the owner has more to do than to look up a key.
class SessionTable {
 public:
  // A table in which no login ever has to wait for a rehash, as long as `expected_sessions` or fewer are open.
  explicit SessionTable(std::size_t expected_sessions)
      : owner_([this, expected_sessions] { DoWhatIsAsked(expected_sessions); }) {}

  ~SessionTable() {
    inbox_.Close();
    owner_.join();
  }

  // Opens a session for `user`, or finds the one that he has. Returns its key.
  std::uint64_t Open(int user) {
    return Ask([user](Sessions& sessions) {
      const auto [session, opened] = sessions.keys.try_emplace(user, KeyOfSession(sessions.next_number));
      if (opened) ++sessions.next_number;
      return session->second;
    });
  }

  // The key of the user's session; nothing if he has none.
  std::optional<std::uint64_t> KeyOf(int user) const {
    return Ask([user](const Sessions& sessions) {
      const auto session = sessions.keys.find(user);
      return session == sessions.keys.end() ? std::nullopt : std::make_optional(session->second);
    });
  }

  // Closes the user's session. Returns whether he had one.
  bool Close(int user) {
    return Ask([user](Sessions& sessions) { return sessions.keys.erase(user) == 1; });
  }

  // How many sessions are open.
  std::size_t Size() const {
    return Ask([](const Sessions& sessions) { return sessions.keys.size(); });
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

  struct Sessions {
    std::unordered_map<int, std::uint64_t> keys;  // by user
    std::uint64_t next_number = 1;
  };

  // Has the owner carry out `request`, and waits for the answer. Until it comes, the request may refer to the variables
  // of the thread that asks.
  template <typename Request>
  std::invoke_result_t<Request, Sessions&> Ask(Request request) const {
    Channel<std::invoke_result_t<Request, Sessions&>> answer;
    inbox_.Send([&](Sessions& sessions) { answer.Send(request(sessions)); });
    return *answer.Receive();
  }

  void DoWhatIsAsked(std::size_t expected_sessions) {
    Sessions sessions;
    sessions.keys.reserve(expected_sessions);
    while (auto request = inbox_.Receive()) (*request)(sessions);
  }

  mutable Channel<std::function<void(Sessions&)>> inbox_;
  std::thread owner_;  // Last: it begins to receive at once.
};

#endif  // RACELAB_SESSION_TABLE_H_
