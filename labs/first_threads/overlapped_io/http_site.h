#ifndef RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_HTTP_SITE_H_
#define RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_HTTP_SITE_H_

#include <httplib.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "labs/first_threads/overlapped_io/wire.h"

// A small site that the program itself serves over HTTP, and a client for its pages.

namespace http_site {

inline constexpr int kPages = 24;
inline constexpr std::chrono::milliseconds kDelay(50);  // Before the server sends a page.
inline constexpr int kWords = 10'000;                   // On each page.

// The site, on an unused port of the loopback interface.
class Site {
 public:
  Site() {
    std::string text;
    for (int word = 0; word < kWords; ++word) text += "word ";
    server_.new_task_queue = [] { return new httplib::ThreadPool(kPages); };  // A thread for each open connection.
    server_.set_keep_alive_max_count(1'000);
    server_.Get("/hello", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("hello", "text/plain");
    });
    server_.Get(R"(/page/\d+)", [text](const httplib::Request&, httplib::Response& response) {
      std::this_thread::sleep_for(kDelay);
      response.set_content(text, "text/plain");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    if (port_ > 0) listener_ = std::thread([this] { server_.listen_after_bind(); });
  }

  ~Site() {
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

// A client of the site, with an open connection for each page; browsers keep some open as well.
class HttpWire : public Wire {
 public:
  explicit HttpWire(int port) {
    for (int page = 1; page <= kPages; ++page) {
      connections_.push_back(std::make_unique<httplib::Client>("127.0.0.1", port));
      connections_.back()->set_keep_alive(true);
      connections_.back()->set_tcp_nodelay(true);
    }
  }

  // Opens the connections; returns whether the site answers on each.
  bool Open() {
    for (const auto& connection : connections_) {
      if (!connection->Get("/hello")) return false;
    }
    return true;
  }

  std::string Fetch(int page) override {
    const auto answer = connections_[page - 1]->Get("/page/" + std::to_string(page));
    return answer ? answer->body : "";
  }

 private:
  std::vector<std::unique_ptr<httplib::Client>> connections_;
};

}  // namespace http_site

#endif  // RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_HTTP_SITE_H_
