// One thread writes to a shared object of memory, and another reads it after a join, through a mapping of its own.
//
//   mapped MAPPINGS              one or two
//   mapped MAPPINGS protects     the thread also protects the object

#undef NDEBUG
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <thread>

int main(int arguments, char** argument) {
  constexpr size_t kBytes = 4096;
  const int object = memfd_create("object", 0);
  assert(object >= 0 && ftruncate(object, kBytes) == 0);
  const auto map = [object] {
    return static_cast<int*>(mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0));
  };
  int* written = map();
  int* read = argument[1][0] == '2' ? map() : written;
  std::thread([=] {
    *written = 1;
    if (arguments == 3) fchmod(object, S_IRUSR);
  }).join();
  assert(*read == 1);
}
