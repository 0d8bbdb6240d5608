// A mutex is locked that was never initialised and whose memory contains garbage: use of an invalid mutex in
// Cache::Find.

#include <pthread.h>

#include <cstring>

class Cache {
 public:
  Cache() { std::memset(&mutex_, 0x7f, sizeof mutex_); }
  void Find() { pthread_mutex_lock(&mutex_); }

 private:
  pthread_mutex_t mutex_;
};

int main() {
  Cache cache;
  cache.Find();
}
