#ifndef RACELAB_SANITIZERS_INTERLEAVE_ALTERNATE_STACK_H_
#define RACELAB_SANITIZERS_INTERLEAVE_ALTERNATE_STACK_H_

#include <signal.h>

#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {

// The stacks that the program's threads have set aside for signal handlers. (The kernel's alternate stack is for this
// runtime's own handlers.)

// The top of the running thread's alternate stack if a handler with these flags is to run there; otherwise null.
void* TopOfAlternateStack(unsigned long flags);

// Calls the handler on the stack below `top` or, if `top` is null, on the running thread's own stack.
void CallHandlerOn(void* top, SignalHandler handler, int signal, siginfo_t* information, void* context);

// Implements sigaltstack().
long ChangeAlternateStack(const long* arguments);

void ForgetAlternateStack(int slot);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_ALTERNATE_STACK_H_
