#ifndef RACELAB_TESTS_SUPPORT_HAND_SHAKE_H_
#define RACELAB_TESTS_SUPPORT_HAND_SHAKE_H_

#include <atomic>
#include <cstdint>

namespace racelab {

// A signal from one thread to others that orders them in time and in nothing else.
//
// A mutex, a latch or a channel would do more: what happened before the signal would happen before what follows the
// wait, and a race between the two would be one no longer. A HandShake creates no happens-before edge (all of its
// accesses are relaxed), so that a test can arrange for two accesses to meet without repairing the program that it
// tests.
//
//   HandShake lent;
//   RunSimultaneously([&] { auto c = pool.Lend(0); lent.Signal(); ... },
//                     [&] { lent.Await(); pool.Reconnect(); });
//
// For the same reason it must not carry data from one thread to another.
class HandShake {
 public:
  HandShake() = default;
  HandShake(const HandShake&) = delete;
  HandShake& operator=(const HandShake&) = delete;

  // Lets all present and future waits end. Relaxed: publishes nothing.
  void Signal();

  // Sleeps until Signal() has been called. Relaxed: acquires nothing. Use it only where every correct variant of the
  // class under test lets the other thread come to its Signal().
  void Await();

  // As Await(), but gives up after a bounded number of yields; returns whether the signal came. For a meeting that the
  // buggy variant allows and a correct one may rule out (by a lock that this thread holds, say).
  bool AwaitBriefly();

 private:
  // ThreadSanitizer remembers the last few accesses to each eight bytes. In the same eight bytes as the data under
  // test, the waiting would push out the access that is to be found in a race.
  alignas(64) std::atomic<std::uint32_t> signalled_ = 0;
};

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_HAND_SHAKE_H_
