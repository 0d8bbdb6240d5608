#include "sanitizers/findings/rule.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_replace.h"

namespace racelab {
namespace {

constexpr std::string_view kUnknown = "unknown-report";

// The rules follow the C++ standard ([intro.races], [basic.life]), POSIX, and ThreadSanitizer's documentation:
// https://github.com/google/sanitizers/wiki/ThreadSanitizerReportFormat
std::vector<Rule> MakeRules() {
  return {
      {"data-race", "Data race",
       "Two threads access the same memory, at least one of them writes, and nothing orders the accesses. The "
       "behaviour "
       "of the program is undefined.",
       "State that is shared without a lock, a lock that only one side takes, or two sides that take different locks.",
       "Guard every access with one mutex, make the variable a std::atomic, or let one thread own it and send "
       "messages.",
       "lost_update"},
      {"data-race-on-vptr", "Data race on a vptr",
       "A thread makes a virtual call on an object while another thread constructs or destroys it.",
       "A thread is started in a base class's constructor, or is still running when the destructor of the derived "
       "class "
       "has ended.",
       "Start the thread after the construction is complete, and join it before the destruction begins.", ""},
      {"heap-use-after-free", "Use after free",
       "A thread accesses memory that another thread has freed, and nothing orders the access before the free.",
       "A reference, an iterator or a captured `this` that outlives its object.",
       "Let whoever uses the object keep it alive (std::shared_ptr), or join the user before the object ends.",
       "use_after_free"},
      {"heap-use-after-free-on-vptr", "Virtual call on a freed object",
       "A thread makes a virtual call on an object that another thread has freed.",
       "A callback or a worker that is not stopped before its object is deleted.",
       "Stop and join every user of the object before it is deleted, or let them share its ownership.",
       "use_after_free"},
      {"race-on-external-object", "Race on an external object",
       "Two threads use an object of a library at the same time, and the library says that this is a race.",
       "A file descriptor or a library's object that is shared without a lock.",
       "Guard the object with a mutex, or let one thread own it.", ""},
      {"lock-order-inversion", "Lock-order inversion",
       "Threads take the same mutexes in different orders. If each takes its first one before the other does, both "
       "wait "
       "for ever. This run was lucky.",
       "A function that locks is called while another lock is held, or two objects lock each other.",
       "Take the locks in one order everywhere, or all at once with std::scoped_lock.", "lock_order"},
      {"bad-unlock", "Unlock of a mutex that the thread does not hold",
       "A thread unlocks a mutex that is not locked, or that another thread has locked. The behaviour is undefined.",
       "Lock and unlock in different functions or threads, or an unlock on a path that did not lock.",
       "Let a std::lock_guard do both; to hand over a right, use a semaphore or a condition.", "unlock_elsewhere"},
      {"double-lock", "Double lock",
       "A thread locks a mutex that it holds already, and the mutex is not recursive. The thread waits for itself.",
       "A locking function calls another function that locks the same mutex.",
       "Split the function into one that locks and one that expects the lock to be held.", "callback_under_lock"},
      {"bad-read-lock", "Read lock of a mutex that is locked for writing",
       "A thread takes a lock shared that it already holds exclusively. The behaviour is undefined.",
       "A reader's function is called while the writer's lock is held.",
       "Split the function into one that locks and one that expects the lock to be held.", ""},
      {"bad-read-unlock", "Read unlock of a mutex that is locked for writing",
       "A thread gives back a shared lock that it holds exclusively. The behaviour is undefined.",
       "Lock and unlock functions that do not match.", "Let std::shared_lock and std::unique_lock do both.", ""},
      {"destroy-of-a-locked-mutex", "Destruction of a locked mutex",
       "A mutex is destroyed while a thread holds it. The behaviour is undefined.",
       "An object is deleted while a thread is still in one of its functions.",
       "Join every user of the object, or let them share its ownership, before it is deleted.", ""},
      {"invalid-mutex", "Use of an invalid mutex", "A mutex is used that was never initialised, or is destroyed.",
       "An object is used before its constructor or after its destructor, or its memory was overwritten.",
       "Let the mutex live longer than every thread that uses it.", ""},
      {"mutex-in-the-wrong-context", "Mutex held in the wrong context",
       "A mutex is held where its owner says that it must not be held.", "A call into code that forbids the lock.",
       "Unlock before the call.", ""},
      {"thread-leak", "Thread leak", "A thread has ended, but was neither joined nor detached: its resources are lost.",
       "A pthread_create() without pthread_join(), or a std::thread's handle that is thrown away.",
       "Join the thread; std::jthread does it by itself.", "forgotten_join"},
      {"signal-unsafe-call", "Call of an unsafe function in a signal handler",
       "A signal handler calls a function, such as malloc(), that may have been interrupted in the middle by the "
       "signal.",
       "Logging or allocating in a signal handler.",
       "Only set a volatile std::sig_atomic_t or a lock-free atomic there, or write to a pipe.", ""},
      {"errno-in-signal-handler", "Signal handler changes errno",
       "A signal handler changes errno, which the interrupted code may be about to read.",
       "A system call in a signal handler.", "Save errno at the start of the handler, and restore it at the end.", ""},
      {"deadlock", "Deadlock", "Threads wait for each other, so that none of them can ever go on.",
       "Locks that are taken in different orders, a lock that is held while waiting for a thread, or a thread that "
       "waits "
       "for itself.",
       "Take locks in one order, and wait for nobody while holding one.", "lock_order"},
      {"hang", "Hang", "All threads sleep until another one wakes them, so that none of them can ever go on.",
       "A notification that came before the wait, or that is never sent; a channel or a semaphore that nobody serves.",
       "Change the condition under the mutex under which it is checked, and wait in a loop that checks it.",
       "lost_wakeup"},
      {"no-progress", "No progress", "A thread goes round a loop for ever: nothing can change what it waits for.",
       "A flag that nobody sets, or a retry that can never succeed.",
       "Make sure that some thread can always change what the loop reads; wait on a condition instead of spinning.",
       "plain_stop_flag"},
      {"failed-expectation", "Failed expectation",
       "The test's expectation does not hold in some interleaving of its threads.",
       "Operations that must be one step, and are several.", "Make the operations one critical section or one atomic.",
       "check_then_act"},
      {"crash", "Crash", "The program gets a fatal signal.", "Memory that is used before or after its lifetime.",
       "See the interleaving that leads there.", ""},
      {"abort", "Abort", "The program calls abort(), or an assertion of its own fails.",
       "A broken invariant, or a joinable std::thread that is destroyed.", "See the interleaving that leads there.",
       ""},
      {"uncaught-exception", "Uncaught exception", "An exception leaves a thread, which ends the program.",
       "A function that throws in a thread without a handler.",
       "Catch it in the thread and hand it on, for example through a std::promise.", ""},
      {"exit-code", "Failing exit code", "The program ends with an exit code other than 0.",
       "A check of its own failed.", "See what the program printed.", ""},
      {"mutex-misuse", "Misuse of a mutex", "A mutex is used in a way that its type does not allow.",
       "An unlock by another thread, or an end of the thread or of the mutex while it is locked.",
       "Let a std::lock_guard lock and unlock.", "unlock_elsewhere"},
      {"heap-misuse", "Misuse of the heap", "Memory is freed twice, or was never allocated.",
       "Two owners of one object.", "Let a smart pointer own it.", ""},
      {"thread-misuse", "Misuse of a thread", "A thread is joined or detached twice, or joins itself.",
       "Two owners of one thread.", "Let one std::jthread own it.", ""},
      {"fatal-error", "Fatal error under ThreadSanitizer",
       "The program got a fatal signal, or ThreadSanitizer itself gave up. What happens after that was not checked.",
       "A crash of the program, an address space that is too random or too small for ThreadSanitizer, or a defect in "
       "it.",
       "Mend the crash first. For \"unexpected memory mapping\", lower the kernel's vm.mmap_rnd_bits to 28.", ""},
      {"incomplete-report", "Report that was lost or cut short",
       "A report began and did not end, or nobody has seen it, so it is unknown what it would have said.",
       "The process was killed while it reported, it could not write the report, or the disk or the log was full.",
       "Run the program again with more time and room; TMPDIR must be a folder to which each process can write.", ""},
      {"program-failed", "The program failed", "The program ended with an error, and no report explains it.",
       "A failed test, a crash or a kill.", "See what the program printed.", ""},
      {"missed-bug", "Bug that was not exposed",
       "A detector did not report the bug that a lab or a rejected repair has, or reported something else.",
       "An edit that repaired the bug, a test that does not reach it, or a lab.toml that declares another one.",
       "Restore the bug, or declare what is reported now: `racelab verify` says what lab.toml declares.", ""},
      {"does-not-compile", "Variant that does not compile",
       "A variant of a lab could not be built, so nothing is known.",
       "An edit of the variant, or of the test that all variants share.", "See the compiler's first error.", ""},
      {"evades-detector", "Variant that hides from a detector",
       "A variant keeps a detector from seeing what it does: the detector's silence would prove nothing.",
       "An attribute, a pragma or a call that turns the detector off, or a repair that polls.",
       "Remove what hides it, and repair the bug.", ""},
      {kUnknown, "Unknown report", "ThreadSanitizer reported something that is not known here.",
       "A newer ThreadSanitizer.", "See the report itself.", ""},
  };
}

}  // namespace

std::string_view Name(Severity severity) {
  switch (severity) {
    case Severity::kNote:
      return "note";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "error";
}

const std::vector<Rule>& AllRules() {
  static const auto& rules = *new std::vector<Rule>(MakeRules());
  return rules;
}

const Rule& RuleWithId(std::string_view id) {
  const std::vector<Rule>& rules = AllRules();
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == id; });
  return found == rules.end() ? rules.back() : *found;
}

bool IsAlwaysWrong(const Rule& rule) {
  return rule.id == "incomplete-report" || rule.id == "fatal-error" || rule.id == "program-failed";
}

// A rule's id is the name of the report kind, with hyphens for spaces.
const Rule& RuleOf(ReportKind kind) { return RuleWithId(absl::StrReplaceAll(Name(kind), {{" ", "-"}})); }

const Rule& RuleOfFailure(std::string_view kind) {
  constexpr std::pair<std::string_view, std::string_view> kOtherwise[] = {{"use after free", "heap-use-after-free"},
                                                                          {"misuse of a mutex", "mutex-misuse"},
                                                                          {"misuse of the heap", "heap-misuse"},
                                                                          {"misuse of a thread", "thread-misuse"}};
  for (const auto& [name, id] : kOtherwise) {
    if (name == kind) return RuleWithId(id);
  }
  return RuleWithId(absl::StrReplaceAll(kind, {{" ", "-"}}));
}

}  // namespace racelab
