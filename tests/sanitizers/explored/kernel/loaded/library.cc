// The library that the program loads by dlopen(): it counts each thread's calls.

namespace {

thread_local char much[3000];
thread_local int calls;

}  // namespace

extern "C" int racelab_next_of_thread() {
  much[1000] = 1;
  return ++calls;
}
