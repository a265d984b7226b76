#pragma once
#include <cstddef>
#include <new>
#include <vector>

namespace doudi {

/// Allocates where a line of the cache begins, so that no load of a whole vector lies across two of them.
template <class T>
struct AtLines {
    using value_type = T;
    static constexpr std::align_val_t line{64};

    AtLines() = default;
    template <class U>
    explicit AtLines(const AtLines<U>&) {}
    T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), line)); }
    void deallocate(T* p, std::size_t) { ::operator delete(p, line); }
    bool operator==(const AtLines&) const = default;
};

/// A value for each replicate, for the vector unit.
template <class T>
using Column = std::vector<T, AtLines<T>>;

}  // namespace doudi
