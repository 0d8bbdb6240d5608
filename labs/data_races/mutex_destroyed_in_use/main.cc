// A ward sends five blood samples to the laboratory, which telephones when a result is there. The telephone rings until
// a nurse picks up the receiver; she hangs up when the result is on the patient's chart, and the order in the bin.

#include <sample_order.h>  // In angle brackets: the include path decides which variant of it is built.

#include <barrier>
#include <cstdio>
#include <memory>
#include <optional>
#include <thread>

#include "labs/data_races/mutex_destroyed_in_use/checked_mutex.h"

namespace {

constexpr int kPatients = 5;

std::barrier receiver(2);  // Is picked up, and hung up.

void Ring() {
  receiver.arrive_and_wait();
  receiver.arrive_and_wait();
}

}  // namespace

int main() {
  int wrong = 0;
  for (int patient = 1; patient <= kPatients; ++patient) {
    const int haemoglobin = 120 + 7 * patient;  // In grams per litre.
    auto order = std::make_unique<SampleOrder>(Ring);
    std::thread laboratory([&order = *order, haemoglobin] { order.Complete(haemoglobin); });

    receiver.arrive_and_wait();
    const std::optional<int> result = order->Result();
    std::printf("patient %d: %d g/l\n", patient, result.value_or(0));
    if (result != haemoglobin) ++wrong;
    order.reset();
    receiver.arrive_and_wait();
    laboratory.join();
  }
  std::printf("%d wrong results, %d errors\n", wrong, CheckedMutex::Errors());
  return wrong == 0 && CheckedMutex::Errors() == 0 ? 0 : 1;
}
