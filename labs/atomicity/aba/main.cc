// A video recorder with eight cameras. For each picture, a camera borrows two frames: one for the picture, and one for
// what has moved since the last. At night all frames are back, and somebody counts them.

#include <cstdio>
#include <set>
#include <thread>
#include <vector>

#include <frame_pool.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kDays = 10;
constexpr int kCameras = 8;
constexpr int kFrames = 2 * kCameras;
constexpr int kPicturesPerCamera = 200'000;

void Record(FramePool& pool) {
  for (int picture = 0; picture < kPicturesPerCamera; ++picture) {
    const auto frame = pool.Borrow();
    const auto motion = pool.Borrow();
    if (frame) pool.Return(*frame);
    if (motion) pool.Return(*motion);
  }
}

// Records for a day; then borrows all frames that the pool still lends, and returns their numbers.
std::multiset<int> RecordForADay() {
  FramePool pool(kFrames);
  std::vector<std::thread> cameras;
  for (int camera = 0; camera < kCameras; ++camera) cameras.emplace_back([&] { Record(pool); });
  for (std::thread& camera : cameras) camera.join();

  std::multiset<int> lent;
  for (int i = 0; i < kFrames; ++i) {
    if (const auto frame = pool.Borrow()) lent.insert(*frame);
  }
  return lent;
}

}  // namespace

int main() {
  for (int day = 1; day <= kDays; ++day) {
    const std::multiset<int> lent = RecordForADay();
    const std::set<int> distinct(lent.begin(), lent.end());
    if (distinct.size() != kFrames) {
      std::printf("day %d: of %d frames the pool lends %zu at night, %zu of them distinct\n", day, kFrames, lent.size(),
                  distinct.size());
      return 1;
    }
  }
  std::printf("%d days: all of %d frames are in the pool at night\n", kDays, kFrames);
  return 0;
}
