#ifndef RACELAB_TESTS_SUPPORT_HAND_SHAKE_H_
#define RACELAB_TESTS_SUPPORT_HAND_SHAKE_H_

#include <atomic>
#include <cstdint>

namespace racelab {

// A signal from one thread to others that orders them in time, and in no other way.
//
// A mutex, a latch or a channel would do more: actions before the signal would happen before actions after the wait,
// and a race between the two would disappear. A HandShake creates no happens-before edge (all its accesses are
// relaxed), so a test can make two accesses meet without repairing the program under test.
//
//   HandShake lent;
//   RunSimultaneously([&] { auto c = pool.Lend(0); lent.Signal(); ... },
//                     [&] { lent.Await(); pool.Reconnect(); });
//
// For the same reason, it must not carry data from one thread to another.
//
// If loads may return older values, time alone orders nothing. A HandShake is then sequentially consistent.
class HandShake {
 public:
  HandShake() = default;
  HandShake(const HandShake&) = delete;
  HandShake& operator=(const HandShake&) = delete;

  // Ends all present and future waits. Relaxed: publishes nothing.
  void Signal();

  // Sleeps until Signal() has been called. Relaxed: acquires nothing. Use it only if every correct variant of the class
  // under test lets the other thread reach its Signal().
  void Await();

  // Like Await(), but gives up after a bounded number of yields; returns whether the signal came. For meetings that the
  // buggy variant allows and a correct one may prevent (for example, by a lock that this thread holds).
  bool AwaitBriefly();

 private:
  // ThreadSanitizer remembers the last few accesses to each eight bytes. If this were in the same eight bytes as the
  // data under test, the waiting would push out the racing access.
  alignas(64) std::atomic<std::uint32_t> signalled_ = 0;
};

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_HAND_SHAKE_H_
