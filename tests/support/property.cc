#include "tests/support/property.h"

#ifndef RACELAB_WITHOUT_PROPERTIES
RACELAB_COMMON_OF_RAPIDCHECK()
#endif
