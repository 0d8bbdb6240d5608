// The frequency of the time stamp counter, for Abseil in the tests' programs. The linker redirects every call here
// (--wrap).
//
// Abseil measures the frequency, against the clock, when a thread first waits for a mutex. It reads a thread's priority
// again whenever a second has passed. Under the second runtime, time does not pass during an execution, and executions
// must be deterministic; but on some virtual machines, the counter cannot be hidden from the program (PR_SET_TSC), and
// advances. The frequency given here is so high that nothing has to be measured, and that no second ever passes.

extern "C" double TimeStampsPerSecond() asm("__wrap_" RACELAB_ABSEIL_SPEED);

double TimeStampsPerSecond() { return 1e18; }
