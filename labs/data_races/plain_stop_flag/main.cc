// A desktop search indexes in the background. Closed twenty times, it stops the indexer and saves the index each time.

#include <atomic>
#include <cstdio>
#include <string>
#include <thread>

#include <background_worker.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kTimes = 20;
constexpr int kBatches = 2000;  // After so many, the indexer would be done.

// The words of a batch of documents.
std::string Index(int batch) {
  std::string words;
  for (int document = 0; document < 100; ++document) words += std::to_string(batch * document) + " ";
  return words;
}

}  // namespace

int main() {
  int went_on = 0;
  int lost = 0;
  for (int time = 0; time < kTimes; ++time) {
    std::atomic<int> indexed = 0;
    int saved = 0;
    {
      BackgroundWorker indexer([&indexed] { return !Index(indexed).empty() && ++indexed < kBatches; });
      while (indexed == 0) std::this_thread::yield();
      indexer.Stop();
      saved = indexed;
    }
    if (indexed > saved) ++went_on;
    lost += indexed - saved;
  }
  std::printf("stopped the indexer and saved the index, %d times\n", kTimes);
  std::printf("%d times it went on after Stop() had returned: %d batches are not in what was saved\n", went_on, lost);
  return lost == 0 ? 0 : 1;
}
