#ifndef RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_CANCELLATION_H_
#define RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_CANCELLATION_H_

#include <cstddef>

namespace racelab::interleave {

// The running thread is at a cancellation point: it ends here if it has been cancelled, or while it waits, before
// LeaveCancellationPoint(). Who waits in a queue asks Thread::IsCancelled() itself, leaves the queue, and then calls
// that. `has_waited`: what the function waits for has not been taken.
void EnterCancellationPoint();
void LeaveCancellationPoint(bool has_waited);

// The running thread is going to wait. If it has been cancelled it must be at a cancellation point that is known.
void ExpectNoCancellation(const void* pc);

// The running thread ends, with what is on its stack destroyed, and its handlers run.
[[noreturn]] void LeaveThread(void* result);

// interceptors/once.cc: all but the first `count` calls of pthread_once() that the running thread is in are left.
void AbandonOnces(std::size_t count);

void PrepareCancellation();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_CANCELLATION_H_
