#include "sanitizers/verdict/object_names.h"

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

constexpr std::uint64_t kHeap = std::uint64_t{4} << 30;  // Its bytes, Arena::kReserved.

// Names from near the shown place come first, lasting ones before others.
auto Order(const ObjectName& name) { return std::tuple(name.frames_away, name.detours, name.text.size(), name.text); }

// A row that concerns an object.
struct Sighting {
  const std::string* object;  // as the runtime knows it
  std::string* name;
  InterleavingStep* step;  // null: a waiting thread, or the accesses of a data race
  std::vector<ObjectName> names;
};

// An object by where it begins and what it is a part of: memory may be used again, for something else.
struct Object {
  std::uint64_t begin = 0;
  std::string identity;
  std::vector<ObjectName> names;  // the best first, each text once
  std::string chosen;

  bool IsCalled(const std::string& text) const {
    return std::any_of(names.begin(), names.end(), [&](const ObjectName& name) { return name.text == text; });
  }
};

// "Account::mutex_", for the identity "racelab::Account::mutex_"; empty if it is no member.
std::string WithItsClass(const std::string& identity) {
  if (absl::StartsWith(identity, "variable ")) return "";
  const size_t last = identity.rfind("::");
  if (last == std::string::npos || last == 0) return "";
  const size_t before = identity.rfind("::", last - 1);
  return before == std::string::npos ? identity : identity.substr(before + 2);
}

class Naming {
 public:
  Naming(InterleavingFailure& failure, ObjectWays& ways) : failure_(failure) {
    for (InterleavingStep& step : failure.steps) {
      sightings_.push_back(
          {&step.object, &step.name, &step, ways.Names(step.surroundings, std::max<std::uint64_t>(step.size, 1))});
      std::uint64_t offset = 0;
      if (step.surroundings.address != 0 && absl::StartsWith(step.object, "heap+") &&
          absl::SimpleHexAtoi(step.object.substr(5), &offset)) {
        heap_ = step.surroundings.address - offset;
      }
    }
    for (WaitingThread& waiting : failure.waiting) {
      sightings_.push_back({&waiting.object, &waiting.name, nullptr, ways.Names(waiting.surroundings, 1)});
    }
    if (!failure.accesses.empty())
      sightings_.push_back({&failure.memory, &failure.memory_name, nullptr, ways.Names(failure.surroundings, 1)});
  }

  void Run() {
    for (Sighting& sighting : sightings_) {
      std::sort(sighting.names.begin(), sighting.names.end(),
                [](const ObjectName& a, const ObjectName& b) { return Order(a) < Order(b); });
      if (!sighting.names.empty()) Note(sighting);
    }
    for (Object& object : objects_) SortNames(object);
    Choose();
    for (Sighting& sighting : sightings_) {
      if (const Object* object = ObjectOf(sighting); object != nullptr) Name(sighting, *object);
    }
    for (InterleavingStep& step : failure_.steps) {
      for (const std::string& held : step.held) {
        const Object* object = OnlyObjectAt(held);
        step.held_names.push_back(object == nullptr ? "" : object->chosen);
      }
    }
  }

 private:
  // What the sighting is of. Some ways do not tell (a reference to an int): then what others say of the same memory.
  std::pair<std::uint64_t, std::string> KeyOf(const Sighting& sighting) const {
    const auto telling = std::find_if(sighting.names.begin(), sighting.names.end(),
                                      [](const ObjectName& name) { return !name.identity.empty(); });
    if (telling != sighting.names.end()) return {telling->begin, telling->identity};
    return {sighting.names.front().begin, ""};
  }

  void Note(const Sighting& sighting) {
    const auto [begin, identity] = KeyOf(sighting);
    auto object =
        std::find_if(objects_.begin(), objects_.end(), [&, begin = begin, identity = identity](const Object& known) {
          return known.begin == begin && known.identity == identity;
        });
    if (object == objects_.end()) object = objects_.insert(object, {begin, identity, {}, ""});
    for (const ObjectName& name : sighting.names) {
      if (name.begin == begin && (name.identity.empty() || name.identity == identity)) object->names.push_back(name);
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

  // The names that no other object has at any step, by how many frames away they are; of each, the best.
  std::map<int, std::string> NamesOfItsOwn(const Object& object) const {
    std::map<int, std::string> own;
    for (const ObjectName& name : object.names) {
      if (std::none_of(objects_.begin(), objects_.end(),
                       [&](const Object& other) { return &other != &object && other.IsCalled(name.text); })) {
        own.try_emplace(name.frames_away, name.text);
      }
    }
    return own;
  }

  // For objects that would have one name: names of their own, all from one function if it has them; else numbers.
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
    for (Object& object : objects_) by_first_name[object.names.front().text].push_back(&object);
    for (auto& [text, objects] : by_first_name) {
      if (objects.size() == 1) {
        objects.front()->chosen = text;
        continue;
      }
      TellApart(text, objects);
    }
  }

  // Objects of which it is not known what they are, but only where, are what else is known to be there.
  void MergeUntold() {
    for (size_t i = objects_.size(); i-- > 0;) {
      if (!objects_[i].identity.empty()) continue;
      Object* only = OnlyObjectWith(objects_[i].begin);
      if (only == nullptr) continue;
      only->names.insert(only->names.end(), objects_[i].names.begin(), objects_[i].names.end());
      SortNames(*only);
      objects_.erase(objects_.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  Object* OnlyObjectWith(std::uint64_t begin) {
    Object* only = nullptr;
    for (Object& object : objects_) {
      if (object.begin != begin || object.identity.empty()) continue;
      if (only != nullptr) return nullptr;
      only = &object;
    }
    return only;
  }

  const Object* ObjectOf(const Sighting& sighting) {
    if (sighting.names.empty()) return OnlyObjectAt(*sighting.object);
    const auto [begin, identity] = KeyOf(sighting);
    for (const Object& object : objects_) {
      if (object.begin == begin && object.identity == identity) return &object;
    }
    return OnlyObjectWith(begin);
  }

  // The object that is known to be at a place, if it is the same one at every step that says.
  const Object* OnlyObjectAt(const std::string& place) {
    const Object* only = nullptr;
    for (const Sighting& sighting : sightings_) {
      if (sighting.names.empty() || *sighting.object != place) continue;
      const Object* object = ObjectOf(sighting);
      if (object == nullptr || (only != nullptr && only != object)) return nullptr;
      only = object;
    }
    return only;
  }

  // As ValueText(); a pointer into the heap as its place there, which is the same each time.
  std::string Text(const ValueFormat& format, std::uint64_t value) const {
    const bool in_heap = format.kind == ValueFormat::Kind::kPointer && heap_ != 0 && value - heap_ < kHeap;
    return in_heap ? absl::StrCat("heap+0x", absl::Hex(value - heap_)) : ValueText(format, value);
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
      return;
    }
  }

  InterleavingFailure& failure_;
  std::vector<Sighting> sightings_;
  std::uint64_t heap_ = 0;       // where it begins; 0 if no step concerns it
  std::vector<Object> objects_;  // in the order of the steps
};

}  // namespace

void NameObjects(std::vector<Exploration>& explorations, const FramesOfPlaces& frames, const std::string& directory) {
  ObjectWays ways(frames, directory);
  for (Exploration& exploration : explorations) {
    for (InterleavingFailure& failure : exploration.failures) Naming(failure, ways).Run();
  }
}

}  // namespace racelab
