// A mutex is locked by one thread and unlocked by another: bad unlock in Session::Finish.

#include <mutex>
#include <thread>

class Session {
 public:
  void Begin() { mutex_.lock(); }
  void Finish() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

int main() {
  Session session;
  session.Begin();
  std::thread([&] { session.Finish(); }).join();
}
