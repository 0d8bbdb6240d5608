// The one instantiation of std::string: see precompiled.h.

#include <string>

template class std::basic_string<char>;
