// A shop that asks one of its servers for prices, and a monitor that reconnects it whenever the network was down. Here
// the network always goes down just after the shop has borrowed the price server's connection and before it has asked.

#include <connection_pool.h>  // In angle brackets: the include path decides which variant of it is built.

#include <barrier>
#include <cstdio>
#include <string>
#include <thread>

namespace {

enum Server { kPrices, kMail, kPayments, kServers };

constexpr int kFailures = 20;  // How often the network fails.

}  // namespace

int main() {
  ConnectionPool pool(kServers);
  std::barrier network(2);  // Goes down, and comes back.
  int answers[kServers] = {};

  std::thread shop([&] {
    for (int i = 0; i < kFailures; ++i) {
      auto prices = pool.Lend(kPrices);
      network.arrive_and_wait();
      network.arrive_and_wait();
      const Answer answer = prices->Ask("How much is item " + std::to_string(i) + "?");
      if (answer.server >= 0 && answer.server < kServers) ++answers[answer.server];
    }
  });
  std::thread monitor([&] {
    for (int i = 0; i < kFailures; ++i) {
      network.arrive_and_wait();
      pool.Reconnect();
      network.arrive_and_wait();
    }
  });
  shop.join();
  monitor.join();

  std::printf("the shop asked the price server %d times\n", kFailures);
  std::printf("answers from the price server: %d, from the mail server: %d, from the payment server: %d\n",
              answers[kPrices], answers[kMail], answers[kPayments]);
  return answers[kPrices] == kFailures ? 0 : 1;
}
