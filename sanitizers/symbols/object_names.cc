#include "sanitizers/symbols/object_names.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace racelab {
namespace {

// Names near the shown place come first; among those, names that stay valid.
auto Order(const ObjectName& name) { return std::tuple(name.frames_away, name.detours, name.text.size(), name.text); }

// Whether the runtime identifies an object by a name ("descriptor 4", "file #2") instead of an address.
bool IsName(const std::string& object) { return !object.empty() && !absl::StrContains(object, "0x"); }

// A row in which an object occurs.
struct Sighting {
  const std::string* object;  // the runtime's name for the object
  std::string* name;
  InterleavingStep* step;  // null for a waiting thread, or for the accesses of a data race
  std::vector<ObjectName> names;
};

// An object, identified by its address and by what it is a part of, because memory may be reused.
struct Object {
  std::uint64_t begin = 0;
  std::string identity;
  std::vector<ObjectName> names;  // the best name first; no text occurs twice
  std::string chosen;
};

using Key = std::pair<std::uint64_t, std::string>;

// "Account::mutex_", for the identity "racelab::Account::mutex_"; empty if it is not a member.
std::string WithItsClass(const std::string& identity) {
  if (absl::StartsWith(identity, "variable ")) return "";
  const size_t last = identity.rfind("::");
  if (last == std::string::npos || last == 0) return "";
  const size_t before = identity.rfind("::", last - 1);
  return before == std::string::npos ? identity : identity.substr(before + 2);
}

class Naming {
 public:
  Naming(InterleavingFailure& failure, const Layout& layout, NameCandidates& candidates)
      : failure_(failure), layout_(layout) {
    const auto names = [&](const Surroundings& surroundings, std::uint64_t size) {
      return candidates.Names(surroundings, layout.registers, size);
    };
    const auto note = [&](InterleavingStep& step) {
      sightings_.push_back(
          {&step.object, &step.name, &step, names(step.surroundings, std::max<std::uint64_t>(step.size, 1))});
    };
    for (InterleavingStep& step : failure.witnesses) note(step);
    for (InterleavingStep& step : failure.steps) note(step);
    for (WaitingThread& waiting : failure.waiting) {
      sightings_.push_back({&waiting.object, &waiting.name, nullptr, names(waiting.surroundings, 1)});
    }
    if (!failure.accesses.empty())
      sightings_.push_back({&failure.memory, &failure.memory_name, nullptr, names(failure.surroundings, 1)});
  }

  void Run() {
    for (Sighting& sighting : sightings_) {
      std::sort(sighting.names.begin(), sighting.names.end(),
                [](const ObjectName& a, const ObjectName& b) { return Order(a) < Order(b); });
      if (!sighting.names.empty()) Note(sighting);
    }
    for (Object& object : objects_) SortNames(object);
    Choose();
    NotePlaces();
    for (Sighting& sighting : sightings_) {
      if (const Object* object = ObjectOf(sighting); object != nullptr) Name(sighting, *object);
      if (sighting.name->empty() && IsName(*sighting.object)) *sighting.name = *sighting.object;
    }
    for (InterleavingStep& step : failure_.steps) step.held_names = NamesOf(step.held);
    for (RacingAccess& access : failure_.accesses) access.held_names = NamesOf(access.held);
  }

 private:
  std::vector<std::string> NamesOf(const std::vector<std::string>& locks) const {
    std::vector<std::string> names;
    for (const std::string& lock : locks) {
      const Object* object = OnlyObjectAt(lock);
      names.push_back(object == nullptr ? "" : object->chosen);
    }
    return names;
  }

  // The object of the sighting. Some names do not identify the object (a reference to an int). Then the address alone
  // is the key, and other sightings of the same memory decide (MergeUntold).
  Key KeyOf(const Sighting& sighting) const {
    const auto telling = std::find_if(sighting.names.begin(), sighting.names.end(),
                                      [](const ObjectName& name) { return !name.identity.empty(); });
    if (telling != sighting.names.end()) return {telling->begin, telling->identity};
    return {sighting.names.front().begin, ""};
  }

  void Note(const Sighting& sighting) {
    const Key key = KeyOf(sighting);
    const auto [known, is_new] = by_key_.try_emplace(key, objects_.size());
    if (is_new) objects_.push_back({key.first, key.second, {}, ""});
    for (const ObjectName& name : sighting.names) {
      if (name.begin == key.first && (name.identity.empty() || name.identity == key.second))
        objects_[known->second].names.push_back(name);
    }
  }

  static void SortNames(Object& object) {
    std::sort(object.names.begin(), object.names.end(),
              [](const ObjectName& a, const ObjectName& b) { return Order(a) < Order(b); });
    std::set<std::string> seen;
    std::vector<ObjectName> once;
    for (ObjectName& name : object.names) {
      if (seen.insert(name.text).second) once.push_back(std::move(name));
    }
    if (const std::string text = WithItsClass(object.identity); !text.empty() && !seen.contains(text)) {
      ObjectName last = once.front();
      last.text = text;
      last.frames_away = once.back().frames_away + 1;
      once.push_back(std::move(last));
    }
    object.names = std::move(once);
  }

  // The names that no other object has at any step: the best name for each number of frames away.
  std::map<int, std::string> NamesOfItsOwn(const Object& object) const {
    std::map<int, std::string> own;
    for (const ObjectName& name : object.names) {
      if (objects_called_.at(name.text) == 1) own.try_emplace(name.frames_away, name.text);
    }
    return own;
  }

