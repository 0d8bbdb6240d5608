// A desktop search that indexes in the background. Twenty times it is closed: the indexer is stopped, the index is
// saved.

#include <atomic>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>

#include <background_worker.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kTimes = 20;
constexpr int kBatches = 2000;  // The indexer would be done after so many.

// The words of a batch of documents.
std::string Index(int batch) {
  std::string words;
  for (int document = 0; document < 100; ++document) words += std::to_string(batch * document) + " ";
  return words;
}

}  // namespace

int main() {
  int stopped_too_late = 0;
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
    if (indexed > saved) ++stopped_too_late;
    lost += indexed - saved;
  }
  std::printf("stopped the indexer %d times, and saved the index each time\n", kTimes);
  std::printf("after the return of %d of them it went on, and %d batches are not in the saved index\n",
              stopped_too_late, lost);
  return lost == 0 ? 0 : 1;
}
