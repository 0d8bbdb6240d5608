#ifndef RACELAB_SANITIZERS_INTERLEAVE_CAMPAIGN_H_
#define RACELAB_SANITIZERS_INTERLEAVE_CAMPAIGN_H_

#include <cstdint>

#include "sanitizers/interleave/explorer.h"
#include "sanitizers/interleave/minimise.h"
#include "sanitizers/interleave/search.h"

namespace racelab::interleave {

// Which executions are run, and in which order, until all have been, or a failure has been found, or the time is up.
//
// The exhaustive search comes first. What is too large for it is searched in turns, by it and by others that find other
// things soon: all interleavings with few preemptions, priorities that change a few times, priorities of operations, no
// priorities at all. The turns are counted in executions and steps, and the seeds are fixed, so that a second run does
// the same.
//
// A data race makes its memory a matter of steps, and begins the search anew: only then can what comes of it be shown.
// Like an exit code, it does not end the search, which goes on for a failure that tells more.
class Campaign {
 public:
  // `run` runs the next execution of a search.
  Campaign(RunOne run, Exploration& result) : run_(run), result_(result) {}

  void Run();

  // The memory whose plain accesses are steps, and the search that has run the last execution.
  const Vector<std::uintptr_t>& promoted() const { return promoted_; }
  const Search& last() const { return *last_; }

 private:
  enum class Next { kGoOn, kTurnOver, kStop };

  struct Member {
    Search search;
    SearchOptions options;
    std::size_t done;  // Index into result_.searches.
  };

  Member& AddMember(const SearchOptions& options);
  void SearchNear(const Search& search);
  void BeginAll();
  Next RunTurn(Member& member, std::uint64_t executions);
  Next RunOnce(Member& member);
  Next AfterFailure(const Search& search);
  Next LookForLivelock(const Search& endless);
  Next Advance(Member& member);
  bool SearchLibraryCalls();
  void Note(const Search& search);
  void NoteIfNothingWasRun();
  void NoteIfScheduleDoesNotFit();
  void Promote(const HappensBefore::Race& race);
  void CountOutcome(int exit_code);
  bool IsTimeUp();

  const RunOne run_;
  Exploration& result_;
  Vector<Member*> members_;
  Member* near_ = nullptr;  // The one that looks for what follows the last data race.
  Vector<std::uintptr_t> promoted_;
  const Search* last_ = nullptr;
  double limit_ = 0;             // When the time is up; 0: never.
  std::uint64_t runs_ = 0;       // Executions of whatever kind.
  std::uint64_t most_runs_ = 0;  // 0: no limit.
  int looks_for_livelock_ = 0;
  double last_check_ = 0;  // Of the time, and after so many executions,
  std::uint64_t steps_at_check_ = 0;
  std::uint64_t runs_at_check_ = 0, next_check_ = 1;  // and after how many next.
};

// Makes plain accesses to this memory steps, and no others.
void UsePromoted(const Vector<std::uintptr_t>& promoted);

// Whether the two are one failure.
bool Same(const Failure& a, const Failure& b);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_CAMPAIGN_H_
