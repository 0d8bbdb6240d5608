#include "sanitizers/verdict/strong_compare_exchange.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace racelab {
namespace {

// By the innermost function whose name says it: a library may implement one by the other.
bool IsStrong(const std::vector<Frame>& frames) {
  const auto named = std::find_if(frames.begin(), frames.end(), [](const Frame& frame) {
    return absl::StrContains(frame.function, "compare_exchange_");
  });
  return named != frames.end() && absl::StrContains(named->function, "compare_exchange_strong");
}

}  // namespace

void NoteStrongCompareExchanges(std::vector<Exploration>& explorations, const FramesOfPlaces& frames) {
  for (Exploration& exploration : explorations) {
    const std::vector<std::string>& places = exploration.compare_exchanges;
    if (places.empty() || exploration.has_more_compare_exchanges) continue;
    exploration.no_weak_failures = !std::all_of(places.begin(), places.end(), [&](const std::string& place) {
      const auto found = frames.find(place);
      return found != frames.end() && IsStrong(found->second);
    });
  }
}

}  // namespace racelab
