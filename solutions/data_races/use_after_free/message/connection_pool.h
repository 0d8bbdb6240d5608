#ifndef RACELAB_CONNECTION_POOL_H_
#define RACELAB_CONNECTION_POOL_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "labs/data_races/use_after_free/connection.h"
#include "solutions/support/channel.h"

// Keeps a connection open to each of a number of servers, and lends it to threads that have something to ask.
//
// Safe to use from any number of threads at once. A loan from Lend() may be used for as long as the borrower keeps it,
// even while the pool reconnects; only the pool itself must outlive all loans.
//
// It may, because no connection ever leaves the one thread that owns them all, and that opens, uses and closes them one
// after the other. A loan is the right to send a question to this thread, which then asks it over the connection that
// is open now. The price: one slow server keeps the questions to all others waiting (an owner for each server would end
// that), and each question costs two thread switches.
//
//   auto prices = pool.Lend(kPriceServer);
//   const Answer answer = prices->Ask("How much is a pear?");
class ConnectionPool {
 public:
  // The right to ask one server.
  class Line {
   public:
    Line(ConnectionPool& pool, int server) : pool_(pool), server_(server) {}

    Answer Ask(const std::string& question) const { return pool_.Ask(server_, question); }
    const Line* operator->() const { return this; }

   private:
    ConnectionPool& pool_;
    const int server_;
  };

  // Opens a connection to each of the servers 0 to `servers` - 1.
  explicit ConnectionPool(int servers)
      : owner_([this, connections = Open(servers)]() mutable {
          while (auto task = inbox_.Receive()) (*task)(connections);
        }) {}

  ~ConnectionPool() {
    inbox_.Close();
    owner_.join();
  }

  // Lends the connection to `server`.
  auto Lend(int server) { return Line(*this, server); }

  // Replaces all connections by new ones, after the network was down. Questions sent later go over the new
  // connections.
  void Reconnect() {
    inbox_.Send([](Connections& connections) { connections = Open(static_cast<int>(connections.size())); });
  }

 private:
  using Connections = std::vector<std::unique_ptr<Connection>>;

  static Connections Open(int servers) {
    Connections connections;
    for (int server = 0; server < servers; ++server) connections.push_back(std::make_unique<Connection>(server));
    return connections;
  }

  Answer Ask(int server, const std::string& question) {
    Channel<Answer> answer;
    inbox_.Send([&](Connections& connections) { answer.Send(connections[server]->Ask(question)); });
    return *answer.Receive();
  }

  Channel<std::function<void(Connections&)>> inbox_;
  std::thread owner_;  // Last: it begins to receive at once.
};

#endif  // RACELAB_CONNECTION_POOL_H_
