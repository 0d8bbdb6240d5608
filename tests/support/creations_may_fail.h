#ifndef RACELAB_TESTS_SUPPORT_CREATIONS_MAY_FAIL_H_
#define RACELAB_TESTS_SUPPORT_CREATIONS_MAY_FAIL_H_

namespace racelab {

// While an object of this class lives, each creation of a thread is tried both ways: it succeeds, or it fails as if
// the system had no more threads (EAGAIN: std::thread throws std::system_error). Only under the second runtime;
// otherwise this has no effect.
class CreationsMayFail {
 public:
  CreationsMayFail();
  ~CreationsMayFail();
  CreationsMayFail(const CreationsMayFail&) = delete;
  CreationsMayFail& operator=(const CreationsMayFail&) = delete;
};

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_CREATIONS_MAY_FAIL_H_
