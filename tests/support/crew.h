#ifndef RACELAB_TESTS_SUPPORT_CREW_H_
#define RACELAB_TESTS_SUPPORT_CREW_H_

#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"

namespace racelab {

// Threads that are reused. Under ThreadSanitizer, creating and joining a thread takes ten times as long as a scenario's
// work on it.
//
// Each function runs on a thread of its own, as if the thread had been created for it and joined after it: the caller's
// actions before Run() happen before the function, and the function happens before the return. Run() orders nothing
// else; in particular, it does not order the functions of one Run().
class Crew {
 public:
  Crew();
  ~Crew();  // Joins the threads.
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // Runs each function once; returns when all have returned. Call this from one thread at a time.
  void Run(absl::Span<const absl::FunctionRef<void()>> functions);

 private:
  class Member;
  std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_CREW_H_
