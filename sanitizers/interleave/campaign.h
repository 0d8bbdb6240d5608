#ifndef RACELAB_SANITIZERS_INTERLEAVE_CAMPAIGN_H_
#define RACELAB_SANITIZERS_INTERLEAVE_CAMPAIGN_H_

#include <cstdint>

#include "sanitizers/interleave/explorer.h"
#include "sanitizers/interleave/minimise.h"
#include "sanitizers/interleave/search.h"

namespace racelab::interleave {

// Decides which executions to run, and in which order, until all have been run, a failure has been found, or the time
// is up.
//
// The exhaustive search comes first. If it would take too long, it takes turns with searches that find bugs sooner: all
// interleavings with few preemptions, priorities that change a few times, priorities of operations, and no priorities
// at all. Turns are counted in executions and steps, and seeds are fixed, so that a second run behaves identically.
//
// A data race turns the accesses to its memory into steps, and the search restarts, because only then can it show the
// consequences of the race. Neither a data race nor an exit code ends the search: it continues, to find a more telling
// failure.
class Campaign {
 public:
  // `run` runs the next execution of a search.
  Campaign(RunOne run, Exploration& result) : run_(run), result_(result) {}

  void Run();

  // The memory whose plain accesses are steps, and the search that ran the last execution.
  const Vector<std::uintptr_t>& promoted() const { return promoted_; }
  const Search& last() const { return *last_; }

 private:
  enum class Next { kGoOn, kTurnOver, kStop };

  // From this step on, a long execution is checked for a livelock.
  static constexpr std::uint64_t kFirstStepOfLivelock = 1'000;

  struct Member {
    Search search;
    SearchOptions options;
    std::size_t done;  // Index in result_.searches.
  };

  Member& AddMember(const SearchOptions& options);
  void SearchNear(const Search& search);
  void BeginAll();
  Next RunTurn(Member& member, std::uint64_t executions);
  Next RunOnce(Member& member);
  Next AfterFailure(const Search& search);
  Next LookForLivelock(const Search& endless);
  Next LookBehindReuse(std::uint64_t executions, std::uint64_t steps);
  Next Advance(Member& member);
  bool SearchLibraryCalls();
  void Note(const Search& search);
  void NoteMutation(const Search& search);
  void NoteIfNothingWasRun();
  void NoteIfScheduleDoesNotFit();
  void Promote(const HappensBefore::Race& race);
  void CountOutcome(int exit_code);
  bool IsTimeUp();

  const RunOne run_;
  Exploration& result_;
  Vector<Member*> members_;
  Member* near_ = nullptr;  // Searches for consequences of the last data race.
  Vector<std::uintptr_t> promoted_;
  const Search* last_ = nullptr;
  double limit_ = 0;             // When the time is up; 0: never.
  std::uint64_t runs_ = 0;       // Executions of every kind.
  std::uint64_t most_runs_ = 0;  // 0: no limit.
  int looks_for_livelock_ = 0;
  bool looked_behind_reuse_ = false;
  double last_check_ = 0;  // When the time was last checked, and after how many executions and steps;
  std::uint64_t steps_at_check_ = 0;
  std::uint64_t runs_at_check_ = 0, next_check_ = 1;  // the next check comes after `next_check_` executions.
};

// Makes plain accesses to exactly this memory steps; accesses to other memory are no longer steps.
void UsePromoted(const Vector<std::uintptr_t>& promoted);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_CAMPAIGN_H_
