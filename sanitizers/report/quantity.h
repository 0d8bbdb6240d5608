#ifndef RACELAB_SANITIZERS_REPORT_QUANTITY_H_
#define RACELAB_SANITIZERS_REPORT_QUANTITY_H_

#include <cstdint>
#include <string>

namespace racelab {

// The number with a comma before every group of three digits: "34,904".
std::string Quantity(std::uint64_t number);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_QUANTITY_H_
