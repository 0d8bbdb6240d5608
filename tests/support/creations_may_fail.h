#ifndef RACELAB_TESTS_SUPPORT_CREATIONS_MAY_FAIL_H_
#define RACELAB_TESTS_SUPPORT_CREATIONS_MAY_FAIL_H_

namespace racelab {

// While one lives, each creation of a thread is tried both ways: it succeeds, or it fails as it does when the system
// has no more threads (EAGAIN: std::thread throws std::system_error). Under the second runtime; elsewhere it does
// nothing.
class CreationsMayFail {
 public:
  CreationsMayFail();
  ~CreationsMayFail();
  CreationsMayFail(const CreationsMayFail&) = delete;
  CreationsMayFail& operator=(const CreationsMayFail&) = delete;
};

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_CREATIONS_MAY_FAIL_H_
