#ifndef RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_CANCELLATION_H_
#define RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_CANCELLATION_H_

#include <cstddef>

namespace racelab::interleave {

// Begins a cancellation point of the running thread, which lasts until LeaveCancellationPoint(): the thread ends here
// if it has been cancelled, or if it is cancelled while it waits. A thread that waits in a queue checks
// Thread::IsCancelled() itself, leaves the queue, and then calls LeaveCancellationPoint(). `has_waited`: the thread has
// waited, and holds nothing that would be lost if it ended here.
void EnterCancellationPoint();
void LeaveCancellationPoint(bool has_waited);

// Call this before the running thread waits: if it has been cancelled, it must be at a known cancellation point.
void ExpectNoCancellation(const void* pc);

// Ends the running thread: destroys the objects on its stack, and runs its handlers.
[[noreturn]] void LeaveThread(void* result);

// interceptors/once.cc: abandons the running thread's pending pthread_once() calls, except the first `count`.
void AbandonOnces(std::size_t count);

void PrepareCancellation();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_CANCELLATION_H_
