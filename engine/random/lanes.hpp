#pragma once
#include <cstddef>

namespace doudi {

/// Lanes of a vector at most: 256 bits of a unit that has more. With wider ones an Intel Xeon ran everything else slower, the months of families
/// too, which take most of the time (see docs/decisions/0004).
template <class T>
inline constexpr std::size_t most_lanes = 32 / sizeof(T);

}  // namespace doudi
