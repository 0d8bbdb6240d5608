// A thread locks a spin lock for reading that it has locked for writing: a bad read lock in Routes::Find. With
// "--unlock", it unlocks for reading what it has locked for writing: a bad read unlock in Routes::Find.
//
// A std::shared_mutex would hang or fail without a report. This lock announces its operations to the detector, by the
// annotations that the sanitizer offers to authors of mutexes.

#include <sanitizer/tsan_interface.h>

#include <string_view>

class Routes {
 public:
  Routes() { __tsan_mutex_create(this, 0); }
  void Rebuild(std::string_view how) {
    __tsan_mutex_pre_lock(this, 0);
    __tsan_mutex_post_lock(this, 0, 0);
    Find(how);
  }
  void Find(std::string_view how) {
    if (how == "--unlock") {
      __tsan_mutex_pre_unlock(this, __tsan_mutex_read_lock);
      __tsan_mutex_post_unlock(this, __tsan_mutex_read_lock);
    } else {
      __tsan_mutex_pre_lock(this, __tsan_mutex_read_lock);
      __tsan_mutex_post_lock(this, __tsan_mutex_read_lock, 0);
    }
  }
};

int main(int argc, char** argv) {
  Routes routes;
  routes.Rebuild(argc > 1 ? argv[1] : "");
}
