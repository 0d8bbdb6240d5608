// Records how the place of a step leads to its object: the frames of the running thread, and the words in them, and in
// the memory that they point to, that lead to the object. Later, the program's debug information tells which variables
// these words are (sanitizers/symbols/object_names.h).

#include <unwind.h>

#include <algorithm>

#include "sanitizers/interleave/arena.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/model/block_reuse.h"
#include "sanitizers/interleave/snapshot.h"

namespace racelab::interleave {
namespace {

constexpr std::size_t kMostSurroundings = 1000;  // In one execution: enough for all rows that a reader will look at.
constexpr std::size_t kMostFrames = 24;
constexpr std::size_t kFrameWords = 1024;
constexpr std::size_t kObjectWords = 64;         // Of the object that a pointer points to.
constexpr std::size_t kMostObjects = 1500;       // Searched for one step.
constexpr std::uintptr_t kLargestObject = 8192;  // From where a pointer points, to the accessed object.
constexpr int kMostHops = 3;  // From a variable to the object: a closure, a reference in it, a smart pointer.

struct Walk {
  const Fibre& fibre;
  const void* from;  // Before it come frames of this runtime.
  Recording& recording;
  std::size_t first;  // of the frames of this walk
  std::uintptr_t stack_pointer = 0;
  bool begun = false;
};

_Unwind_Reason_Code VisitFrame(_Unwind_Context* context, void* argument) {
  auto& walk = *static_cast<Walk*>(argument);
  Vector<RecordedFrame>& frames = walk.recording.frames;
  const auto* pc = reinterpret_cast<const void*>(_Unwind_GetIP(context));
  // Here, libgcc returns the canonical frame address of the frame's callee: the stack pointer after the callee has
  // returned.
  const std::uintptr_t stack_pointer = _Unwind_GetCFA(context);
  // Stops if the program has corrupted the stack.
  if (!walk.fibre.OnStack(stack_pointer) || stack_pointer < walk.stack_pointer) return _URC_NORMAL_STOP;
  if (walk.begun) frames.back().cfa = stack_pointer;
  if (frames.size() - walk.first == kMostFrames) return _URC_NORMAL_STOP;
  if (!walk.begun) walk.stack_pointer = stack_pointer;
  walk.begun |= pc == walk.from;
  if (!walk.begun) return _URC_NO_REASON;
  RecordedFrame frame = {pc, 0, {}};
  for (std::size_t i = 0; i < std::size(kRecordedRegisters); ++i)
    frame.registers[i] = _Unwind_GetGR(context, kRecordedRegisters[i]);
  frames.push_back(frame);
  return _URC_NO_REASON;
}

// Searches for paths from variables to an object: words that point to it, or to its beginning, and words that point to
// memory with such words. All paths are kept, so that the result does not depend on which was found first.
class Trail {
 public:
  explicit Trail(std::uintptr_t address) : address_(address) {
    index().Forget();
    objects().clear();
    words().clear();
  }

  // Adds the part of the stack from `begin` to `end`.
  void AddFrame(std::uintptr_t begin, std::uintptr_t end) {
    end = std::min(end, begin + kFrameWords * sizeof begin);
    for (std::uintptr_t place = begin; place + sizeof place <= end; place += sizeof place) Consider(kFrame, place, 0);
  }

  // Adds the content of a register: a word without a place, which need not be kept.
  void AddRegister(std::uintptr_t value) { Note(kFrame, 0, value, 0); }

  void Follow() {
    for (std::size_t i = 0; i < objects().size(); ++i) {
      const Object object = objects()[i];
      if (object.hops == kMostHops) continue;
      const std::uintptr_t end = std::min(EndOfMemory(object.begin), object.begin + kObjectWords * sizeof object.begin);
      for (std::uintptr_t place = object.begin; place + sizeof place <= end; place += sizeof place)
        Consider(static_cast<std::int32_t>(i), place, object.hops);
    }
  }

  // Puts the words of all paths to the object into `recording`.
  void Keep(Recording& recording) {
    for (int hop = 0; hop < kMostHops; ++hop) {
      for (const FoundWord& word : words()) {
        if (word.within >= 0 && Leads(word)) objects()[word.within].leads = true;
      }
    }
    AddressMap<std::int32_t>& kept = index();  // It is no longer needed as an index.
    kept.Forget();
    const auto keep = [&](std::uintptr_t place) {
      if (kept.Find(place) != nullptr) return;
      kept[place] = 1;
      recording.words.push_back({place, Value(place, sizeof place)});
    };
    for (const FoundWord& word : words()) {
      if (word.place == 0 || !Leads(word)) continue;
      keep(word.place);
      if (word.to < 0) keep(word.place + sizeof word.place);  // If they are the bounds of an array, its end.
    }
  }

