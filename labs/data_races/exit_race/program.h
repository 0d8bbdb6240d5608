#ifndef RACELAB_LABS_DATA_RACES_EXIT_RACE_PROGRAM_H_
#define RACELAB_LABS_DATA_RACES_EXIT_RACE_PROGRAM_H_

#include <cstddef>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

// What the language does for a program: it keeps its static objects, and does what is to be done at its end. It is a
// class here, so that a test can end a program without ending itself.
class Program {
 public:
  // What is left of an object that has been destroyed. As a rule, its bytes stay as they are; a test may set them to
  // zero.
  enum class Remains { kAsTheyAre, kZero };

  explicit Program(std::function<void(const std::string& line)> print, Remains remains = Remains::kAsTheyAre)
      : print_(std::move(print)), remains_(remains) {}
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // The program's only T, made as T(*this) by whoever asks first, and destroyed at the end of the program, unless there
  // is nothing to do for that. Like
  //
  //   static T object(program);
  //
  // in a function. Ask before there are other threads, and keep the reference.
  template <typename T>
  T& Static() {
    std::unique_ptr<std::byte[]>& memory = statics_[std::type_index(typeid(T))];
    if (memory == nullptr) {
      memory = std::make_unique<std::byte[]>(sizeof(T));  // It stays when the object goes.
      T* const object = new (memory.get()) T(*this);
      if constexpr (!std::is_trivially_destructible_v<T>) {
        AtExit([this, object] { Destroy(*object); });
      }
    }
    return *std::launder(reinterpret_cast<T*>(memory.get()));
  }

  // Has `handler` called at the end of the program, like std::atexit().
  void AtExit(std::function<void()> handler) { at_exit_.push_back(std::move(handler)); }

  // The end: calls the handlers and destroys the static objects, on this thread, what came last first. The other
  // threads run on meanwhile, as they do when main() has returned.
  void Exit() {
    while (!at_exit_.empty()) {
      const std::function<void()> last = std::move(at_exit_.back());
      at_exit_.pop_back();
      last();
    }
  }

  void Print(const std::string& line) { print_(line); }

 private:
  template <typename T>
  void Destroy(T& object) {
    object.~T();
    if (remains_ == Remains::kZero) std::memset(static_cast<void*>(&object), 0, sizeof(T));
  }

  const std::function<void(const std::string&)> print_;
  const Remains remains_;
  std::map<std::type_index, std::unique_ptr<std::byte[]>> statics_;
  std::vector<std::function<void()>> at_exit_;
};

#endif  // RACELAB_LABS_DATA_RACES_EXIT_RACE_PROGRAM_H_
