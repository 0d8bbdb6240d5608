// How fast the time stamp counter counts, for Abseil in the tests' programs. The linker leads every call here (--wrap).
//
// Abseil measures it, against the clock, when a thread first waits for a mutex, and reads a thread's priority anew when
// a second has passed since the last time. In an execution of the second runtime, time does not pass, and no two
// executions may differ in what they do; but there are virtual machines in which the counter cannot be hidden from the
// program (PR_SET_TSC), and goes on. So it counts so fast that nothing has to be measured, and that no second ever
// passes.

extern "C" double TimeStampsPerSecond() asm("__wrap_" RACELAB_ABSEIL_SPEED);

double TimeStampsPerSecond() { return 1e18; }
