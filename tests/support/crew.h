#ifndef RACELAB_TESTS_SUPPORT_CREW_H_
#define RACELAB_TESTS_SUPPORT_CREW_H_

#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"

namespace racelab {

// Threads that are used again and again. Under ThreadSanitizer, creating and joining one takes ten times as long as
// what a scenario does on it.
//
// Each function runs on a thread of its own, as if that had been created for it and joined after it: what the caller
// did before Run() happens before the function, and the function happens before the return. Nothing else is ordered by
// it, the threads of one Run() among themselves least of all.
class Crew {
 public:
  Crew();
  ~Crew();  // Joins the threads.
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // Runs each function once; returns when all have returned. From one thread at a time.
  void Run(absl::Span<const absl::FunctionRef<void()>> functions);

 private:
  class Member;
  std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_CREW_H_