 private:
  static constexpr std::int32_t kFrame = -1, kTarget = -1;

  struct Object {
    std::uintptr_t begin;
    int hops;  // from a variable
    bool leads;
  };
  struct FoundWord {
    std::uintptr_t place;
    std::int32_t within;  // an object, or kFrame
    std::int32_t to;      // an object, or kTarget
  };

  // Static, to reuse the memory from step to step.
  static Vector<Object>& objects() {
    static Vector<Object> objects;
    return objects;
  }
  static Vector<FoundWord>& words() {
    static Vector<FoundWord> words;
    return words;
  }
  static AddressMap<std::int32_t>& index() {
    static AddressMap<std::int32_t> index;
    return index;
  }

  static bool Leads(const FoundWord& word) { return word.to == kTarget || objects()[word.to].leads; }

  void Consider(std::int32_t within, std::uintptr_t place, int hops) {
    Note(within, place, Value(place, sizeof place), hops);
  }

  void Note(std::int32_t within, std::uintptr_t place, std::uintptr_t value, int hops) {
    if (address_ - value < kLargestObject) words().push_back({place, within, kTarget});
    if (hops == kMostHops || value % sizeof value != 0) return;
    if (const std::int32_t* known = index().Find(value); known != nullptr) {
      words().push_back({place, within, *known});
    } else if (objects().size() < kMostObjects && EndOfMemory(value) != 0) {
      const auto number = static_cast<std::int32_t>(objects().size());
      index()[value] = number;
      objects().push_back({value, hops + 1, false});
      words().push_back({place, within, number});
    }
  }

  // The end of the part of the program's memory that contains `address`; 0 if there is none.
  static std::uintptr_t EndOfMemory(std::uintptr_t address) {
    if (arena.Contains(address)) return address < arena.state.next ? arena.state.next : 0;
    for (int t = 0; t < execution.slots(); ++t) {
      const Fibre& fibre = execution.threads[t].fibre;
      if (fibre.OnStack(address)) return reinterpret_cast<std::uintptr_t>(fibre.stack) + fibre.stack_size;
    }
    return EndOfSavedMemory(address);
  }

  const std::uintptr_t address_;
};

}  // namespace

void Execution::RecordSurroundings(const Operation& operation) {
  Recording& to = *recording;
  surroundings_[current] = -1;
  if (operation.kind == Kind::kJoin || IsLibraryCall(operation.kind) || IsBlocksOfClass(operation.address) ||
      to.surroundings.size() == kMostSurroundings)
    return;
  Surroundings surroundings = {};
  surroundings.address = operation.address;
  surroundings.frame = static_cast<std::int32_t>(to.frames.size());
  surroundings.word = static_cast<std::int32_t>(to.words.size());
  Walk walk = {me().fibre, operation.pc, to, to.frames.size()};
  ++me().ignoring;  // The unwinder calls functions that this runtime intercepts.
  _Unwind_Backtrace(VisitFrame, &walk);
  --me().ignoring;
  if (walk.begun && to.frames.back().cfa == 0) to.frames.pop_back();  // The outermost: its beginning is not known.
  surroundings.stack_pointer = walk.stack_pointer;
  Trail trail(operation.address);
  std::uintptr_t begin = walk.stack_pointer;
  for (std::size_t i = surroundings.frame; i < to.frames.size(); ++i) {
    for (const std::uintptr_t value : to.frames[i].registers) trail.AddRegister(value);
    trail.AddFrame(begin, to.frames[i].cfa);
    begin = to.frames[i].cfa;
  }
  trail.Follow();
  trail.Keep(to);
  surroundings.frames = static_cast<std::int32_t>(to.frames.size()) - surroundings.frame;
  surroundings.words = static_cast<std::int32_t>(to.words.size()) - surroundings.word;
  surroundings_[current] = static_cast<std::int32_t>(to.surroundings.size());
  to.surroundings.push_back(surroundings);
}

std::int32_t Execution::SurroundingsOf(int thread, const Operation& operation) const {
  const std::int32_t latest = surroundings_[thread];
  return latest >= 0 && recording->surroundings[latest].address == operation.address ? latest : -1;
}

}  // namespace racelab::interleave
