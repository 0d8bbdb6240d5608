# RACELAB_CLANG: clang 19, else the newest there is.
find_program(RACELAB_CLANG NAMES clang++-19 clang++-20 clang++-21 clang++-22 clang++-18 clang++-17 clang++-16 clang++-15
                                 clang++-14 clang++)