  // Distinguishes objects that would have the same name: by names that are unique to each, if possible all from the
  // same function; otherwise by numbers.
  void TellApart(const std::string& text, const std::vector<Object*>& objects) {
    std::vector<std::map<int, std::string>> own;
    for (const Object* object : objects) own.push_back(NamesOfItsOwn(*object));
    const bool all = std::none_of(own.begin(), own.end(), [](const auto& names) { return names.empty(); });
    std::optional<int> common;
    for (const auto& [frames_away, name] : own.front()) {
      if (!common.has_value() && std::all_of(own.begin(), own.end(), [frame = frames_away](const auto& names) {
            return names.contains(frame);
          })) {
        common = frames_away;
      }
    }
    for (size_t i = 0; i < objects.size(); ++i) {
      objects[i]->chosen = common.has_value() ? own[i][*common]
                           : all              ? own[i].begin()->second
                                              : absl::StrCat(text, " #", i + 1);
    }
  }

  void Choose() {
    MergeUntold();
    std::map<std::string, std::vector<Object*>> by_first_name;
    for (Object& object : objects_) {
      if (object.names.empty()) continue;
      by_first_name[object.names.front().text].push_back(&object);
      for (const ObjectName& name : object.names) ++objects_called_[name.text];
    }
    for (auto& [text, objects] : by_first_name) {
      if (objects.size() == 1) {
        objects.front()->chosen = text;
        continue;
      }
      TellApart(text, objects);
    }
  }

  // If only the address of an object is known, and one identified object is known to be there, they are the same.
  void MergeUntold() {
    for (const auto& [key, index] : by_key_) {
      if (key.second.empty()) continue;
      const auto [known, is_new] = only_told_.try_emplace(key.first, &objects_[index]);
      if (!is_new) known->second = nullptr;
    }
    for (Object& object : objects_) {
      Object* only = object.identity.empty() ? OnlyObjectWith(object.begin) : nullptr;
      if (only == nullptr) continue;
      only->names.insert(only->names.end(), object.names.begin(), object.names.end());
      SortNames(*only);
      object.names.clear();
      by_key_.erase({object.begin, ""});
    }
  }

  Object* OnlyObjectWith(std::uint64_t begin) const {
    const auto found = only_told_.find(begin);
    return found == only_told_.end() ? nullptr : found->second;
  }

  const Object* ObjectOf(const Sighting& sighting) const {
    if (sighting.names.empty()) return OnlyObjectAt(*sighting.object);
    const Key key = KeyOf(sighting);
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? OnlyObjectWith(key.first) : &objects_[found->second];
  }

  // Notes for each place which object is known to be there; null if steps disagree.
  void NotePlaces() {
    for (const Sighting& sighting : sightings_) {
      if (sighting.names.empty()) continue;
      const Object* object = ObjectOf(sighting);
      const auto [known, is_new] = at_place_.try_emplace(*sighting.object, object);
      if (!is_new && known->second != object) known->second = nullptr;
    }
  }

  const Object* OnlyObjectAt(const std::string& place) const {
    const auto found = at_place_.find(place);
    return found == at_place_.end() ? nullptr : found->second;
  }

  // Like ValueText(), but writes a pointer into the heap as an offset, which is the same in every run.
  std::string Text(const ValueFormat& format, std::uint64_t value) const {
    const std::uint64_t offset = value - layout_.heap;
    const bool in_heap = format.kind == ValueFormat::Kind::kPointer && layout_.heap != 0 && offset < layout_.heap_bytes;
    return in_heap ? absl::StrCat("heap+0x", absl::Hex(offset)) : ValueText(format, value);
  }

  void Name(Sighting& sighting, const Object& object) const {
    *sighting.name = object.chosen;
    if (sighting.step == nullptr || !sighting.step->before.has_value()) return;
    InterleavingStep& step = *sighting.step;
    for (const ObjectName& name : object.names) {
      step.is_whole = name.is_whole;
      if (!name.format.has_value() || name.format->size != step.size) continue;
      step.before_text = Text(*name.format, *step.before);
      step.after_text = Text(*name.format, step.after.value_or(*step.before));
      if (step.expected.has_value()) step.expected_text = Text(*name.format, *step.expected);
      return;
    }
  }

  InterleavingFailure& failure_;
  std::vector<Sighting> sightings_;
  const Layout& layout_;
  std::vector<Object> objects_;  // in the order of the steps
  // These keep the work proportional to the number of steps, of which there may be tens of thousands:
  std::map<Key, size_t> by_key_;                   // indices of objects_
  std::map<std::uint64_t, Object*> only_told_;     // by where they begin; null where there are several
  std::map<std::string, const Object*> at_place_;  // by the runtime's name for the place; null likewise
  std::map<std::string, int> objects_called_;      // for each name, how many objects have it
};

}  // namespace

void NameObjects(std::vector<Exploration>& explorations, const FramesOfPlaces& frames, const std::string& directory) {
  NameCandidates candidates(frames, directory);
  for (Exploration& exploration : explorations) {
    for (InterleavingFailure& failure : exploration.failures) Naming(failure, exploration.layout, candidates).Run();
  }
}

}  // namespace racelab
