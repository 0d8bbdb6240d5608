#ifndef RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_HTTP_LINKS_H_
#define RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_HTTP_LINKS_H_

#include <httplib.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "labs/first_threads/overlapped_io/wire.h"

// Links to a small server that the program itself runs, and a client that tries them over HTTP.

namespace http_links {

inline constexpr int kLinks = 24;
inline constexpr int kDead = 7;                         // The only dead link.
inline constexpr std::chrono::milliseconds kDelay(50);  // Before the server answers.

// The server, on an unused port of the loopback interface.
class Server {
 public:
  Server() {
    server_.new_task_queue = [] { return new httplib::ThreadPool(kLinks); };  // A thread for each open connection.
    server_.set_keep_alive_max_count(1'000);
    server_.Get("/hello", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("hello", "text/plain");
    });
    server_.Get(R"(/page/\d+)", [](const httplib::Request& request, httplib::Response& response) {
      std::this_thread::sleep_for(kDelay);
      if (request.path == "/page/" + std::to_string(kDead)) response.status = 404;
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    if (port_ > 0) listener_ = std::thread([this] { server_.listen_after_bind(); });
  }

  ~Server() {
    server_.stop();
    if (listener_.joinable()) listener_.join();
  }

  // The port; not positive if no port was available.
  int port() const { return port_; }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread listener_;
};

// A client of the server, with an open connection for each link; browsers keep some open as well.
class HttpWire : public Wire {
 public:
  explicit HttpWire(int port) {
    for (int link = 0; link < kLinks; ++link) {
      connections_.push_back(std::make_unique<httplib::Client>("127.0.0.1", port));
      connections_.back()->set_keep_alive(true);
      connections_.back()->set_tcp_nodelay(true);
    }
  }

  // Opens the connections; returns whether the server answers on each.
  bool Open() {
    for (const auto& connection : connections_) {
      if (!connection->Get("/hello")) return false;
    }
    return true;
  }

  bool IsAlive(int link) override {
    const auto answer = connections_[link]->Head("/page/" + std::to_string(link));
    return answer && answer->status == 200;
  }

 private:
  std::vector<std::unique_ptr<httplib::Client>> connections_;
};

}  // namespace http_links

#endif  // RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_HTTP_LINKS_H_
