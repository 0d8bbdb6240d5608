// Threads' stacks.

#undef NDEBUG
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <cassert>
#include <cstring>

#include "tests/sanitizers/explored/kernel/kernel.h"

extern "C" {
void* __tsan_get_current_fiber();
void* __tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void* fiber);
void __tsan_switch_to_fiber(void* fiber, unsigned flags);
}

namespace racelab {
namespace {

// Uses this much of the stack.
__attribute__((noinline)) int Use(int kibibytes) {
  volatile char room[1024];
  room[0] = static_cast<char>(kibibytes);
  return kibibytes == 0 ? 0 : Use(kibibytes - 1) + room[0] - static_cast<char>(kibibytes);
}

void DefaultStack(bool right) {
  AllOf([right] { Use(right ? 5000 : 100'000); });
}

void StackThatWasAskedFor(bool right) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, std::size_t{right ? 64u : 1u} << 20);
  pthread_t thread;
  assert(pthread_create(&thread, &attributes, [](void*) -> void* { return Use(30'000), nullptr; }, nullptr) == 0);
  pthread_join(thread, nullptr);
}

void OwnStack(bool right) {
  constexpr std::size_t kSize = 1 << 20;
  static char* memory;
  memory = static_cast<char*>(mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, memory, kSize);
  pthread_t thread;
  const auto run = [](void* argument) -> void* {
    char here;
    assert(&here > memory && &here < memory + kSize);
    pthread_attr_t own;
    void* lowest;
    std::size_t size;
    assert(pthread_getattr_np(pthread_self(), &own) == 0 && pthread_attr_getstack(&own, &lowest, &size) == 0);
    assert(lowest == memory && size == kSize && argument != nullptr);
    return nullptr;
  };
  assert(pthread_create(&thread, &attributes, run, right ? &attributes : nullptr) == 0);
  pthread_join(thread, nullptr);
}

// A coroutine that switches stacks itself, and moves between threads.
struct Coroutine {
  ucontext_t inside, outside;
  void* fiber;
  void* caller;
  char* stack;
  int data = 0;
};
Coroutine* moving;

void Body() {
  moving->data = 1;
  __tsan_switch_to_fiber(moving->caller, 0);
  swapcontext(&moving->inside, &moving->outside);
  ++moving->data;
  __tsan_switch_to_fiber(moving->caller, 0);
  swapcontext(&moving->inside, &moving->outside);
}

void Continue() {
  moving->caller = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(moving->fiber, 0);
  swapcontext(&moving->outside, &moving->inside);
}

void Fiber(bool right) {
  moving = new Coroutine;
  alignas(64) static char stack[1 << 16];  // Memory that is saved, and protected until its first write.
  moving->stack = stack;
  moving->fiber = __tsan_create_fiber(0);
  getcontext(&moving->inside);
  moving->inside.uc_stack.ss_sp = moving->stack;
  moving->inside.uc_stack.ss_size = sizeof stack;
  makecontext(&moving->inside, Body, 0);
  Continue();
  std::thread other(Continue);
  if (!right) ++moving->data;
  other.join();
  assert(moving->data == 2);
  __tsan_destroy_fiber(moving->fiber);
  delete moving;
}

}  // namespace

RightOrWrongPrograms Stacks() {
  static constexpr RightOrWrongProgram programs[] = {
      {"stack_as_asked_for", StackThatWasAskedFor},
      {"stack_by_default", DefaultStack},
      {"stack_fiber", Fiber},
      {"stack_of_its_own", OwnStack},
  };
  return programs;
}

}  // namespace racelab
