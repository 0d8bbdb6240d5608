// A photo shop makes thumbnails: each album is a task, which submits a task for each of its pictures.

#include <worker_pool.h>  // In angle brackets: the include path decides which variant of it is built.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <thread>

namespace {

constexpr int kWorkers = 4;
constexpr int kBatches = 50;
constexpr int kPictures = 16;  // In an album.
constexpr int kManyAlbums = 12;

std::atomic<int> thumbnails = 0;  // Made in this batch.

// Makes a thumbnail; a number stands in for it.
std::uint32_t Shrink(std::uint32_t picture) {
  for (int line = 0; line < 2'000; ++line) picture = picture * 1664525 + 1013904223;
  return picture;
}

void MakeThumbnails(WorkerPool& pool, int album) {
  using Thumbnail = decltype(pool.Submit([] { return Shrink(0); }));
  Shrink(album);  // Looks through the folder.
  std::deque<Thumbnail> pictures;
  for (int picture = 0; picture < kPictures; ++picture) {
    pictures.push_back(pool.Submit([=] { return Shrink(album * kPictures + picture); }));
  }
  for (Thumbnail& picture : pictures) {
    picture.get();
    thumbnails.fetch_add(1, std::memory_order_relaxed);
  }
}

// Carries out a batch; returns how many thumbnails there are in the end.
int MakeBatch(WorkerPool& pool, int albums) {
  thumbnails = 0;
  using Album = decltype(pool.Submit([] {}));
  std::deque<Album> batch;
  for (int album = 0; album < albums; ++album)
    batch.push_back(pool.Submit([&pool, album] { MakeThumbnails(pool, album); }));
  for (Album& album : batch) album.get();
  return thumbnails;
}

// Ends the program when it has come to a standstill: it would not end by itself.
class Supervisor {
 public:
  Supervisor() {
    std::thread([this] { Watch(); }).detach();
  }

  void BatchBegins() { ++batch_; }

 private:
  void Watch() {
    int idle = 0;
    for (int seen = 0;; std::this_thread::sleep_for(std::chrono::milliseconds(100))) {
      const int now = batch_ * 1'000 + thumbnails;
      idle = now == seen ? idle + 1 : 0;
      seen = now;
      if (idle < 20) continue;
      std::printf("%d albums at once: in batch %d, %d of %d thumbnails, then none for 2 s\n", kManyAlbums,
                  batch_.load(), thumbnails.load(), kManyAlbums * kPictures);
      std::fflush(stdout);
      std::_Exit(1);
    }
  }

  std::atomic<int> batch_ = 0;
};

}  // namespace

int main() {
  WorkerPool pool(kWorkers);
  std::printf("%d workers\n", kWorkers);
  for (int batch = 1; batch <= kBatches; ++batch) {
    if (MakeBatch(pool, 1) != kPictures) return 1;
  }
  std::printf("1 album at a time: %d batches of %d thumbnails\n", kBatches, kPictures);
  static Supervisor supervisor;  // Static: its thread runs as long as the program.
  for (int batch = 1; batch <= kBatches; ++batch) {
    supervisor.BatchBegins();
    if (MakeBatch(pool, kManyAlbums) != kManyAlbums * kPictures) return 1;
  }
  std::printf("%d albums at once: %d batches of %d thumbnails\n", kManyAlbums, kBatches, kManyAlbums * kPictures);
  return 0;
}
