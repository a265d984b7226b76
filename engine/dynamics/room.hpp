#pragma once
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

namespace doudi {

/// Room for `most` values, none of them made before it is assigned: a family is walked far more often than it has many members.
template <class T, std::size_t most>
class Room {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

public:
    static constexpr std::size_t size() { return most; }
    /// Made anew in its place: assigning one that was made elsewhere stalls on its bytes.
    T& make(std::size_t place) { return *std::construct_at(data() + place); }
    T& operator[](std::size_t place) { return data()[place]; }
    const T& operator[](std::size_t place) const { return data()[place]; }
    T* data() { return std::launder(reinterpret_cast<T*>(bytes_)); }
    const T* data() const { return std::launder(reinterpret_cast<const T*>(bytes_)); }
    std::span<const T> first(std::size_t count) const { return {data(), count}; }

private:
    alignas(T) std::byte bytes_[most * sizeof(T)];
};

}  // namespace doudi
