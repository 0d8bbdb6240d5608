#ifndef RACELAB_SANITIZERS_REPORT_QUANTITY_H_
#define RACELAB_SANITIZERS_REPORT_QUANTITY_H_

#include <cstdint>
#include <string>

namespace racelab {

// With a comma before every third digit: "34,904".
std::string Quantity(std::uint64_t number);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_QUANTITY_H_
