// A mutex is destroyed while it is locked, in Completion::Finish.

#include <pthread.h>

class Completion {
 public:
  Completion() { pthread_mutex_init(&mutex_, nullptr); }
  void Finish() {
    pthread_mutex_lock(&mutex_);
    pthread_mutex_destroy(&mutex_);
  }

 private:
  pthread_mutex_t mutex_;
};

int main() {
  Completion completion;
  completion.Finish();
}
