// A connection is used by one thread after another has freed it: heap-use-after-free in Connection::Send.
//
// The flag is relaxed, so the order in time is certain and yet the detector sees no happens-before edge.

#include <atomic>
#include <thread>

class Connection {
 public:
  void Send() { ++sent_; }

 private:
  long sent_ = 0;
};

class Pool {
 public:
  void Close() { delete connection_; }
  void Use() { connection_->Send(); }

 private:
  Connection* connection_ = new Connection;
};

int main() {
  Pool pool;
  std::atomic<bool> closed{false};
  std::thread user([&] {
    while (!closed.load(std::memory_order_relaxed)) std::this_thread::yield();
    pool.Use();
  });
  pool.Close();
  closed.store(true, std::memory_order_relaxed);
  user.join();
}
